"""Where a client stands, by values: the stages in their order, their reasons, and what staff are warned of."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.dossier.rules import Activity, Known, Reason, Stage, Warn, day_of, place, rule_on, warnings

TODAY = date(2026, 11, 27)
RULE = rule_on(TODAY)
TRADER = Activity(
    is_open=True, opened_on=date(2019, 1, 5), has_money=True, last_trade_on=TODAY - timedelta(days=3),
    turnover=Decimal(900), turnover_before=Decimal(1000), money_out=Decimal(0), assets=Decimal(1000),
)  # fmt: skip
WELL = Known(
    wants_no_calls=False, has_mobile=True, id_valid_to=None, has_level=True, level_valid_to=date(2027, 6, 30),
    is_checked=False, overdue=0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "stage"),
    [
        ({}, Stage.ACTIVE),
        ({"is_open": False}, Stage.LEFT),
        ({"last_trade_on": None, "has_money": False, "opened_on": TODAY}, Stage.POTENTIAL),
        ({"last_trade_on": None, "opened_on": TODAY - timedelta(days=89)}, Stage.NEW),
        ({"opened_on": TODAY - timedelta(days=89)}, Stage.NEW),
        ({"opened_on": TODAY - timedelta(days=90)}, Stage.ACTIVE),
        ({"last_trade_on": TODAY - timedelta(days=89)}, Stage.ACTIVE),
        ({"last_trade_on": TODAY - timedelta(days=90)}, Stage.QUIET),
        ({"last_trade_on": TODAY - timedelta(days=364)}, Stage.QUIET),
        ({"last_trade_on": TODAY - timedelta(days=365)}, Stage.DORMANT),
        ({"last_trade_on": None}, Stage.DORMANT),
        ({"turnover": Decimal(400), "money_out": Decimal(1000)}, Stage.LEAVING),
        ({"turnover": Decimal(410), "money_out": Decimal(1000)}, Stage.ACTIVE),  # 59 percent is not enough
        ({"turnover": Decimal(400), "money_out": Decimal(900)}, Stage.ACTIVE),  # and he keeps more than half here
        ({"turnover": Decimal(0), "turnover_before": Decimal(0), "money_out": Decimal(1000)}, Stage.ACTIVE),
    ],
)
def test_a_client_stands_where_the_rule_says(change, stage) -> None:
    assert place(replace(TRADER, **change), TODAY, RULE).stage is stage


def test_a_client_on_his_way_out_is_told_of_with_both_figures() -> None:
    placed = place(replace(TRADER, turnover=Decimal(380), money_out=Decimal(3000)), TODAY, RULE)
    assert placed.reasons == (
        (Reason.TURNOVER_DOWN, {"percent": 62, "days": 90}),
        (Reason.MONEY_OUT, {"percent": 75, "days": 90}),
    )
    assert placed.version == "2026.1"


def test_a_rule_holds_from_its_day_and_the_first_before_that() -> None:
    assert rule_on(date(2020, 1, 1)) == RULE


def test_a_client_with_nothing_amiss_brings_no_warning() -> None:
    assert warnings(WELL, TODAY) == []


def test_the_gravest_warning_stands_first_with_its_figure() -> None:
    known = replace(
        WELL, wants_no_calls=True, overdue=2, id_valid_to=TODAY - timedelta(days=1), is_checked=True,
        level_valid_to=TODAY + timedelta(days=60), has_mobile=False,
    )  # fmt: skip
    assert warnings(known, TODAY) == [
        (Warn.DO_NOT_CALL, {}), (Warn.OVERDUE_WORK, {"n": 2}), (Warn.ID_EXPIRED, {}), (Warn.LEVEL_ENDS, {"days": 60}),
        (Warn.NO_MOBILE, {}), (Warn.FIGURES_CHECKED, {}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "warned"), [(61, []), (60, [Warn.ID_ENDS]), (0, [Warn.ID_ENDS]), (-1, [Warn.ID_EXPIRED])]
)
def test_a_document_is_spoken_of_two_months_before_its_last_day(days, warned) -> None:
    found = warnings(replace(WELL, id_valid_to=TODAY + timedelta(days=days)), TODAY)
    assert [warn for warn, _ in found] == warned


@pytest.mark.parametrize(
    ("value", "day"), [("20261231", date(2026, 12, 31)), ("99991231", None), ("", None), ("x", None)]
)
def test_a_last_day_for_ever_is_none(value, day) -> None:
    assert day_of(value) == day
