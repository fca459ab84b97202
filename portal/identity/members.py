"""Members of staff: who they are, what they may be, and the end of their sign-in. Who asks whom stands above."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.identity.models import Challenge, SessionRow, Totp, User
from portal.identity.rules import Role
from portal.kit.db import rows_touched


def members(db: Session) -> Sequence[Any]:
    """List the staff in the order in which they came, with second factor and last sign-in; two joins, one statement."""
    seen = select(SessionRow.user_id, func.max(SessionRow.created_at, type_=SessionRow.created_at.type).label("last"))
    last = seen.group_by(SessionRow.user_id).subquery()
    found = select(*MEMBER, Totp.confirmed_at, last.c.last).outerjoin(Totp, Totp.user_id == User.id)
    found = found.outerjoin(last, last.c.user_id == User.id).where(User.kind == "staff")
    return db.execute(found.order_by(User.id)).all()


def member(db: Session, user_id: int) -> Any:
    """Give one member of staff, or None."""
    return db.execute(select(*MEMBER).where(User.id == user_id, User.kind == "staff")).one_or_none()


MEMBER = (User.id, User.name, User.user_name, User.roles, User.branch_no, User.shut_at, User.shut_for, User.created_at)


def give_roles(db: Session, user_id: int, roles: Collection[str], *, by: str, ref: str, now: datetime) -> bool:
    """Set the roles of a member of staff; tell whether that changed anything. Pages read them anew each time."""
    row = db.execute(select(User.roles).where(User.id == user_id, User.kind == "staff").with_for_update()).one_or_none()
    wanted = [role for role in Role if role in roles]
    if row is None or set(row.roles) == set(wanted):
        return False
    db.execute(update(User).where(User.id == user_id).values(roles=wanted))
    detail = {"from": row.roles, "to": wanted, "ref": ref}
    audit.record(db, actor=by, event="staff.roles", object=f"user:{user_id}", detail=detail, now=now)
    return True


def shut(db: Session, user_id: int, why: str, *, by: str, ref: str, now: datetime) -> bool:
    """End the sign-in of a member of staff: all sessions, and what was begun; one who is locked may still leave."""
    is_new = User.shut_at.is_(None) if why == "locked" else User.shut_for.is_distinct_from("left")
    here = (User.id == user_id, User.kind == "staff", is_new)
    ended = update(User).where(*here).values(shut_at=now, shut_for=why, epoch=User.epoch + 1)
    if rows_touched(db.execute(ended, execution_options={"synchronize_session": False})) == 0:
        return False
    db.execute(delete(Challenge).where(Challenge.user_id == user_id))
    open_ = (SessionRow.user_id == user_id, SessionRow.revoked_at.is_(None))
    db.execute(update(SessionRow).where(*open_).values(revoked_at=now))
    audit.record(db, actor=by, event=f"staff.{why}", object=f"user:{user_id}", detail={"ref": ref}, now=now)
    return True


def reopen(db: Session, user_id: int, *, by: str, ref: str, now: datetime) -> bool:
    """Let somebody who was locked sign in again; who has left has left."""
    here = (User.id == user_id, User.shut_for == "locked")
    done = update(User).where(*here).values(shut_at=None, shut_for=None)
    if rows_touched(db.execute(done, execution_options={"synchronize_session": False})) == 0:
        return False
    audit.record(db, actor=by, event="staff.unlocked", object=f"user:{user_id}", detail={"ref": ref}, now=now)
    return True
