"""The clocks of every queue that have run out: which rooms are watched, and the round that tells of what is late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import bookings, callbacks, conversations, feedback, queues, redemptions
from portal.identity import Role, Visitor
from portal.queues import Reader, Side, Watch

# A room is watched by its line here: its own `watch.py` says what is late and who owes it.
WATCHES: Sequence[Watch] = (
    redemptions.WATCH, bookings.WATCH, callbacks.WATCH, feedback.WATCH, conversations.WATCH,
)  # fmt: skip
BY_QUEUE = {watch.queue: watch for watch in WATCHES}


def tell_late(db: Session, now: datetime) -> int:
    """Tell of every promise whose clock has run out, once (a duty)."""
    return sum(queues.tell(db, watch, now) for watch in WATCHES)


def reader_of(staff: Visitor) -> Reader:
    """Give how far somebody sees: a manager all, staff of a branch the branch's, an adviser what he owes himself."""
    branch_no = "" if staff.may_see_branch(None) else staff.branch_no
    return Reader(staff.user_id, branch_no, Role.MANAGER in staff.roles, staff.sees_own_clients_alone)


def still_late(db: Session, now: datetime) -> set[tuple[Any, ...]]:
    """Name what is late at this moment, so that a row of the list can say whether it is done since."""
    return {
        (watch.queue, each.ref, each.promise, each.promised_at) for watch in WATCHES for each in watch.late(db, now)
    }


def side_for(staff: Visitor, escalation: Any) -> Side | None:
    """Say for which side somebody takes note, or None."""
    is_manager = Role.MANAGER in staff.roles
    return queues.side_of(staff.user_id, is_manager=is_manager, responsible_id=escalation.responsible_id)
