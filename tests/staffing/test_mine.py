"""The page of what is in one's own hands: everything by its end, from whatever room, and nobody else's."""

from datetime import datetime, timedelta

import pytest

from portal import queues
from portal.audit import Person
from portal.queues import Held
from portal.staffing import mine_pages, work
from tests.staffing.house import NOW, furnish
from tests.staffing.test_handing import change, claim
from tests.visitors import sign_in_staff


@pytest.fixture
def house(database):
    return furnish(database)


def test_what_ends_first_stands_in_front_and_what_has_no_end_is_told_by_kind():
    def held(id: int, due_at: datetime | None) -> Held:
        return Held(id, f"DH-{id}", due_at=due_at)

    one, another = work.CHARGES[:2]
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(days=1)
    pieces = [(one, [held(1, later), held(2, None)]), (another, [held(3, soon)])]
    assert [it.id for _, it in mine_pages.promised(pieces)] == [3, 1]
    assert [(charge, [it.id for it in rest]) for charge, rest in mine_pages.lasting(pieces)] == [(one, [2])]


def test_what_somebody_has_claimed_stands_there_for_him_alone_until_his_lease_ends(house, browser, clock):
    clock.at = NOW
    sign_in_staff(browser, house.database, "方见证", NOW)
    assert "GX-0" not in browser.get("/desk/mine").text
    me = sign_in_staff(browser, house.database, "周经办", NOW)
    house.people["周经办"] = Person(f"staff:{me}", "周经办", me)
    claim(house, "周经办", change(house))
    assert "GX-0" in browser.get("/desk/mine").text
    clock.at = NOW + queues.LEASE + timedelta(minutes=1)
    assert "GX-0" not in browser.get("/desk/mine").text
