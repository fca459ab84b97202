"""The client's pages of his own data: what we hold, what he may change, who looked, what he consented to."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import queues
from portal.clients import changes, emails, indicators, phones, queries, values, words
from portal.clients.actions import consent
from portal.clients.changes import Person, ask, edit
from portal.clients.forms import ChangeForm, ConsentForm, ObjectionForm, PhoneForm, ReportForm
from portal.clients.indicators import Edit, Indicator
from portal.clients.models import ClientChange, ClientPhoneProof
from portal.clients.queries import Known
from portal.clients.rules import CONSENT_TEXT, CONSENTS, OPEN, QUEUE, Refusal, masked_phone
from portal.doors import CLIENT, CLIENT_AAL2, Db, Fields, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Visitor
from portal.kit import papers, uploads
from portal.kit.clock import local_date
from portal.kit.db import Database
from portal.kit.papers import WORDS as PAPER_WORDS
from portal.kit.papers import Fault as PaperFault
from portal.kit.papers import Judged
from portal.kit.uploads import Store
from portal.kit.vault import Vault


@get("/me/information", name="clients.information", guard=CLIENT)
def information(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show all that we hold of the client, by group, and how complete it is."""
    known = queries.held(db, client.client_id, local_date(now))
    asked = changes.changes_of(db, client.client_id)
    return page.show(
        "clients/information.html", ways=queries.channels(db, client.client_id),
        groups=indicators.groups(), known=known, asked=asked, words=words,
        shelf={group: _of_group(group, known) for group in indicators.groups()}, by_key=indicators.by_key(),
        unknown=[each for each in indicators.every() if each.is_for_client and not _is_on_page(each, known)],
        waiting={row.key: row for row in asked if row.state in (*OPEN, "approved", "overdue")},
        score=indicators.completeness(known, local_date(now), queries.born_on(known)), edits=Edit,
    )  # fmt: skip


@get("/me/information/{key:str}", name="clients.indicator", guard=CLIENT)
def indicator(db: Db, client: SignedIn, page: Page, key: FromPath[str], now: Now) -> Response[str]:
    """Show one indicator: value, source, date, history, and what the client may do about it."""
    return _indicator(db, client, page, _told(page, key), ReportForm(), now)


@get("/me/information/{key:str}/change", name="clients.change_form", guard=CLIENT_AAL2)
def change_form(db: Db, client: SignedIn, page: Page, key: FromPath[str], now: Now) -> Response[Any]:
    """Ask for a new value; a masked one is never sent back into the form."""
    this = _editable(page, key)
    known = queries.held(db, client.client_id, local_date(now))
    form, held = ChangeForm(), known.get(key)
    form.typed = {"value": held.value if held and not this.mask else "", "why": ""}
    return _change(page, this, known, form)


