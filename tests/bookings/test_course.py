"""The way to an open account: who may take which step, and what each leaves behind."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from portal import audit, bookings, callbacks, points, tiers
from portal.bookings import Found, Refusal, State
from portal.bookings.calling import CALLED, call_again
from portal.bookings.counter import finish, no_show, take_in
from portal.bookings.course import blind_index
from portal.bookings.ledger_queries import view
from portal.bookings.models import Booking, Waiting
from portal.bookings.paper_models import ConfirmationCopy
from portal.bookings.papers import compared, differences
from portal.bookings.promises import standard
from portal.bookings.queries import by_number, events
from portal.bookings.relations import day_of, pass_on
from portal.bookings.terms import Kind
from portal.callbacks.actions import Call
from portal.callbacks.models import CallbackTask
from portal.callbacks.queries import script
from portal.callbacks.rules import Means, Outcome
from portal.clients.models import Client
from portal.kit import jobs
from portal.kit.vault import Vault
from portal.queues import Stale
from portal.sms.models import SmsMessage
from tests.bookings.house import MONDAY, NOW, furnish, later

VAULT = Vault({"k1": b"1" * 32}, "k1")
PAPERS = ("id", "bank_card", "tax")
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def house(database):
    return furnish(database)


def step(house, verb, number, *args, **named):
    """Take a step of the course on the newest version of a booking."""
    with house.database.writing() as db:
        booking = by_number(db, number)
        return verb(db, *args, booking, seen=booking.version, **named)


def found(**more):
    given = {"papers": PAPERS, "id_number": "99000019900101001X", "id_valid_to": date(2031, 6, 30)}
    return Found(**given | more)


def precheck(house, number, now=NOW, filled=True, **more):
    if filled:
        house.fill_ahead(number, now)
    return step(house, bookings.precheck, number, VAULT, staff=house.handler, found=found(**more), now=now)


def to_signature(house, number, client_no="6600019999", now=NOW, line=()):
    precheck(house, number)
    step(
        house,
        bookings.witness,
        number,
        staff=house.handler,
        witness_id=house.witness.user_id,
        client_no=client_no,
        now=now,
    )
    step(house, bookings.approve, number, staff=house.reviewer, now=now)
    with house.database.writing() as db:
        booking = by_number(db, number)
        text = bookings.letter(db, booking)
        bookings.sign(db, booking, seen=booking.version, signed_name=booking.name, sha256=text.sha256, now=now)
    return None if line is None else enter(house, number, now=now, **dict(line))


def enter(house, number, staff=None, now=NOW, reason="", **against):
    """Let the handler enter his line, as the papers say or with something else in it."""
    with house.database.writing() as db:
        it = by_number(db, number)
        told = {"name": it.name, "phone": it.phone, "client_no": it.client_no, "referrer": it.referrer or ""}
        line = bookings.Line(**told | against, reason=reason)
        return bookings.enter_line(db, it, line, staff=staff or house.handler, now=now)


def answers(house, **against):
    with house.database.reading() as db:
        task = db.scalars(select(CallbackTask).order_by(CallbackTask.id.desc())).first()
        return {each.key: against.get(each.key, each.expects) for each in script(db, task.script_id).questions}


def receive(house, now=NOW, day=date(2026, 11, 20)):
    """Take the day's ledger through its three hands."""
    on = day
    with house.database.writing() as db:
        for person in (house.handler, house.reviewer, house.witness):
            day = day_of(db, house.branch_id, on)
            given = {"branch_id": house.branch_id, "day": on, "staff": person, "is_director": True, "now": now}
            done = pass_on(db, seen=day.version, **given)
    return done


def call(house, caller=None, now=NOW, outcome=Outcome.ANSWERED, **against):
    told = Call(outcome, Means.TELEPHONE, answers(house, **against), "REC-1")
    with house.database.writing() as db:
        task = db.scalars(select(CallbackTask).order_by(CallbackTask.id.desc())).first()
        return callbacks.record_try(db, task, seen=task.version, caller=caller or house.caller, call=told, now=now)


