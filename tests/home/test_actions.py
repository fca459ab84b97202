"""Points for complete information: once a year, never per edit."""

from datetime import UTC, datetime, timedelta

from portal import clients, home, points
from portal.clients.changes import edit
from portal.clients.indicators import every
from portal.home.rules import COMPLETE_POINTS
from tests.clients.house import NOW, furnish

NEXT_YEAR = datetime(2027, 1, 4, 2, tzinfo=UTC)


def fill(house, *, but=(), now=NOW):
    """Let the client say all that counts."""
    with house.database.writing() as db:
        for each in every():
            if each.is_acted_on and each.kind != "consent" and each.key not in (*but, "name", "risk_level"):
                value = "20461231" if each.key == "id_valid_to" else "x"
                edit(db, who=house.client, client_id=house.client_id, key=each.key, value=value, now=now)
        for kind in ("consent_marketing", "consent_sensitive", "consent_sharing"):
            clients.consent(db, who=house.client, client_id=house.client_id, kind=kind, is_given=False, now=now)


def rewarded(house, now):
    with house.database.writing() as db:
        home.reward_complete(db, now)
    with house.database.reading() as db:
        return points.balance(db, house.client_id, now).available


def test_declining_every_consent_is_complete_too(database):
    house = furnish(database)
    fill(house)
    with database.reading() as db:
        assert clients.completeness(db, house.client_id, NOW.date()).percent == 100
    assert rewarded(house, NOW) == COMPLETE_POINTS


def test_another_edit_brings_nothing_more_until_the_next_year(database):
    house = furnish(database)
    fill(house)
    rewarded(house, NOW)
    fill(house, now=NOW + timedelta(hours=1))
    assert rewarded(house, NOW + timedelta(hours=1)) == COMPLETE_POINTS
    fill(house, now=NEXT_YEAR)
    assert rewarded(house, NEXT_YEAR) == 2 * COMPLETE_POINTS


def test_one_missing_brings_nothing(database):
    house = furnish(database)
    fill(house, but=("email",))
    assert rewarded(house, NOW) == 0
