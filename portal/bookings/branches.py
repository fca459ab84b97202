"""The branches that can be visited: who works there and is present, counters, the weekend day, closed days."""

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import SYSTEM, Person
from portal.bookings.place_models import Branch, Clerk, Closure, Slot, WeekendDay
from portal.kit.clock import local_date
from portal.kit.db import insert_once, rows_touched


def open_branch(
    db: Session, *, code: str, name: str, name_en: str, address: str, address_en: str, capacity: int
) -> Branch:
    """Enter a branch that can be visited."""
    branch = Branch(
        code=code, name=name, name_en=name_en, address=address, address_en=address_en, capacity=capacity, is_open=True
    )
    db.add(branch)
    db.flush()
    return branch


def place_clerk(db: Session, *, branch_id: int, user_id: int, name: str, handles: bool, sells: bool) -> Clerk:
    """Enter who works at a branch; only who handles is given bookings, and who sells never witnesses."""
    clerk = Clerk(branch_id=branch_id, user_id=user_id, name=name, is_present=True, sells=sells, handles=handles)
    db.add(clerk)
    db.flush()
    return clerk


def set_away(db: Session, *, branch_id: int, user_id: int, until: date | None, by: Person, now: datetime) -> bool:
    """Note that somebody is away up to a day, or there (None): nobody away is given a booking.

    From the day after he is there again without anybody's doing. Tell whether there is such a clerk.
    """
    here = (Clerk.branch_id == branch_id, Clerk.user_id == user_id)
    done = (
        rows_touched(
            db.execute(update(Clerk).where(*here).values(away_until=until, **({} if until else {"is_present": True})))
        )
        == 1
    )
    if done:
        note(db, by, "presence", branch_id, {"user": user_id, "away_until": str(until) if until else None}, now)
    return done


def set_counters(db: Session, *, branch_id: int, capacity: int, by: Person, now: datetime) -> None:
    """Let a branch receive so many at a time from now on; a time that has more taken keeps what it has."""
    db.execute(update(Branch).where(Branch.id == branch_id).values(capacity=capacity))
    coming = (Slot.branch_id == branch_id, Slot.day > local_date(now), Slot.taken <= capacity)
    db.execute(update(Slot).where(*coming).values(capacity=capacity))
    note(db, by, "counters", branch_id, {"capacity": capacity}, now)


def set_weekend_day(db: Session, *, branch_id: int, weekday: int, by: Person = SYSTEM, now: datetime) -> None:
    """Choose the weekend day on which a branch takes papers in; days that are laid already stay as they are."""
    if not insert_once(db, WeekendDay, branch_id=branch_id, weekday=weekday):
        db.execute(update(WeekendDay).where(WeekendDay.branch_id == branch_id).values(weekday=weekday))
    note(db, by, "weekend_day", branch_id, {"weekday": weekday}, now)


def weekend_days(db: Session) -> dict[int, int]:
    """Give the weekend day of the branches that have chosen one."""
    return {row.branch_id: row.weekday for row in db.execute(select(WeekendDay.branch_id, WeekendDay.weekday))}


def close_day(db: Session, *, branch_id: int, day: date, reason: str, by: Person, now: datetime) -> bool:
    """Receive nobody on a day; visitors read the reason. Who has a place keeps it until staff move him."""
    values = {"branch_id": branch_id, "day": day, "reason": reason, "closed_by": by.user_id, "closed_at": now}
    done = insert_once(db, Closure, **values)
    if done:
        note(db, by, "day_closed", branch_id, {"day": str(day), "reason": reason}, now)
    return done


def reopen_day(db: Session, *, branch_id: int, day: date, by: Person, now: datetime) -> bool:
    """Receive visitors on a day after all."""
    done = rows_touched(db.execute(delete(Closure).where(Closure.branch_id == branch_id, Closure.day == day))) == 1
    if done:
        note(db, by, "day_reopened", branch_id, {"day": str(day)}, now)
    return done


def note(db: Session, by: Person, what: str, branch_id: int, told: dict[str, object], now: datetime) -> None:
    """Leave the audit row of a change of a branch."""
    audit.record(db, actor=by.actor, event=f"branch.{what}", object=f"branch:{branch_id}", detail=told, now=now)
