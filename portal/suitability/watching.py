"""Watch for what asks for a new assessment: a changed fact, a fall of assets, an age, a complaint; tell the client."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import audit, clients
from portal.inbox import Letter, Topic, Weight
from portal.kit.clock import local, local_date
from portal.kit.db import insert_once
from portal.kit.i18n import later
from portal.suitability import queries, triggers
from portal.suitability.evidence import seal
from portal.suitability.models import Reassessment
from portal.suitability.questionnaire import Definition
from portal.suitability.reminders import HOURS
from portal.suitability.triggers import Change, Kind, Trigger

OF_FACTS = frozenset({Kind.BANDS, Kind.CHANGED, Kind.EVENT})
BACK = timedelta(days=90)  # how far back changes of facts are read: each was seen long before
# Says no reason and no level: who else reads the telephone learns nothing.
TITLE = later("请重新做风险测评")
TEXT = later("您的情况有变，现在的风险测评可能不再合适。请登录客户服务，看看是什么变了，并重新测评。")


def watch(db: Session, now: datetime) -> int:
    """Ask anew every client whose situation is no longer the one that was assessed; gives how many (a duty)."""
    form = queries.published(db)
    if form is None or local(now).hour not in HOURS:
        return 0
    wanted = triggers.triggers_of(form.definition.rules["reassess_triggers"])
    today = local_date(now)
    held = [row for row in queries.newest_effective(db) if row.valid_to >= today]
    asked, known = queries.asked_anew(db, [row.id for row in held]), _known(db, held, wanted, now)
    return sum(
        _ask(db, row, trigger, now)
        for row in held
        for trigger in wanted
        if trigger.cause not in asked.get(row.id, ()) and _holds(trigger, row, known, form.definition, now)
    )


def complaint_opened(db: Session, client_id: int, about: str, now: datetime) -> bool:
    """Ask a client anew who complains about a matter that the definition names; tell whether he is asked."""
    form, row = queries.published(db), queries.newest_effective_of(db, client_id)
    if form is None or row is None or row.valid_to < local_date(now):
        return False
    wanted = triggers.triggers_of(form.definition.rules["reassess_triggers"])
    mine = [each for each in wanted if each.kind is Kind.COMPLAINT and each.about == about]
    return sum(_ask(db, row, trigger, now) for trigger in mine) > 0


class _Known:
    """What is known of the clients at hand: their births, and what changed of them."""

    def __init__(self, births: Mapping[int, date], changes: Mapping[tuple[int, str], list[Change]]) -> None:
        self.births, self.changes = births, changes

    def since(self, client_id: int, key: str | None, at: datetime) -> list[Change]:
        """Give the changes of a client's fact after an instant, the oldest first."""
        return [change for change in self.changes.get((client_id, key or ""), []) if change.at > at]


def _known(db: Session, held: Sequence[Any], wanted: Collection[Trigger], now: datetime) -> _Known:
    facts = {triggers.indicator(each.about, clients.by_key()) for each in wanted if each.kind in OF_FACTS}
    back = max([BACK, *(timedelta(days=each.days) for each in wanted)])
    changes: dict[tuple[int, str], list[Change]] = {}
    for row in clients.changes_since(db, [key for key in (*facts, triggers.ASSETS) if key], now - back):
        changes.setdefault((row.client_id, row.key), []).append(Change(row.key, row.old, row.new, row.at))
    told = clients.plain_facts(db, {row.client_id for row in held}, ["birth_date"])
    births = {id: day for id, facts in told.items() if (day := _day(facts["birth_date"]))}
    return _Known(births, changes)


def _holds(trigger: Trigger, row: Any, known: _Known, definition: Definition, now: datetime) -> bool:
    if trigger.kind in OF_FACTS:
        changes = known.since(row.client_id, triggers.indicator(trigger.about, clients.by_key()), row.assessed_at)
        return triggers.has_changed(trigger, changes, triggers.bands_of(definition.by_id, trigger.about))
    if trigger.kind is Kind.FALL:
        changes = known.since(row.client_id, triggers.ASSETS, row.assessed_at)
        return triggers.has_fallen(trigger, changes, now - timedelta(days=trigger.days))
    if trigger.kind is Kind.AGE:
        born_on, assessed_on = known.births.get(row.client_id), local_date(row.assessed_at)
        return triggers.has_come_of_age(trigger, born_on, assessed_on, local_date(now))
    return False


def _ask(db: Session, row: Any, trigger: Trigger, now: datetime) -> bool:
    told = {"kind": str(trigger.kind), "about": trigger.about, "count": trigger.count, "days": trigger.days}
    if not insert_once(db, Reassessment, assessment_id=row.id, cause=trigger.cause, detail=told, at=now):
        return False
    body = {"number": row.number, "level": row.level, "cause": trigger.cause, **told}
    seal(db, kind="asked_anew", client_id=row.client_id, assessment_id=row.id, body=body, now=now)
    what = f"assessment:{row.number}"
    audit.record(db, actor="system", event="questionnaire.asked_anew", object=what, detail=told, now=now)
    letter = Letter(Topic.SUITABILITY, TITLE, TEXT, Weight.REQUIRED, {}, short=TEXT, page="suitability.index")
    clients.tell(
        db, row.client_id, letter, key=f"{what}:anew", ref_type="assessment", ref_id=row.id, now=now
    )  # fmt: skip
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
