"""The verbs of a redemption: each one compare-and-set, with its event, audit row and points in one transaction."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit, calendar, clients, points, products, queues, sms, suitability, tiers
from portal.kit import jobs
from portal.kit.clock import at, local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number
from portal.queues import Stale
from portal.redemptions import queries, rules
from portal.redemptions.models import Redemption, RedemptionEvent
from portal.redemptions.rules import Refusal, State, Verb

BEGIN = "redemption.begin"
HOLD_WHILE_SENDING = timedelta(days=30)  # an approved request keeps its points while a gateway is down


@dataclass(frozen=True)
class Person:
    """Who acts: the name in the audit trail and the name that people read."""

    actor: str
    name: str
    user_id: int | None = None


SYSTEM = Person("system", "")


@dataclass(frozen=True)
class Promise:
    """When an answer is promised, and when the points go back if nobody has decided."""

    answered_by: datetime
    times_out_at: datetime


@dataclass(frozen=True)
class Means:
    """What a client can bring to any offer; `runs` counts by item what he has or has asked for.

    `verdicts` say by version of the offer whether it matches his risk assessment, where it needs one.
    """

    available: int
    tier: str
    has_mobile: bool
    runs: Counter[int]
    verdicts: Mapping[int, suitability.Verdict]

    def refusal_of(self, offer: products.Offer) -> Refusal | None:
        """Say why he can't have an offer, or None: the shop and the request ask the same rule."""
        return rules.request_refusal(
            available=self.available,
            price=offer.points,
            tier_suffices=tiers.is_at_least(self.tier, offer.min_tier),
            unsuited=_unsuited(self.verdicts.get(offer.item_version_id)),
            running=self.runs[offer.item_id],
            limit=offer.per_client_limit,
            has_mobile=self.has_mobile or offer.kind != products.Kind.SMS,
            has_tier=bool(offer.grants_tier and tiers.is_at_least(self.tier, offer.grants_tier)),
        )


Outcome = Redemption | Refusal | queues.Refusal | queues.AlreadyClaimed | Stale


def request(
    db: Session, *, client: Person, client_id: int, offer: products.Offer, key: str, now: datetime
) -> Redemption | Refusal:
    """Hold the points and leave the request for staff to decide; the same key again gives the same request."""
    clients.lock(db, client_id)  # one client, one request at a time: a double click waits, then finds the first
    if made := queries.by_key(db, client_id, key):
        return made
    today = local_date(now)
    means = means_of(db, client_id, now, offer)
    if refusal := means.refusal_of(offer):
        if refusal in (Refusal.ABOVE_LEVEL, Refusal.LOWEST_CLASS):
            suitability.note_block(db, client_id, offer.service_key, now)
        return refusal
    promised = promise(db, means.tier, now)
    if promised is None:
        return Refusal.NO_CALENDAR
    number = next_number(db, "DH", today)
    held = points.hold(
        db, client_id=client_id, points=offer.points, key=f"redemption:{client_id}:{key}", ref_type="redemption",
        ref_id=number, timeout_at=promised.times_out_at, now=now, actor=client.actor,
    )  # fmt: skip
    if isinstance(held, points.Refusal):
        return Refusal.TOO_FEW_POINTS
    redemption = Redemption(
        number=number, request_key=key, client_id=client_id, item_version_id=offer.item_version_id, hold_id=held.id,
        points=offer.points, state=State.REQUESTED, version=1, requested_at=now, times_out_at=promised.times_out_at,
        checks={
            "tier": means.tier, "suitability": _kept(means.verdicts.get(offer.item_version_id)),
            "available_after": means.available - offer.points,
        },
        promised_at=promised.answered_by,
    )  # fmt: skip
    db.add(redemption)
    db.flush()
    _trace(db, redemption, "request", None, client, now)
    return redemption


def promise(db: Session, tier: str, now: datetime) -> Promise | None:
    """Give what a request made now would be promised; None where the calendar ends: no empty promises."""
    today = local_date(now)
    try:
        last = calendar.workday_after(db, today, rules.TIME_OUT_WORKDAYS)
        answered_by = calendar.promised_at(db, now, tiers.promised_minutes(tier, today))
    except calendar.DayUnknown:
        return None
    return Promise(answered_by, at(last, rules.TIME_OUT_AT))