def work(house, now=NOW):
    jobs.work(house.database, {CALLED: bookings.hear_of_call, bookings.REMIND: bookings.remind}, now)


def state(house, number):
    with house.database.reading() as db:
        return by_number(db, number).state


def arrives(house, client_no="6600019999", name="许一言"):
    with house.database.writing() as db:
        client = Client(client_no=client_no, name=name, client_type="1", branch_no="0101", opened_on=MONDAY, status="0")
        db.add(client)
        db.flush()
        return client.id


def test_from_the_booking_to_the_open_account(house):
    referrer = arrives(house, "6600010001", "王小满")
    number = house.book(referrer="6600010001").booking.number
    to_signature(house, number)
    assert state(house, number) == State.CALLING
    with house.database.writing() as db:
        assert bookings.take_effect(db, TUESDAY) == 0  # nothing takes effect before the call-back
        assert points.balance(db, referrer, TUESDAY).available == 0
    call(house)
    work(house)
    assert state(house, number) == State.CONFIRMED
    with house.database.reading() as db:
        assert by_number(db, number).effective_on == MONDAY  # Friday's next trading day
    arrives(house)
    with house.database.writing() as db:
        assert bookings.take_effect(db, NOW) == 0  # still Friday
        assert bookings.take_effect(db, TUESDAY) == 0  # the day's ledger has not been received
    assert receive(house) == "received"
    with house.database.writing() as db:
        assert bookings.take_effect(db, TUESDAY) == 1
        assert bookings.take_effect(db, TUESDAY) == 0
        assert points.balance(db, referrer, TUESDAY).available == 300
        texts = db.scalars(select(SmsMessage.text).order_by(SmsMessage.id)).all()
        assert "6600019999" in texts[-1]
        verbs = [event.verb for event in events(db, by_number(db, number).id)]
        assert audit.events_of(db, f"booking:{number}")
    way = ["book", "sheet", "precheck", "witness", "approve", "sign", "line", "confirm", "papers_differ", "take_effect"]
    assert verbs == [*way, "reward"]


def test_one_field_that_the_handler_writes_otherwise_holds_everything_until_he_corrects_it(house):
    number = house.book(referrer="6600010001").booking.number
    to_signature(house, number, line={"client_no": "6600019998"})
    call(house)
    work(house)
    receive(house)
    arrives(house)
    with house.database.writing() as db:
        booking = by_number(db, number)
        assert differences(db, booking) == ["client_no"]
        assert dict(compared(db, booking))["client_no"] == ["6600019999", "6600019999", "6600019998"]
        assert [bookings.take_effect(db, TUESDAY) for _ in range(2)] == [0, 0]
        assert [event.verb for event in events(db, booking.id)].count("papers_differ") == 1
        assert [row.number for row in view(db, "breaks", TUESDAY, me=0)] == [number]
    assert enter(house, number, house.reviewer, reason="写错") == Refusal.NOT_HANDLER
    assert enter(house, number) == Refusal.NO_REASON
    assert enter(house, number, reason="客户号末位写错") is None
    with house.database.writing() as db:  # Friday is closed: the correction stands in the next day's ledger
        assert bookings.take_effect(db, TUESDAY) == 0
        assert differences(db, by_number(db, number)) == ["not_received"]
    receive(house, day=date(2026, 11, 21))
    with house.database.writing() as db:
        assert bookings.take_effect(db, TUESDAY) == 1
        holders = db.scalars(select(ConfirmationCopy.holder)).all()
    assert sorted(holders) == ["client", "operations", "registrar"]


def test_a_booking_changed_behind_the_signature_holds_everything(house):
    number = house.book(referrer="6600010001").booking.number
    to_signature(house, number)
    call(house)
    work(house)
    receive(house)
    arrives(house)
    with house.database.writing() as db:
        booking = by_number(db, number)
        booking.referrer = "6600010002"  # somebody writes another referrer into the booking afterwards
        db.flush()
        assert differences(db, booking) == ["referrer"]
        assert bookings.take_effect(db, TUESDAY) == 0


