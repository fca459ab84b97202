"""The page 我手上: all that is in a colleague's own hands, whatever room it comes from, what ends first in front."""

from collections.abc import Sequence

from litestar import Response

from portal import clients, identity
from portal.doors import Db, Now, Page, Role, Staff, get, staff_of
from portal.queues import Charge, Held
from portal.staffing import queries, work
from portal.staffing.forms import KINDS, STATES

SEES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)
Pieces = Sequence[tuple[Charge, Sequence[Held]]]


@get("/desk/mine", name="staffing.mine", guard=SEES)
def mine(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show what somebody has in hand: first what was promised by a time, then the rest by kind."""
    pieces = work.held_by(db, staff.user_id, now)
    rows, takes = promised(pieces), queries.takes_for(db, staff.user_id)
    people = clients.names_of(db, {it.client_id for _, it in rows if it.client_id})
    return page.show(
        "staffing/mine.html", rows=rows, pieces=lasting(pieces), takes=takes, kinds=KINDS, states=STATES, now=now,
        people={id: clients.masked_name(row.name) for id, row in people.items()},
        colleagues=identity.staff_names(db) if takes else {},
    )  # fmt: skip


def promised(pieces: Pieces) -> list[tuple[Charge, Held]]:
    """Give the pieces that have an end, the earliest in front."""
    found = [(it.due_at, charge.name, it.id, charge, it) for charge, held in pieces for it in held if it.due_at]
    return [(charge, it) for *_, charge, it in sorted(found, key=lambda each: each[:3])]


def lasting(pieces: Pieces) -> list[tuple[Charge, Sequence[Held]]]:
    """Give by kind what has no end, the clients of an adviser among it."""
    found = [(charge, [it for it in held if it.due_at is None]) for charge, held in pieces]
    return [(charge, held) for charge, held in found if held]


pages = [mine]
