"""Tell every client of an announcement, some hundred at a time: it stands in the inbox, as it was published."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import clients, inbox
from portal.inbox import Letter, Topic, Weight
from portal.kit.clock import local_date
from portal.library import queries
from portal.library.models import Telling

AT_ONCE = 200  # clients a round, so that nobody waits long behind it


def begin_telling(db: Session, piece_id: int, edition: int) -> None:
    """Note that an announcement is to be told to every client there is."""
    db.execute(insert(Telling).values(piece_id=piece_id, edition=edition, told_to=0, is_done=False))


def tell_announcements(db: Session, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Tell the next clients of the oldest announcement that is not told to all; gives how many. A duty."""
    open_ = select(*Telling.__table__.c).where(Telling.is_done.is_(False)).order_by(Telling.id).limit(1)
    row = db.execute(open_.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return 0
    piece = queries.announced(db, row.piece_id, row.edition, local_date(now))
    people = clients.ids_after(db, row.told_to, at_once) if piece else []  # what no longer holds is told to nobody
    for client_id in people:
        if piece:
            _deliver(db, piece, client_id, now)
    last = {"told_to": people[-1] if people else row.told_to, "is_done": len(people) < at_once}
    db.execute(update(Telling).where(Telling.id == row.id, Telling.told_to == row.told_to).values(**last))
    return len(people)


def _deliver(db: Session, piece: queries.Announced, client_id: int, now: datetime) -> None:
    letter = Letter(
        Topic.LIBRARY, piece.title_zh, piece.summary_zh, Weight.QUIET, page="library.show",
        place={"number": piece.number}, english={"title": piece.title_en, "text": piece.summary_en},
    )  # fmt: skip
    key = f"library.announced:{piece.number}:{piece.edition}:{client_id}"
    inbox.deliver(db, letter, client_id=client_id, key=key, now=now)
