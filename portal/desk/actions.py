"""Lay each week's worklist of core clients, once."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal import clients, tiers
from portal.desk import queries, rules
from portal.desk.models import CoreClient, CoreWeek
from portal.kit.clock import local_date
from portal.kit.db import insert_once


def lay_week(db: Session, now: datetime) -> int:
    """Write down who stands on this week's list (a duty): core clients under the guideline. Gives how many, once."""
    today = local_date(now)
    week, definition = rules.monday(today), rules.definition_on(today)
    if queries.week_of(db, week):
        return 0
    core = queries.core_clients(db, definition, today)
    told = {"version": definition.version, "guideline_percent": definition.guideline_percent, "laid_at": now}
    if not insert_once(db, CoreWeek.__table__, week=week, core_clients=len(core), **told):
        return 0  # another worker was first
    scores = clients.completeness_of(db, core, today)
    below = {whom: score.percent for whom, score in scores.items() if score.percent < definition.guideline_percent}
    people, cared_for = clients.names_of(db, below), tiers.advisers_of(db, below)
    rows = [
        {
            "week": week, "client_id": whom, "percent": percent, "reasons": ",".join(core[whom]),
            "branch_no": people[whom].branch_no, "responsible_id": cared_for.get(whom),
        }
        for whom, percent in below.items()
    ]  # fmt: skip
    if rows:
        db.execute(insert(CoreClient), rows)
    return len(rows)
