"""Core clients are called once each half-year, and nobody else by this duty."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from portal import callbacks, clients, tiers
from portal.callbacks.models import CallbackTask
from tests.callbacks.test_actions import NOW, client


def test_gold_and_platinum_clients_are_called_once_each_half_year(database):
    with database.writing() as db:
        callbacks.publish_scripts(db, NOW)
        for number, tier in enumerate(("normal", "silver", "gold", "platinum")):
            client(db, f"660006000{number}", date(2020, 1, 1))
            known = clients.client_by_no(db, f"660006000{number}")
            if tier != "normal":
                tiers.grant(
                    db, client_id=known.id, tier=tier, valid_from=date(2026, 1, 1), valid_to=date(2028, 1, 1), basis={},
                    decided_by="staff:1", reason="test", now=NOW,
                )  # fmt: skip
        assert tiers.plan_core_calls(db, NOW) == 2
        assert tiers.plan_core_calls(db, NOW) == 0
        opened = db.scalars(select(CallbackTask).order_by(CallbackTask.id)).all()
        assert [task.ref_id for task in opened] == ["6600060002", "6600060003"]
        assert {task.due_at for task in opened} == {datetime(2026, 12, 31, 9, 30, tzinfo=UTC)}
        assert tiers.plan_core_calls(db, datetime(2027, 1, 5, 2, 0, tzinfo=UTC)) == 2
