"""关怀服务: the daily round of greetings, the same for every tier: by consent, one a month, never at night."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit, calendar, clients
from portal.inbox import Letter, Topic, Weight
from portal.kit.clock import local, local_date
from portal.kit.db import insert_once
from portal.library import occasions, queries
from portal.library.models import CareDay, CareMessage
from portal.library.occasions import Due, Known
from portal.library.rules import Occasion

CONSENT = "consent_care"
FACTS = ("birth_date", "id_valid_to", "do_not_call")
CHUNK = 500


def send_care(db: Session, now: datetime) -> int:
    """Send what the day brings to those who wished for it, once a day, in the hours for it; gives how many. A duty."""
    today = local_date(now)
    if not occasions.is_open(local(now).time()) or not insert_once(db, CareDay, day=today, sent=0):
        return 0
    texts = queries.greetings(db, today)
    if not texts:
        return 0
    festival = _festival(db, today)
    wishing = clients.consenting(db, CONSENT)
    sent = sum(_greet(db, each, festival, texts, now) for part in _parts(wishing) for each in _known(db, part))
    db.execute(update(CareDay).where(CareDay.day == today).values(sent=sent))
    return sent


def _known(db: Session, part: Sequence[Any]) -> Iterator[tuple[int, Known, bool]]:
    facts = clients.plain_facts(db, [row.id for row in part], FACTS)
    for row in part:
        told = facts.get(row.id, {})
        known = Known(row.opened_on, _day(told.get("birth_date")), _day(told.get("id_valid_to")))
        yield row.id, known, told.get("do_not_call") == "1"


def _greet(
    db: Session, who: tuple[int, Known, bool], festival: Occasion | None, texts: dict[str, Any], now: datetime
) -> bool:
    client_id, known, is_quiet = who
    for each in occasions.due(known, local_date(now), festival):
        if each.occasion in texts and _send(db, client_id, known, each, texts[each.occasion], is_quiet, now):
            return True
    return False


def _send(db: Session, client_id: int, known: Known, each: Due, text: Any, is_quiet: bool, now: datetime) -> bool:
    today = local_date(now)
    once = {"client_id": client_id, "month": f"{today:%Y-%m}", "occasion": each.occasion, "mark": each.mark}
    if not insert_once(db, CareMessage, **once, piece_id=text.piece_id, edition=text.number, sent_at=now):
        return False  # this month has had its greeting, or this occasion has
    zh, en = (occasions.filled(words, known, today) for words in (text.body_zh, text.body_en))
    # Who is not to be called hears no telephone: the greeting stands in the inbox alone.
    weight = Weight.QUIET if is_quiet else Weight.NOTICE
    letter = Letter(Topic.CARE, text.title_zh, zh, weight, english={"title": text.title_en, "text": en})
    clients.tell(db, client_id, letter, key=f"care:{client_id}:{each.occasion}:{each.mark}", sms_text=zh, now=now)
    detail = {"occasion": each.occasion, "edition": text.number}
    audit.record(db, actor="system", event="library.care", object=f"client:{client_id}", detail=detail, now=now)
    return True


def _festival(db: Session, today: date) -> Occasion | None:
    days = calendar.around(db, today).days
    notes = [days[day].note if day in days and days[day].confirmed else "" for day in (today, _before(today))]
    return occasions.festival_on(*notes)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