@post("/me/information/{key:str}/change", name="clients.change", guard=CLIENT_AAL2, uploads=True)
def change(
    database: Database, store: Store, client: SignedIn, page: Page, key: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Change an indicator at once, or ask staff to, as its right says."""
    this = _editable(page, key)
    # Pictures are painted anew before the transaction begins: it must not wait for them.
    judged = papers.judge_all(sent.files_of("evidence"), kept=sum(name.startswith("kept_") for name in sent.typed))
    with database.writing() as db:
        return _change_now(db, store, client, page, this, sent, judged, now)


def _change_now(
    db: Session, store: Store, client: Visitor, page: PageMaker, this: Indicator, sent: Fields,
    judged: list[Judged] | PaperFault, now: Now,
) -> Response[Any]:  # fmt: skip
    known, who, key = queries.held(db, client.client_id, local_date(now)), _person(client), this.key
    looked_at = this.edit is Edit.REVIEW and values.needs_review(this, sent.typed.get("value", "").strip(), known)
    kept = _kept(db, store, client, sent, judged, now) if looked_at else []
    count = 0 if isinstance(kept, PaperFault) else len(kept)
    form = ChangeForm.of(this, sent.typed, known, local_date(now), asks_why=looked_at, papers=count)
    if isinstance(kept, PaperFault):
        form.wrong("evidence", PAPER_WORDS[kept])
        kept = uploads.waiting(db, sent.typed, owner=changes.owner_of(client.client_id))
    if not form.ok:
        return _change(page, this, known, form, kept=kept, status=422)
    if key == "email" and page.house.settings.smtp_url:
        return _email_link(db, client, page, this, known, form, now)
    if not looked_at:
        edit(db, who=who, client_id=client.client_id, key=key, value=form.value, now=now)
        return page.go("clients.indicator", key=key)
    made: ClientChange | ClientPhoneProof | Refusal
    if key == "mobile":
        made = phones.begin(db, store.vault, client_id=client.client_id, number=form.value, why=form.why, now=now)
    else:
        made = ask(
            db, who=who, client_id=client.client_id, key=key, value=form.value, why=form.why, now=now,
            papers=[each.token for each in kept],
        )  # fmt: skip
    if isinstance(made, Refusal):
        form.wrong("value", words.REFUSALS[made])
        return _change(page, this, known, form, kept=kept, status=422)
    if isinstance(made, ClientPhoneProof):
        return page.go("clients.phone")
    return page.go("clients.progress", number=made.number)


def _email_link(
    db: Session, client: Visitor, page: PageMaker, this: Indicator, known: dict[str, Known], form: ChangeForm, now: Now
) -> Response[Any]:
    made = emails.begin(db, client_id=client.client_id, address=form.value, now=now)
    if isinstance(made, Refusal):
        form.wrong("value", words.REFUSALS[made])
        return _change(page, this, known, form, status=422)
    return page.go("clients.email")


@get("/me/email", name="clients.email", guard=CLIENT)
def email(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Say to which address a link has gone."""
    return page.show("clients/email.html", proof=emails.waiting(db, client.client_id, now), token="", refusal=None)


@get("/me/email/{token:str}", name="clients.email_link", guard=CLIENT)
def email_link(db: Db, client: SignedIn, page: Page, token: FromPath[str], now: Now) -> Response[str]:
    """Ask once more before the address holds: programs that look through mail open links, but press nothing."""
    return _email(db, client, page, token, now)


@post("/me/email/{token:str}", name="clients.confirm_email", guard=CLIENT)
def confirm_email(db: Db, client: SignedIn, page: Page, token: FromPath[str], now: Now) -> Response[Any]:
    """Let the address hold."""
    made = emails.confirm(db, who=_person(client), client_id=client.client_id, token=token, now=now)
    if isinstance(made, Refusal):
        return _email(db, client, page, token, now, refusal=made)
    return page.go("clients.indicator", key="email")


def _email(
    db: Session, client: Visitor, page: PageMaker, token: str, now: Now, *, refusal: Refusal | None = None
) -> Response[str]:
    proof = emails.of_token(db, client.client_id, token, now)
    return page.show(
        "clients/email.html", status=422 if refusal else 200, proof=proof, token=token if proof else "",
        refusal=words.REFUSALS[refusal] if refusal else None,
    )  # fmt: skip


def _kept(
    db: Session, store: Store, client: Visitor, sent: Fields, judged: list[Judged] | PaperFault, now: Now
) -> list[Any] | PaperFault:
    """Keep the files that came, and give them with those that an earlier try has kept."""
    if isinstance(judged, PaperFault):
        return judged
    owner = changes.owner_of(client.client_id)
    tokens = uploads.keep(db, store, judged, owner=owner, now=now)
    if isinstance(tokens, PaperFault):
        return tokens
    return uploads.waiting(db, {**sent.typed, **{f"kept_{token}": "1" for token in tokens}}, owner=owner)


@get("/me/phone", name="clients.phone", guard=CLIENT_AAL2)
def phone(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Ask for the codes that the old and the new number have received."""
    return _phone(db, client, page, PhoneForm(), now)


@post("/me/phone", name="clients.prove_phone", guard=CLIENT_AAL2)
def prove_phone(db: Db, vault: Vault, client: SignedIn, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Compare both codes; right ones ask staff for the change."""
    form = sent.bind(PhoneForm)
    if not form.ok:
        return _phone(db, client, page, form, now, status=422)
    codes = {name: "".join(getattr(form, name).split()) for name in ("old_code", "new_code")}
    made = phones.prove(db, vault, who=_person(client), client_id=client.client_id, now=now, **codes)
    if isinstance(made, Refusal):
        form.wrong("new_code", words.REFUSALS[made])
        return _phone(db, client, page, form, now, status=422)
    return page.go("clients.progress", number=made.number)


@post("/me/information/{key:str}/report", name="clients.report", guard=CLIENT)
def report(db: Db, client: SignedIn, page: Page, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Report an error in what we hold."""
    this, form = _told(page, key), sent.bind(ReportForm)
    if form.ok:
        made = ask(db, who=_person(client), client_id=client.client_id, key=this.key, value=None, why=form.why, now=now)
        if isinstance(made, ClientChange):
            return page.go("clients.progress", number=made.number)
        form.wrong("why", words.REFUSALS[made])
    return _indicator(db, client, page, this, form, now, status=422)


@get("/me/changes/{number:str}", name="clients.progress", guard=CLIENT)
def progress(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show where a request stands."""
    return _progress(db, page, _mine(db, client, page, number), now)


@get("/me/changes/{number:str}/papers/{token:str}", name="clients.paper", guard=CLIENT)
def paper(
    db: Db, store: Store, client: SignedIn, page: Page, number: FromPath[str], token: FromPath[str]
) -> Response[Any]:
    """Give the client a file that he attached himself."""
    found = uploads.one(db, token, to=changes.paper_ref(_mine(db, client, page, number)))
    if found is None:
        raise page.missing()
    return uploads.answer(store, found)


@post("/me/changes/{number:str}/withdrawal", name="clients.withdraw", guard=CLIENT)
def withdraw(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a request back that nobody has decided yet."""
    row = _mine(db, client, page, number)
    outcome = changes.withdraw(db, row, client=_person(client), now=now)
    if isinstance(outcome, ClientChange):
        queues.release(db, queue=QUEUE, item_id=row.id)
        return page.go("clients.progress", number=number)
    return _progress(db, page, row, now, status=422)


@post("/me/changes/{number:str}/objection", name="clients.object", guard=CLIENT)
def object_now(db: Db, client: SignedIn, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Say that a request which staff entered in the client's name is not his."""
    row, form = _mine(db, client, page, number), sent.bind(ObjectionForm)
    if not form.ok:
        return _progress(db, page, row, now, form=form, status=422)
    outcome = changes.object_to(db, row, client=_person(client), why=form.objection, now=now)
    if isinstance(outcome, ClientChange):
        queues.release(db, queue=QUEUE, item_id=row.id)
        return page.go("clients.progress", number=outcome.number)
    return _progress(db, page, row, now, form=form, status=422)


@get("/me/seen", name="clients.seen", guard=CLIENT)
def seen(db: Db, client: SignedIn, page: Page) -> Response[str]:
    """Show who of the staff looked at this client's data, when, at what and why."""
    rows = queries.views(db, client.client_id)
    return page.show("clients/seen.html", rows=rows, words=words, by_key=indicators.by_key())


@get("/me/consents", name="clients.consents", guard=CLIENT)
def consents(db: Db, client: SignedIn, page: Page) -> Response[str]:
    """Show each consent with its text, and when it was given or withdrawn."""
    return _consents(db, client, page)


@post("/me/consents/{kind:str}", name="clients.consent", guard=CLIENT)
def decide_consent(db: Db, client: SignedIn, page: Page, kind: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Give or withdraw a consent: one button for either."""
    form = sent.bind(ConsentForm)
    if kind not in CONSENTS:
        raise page.missing()
    if not form.ok:
        return _consents(db, client, page, status=422)
    consent(db, who=_person(client), client_id=client.client_id, kind=kind, is_given=form.given == "1", now=now)
    return page.go("clients.consents")


def _of_group(group: str, known: dict[str, Known]) -> list[Indicator]:
    return [each for each in indicators.every() if each.group == group and _is_on_page(each, known)]


def _is_on_page(each: Indicator, known: dict[str, Known]) -> bool:
    return each.is_for_client and each.kind != "file" and (each.key in known or each.edit is not Edit.NO)


def _told(page: PageMaker, key: str) -> Indicator:
    this = indicators.by_key().get(key)
    if this is None or not this.is_for_client or this.kind == "file":
        raise page.missing()
    return this


def _editable(page: PageMaker, key: str) -> Indicator:
    this = _told(page, key)
    # A field that the client may not edit has no such page, whoever posts to it by hand.
    if this.edit is Edit.NO or this.kind == "consent":
        raise page.missing()
    return this


def _indicator(
    db: Session, client: Visitor, page: PageMaker, this: Indicator, form: ReportForm, now: Now, *, status: int = 200
) -> Response[str]:
    asked = [row for row in changes.changes_of(db, client.client_id) if row.key == this.key]
    return page.show(
        "clients/indicator.html", status=status, this=this, form=form, words=words, asked=asked, edits=Edit,
        held=queries.held(db, client.client_id, local_date(now)).get(this.key), open=OPEN,
        way=queries.channels(db, client.client_id).get(this.key, "system"),
        history=queries.history(db, client.client_id, this.key),
        is_stale=_is_stale(db, client, this, now),
    )  # fmt: skip


def _is_stale(db: Session, client: Visitor, this: Indicator, now: Now) -> bool:
    held = queries.held(db, client.client_id, local_date(now)).get(this.key)
    return held is not None and indicators.is_stale(this, held.as_of, local_date(now))


def _change(
    page: PageMaker, this: Indicator, known: dict[str, Known], form: ChangeForm, *, kept: Sequence[Any] = (),
    status: int = 200,
) -> Response[str]:  # fmt: skip
    return page.show(
        "clients/change.html", status=status, this=this, held=known.get(this.key), form=form, words=words, edits=Edit,
        kept=kept,
    )  # fmt: skip


def _phone(
    db: Session, client: Visitor, page: PageMaker, form: PhoneForm, now: Now, *, status: int = 200
) -> Response[str]:
    proof = phones.waiting_proof(db, client.client_id, now)
    masked = masked_phone(proof.number) if proof else ""
    return page.show("clients/phone.html", status=status, proof=proof, masked=masked, form=form)


def _mine(db: Session, client: Visitor, page: PageMaker, number: str) -> ClientChange:
    row = changes.by_number(db, number)
    if row is None or row.client_id != client.client_id:
        raise page.missing()
    return row


def _progress(
    db: Session, page: PageMaker, row: ClientChange, now: Now, *, form: ObjectionForm | None = None, status: int = 200
) -> Response[str]:
    return page.show(
        "clients/progress.html", status=status, row=row, form=form or ObjectionForm(),
        this=changes.indicator_of(row), words=words, now=now,
        events=changes.events(db, row.id), is_open=row.state in OPEN, claim=queues.claim_on(db, QUEUE, row.id),
        papers=uploads.attached(db, changes.paper_ref(row)),
    )  # fmt: skip


def _consents(db: Session, client: Visitor, page: PageMaker, *, status: int = 200) -> Response[str]:
    given = queries.consents(db, client.client_id)
    return page.show("clients/consents.html", status=status, given=given, words=words, version=CONSENT_TEXT)


def _person(client: Visitor) -> Person:
    return Person(client.actor, client.name, client.user_id)


pages = [
    information, indicator, change_form, change, email, email_link, confirm_email, phone, prove_phone, report,
    progress, paper, withdraw, object_now, seen, consents, decide_consent,
]  # fmt: skip