def test_a_day_is_closed_only_when_every_signed_relation_has_its_line(house):
    number = house.book().booking.number
    to_signature(house, number, line=None)
    with house.database.writing() as db:
        day = date(2026, 11, 20)
        close = {
            "branch_id": house.branch_id,
            "day": day,
            "seen": 1,
            "staff": house.handler,
            "is_director": False,
            "now": NOW,
        }
        assert pass_on(db, **close) == Refusal.LINES_MISSING
    assert enter(house, number) is None
    with house.database.writing() as db:
        assert pass_on(db, **close) == "closed"


def test_the_relation_ledger_goes_through_three_hands_and_the_second_is_the_director_s(house):
    to_signature(house, house.book().booking.number)
    day = date(2026, 11, 20)
    steps = (
        (house.handler, False, "closed"), (house.handler, True, "own_work"), (house.reviewer, False, "not_director"),
        (house.reviewer, True, "signed"), (house.handler, False, "own_work"), (house.reviewer, True, "own_work"),
        (house.witness, False, "received"),
    )  # fmt: skip
    with house.database.writing() as db:
        for who, is_director, told in steps:
            seen = day_of(db, house.branch_id, day).version
            given = {"branch_id": house.branch_id, "day": day, "staff": who, "is_director": is_director, "now": NOW}
            assert pass_on(db, seen=seen, **given) == told
        assert pass_on(db, seen=1, **given) == Refusal.STALE


def test_a_place_that_comes_free_is_offered_to_one_person_at_a_time(house):
    from portal.bookings.waiting import accept, wait_for
    from portal.sms.models import SmsMessage

    slots = house.slots()
    for slot in slots:
        house.squeeze(slot.id, 1)
        house.book(slot.id, f"1390000001{slots.index(slot)}")
    with house.database.writing() as db:
        for phone in ("13900000081", "13900000082"):
            asked = house.asked(0, phone)
            waits = {"branch_id": house.branch_id, "day": MONDAY, "network": "n", "origin": "http://here", "now": NOW}
            assert isinstance(wait_for(db, asked, **waits), Waiting)
            assert wait_for(db, asked, **waits) == Refusal.ALREADY_WAITING
        assert bookings.offer_places(db, NOW) == 0
        booking = db.scalars(select(Booking).order_by(Booking.id)).first()
        bookings.cancel(db, booking, by=bookings.Person("visitor", ""), now=NOW)
        assert bookings.offer_places(db, NOW) == 1
        assert bookings.offer_places(db, later(29)) == 0  # it is kept for the first for half an hour
        assert bookings.offer_places(db, later(30)) == 1  # then the second is asked
        texts = {
            row.to: row.text for row in db.execute(select(SmsMessage.to, SmsMessage.text)) if "/offers/" in row.text
        }
        secrets = {phone: text.rsplit("/", 1)[1] for phone, text in texts.items()}
        assert accept(db, secrets["13900000081"], origin="", now=later(31)) == Refusal.OFFER_LAPSED
        made = accept(db, secrets["13900000082"], origin="", now=later(31))
        assert made.booking.slot_id == booking.slot_id
        assert made.booking.phone == "13900000082"
    assert house.taken(booking.slot_id) == 1


