"""People who sign in: made through the same doors as everybody's."""

from collections.abc import Callable

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import identity
from portal.identity import Entry
from portal.kit.db import Database
from portal.kit.vault import Vault
from tests.identity.people import PASSWORD, STRANGER, Person, enrol, invite, typed


@pytest.fixture
def vault(app: Litestar) -> Vault:
    return app.state.house.vault


@pytest.fixture
def person(database: Database, vault: Vault, clock) -> Callable[..., Person]:
    """Give a maker of people: activated, and with a second factor where asked for."""
    made = iter(range(1, 1000))

    def make(kind: str = "client", *, second_factor: bool = False) -> Person:
        number = next(made)
        code, user_id = invite(database, clock, kind, number)
        entry = identity.activate(
            database, code=code, user_name=f"person{number}", password=PASSWORD, seat=STRANGER, now=clock.at
        )
        assert isinstance(entry, Entry)
        seed = enrol(database, vault, clock, entry) if second_factor else None
        return Person(user_id, f"person{number}", seed, entry.device)

    return make


@pytest.fixture
def sign_in(browser: TestClient, clock) -> Callable[..., TestClient]:
    """Sign somebody in through the pages; `browser` is his afterwards."""

    def enter(who: Person) -> TestClient:
        answer = browser.post("/signin", data=typed(who))
        if who.seed:
            answer = browser.post("/signin/code", data={"code": who.code(clock), "next": ""})
        assert answer.status_code == 303, answer.text
        return browser

    return enter
