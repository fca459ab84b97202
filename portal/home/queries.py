"""Gathers what the first page shows, each part from the room that keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clients, feedback, holdings, inbox, library, points, products, redemptions, tiers
from portal.home.rules import is_soon
from portal.identity import Visitor
from portal.kit.clock import local_date


@dataclass(frozen=True)
class Overview:
    """What a client sees first."""

    today: date
    client: Any
    book: holdings.Portfolio | None
    year: holdings.Year | None
    balance: points.Balance
    lots: Sequence[points.Lapse]
    tier: tiers.TierPeriod | None
    open: Sequence[Any]
    plans: Mapping[int, Any]
    score: clients.Completeness
    needs_second_factor: bool
    unread: int
    announcement: Any
    voices: Sequence[Any]

    @property
    def tier_until(self) -> date | None:
        """Give the last day of the client's tier."""
        return self.tier.valid_to - timedelta(days=1) if self.tier else None

    @property
    def lapse(self) -> points.Lapse | None:
        """Give the points that lapse soon."""
        lapse = self.balance.next_lapse
        return lapse if lapse and is_soon(lapse.on, self.today) else None

    @property
    def todo_count(self) -> int:
        """Count the things to do."""
        some = len(self.open) + len(self.voices)
        return some + bool(self.lapse) + self.needs_second_factor + bool(self.score.steps) + bool(self.unread)


def overview(db: Session, visitor: Visitor, now: datetime) -> Overview:
    """Gather a client's first page."""
    me, today = visitor.client_id, local_date(now)
    waiting, book = redemptions.open_of(db, me), holdings.portfolio_of(db, me)
    return Overview(
        today=today,
        client=clients.client_by_id(db, me),
        book=book,
        year=holdings.year_line(db, me, book),
        balance=points.balance(db, me, now),
        lots=points.lots(db, me, now),
        tier=tiers.current(db, me, today),
        open=waiting,
        plans=products.offers(db, {row.item_version_id for row in waiting}),
        score=clients.completeness(db, me, today),
        needs_second_factor=not visitor.has_second_factor,
        unread=inbox.unread(db, me),
        announcement=library.latest_announcement(db, today),
        voices=feedback.open_of(db, me),
    )
