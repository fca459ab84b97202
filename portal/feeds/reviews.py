"""What staff make of a quarantined row, and of a day that lost its ground: one proposes, another decides."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit, clients, identity, queues
from portal.feeds import booking, checks, queries, recheck
from portal.feeds.actions import approve_rebase, ask_rebase
from portal.feeds.checks import Known, Row
from portal.feeds.models import FeedRebase, FeedReview
from portal.feeds.rules import Fault, Refusal, ReviewState, Verdict, is_closed, may_be_booked
from portal.identity import Visitor
from portal.kit.db import insert_once, rows_touched
from portal.queues import Stale
from portal.statements import AccountDay, Batch

Outcome = Refusal | queues.Refusal | Stale | None


@dataclass(frozen=True)
class Found:
    """A quarantined row read once more: its values and its account, or why it can't be booked."""

    row: Row | None
    account_id: int | None


def propose(
    db: Session, row_id: int, *, verdict: Verdict, reason: str, seen: int, staff: Visitor, now: datetime
) -> Outcome:
    """Say what should become of a row; somebody else settles it. None when it is done."""
    row = _locked(db, row_id)
    if refusal := _shut(row) or _stale(db, row, seen):
        return refusal
    if verdict is Verdict.RELEASE and reread(db, row).row is None:
        return Refusal.NOT_BOOKABLE
    told: dict[str, Any] = {"verdict": verdict, "reason": reason, "state": ReviewState.PROPOSED, "version": seen + 1}
    told |= {"proposed_by": staff.user_id, "proposed_at": now, "decided_by": None, "decided_at": None}
    if not _write(db, row_id, seen, told):
        return _stale_now(db, row_id)
    _trace(db, row, "feed.row_proposed", staff, now, verdict=verdict, reason=reason)
    return None


def settle(db: Session, row_id: int, *, seen: int, staff: Visitor, now: datetime) -> Outcome:
    """Agree: a released row enters the ledger and its account is checked again; a rejected one counts no more."""
    row = _locked(db, row_id)
    if refusal := _shut(row) or _stale(db, row, seen):
        return refusal
    if row.state != ReviewState.PROPOSED:
        return Refusal.NOT_PROPOSED
    if refusal_ := queues.may_decide(staff.user_id, endorsed_by=row.proposed_by, needs_two=True):
        return refusal_
    found = reread(db, row)
    if row.verdict == Verdict.RELEASE and found.row is None:
        return Refusal.NOT_BOOKABLE
    decided = {"state": ReviewState.SETTLED, "version": seen + 1, "decided_by": staff.user_id, "decided_at": now}
    if not _write(db, row_id, seen, decided):
        return _stale_now(db, row_id)
    breaks = _release(db, row, found) if row.verdict == Verdict.RELEASE else None
    if row.verdict == Verdict.REJECT and row.account_id:
        recheck.count(db, row.batch_id, row.account_id)
    _trace(db, row, f"feed.row_{row.verdict}", staff, now, proposed_by=row.proposed_by, breaks_left=breaks)
    return None


def decline(db: Session, row_id: int, *, seen: int, staff: Visitor, now: datetime) -> Outcome:
    """Disagree, or take one's own proposal back: the row waits for another one."""
    row = _locked(db, row_id)
    if refusal := _shut(row) or _stale(db, row, seen):
        return refusal
    if row.state != ReviewState.PROPOSED:
        return Refusal.NOT_PROPOSED
    by = None if staff.user_id == row.proposed_by else staff.user_id
    declined = {"state": ReviewState.DECLINED, "version": seen + 1, "decided_by": by, "decided_at": now}
    if not _write(db, row_id, seen, declined):
        return _stale_now(db, row_id)
    _trace(db, row, "feed.row_declined", staff, now, verdict=row.verdict)
    return None


def reread(db: Session, row: Any) -> Found:
    """Check a quarantined row again with what is known now; its values only where it may be booked."""
    file = row.file.removesuffix(".csv")
    if file not in booking.TARGETS:
        return Found(None, row.account_id)
    accounts = queries.account_ids(db)
    known = Known(row.business_date, set(clients.ids_by_no(db)), set(accounts), queries.security_types(db))
    values, fault = checks.again(file, row.line, next(csv.reader([row.verbatim]), []), known)
    may = values is not None and may_be_booked(Fault(row.fault), fault)
    account_id = accounts.get((values or {}).get("account_no", ""), row.account_id)
    return Found(values if may else None, account_id)


