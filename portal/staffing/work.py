"""All kinds of work that can be in somebody's hands: each room says its own, here they stand side by side."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from portal import (
    bookings,
    callbacks,
    clients,
    club,
    conversations,
    feedback,
    library,
    redemptions,
    suitability,
    tiers,
)
from portal.queues import Charge, Held

CHARGES: Sequence[Charge] = tuple(
    chain.from_iterable(
        room.CHARGES
        for room in (
            tiers, conversations, redemptions, suitability, clients, callbacks, bookings, club, feedback, library,
        )
    )
)  # fmt: skip
BY_NAME = {charge.name: charge for charge in CHARGES}


def held_by(db: Session, user_id: int, now: datetime) -> list[tuple[Charge, Sequence[Held]]]:
    """List all that is in somebody's hands, by kind; kinds of which he has nothing are left out."""
    found = [(charge, charge.held(db, user_id, now)) for charge in CHARGES]
    return [(charge, pieces) for charge, pieces in found if pieces]


def objections(db: Session, giver: int, taker: int) -> list[str]:
    """Give the sentences that say why a colleague can't take some of it."""
    return [said for charge in CHARGES if (said := charge.refusal(db, giver, taker))]


def loads(db: Session, now: datetime) -> dict[int, int]:
    """Count what everybody has in hand, a statement a kind however many people there are."""
    counts: Counter[int] = Counter()
    for charge in CHARGES:
        counts.update(charge.loads(db, now))
    return dict(counts)
