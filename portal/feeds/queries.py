"""Reads that a load needs of what stands already, and what it left for staff to look at."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.feeds.crosschecks import Before, Held
from portal.feeds.models import FeedBreak, FeedQuarantine, FeedRebase, FeedReview
from portal.feeds.rules import ReviewState, Verdict
from portal.statements import Account, AccountDay, Batch, CashBalance, Position, RateCard, Security, ShareMove

Line = Row[*tuple[Any, ...]]
STANDING = (Batch.is_current, Batch.kind == "feed")


def batches_of(db: Session, day: date) -> Sequence[Line]:
    """List every load of a business day, newest first: id, sequence, manifest_sha256, is_current."""
    wanted = select(Batch.id, Batch.sequence, Batch.manifest_sha256, Batch.is_current)
    return db.execute(wanted.where(Batch.kind == "feed", Batch.business_date == day).order_by(Batch.id.desc())).all()


def batch_before(db: Session, day: date) -> Line | None:
    """Give the latest standing day before a business day: id, manifest_sha256, business_date."""
    wanted = select(Batch.id, Batch.manifest_sha256, Batch.business_date).where(*STANDING, Batch.business_date < day)
    return db.execute(wanted.order_by(Batch.business_date.desc()).limit(1)).first()


def may_stand_on(db: Session, from_sha256: str, onto_sha256: str) -> bool:
    """Say whether two staff have let days made upon one manifest stand upon another."""
    wanted = select(FeedRebase.id).where(
        FeedRebase.from_sha256 == from_sha256,
        FeedRebase.onto_sha256 == onto_sha256,
        FeedRebase.approved_by.is_not(None),
    )
    return db.scalar(wanted) is not None


def account_ids(db: Session) -> dict[str, int]:
    """Give every account's id by its number."""
    return {row.account_no: row.id for row in db.execute(select(Account.account_no, Account.id))}


def security_types(db: Session) -> dict[tuple[str, str], str]:
    """Give every security's type by market and code."""
    wanted = select(Security.market, Security.code, Security.security_type)
    return {(row.market, row.code): row.security_type for row in db.execute(wanted)}


def cards_without_levies(db: Session, day: date) -> dict[str, bool]:
    """Say of each rate card, as valid on a day, whether the levies stand apart from its commission."""
    wanted = select(RateCard.card_no, RateCard.includes_levies).join(Batch, Batch.id == RateCard.batch_id)
    rows = db.execute(wanted.where(*STANDING, RateCard.valid_from <= day).order_by(RateCard.valid_from))
    return {row.card_no: not row.includes_levies for row in rows}


def before(db: Session, day: date, *only: ColumnElement[bool]) -> Before:
    """Gather what the standing feed days before a business day say, of all accounts or `only` of some."""
    previous = batch_before(db, day)
    if previous is None:
        return Before()
    met = select(Account.account_no).join(AccountDay, AccountDay.account_id == Account.id)
    met = met.join(Batch, Batch.id == AccountDay.batch_id).where(*STANDING, *only, Batch.business_date < day).distinct()
    closings, replayed = _closings(db, day, *only), _replayed(db, day, *only)
    return Before(frozenset(db.scalars(met)), closings, replayed, _positions(db, previous.id, *only))


def quarantined(db: Session, batch_id: int) -> Sequence[Line]:
    """List a batch's quarantined rows in their order: file, line, fault, verbatim, account_no."""
    columns = (FeedQuarantine.file, FeedQuarantine.line, FeedQuarantine.fault, FeedQuarantine.verbatim)
    wanted = select(*columns, Account.account_no).outerjoin(Account, Account.id == FeedQuarantine.account_id)
    return db.execute(wanted.where(FeedQuarantine.batch_id == batch_id).order_by(FeedQuarantine.id)).all()


