"""Verb: keep how somebody wants figures shown."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.identity.models import Preference
from portal.kit.db import insert_once

COST_METHODS = ("ma", "dil", "fifo")


def prefer(db: Session, user_id: int, **chosen: Any) -> None:
    """Keep a choice: `cost_method` (ma, dil or fifo) or `hides_amounts`; the other stays as it was."""
    insert_once(db, Preference.__table__, user_id=user_id, cost_method="ma", hides_amounts=False)
    db.execute(update(Preference).where(Preference.user_id == user_id).values(**chosen))
