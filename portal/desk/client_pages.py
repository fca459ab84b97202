"""One client on one page for staff: his days in one line, where he stands beside it, and what staff may do for him."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients, dossier, identity, tiers
from portal.desk.forms import RECOVERY_WORDS, RecordForm, RevealForm
from portal.doors import WORKS, Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.identity import Visitor, fresh_secret
from portal.kit.clock import local_date
from portal.kit.db import Database
from portal.kit.timeline import read_mark

KNOWS = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)
NOTES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.MANAGER)
REVEALS = staff_of(Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE)


@get("/desk/clients/{client_no:str}", name="desk.client", guard=KNOWS)
def show(database: Database, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Show a client, masked; that somebody looked is written down first, and the client reads it."""
    with database.writing() as db:
        client = _known(db, page, client_no)
        clients.look(db, staff=_person(staff), client_id=client.id, what="file", now=now)
    with database.reading() as db:
        return _client(db, page, client_no, now)


@post("/desk/clients/{client_no:str}/reveal", name="desk.reveal", guard=REVEALS)
def reveal(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[str]:
    """Show one value without its mask, once, for a reason that the client reads."""
    client, form = _known(db, page, client_no), sent.bind(RevealForm)
    found = clients.held(db, client.id, local_date(now)).get(form.typed["key"])
    this = clients.by_key().get(form.typed["key"])
    if not form.ok or found is None or this is None or not this.is_for_client:
        return _client(db, page, client_no, now, form=form, status=422)
    person = _person(staff)
    clients.look(db, staff=person, client_id=client.id, what="value", key=form.key, reason=form.reason, now=now)
    return _client(db, page, client_no, now, revealed=(this, clients.shown(this, found.value, in_full=True)))


@post("/desk/clients/{client_no:str}/activation", name="desk.activate", guard=WORKS)
def give_activation(db: Db, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Give an activation code; it is shown once, here, and never again."""
    client = _known(db, page, client_no)
    user = identity.enter_client(db, client_id=client.id, name=client.name, personal=[client.client_no], now=now)
    if user.user_name:  # one person alone never sets a client's sign-in anew
        return _client(db, page, client_no, now, status=422, must_recover=True)
    code = identity.give_activation(db, user_id=user.id, by=staff.actor, now=now)
    return _client(db, page, client_no, now, code=code)


@post("/desk/clients/{client_no:str}/recovery", name="desk.open_recovery", guard=WORKS)
def open_recovery(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Open a way back in for a client who lost his password or second factor, with the record of the call back."""
    client, form = _known(db, page, client_no), sent.bind(RecordForm)
    user = identity.user_of_client(db, client.id)
    if user is None or not user.user_name:
        raise page.missing()
    if form.ok:
        outcome = identity.open_recovery(db, user_id=user.id, record=form.record, staff=staff, now=now)
        if not isinstance(outcome, identity.Refusal):
            return page.go("desk.recoveries")
        form.wrong("record", RECOVERY_WORDS[outcome])
    return _client(db, page, client_no, now, status=422, record=form)


@post("/desk/clients/{client_no:str}/notes", name="desk.note", guard=NOTES)
def note(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Keep a note about a client: internal unless its writer chose that the client reads it."""
    client, form = _known(db, page, client_no), sent.bind(dossier.NoteForm)
    if not form.ok:
        return _client(db, page, client_no, now, status=422, noted=form)
    audience = dossier.Audience(form.audience or "internal")
    dossier.notes.write(
        db, who=staff.person, client_id=client.id, audience=audience, text=form.note, key=form.key, now=now
    )
    return page.go("desk.client", client_no=client_no)


@get("/desk/clients/{client_no:str}/notes/{note:int}", name="desk.correction", guard=NOTES)
def correction(db: Db, page: Page, client_no: FromPath[str], note: FromPath[int]) -> Response[str]:
    """Ask for the new text of a note."""
    row = _note(db, page, client_no, note)
    form = dossier.CorrectionForm()
    form.typed = {"note": row.text, "key": fresh_secret()}
    return _correction(page, client_no, row, form)


@post("/desk/clients/{client_no:str}/notes/{note:int}", name="desk.correct_note", guard=NOTES)
def correct_note(
    db: Db, staff: Staff, page: Page, client_no: FromPath[str], note: FromPath[int], sent: Sent, now: Now
) -> Response[Any]:
    """Put a new text in a note's place; the old one stays on record."""
    row, form = _note(db, page, client_no, note), sent.bind(dossier.CorrectionForm)
    if form.ok:
        made = dossier.notes.correct(db, row, who=staff.person, text=form.note, key=form.key, now=now)
        if not isinstance(made, dossier.Refusal):
            return page.go("desk.client", client_no=client_no)
        form.wrong("note", dossier.REFUSALS[made])
    return _correction(page, client_no, row, form)


def _note(db: Session, page: PageMaker, client_no: str, note_id: int) -> Any:
    row = dossier.notes.by_id(db, _known(db, page, client_no).id, note_id)
    if row is None:
        raise page.missing()
    return row


def _correction(page: PageMaker, client_no: str, row: Any, form: dossier.CorrectionForm) -> Response[str]:
    return page.show(
        "desk/correction.html", status=200 if form.ok else 422, client_no=client_no, row=row, form=form,
        words=dossier.notes.WORDS,
    )  # fmt: skip


def _known(db: Session, page: PageMaker, client_no: str) -> Any:
    client = clients.client_by_no(db, client_no)
    if client is None or not reached(db, page.visitor, [client]):
        raise page.missing()
    return client


def reached(db: Session, staff: Visitor, rows: Sequence[Any]) -> list[Any]:
    """Keep the clients whom somebody may see: an adviser his own, staff of a branch the branch's."""
    found = [row for row in rows if staff.may_see_branch(row.branch_no)]
    if staff.sees_own_clients_alone:
        own = set(tiers.clients_of(db, staff.user_id))
        found = [row for row in found if row.id in own]
    return found


def _client(
    db: Session, page: PageMaker, client_no: str, now: Now, *, code: str | None = None,
    form: RevealForm | None = None, revealed: Any = None, status: int = 200, record: RecordForm | None = None,
    must_recover: bool = False, noted: dossier.NoteForm | None = None,
) -> Response[str]:  # fmt: skip
    client, today = _known(db, page, client_no), local_date(now)
    held = clients.held(db, client.id, today)
    user, asked, kinds = identity.user_of_client(db, client.id), page.query.get("kind", ""), dossier.kinds_for(page.may)
    kind = asked if asked in kinds else ""
    return page.show(
        "desk/client.html", status=status, client=client, held=held, now=now, today=today, user=user,
        shelf=[this for this in clients.by_key().values() if this.key in held and this.is_for_client],
        shown=clients.shown, form=form or RevealForm(), record=record or RecordForm(), must_recover=must_recover,
        recovery=identity.recovery_of(db, user.id) if user else None, revealed=revealed, code=code,
        score=clients.completeness(db, client.id, today), name=clients.masked_name(client.name),
        mobile=clients.masked_phone(held["mobile"].value) if "mobile" in held else "",
        stands=dossier.standing_of(db, client, held, may=page.may, now=now), kind=kind, kinds=kinds,
        words=dossier.words, consent_names={kind: clients.consent_name(kind) for kind in clients.CONSENTS},
        noted=noted or _fresh_note(), notes=dossier.notes.notes_of(db, client.id), note_words=dossier.notes.WORDS,
        days=dossier.timeline_of(
            db, client.id, may=page.may, kinds=[kind] if kind else (), before=read_mark(page.query.get("before", ""))
        ),
    )  # fmt: skip


def _fresh_note() -> dossier.NoteForm:
    form = dossier.NoteForm()
    form.typed = {"key": fresh_secret(), "audience": dossier.Audience.INTERNAL}
    return form


def _person(staff: Visitor) -> clients.Person:
    return clients.Person(staff.actor, staff.name, staff.user_id, channel="desk")


pages = [show, reveal, give_activation, open_recovery, note, correction, correct_note]
