"""What the house knows of a client beside his answers: the snapshot that conditions of the questionnaire ask."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from portal import clients
from portal.kit.clock import local_date
from portal.suitability import queries, rules
from portal.suitability.evaluation import evaluate
from portal.suitability.models import QuestionnaireDraft
from portal.suitability.questionnaire import Answers, Definition, same_place_run

YEAR_DAYS = 365


def profile(db: Session, client_id: int, today: date) -> dict[str, Any]:
    """Give age, occupation and guardianship, as far as the record holds them."""
    born_on = _day(clients.fact(db, client_id, "birth_date"))
    guardian = clients.fact(db, client_id, "guardian_required")
    told = {
        "age": rules.age_on(born_on, today) if born_on else None,
        "occupation": clients.fact(db, client_id, "occupation"),
        "guardian_required": {"1": True, "true": True, "0": False, "false": False}.get((guardian or "").lower()),
    }
    return {name: value for name, value in told.items() if value is not None}


def core(db: Session, client_id: int, definition: Definition, answers: Answers, today: date) -> dict[str, Any]:
    """Give what our own records say: years since the first trade, and how far the assets here exceed the answer."""
    first = _day(clients.fact(db, client_id, "first_trade_date"))
    assets = _amount(clients.fact(db, client_id, "total_assets"))
    told = {
        "first_trade_years": (today - first).days // YEAR_DAYS if first else None,
        "assets_band_gap": _band_gap(definition, answers, assets) if assets is not None else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def context(
    db: Session, draft: QuestionnaireDraft, definition: Definition, declared: Mapping[str, bool], now: datetime
) -> dict[str, Any]:
    """Give the whole snapshot of a finished sheet; the jump of levels is measured against what held before."""
    today, answers = local_date(now), draft.answers
    known: dict[str, Any] = {
        "d": dict(declared),
        "profile": profile(db, draft.client_id, today),
        "core": core(db, draft.client_id, definition, answers, today),
        "meta": {
            "seconds_total": int((draft.saved_at - draft.started_at).total_seconds()),
            "same_position_run": same_place_run(definition, answers, draft.orders),
        },
    }
    if before := queries.standing(db, draft.client_id):
        level = evaluate(definition, answers, known).level
        known["meta"]["level_jump"] = definition.levels.index(level) - definition.levels.index(before.level)
        known["meta"]["days_since_last"] = (today - local_date(before.assessed_at)).days
    if blocked_at := queries.last_block(db, draft.client_id):
        known["meta"]["blocked_product_hours"] = int((now - blocked_at).total_seconds() // 3600)
    return known


def _band_gap(definition: Definition, answers: Answers, assets: Decimal) -> int | None:
    """Count the bands by which our record exceeds the answer: what is held elsewhere can only raise the answer."""
    for question in definition.questions:
        if question.given.get("compared_with") == "core.assets":
            bands = [option for option in question.options if Decimal(option.given["from_cny"]) <= assets]
            chosen = question.chosen(answers[question.id])[0]
            return max(0, question.options.index(bands[-1]) - question.options.index(chosen)) if bands else 0
    return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _amount(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
