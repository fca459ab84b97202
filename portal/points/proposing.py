"""New earning rules: read strictly, played on the last months' events, and published by a second person."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Person
from portal.kit.clock import local_date
from portal.kit.db import canonical, rows_touched
from portal.points.earning import checked, publish_text
from portal.points.models import EarningEvent, PointsTx, RuleSetDraft
from portal.points.queries import rules_in_force
from portal.points.ruleset import TIERS, RuleSet, award, read_rules

REPLAYED = timedelta(days=92)  # what a draft is played on: the last quarter's events
SHOWN = 5  # clients who gain or lose most


def simulate(db: Session, rules: RuleSet, now: datetime) -> dict[str, Any]:
    """Say what rules would have given for the last quarter's commission beside those in force: nothing is written."""
    in_force = rules_in_force(db, now)
    events = list(_events(db, now))
    before = _played(read_rules(in_force.toml), events) if in_force else {}
    after = _played(rules, events)
    change = {client: sum(after[client].values()) - sum(before.get(client, {}).values()) for client in after}
    ranked = sorted(change.items(), key=lambda pair: pair[1])
    return {
        "events": len(events), "since": local_date(now - REPLAYED).isoformat(), "clients": len(after),
        "tiers": {tier: [_total(before, tier), _total(after, tier)] for tier in TIERS},
        "gain": sum(points > 0 for points in change.values()), "lose": sum(points < 0 for points in change.values()),
        "most": [pair for pair in ranked[::-1][:SHOWN] if pair[1] > 0],
        "least": [pair for pair in ranked[:SHOWN] if pair[1] < 0],
    }  # fmt: skip


def propose(db: Session, text: str, *, staff: Person, now: datetime) -> int:
    """Keep rules with their report for another person to publish; raises BadRules. Gives the draft's number."""
    report = simulate(db, checked(db, text, now), now)
    row: dict[str, Any] = {
        "toml": text,
        "report": report,
        "report_sha256": _sha256(canonical(report)),
        "state": "proposed",
    }
    row |= {"author_id": staff.user_id, "author_name": staff.name, "drafted_at": now}
    made = int(db.execute(insert(RuleSetDraft).values(**row).returning(RuleSetDraft.id)).scalar_one())
    _record(db, made, "proposed", staff, {"sha256": _sha256(text), "report_sha256": row["report_sha256"]}, now)
    return made


def publish(db: Session, draft: int, *, staff: Person, now: datetime) -> bool:
    """Sign text and report of another person's draft, and put it in force from its day; False when it may not be.

    Raises BadRules where its version or day has been taken since.
    """
    row = by_id(db, draft)
    if row is None or row.state != "proposed" or row.author_id == staff.user_id:
        return False
    if not _decide(db, draft, "published", staff, now):
        return False
    signed = {"author": f"staff:{row.author_id}", "approver": staff.actor, "report_sha256": row.report_sha256}
    publish_text(db, row.toml, now, **signed)
    _record(db, draft, "published", staff, {"sha256": _sha256(row.toml), "report_sha256": row.report_sha256}, now)
    return True


def withdraw(db: Session, draft: int, *, staff: Person, now: datetime) -> bool:
    """Take a draft off the table; False when it is decided already."""
    if not _decide(db, draft, "withdrawn", staff, now):
        return False
    _record(db, draft, "withdrawn", staff, {}, now)
    return True


def by_id(db: Session, draft: int) -> Any:
    """Give a draft by its number."""
    return db.execute(select(*RuleSetDraft.__table__.c).where(RuleSetDraft.id == draft)).one_or_none()


def open_drafts(db: Session) -> Sequence[Any]:
    """List the drafts that wait for a second person."""
    waits = RuleSetDraft.state == "proposed"
    return db.execute(select(*RuleSetDraft.__table__.c).where(waits).order_by(RuleSetDraft.id)).all()


def _events(db: Session, now: datetime) -> Iterable[tuple[int, int, str]]:
    """Give client, commission in fen and tier of each event, in order; one that gave no point has its client's last."""
    line = PointsTx.idem_key == "earn:feed:" + EarningEvent.external_id
    found = select(EarningEvent.client_id, EarningEvent.payload_json, PointsTx.explain_json).outerjoin(PointsTx, line)
    recent = (EarningEvent.type == "commission.settled", EarningEvent.effective_at > now - REPLAYED)
    known: dict[int, str] = {}
    for row in db.execute(found.where(*recent).order_by(EarningEvent.effective_at, EarningEvent.id)):
        tier = (row.explain_json or {}).get("tier") or known.get(row.client_id, TIERS[0])
        known[row.client_id] = tier
        yield row.client_id, int(row.payload_json["net_commission_fen"]), tier


def _played(rules: RuleSet, events: Sequence[tuple[int, int, str]]) -> dict[int, dict[str, int]]:
    """Award all events from a clean start, as the rules say; gives points by client and tier."""
    rule, points = rules.rules["commission"], defaultdict[int, dict[str, int]](lambda: dict.fromkeys(TIERS, 0))
    carried: dict[int, Fraction] = {}
    for client, fen, tier in events:
        earned = sum(points[client].values())
        made = award(rules, rule, base=fen, tier=tier, carry=carried.get(client, Fraction(0)), earned_this_year=earned)
        carried[client] = made.carry_after
        points[client][tier] += made.points
    return points


def _total(played: dict[int, dict[str, int]], tier: str) -> int:
    return sum(points[tier] for points in played.values())


def _decide(db: Session, draft: int, state: str, staff: Person, now: datetime) -> bool:
    here = (RuleSetDraft.id == draft, RuleSetDraft.state == "proposed")
    decided = {"state": state, "decided_by": staff.user_id, "decided_by_name": staff.name, "decided_at": now}
    return rows_touched(db.execute(update(RuleSetDraft).where(*here).values(**decided))) == 1


def _record(db: Session, draft: int, verb: str, staff: Person, detail: dict[str, Any], now: datetime) -> None:
    event, what = f"points.rules_{verb}", f"rule_set_draft:{draft}"
    audit.record(db, actor=staff.actor, event=event, object=what, detail=detail, now=now)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
