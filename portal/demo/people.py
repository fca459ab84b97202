"""Sign-ins for the cast, through the same doors as everybody's: activation code, password, second factor."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
from sqlalchemy.exc import NoResultFound

from portal import clients, identity
from portal.demo.cast import CLIENTS, PASSWORD, STAFF, Client, Colleague
from portal.identity import Attempt, Entry, Refusal, Seat
from portal.kit.db import Database
from portal.kit.vault import Vault, open_vault

STEP = timedelta(seconds=30)
Person = Client | Colleague
CAST: tuple[Person, ...] = (*CLIENTS, *STAFF)


@dataclass(frozen=True)
class SignIn:
    """What somebody of the cast types at the door."""

    name: str
    user_name: str
    password: str
    second_factor: bool


def sign_ins() -> list[SignIn]:
    """List the cast's sign-ins, clients first."""
    return [SignIn(who.name, who.user_name, PASSWORD, who.second_factor) for who in CAST]


def admit(database: Database, vault: Vault, home: Path, person: Person, now: datetime) -> None:
    """Give somebody of the cast a sign-in; who has one already keeps it."""
    # A network of his own: the whole cast would look like one visitor who tries too often.
    seat = Seat(network=f"demo {person.user_name}", agent="demo", device=None)
    found = identity.sign_in(database, user_name=person.user_name, password=PASSWORD, seat=seat, now=now)
    if isinstance(found, Attempt):
        return
    entry = _activated(database, person, seat, now) if isinstance(found, Refusal) else found
    secret = _strengthened(database, vault, home, person, entry, seat, now) if person.second_factor else entry.session
    with database.writing() as db:
        if visitor := identity.visitor_of(db, secret, now):
            identity.sign_out(db, visitor, now)


def code_of(database: Database, home: Path, name: str, now: datetime) -> str | None:
    """Give somebody's one-time code of the moment, by name or user name; None for a stranger.

    Who has no second factor yet gets the code that turns it on: the one of the seed that the page is about to show.
    """
    person = next((who for who in CAST if name in (who.name, who.user_name)), None)
    if isinstance(person, Client) and person.user_name not in _seeds(home):
        _note_waiting_seed(database, home, person, now)
    seed = _seeds(home).get(person.user_name) if person else None
    return pyotp.TOTP(seed).at(now) if seed else None


def _note_waiting_seed(database: Database, home: Path, person: Client, now: datetime) -> None:
    # Somebody who turned it on without asking here has told nobody the seed, and nobody can ask for it any more.
    with suppress(NoResultFound), database.writing() as db:
        record = clients.client_by_no(db, person.client_no)
        if record:
            user = identity.enter_client(db, client_id=record.id, name=person.name, personal=[], now=now)
            _keep_seed(home, person.user_name, identity.prepare_second_factor(db, open_vault(home), user.id))


def _activated(database: Database, person: Person, seat: Seat, now: datetime) -> Entry:
    with database.writing() as db:
        if isinstance(person, Client):
            record = clients.client_by_no(db, person.client_no)
            if record is None:
                raise LookupError(f"the feed has not brought {person.client_no}")
            numbers = [person.client_no, person.account_no, person.id_number, person.mobile]
            user = identity.enter_client(db, client_id=record.id, name=person.name, personal=numbers, now=now)
        else:
            user = identity.add_staff(db, name=person.name, roles=list(person.roles), by="system", now=now)
        code = identity.give_activation(db, user_id=user.id, by="system", now=now)
    entry = identity.activate(database, code=code, user_name=person.user_name, password=PASSWORD, seat=seat, now=now)
    if not isinstance(entry, Entry):
        raise ValueError(f"{person.name} can't be activated: {entry}")
    return entry


def _strengthened(
    database: Database, vault: Vault, home: Path, person: Person, entry: Entry, seat: Seat, now: datetime
) -> str:
    with database.writing() as db:
        visitor = identity.visitor_of(db, entry.session, now)
        if visitor is None:
            raise LookupError(f"the session of {person.name} is gone")
        seed = identity.prepare_second_factor(db, vault, visitor.user_id)
        _keep_seed(home, person.user_name, seed)
        # The code of the step before is still good here; the one of the moment stays free for the first sign-in.
        code = pyotp.TOTP(seed).at(now - STEP)
        stronger = identity.confirm_second_factor(db, vault, visitor, code=code, seat=seat, now=now)
    if isinstance(stronger, Refusal):
        raise ValueError(f"{person.name} can't turn the second factor on: {stronger}")
    return stronger.session


def _seeds(home: Path) -> dict[str, str]:
    file = _seeds_in(home)
    seeds: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return seeds


def _keep_seed(home: Path, user_name: str, seed: str) -> None:
    draft = _seeds_in(home).with_suffix(f".{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(_seeds(home) | {user_name: seed}, indent=1))
    draft.replace(_seeds_in(home))


def _seeds_in(home: Path) -> Path:
    return home / "demo" / "codes.json"
