"""The check of a whole sheet: the answers, what must be declared, what looks odd; then it is submitted."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response

from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Seat
from portal.suitability.actions import Unfinished, draft_to_change, submit
from portal.suitability.forms import WORDS
from portal.suitability.questionnaire import Question
from portal.suitability.rules import Refusal
from portal.suitability.shown import OnSheet, index_page, on_sheet, onward, person_of, sheet_of, text


@get("/questionnaire/check", name="suitability.check", guard=CLIENT)
def check(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Show all the answers and what must be declared before they are submitted."""
    sheet = sheet_of(db, client, now)
    if isinstance(sheet, Refusal):
        return page.go("suitability.index")
    return _check(page, sheet) if sheet.next_question is None else onward(page, sheet)


@post("/questionnaire/check", name="suitability.submit", guard=CLIENT)
def hand_in(db: Db, client: SignedIn, page: Page, sent: Sent, seat: Seat, now: Now) -> Response[Any]:
    """Submit the sheet; lead on to the result, or say what must change or be confirmed."""
    sheet = on_sheet(draft_to_change(db, client.client_id, now))
    if isinstance(sheet, Refusal):
        return index_page(db, client, page, now, refusal=sheet)
    declared = {each["key"]: f"d.{each['key']}" in sent.typed for each in sheet.form.definition.body["declarations"]}
    confirmed = [name.removeprefix("x.") for name in sent.typed if name.startswith("x.")]
    outcome = submit(
        db, sheet.draft, sheet.form, client=person_of(client, seat), declared=declared, confirmed=confirmed, now=now
    )
    if isinstance(outcome, Unfinished):
        return _check(page, sheet, declared=declared, unfinished=outcome, confirmed=confirmed)
    return page.go("suitability.result", number=outcome.number)


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
        "suitability/check.html", status=422 if unfinished else 200, sheet=sheet, definition=definition, text=text,
        declared=declared or {}, unfinished=unfinished, words=WORDS, confirmed=confirmed, refusals=Refusal,
        odd=[(rule, asked) for rule, asked in odd if rule["severity"] == wanted],
        answers={q.id: q.chosen(sheet.draft.answers.get(q.id, ())) for q in definition.questions},
    )  # fmt: skip


def _asked_by(definition: Any, rule: Mapping[str, Any]) -> list[Question]:
    """Give the questions whose answers a rule looks at."""
    named = [each["field"].partition(".") for part in ("all", "any") for each in rule.get(part, ())]
    return [definition.by_id[name] for group, _, name in named if group == "a"]


pages = [check, hand_in]