def breaks(db: Session, batch_id: int) -> Sequence[Line]:
    """List a batch's breaks in their order: kind, account_no, expected, reported, difference, detail."""
    columns = (FeedBreak.expected, FeedBreak.reported, FeedBreak.difference, FeedBreak.detail)
    wanted = select(FeedBreak.kind, Account.account_no, *columns).join(Account, Account.id == FeedBreak.account_id)
    return db.execute(wanted.where(FeedBreak.batch_id == batch_id).order_by(FeedBreak.id)).all()


def _closings(db: Session, day: date, *only: ColumnElement[bool]) -> dict[tuple[str, str], Decimal]:
    last = (
        select(CashBalance.account_id, CashBalance.currency, func.max(CashBalance.on).label("on"))
        .join(Batch, Batch.id == CashBalance.batch_id)
        .where(*STANDING, CashBalance.on < day)
        .group_by(CashBalance.account_id, CashBalance.currency)
        .subquery()
    )
    same = (
        (CashBalance.account_id == last.c.account_id)
        & (CashBalance.currency == last.c.currency)
        & (CashBalance.on == last.c.on)
    )
    wanted = select(Account.account_no, CashBalance.currency, CashBalance.closing).select_from(CashBalance)
    wanted = wanted.join(last, same).join(Batch, Batch.id == CashBalance.batch_id)
    rows = db.execute(wanted.join(Account, Account.id == CashBalance.account_id).where(*STANDING, *only))
    return {(row.account_no, row.currency): row.closing for row in rows}


def _replayed(db: Session, day: date, *only: ColumnElement[bool]) -> dict[Held, Decimal]:
    key = (Account.account_no, ShareMove.holder_no, ShareMove.market, ShareMove.code)
    wanted = select(*key, func.sum(ShareMove.qty)).select_from(ShareMove)
    wanted = wanted.join(Batch, Batch.id == ShareMove.batch_id).join(Account, Account.id == ShareMove.account_id)
    rows = db.execute(wanted.where(*STANDING, *only, ShareMove.move_on < day).group_by(*key))
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _positions(db: Session, batch_id: int, *only: ColumnElement[bool]) -> dict[Held, Decimal]:
    wanted = select(Account.account_no, Position.holder_no, Position.market, Position.code, Position.qty_total)
    rows = db.execute(
        wanted.join(Account, Account.id == Position.account_id).where(Position.batch_id == batch_id, *only)
    )
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def owners(db: Session) -> dict[str, int]:
    """Give the client's id of every account by the account's number."""
    return {row.account_no: row.client_id for row in db.execute(select(Account.account_no, Account.client_id))}


def delivery_by_hash(db: Session, file_sha256: str) -> Line | None:
    """Find a delivery order that stands by its file's hash: id, account_id."""
    wanted = select(Batch.id, CashBalance.account_id).join(CashBalance, CashBalance.batch_id == Batch.id)
    mine = (Batch.kind == "delivery_order", Batch.is_current, Batch.manifest_sha256 == file_sha256)
    return db.execute(wanted.where(*mine).limit(1)).first()


def days_known(db: Session, account_id: int, days: Collection[date]) -> list[date]:
    """Name those of some days that an account's ledger has already."""
    wanted = select(CashBalance.on).join(Batch, Batch.id == CashBalance.batch_id).distinct().order_by(CashBalance.on)
    return list(
        db.scalars(wanted.where(Batch.is_current, CashBalance.account_id == account_id, CashBalance.on.in_(days)))
    )


_CLOSED = and_(FeedReview.state == ReviewState.SETTLED, FeedReview.verdict != Verdict.WAIT)


def open_rows(db: Session, batch_id: int, account_id: int) -> int:
    """Count an account's quarantined rows of a batch that nobody has released or rejected yet."""
    wanted = select(func.count(FeedQuarantine.id)).outerjoin(FeedReview, FeedReview.quarantine_id == FeedQuarantine.id)
    mine = (FeedQuarantine.batch_id == batch_id, FeedQuarantine.account_id == account_id)
    still = or_(FeedReview.quarantine_id.is_(None), ~_CLOSED)
    return db.scalar(wanted.where(*mine, still)) or 0


