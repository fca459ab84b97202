"""What was written stays, and whatever changes behind the ledger's back is found."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from portal import points
from portal.points.models import EarningEvent, PointsLot, PointsLotBucket, PointsMove, PointsTx, RuleSetVersion
from tests.points.parts import NOON, give, new_client, take


@pytest.mark.parametrize("table", [PointsLot, PointsTx, PointsMove, RuleSetVersion, EarningEvent])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_to_change_what_was_written(db, client, table, verb):
    points.publish_rules(db, NOON)
    give(db, client, 10)
    event = {"source": "test", "external_id": "1", "client_id": client, "type": "t"}
    db.add(EarningEvent(**event, effective_at=NOON, payload_json={}))
    db.flush()
    statement = update(table).values(id=table.id) if verb == "update" else delete(table)
    with pytest.raises(DBAPIError, match="only grows"), db.begin_nested():
        db.execute(statement)


def test_the_database_itself_refuses_a_negative_bucket(db, client):
    give(db, client, 10)
    with pytest.raises(DBAPIError, match="ck_points_lot_bucket_amount"), db.begin_nested():
        db.execute(update(PointsLotBucket).filter_by(bucket="AVAIL").values(amount=PointsLotBucket.amount - 11))


@pytest.mark.parametrize(
    ("breakage", "what"),
    [
        ("UPDATE points_lot_bucket SET amount = amount + 1 WHERE bucket = 'AVAIL'", {"projection"}),
        ("UPDATE points_client SET head_seq = head_seq + 1", {"head"}),
        ("UPDATE points_hold SET amount = amount + 1", {"hold", "holds"}),
        ("UPDATE points_tx SET available_after = 0 WHERE kind = 'earn'", {"chain", "balance"}),
        ("UPDATE points_tx SET client_seq = 7 WHERE kind = 'hold'", {"chain", "sequence", "head"}),
        ("UPDATE points_lot SET expires_at = NULL", {"chain"}),
        (
            "UPDATE points_move SET amount = 9 WHERE from_bucket = 'SOURCE'",
            {"chain", "balance", "negative", "projection"},
        ),
    ],
)
def test_whatever_is_changed_behind_the_ledgers_back_is_found(shared, db, breakage, what):
    client = new_client(db)
    give(db, client, 10, lapses_in=3)
    take(db, client, 10)
    assert points.verify(db) == []
    tear_down_the_triggers(db, shared.dialect)
    db.execute(text(breakage))
    assert {difference.what for difference in points.verify(db, client)} == what
    db.rollback()


def tear_down_the_triggers(db, dialect):
    for table in ("points_tx", "points_lot", "points_move"):
        away = f"DROP TRIGGER {table}_no_update" if dialect == "sqlite" else f"ALTER TABLE {table} DISABLE TRIGGER ALL"
        db.execute(text(away))