def means_of(db: Session, client_id: int, now: datetime, *asked: products.Offer) -> Means:
    """Read once what decides about every offer: points, tier, telephone, what runs already, what matches."""
    today = local_date(now)
    requests = queries.running(db, client_id)
    plans = products.offers(db, requests)
    runs = Counter(products.running(db, client_id, today))
    for version, count in requests.items():
        runs[plans[version].item_id] += count
    return Means(
        available=points.balance(db, client_id, now).available,
        tier=tiers.tier_on(db, client_id, today),
        has_mobile=bool(clients.mobile(db, client_id)),
        runs=runs,
        verdicts=_verdicts(db, client_id, [*products.on_offer(db, now), *asked], now),
    )


def _verdicts(
    db: Session, client_id: int, offers: Sequence[products.Offer], now: datetime
) -> dict[int, suitability.Verdict]:
    needing = [offer for offer in offers if offer.needs_assessment]
    standing = suitability.standing(db, client_id) if needing else None
    return {
        offer.item_version_id: suitability.judged(
            db, standing, now, risk_class=offer.risk_class, service_kind=offer.service_key
        )
        for offer in needing
    }


def _unsuited(verdict: suitability.Verdict | None) -> Refusal | None:
    return None if verdict is None or verdict.ok else Refusal(verdict.code.value)


def _kept(verdict: suitability.Verdict | None) -> Any:
    return verdict.kept() if verdict else "not_needed"


