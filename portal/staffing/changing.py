"""Requests about members of staff: let somebody in, give other roles, unlock; one asks, another decides."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit, identity
from portal.audit import Person
from portal.identity import Role
from portal.kit.db import rows_touched
from portal.staffing import rules, work
from portal.staffing.models import StaffChange
from portal.staffing.rules import Refusal


def ask_in(
    db: Session, *, name: str, branch_no: str, roles: Collection[str], reason: str, staff: Person, now: datetime
) -> int | Refusal:
    """Ask to let a new member of staff in; the second person gets the activation code."""
    if refusal := rules.roles_refusal(roles):
        return refusal
    told = {"kind": "invite", "name": name, "branch_no": branch_no or None, "roles": _in_order(roles)}
    return _ask(db, told | {"roles_before": []}, reason, staff, now)


def ask_roles(
    db: Session, user_id: int, roles: Collection[str], *, reason: str, staff: Person, now: datetime
) -> int | Refusal:
    """Ask to give somebody these roles instead of his own."""
    row = identity.member(db, user_id)
    if row is None or row.shut_for == "left":
        return Refusal.NOBODY
    if set(row.roles) == set(roles):
        return Refusal.NO_CHANGE
    if refusal := rules.roles_refusal(roles) or _losing(db, row, roles, now):
        return refusal
    told = {"kind": "roles", "subject_id": user_id, "name": row.name, "branch_no": row.branch_no}
    return _ask(db, told | {"roles": _in_order(roles), "roles_before": row.roles}, reason, staff, now)


def ask_unlock(db: Session, user_id: int, *, reason: str, staff: Person, now: datetime) -> int | Refusal:
    """Ask to let somebody who was locked sign in again."""
    row = identity.member(db, user_id)
    if row is None or row.shut_for != "locked":
        return Refusal.NOBODY
    told = {"kind": "unlock", "subject_id": user_id, "name": row.name, "branch_no": row.branch_no}
    return _ask(db, told | {"roles": row.roles, "roles_before": row.roles}, reason, staff, now)


def approve(db: Session, change_id: int, *, staff: Person, now: datetime) -> str | Refusal:
    """Decide for another person's request; give the activation code of who is let in, else an empty text."""
    row = _known(db, change_id)
    if refusal := _decide_refusal(row, staff):
        return refusal
    if row.kind == "roles" and (changed := _no_longer(db, row, now)):
        return changed
    if not _decide(db, row, "done", staff, now):
        return Refusal.DECIDED
    ref = f"staff_change:{row.id}"
    if row.kind == "roles":
        identity.give_roles(db, row.subject_id, row.roles, by=staff.actor, ref=ref, now=now)
    elif row.kind == "unlock":
        identity.reopen(db, row.subject_id, by=staff.actor, ref=ref, now=now)
    return _let_in(db, row, staff, now) if row.kind == "invite" else ""


def refuse(db: Session, change_id: int, *, staff: Person, now: datetime) -> Refusal | None:
    """Decide against a request, or take one's own back."""
    row = _known(db, change_id)
    if row is None or not _decide(db, row, "refused", staff, now):
        return Refusal.DECIDED
    return None


def lock(db: Session, user_id: int, *, reason: str, staff: Person, now: datetime) -> Refusal | None:
    """Shut somebody out at once: one person is enough, since it only takes away. His work stays where it is."""
    row = identity.member(db, user_id)
    if row is None or row.shut_at:
        return Refusal.NOBODY
    if user_id == staff.user_id:
        return Refusal.NOT_ALONE
    if _is_last_administrator(db, row):
        return Refusal.LAST_ONE
    done = identity.shut(db, user_id, "locked", by=staff.actor, ref=reason, now=now)
    return None if done else Refusal.DECIDED


def _ask(db: Session, told: dict[str, Any], reason: str, staff: Person, now: datetime) -> int | Refusal:
    if told.get("subject_id") == staff.user_id:
        return Refusal.NOT_ALONE
    row = StaffChange(**told, reason=reason, state="asked", version=1, asked_by=staff.user_id, asked_at=now)
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        return Refusal.RUNS_ALREADY
    _record(db, row, "asked", staff, {"kind": row.kind, "roles": row.roles}, now)
    return row.id


def _losing(db: Session, row: Any, roles: Collection[str], now: datetime) -> Refusal | None:
    """Say why somebody can't lose roles yet: he is the last administrator, or has work that needs them."""
    if Role.ADMINISTRATOR not in roles and _is_last_administrator(db, row):
        return Refusal.LAST_ONE
    at_work = {Role.ADVISER, Role.HANDLER, Role.REVIEWER}
    loses = at_work.intersection(row.roles).difference(roles)
    if Role.ADVISER in loses and "advised" in {charge.name for charge, _ in work.held_by(db, row.id, now)}:
        return Refusal.HAS_WORK
    return Refusal.HAS_WORK if loses and at_work.isdisjoint(roles) and work.held_by(db, row.id, now) else None


def _is_last_administrator(db: Session, row: Any) -> bool:
    others = [each for each in identity.members(db) if each.id != row.id and each.shut_at is None]
    return Role.ADMINISTRATOR in row.roles and not any(Role.ADMINISTRATOR in each.roles for each in others)


def _decide_refusal(row: Any, staff: Person) -> Refusal | None:
    if row is None or row.state != "asked":
        return Refusal.DECIDED
    return rules.decide_refusal(staff.user_id, asked_by=row.asked_by, concerned=(row.subject_id,))


def _no_longer(db: Session, row: Any, now: datetime) -> Refusal | None:
    """Say that the roles are no longer those that the asker saw, or that work has come in since."""
    subject = identity.member(db, row.subject_id)
    if subject is None or set(subject.roles) != set(row.roles_before):
        return Refusal.DECIDED
    return _losing(db, subject, row.roles, now)


def _let_in(db: Session, row: Any, staff: Person, now: datetime) -> str:
    user = identity.add_staff(
        db, name=row.name, roles=row.roles, by=staff.actor, now=now, branch_no=row.branch_no
    )  # fmt: skip
    return identity.give_activation(db, user_id=user.id, by=staff.actor, now=now)


def _known(db: Session, change_id: int) -> Any:
    return db.scalar(select(StaffChange).where(StaffChange.id == change_id))


def _decide(db: Session, row: Any, state: str, staff: Person, now: datetime) -> bool:
    here = (StaffChange.id == row.id, StaffChange.state == "asked")
    decided = {"state": state, "decided_by": staff.user_id, "decided_at": now, "version": row.version + 1}
    change = update(StaffChange).where(*here).values(**decided)
    if rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        return False
    db.refresh(row)
    _record(db, row, state, staff, {"kind": row.kind, "roles": row.roles}, now)
    return True


def _record(db: Session, row: Any, verb: str, staff: Person, detail: dict[str, Any], now: datetime) -> None:
    what = f"user:{row.subject_id}" if row.subject_id else f"staff_change:{row.id}"
    told = detail | {"change": row.id}
    audit.record(db, actor=staff.actor, event=f"staff_change.{verb}", object=what, detail=told, now=now)


def _in_order(roles: Collection[str]) -> list[str]:
    return [role for role in Role if role in roles]
