"""Before and after the visit: the questionnaire ahead, what belongs to the account handed over, the receipt."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from portal import bookings, suitability
from portal.bookings import Refusal
from portal.bookings.ahead import fill, sheet_of
from portal.bookings.handovers import Choice, choose, hand_over, receipt_hash, sign_receipt
from portal.bookings.models import Booking
from portal.bookings.paper_models import Handover
from portal.bookings.queries import by_number, events, handovers_on
from portal.bookings.terms import Item, Way
from portal.suitability.models import QuestionnaireDraft
from tests.bookings.house import NOW, answers_of, furnish
from tests.bookings.test_course import TUESDAY, precheck, to_effect
from tests.bookings.test_pages import book

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def house(database):
    return furnish(database)


def chosen(house, number, choice, now=TUESDAY):
    with house.database.writing() as db:
        return choose(db, by_number(db, number), choice, now)


def test_a_sheet_is_kept_whole_or_not_at_all(house):
    number = house.book().booking.number
    with house.database.writing() as db:
        definition = suitability.published(db).definition
        given = answers_of(definition) | {"horizon": [], "choice": ["Z"]}
        assert fill(db, by_number(db, number), definition, given, NOW) == ["horizon", "choice"]
        assert sheet_of(db, by_number(db, number).id) is None
    assert precheck(house, number, filled=False) == Refusal.NO_QUESTIONNAIRE


def test_the_answers_wait_for_the_client_himself_once_his_account_is_open(house):
    number = to_effect(house)
    with house.database.reading() as db:
        draft = db.scalars(select(QuestionnaireDraft)).one()
        assert draft.client_id == by_number(db, number).client_id
        assert draft.answers == sheet_of(db, by_number(db, number).id).answers
        assert suitability.current(db, draft.client_id, TUESDAY) is None  # nobody has submitted it for him


def test_a_company_s_questionnaire_is_on_its_checklist(house):
    number = house.book(case=bookings.Case.COMPANY).booking.number
    papers = ("licence", "id", "power", "controller", "tax")
    assert precheck(house, number, filled=False, papers=papers) == Refusal.PAPERS_MISSING
    assert isinstance(precheck(house, number, filled=False, papers=(*papers, "risk")), Booking)


def test_card_and_agreement_are_collected_at_a_time_that_the_client_picks(house):
    number = house.book().booking.number
    slots = house.slots(WEDNESDAY)
    assert chosen(house, number, Choice(Way.COLLECT, slots[0].id)) == Refusal.NOT_OPEN_YET
    number = to_effect(house, phone="13900000002")
    house.squeeze(slots[0].id, 1)
    assert isinstance(chosen(house, number, Choice(Way.COLLECT, slots[0].id)), Handover)
    assert house.book(slots[0].id, "13900000003", now=TUESDAY) == Refusal.FULL  # it takes a place like any visit
    assert isinstance(chosen(house, number, Choice(Way.COLLECT, slots[1].id)), Handover)
    assert (house.taken(slots[0].id), house.taken(slots[1].id)) == (0, 1)
    with house.database.reading() as db:
        assert [row.number for row in handovers_on(db, house.branch_id, WEDNESDAY)] == [number]


@pytest.mark.parametrize("day", [None, date(2026, 11, 24), date(2026, 11, 28), date(2031, 1, 1)])
def test_nothing_is_brought_today_on_a_weekend_or_beyond_the_calendar(house, day):
    number = to_effect(house)
    assert chosen(house, number, Choice(Way.BRING, address="人民路 9 号", bring_on=day)) == Refusal.BAD_DAY


def test_the_receipt_is_signed_by_the_client_for_exactly_what_he_was_handed(house):
    number = to_effect(house)
    chosen(house, number, Choice(Way.BRING, address="人民路 9 号", bring_on=WEDNESDAY))
    with house.database.writing() as db:
        it = by_number(db, number)
        signed = {"signed_name": it.name, "now": TUESDAY}
        assert sign_receipt(db, it, sha256="0" * 64, **signed) == Refusal.NOT_HANDED
        assert hand_over(db, it, seen=1, items=[], staff=house.handler, now=TUESDAY) == Refusal.NOT_OPEN_YET
        before = receipt_hash(it, hand_over(db, it, seen=1, items=[Item.CARD], staff=house.handler, now=TUESDAY))
        again = {"seen": 1, "items": [Item.CARD], "staff": house.reviewer, "now": TUESDAY}
        assert hand_over(db, it, **again) == Refusal.HANDED_ALREADY
        assert sign_receipt(db, it, sha256="0" * 64, **signed) == Refusal.NOT_SIGNED
        assert sign_receipt(db, it, sha256=before, signed_name="许二言", now=TUESDAY) == Refusal.NOT_SIGNED
        assert sign_receipt(db, it, sha256=before, **signed).sha256 == before
        assert sign_receipt(db, it, sha256=before, **signed) == Refusal.HANDED_ALREADY
        assert [event.verb for event in events(db, it.id)][-3:] == ["choose_handover", "hand_over", "receipt"]
    assert chosen(house, number, Choice(Way.COLLECT, house.slots(WEDNESDAY)[0].id)) == Refusal.HANDED_ALREADY


def test_the_visitor_fills_in_the_sheet_behind_his_link(app, browser, house, database):
    link = book(browser, house, database)
    assert "来访之前，请先填风险测评" in browser.get(link).text
    page = browser.get(f"{link}/questionnaire")
    names = re.findall(r'type="radio" name="(\w+)" value="A"', page.text)
    given = dict.fromkeys(names, "A") | {"experience_products.B": "1"}
    left = {name: value for name, value in given.items() if name != "horizon"}
    answer = browser.post(f"{link}/questionnaire", data=left)
    assert answer.status_code == 422
    assert answer.text.count("第 14 题还没有答好") == 2
    assert len(re.findall(r" checked>", answer.text)) == 19  # nothing that was chosen is lost
    assert browser.post(f"{link}/questionnaire", data=given).status_code == 303
    assert "风险测评已填好" in browser.get(link).text
    assert browser.get(f"{link}x/questionnaire").status_code == 404
    assert browser.get(f"{link}/handover").status_code == 404  # there is no account yet
