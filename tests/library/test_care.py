"""Greetings: by consent, one a month, nothing to sell, no telephone for who wants none; announcements to everybody."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from portal import clients, club, library, tiers
from portal.clients.models import Client, ClientFact
from portal.inbox import InboxMessage
from portal.kit.clock import SHANGHAI
from portal.library import actions, care, occasions, queries
from portal.library.models import CareMessage
from portal.library.occasions import Due, Known, due, objection
from portal.library.rules import Kind, Occasion, Refusal
from tests.library.house import NOW, PLAIN, RESEARCH, TODAY, furnish
from tests.visitors import sign_in

LONG_AGO = date(2019, 6, 18)
GREETING = replace(
    PLAIN, occasion="birthday", title_zh="生日快乐", title_en="Happy birthday", body_zh="祝您健康平安。",
    body_en="We wish you health.", expires_on=TODAY + timedelta(700),
)  # fmt: skip


@pytest.mark.parametrize(
    ("known", "today", "festival", "found"),
    [
        (Known(LONG_AGO, date(1990, 11, 20)), TODAY, None, [("birthday", "2026")]),
        (Known(LONG_AGO, date(1992, 2, 29)), date(2027, 2, 28), None, [("birthday", "2027")]),
        (Known(LONG_AGO, date(1992, 2, 29)), date(2028, 2, 28), None, []),
        (Known(LONG_AGO), date(2027, 6, 18), None, [("anniversary", "2027")]),
        (Known(date(2027, 6, 18)), date(2027, 6, 18), None, []),
        (Known(LONG_AGO, id_valid_to=TODAY + timedelta(90)), TODAY, None, [("id_expires", "20270218:90")]),
        (Known(LONG_AGO, id_valid_to=TODAY + timedelta(30)), TODAY, None, [("id_expires", "20261220:30")]),
        (Known(LONG_AGO, id_valid_to=TODAY + timedelta(91)), TODAY, None, []),
        (Known(LONG_AGO, id_valid_to=TODAY - timedelta(1)), TODAY, None, []),
        (Known(LONG_AGO), TODAY, Occasion.MID_AUTUMN, [("mid_autumn", "2026")]),
        (Known(LONG_AGO, date(1990, 11, 25)), TODAY, Occasion.MID_AUTUMN, []),  # the birthday is still to come
        (Known(LONG_AGO, date(1990, 11, 2)), TODAY, Occasion.MID_AUTUMN, [("mid_autumn", "2026")]),
    ],
)  # fmt: skip
def test_what_a_day_is_for_a_client(known, today, festival, found):
    assert due(known, today, festival) == [Due(Occasion(name), mark) for name, mark in found]


def test_a_festival_is_greeted_on_its_first_day_alone():
    assert occasions.festival_on("春节", "周末") is Occasion.SPRING_FESTIVAL
    assert occasions.festival_on("春节", "春节") is None
    assert occasions.festival_on("清明节", "") is None


@pytest.mark.parametrize(
    ("zh", "en", "why"),
    [
        ("祝您健康平安。", "We wish you health.", None), ("祝您健康，新基金今日开售。", "Health.", "care_sells"),
        ("祝您健康。", "Buy now.", "care_sells"), ("看看 600519", "x", "care_sells"), ("年化 5%", "x", "care_sells"),
        ("见 https://x", "x", "care_sells"), ("长" * 121, "x", "care_long"), ("一\n二", "x", "care_long"),
        ("祝您 {name}", "x", "care_hole"), ("祝您 {years} 年", "x", "care_hole"), ("祝您 {", "x", "care_hole"),
    ],
)  # fmt: skip
def test_a_greeting_sells_nothing(zh, en, why):
    assert objection("birthday", zh, en) == why
    assert objection("anniversary", "开户 {years} 周年", "{years} years") is None


def test_a_greeting_that_sells_is_not_handed_in(database):
    house = furnish(database)
    number = house.draft(replace(GREETING, body_zh="生日快乐，送您一份理财产品。"), Kind.CARE)
    assert house.step(number, actions.submit) is Refusal.NOT_WHOLE


def born_today(house, *, wishes=True, **facts):
    person = clients.Person("client:1", "王小满")
    with house.database.writing() as db:
        for key, value in {"birth_date": "19901120", "mobile": "13800000101", **facts}.items():
            if key == "mobile":
                with_no = [{"client_no": "6600010009", "key": key, "value": value, "as_of": TODAY}]
                clients.take_over(db, [], with_no, now=NOW)
            else:
                row = {"client_id": house.client_id, "key": key, "value": value, "source": "core", "as_of": TODAY}
                db.execute(insert(ClientFact).values(**row, recorded_at=NOW))
        clients.consent(db, who=person, client_id=house.client_id, kind=care.CONSENT, is_given=wishes, now=NOW)


def round_of(house, now=NOW):
    with house.database.writing() as db:
        return library.send_care(db, now)


def letters(house):
    with house.database.reading() as db:
        return db.execute(select(*InboxMessage.__table__.c).order_by(InboxMessage.id)).all()


def test_who_wished_for_it_is_greeted_once_in_both_languages(database):
    house = furnish(database)
    house.publish(GREETING, Kind.CARE)
    born_today(house)
    assert round_of(house) == 1
    assert round_of(house, NOW + timedelta(hours=1)) == 0
    (letter,) = letters(house)
    assert (letter.title_zh, letter.text_en, letter.topic) == ("生日快乐", "We wish you health.", "care")
    assert letter.sms_id is not None


def test_without_consent_or_after_it_was_withdrawn_nobody_is_greeted(database):
    house = furnish(database)
    house.publish(GREETING, Kind.CARE)
    born_today(house)
    with database.writing() as db:
        who = clients.Person("client:1", "王小满")
        clients.consent(db, who=who, client_id=house.client_id, kind=care.CONSENT, is_given=False, now=NOW)
    assert round_of(house) == 0
    assert letters(house) == []


@pytest.mark.parametrize("hour", [0, 9, 18, 23])
def test_nobody_is_greeted_at_night(database, hour):
    house = furnish(database)
    house.publish(GREETING, Kind.CARE)
    born_today(house)
    assert round_of(house, datetime(2026, 11, 20, hour, 59 if hour == 9 else 0, tzinfo=SHANGHAI)) == 0


def test_who_is_not_to_be_called_finds_it_in_the_inbox_alone(database):
    house = furnish(database)
    house.publish(GREETING, Kind.CARE)
    born_today(house, do_not_call="1", preferred_channel="sms")
    assert round_of(house) == 1
    (letter,) = letters(house)
    assert letter.sms_id is None


def test_one_greeting_a_month_and_the_document_comes_again_the_next(database):
    house = furnish(database)
    house.publish(GREETING, Kind.CARE)
    reminder = replace(
        GREETING, occasion="id_expires", title_zh="证件", body_zh="有效期到 {day}。", body_en="Until {day}."
    )
    house.publish(reminder, Kind.CARE)
    born_today(house, id_valid_to="20270101")
    assert round_of(house) == 1
    assert [letter.text_zh for letter in letters(house)] == ["有效期到 2027-01-01。"]
    assert round_of(house, NOW + timedelta(days=1)) == 0
    assert round_of(house, NOW + timedelta(days=20)) == 1  # ten days later the second step has come, in a new month
    with database.reading() as db:
        marks = db.scalars(select(CareMessage.mark).order_by(CareMessage.id)).all()
    assert marks == ["20270101:90", "20270101:30"]


def test_every_tier_reads_the_same(database):
    house = furnish(database)
    house.publish(GREETING, Kind.CARE)
    with database.writing() as db:
        tiers.seed_terms(db, NOW)
        other = Client(
            client_no="6600010010", name="白景云", client_type="1", branch_no="0101", opened_on=LONG_AGO, status="0"
        )  # fmt: skip
        db.add(other)
        db.flush()
        tiers.grant(
            db, client_id=other.id, tier="platinum", valid_from=TODAY, valid_to=TODAY + timedelta(99), basis={},
            decided_by="staff:1", reason="test", source=tiers.Source.STAFF, now=NOW,
        )  # fmt: skip
        row = {"client_id": other.id, "key": "birth_date", "value": "19701120", "source": "core", "as_of": TODAY}
        db.execute(insert(ClientFact).values(**row, recorded_at=NOW))
        who = clients.Person("client:2", "白景云")
        clients.consent(db, who=who, client_id=other.id, kind=care.CONSENT, is_given=True, now=NOW)
    born_today(house)
    assert round_of(house) == 2
    one, two = letters(house)
    assert (one.title_zh, one.text_zh, one.text_en) == (two.title_zh, two.text_zh, two.text_en)


def test_an_announcement_reaches_every_open_account_once_in_pieces(database):
    house = furnish(database)
    with database.writing() as db:
        for number in range(4):
            db.add(
                Client(
                    client_no=f"66000200{number:02}", name="客户", client_type="1", branch_no="0101",
                    opened_on=LONG_AGO, status="3" if number == 3 else "0",
                )
            )  # fmt: skip
    house.publish(replace(PLAIN, title_zh="公告", title_en="Notice"), Kind.ANNOUNCEMENT)
    rounds = []
    for _ in range(4):
        with database.writing() as db:
            rounds.append(library.tell_announcements(db, NOW, at_once=2))
    assert rounds == [2, 2, 0, 0]
    told = letters(house)
    assert len({letter.client_id for letter in told}) == len(told) == 4
    assert {(letter.title_zh, letter.title_en, letter.sms_id, letter.page) for letter in told} == {
        ("公告", "Notice", None, "library.show")
    }


def test_what_was_withdrawn_meanwhile_is_told_to_nobody(database):
    house = furnish(database)
    number = house.publish(PLAIN, Kind.ANNOUNCEMENT)
    with database.writing() as db:
        actions.withdraw(db, queries.by_number(db, number), reason="有误", by=house.writer, now=NOW)
        assert library.tell_announcements(db, NOW) == 0
    assert letters(house) == []


def test_members_of_the_club_alone_open_its_notes(browser, database, clock):
    clock.at = NOW
    house = furnish(database)
    number = house.publish(replace(RESEARCH, title_zh="只给会员"), Kind.NOTE)
    sign_in(browser, database, house.client_id, "王小满", NOW)
    assert browser.get("/club/notes").status_code == 404
    assert browser.get(f"/club/notes/{number}").status_code == 404
    with database.writing() as db:
        tiers.seed_terms(db, NOW)
        club.take_over(db, client_id=house.client_id, since=TODAY, now=NOW)
    assert "只给会员" in browser.get("/club/notes").text
    page = browser.get(f"/club/notes/{number}").text
    assert "买卖与交收" in page
    assert "下一个交易日可以卖出" not in page  # a member's level counts as everybody's
    assert browser.get(f"/club/notes/{house.publish()}").status_code == 404
    assert browser.get(f"/library/{number}").status_code == 404