def row_of(db: Session, row_id: int) -> Line | None:
    """Give one quarantined row with its day and its review, or None."""
    return db.execute(_quarantine().where(FeedQuarantine.id == row_id)).one_or_none()


def rows_of_day(db: Session, day: date) -> Sequence[Line]:
    """List the quarantined rows of the batch that stands for a day, in their order, each with its review."""
    return db.execute(_quarantine().where(*STANDING, Batch.business_date == day).order_by(FeedQuarantine.id)).all()


def breaks_of_day(db: Session, day: date) -> Sequence[Line]:
    """List the breaks of the batch that stands for a day: kind, account_no, expected, reported, difference, detail."""
    columns = (FeedBreak.expected, FeedBreak.reported, FeedBreak.difference, FeedBreak.detail)
    wanted = select(FeedBreak.kind, Account.account_no, *columns).join(Account, Account.id == FeedBreak.account_id)
    wanted = wanted.join(Batch, Batch.id == FeedBreak.batch_id)
    return db.execute(wanted.where(*STANDING, Batch.business_date == day).order_by(FeedBreak.id)).all()


def loads(db: Session) -> Sequence[Line]:
    """List every load of every feed day, oldest first: id, business_date, sequence, is_current, loaded_at, hashes."""
    columns = (Batch.id, Batch.business_date, Batch.sequence, Batch.is_current, Batch.loaded_at)
    wanted = select(*columns, Batch.manifest_sha256, Batch.previous_sha256).where(Batch.kind == "feed")
    return db.execute(wanted.order_by(Batch.business_date, Batch.id)).all()


def troubles(db: Session) -> dict[int, tuple[int, int]]:
    """Count by standing batch the quarantined rows that are still open and the breaks."""
    wanted = select(FeedQuarantine.batch_id, func.count(FeedQuarantine.id)).join(
        Batch, Batch.id == FeedQuarantine.batch_id
    )
    wanted = wanted.outerjoin(FeedReview, FeedReview.quarantine_id == FeedQuarantine.id).where(
        *STANDING, or_(FeedReview.quarantine_id.is_(None), ~_CLOSED)
    )
    rows = {row[0]: row[1] for row in db.execute(wanted.group_by(FeedQuarantine.batch_id))}
    broken = select(FeedBreak.batch_id, func.count(FeedBreak.id)).join(Batch, Batch.id == FeedBreak.batch_id)
    found = {row[0]: row[1] for row in db.execute(broken.where(*STANDING).group_by(FeedBreak.batch_id))}
    return {batch: (rows.get(batch, 0), found.get(batch, 0)) for batch in rows.keys() | found.keys()}


def days_from(db: Session, account_id: int, day: date) -> Sequence[Line]:
    """List the standing feed days of an account from one day on: batch_id, business_date."""
    wanted = select(Batch.id.label("batch_id"), Batch.business_date).join(AccountDay, AccountDay.batch_id == Batch.id)
    mine = (*STANDING, AccountDay.account_id == account_id, Batch.business_date >= day)
    return db.execute(wanted.where(*mine).distinct().order_by(Batch.business_date)).all()


def rebases(db: Session) -> Sequence[FeedRebase]:
    """List the asked and approved rebases, newest first."""
    return db.scalars(select(FeedRebase).order_by(FeedRebase.id.desc()).limit(100)).all()


def _quarantine() -> Select[*tuple[Any, ...]]:
    row, review = FeedQuarantine, FeedReview
    return (
        select(
            row.id, row.batch_id, row.file, row.line, row.fault, row.verbatim, row.account_id, Account.account_no,
            Batch.business_date, Batch.is_current, review.verdict, review.reason, review.state, review.version,
            review.proposed_by, review.proposed_at, review.decided_by, review.decided_at,
        )
        .join(Batch, Batch.id == row.batch_id)
        .outerjoin(Account, Account.id == row.account_id)
        .outerjoin(review, review.quarantine_id == row.id)
    )  # fmt: skip
