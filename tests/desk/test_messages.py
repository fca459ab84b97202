"""Parked messages at the desk: staff say what became of them, and why."""

import pytest
from sqlalchemy import update

from portal import audit, sms
from portal.kit.db import Base
from tests.visitors import post, sign_in_staff

TO = "13800000101"


@pytest.fixture
def parked(database, clock) -> int:
    """A message whose sender never came back."""
    with database.writing() as db:
        id = sms.queue(
            db, client_id=None, to=TO, text="您好", purpose="test", ref_type="test", ref_id=1, key="a", now=clock.at
        )
        db.execute(update(Base.metadata.tables["sms_message"]).values(state="unknown", attempts=1))
    return id


@pytest.mark.parametrize("outcome", ["queued", "submitted", "undeliverable"])
def test_staff_settle_a_parked_message_with_a_reason(browser, database, clock, parked, outcome):
    me = sign_in_staff(browser, database, "周经办", clock.at)
    page = browser.get("/desk/sms").text
    assert TO not in page
    where = f"/desk/sms/{parked}/settlement"
    assert post(browser, "/desk/sms", where, outcome=outcome, reason="").status_code == 422
    assert post(browser, "/desk/sms", where, outcome="delivered", reason="网关查过").status_code == 422
    token = page.split('name="_csrf" value="')[1].split('"')[0]
    told = {"_csrf": token, "outcome": outcome, "reason": "网关查过"}
    assert browser.post(where, data=told).status_code == 303
    assert browser.post(where, data=told).status_code == 422
    with database.reading() as db:
        assert sms.parked(db) == []
        [event] = audit.events_of(db, f"sms:{parked}")
        assert (event.actor, event.detail) == (f"staff:{me}", {"outcome": outcome, "reason": "网关查过"})
        assert sms.history(db, parked)[-1][1:3] == (f"staff:{me}", outcome)
