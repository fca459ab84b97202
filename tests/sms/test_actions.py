"""Messages in the database: queued once, claimed by one, recorded exactly, followed in the same transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import sms
from portal.kit.db import Database
from portal.sms import Answer, Outcome, Report, State, actions
from portal.sms.models import SmsEvent, SmsMessage

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ACCEPTED = Answer(Outcome.ACCEPTED, gateway_message_id="g-1")


def queue(database: Database, *, key: str = "redemption:1", body: str = "您好", now: datetime = NOW) -> int:
    with database.writing() as db:
        return sms.queue(
            db, client_id=3, to="13800000101", text=body, purpose="subscription", ref_type="redemption", ref_id=1,
            key=key, now=now,
        )  # fmt: skip


def claim(database: Database, now: datetime = NOW) -> actions.Claim | None:
    with database.writing() as db:
        return actions.claim(db, now)


def record(database: Database, mine: actions.Claim, answer: Answer, now: datetime = NOW, follow=()) -> bool:
    with database.writing() as db:
        return actions.record(db, mine, answer, follow, now)


def submitted(database: Database) -> int:
    number = queue(database)
    record(database, claim(database), ACCEPTED)
    return number


def report(database: Database, stat: str = "DELIVRD", *, of: str = "g-1", now: datetime = NOW, follow=()) -> int:
    with database.writing() as db:
        sms.keep_report(db, Report(of, stat, "000"), now)
    with database.writing() as db:
        return sms.apply_reports(db, follow, now)


def the_message(database: Database) -> sms.Message:
    with database.reading() as db:
        return sms.message_of(db, "redemption", 1)


def states(database: Database, number: int) -> list[str]:
    with database.reading() as db:
        return [row.state for row in sms.history(db, number)]


def test_a_message_is_queued_once_under_its_key_and_signed(database: Database) -> None:
    first = queue(database)
    assert queue(database, body="别的") == first
    with database.reading() as db:
        assert db.scalar(select(func.count(SmsMessage.id))) == 1
        assert db.scalar(select(SmsMessage.text)) == "【青衡证券】您好"


def test_a_message_of_more_than_ten_parts_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="10 segments"):
        queue(database, body="长" * 670)


def test_a_claimed_message_is_nobody_elses(database: Database) -> None:
    queue(database)
    assert claim(database) is not None
    assert claim(database) is None


def test_a_claim_tells_neither_number_nor_text_to_a_log(database: Database) -> None:
    queue(database)
    assert repr(claim(database)) == "Claim(id=1, attempts=1)"


def test_a_message_waits_for_its_time(database: Database) -> None:
    with database.writing() as db:
        sms.queue(
            db, client_id=3, to="13800000101", text="早", purpose="news", ref_type="x", ref_id=1, key="x", now=NOW,
            not_before=NOW + timedelta(hours=8),
        )  # fmt: skip
    assert claim(database, NOW + timedelta(hours=7)) is None
    assert claim(database, NOW + timedelta(hours=8)) is not None


def test_an_accepted_message_carries_the_gateways_id(database: Database) -> None:
    number = submitted(database)
    message = the_message(database)
    assert (message.state, message.gateway_message_id, message.submitted_at) == (State.SUBMITTED, "g-1", NOW)
    assert states(database, number) == ["submitted"]


def test_a_message_that_was_certainly_not_sent_goes_back_and_is_sent_later(database: Database) -> None:
    number = queue(database)
    record(database, claim(database), Answer(Outcome.NOT_SENT, error_code="down"))
    assert claim(database) is None
    again = claim(database, NOW + timedelta(seconds=5))
    assert record(database, again, ACCEPTED)
    assert (the_message(database).attempts, states(database, number)) == (2, ["submitted"])


def test_a_gateway_that_says_later_twelve_times_has_refused(database: Database) -> None:
    queue(database)
    now = NOW
    for _ in range(12):
        record(database, claim(database, now), Answer(Outcome.LATER, error_code="ESME_RTHROTTLED"), now)
        now += timedelta(minutes=5)
    assert (the_message(database).state, claim(database, now)) == (State.REJECTED, None)


def test_a_sender_that_never_came_back_leaves_a_parked_message(database: Database) -> None:
    queue(database)
    mine = claim(database)
    late = NOW + timedelta(minutes=2)
    for now, parked in ((late - timedelta(seconds=1), 0), (late, 1), (late, 0)):
        with database.writing() as db:
            assert sms.park_deserted(db, (), now) == parked
    assert (the_message(database).state, claim(database, late)) == (State.UNKNOWN, None)
    assert not record(database, mine, ACCEPTED, late)
    assert the_message(database).state == State.UNKNOWN


def test_a_follower_changes_something_together_with_the_state_or_not_at_all(database: Database) -> None:
    queue(database)
    mine = claim(database)

    def fail(db: Session, message: sms.Message, now: datetime) -> None:
        assert message.state == State.SUBMITTED
        raise RuntimeError("the ledger refused")

    with pytest.raises(RuntimeError):
        record(database, mine, ACCEPTED, follow=[fail])
    assert the_message(database).state == State.QUEUED
    assert record(database, mine, ACCEPTED)


def test_a_report_that_arrives_before_the_answer_was_recorded_is_kept_for_it(database: Database) -> None:
    number = queue(database)
    mine = claim(database)
    assert report(database) == 0
    record(database, mine, ACCEPTED)
    with database.writing() as db:
        assert sms.apply_reports(db, (), NOW) == 1
    assert states(database, number) == ["submitted", "delivered"]


def test_a_report_told_twice_counts_once(database: Database) -> None:
    number, heard = submitted(database), []
    for _ in range(2):
        report(database, follow=[lambda db, message, now: heard.append(message.state)])
    assert (states(database, number), heard) == (["submitted", "delivered"], [State.DELIVERED])


def test_a_report_on_the_way_changes_nothing_and_the_final_one_does(database: Database) -> None:
    submitted(database)
    report(database, "ACCEPTD")
    assert the_message(database).state == State.SUBMITTED
    report(database, "UNDELIV")
    assert the_message(database).state == State.UNDELIVERABLE


def test_a_second_final_report_changes_nothing(database: Database) -> None:
    submitted(database)
    report(database, "DELIVRD")
    report(database, "UNDELIV")
    assert the_message(database).state == State.DELIVERED


def test_after_72_hours_without_a_report_a_message_has_expired(database: Database) -> None:
    submitted(database)
    end = NOW + timedelta(hours=72)
    for now, count in ((end - timedelta(seconds=1), 0), (end, 1), (end, 0)):
        with database.writing() as db:
            assert sms.expire_silent(db, (), now) == count
    assert (the_message(database).state, the_message(database).error_code) == (State.EXPIRED, "silent")


@pytest.mark.parametrize("state", [State.QUEUED, State.SUBMITTED, State.UNDELIVERABLE])
def test_staff_settle_a_parked_message_by_name(database: Database, state: State) -> None:
    number, heard = queue(database), []
    record(database, claim(database), Answer(Outcome.UNHEARD, error_code="connection_lost"))
    follow = [lambda db, message, now: heard.append(message.state)]
    with database.writing() as db:
        assert sms.settle(db, number, state, actor="staff:7", followers=follow, now=NOW)
        assert not sms.settle(db, number, state, actor="staff:7", followers=follow, now=NOW)
    with database.reading() as db:
        assert [(row.actor, row.state) for row in sms.history(db, number)] == [
            ("system", "unknown"),
            ("staff:7", state),
        ]
        assert sms.parked(db) == []
    assert heard == [state]
    assert (claim(database) is not None) == (state == State.QUEUED)


def test_a_parked_message_can_not_be_settled_as_delivered(database: Database) -> None:
    number = queue(database)
    with pytest.raises(ValueError, match="delivered"), database.writing() as db:
        sms.settle(db, number, State.DELIVERED, actor="staff:7", followers=(), now=NOW)


def test_history_only_grows(database: Database) -> None:
    submitted(database)
    with pytest.raises(DBAPIError), database.writing() as db:
        db.execute(text("UPDATE sms_event SET state = 'delivered'"))
    with database.reading() as db:
        assert db.scalar(select(func.count(SmsEvent.id))) == 1


def test_the_newest_message_of_a_thing_tells_what_became_of_it(database: Database) -> None:
    queue(database)
    second = queue(database, key="redemption:1:again")
    assert the_message(database).id == second
    with database.reading() as db:
        assert sms.message_of(db, "redemption", 99) is None
