"""The client's pages of the questionnaire: one question a page, the check before submitting, the result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity
from portal.doors import CLIENT, CLIENT_AAL2, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Seat, Visitor
from portal.kit import i18n
from portal.kit.clock import local_date
from portal.kit.i18n import say
from portal.kit.vault import Vault
from portal.suitability import facts, queries, rules
from portal.suitability.actions import Person, Unfinished, confirm, draft_to_change, save, start, submit, usable_draft
from portal.suitability.forms import (
    CONFIRMATION,
    INSISTENCES,
    PROOFS,
    SOURCES,
    STATES,
    WORDS,
    ConfirmForm,
    InsistForm,
    WishForm,
)
from portal.suitability.insisting import insist, wish
from portal.suitability.models import Assessment, QuestionnaireDraft
from portal.suitability.queries import Published
from portal.suitability.questionnaire import Question, words
from portal.suitability.rules import Refusal, State


@dataclass(frozen=True)
class OnSheet:
    """The sheet that a client is at, with its pinned questionnaire."""

    draft: QuestionnaireDraft
    form: Published

    @property
    def next_question(self) -> Question | None:
        """Give the first question without an answer, or None: where a client goes on, on any device."""
        left = (question for question in self.form.definition.questions if question.id not in self.draft.answers)
        return next(left, None)


@get("/questionnaire", name="suitability.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show the level that holds, what waits, and earlier results; begin or go on from here."""
    return _index(db, client, page, now)


@post("/questionnaire", name="suitability.start", guard=CLIENT)
def begin(db: Db, client: SignedIn, page: Page, seat: Seat, now: Now) -> Response[Any]:
    """Begin a sheet, or go on with the one that is open."""
    outcome = start(db, client=_person(client, seat), client_id=client.client_id, now=now)
    if isinstance(outcome, Refusal):
        return _index(db, client, page, now, refusal=outcome)
    return _onward(page, OnSheet(outcome, queries.version(db, outcome.version_id)))


@get("/questionnaire/questions/{question:str}", name="suitability.question", guard=CLIENT)
def ask(db: Db, client: SignedIn, page: Page, question: FromPath[str], now: Now) -> Response[Any]:
    """Ask one question."""
    sheet = _sheet(db, client, now)
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
    sheet = _sheet(db, client, now)
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