def ask_for_rebase(db: Session, day: date, *, reason: str, staff: Visitor, now: datetime) -> Refusal | None:
    """Ask that a day which lost its ground may stand upon the corrected day before it."""
    loads = queries.batches_of(db, day)
    previous = queries.batch_before(db, day)
    if not loads or any(load.is_current for load in loads) or previous is None:
        return Refusal.NO_GROUND
    stood_on = db.scalars(select(Batch.previous_sha256).where(Batch.id == loads[0].id)).one()
    asked = (FeedRebase.from_sha256 == stood_on, FeedRebase.onto_sha256 == previous.manifest_sha256)
    if stood_on == previous.manifest_sha256 or db.scalar(select(FeedRebase.id).where(*asked)):
        return Refusal.ASKED_ALREADY
    ask_rebase(db, stood_on, previous.manifest_sha256, reason=reason, staff_id=staff.user_id, now=now)
    detail = {"from": stood_on, "onto": previous.manifest_sha256, "reason": reason}
    audit.record(db, actor=staff.actor, event="feed.rebase_asked", object=f"feed:{day}", detail=detail, now=now)
    return None


def agree_to_rebase(db: Session, rebase_id: int, *, staff: Visitor, now: datetime) -> queues.Refusal | None:
    """Approve a rebase that somebody else asked for."""
    if not approve_rebase(db, rebase_id, staff_id=staff.user_id, now=now):
        return queues.Refusal.SAME_PERSON
    what = f"feed.rebase:{rebase_id}"
    audit.record(db, actor=staff.actor, event="feed.rebase_approved", object=what, detail={}, now=now)
    return None


def _locked(db: Session, row_id: int) -> Any:
    row = queries.row_of(db, row_id)
    if row is None:
        return None
    # A day that is being sent anew waits for us, or we for it.
    db.execute(select(Batch.id).where(Batch.id == row.batch_id).with_for_update())
    return queries.row_of(db, row_id)


def _shut(row: Any) -> Refusal | None:
    if row is None or not row.is_current:
        return Refusal.SUPERSEDED
    return None


def _stale(db: Session, row: Any, seen: int) -> Stale | Refusal | None:
    if seen != (row.version or 0):
        return _told(db, row)
    return Refusal.CLOSED if is_closed(row.verdict, row.state) else None


def _stale_now(db: Session, row_id: int) -> Stale:
    return _told(db, queries.row_of(db, row_id))


def _told(db: Session, row: Any) -> Stale:
    by, at = row.decided_by or row.proposed_by, row.decided_at or row.proposed_at
    return Stale(identity.name_of(db, by), at, row.state)


def _write(db: Session, row_id: int, seen: int, told: dict[str, Any]) -> bool:
    if seen == 0:
        return insert_once(db, FeedReview.__table__, quarantine_id=row_id, **told)
    here = (FeedReview.quarantine_id == row_id, FeedReview.version == seen)
    return rows_touched(db.execute(update(FeedReview).where(*here).values(**told))) == 1


def _release(db: Session, row: Any, found: Found) -> int:
    """Book the row by the loader's own code and check its account again; gives the breaks of its day."""
    file, account_id = row.file.removesuffix(".csv"), found.account_id
    accounts = queries.account_ids(db)
    told = recheck.traded_commission(db, row.batch_id, account_id) if account_id else None
    booking.book(db, row.batch_id, row.business_date, file, [found.row or {}], accounts)
    if account_id is None or told is None:
        return 0
    mine = (AccountDay.batch_id == row.batch_id, AccountDay.account_id == account_id)
    if db.scalar(select(AccountDay.id).where(*mine)) is None:
        booking.book_account_days(db, row.batch_id, {(account_id, row.business_date): 0})
    return len(recheck.run(db, account_id, row.business_date, told))


def _trace(db: Session, row: Any, event: str, staff: Visitor, now: datetime, **detail: Any) -> None:
    detail |= {"day": row.business_date.isoformat(), "file": row.file, "line": row.line, "fault": row.fault}
    audit.record(db, actor=staff.actor, event=event, object=f"feed.row:{row.id}", detail=detail, now=now)
