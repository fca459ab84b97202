"""What follows from one room's state in another: points for a client whose information is complete."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal import clients, points
from portal.home.rules import COMPLETE_POINTS
from portal.kit.clock import day_after, local_date

LOOK_BACK = timedelta(days=2)  # longer than a worker is ever down; the key makes a second look harmless


def reward_complete(db: Session, now: datetime) -> int:
    """Give points for 100 %, once a year and client, never per edit; gives how many clients were complete."""
    today = local_date(now)
    touched = sorted(clients.touched_since(db, now - LOOK_BACK))
    complete = [each for each in touched if clients.completeness(db, each, today).percent == 100]
    for client_id in complete:
        points.earn(
            db, client_id=client_id, points=COMPLETE_POINTS, kind="complete_record", now=now,
            key=f"complete:{client_id}:{today.year}", expires_at=day_after(date(today.year + 2, 12, 31)),
            explain={"percent": 100, "year": today.year},
        )  # fmt: skip
    return len(complete)
