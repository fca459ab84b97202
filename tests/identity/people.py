"""Somebody who can sign in, and what he types."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import pytest

from portal import identity
from portal.identity import Entry, Seat
from portal.kit.db import Database
from portal.kit.vault import Vault

PASSWORD = "a quiet river bends twice"
STRANGER = Seat("203.0.113.0/24", "test", None)
STEP = timedelta(seconds=30)


@dataclass
class Person:
    """Somebody who can sign in, as he knows himself."""

    user_id: int
    user_name: str
    seed: str | None
    device: str

    def code(self, clock, steps: int = 0) -> str:
        """Read the code off the authenticator, some steps before or after the present one."""
        return pyotp.TOTP(self.seed).at(clock.at + steps * STEP)


def invite(database: Database, clock, kind: str = "client", number: int = 1) -> tuple[str, int]:
    """Give an activation code for somebody new."""
    with database.writing() as db:
        if kind == "client":
            personal = [f"66000{number:05}", "13800000101"]
            user = identity.enter_client(db, client_id=number, name="王小满", personal=personal, now=clock.at)
        else:
            user = identity.add_staff(db, name="周经办", roles=["handler"], by="system", now=clock.at)
        return identity.give_activation(db, user_id=user.id, by="system", now=clock.at), user.id


def enrol(database: Database, vault: Vault, clock, entry: Entry) -> str:
    """Turn the second factor on with the code of a step ago: the one of the moment stays free."""
    with database.writing() as db:
        visitor = identity.visitor_of(db, entry.session, clock.at)
        assert visitor is not None
        seed = identity.prepare_second_factor(db, vault, visitor.user_id)
        code = pyotp.TOTP(seed).at(clock.at - STEP)
        confirmed = identity.confirm_second_factor(db, vault, visitor, code=code, seat=STRANGER, now=clock.at)
        assert isinstance(confirmed, Entry)
    return seed


def typed(who: Person, password: str = PASSWORD, target: str = "") -> dict[str, str]:
    """Fill in the sign-in form."""
    return {"user_name": who.user_name, "password": password, "next": target}


def token(page: str) -> str:
    """Read the hidden token off a page."""
    return page.split('name="_csrf" value="')[1].split('"')[0]


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    """Read what was logged since the last look."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
