"""How events become points: the rules are published once and for ever, and each event earns once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import calendar
from portal.kit.clock import at, day_after
from portal.kit.db import rows_touched
from portal.points.actions import earn
from portal.points.book import Book
from portal.points.models import EarningEvent, PointsCarry, PointsTx, RuleSetVersion
from portal.points.queries import earned_in_year, rules_in_force
from portal.points.rules import Receipt, Refusal
from portal.points.ruleset import Award, BadRules, RuleSet, award, read_rules

RULE_SETS = Path(__file__).parent / "rulesets"
CLOSE = time(15)


def publish_rules(db: Session, now: datetime, folder: Path = RULE_SETS) -> int:
    """Publish the rule sets that are not published yet; give how many. A published one that was changed is refused."""
    published = {row.version: row.sha256 for row in db.execute(select(RuleSetVersion.version, RuleSetVersion.sha256))}
    texts = {read_rules(text).version: text for text in (file.read_text("utf-8") for file in folder.glob("*.toml"))}
    for version, text in sorted(texts.items()):
        if version not in published:
            _publish(db, text, now)
        elif published[version] != _sha256(text):
            raise BadRules(f"version {version} is published and can't change; write a new version")
    return len(texts.keys() - published.keys())


def earn_commission(
    db: Session, *, client_id: int, account_no: str, trade_on: date, net_commission: Decimal, tier: str, now: datetime
) -> Receipt | Refusal:
    """Award an account's net commission of one trading day, in yuan, once; raises calendar.DayUnknown for T+n."""
    settled_at = at(trade_on, CLOSE)
    if net_commission <= 0:
        return Refusal.NOT_POSITIVE
    in_force = rules_in_force(db, settled_at)
    if in_force is None:
        return Refusal.NO_RULE
    Book.open(db, client_id, now)
    fen = int(net_commission.scaleb(2).to_integral_exact())
    event = {"account_no": account_no, "trade_on": trade_on.isoformat(), "net_commission_fen": fen}
    name = f"commission:{account_no}:{trade_on.isoformat()}"
    if known := _known(db, name):
        return _repeated(db, name, known == event)
    _record(db, client_id, name, settled_at, event)
    rules = read_rules(in_force.toml)
    made = _award(db, client_id, rules, base=fen, tier=tier, settled_at=settled_at)
    if not made.points:
        return Receipt(None, 0)
    return earn(
        db,
        client_id=client_id,
        points=made.points,
        kind="commission",
        key=f"earn:feed:{name}",
        now=now,
        earned_at=settled_at,
        activates_at=at(calendar.trading_day_after(db, trade_on, rules.activate_days)),
        expires_at=day_after(rules.lapses_after(trade_on)),
        rule_version_id=in_force.id,
        explain=_explained(event, tier, rules, made),
    )


@dataclass(frozen=True)
class Preview:
    """What a commission would earn: the award step by step, under which version, and from when until when it counts."""

    award: Award
    version: int
    credited_on: date | None  # None beyond the calendar's confirmed days
    last_day: date


def preview(db: Session, client_id: int, *, fen: int, tier: str, trade_on: date) -> Preview | Refusal:
    """Work out what a net commission would earn on a day, by the very rules that will award it; nothing is written.

    The fraction carried is the one that stands now; a later day is judged by the rules published for it.
    """
    settled_at = at(trade_on, CLOSE)
    in_force = rules_in_force(db, settled_at)
    if in_force is None:
        return Refusal.NO_RULE
    if fen <= 0:
        return Refusal.NOT_POSITIVE
    rules = read_rules(in_force.toml)
    rule = rules.rules["commission"]
    earned, carry = earned_in_year(db, client_id, settled_at, "commission"), _carried(db, client_id, rule.id)
    made = award(rules, rule, base=fen, tier=tier, carry=carry, earned_this_year=earned)
    try:
        credited_on = calendar.trading_day_after(db, trade_on, rules.activate_days)
    except calendar.DayUnknown:
        credited_on = None
    return Preview(made, rules.version, credited_on, rules.lapses_after(trade_on))


def lapses_at(db: Session, earned_on: date) -> datetime | None:
    """Say from which instant on points earned on a day can't be used any more, by the rules in force that day."""
    in_force = rules_in_force(db, at(earned_on))
    return day_after(read_rules(in_force.toml).lapses_after(earned_on)) if in_force else None


