"""Turn plans on and off that compliance watches over: on by two persons, off by compliance alone and at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Person
from portal.kit.db import rows_touched
from portal.products.models import CatalogItem, CatalogItemVersion, CatalogSwitch
from portal.products.rules import Refusal


def propose(db: Session, code: str, *, reason: str, staff: Person, now: datetime) -> int | Refusal:
    """Ask that a plan be turned on; gives the proposal's number."""
    item = _locked(db, code)
    if not reason:
        return Refusal.NO_REASON
    if item is None or _is_on(db, item):
        return Refusal.NOTHING_TO_DO
    if db.scalar(_open(item).limit(1)) is not None:
        return Refusal.PROPOSED_ALREADY
    return _write(db, item, code, "on", "proposed", reason, staff, now)


def turn_on(db: Session, switch: int, *, staff: Person, now: datetime) -> bool | Refusal:
    """Put another person's proposal in force: from now on clients can ask for the plan."""
    row = db.execute(select(*CatalogSwitch.__table__.c).where(CatalogSwitch.id == switch)).one_or_none()
    if row is None or row.state != "proposed":
        return Refusal.NOTHING_TO_DO
    if row.proposed_by == staff.user_id:
        return Refusal.SAME_PERSON
    return _decide(db, row, "in_force", staff, now) or Refusal.NOTHING_TO_DO


def withdraw(db: Session, switch: int, *, staff: Person, now: datetime) -> bool:
    """Take a proposal back, or refuse it; False when it is decided already."""
    row = db.execute(select(*CatalogSwitch.__table__.c).where(CatalogSwitch.id == switch)).one_or_none()
    return row is not None and row.state == "proposed" and _withdrawn(db, row.id, staff, now)


def turn_off(db: Session, code: str, *, reason: str, staff: Person, now: datetime) -> int | Refusal:
    """Turn a plan off at once: nobody can ask for it any more, what runs already runs to its end."""
    item = _locked(db, code)
    if not reason:
        return Refusal.NO_REASON
    if item is None or not _is_on(db, item):
        return Refusal.NOTHING_TO_DO
    for proposal in db.scalars(_open(item)).all():
        _withdrawn(db, proposal, staff, now)
    return _write(db, item, code, "off", "in_force", reason, staff, now)


def _locked(db: Session, code: str) -> int | None:
    # Whoever turns this plan's switch waits here; only plans that have one are found.
    found = select(CatalogItem.id).where(CatalogItem.code == code).with_for_update()
    item = db.scalar(found)
    watched = (CatalogItemVersion.item_id == item, CatalogItemVersion.needs_switch)
    return item if item and db.scalar(select(CatalogItemVersion.id).where(*watched).limit(1)) else None


def _is_on(db: Session, item: int) -> bool:
    here = (CatalogSwitch.item_id == item, CatalogSwitch.state == "in_force")
    newest = select(CatalogSwitch.turn).where(*here).order_by(CatalogSwitch.id.desc()).limit(1)
    return db.scalar(newest) == "on"


def _open(item: int) -> Any:
    return select(CatalogSwitch.id).where(CatalogSwitch.item_id == item, CatalogSwitch.state == "proposed")


def _write(db: Session, item: int, code: str, turn: str, state: str, reason: str, staff: Person, now: datetime) -> int:
    row: dict[str, Any] = {"item_id": item, "turn": turn, "state": state, "reason": reason}
    row |= {"proposed_by": staff.user_id, "proposed_by_name": staff.name, "proposed_at": now}
    if state == "in_force":
        row |= {"decided_by": staff.user_id, "decided_by_name": staff.name, "decided_at": now}
    made = int(db.execute(insert(CatalogSwitch).values(**row).returning(CatalogSwitch.id)).scalar_one())
    detail = {"turn": turn, "state": state, "reason": reason}
    audit.record(db, actor=staff.actor, event=f"plan.switch_{state}", object=f"plan:{code}", detail=detail, now=now)
    return made


def _withdrawn(db: Session, switch: int, staff: Person, now: datetime) -> bool:
    row = db.execute(select(*CatalogSwitch.__table__.c).where(CatalogSwitch.id == switch)).one()
    return _decide(db, row, "withdrawn", staff, now)


def _decide(db: Session, row: Any, state: str, staff: Person, now: datetime) -> bool:
    here = (CatalogSwitch.id == row.id, CatalogSwitch.state == "proposed")
    decided = {"state": state, "decided_by": staff.user_id, "decided_by_name": staff.name, "decided_at": now}
    if not rows_touched(db.execute(update(CatalogSwitch).where(*here).values(**decided))):
        return False
    code = db.scalar(select(CatalogItem.code).where(CatalogItem.id == row.item_id))
    detail = {"turn": row.turn, "state": state, "proposed_by": row.proposed_by_name}
    audit.record(db, actor=staff.actor, event=f"plan.switch_{state}", object=f"plan:{code}", detail=detail, now=now)
    return True
