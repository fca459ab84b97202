"""The verbs of a redemption: a client asks and withdraws; staff endorse, approve, take back and reject."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import calendar, clients, points, products, queues, suitability, tiers
from portal.audit import SYSTEM, Person
from portal.kit import jobs
from portal.kit.clock import at, local_date
from portal.kit.numbers import next_number
from portal.redemptions import queries, rules
from portal.redemptions.means import Means, kept, means_of, unsuited, verdicts_on
from portal.redemptions.models import Redemption
from portal.redemptions.rules import Refusal, State, Verb
from portal.redemptions.steps import Outcome, end, move, stale, step, trace

BEGIN = "redemption.begin"


@dataclass(frozen=True)
class Promise:
    """When an answer is promised, and when the points go back if nobody has decided."""

    answered_by: datetime
    times_out_at: datetime


def request(
    db: Session, *, client: Person, client_id: int, offer: products.Offer, key: str, now: datetime
) -> Redemption | Refusal:
    """Hold the points and leave the request for staff to decide; the same key again gives the same request."""
    clients.lock(db, client_id)  # one client, one request at a time: a double click waits, then finds the first
    if made := queries.by_key(db, client_id, key):
        return made
    if not products.is_open(db, offer.item_version_id):
        return Refusal.NOT_ON_OFFER
    means = means_of(db, client_id, now, offer)
    if refusal := means.refusal_of(offer):
        if refusal in (Refusal.ABOVE_LEVEL, Refusal.LOWEST_CLASS):
            suitability.note_block(db, client_id, offer.service_key, now)
        return refusal
    promised = promise(db, means.tier, now)
    if promised is None:
        return Refusal.NO_CALENDAR
    number = next_number(db, "DH", local_date(now))
    held = points.hold(
        db, client_id=client_id, points=offer.points, key=f"redemption:{client_id}:{key}", ref_type="redemption",
        ref_id=number, timeout_at=promised.times_out_at, now=now, actor=client.actor,
    )  # fmt: skip
    if isinstance(held, points.Refusal):
        return Refusal.TOO_FEW_POINTS
    redemption = Redemption(
        number=number, request_key=key, client_id=client_id, item_version_id=offer.item_version_id, hold_id=held.id,
        points=offer.points, state=State.REQUESTED, version=1, requested_at=now, promised_at=promised.answered_by,
        times_out_at=promised.times_out_at, checks=_checks(means, offer),
    )  # fmt: skip
    db.add(redemption)
    db.flush()
    trace(db, redemption, "request", None, client, now)
    return redemption


def _checks(means: Means, offer: products.Offer) -> dict[str, Any]:
    """Give what was known when he asked: it stays with the request."""
    verdict = kept(means.verdicts.get(offer.item_version_id))
    return {"tier": means.tier, "suitability": verdict, "available_after": means.available - offer.points}


def promise(db: Session, tier: str, now: datetime) -> Promise | None:
    """Give what a request made now would be promised; None where the calendar ends: no empty promises."""
    today = local_date(now)
    try:
        last = calendar.workday_after(db, today, rules.TIME_OUT_WORKDAYS)
        answered_by = calendar.promised_at(db, now, tiers.promised_minutes(db, tier, today))
    except calendar.DayUnknown:
        return None
    return Promise(answered_by, at(last, rules.TIME_OUT_AT))


def endorse(db: Session, redemption: Redemption, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Support a request above the limit; somebody else decides it."""
    return step(db, redemption, Verb.ENDORSE, staff, now, seen=seen, told=note, endorsed_by=staff.user_id)


def approve(
    db: Session, redemption: Redemption, *, seen: int, staff: Person, reason: str, note: str, now: datetime
) -> Outcome:
    """Decide for the client; the effect begins in half a minute, until then it can be taken back."""
    needs_two = rules.needs_two(redemption.points)
    refusal = queues.may_decide(staff.user_id or 0, endorsed_by=redemption.endorsed_by, needs_two=needs_two)
    if refusal and redemption.version == seen:
        return refusal
    offer = products.known_offer(db, redemption.item_version_id)
    verdict = verdicts_on(db, redemption.client_id, [offer], now).get(offer.item_version_id)
    is_off = not products.is_open(db, redemption.item_version_id)  # compliance may have turned it off since
    refused = Refusal.NOT_ON_OFFER if is_off else unsuited(verdict)
    if refused and redemption.version == seen:
        return refused
    checks = {**redemption.checks, "suitability_at_approval": kept(verdict)}
    decided = {
        "decided_by": staff.user_id, "decided_at": now, "reason": reason, "note": note or None, "checks": checks,
    }  # fmt: skip
    outcome = step(db, redemption, Verb.APPROVE, staff, now, seen=seen, **decided)
    if isinstance(outcome, Redemption):
        points.keep(db, hold_id=redemption.hold_id, until=now + rules.HOLD_WHILE_SENDING, now=now)
        jobs.enqueue(db, BEGIN, _begin_key(redemption), {"number": redemption.number}, now + rules.UNDO_FOR)
    return outcome


def take_back(db: Session, redemption: Redemption, *, staff: Person, now: datetime) -> Outcome:
    """Take an approval back before its effect begins: the request stands in the queue again."""
    if redemption.state != State.APPROVED or redemption.decided_by != staff.user_id:
        return stale(db, redemption)
    if not jobs.cancel(db, _begin_key(redemption)):
        return Refusal.TOO_LATE
    points.keep(db, hold_id=redemption.hold_id, until=redemption.times_out_at, now=now)
    back = State.ENDORSED if redemption.endorsed_by else State.REQUESTED
    undecided: dict[str, Any] = {"decided_by": None, "decided_at": None, "reason": None, "note": None}
    undecided["checks"] = {key: kept for key, kept in redemption.checks.items() if key != "suitability_at_approval"}
    return move(db, redemption, Verb.TAKE_BACK, back, staff, now, seen=redemption.version, **undecided)


def reject(
    db: Session, redemption: Redemption, *, seen: int, staff: Person, reason: str, note: str, now: datetime
) -> Outcome:
    """Decide against it, with a reason; the points go back to their own lots."""
    if not reason or (reason == rules.Reason.OTHER and not note):
        return Refusal.NO_REASON
    decided = {"decided_by": staff.user_id, "decided_at": now, "reason": reason, "note": note or None}
    if redemption.endorsed_by == staff.user_id:  # who endorsed may withdraw that by rejecting; the row says so once
        decided["endorsed_by"] = None
    return end(db, redemption, Verb.REJECT, staff, now, seen=seen, **decided)


def cancel(db: Session, redemption: Redemption, *, client: Person, now: datetime) -> Outcome:
    """Let the client withdraw; the points go back at once."""
    return end(db, redemption, Verb.CANCEL, client, now, seen=redemption.version)


def time_out_due(db: Session, now: datetime) -> int:
    """Give back the points of every request that staff did not decide in time; gives how many."""
    late = [queries.by_number(db, number) for number in queries.timed_out(db, now)]
    ended = [end(db, each, Verb.TIME_OUT, SYSTEM, now, seen=each.version) for each in late if each]
    return sum(isinstance(each, Redemption) for each in ended)


def _begin_key(redemption: Redemption) -> str:
    return f"{BEGIN}:{redemption.number}:{redemption.version}"
