"""What pages read of bookings: branches, days with their reasons, places, the ledger and its views."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from portal import calendar
from portal.bookings import rules, terms
from portal.bookings.models import Booking, BookingEvent, Waiting
from portal.bookings.paper_models import Handover
from portal.bookings.place_models import Branch, Clerk, Closure, Hold, Slot
from portal.bookings.slots import WEEKEND
from portal.bookings.terms import Kind, State, Why
from portal.kit.clock import local_date


@dataclass(frozen=True)
class DayShown:
    """A day of the picker: how many places are free, or why there are none; `note` names the holiday."""

    day: date
    free: int
    why: Why | None
    note: str = ""
    is_weekend: bool = False


def open_branches(db: Session) -> Sequence[Any]:
    """Give the branches that can be visited."""
    return db.execute(select(*Branch.__table__.c).where(Branch.is_open).order_by(Branch.code)).all()


def branch_by_code(db: Session, code: str) -> Any:
    """Give an open branch by its code, or None."""
    return db.execute(select(*Branch.__table__.c).where(Branch.code == code, Branch.is_open)).first()


def days(db: Session, branch_id: int, now: datetime) -> list[DayShown]:
    """Give the coming days of a branch, those without places with the reason."""
    today = local_date(now)
    known = calendar.around(db, today).days
    rows = _free(db, Slot.branch_id == branch_id, Slot.day >= today)
    closed = closures(db, branch_id, today)
    coming = [today + timedelta(days=n) for n in range(rules.DAYS_SHOWN)]
    return [_shown(day, known, [row for row in rows if row.day == day], now, closed.get(day)) for day in coming]


def _shown(day: date, known: Any, rows: Sequence[Any], now: datetime, closed: str | None) -> DayShown:
    flags = known.get(day)
    if flags is None or not flags.confirmed:
        return DayShown(day, 0, Why.UNCONFIRMED)
    if closed:
        return DayShown(day, 0, Why.CLOSED, closed)
    if not rows:
        return DayShown(day, 0, Why.WEEKEND if flags.note == WEEKEND else Why.HOLIDAY, flags.note)
    ahead = [row for row in rows if row.starts_at - now >= rules.AHEAD]
    free = sum(row.free for row in ahead)
    why = None if free else Why.FULL if ahead else Why.OVER
    return DayShown(day, free, why, flags.note, rows[0].kind == terms.SlotKind.WEEKEND)


def closures(db: Session, branch_id: int, since: date) -> dict[date, str]:
    """Give the days on which a branch receives nobody, with the reasons."""
    here = (Closure.branch_id == branch_id, Closure.day >= since)
    return {row.day: row.reason for row in db.execute(select(Closure.day, Closure.reason).where(*here))}


def booked_by_day(db: Session, branch_id: int, since: date) -> dict[date, int]:
    """Count the visits that are booked at a branch, by day."""
    here = (Booking.branch_id == branch_id, Slot.day >= since, Booking.state.in_(rules.BEFORE_VISIT))
    counted = select(Slot.day, func.count(Booking.id)).join(Slot, Slot.id == Booking.slot_id).where(*here)
    return {row[0]: row[1] for row in db.execute(counted.group_by(Slot.day))}


def free_slots(
    db: Session, now: datetime, *, branch_id: int | None = None, until: date | None = None, branch: str = ""
) -> Sequence[Any]:
    """Give the coming times with free places at open branches, those that have just begun among them, for staff."""
    shut = exists().where(Closure.branch_id == Slot.branch_id, Closure.day == Slot.day)
    where = [
        Slot.taken < Slot.capacity,
        Slot.starts_at > now - rules.SLOT_LASTS,
        Branch.is_open,
        ~shut,
        at_branch(branch),
    ]
    where += [Slot.branch_id == branch_id] if branch_id else []
    where += [Slot.day <= until] if until else []
    columns = (
        Slot.id, Slot.day, Slot.starts_at, Slot.kind, Branch.code, Branch.name, Branch.name_en,
        (Slot.capacity - Slot.taken).label("free"),
    )  # fmt: skip
    joined = select(*columns).join(Branch, Branch.id == Slot.branch_id).where(*where)
    return db.execute(joined.order_by(Branch.code, Slot.starts_at)).all()


def slots_on(db: Session, branch_id: int, day: date, now: datetime) -> Sequence[Any]:
    """Give the times of a day that can still be chosen, with their free places."""
    rows = _free(db, Slot.branch_id == branch_id, Slot.day == day)
    return [row for row in rows if row.starts_at - now >= rules.AHEAD]


def _free(db: Session, *where: ColumnElement[bool]) -> Sequence[Any]:
    columns = (Slot.id, Slot.day, Slot.starts_at, Slot.kind, (Slot.capacity - Slot.taken).label("free"))
    return db.execute(select(*columns).where(*where).order_by(Slot.starts_at)).all()


def slot(db: Session, slot_id: int) -> Any:
    """Give a time with its branch, or None."""
    columns = (
        Slot.id, Slot.day, Slot.starts_at, Slot.kind, Slot.branch_id, Branch.code, Branch.name, Branch.name_en,
        Branch.address, Branch.address_en,
    )  # fmt: skip
    found = select(*columns).join(Branch, Branch.id == Slot.branch_id).where(Slot.id == slot_id, Branch.is_open)
    return db.execute(found).first()


def kept(db: Session, secret_hash: str, now: datetime) -> Any:
    """Give an open hold by its secret's hash, or None."""
    mine = (Hold.secret_hash == secret_hash, Hold.state == "open", Hold.lapses_at > now)
    return db.execute(select(Hold.id, Hold.slot_id, Hold.lapses_at).where(*mine)).first()


