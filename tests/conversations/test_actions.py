"""The conversation: the clock of the tier's promise, one answer to one question, nothing twice and nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal import tiers
from portal.conversations import queries
from portal.conversations.models import ConversationLine
from portal.conversations.rules import Mark, Refusal, Side
from portal.kit.db import Base
from portal.queues import Stale
from tests import keys
from tests.club.house import DAY, NOW, add_client
from tests.conversations.house import MINUTE, furnish


def lines(house, tier="gold"):
    with house.database.reading() as db:
        return queries.lines(db, queries.of_client(db, house.ids[tier])).lines


def texts(database):
    sms = Base.metadata.tables["sms_message"]
    with database.reading() as db:
        return db.execute(select(sms.c.text, sms.c.not_before).where(sms.c.ref_type == "conversation")).all()


def give_mobile(house, tier="gold"):
    facts = Base.metadata.tables["client_fact"]
    row = {"client_id": house.ids[tier], "source": "core", **keys.fact("mobile", "13900000001")}
    with house.database.writing() as db:
        db.execute(facts.insert().values(**row, as_of=date(2026, 11, 1), recorded_at=NOW))


@pytest.mark.parametrize(("tier", "minutes"), [("gold", 60), ("platinum", 30)])
def test_the_first_message_starts_the_clock_of_the_tier_and_the_next_does_not_move_it(database, tier, minutes):
    house = furnish(database)
    first = house.write(tier=tier)
    house.write(tier=tier, now=NOW + 10 * MINUTE)
    here = house.conversation(tier)
    assert (here.question_id, here.waiting) == (first, 2)
    assert here.promised_at == NOW + minutes * MINUTE


def test_who_has_no_team_writes_to_nobody(database):
    house = furnish(database)
    assert house.write(tier="silver") is Refusal.NO_TEAM
    assert house.answer(tier="silver", seen=0) is Refusal.NO_TEAM
    assert lines(house, "silver") == []


def test_an_answer_in_time_is_a_promise_kept_and_a_late_one_is_not(database):
    house = furnish(database)
    house.write()
    house.answer(now=NOW + 59 * MINUTE)
    assert house.kept() == (1, 1)
    house.write(now=NOW + 60 * MINUTE)
    house.answer(seen=3, now=NOW + 1 * DAY)
    assert house.kept() == (2, 1)
    assert house.conversation().question_id is None


def test_what_needs_no_answer_ends_the_clock_and_the_client_reads_so(database):
    house = furnish(database)
    house.write("谢谢")
    house.settle()
    assert [line.kind for line in lines(house)] == ["text", "settled"]
    assert house.kept() == (1, 1)
    assert house.settle(seen=2) is Refusal.NOTHING_WAITS


def test_an_answer_on_a_screen_without_the_newest_line_is_refused_and_says_who_wrote(database):
    house = furnish(database)
    house.write()
    house.write("再补一句", now=NOW + MINUTE)
    late = house.answer(seen=1, now=NOW + 2 * MINUTE)
    assert late == Stale("陈*波", NOW + MINUTE, "asked")
    house.answer(seen=2, by=house.other, now=NOW + 3 * MINUTE)
    assert house.answer(seen=2, now=NOW + 4 * MINUTE) == Stale("吴复核", NOW + 3 * MINUTE, "answered")
    assert len(lines(house)) == 3


def test_a_form_posted_twice_is_one_message_on_both_sides(database):
    house = furnish(database)
    assert house.write(key="k" * 16) == house.write(key="k" * 16)
    assert house.answer(key="a" * 16) == house.answer(key="a" * 16)
    assert len(lines(house)) == 2


def test_of_eight_who_answer_at_once_one_does(database):
    house = furnish(database)
    house.write()
    start, keys = Barrier(8), [house.key() for _ in range(8)]

    def go(key):
        start.wait()
        return house.answer(key=key)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(go, keys))
    assert sum(isinstance(each, int) for each in outcomes) == 1
    assert sum(isinstance(each, Stale) for each in outcomes) == 7
    assert house.kept() == (1, 1)


def test_eight_first_messages_at_once_make_one_conversation(database):
    house = furnish(database)
    start, keys = Barrier(8), [house.key() for _ in range(8)]

    def go(key):
        start.wait()
        return house.write(key=key)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(go, keys))
    here = house.conversation()
    assert (len(made), here.version, here.waiting, here.question_id) == (8, 8, 8, min(made))


def test_each_side_sees_when_the_other_has_read(database):
    house = furnish(database)
    house.write()
    assert lines(house)[0].mark is Mark.SENT
    assert house.read(Side.STAFF, now=NOW + 5 * MINUTE)
    assert not house.read(Side.STAFF, now=NOW + 6 * MINUTE)
    assert (lines(house)[0].mark, lines(house)[0].read_at) == (Mark.READ, NOW + 5 * MINUTE)
    house.answer(now=NOW + 7 * MINUTE)
    assert [line.mark for line in lines(house)] == [Mark.ANSWERED, Mark.SENT]
    with database.reading() as db:
        assert queries.unread_by_client(db, house.ids["gold"]) == 1
    house.read(Side.CLIENT, now=NOW + 8 * MINUTE)
    assert lines(house)[1].mark is Mark.READ
    with database.reading() as db:
        assert queries.unread_by_client(db, house.ids["gold"]) == 0


def test_one_text_tells_of_all_that_is_new_and_says_nothing_of_it(database):
    house = furnish(database)
    give_mobile(house)
    house.write()
    house.answer("您的余额是 12,345 元")
    house.answer("另外一点", seen=2)
    assert len(texts(database)) == 1
    assert "12,345" not in texts(database)[0].text
    house.read(Side.CLIENT)
    night = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai
    house.answer("还有", seen=3, now=night)
    assert texts(database)[1].not_before == datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def test_a_tier_that_lapses_keeps_what_was_said_and_lets_the_team_answer_what_waits(database):
    house = furnish(database)
    with database.writing() as db:
        house.ids["lapsing"] = add_client(db, 99)
        tiers.grant(
            db, client_id=house.ids["lapsing"], tier="gold", valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 21),
            basis={}, decided_by="system", reason="test", now=NOW,
        )  # fmt: skip
    house.write(tier="lapsing")
    assert house.write(tier="lapsing", now=NOW + DAY) is Refusal.NO_TEAM
    assert isinstance(house.answer(tier="lapsing", now=NOW + DAY), int)
    assert house.answer(tier="lapsing", seen=2, now=NOW + DAY) is Refusal.NO_TEAM
    assert len(lines(house, "lapsing")) == 2


def test_the_queue_puts_the_upper_tiers_first_and_then_what_is_due(database):
    house = furnish(database)
    house.write(tier="gold")
    house.write(tier="platinum", now=NOW + MINUTE)
    with database.reading() as db:
        told = {"held": [], "clients": [house.ids["gold"]]}
        rows = queries.queue(db, "open", **told, today=date(2026, 11, 20))
        assert [row.client_id for row in rows] == [house.ids["platinum"], house.ids["gold"]]
        assert [row.client_id for row in queries.queue(db, "own", **told, today=date(2026, 11, 20))] == [
            house.ids["gold"]
        ]
        counts = queries.counts(db, **told, near_before=NOW + 40 * MINUTE)
    assert counts == {"open": 2, "unclaimed": 2, "near": 1, "own": 1}


def test_what_was_said_is_for_ever(database):
    house = furnish(database)
    house.write()
    with pytest.raises(DatabaseError), database.writing() as db:
        db.execute(text("UPDATE conversation_line SET text = 'x'"))
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ConversationLine).where(ConversationLine.text == "x")) == 0