def _publish(db: Session, text: str, now: datetime) -> None:
    publish_text(db, text, now, author="release")


def checked(db: Session, text: str, now: datetime) -> RuleSet:
    """Read rules that are to be published from now on; raises BadRules, too where their version or day is not free."""
    rules = read_rules(text)
    last = db.execute(_PUBLISHED.limit(1)).first()
    if last and at(rules.effective_from) <= max(last.effective_from, now):
        raise BadRules(f"version {rules.version} must take effect after now and after the version before it")
    if last and rules.version <= last.version:
        raise BadRules(f"version {rules.version} is taken; the last one is {last.version}")
    return rules


def publish_text(
    db: Session, text: str, now: datetime, *, author: str, approver: str | None = None, report_sha256: str | None = None
) -> RuleSet:
    """Publish rules, whole and for ever; raises BadRules."""
    rules = checked(db, text, now)
    row = {"version": rules.version, "effective_from": at(rules.effective_from), "toml": text, "sha256": _sha256(text)}
    signed = {"author": author, "approver": approver, "report_sha256": report_sha256, "published_at": now}
    db.execute(insert(RuleSetVersion).values(**row, **signed))
    return rules


_PUBLISHED = select(
    RuleSetVersion.version, RuleSetVersion.effective_from, RuleSetVersion.author, RuleSetVersion.approver,
    RuleSetVersion.sha256, RuleSetVersion.report_sha256, RuleSetVersion.published_at, RuleSetVersion.toml,
).order_by(RuleSetVersion.effective_from.desc())  # fmt: skip


def published(db: Session) -> Sequence[Any]:
    """List the published rules, the latest first."""
    return db.execute(_PUBLISHED).all()


def _award(db: Session, client_id: int, rules: RuleSet, *, base: int, tier: str, settled_at: datetime) -> Award:
    rule = rules.rules["commission"]
    earned = earned_in_year(db, client_id, settled_at, "commission")
    before = _carried(db, client_id, rule.id)
    made = award(rules, rule, base=base, tier=tier, carry=before, earned_this_year=earned)
    _carry(db, client_id, rule.id, made.carry_after)
    return made


def _carried(db: Session, client_id: int, rule_id: str) -> Fraction:
    carry = select(PointsCarry.remainder_num, PointsCarry.den).filter_by(client_id=client_id, rule_id=rule_id)
    row = db.execute(carry).first()
    return Fraction(row.remainder_num, row.den) if row else Fraction(0)


def _carry(db: Session, client_id: int, rule_id: str, fraction: Fraction) -> None:
    row = {"client_id": client_id, "rule_id": rule_id}
    left = {"remainder_num": fraction.numerator, "den": fraction.denominator}
    if not rows_touched(db.execute(update(PointsCarry).filter_by(**row).values(**left))):
        db.execute(insert(PointsCarry).values(**row, **left))


def _known(db: Session, name: str) -> Any:
    return db.scalar(select(EarningEvent.payload_json).filter_by(source="feed", external_id=name))


def _repeated(db: Session, name: str, same: bool) -> Receipt | Refusal:
    if not same:
        return Refusal.KEY_TAKEN
    result = db.scalar(select(PointsTx.result_json).filter_by(idem_key=f"earn:feed:{name}"))
    return Receipt(result["number"], result["points"]) if result else Receipt(None, 0)


def _record(db: Session, client_id: int, name: str, settled_at: datetime, event: dict[str, Any]) -> None:
    row = {"source": "feed", "external_id": name, "client_id": client_id, "type": "commission.settled"}
    db.execute(insert(EarningEvent).values(**row, effective_at=settled_at, payload_json=event))


def _explained(event: dict[str, Any], tier: str, rules: RuleSet, made: Award) -> dict[str, Any]:
    fractions = ("multiplier", "exact", "carry_before", "carry_after")
    whole = ("base", "per", "rate", "cut", "points")
    steps = {name: str(getattr(made, name)) for name in fractions} | {name: getattr(made, name) for name in whole}
    return {"rule": "commission", "rules_version": rules.version, "event": event, "tier": tier, **steps}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
