"""The sheet that a client fills in: one question a page, or a section together."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Seat, Visitor
from portal.kit.clock import local_date
from portal.suitability import facts, queries
from portal.suitability.actions import draft_to_change, save, start
from portal.suitability.forms import WORDS
from portal.suitability.questionnaire import Question
from portal.suitability.rules import Refusal
from portal.suitability.shown import OnSheet, index_page, on_sheet, onward, person_of, sheet_of, text


@post("/questionnaire", name="suitability.start", guard=CLIENT)
def begin(db: Db, client: SignedIn, page: Page, seat: Seat, now: Now) -> Response[Any]:
    """Begin a sheet, or go on with the one that is open."""
    outcome = start(db, client=person_of(client, seat), client_id=client.client_id, now=now)
    if isinstance(outcome, Refusal):
        return index_page(db, client, page, now, refusal=outcome)
    return onward(page, OnSheet(outcome, queries.version(db, outcome.version_id)))


@get("/questionnaire/questions/{question:str}", name="suitability.question", guard=CLIENT)
def ask(db: Db, client: SignedIn, page: Page, question: FromPath[str], now: Now) -> Response[Any]:
    """Ask one question."""
    sheet = sheet_of(db, client, now)
    if isinstance(sheet, Refusal):
        return page.go("suitability.index")
    if question not in sheet.form.definition.by_id:
        raise page.missing()
    return _ask(db, client, page, now, sheet, [sheet.form.definition.by_id[question]])


@post("/questionnaire/questions/{question:str}", name="suitability.answer", guard=CLIENT)
def answer(db: Db, client: SignedIn, page: Page, question: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Keep one answer, then lead on to the first question without one."""
    return _answer(db, client, page, sent, now, lambda definition: [definition.by_id.get(question)])


@get("/questionnaire/sections/{dimension:str}", name="suitability.section", guard=CLIENT)
def ask_section(db: Db, client: SignedIn, page: Page, dimension: FromPath[str], now: Now) -> Response[Any]:
    """Ask the questions of one section together."""
    sheet = sheet_of(db, client, now)
    if isinstance(sheet, Refusal):
        return page.go("suitability.index")
    if dimension not in sheet.form.definition.dimensions:
        raise page.missing()
    return _ask(db, client, page, now, sheet, sheet.form.definition.of_dimension(dimension))


@post("/questionnaire/sections/{dimension:str}", name="suitability.answer_section", guard=CLIENT)
def answer_section(
    db: Db, client: SignedIn, page: Page, dimension: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Keep the answers of a section; those that are missing are asked for again."""
    return _answer(db, client, page, sent, now, lambda definition: definition.of_dimension(dimension) or [None])


def _answer(db: Session, client: Visitor, page: PageMaker, sent: Sent, now: Now, asked: Any) -> Response[Any]:
    sheet = on_sheet(draft_to_change(db, client.client_id, now))
    if isinstance(sheet, Refusal):
        return index_page(db, client, page, now, refusal=sheet)
    questions = asked(sheet.form.definition)
    if None in questions:
        raise page.missing()
    if sent.typed.get("draft") != str(sheet.draft.id):  # a page of an earlier sheet, in another tab
        return index_page(db, client, page, now, refusal=Refusal.DRAFT_GONE)
    given = {question.id: _posted(question, sent.typed) for question in questions}
    refused = save(db, sheet.draft, sheet.form.definition, given, now)
    if refused:
        return _ask(db, client, page, now, sheet, questions, refused=refused)
    return onward(page, sheet)


def _posted(question: Question, typed: Mapping[str, str]) -> list[str]:
    if not question.is_multi:
        return [typed.get(question.id, "")]
    start = f"{question.id}."
    return [name.removeprefix(start) for name in typed if name.startswith(start)]


def _ask(
    db: Session, client: Visitor, page: PageMaker, now: Now, sheet: OnSheet, questions: Sequence[Question],
    *, refused: Mapping[str, Refusal] | None = None,
) -> Response[str]:  # fmt: skip
    definition, answers = sheet.form.definition, sheet.draft.answers
    known = facts.profile(db, client.client_id, local_date(now))
    is_elder = known.get("age", 0) >= definition.rules["special_care"]["age"]
    looks = {name: page.query.get(name) or page.cookie(name) for name in ("lang", "size", "theme")}
    more: dict[str, Any] = {"looks": looks | {"size": looks["size"] or "large"}} if is_elder else {}
    shown = [(question, _options(question, sheet.draft.orders)) for question in questions]
    first = definition.questions.index(questions[0])
    sections = [
        (name, given, definition.of_dimension(name), sum(q.id in answers for q in definition.of_dimension(name)))
        for name, given in definition.dimensions.items()
    ]
    return page.show(
        "suitability/question.html", status=422 if refused else 200, sheet=sheet, shown=shown, answers=answers,
        refused=refused or {}, words=WORDS, text=text, sections=sections, elder=is_elder, count=len(answers),
        total=len(definition.questions), before=definition.questions[first - 1] if first else None,
        is_section=len(questions) > 1, scale=_scale, definition=definition, **more,
    )  # fmt: skip


def _options(question: Question, orders: Mapping[str, Sequence[str]]) -> list[Any]:
    return [question.by_key[key] for key in orders.get(question.id) or question.by_key]


def _scale(question: Question) -> dict[str, Any] | None:
    """Give the bars of a choice between gains and losses on one scale of a hundred, and the two ends in yuan."""
    spreads = {each.key: each.given["spread_cny"] for each in question.options if "spread_cny" in each.given}
    if not spreads:
        return None
    lowest, highest = min(low for low, _ in spreads.values()), max(high for _, high in spreads.values())
    wide = highest - lowest
    zero = -lowest * 100 // wide
    bars = {
        key: (zero + low * 100 // wide, -low * 100 // wide, high * 100 // wide) for key, (low, high) in spreads.items()
    }
    return {"zero": zero, "bars": bars, "spreads": spreads, "lowest": lowest, "highest": highest}


pages = [begin, ask, answer, ask_section, answer_section]
