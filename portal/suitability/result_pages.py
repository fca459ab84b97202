"""A result: the level with where it comes from and what it matches, and the client's word that he has read it."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity
from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Seat, Visitor
from portal.kit.clock import local_date
from portal.kit.i18n import say
from portal.kit.vault import Vault
from portal.suitability import queries, rules
from portal.suitability.actions import confirm
from portal.suitability.forms import CONFIRMATION, PROOFS, SOURCES, STATES, WORDS, ConfirmForm
from portal.suitability.models import Assessment
from portal.suitability.rules import Refusal, State
from portal.suitability.shown import person_of, text, waits_for_client


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
        db, made, client=person_of(client, seat), words_shown=say(CONFIRMATION),
        second_factor=client.has_second_factor, now=now,
    )  # fmt: skip
    if isinstance(outcome, Refusal):
        form.wrong("agreed", WORDS[outcome])
        return _result(db, client, page, made, now, form=form)
    return page.go("suitability.result", number=number)


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
        "suitability/result.html", status=422 if form else 200, made=made, definition=definition, text=text,
        form=form or ConfirmForm(), earlier=earlier[:3], allowed=allowed, rules_of=rules_of, now=now,
        waits=waits_for_client(made) and queries.newest_of(db, client.client_id).id == made.id, states=STATES,
        sources=SOURCES, confirmation=CONFIRMATION, today=local_date(now), source=rules.Source, state=State,
        evidence=queries.evidence_of(db, made.id),
    )  # fmt: skip


pages = [result, confirm_now]
