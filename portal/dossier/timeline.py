"""One client's days in one line: the pieces of every room that a viewer may enter, joined in one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal import (
    bookings,
    callbacks,
    clients,
    club,
    conversations,
    feedback,
    identity,
    inbox,
    library,
    points,
    products,
    redemptions,
    statements,
    suitability,
    tiers,
)
from portal.dossier import notes
from portal.kit import timeline
from portal.kit.timeline import Mark, Piece

MOMENTS: tuple[Piece, ...] = (
    *statements.MOMENTS, *points.MOMENTS, *redemptions.MOMENTS, *products.MOMENTS, *suitability.MOMENTS,
    *tiers.MOMENTS, *bookings.MOMENTS, *callbacks.MOMENTS, *feedback.MOMENTS, *conversations.MOMENTS,
    *clients.MOMENTS, *inbox.MOMENTS, *club.MOMENTS, *library.MOMENTS, *identity.MOMENTS,
    *notes.MOMENTS,
)  # fmt: skip
WAITING: tuple[Piece, ...] = (
    *redemptions.WAITING, *points.WAITING, *suitability.WAITING, *bookings.WAITING, *callbacks.WAITING,
    *feedback.WAITING, *conversations.WAITING, *clients.WAITING, *club.WAITING,
)  # fmt: skip
BY_NAME = {each.name: each for each in MOMENTS}
WAITING_BY_NAME = {each.name: each for each in WAITING}
May = Callable[[str], bool]


@dataclass(frozen=True)
class Timeline:
    """A page of somebody's days: each row with its piece, who acted by name, and where the next page begins."""

    rows: Sequence[tuple[Piece, Any]]
    more: str
    names: dict[str, str]


def kinds_for(may: May) -> list[str]:
    """Name the kinds that a viewer may see, in the order of the pieces."""
    return list(dict.fromkeys(each.kind for each in MOMENTS if _seen(each, may)))


def timeline_of(
    db: Session, client_id: int, *, may: May, kinds: Sequence[str] = (), before: Mark | None = None
) -> Timeline:
    """Give a page of a client's days, newest first: of the kinds that were asked for, or of all that may be seen."""
    pieces = [each for each in MOMENTS if _seen(each, may) and (not kinds or each.kind in kinds)]
    found = timeline.newest(db, pieces, client_id, before=before)
    rows = found[: timeline.PAGE]
    more = str(timeline.mark_of(rows[-1])) if len(found) > len(rows) else ""
    return Timeline([(BY_NAME[row.name], row) for row in rows], more, names_in(db, rows))


def waiting_for(db: Session, client_id: int, *, may: May) -> Sequence[tuple[Piece, Any]]:
    """Give what is open with a client in the rooms that a viewer may enter, what is due first in front."""
    found = timeline.waiting(db, [each for each in WAITING if _seen(each, may)], client_id)
    return [(WAITING_BY_NAME[row.name], row) for row in found]


def names_in(db: Session, rows: Sequence[Any]) -> dict[str, str]:
    """Name the members of staff whom rows know by number alone."""
    if not any((row.by or "").startswith("staff:") for row in rows):
        return {}
    return {f"staff:{id}": name for id, name in identity.staff_names(db).items()}


def _seen(piece: Piece, may: May) -> bool:
    return not piece.door or may(piece.door)
