"""The application as these tests read it: built, but with no database behind it."""

from collections.abc import Iterator

import pytest
from litestar import Litestar

from portal import settings


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Litestar]:
    """Give the application for a look at its addresses, those of the demo among them."""
    from portal.app import create
    from portal.demo import telephones

    made = create(settings.read({"PORTAL_HOME": str(tmp_path_factory.mktemp("plan"))}), extra_pages=telephones)
    yield made
    made.state.house.database.engine.dispose()
