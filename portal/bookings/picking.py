"""What several of the visitor's pages show: the picker of branch, day and time."""

from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal.bookings import queries, words
from portal.bookings.actions import Booked
from portal.bookings.models import Booking
from portal.bookings.terms import Refusal
from portal.doors import Now, PageMaker
from portal.identity import Visitor, fingerprint

HOLD, CODE = "place", "booking"
MaybeVisitor = Visitor | None


def picker(
    db: Session, page: PageMaker, visitor: MaybeVisitor, now: Now, *, refusal: Refusal | None = None
) -> Response[str]:
    """Show branches, days with their reasons, and the times of a day."""
    branches = queries.open_branches(db)
    chosen = queries.branch_by_code(db, page.query.get("branch", branches[0].code if branches else ""))
    days = queries.days(db, chosen.id, now) if chosen else []
    day = day_of(page.query.get("day", ""), days)
    own = queries.of_client(db, visitor.client_id) if visitor and visitor.client_id else []
    return page.show(
        "bookings/index.html", status=422 if refusal else 200, branches=branches, chosen=chosen, days=days, day=day,
        slots=queries.slots_on(db, chosen.id, day.day, now) if chosen and day else [], refusal=refusal, own=own,
        words=words.REFUSALS, whys=words.WHYS, states=words.STATES,
    )  # fmt: skip


def day_of(typed: str, days: list[queries.DayShown]) -> queries.DayShown | None:
    """Give the day of the address, or the first with a free place; a day beyond the calendar is none."""
    named = [day for day in days if str(day.day) == typed]
    return next(iter(named or [day for day in days if day.free]), None)


def one_of(choices: Any, typed: str | None, otherwise: Any) -> Any:
    """Give the choice that was typed, or another where it is none."""
    return choices(typed) if typed in set(choices) else otherwise


def lead_on(page: PageMaker, made: Booked) -> Response[Any]:
    """Lead to the booking that was made."""
    page.forget(HOLD)
    page.forget(CODE)
    return page.go("bookings.mine", key=made.secret)


def own(db: Session, page: PageMaker, visitor: MaybeVisitor, key: str) -> Booking:
    """Find a booking by its link's secret, or a signed-in client's own by its number; any other is not there."""
    booking = queries.by_link(db, fingerprint(key))
    if booking is None and visitor and visitor.client_id:
        numbered = queries.by_number(db, key)
        booking = numbered if numbered and numbered.client_id == visitor.client_id else None
    if booking is None:
        raise page.missing()
    return booking
