"""What a loaded day earns."""

from fractions import Fraction
from pathlib import Path

from sqlalchemy import select

from portal import calendar, clients, points
from portal.feeds.rules import Reason
from portal.kit.db import Base, Database
from portal.points.earning import RULE_SETS
from tests.feeds.days import FIRST, NOW, SECOND, digest, laid, load


def test_the_sample_earns_four_points_and_carries_the_rest(database: Database, tmp_path: Path) -> None:
    days = laid(tmp_path / "days")
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, NOW, rules_of_2024(tmp_path / "rules"))
    load(database, days / FIRST)
    load(database, days / SECOND)
    carry = Base.metadata.tables["points_carry"]
    with database.reading() as db:
        client = clients.client_by_no(db, "10000001")
        standing = points.balance(db, client.id, NOW)
        left = db.execute(select(carry.c.remainder_num, carry.c.den)).one()
    assert standing.pending + standing.available == 4
    assert Fraction(*left) == Fraction(59, 100)


def test_a_day_beyond_the_calendar_is_refused_whole(database: Database, tmp_path: Path) -> None:
    days = laid(tmp_path / "days")
    with database.writing() as db:
        points.publish_rules(db, NOW, rules_of_2024(tmp_path / "rules"))
    load(database, days / FIRST)
    before = digest(database)
    assert load(database, days / SECOND).reason is Reason.NO_CALENDAR
    assert digest(database) == before


def rules_of_2024(folder: Path) -> Path:
    folder.mkdir()
    text = next(RULE_SETS.glob("*.toml")).read_text().replace('effective_from = "2026', 'effective_from = "2024')
    (folder / "2024.toml").write_text(text)
    return folder
