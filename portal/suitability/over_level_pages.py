"""Something above one's level: the client's own wish, the warning, his insisting."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity
from portal.doors import CLIENT_AAL2, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Seat, Visitor
from portal.kit.vault import Vault
from portal.suitability import queries, rules
from portal.suitability.forms import INSISTENCES, PROOFS, WORDS, InsistForm, WishForm
from portal.suitability.insisting import insist, wish
from portal.suitability.rules import Refusal
from portal.suitability.shown import person_of, text


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
    who = person_of(client, seat)
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
        outcome = insist(db, made, client=person_of(client, seat), phrase=form.phrase, now=now)
        if not isinstance(outcome, Refusal):
            return page.go("suitability.warning", number=number)
        form.wrong("phrase", WORDS[outcome])
    return _warning(db, client, page, number, now, form=form)


def _over_level(
    db: Session, client: Visitor, page: PageMaker, now: Now, *, form: WishForm | None = None
) -> Response[str]:
    return page.show(
        "suitability/over_level.html", status=422 if form else 200, form=form or WishForm(), text=text,
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
        "suitability/warning.html", status=422 if form else 200, form=form or InsistForm(), made=made, text=text,
        standing=standing, service=service, path=path, steps=rules.steps_of(path["steps"]), now=now, words=WORDS,
        insistences=INSISTENCES, is_reading=made.state == rules.Insistence.READING,
        allowed=standing.allowed if standing else (),
    )  # fmt: skip


pages = [over_level, wish_now, warning, insist_now]