def by_number(db: Session, number: str) -> Booking | None:
    """Give a booking by its number, as an entity to change."""
    return db.scalar(select(Booking).where(Booking.number == number))


def by_link(db: Session, secret_hash: str) -> Booking | None:
    """Give the booking that a signed link leads to."""
    return db.scalar(select(Booking).where(Booking.link_hash == secret_hash))


def of_client(db: Session, client_id: int) -> Sequence[Any]:
    """Give a client's own bookings, newest first."""
    return db.execute(rows_of().where(Booking.client_id == client_id).order_by(Booking.id.desc()).limit(10)).all()


def numbers_at(db: Session, branch_ids: Collection[int], numbers: Collection[str]) -> set[str]:
    """Keep of some bookings' numbers those of some branches."""
    here = (Booking.number.in_(numbers), Booking.branch_id.in_(branch_ids))
    return set(db.scalars(select(Booking.number).where(*here)))


def row(db: Session, booking_id: int) -> Any:
    """Give a booking with its time, branch and handler."""
    return db.execute(rows_of().where(Booking.id == booking_id)).one()


def open_of_phone(db: Session, phone: str, purpose: str) -> str | None:
    """Give the number of a telephone's open booking."""
    mine = (Booking.phone == phone, Booking.purpose == purpose, Booking.is_open)
    return db.scalar(select(Booking.number).where(*mine))


def events(db: Session, booking_id: int) -> Sequence[Any]:
    """Give the lines of the ledger about a booking, oldest first."""
    mine = select(*BookingEvent.__table__.c).where(BookingEvent.booking_id == booking_id)
    return db.execute(mine.order_by(BookingEvent.id)).all()


def visits_on(db: Session, branch_id: int, day: date) -> Sequence[Any]:
    """Give who comes to a branch on a day, by time."""
    here = (Booking.branch_id == branch_id, Slot.day == day, Booking.state.not_in([State.CANCELLED]))
    return db.execute(rows_of().where(*here).order_by(Slot.starts_at, Booking.id)).all()


def handovers_on(db: Session, branch_id: int, day: date) -> Sequence[Any]:
    """Give who collects something at a branch on a day, or is brought it, by time."""
    columns = (Booking.number, Booking.name, Booking.phone, Handover.way, Handover.address, Handover.items,
               Handover.handed_at, Handover.signed_at, Slot.starts_at)  # fmt: skip
    joined = select(*columns).join(Booking, Booking.id == Handover.booking_id)
    joined = joined.outerjoin(Slot, Slot.id == Handover.slot_id).where(Booking.branch_id == branch_id)
    return db.execute(joined.where(or_(Slot.day == day, Handover.bring_on == day)).order_by(Slot.starts_at)).all()


def loads(db: Session, branch_id: int, today: date) -> list[tuple[int, int]]:
    """Give each handler of a branch who is there today, with the number of his open bookings."""
    mine = and_(Booking.assigned_to == Clerk.user_id, Booking.is_open)
    counted = select(Clerk.user_id, func.count(Booking.id)).outerjoin(Booking, mine)
    is_there = or_(Clerk.away_until.is_(None), Clerk.away_until < today)
    here = (Clerk.branch_id == branch_id, Clerk.is_present, is_there, Clerk.handles)
    return [(found[0], found[1]) for found in db.execute(counted.where(*here).group_by(Clerk.user_id))]


def clerks(db: Session, branch_id: int) -> Sequence[Any]:
    """Give who works at a branch."""
    return db.execute(select(*Clerk.__table__.c).where(Clerk.branch_id == branch_id).order_by(Clerk.name)).all()


def duplicates(db: Session, id_index: str, booking_id: int) -> Sequence[str]:
    """Give the numbers of other openings, running or done, under the same identity document."""
    same = (Booking.id_index == id_index, Booking.id != booking_id)
    alive = Booking.is_open | (Booking.state == State.EFFECTIVE)
    return db.scalars(select(Booking.number).where(*same, alive).order_by(Booking.id)).all()


def waiting_of(db: Session, branch_id: int, day: date) -> Waiting | None:
    """Give who has waited longest for a day."""
    here = (Waiting.branch_id == branch_id, Waiting.day == day, Waiting.state == "waiting")
    return db.scalar(select(Waiting).where(*here).order_by(Waiting.id).limit(1))


def at_branch(branch: str) -> ColumnElement[bool]:
    """Keep to one branch by its code; an empty one is all."""
    return Branch.code == branch if branch else true()


def _when(*verbs: str) -> Any:
    line = select(func.max(BookingEvent.at, type_=BookingEvent.at.type)).where(BookingEvent.booking_id == Booking.id)
    return line.where(BookingEvent.verb.in_(verbs)).correlate(Booking).scalar_subquery()


def rows_of() -> Select[Any]:
    """Select bookings with time, branch and handler, to be narrowed."""
    columns = (*Booking.__table__.c, Slot.starts_at, Slot.kind.label("slot_kind"), Branch.code.label("branch_code"),
               Branch.name.label("branch_name"), Branch.name_en.label("branch_name_en"), Branch.address,
               Branch.address_en, Clerk.name.label("staff_name"), _when("take_in", "precheck").label("handed_in_at"),
               _when("finish", "witness").label("done_at"))  # fmt: skip
    his = and_(Clerk.user_id == Booking.assigned_to, Clerk.branch_id == Booking.branch_id)
    joined = select(*columns).join(Slot, Slot.id == Booking.slot_id).join(Branch, Branch.id == Booking.branch_id)
    return joined.outerjoin(Clerk, his)


def openings(kind: str) -> bool:
    """Tell whether a visit is for opening an account."""
    return Kind(kind) in rules.OPENINGS