@get("/questionnaire/check", name="suitability.check", guard=CLIENT)
def check(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Show all the answers and what must be declared before they are submitted."""
    sheet = _sheet(db, client, now)
    if isinstance(sheet, Refusal):
        return page.go("suitability.index")
    return _check(page, sheet) if sheet.next_question is None else _onward(page, sheet)


@post("/questionnaire/check", name="suitability.submit", guard=CLIENT)
def hand_in(db: Db, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Submit the sheet; lead on to the result, or say what must change or be confirmed."""
    sheet = _on_sheet(draft_to_change(db, client.client_id, now))
    if isinstance(sheet, Refusal):
        return _index(db, client, page, now, refusal=sheet)
    declared = {each["key"]: f"d.{each['key']}" in sent.typed for each in sheet.form.definition.body["declarations"]}
    confirmed = [name.removeprefix("x.") for name in sent.typed if name.startswith("x.")]
    outcome = submit(
        db, sheet.draft, sheet.form, client=_person(client, seat), declared=declared, confirmed=confirmed, now=now
    )
    if isinstance(outcome, Unfinished):
        return _check(page, sheet, declared=declared, unfinished=outcome, confirmed=confirmed)
    return page.go("suitability.result", number=outcome.number)


@get("/questionnaire/results/{number:str}", name="suitability.result", guard=CLIENT)
def result(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show a result: the level, where it comes from, what it matches, until when."""
    return _result(db, client, page, _known(db, client, page, number), now)


@post("/questionnaire/results/{number:str}/confirmation", name="suitability.confirm", guard=CLIENT)
def confirm_now(
    db: Db, vault: Vault, client: SignedIn, page: Page, number: FromPath[str], sent: Sent, seat: Seat, now: Now
) -> Response[Any]:
    """Let the client say that he has read the result, with his second factor where he has one."""
    made, form = _known(db, client, page, number), sent.bind(ConfirmForm)
    if form.ok and client.has_second_factor:
        wrong = identity.prove(db, vault, client, code=form.digits, seat=seat, now=now)
        if wrong:
            form.wrong("code", PROOFS[wrong])
    if not form.ok:
        return _result(db, client, page, made, now, form=form)
    outcome = confirm(
        db, made, client=_person(client, seat), words_shown=say(CONFIRMATION),
        second_factor=client.has_second_factor, now=now,
    )  # fmt: skip
    if isinstance(outcome, Refusal):
        form.wrong("agreed", WORDS[outcome])
        return _result(db, client, page, made, now, form=form)
    return page.go("suitability.result", number=number)


@get("/questionnaire/over-level", name="suitability.over_level", guard=CLIENT_AAL2)
def over_level(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Let a client who asks by himself name what he wants above his level."""
    return _over_level(db, client, page, now)


@post("/questionnaire/over-level", name="suitability.wish", guard=CLIENT_AAL2)
def wish_now(db: Db, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Take the wish; lead on to the mismatch and the special warning."""
    form = sent.bind(WishForm)
    if not form.ok:
        return _over_level(db, client, page, now, form=form)
    who = _person(client, seat)
    outcome = wish(db, client=who, client_id=client.client_id, service=form.service, now=now)
    if isinstance(outcome, Refusal):
        form.wrong("service", WORDS[outcome])
        return _over_level(db, client, page, now, form=form)
    return page.go("suitability.warning", number=outcome.number)


@get("/questionnaire/over-level/{number:str}", name="suitability.warning", guard=CLIENT_AAL2)
def warning(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show in what the wish does not match, the special warning in full, and where it stands."""
    return _warning(db, client, page, number, now)


@post("/questionnaire/over-level/{number:str}/confirmation", name="suitability.insist", guard=CLIENT_AAL2)
def insist_now(
    db: Db, vault: Vault, client: SignedIn, page: Page, number: FromPath[str], sent: Sent, seat: Seat, now: Now
) -> Response[Any]:
    """Let the client insist: the phrase typed as printed, and a one-time code."""
    made, form = queries.over_level(db, client.client_id, number), sent.bind(InsistForm)
    if made is None:
        raise page.missing()
    if form.ok and (wrong := identity.prove(db, vault, client, code=form.digits, seat=seat, now=now)):
        form.wrong("code", PROOFS[wrong])
    if form.ok:
        outcome = insist(db, made, client=_person(client, seat), phrase=form.phrase, now=now)
        if not isinstance(outcome, Refusal):
            return page.go("suitability.warning", number=number)
        form.wrong("phrase", WORDS[outcome])
    return _warning(db, client, page, number, now, form=form)


def _over_level(
    db: Session, client: Visitor, page: PageMaker, now: Now, *, form: WishForm | None = None
) -> Response[str]:
    return page.show(
        "suitability/over_level.html", status=422 if form else 200, form=form or WishForm(), text=_text,
        standing=queries.current(db, client.client_id, now), services=queries.services(db), insistences=INSISTENCES,
        rows=queries.over_level_of(db, client.client_id), words=WORDS,
    )  # fmt: skip


def _warning(
    db: Session, client: Visitor, page: PageMaker, number: str, now: Now, *, form: InsistForm | None = None
) -> Response[str]:
    made, standing = queries.over_level(db, client.client_id, number), queries.current(db, client.client_id, now)
    form_in_force = queries.published(db)
    if made is None or form_in_force is None:
        raise page.missing()
    service = queries.services(db).get(made.service, {})
    path = form_in_force.definition.body["matching"]["over_level"]
    return page.show(
        "suitability/warning.html", status=422 if form else 200, form=form or InsistForm(), made=made, text=_text,
        standing=standing, service=service, path=path, steps=rules.steps_of(path["steps"]), now=now, words=WORDS,
        insistences=INSISTENCES, is_reading=made.state == rules.Insistence.READING,
        allowed=standing.allowed if standing else (),
    )  # fmt: skip


def _sheet(db: Session, client: Visitor, now: Now) -> OnSheet | Refusal:
    return _on_sheet(usable_draft(db, client.client_id, now))


def _on_sheet(found: tuple[QuestionnaireDraft, Published] | Refusal | None) -> OnSheet | Refusal:
    return OnSheet(*found) if isinstance(found, tuple) else found or Refusal.DRAFT_GONE


def _onward(page: PageMaker, sheet: OnSheet) -> Response[Any]:
    if sheet.next_question is None:
        return page.go("suitability.check")
    return page.go("suitability.question", question=sheet.next_question.id)


def _answer(db: Session, client: Visitor, page: PageMaker, sent: Sent, now: Now, asked: Any) -> Response[Any]:
    sheet = _on_sheet(draft_to_change(db, client.client_id, now))
    if isinstance(sheet, Refusal):
        return _index(db, client, page, now, refusal=sheet)
    questions = asked(sheet.form.definition)
    if None in questions:
        raise page.missing()
    if sent.typed.get("draft") != str(sheet.draft.id):  # a page of an earlier sheet, in another tab
        return _index(db, client, page, now, refusal=Refusal.DRAFT_GONE)
    given = {question.id: _posted(question, sent.typed) for question in questions}
    refused = save(db, sheet.draft, sheet.form.definition, given, now)
    if refused:
        return _ask(db, client, page, now, sheet, questions, refused=refused)
    return _onward(page, sheet)


def _posted(question: Question, typed: Mapping[str, str]) -> list[str]:
    if not question.is_multi:
        return [typed.get(question.id, "")]
    start = f"{question.id}."
    return [name.removeprefix(start) for name in typed if name.startswith(start)]


def _index(db: Session, client: Visitor, page: PageMaker, now: Now, *, refusal: Refusal | None = None) -> Response[str]:
    sheet = _sheet(db, client, now)
    form = sheet.form if isinstance(sheet, OnSheet) else queries.published(db)
    found, rows = queries.standing(db, client.client_id), queries.list_of(db, client.client_id)
    mine = queries.newest_of(db, client.client_id)
    return page.show(
        "suitability/index.html", status=422 if refusal else 200, refusal=refusal, words=WORDS, form=form,
        sheet=sheet if isinstance(sheet, OnSheet) else None, standing=found, rows=rows, now=now,
        today=local_date(now), states=STATES, sources=SOURCES, text=_text, source=rules.Source,
        left=_attempts_left(db, client, form, now) if form else 0,
        waits=mine if mine and _waits_for_client(mine) else None,
    )  # fmt: skip


def _attempts_left(db: Session, client: Visitor, form: Published, now: Now) -> int:
    asked = form.definition.rules
    today = local_date(now)
    made = queries.submitted_on(db, client.client_id)
    since = rules.last_day(today, -12)
    within = int(asked["max_attempts_per_rolling_12_months"]) - sum(day > since for day in made)
    return max(0, min(int(asked["max_attempts_per_day"]) - made.count(today), within))


def _waits_for_client(row: Any) -> bool:
    return row.source == rules.Source.PORTAL and row.confirmed_at is None and row.state in (
        State.UNCONFIRMED, State.EFFECTIVE,
    )  # fmt: skip


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
        refused=refused or {}, words=WORDS, text=_text, sections=sections, elder=is_elder, count=len(answers),
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


def _check(
    page: PageMaker, sheet: OnSheet, *, declared: Mapping[str, bool] | None = None,
    unfinished: Unfinished | None = None, confirmed: Sequence[str] = (),
) -> Response[str]:  # fmt: skip
    definition = sheet.form.definition
    rules_of = {rule["id"]: rule for rule in definition.body["contradictions"]}
    found = unfinished.result.contradictions if unfinished and unfinished.result else ()
    odd = [(rules_of[each["id"]], _asked_by(definition, rules_of[each["id"]])) for each in found]
    wanted = "block" if unfinished and unfinished.refusal is Refusal.BLOCKED else "confirm"
    return page.show(
        "suitability/check.html", status=422 if unfinished else 200, sheet=sheet, definition=definition, text=_text,
        declared=declared or {}, unfinished=unfinished, words=WORDS, confirmed=confirmed, refusals=Refusal,
        odd=[(rule, asked) for rule, asked in odd if rule["severity"] == wanted],
        answers={q.id: q.chosen(sheet.draft.answers.get(q.id, ())) for q in definition.questions},
    )  # fmt: skip


def _asked_by(definition: Any, rule: Mapping[str, Any]) -> list[Question]:
    """Give the questions whose answers a rule looks at."""
    named = [each["field"].partition(".") for part in ("all", "any") for each in rule.get(part, ())]
    return [definition.by_id[name] for group, _, name in named if group == "a"]


def _known(db: Session, client: Visitor, page: PageMaker, number: str) -> Assessment:
    made = queries.of_client(db, client.client_id, number)
    if made is None:
        raise page.missing()
    return made


def _result(
    db: Session, client: Visitor, page: PageMaker, made: Assessment, now: Now, *, form: ConfirmForm | None = None
) -> Response[str]:
    definition = queries.version(db, made.version_id).definition
    earlier = [row for row in queries.list_of(db, client.client_id) if row.id < made.id and row.figures]
    allowed = definition.allowed(made.level, lowest_class=made.lowest_class)
    rules_of = {rule["id"]: rule for part in ("hard_rules", "contradictions") for rule in definition.body[part]}
    return page.show(
        "suitability/result.html", status=422 if form else 200, made=made, definition=definition, text=_text,
        form=form or ConfirmForm(), earlier=earlier[:3], allowed=allowed, rules_of=rules_of, now=now,
        waits=_waits_for_client(made) and queries.newest_of(db, client.client_id).id == made.id, states=STATES,
        sources=SOURCES, confirmation=CONFIRMATION, today=local_date(now), source=rules.Source, state=State,
        evidence=queries.evidence_of(db, made.id),
    )  # fmt: skip


def _text(given: Any) -> str:
    """Give the words of a part of the definition in the reader's language."""
    return words(getattr(given, "given", given), i18n.language())


def _person(client: Visitor, seat: Seat) -> Person:
    came = {"network": seat.network, "agent": seat.agent, "aal": client.aal, "session": client.session_hash}
    return Person(client.actor, client.name, client.user_id, came)


pages = [
    index, begin, ask, answer, ask_section, answer_section, check, hand_in, result, confirm_now,
    over_level, wish_now, warning, insist_now,
]  # fmt: skip
