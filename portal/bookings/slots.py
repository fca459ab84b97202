"""Places: laid from the calendar, kept for a few minutes, taken and given back; the counter never passes capacity."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import calendar
from portal.bookings import rules
from portal.bookings.place_models import Branch, Closure, Hold, Slot, WeekendDay
from portal.bookings.terms import Refusal, SlotKind
from portal.identity import fingerprint, fresh_secret
from portal.kit.clock import at, local_date
from portal.kit.db import insert_once, rows_touched
from portal.kit.i18n import later

WEEKEND = later("周末")  # as the calendar's file calls an ordinary one


def lay_slots(db: Session, now: datetime) -> int:
    """Lay the places of the coming days that the calendar confirms; give how many were laid. A duty of the worker."""
    today = local_date(now)
    days = [today + timedelta(days=n) for n in range(rules.DAYS_SHOWN)]
    known = calendar.around(db, today).days
    branches = db.scalars(select(Branch).where(Branch.is_open).order_by(Branch.id)).all()
    weekend = {row.branch_id: row.weekday for row in db.execute(select(WeekendDay.branch_id, WeekendDay.weekday))}
    laid = select(Slot.branch_id, Slot.day).where(Slot.day >= today).distinct()
    done = {(row.branch_id, row.day) for row in db.execute(laid)}
    count = 0
    for branch in branches:
        for day in days:
            flags = known.get(day)
            if flags is None or not flags.confirmed or (branch.id, day) in done:
                continue
            count += sum(_lay(db, branch, day, flags, weekend.get(branch.id, rules.SATURDAY)))
    return count


def _lay(db: Session, branch: Branch, day: date, flags: calendar.Day, weekend_day: int) -> list[bool]:
    times: tuple[time, ...]
    if flags.is_workday:
        times, kind = rules.SLOT_TIMES, SlotKind.VISIT
    elif day.weekday() == weekend_day and flags.note == WEEKEND:
        times, kind = rules.WEEKEND_TIMES, SlotKind.WEEKEND
    else:
        return []
    same = {"branch_id": branch.id, "day": day, "kind": kind, "capacity": branch.capacity, "taken": 0}
    return [insert_once(db, Slot, **same, starts_at=at(day, clock)) for clock in times]


def hold(db: Session, slot_id: int, now: datetime, *, lasts: timedelta = rules.HOLD_FOR) -> tuple[str, int] | Refusal:
    """Keep a place for a few minutes; give the hold's secret and id. It counts as taken meanwhile."""
    if refusal := take(db, slot_id, now):
        return refusal
    secret = fresh_secret()
    kept = Hold(slot_id=slot_id, secret_hash=fingerprint(secret), lapses_at=now + lasts, state="open")
    db.add(kept)
    db.flush()
    return secret, kept.id


def take(db: Session, slot_id: int, now: datetime, *, ahead: timedelta = rules.AHEAD) -> Refusal | None:
    """Take a place, or say why not; holds that have lapsed give theirs back first.

    `ahead` is how long before its time a place can be had: below zero for who stands at the counter already.
    """
    slot = lock(db, slot_id)
    if slot is None or _is_closed(db, slot):
        return Refusal.NOT_BOOKABLE
    if slot.starts_at - now < ahead:
        return Refusal.TOO_LATE
    _give_back_lapsed(db, slot_id, now)
    room = (Slot.id == slot_id, Slot.taken < Slot.capacity)
    taken = rows_touched(db.execute(update(Slot).where(*room).values(taken=Slot.taken + 1)))
    return None if taken else Refusal.FULL


def _is_closed(db: Session, slot: Slot) -> bool:
    here = (Closure.branch_id == slot.branch_id, Closure.day == slot.day)
    return db.scalar(select(Closure.id).where(*here)) is not None


def use_hold(db: Session, hold_id: int, slot_id: int, now: datetime) -> bool:
    """Turn a hold into the place itself; False when it has lapsed, and then the place has to be taken anew."""
    lock(db, slot_id)
    mine = (Hold.id == hold_id, Hold.slot_id == slot_id, Hold.state == "open", Hold.lapses_at > now)
    return rows_touched(db.execute(update(Hold).where(*mine).values(state="used"))) == 1


def keep_longer(db: Session, hold_id: int, now: datetime) -> None:
    """Let a hold begin its minutes again, once its owner has asked for the code."""
    mine = (Hold.id == hold_id, Hold.state == "open", Hold.lapses_at > now)
    db.execute(update(Hold).where(*mine).values(lapses_at=now + rules.HOLD_FOR))


def let_go(db: Session, secret: str, now: datetime) -> None:
    """Give a kept place back at once: its owner has chosen another one."""
    row = db.execute(select(Hold.id, Hold.slot_id).where(Hold.secret_hash == fingerprint(secret))).first()
    if row:
        lock(db, row.slot_id)
        gone = update(Hold).where(Hold.id == row.id, Hold.state == "open").values(state="lapsed")
        if rows_touched(db.execute(gone)):
            give_back(db, row.slot_id)


def give_back(db: Session, slot_id: int, count: int = 1) -> None:
    """Give places back."""
    db.execute(update(Slot).where(Slot.id == slot_id).values(taken=Slot.taken - count))


def release_lapsed(db: Session, now: datetime) -> int:
    """Give back what was kept too long; give how many. A duty of the worker."""
    lapsed = (Hold.state == "open", Hold.lapses_at <= now)
    found = db.scalars(select(Hold.slot_id).where(*lapsed).distinct().order_by(Hold.slot_id)).all()
    count = 0
    for slot_id in found:
        lock(db, slot_id)
        count += _give_back_lapsed(db, slot_id, now)
    return count


def lock(db: Session, slot_id: int) -> Slot | None:
    """Let nobody else change a time's places until the transaction ends; every verb takes this lock first."""
    found = select(Slot).where(Slot.id == slot_id).with_for_update()
    return db.scalar(found, execution_options={"populate_existing": True})


def _give_back_lapsed(db: Session, slot_id: int, now: datetime) -> int:
    lapsed = (Hold.slot_id == slot_id, Hold.state == "open", Hold.lapses_at <= now)
    count = rows_touched(db.execute(update(Hold).where(*lapsed).values(state="lapsed")))
    if count:
        give_back(db, slot_id, count)
    return count
