"""What follows from one room's state in another: points for complete information, a question after an event."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal import clients, club, feedback, points
from portal.home.rules import COMPLETE_POINTS
from portal.kit.clock import day_after, local_date

LOOK_BACK = timedelta(days=2)  # longer than a worker is ever down; the key makes a second look harmless
GUESTS_UNTIL = timedelta(days=7)  # so long after an event its guests can still be asked


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


def ask_guests(db: Session, now: datetime) -> int:
    """Ask everybody who came to an event that is over how it was, once (a duty); give how many are asked now."""
    return sum(
        feedback.invite_guest(
            db, client_id=guest.client_id, event=guest.number,
            called={"zh": guest.title_zh, "en": guest.title_en}, now=now,
        )
        for guest in club.guests_to_ask(db, now - GUESTS_UNTIL, now)
    )  # fmt: skip
