"""Alarms: whoever looks at too many unmasked values in one day is told of to compliance and managers, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.clients.models import Client, ClientRevealAlarm, ClientView
from portal.clients.rules import REVEALS_A_DAY
from portal.kit.clock import at, day_after, local_date
from portal.kit.db import insert_once, rows_touched

SHOWN = 100


def raise_if_due(db: Session, staff: audit.Person, count: int, now: datetime) -> None:
    """Raise the day's alarm about somebody, the first time that he is over the limit."""
    if count <= REVEALS_A_DAY or staff.user_id is None:
        return
    told = {"staff_id": staff.user_id, "staff_name": staff.name, "day": local_date(now), "raised_at": now}
    if insert_once(db, ClientRevealAlarm.__table__, **told):
        audit.record(
            db, actor=staff.actor, event="client.reveal_alarm", object=staff.actor, detail={"count": count}, now=now
        )


def alarms(db: Session) -> Sequence[Any]:
    """Give the alarms, those that nobody has looked into first, each with how many values it was in the end."""
    of = ClientRevealAlarm
    found = db.execute(select(*of.__table__.c).order_by(of.seen_at.is_not(None), of.day.desc(), of.id).limit(SHOWN))
    return found.all()


def waiting_alarms(db: Session) -> int:
    """Count the alarms that nobody has looked into."""
    return db.scalar(select(func.count()).where(ClientRevealAlarm.seen_at.is_(None))) or 0


def reveals_behind(db: Session, alarm: Any) -> Sequence[Any]:
    """Give what an alarm is about: whose values were seen that day, which and why, newest first."""
    first, last = at(alarm.day), day_after(alarm.day)
    his = (ClientView.staff_id == alarm.staff_id, ClientView.what == "value")
    columns = (ClientView.at, ClientView.key, ClientView.reason, Client.client_no)
    found = select(*columns).join(Client, Client.id == ClientView.client_id)
    found = found.where(*his, ClientView.at >= first, ClientView.at < last)
    return db.execute(found.order_by(ClientView.id.desc()).limit(SHOWN)).all()


def settle_alarm(db: Session, alarm_id: int, *, who: audit.Person, note: str, now: datetime) -> bool:
    """Write down what came of looking into an alarm; never by whom it is about, and once. False when it can't be."""
    of = ClientRevealAlarm
    here = (of.id == alarm_id, of.seen_at.is_(None), of.staff_id != who.user_id)
    told = {"seen_by": who.user_id, "seen_by_name": who.name, "seen_at": now, "note": note}
    if rows_touched(db.execute(update(of).where(*here).values(told))) == 0:
        return False
    audit.record(db, actor=who.actor, event="client.reveal_seen", object=f"alarm:{alarm_id}", detail={}, now=now)
    return True
