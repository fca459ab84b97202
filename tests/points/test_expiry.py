"""Clients hear that points lapse: 60, 30 and 7 days before, each once, by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import points
from portal.inbox import InboxMessage
from portal.kit.clock import at, day_after
from portal.points.rules import notice_step

DEC = date(2026, 12, 31)
MORNING = timedelta(hours=10)


@pytest.mark.parametrize(
    ("days", "step"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_each_day_falls_into_the_step_that_it_is_nearest_to(days, step):
    assert notice_step(days) == step


def earn(db, client, amount, until, key="opening"):
    points.earn(
        db, client_id=client, points=amount, kind="opening_balance", key=f"{key}:{client}",
        expires_at=day_after(until), now=datetime(2026, 1, 5, tzinfo=UTC),
    )  # fmt: skip


def told(db, days_before):
    return points.tell_lapses(db, at(DEC - timedelta(days=days_before)) + MORNING)


def letters(db, client):
    mine = InboxMessage.client_id == client
    return db.scalars(select(InboxMessage.title_zh).where(mine).order_by(InboxMessage.id)).all()


def test_three_notices_and_no_more_however_often_the_duty_runs(db, client):
    earn(db, client, 1200, DEC)
    assert [told(db, days) for days in (61, 60, 60, 45, 30, 29, 7, 6, 0, -1)] == [0, 1, 0, 0, 1, 0, 1, 0, 0, 0]
    assert letters(db, client) == ["1200 分到 2026-12-31 到期。"] * 3


def test_a_duty_that_did_not_run_for_weeks_tells_only_the_nearest_step(db, client):
    earn(db, client, 1200, DEC)
    assert told(db, 5) == 1
    assert told(db, 4) == 0


def test_lots_that_lapse_together_are_one_notice_and_spent_ones_none(db, client):
    earn(db, client, 700, DEC, "a")
    earn(db, client, 500, DEC, "b")
    earn(db, client, 300, DEC - timedelta(days=1), "c")
    points.hold(
        db, client_id=client, points=300, key=f"hold:{client}", ref_type="test", ref_id=str(client),
        now=at(date(2026, 10, 1)), timeout_at=at(date(2027, 1, 1)),
    )  # fmt: skip
    assert told(db, 60) == 1
    assert letters(db, client)[0].startswith("1200 ")


def test_nobody_is_told_at_night(db, client):
    earn(db, client, 1200, DEC)
    assert points.tell_lapses(db, at(DEC - timedelta(days=60)) + timedelta(hours=21)) == 0
