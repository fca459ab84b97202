"""The monthly evaluation: up on the next day, a warning, one step down at a quarter's end, corrections."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal import points, tiers
from portal.inbox import InboxMessage
from portal.tiers import queries
from portal.tiers.models import TierEvaluation, TierNotice
from tests.tiers.house import NOW, add_adviser, furnish

OCT, NOV, DEC = date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)
DAY = timedelta(days=1)


def after(month_end: date) -> datetime:
    return datetime(month_end.year, month_end.month, month_end.day, 1, tzinfo=UTC) + DAY


def letters(house) -> list[str]:
    mine = InboxMessage.client_id == house.client_id
    with house.database.reading() as db:
        return sorted(db.scalars(select(InboxMessage.title_zh).where(mine)))


def test_who_reaches_gold_by_assets_is_gold_from_the_next_day(database):
    house = furnish(database)
    house.day(date(2026, 10, 29), "600000")
    house.day(date(2026, 10, 30), "400000")
    assert house.evaluate() == 1
    assert house.evaluate() == 0
    assert (house.tier(OCT), house.tier(OCT + DAY)) == ("normal", "gold")
    assert house.periods() == [("gold", "2026-11-01", "2026-12-31", "evaluation")]


def test_a_fen_below_is_silver_and_commission_alone_is_enough(database):
    house = furnish(database)
    house.day(date(2026, 10, 30), "499999.99", "4000.00")
    house.evaluate()
    assert house.tier(NOV) == "gold"
    with database.reading() as db:
        found = queries.latest_evaluation(db, house.client_id)
        assert (found.mean_assets, found.commission, found.outcome) == (Decimal("499999.99"), Decimal("4000.00"), "up")
    other = tiers.figures_of
    with database.reading() as db:
        figures = other(db, [house.client_id], date(2025, 11, 1), OCT)[house.client_id]
        assert tiers.qualifying(tiers.terms_on(db, OCT), figures) == "gold"


def test_days_before_the_window_do_not_count(database):
    house = furnish(database)
    house.day(date(2025, 10, 31), "9000000")
    house.day(date(2025, 11, 3), "100000")
    house.evaluate()
    assert house.tier(NOV) == "silver"


def test_a_tier_confirmed_each_month_runs_on_without_a_gap(database):
    house = furnish(database)
    house.day(date(2026, 10, 30), "600000")
    house.evaluate()
    house.evaluate(NOV, after(NOV))
    house.evaluate(DEC, after(DEC))
    assert house.periods() == [
        ("gold", "2026-11-01", "2026-12-31", "evaluation"),
        ("gold", "2027-01-01", "2027-03-31", "evaluation"),
    ]


def test_who_falls_below_is_warned_and_goes_down_one_step_at_a_quarter_s_end(database):
    house = furnish(database)
    house.day(date(2026, 10, 30), "3000000")
    house.evaluate()
    assert house.tier(NOV) == "platinum"
    house.day(date(2026, 10, 30), "0", sequence=2)
    house.evaluate(NOV, after(NOV))
    with database.reading() as db:
        (told,) = db.execute(select(TierNotice.tier, TierNotice.next_tier, TierNotice.noticed_on, TierNotice.ends_on))
    assert tuple(told) == ("platinum", "gold", date(2026, 12, 1), DEC)
    assert letters(house) == sorted(["您的白金卡到 2026-12-31 为止，之后是金卡。", "您的等级升为白金卡。"])
    assert [house.tier(day) for day in (DEC, DEC + DAY, date(2027, 3, 31), date(2027, 4, 1))] == [
        "platinum", "gold", "gold", "normal",
    ]  # fmt: skip
    house.evaluate(DEC, after(DEC))  # the next step down is warned of in its turn: 31 March, then silver
    assert [house.tier(day) for day in (date(2027, 3, 31), date(2027, 4, 1))] == ["gold", "silver"]


def test_fewer_than_thirty_days_to_the_quarter_s_end_lead_to_the_next_one(database):
    house = furnish(database)
    house.day(date(2026, 10, 30), "600000")
    house.evaluate()
    house.day(date(2026, 10, 30), "0", sequence=2)
    late = datetime(2026, 12, 10, 1, tzinfo=UTC)
    house.evaluate(NOV, late)
    with database.reading() as db:
        assert db.scalars(select(TierNotice.ends_on)).all() == [date(2027, 3, 31)]
    assert house.tier(date(2027, 3, 31)) == "gold"


def test_who_qualifies_again_before_the_end_stays(database):
    house = furnish(database)
    house.day(date(2026, 9, 30), "600000")
    house.evaluate(date(2026, 9, 30), datetime(2026, 10, 1, 1, tzinfo=UTC))
    house.day(date(2026, 9, 30), "1", sequence=2)
    house.evaluate()
    assert house.tier(date(2027, 1, 1)) == "silver"
    house.day(date(2026, 11, 27), "9000000")
    house.evaluate(NOV, after(NOV))
    assert house.tier(date(2027, 1, 1)) == "platinum"


def test_a_correction_of_the_feed_evaluates_anew_and_says_so(database):
    house = furnish(database)
    house.day(date(2026, 10, 30), "90000")
    house.evaluate()
    house.day(date(2026, 10, 30), "120000", sequence=2)
    assert house.evaluate(now=NOW + DAY) == 1
    with database.reading() as db:
        rows = db.execute(select(TierEvaluation.corrects, TierEvaluation.outcome).order_by(TierEvaluation.id)).all()
    assert [tuple(row) for row in rows] == [(False, "kept"), (True, "up")]
    assert house.tier(OCT + 2 * DAY) == "silver"
    assert letters(house) == ["2026-10-31 月末的等级评定已按更正后的数据重做。", "您的等级升为银卡。"]


def test_an_evaluation_waits_until_the_feed_is_through_with_the_month(database):
    house = furnish(database)
    house.day(date(2026, 10, 29), "600000")
    with database.writing() as db:
        assert tiers.evaluate_due(db, NOW) == 0
    house.day(date(2026, 10, 30), "600000")
    with database.writing() as db:
        assert tiers.evaluate_due(db, NOW) == 1


def test_the_highest_of_the_periods_that_cover_a_day_counts(database):
    house = furnish(database)
    granted = {"client_id": house.client_id, "basis": {}, "decided_by": "staff:7", "reason": "test", "now": NOW}
    span = {"valid_from": date(2026, 11, 1), "valid_to": date(2027, 11, 1)}
    with database.writing() as db:
        assert isinstance(tiers.grant(db, tier="gold", source="points", **span, **granted), tiers.TierPeriod)
        assert isinstance(tiers.grant(db, tier="silver", source="evaluation", **span, **granted), tiers.TierPeriod)
        assert tiers.grant(db, tier="gold", source="points", **span, **granted) is tiers.Refusal.OVERLAPS
        assert tiers.current(db, house.client_id, NOV).tier == "gold"


def test_a_tier_bought_with_points_is_not_taken_by_an_evaluation(database):
    house = furnish(database)
    with database.writing() as db:
        tiers.grant(
            db, client_id=house.client_id, tier="gold", valid_from=date(2026, 10, 1), valid_to=date(2027, 10, 1),
            basis={}, decided_by="staff:7", reason="test", source="points", now=NOW,
        )  # fmt: skip
    house.day(date(2026, 10, 30), "1")
    house.evaluate()
    with database.reading() as db:
        assert queries.notice_of(db, house.client_id, OCT) is None
    assert (house.tier(date(2027, 9, 30)), house.tier(date(2027, 10, 1))) == ("gold", "normal")


def test_the_least_loaded_adviser_of_the_branch_comes_with_gold(database):
    house = furnish(database)
    first, second = add_adviser(database, "周经办"), add_adviser(database, "吴复核")
    with database.writing() as db:
        assert tiers.adviser_of(db, house.client_id) is None
        seen = [tiers.assign_adviser(db, house.client_id, reason="test", now=NOW)]
        seen.append(tiers.assign_adviser(db, house.client_id, reason="test", now=NOW))
        assert seen == [first, first]
        assert [(row.user_id, row.load) for row in tiers.advisers(db, "0101")] == [(second, 0), (first, 1)]


def test_gold_clients_who_waited_for_an_adviser_get_one(database):
    house = furnish(database)
    house.day(date(2026, 10, 30), "600000")
    house.evaluate()
    with database.reading() as db:
        assert tiers.adviser_of(db, house.client_id) is None
    adviser = add_adviser(database, "周经办")
    with database.writing() as db:
        assert tiers.assign_waiting(db, NOW) == 1
        assert tiers.assign_waiting(db, NOW) == 0
        assert tiers.adviser_of(db, house.client_id).adviser_id == adviser


def test_a_year_of_loyalty_is_awarded_once_to_who_was_active(database):
    house = furnish(database, opened_on=date(2023, 11, 1))
    with database.writing() as db:
        assert tiers.award_loyalty(db, NOW) == 0  # no trade within the year
    house.day(date(2026, 10, 30), "1", "5.00")
    for days in (0, 1, 6, 7):
        with database.writing() as db:
            assert tiers.award_loyalty(db, NOW + days * DAY) == (1 if days == 0 else 0)
    with database.reading() as db:
        assert points.balance(db, house.client_id, NOW).available == 300  # three years
        assert points.verify(db) == []


def test_the_twenty_ninth_of_february_keeps_its_year_on_the_twenty_eighth(database):
    house = furnish(database, opened_on=date(2024, 2, 29))
    house.day(date(2025, 2, 27), "1", "5.00")
    with database.writing() as db:
        assert tiers.award_loyalty(db, datetime(2025, 2, 28, 1, tzinfo=UTC)) == 1
        assert tiers.award_loyalty(db, datetime(2025, 3, 1, 1, tzinfo=UTC)) == 0
    assert house.tier(OCT) == "normal"