def test_the_calendar_entry_keeps_its_uid_and_its_sequence_rises(house):
    from portal.bookings.ics import entry
    from portal.bookings.queries import row

    made = house.book()
    with house.database.writing() as db:
        first = entry(row(db, made.booking.id), NOW).decode()
        booking = by_number(db, made.booking.number)
        bookings.move(db, booking, house.slots()[2].id, by=bookings.Person("visitor", ""), now=NOW)
        second = entry(row(db, booking.id), NOW).decode()
        bookings.cancel(db, booking, by=bookings.Person("visitor", ""), now=NOW)
        third = entry(row(db, booking.id), NOW).decode()
    texts = (first, second, third)
    files = [Calendar.from_ical(text) for text in texts]
    entries = [file.events[0] for file in files]
    assert [each["SEQUENCE"] for each in entries] == [0, 1, 2]
    assert len({each["UID"] for each in entries}) == 1
    assert [file["METHOD"] for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [each["STATUS"] for each in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert all(file.timezones[0].tz_name == "Asia/Shanghai" for file in files)
    assert entries[0].start == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
    assert entries[1].start - entries[0].start == timedelta(hours=1)
    assert entries[0].duration == timedelta(minutes=30)
    assert "人民路营业部，人民路 1 号" in str(entries[0]["LOCATION"])
    assert not any(each.errors for each in (*files, *entries))
    assert all(len(line.encode()) <= 75 for text in texts for line in text.split("\r\n"))


def test_nothing_takes_effect_without_the_feed_and_three_days_later_it_is_a_break(house):
    number = house.book().booking.number
    to_signature(house, number)
    call(house)
    work(house)
    receive(house)
    with house.database.writing() as db:
        assert bookings.take_effect(db, TUESDAY) == 0
        assert by_number(db, number).missing_since is None
        assert bookings.take_effect(db, TUESDAY + timedelta(days=4)) == 0
        assert by_number(db, number).missing_since == date(2026, 11, 28)
        assert events(db, by_number(db, number).id)[-1].verb == "missing"


def test_a_client_of_another_name_is_not_the_one_who_booked(house):
    number = house.book().booking.number
    to_signature(house, number)
    call(house)
    work(house)
    receive(house)
    arrives(house, name="许二言")
    with house.database.writing() as db:
        assert bookings.take_effect(db, TUESDAY) == 0


@pytest.mark.parametrize("who", ["handler", "reviewer", "witness"])
def test_who_took_part_cannot_call_back(house, who):
    to_signature(house, house.book().booking.number)
    assert call(house, getattr(house, who)) == callbacks.Refusal.OWN_WORK


def test_one_answer_against_the_script_ends_the_relation_on_record(house):
    number = house.book().booking.number
    to_signature(house, number)
    call(house, staff_operates="yes")
    work(house)
    assert state(house, number) == State.DENIED
    with house.database.reading() as db:
        assert events(db, by_number(db, number).id)[-1].verb == "deny"
        assert callbacks.tries_of(db, callbacks.task_of(db, "booking", number).id)[0].answers["staff_operates"] == "yes"


def test_three_tries_at_different_times_then_it_stands_still_until_somebody_asks_again(house):
    number = house.book().booking.number
    to_signature(house, number)
    assert isinstance(call(house, outcome=Outcome.NO_ANSWER), CallbackTask)
    assert call(house, outcome=Outcome.NO_ANSWER, now=later(60)) == callbacks.Refusal.TOO_SOON
    assert call(house, outcome=Outcome.NO_ANSWER, now=later(90)) == callbacks.Refusal.TOO_SOON
    assert call(house, outcome=Outcome.NO_ANSWER, now=later(121)) == callbacks.Refusal.QUIET_TIME  # 12:01
    call(house, outcome=Outcome.NO_ANSWER, now=later(250))
    call(house, outcome=Outcome.NO_ANSWER, now=later(400))
    work(house, later(400))
    assert state(house, number) == State.UNREACHED
    step(house, call_again, number, staff=house.handler, reason="客户来电说已回国", now=TUESDAY)
    call(house, now=TUESDAY)
    work(house, TUESDAY)
    assert state(house, number) == State.CONFIRMED


def test_a_call_that_was_answered_needs_every_answer_and_its_recording(house):
    to_signature(house, house.book().booking.number)
    with house.database.writing() as db:
        task = db.scalars(select(CallbackTask)).one()
        bare = Call(Outcome.ANSWERED, Means.TELEPHONE, {}, "REC-1")
        assert callbacks.record_try(db, task, seen=1, caller=house.caller, call=bare, now=NOW) == "incomplete"
        mute = Call(Outcome.ANSWERED, Means.TELEPHONE, answers(house), "")
        assert callbacks.record_try(db, task, seen=1, caller=house.caller, call=mute, now=NOW) == "no_reference"


def test_the_handler_cannot_witness_or_review_and_a_return_says_why(house):
    number = house.book().booking.number
    precheck(house, number)
    own = {"witness_id": house.handler.user_id, "client_no": "6600019999"}
    assert step(house, bookings.witness, number, staff=house.handler, **own, now=NOW) == Refusal.OWN_WITNESS
    other = own | {"witness_id": house.witness.user_id}
    step(house, bookings.witness, number, staff=house.handler, **other, now=NOW)
    assert step(house, bookings.approve, number, staff=house.handler, now=NOW) == Refusal.OWN_WORK
    assert step(house, bookings.approve, number, staff=house.witness, now=NOW) == Refusal.OWN_WORK
    assert step(house, bookings.send_back, number, staff=house.reviewer, reason="", now=NOW) == Refusal.NO_REASON
    step(house, bookings.send_back, number, staff=house.reviewer, reason="照片不清", now=NOW)
    assert state(house, number) == State.RETURNED
    step(house, bookings.witness, number, staff=house.handler, **other, now=NOW)
    assert isinstance(step(house, bookings.approve, number, staff=house.reviewer, now=NOW), Booking)


@pytest.mark.parametrize(
    ("flaw", "refusal"),
    [
        ({"id_valid_to": date(2026, 12, 20)}, Refusal.ID_LAPSES),
        ({"papers": ("id",)}, Refusal.PAPERS_MISSING),
        ({"filled": False}, Refusal.NO_QUESTIONNAIRE),
    ],
)
def test_the_pre_check_says_what_is_missing(house, flaw, refusal):
    number = house.book().booking.number
    assert precheck(house, number, **flaw) == refusal
    assert state(house, number) == State.BOOKED


def test_one_document_has_one_opening_and_its_number_is_kept_nowhere(house):
    precheck(house, house.book().booking.number)
    other = house.book(phone="13900000002").booking.number
    assert precheck(house, other) == Refusal.DUPLICATE
    with house.database.reading() as db:
        kept = [str(value) for booking in db.execute(select(Booking.__table__)) for value in booking]
        assert not any("99000019900101001X" in value for value in kept)
    assert blind_index(VAULT, " 99000019900101001x") == blind_index(VAULT, "99000019900101001X")


def test_the_signature_stands_under_the_text_that_was_shown(house):
    number = house.book().booking.number
    precheck(house, number)
    step(
        house, bookings.witness, number, staff=house.handler, witness_id=house.witness.user_id, client_no="6600019999",
        now=NOW,
    )  # fmt: skip
    step(house, bookings.approve, number, staff=house.reviewer, now=NOW)
    with house.database.writing() as db:
        booking = by_number(db, number)
        sha256 = bookings.letter(db, booking).sha256
        wrong = {"seen": booking.version, "now": NOW}
        assert bookings.sign(db, booking, signed_name="许一言", sha256="0" * 64, **wrong) == Refusal.NOT_SIGNED
        assert bookings.sign(db, booking, signed_name="许二言", sha256=sha256, **wrong) == Refusal.NOT_SIGNED
        assert isinstance(bookings.sign(db, booking, signed_name="许一言", sha256=sha256, **wrong), Booking)
        assert bookings.letter(db, booking).sha256 == booking.letter_hash


def test_an_old_screen_changes_nothing(house):
    number = house.book().booking.number
    precheck(house, number)
    with house.database.writing() as db:
        booking = by_number(db, number)
        assert isinstance(bookings.contact(db, booking, seen=1, staff=house.reviewer, note="电话", now=NOW), Stale)


def test_the_response_clock_runs_in_working_time_and_escalates_once(house):
    number = house.book(now=NOW).booking.number  # 10:00, promised by 10:30
    with house.database.writing() as db:
        assert bookings.escalate_late(db, later(29)) == 0
        assert bookings.escalate_late(db, later(30)) == 1
        assert bookings.escalate_late(db, later(31)) == 0
        assert [row.number for row in view(db, "overdue", later(31), me=0)] == [number]
    step(house, bookings.contact, number, staff=house.handler, note="已电话", now=later(45))
    with house.database.reading() as db:
        assert standard(db, date(2026, 11, 1), later(60))["answer"] == [0, 1, 0]


def test_moving_twice_is_the_limit_and_two_hours_before_it_ends(house):
    made = house.book()
    slots = [slot.id for slot in house.slots()]
    who = bookings.Person("visitor", "许一言")
    with house.database.writing() as db:
        booking = by_number(db, made.booking.number)
        assert bookings.move(db, booking, slots[0], by=who, now=NOW) == Refusal.SAME_SLOT
        assert isinstance(bookings.move(db, booking, slots[1], by=who, now=NOW), Booking)
        assert isinstance(bookings.move(db, booking, slots[2], by=who, now=NOW), Booking)
        assert bookings.move(db, booking, slots[3], by=who, now=NOW) == Refusal.MOVED_TWICE
        close = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9:00 for a visit at 10:00
        assert bookings.cancel(db, booking, by=who, now=close) == Refusal.TOO_LATE
        assert booking.sequence == 2


def test_reminders_go_out_the_evening_before_and_two_hours_before_out_of_quiet_hours(house):
    number = house.book().booking.number  # Monday 9:00: two hours before would be 7:00
    with house.database.reading() as db:
        due = db.execute(
            select(jobs.Job.not_before).where(jobs.Job.kind == bookings.REMIND).order_by(jobs.Job.not_before)
        )
        assert [each[0] for each in due] == [
            datetime(2026, 11, 22, 9, 0, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
        ]  # fmt: skip
    work(house, datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    with house.database.writing() as db:
        texts = db.scalars(select(SmsMessage.text)).all()
        assert sum("提醒" in text for text in texts) == 2
        assert state(house, number) == State.BOOKED


def test_reminders_of_a_time_that_was_moved_stay_silent(house):
    made = house.book()
    with house.database.writing() as db:
        other = house.slots(date(2026, 11, 25))[0].id
        bookings.move(db, by_number(db, made.booking.number), other, by=bookings.Person("visitor", ""), now=NOW)
    work(house, datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    with house.database.reading() as db:
        assert not any("提醒" in text for text in db.scalars(select(SmsMessage.text)))


def test_what_is_handed_in_at_the_weekend_is_done_on_a_workday_and_both_times_stand(house):
    saturday = date(2026, 11, 21)
    slot = house.slots(saturday)[0].id
    number = house.book(slot, kind=Kind.CUSTODY).booking.number
    there = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    step(house, take_in, number, staff=house.handler, note="收到银行卡复印件", now=there)
    step(house, finish, number, staff=house.handler, note="已变更", now=TUESDAY)
    with house.database.reading() as db:
        lines = {event.verb: event.at for event in events(db, by_number(db, number).id)}
    assert (lines["take_in"], lines["finish"]) == (there, TUESDAY)


def test_a_no_show_is_recorded_an_hour_after_the_time(house):
    number = house.book().booking.number
    at_nine = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert step(house, no_show, number, staff=house.handler, note="", now=at_nine) == Refusal.TOO_SOON
    step(house, no_show, number, staff=house.handler, note="", now=at_nine + timedelta(hours=1))
    assert state(house, number) == State.NO_SHOW


def test_places_are_laid_on_confirmed_days_only(house):
    december = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    with house.database.writing() as db:
        bookings.lay_slots(db, december)
        days = {each.day: each.why for each in bookings.days(db, house.branch_id, december)}
    assert days[date(2026, 12, 31)] is None
    assert days[date(2027, 1, 4)] == "unconfirmed"


def test_the_ledger_only_grows(house):
    house.book()
    with pytest.raises(Exception, match="only grows"), house.database.writing() as db:
        db.connection().exec_driver_sql("UPDATE booking_event SET verb = 'cancel'")


def to_effect(house, **more):
    number = house.book(**more).booking.number
    to_signature(house, number)
    call(house)
    work(house)
    receive(house)
    arrives(house)
    with house.database.writing() as db:
        assert bookings.take_effect(db, TUESDAY) == 1
    return number


def test_a_denial_at_a_spot_check_ends_the_relation_on_record(house):
    number = to_effect(house)
    with house.database.writing() as db:
        assert bookings.draw(db, percent=10, staff=house.reviewer, now=TUESDAY) == [number]
        assert bookings.draw(db, percent=10, staff=house.reviewer, now=TUESDAY) == []  # nobody is asked twice
    assert call(house, house.handler, now=TUESDAY) == callbacks.Refusal.OWN_WORK
    call(house, now=TUESDAY, relation="no")
    jobs.work(house.database, {bookings.SPOT_CHECKED: bookings.hear_of_spot_check}, TUESDAY)
    assert state(house, number) == State.DENIED
    with house.database.reading() as db:
        assert [event.verb for event in events(db, by_number(db, number).id)][-2:] == ["take_effect", "deny"]


def test_a_denial_claws_the_referrer_s_points_back_now_or_when_he_has_some_again(house):
    referrer = arrives(house, "6600010001", "王小满")
    number = to_effect(house, referrer="6600010001")
    with house.database.writing() as db:
        assert points.balance(db, referrer, TUESDAY).available == 300
        spent = points.hold(
            db, client_id=referrer, points=200, key="spent", ref_type="t", ref_id="1", now=TUESDAY,
            timeout_at=TUESDAY + timedelta(days=1),
        )  # fmt: skip
        points.capture(db, hold_id=spent.id, now=TUESDAY)
        bookings.draw(db, percent=10, staff=house.reviewer, now=TUESDAY)
    call(house, now=TUESDAY, relation="no")
    jobs.work(house.database, {bookings.SPOT_CHECKED: bookings.hear_of_spot_check}, TUESDAY)
    with house.database.writing() as db:
        assert points.balance(db, referrer, TUESDAY).available == 0
        line = events(db, by_number(db, number).id)[-1]
        assert (line.verb, line.after["points"], line.after["owed"]) == ("claw_back", 100, 200)
        assert bookings.claw_back_due(db, TUESDAY) == 0
        points.earn(db, client_id=referrer, points=500, kind="test", key="more", now=TUESDAY)
        assert bookings.claw_back_due(db, TUESDAY) == 200
        assert bookings.claw_back_due(db, TUESDAY) == 0
        assert points.balance(db, referrer, TUESDAY).available == 300


def test_nobody_reviews_whose_client_referred_the_visitor(house):
    referrer = arrives(house, "6600010001", "王小满")
    number = house.book(referrer="6600010001").booking.number
    precheck(house, number)
    seen_by = {"witness_id": house.witness.user_id, "client_no": "6600019999"}
    step(house, bookings.witness, number, staff=house.handler, **seen_by, now=NOW)
    with house.database.writing() as db:
        tiers.appoint_adviser(
            db, user_id=house.reviewer.user_id, branch_no="0101", direct_line="000-0000-0001", by="s", now=NOW
        )
        assert tiers.assign_adviser(db, referrer, reason="new", now=NOW) == house.reviewer.user_id
    assert step(house, bookings.approve, number, staff=house.reviewer, now=NOW) == Refusal.OWN_WORK
    assert isinstance(step(house, bookings.approve, number, staff=house.caller, now=NOW), Booking)


def test_a_visit_that_nobody_wrote_down_is_called_about_too(house):
    house.book()
    with house.database.writing() as db:
        assert bookings.follow_up(db, datetime(2026, 11, 26, 3, 0, tzinfo=UTC)) == 0
        assert bookings.follow_up(db, datetime(2026, 11, 30, 3, 0, tzinfo=UTC)) == 1


def test_an_unfinished_booking_is_called_about_twice_at_most_and_never_after_a_no(house):
    number = house.book().booking.number
    missed = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    step(house, no_show, number, staff=house.handler, note="", now=missed)
    with house.database.writing() as db:
        assert bookings.follow_up(db, missed + timedelta(days=4)) == 0
        assert bookings.follow_up(db, missed + timedelta(days=7)) == 1  # Monday, the fifth working day
        assert bookings.follow_up(db, missed + timedelta(days=8)) == 0
    call(house, now=missed + timedelta(days=8))
    with house.database.writing() as db:
        assert bookings.follow_up(db, missed + timedelta(days=9)) == 0
        assert bookings.follow_up(db, missed + timedelta(days=16)) == 1
    call(house, now=missed + timedelta(days=16), still_wanted="no")
    with house.database.writing() as db:
        assert bookings.follow_up(db, missed + timedelta(days=30)) == 0
