"""One database of each kind for the whole module; every test gets a transaction that is rolled back at its end."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from portal import points
from portal.kit.db import Database
from tests.points.parts import new_client


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give a database that the module's tests share, each with clients of its own."""
    source = request.getfixturevalue(f"{request.param}_databases")
    mine = type(source)(source.make, source.remove)
    yield mine.fresh()
    mine.close()


@pytest.fixture
def db(shared: Database) -> Iterator[Session]:
    """Give a transaction that leaves nothing behind; at its end the ledger must be sound."""
    with Session(shared.engine) as session:
        yield session
        assert points.verify(session) == []
        session.rollback()


@pytest.fixture
def client(db: Session) -> int:
    """Lay a client."""
    return new_client(db)