def endorse(db: Session, redemption: Redemption, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Support a request above the limit; somebody else decides it."""
    return _step(db, redemption, Verb.ENDORSE, staff, now, seen=seen, told=note, endorsed_by=staff.user_id)


def approve(
    db: Session, redemption: Redemption, *, seen: int, staff: Person, reason: str, note: str, now: datetime
) -> Outcome:
    """Decide for the client; the effect begins in half a minute, until then it can be taken back."""
    needs_two = rules.needs_two(redemption.points)
    refusal = queues.may_decide(staff.user_id or 0, endorsed_by=redemption.endorsed_by, needs_two=needs_two)
    if refusal and redemption.version == seen:
        return refusal
    offer = products.known_offer(db, redemption.item_version_id)
    verdict = _verdicts(db, redemption.client_id, [offer], now).get(offer.item_version_id)
    if (unsuited := _unsuited(verdict)) and redemption.version == seen:
        return unsuited
    checks = {**redemption.checks, "suitability_at_approval": _kept(verdict)}
    decided = {
        "decided_by": staff.user_id, "decided_at": now, "reason": reason, "note": note or None, "checks": checks,
    }  # fmt: skip
    outcome = _step(db, redemption, Verb.APPROVE, staff, now, seen=seen, **decided)
    if isinstance(outcome, Redemption):
        points.keep(db, hold_id=redemption.hold_id, until=now + HOLD_WHILE_SENDING, now=now)
        jobs.enqueue(db, BEGIN, _begin_key(redemption), {"number": redemption.number}, now + rules.UNDO_FOR)
    return outcome


def take_back(db: Session, redemption: Redemption, *, staff: Person, now: datetime) -> Outcome:
    """Take an approval back before its effect begins: the request stands in the queue again."""
    if redemption.state != State.APPROVED or redemption.decided_by != staff.user_id:
        return _stale(db, redemption)
    if not jobs.cancel(db, _begin_key(redemption)):
        return Refusal.TOO_LATE
    points.keep(db, hold_id=redemption.hold_id, until=redemption.times_out_at, now=now)
    back = State.ENDORSED if redemption.endorsed_by else State.REQUESTED
    undecided: dict[str, Any] = {"decided_by": None, "decided_at": None, "reason": None, "note": None}
    undecided["checks"] = {key: kept for key, kept in redemption.checks.items() if key != "suitability_at_approval"}
    return _move(db, redemption, Verb.TAKE_BACK, back, staff, now, seen=redemption.version, **undecided)


def reject(
    db: Session, redemption: Redemption, *, seen: int, staff: Person, reason: str, note: str, now: datetime
) -> Outcome:
    """Decide against it, with a reason; the points go back to their own lots."""
    if not reason or (reason == rules.Reason.OTHER and not note):
        return Refusal.NO_REASON
    decided = {"decided_by": staff.user_id, "decided_at": now, "reason": reason, "note": note or None}
    if redemption.endorsed_by == staff.user_id:  # who endorsed may withdraw that by rejecting; the row says so once
        decided["endorsed_by"] = None
    return _end(db, redemption, Verb.REJECT, staff, now, seen=seen, **decided)


def cancel(db: Session, redemption: Redemption, *, client: Person, now: datetime) -> Outcome:
    """Let the client withdraw; the points go back at once."""
    return _end(db, redemption, Verb.CANCEL, client, now, seen=redemption.version)


def time_out_due(db: Session, now: datetime) -> int:
    """Give back the points of every request that staff did not decide in time; gives how many."""
    late = [queries.by_number(db, number) for number in queries.timed_out(db, now)]
    ended = [_end(db, each, Verb.TIME_OUT, SYSTEM, now, seen=each.version) for each in late if each]
    return sum(isinstance(each, Redemption) for each in ended)


def begin(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Start what was approved, as its kind wants it (a job)."""
    redemption = queries.by_number(db, payload["number"])
    if redemption is None or redemption.state != State.APPROVED or redemption.subscription_id:
        return
    offer = products.known_offer(db, redemption.item_version_id)
    FULFILMENTS[offer.kind](db, redemption, offer, now)


def _start_sms(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    """Start the subscription and its first message, together or not at all; `follow` captures the points."""
    mobile = clients.mobile(db, redemption.client_id)
    if not mobile:
        _fail(db, redemption, now, note="no_mobile")
        return
    subscription = products.start_subscription(
        db, client_id=redemption.client_id, item_version_id=redemption.item_version_id, ref_type="redemption",
        ref_id=redemption.number, now=now,
    )  # fmt: skip
    db.execute(update(Redemption).where(Redemption.id == redemption.id).values(subscription_id=subscription.id))
    sms.queue(
        db, client_id=redemption.client_id, to=mobile, text=offer.welcome("zh", subscription.ends_on), now=now,
        purpose="subscription", ref_type="redemption", ref_id=redemption.id, key=f"redemption:{redemption.number}",
    )  # fmt: skip


def _grant_tier(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    """Give the tier from today for its term and spend the points, both or neither."""
    try:
        with db.begin_nested():
            _spend_and_grant(db, redemption, offer, now)
    except NotGranted:
        db.refresh(redemption)
        _fail(db, redemption, now, note="not_granted")
    else:
        _move(db, redemption, Verb.FULFIL, State.FULFILLED, SYSTEM, now, seen=redemption.version)


class NotGranted(Exception):
    """Takes back what an attempt to grant has done so far."""


def _spend_and_grant(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    today = local_date(now)
    granted = tiers.grant(
        db, client_id=redemption.client_id, tier=offer.grants_tier or "", valid_from=today, reason="redemption",
        valid_to=products.last_day(today, offer.period_months) + timedelta(days=1), source=tiers.Source.POINTS,
        basis={"source": "points", "redemption": redemption.number, "points": redemption.points},
        decided_by=f"staff:{redemption.decided_by}", now=now,
    )  # fmt: skip
    spent = points.capture(db, hold_id=redemption.hold_id, now=now)
    if isinstance(granted, tiers.Refusal) or isinstance(spent, points.Refusal):
        raise NotGranted


FULFILMENTS: Mapping[str, Callable[[Session, Redemption, products.Offer, datetime], None]] = {
    products.Kind.SMS: _start_sms,
    products.Kind.TIER_UPGRADE: _grant_tier,
}


def follow(db: Session, message: sms.Message, now: datetime) -> None:
    """Follow the first message: accepted by the gateway, the points are captured; refused for good, given back."""
    if message.ref_type != "redemption":
        return
    redemption = db.get(Redemption, message.ref_id, populate_existing=True)
    if redemption is None or redemption.state != State.APPROVED:
        return
    if message.state in (sms.State.SUBMITTED, sms.State.DELIVERED):
        _fulfil(db, redemption, now)
    elif message.state in sms.FAILED:
        _fail(db, redemption, now, note="sms_failed")


def _end(
    db: Session, redemption: Redemption, verb: Verb, who: Person, now: datetime, *, seen: int, **decided: Any
) -> Outcome:
    outcome = _step(db, redemption, verb, who, now, seen=seen, **decided)
    if isinstance(outcome, Redemption):
        _give_back(db, redemption, now)
    return outcome


def _step(
    db: Session, redemption: Redemption, verb: Verb, who: Person, now: datetime, *, seen: int, **decided: Any
) -> Outcome:
    target = rules.after(State(redemption.state), verb)
    if target is None:
        return _stale(db, redemption)
    if rules.is_too_late(verb, State(redemption.state), redemption.times_out_at, now):
        return Refusal.TOO_LATE
    return _move(db, redemption, verb, target, who, now, seen=seen, **decided)


def _fulfil(db: Session, redemption: Redemption, now: datetime) -> None:
    if isinstance(points.capture(db, hold_id=redemption.hold_id, now=now), points.Refusal):
        _fail(db, redemption, now, note="points_gone")  # nothing is fulfilled without its points
        return
    _move(db, redemption, Verb.FULFIL, State.FULFILLED, SYSTEM, now, seen=redemption.version)


def _fail(db: Session, redemption: Redemption, now: datetime, *, note: str) -> None:
    if redemption.subscription_id:
        reason = products.EndReason.UNDELIVERED
        products.end_subscription(db, redemption.subscription_id, reason=reason, actor=SYSTEM.actor, now=now)
    moved = _move(db, redemption, Verb.FAIL, State.FAILED, SYSTEM, now, seen=redemption.version, told=note)
    if isinstance(moved, Redemption):
        _give_back(db, redemption, now)


def _give_back(db: Session, redemption: Redemption, now: datetime) -> None:
    points.release(db, hold_id=redemption.hold_id, now=now, reason_code=redemption.state)


def _move(
    db: Session, redemption: Redemption, verb: Verb, target: State, who: Person, now: datetime,
    *, seen: int, told: str = "", **decided: Any,
) -> Outcome:  # fmt: skip
    before = redemption.state
    here = (Redemption.id == redemption.id, Redemption.state == before, Redemption.version == seen)
    change = update(Redemption).where(*here).values(state=target, version=seen + 1, **decided)
    if rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        return _stale(db, redemption)
    db.refresh(redemption)
    if verb in rules.ANSWERS:
        tiers.answered(
            db, client_id=redemption.client_id, ref_type="redemption", ref_id=redemption.number,
            promised_at=redemption.promised_at, answered_at=now,
        )  # fmt: skip
    note = told or decided.get("note")
    _trace(db, redemption, verb, before, who, now, reason=decided.get("reason"), note=note)
    return redemption


def _trace(
    db: Session, redemption: Redemption, verb: str, before: str | None, who: Person, now: datetime,
    *, reason: str | None = None, note: str | None = None,
) -> None:  # fmt: skip
    event = RedemptionEvent(
        redemption_id=redemption.id, from_state=before, to_state=redemption.state, verb=verb, actor=who.actor,
        actor_name=who.name, at=now, reason=reason, note=note or None,
    )  # fmt: skip
    db.add(event)
    db.flush()
    detail = {"from": before, "to": redemption.state, "points": redemption.points, "reason": reason}
    what = f"redemption:{redemption.number}"
    audit.record(db, actor=who.actor, event=f"redemption.{verb}", object=what, detail=detail, now=now)


def _stale(db: Session, redemption: Redemption) -> Stale:
    last = queries.last_event(db, redemption.id)
    by = clients.masked_name(last.actor_name) if last.actor.startswith("client:") else last.actor_name
    return Stale(by, last.at, last.to_state)


def _begin_key(redemption: Redemption) -> str:
    return f"{BEGIN}:{redemption.number}:{redemption.version}"
