"""What the demo shows of staffing: one absence of next week that waits for its approval."""

from datetime import datetime, timedelta

from portal import identity, staffing
from portal.audit import Person
from portal.demo.cast import STAFF
from portal.kit.clock import local_date
from portal.kit.db import Database
from portal.staffing import Kind, Plan

GIVER, TAKER = "周经办", "吴复核"
NOTE = "白景云偏好下午四点以后联系；两件预约的资料已经看过。"


def lay_staffing(database: Database, now: datetime) -> None:
    """Lay it once: the same absence is not asked for twice."""
    first = local_date(now) + timedelta(days=7 - local_date(now).weekday())
    names = {person.name: person.user_name for person in STAFF}
    with database.writing() as db:
        giver, taker = (identity.user_by_name(db, names[name]) or 0 for name in (GIVER, TAKER))
        plan = Plan(Kind.ABSENCE, giver, taker, first, first + timedelta(days=4), NOTE)
        staffing.ask(db, plan, staff=Person(f"staff:{giver}", GIVER, giver), now=now)
