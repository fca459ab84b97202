"""A year of points: opening and changes make the closing, whenever the lines were written."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

from portal import points
from portal.kit.clock import at, day_after
from portal.points.years import Way, csv_of_year, year_of, years_with_lines


def earn(db, client, amount, on, until, key):
    points.earn(
        db, client_id=client, points=amount, kind="opening_balance", key=f"{key}:{client}", earned_at=at(on),
        expires_at=day_after(until), now=datetime(2027, 2, 1, tzinfo=UTC),
    )  # fmt: skip


def laid(db, client):
    """Lay points of two years, written down in 2027, some of them lapsed, some held."""
    earn(db, client, 1000, date(2026, 3, 1), date(2028, 12, 31), "a")
    earn(db, client, 200, date(2026, 5, 1), date(2026, 12, 31), "b")
    earn(db, client, 300, date(2027, 1, 15), date(2028, 12, 31), "c")
    now = datetime(2027, 2, 2, tzinfo=UTC)
    held = points.hold(
        db, client_id=client, points=500, key=f"hold:{client}", ref_type="test", ref_id=f"T-{client}", now=now,
        timeout_at=datetime(2027, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    points.capture(db, hold_id=held.id, points=400, now=now)


def test_opening_and_changes_make_the_closing_of_each_year(db, client):
    laid(db, client)
    first, second = year_of(db, client, 2026), year_of(db, client, 2027)
    assert (first.opening, first.closing) == (0, 1200)
    assert first.changes == {Way.EARNED: 1200, Way.REDEEMED: 0, Way.LAPSED: 0, Way.ADJUSTED: 0}
    assert second.opening == first.closing
    assert second.changes == {Way.EARNED: 300, Way.REDEEMED: -400, Way.LAPSED: -200, Way.ADJUSTED: 0}
    assert second.closing == points.balance(db, client, datetime(2027, 2, 3, tzinfo=UTC)).available == 900
    assert [(month.first.month, month.closing) for month in second.months] == [(1, 1300), (2, 900)]
    assert years_with_lines(db, client, datetime(2027, 2, 3, tzinfo=UTC)) == [2027, 2026]


def test_the_file_holds_every_line_with_its_hash_and_the_head_of_the_chain(db, client):
    laid(db, client)
    rows = list(csv.reader(StringIO(csv_of_year(db, client, year_of(db, client, 2027)).decode("utf-8-sig"))))
    assert rows[0][-1] == "校验码"
    assert [row[5] for row in rows[1:-1]] == ["-200", "300", "-500", "100"]
    assert all(len(row[7]) == 64 for row in rows[1:])
    assert rows[-1][6] == "900"


def test_who_has_no_lines_has_no_years(db, client):
    assert years_with_lines(db, client, datetime(2027, 1, 1, tzinfo=UTC)) == []
