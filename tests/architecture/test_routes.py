"""Every address of the portal stands in a reviewed list: method, path, name and guard; one without a row fails."""

from litestar import Litestar

from tests.architecture.house import ROOT

LIST = ROOT / "tests/architecture/routes.txt"


def test_every_address_stands_in_the_reviewed_list(app: Litestar) -> None:
    listed = {" ".join(line.split()) for line in LIST.read_text().splitlines() if line and not line.startswith("#")}
    open_now = set(rows(app))
    assert sorted(open_now - listed) == [], "new: add the row to tests/architecture/routes.txt, and look at its guard"
    assert sorted(listed - open_now) == [], "gone: take the row out of tests/architecture/routes.txt"


def test_every_address_has_a_name_of_its_own(app: Litestar) -> None:
    names = [row.split()[2] for row in rows(app)]
    assert "None" not in names
    assert sorted(names) == sorted(set(names))


def test_a_verb_is_never_an_address_that_only_reads(app: Litestar) -> None:
    methods = {row.split()[0] for row in rows(app)}
    assert methods <= {"GET", "POST"}


def rows(app: Litestar) -> list[str]:
    """Write each route as in the list."""
    return [
        f"{method} {route.path} {handler.name} {handler.opt.get('guard')}"
        for route in app.routes
        for handler in route.route_handlers
        for method in sorted(handler.http_methods - {"OPTIONS"})
        if handler.opt.get("guard")
    ]
