"""Streams from rows, holdings with their gaps, totals that leave out what is unknown."""

from datetime import date, time, timedelta
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest

from portal.holdings import formulas
from portal.holdings.formulas import Dividend
from portal.holdings.portfolio import Cash, Facts, Holding, Price, closed_rounds, holding, portfolio
from portal.holdings.rounds import Event, Kind
from portal.holdings.streams import streams

DAY = date(2024, 6, 11)
EARLIER = date(2024, 6, 3)
KEY = (1, "SH", "511030")
BOUGHT = Event(Kind.BUY, EARLIER, D(1000), D("-10005.10"), D(10000))


def facts(**changes: Any) -> Facts:
    told = {"account_no": "A", "market": "SH", "code": "600000", "name": "示例股甲", "kind": "STOCK", "day": DAY}
    told |= {"qty": D(1000), "available": D(1000), "events": [BOUGHT], "price": Price(DAY, D(11), D(10))}
    return Facts(**{**told, "before": Price(EARLIER, D(10), D(10)), **changes})


def row(biz_code: str, line: int, **columns: Any) -> SimpleNamespace:
    told = {"biz_code": biz_code, "line": line, "account_id": 1, "market": "SH", "code": "511030"}
    told |= {"security_type": None, "batch_kind": "delivery_order", "cost_amount": None, "acquired_on": None}
    return SimpleNamespace(**{**told, "ref_no": None, "occurred_at": None, **columns})


def move(biz_code: str, line: int, qty: int, **columns: Any) -> SimpleNamespace:
    return row(biz_code, line, qty=D(qty), **{"move_on": DAY, "move_no": f"M{line}", **columns})


def flow(biz_code: str, line: int, amount: str, **columns: Any) -> SimpleNamespace:
    return row(biz_code, line, amount=D(amount), **{"settle_on": DAY, "flow_no": f"F{line}", **columns})


def trade(number: str, net: str, gross: str, at: time = time(14, 5)) -> SimpleNamespace:
    told = {"trade_no": number, "net_amount": D(net), "gross": D(gross), "qty": D(600), "price": D("10.496")}
    return SimpleNamespace(account_id=1, trade_on=DAY, traded_at=at, **told)


def test_a_delivery_order_keeps_the_order_of_its_file() -> None:
    moves = [move("SPLIT", 9, -540), move("BUY", 7, 600, ref_no="T7")]
    events = streams(moves, [trade("T7", "-6297.98", "6297.60")], [], {})[KEY]
    assert [event.kind for event in events] == [Kind.BUY, Kind.SPLIT]
    price = Price(DAY, D("104.50"), D("104.50"))
    held = holding(facts(code="511030", kind="ETF", qty=D(60), events=events, price=price))
    assert (held["amount.ma"].value, held["pnl.float"].value) == (D("6297.98"), D("-27.98"))
    assert round(held["cost.ma"].value, 4) == D("104.9663")


def test_in_the_feed_an_ex_date_comes_before_the_day_s_trades() -> None:
    told = {"batch_kind": "feed"}
    moves = [move("BUY", 1, 600, ref_no="T7", **told), move("BONUS", 2, 100, **told), move("OPENING", 0, 100, **told)]
    events = streams(moves, [trade("T7", "-1", "1")], [flow("DIV_CASH", 5, "10", **told)], {})[KEY]
    assert [event.kind for event in events] == [Kind.OPENING, Kind.BONUS, Kind.DIVIDEND, Kind.BUY]


def test_what_was_paid_for_new_shares_becomes_their_cost_when_they_arrive() -> None:
    paid = flow("IPO_PAY", 1, "-4440.00", code="783166", batch_kind="feed")
    came = move("IPO_IN", 2, 500, code="113052", batch_kind="feed")
    (event,) = streams([came], [], [paid], {("SH", "783166"): "113052"})[1, "SH", "113052"]
    assert (event.kind, event.cash) == (Kind.IPO, D("-4440.00"))


def test_a_purchase_without_its_trade_has_no_cost() -> None:
    (event,) = streams([move("BUY", 1, 600, ref_no="T9")], [], [], {})[KEY]
    assert holding(facts(qty=D(600), events=[event])).gap == "UNPAID"


def test_the_money_market_has_no_shares() -> None:
    lent = flow("REPO_LEND", 1, "-126000.13", code="204001", security_type="REPO")
    assert streams([], [], [lent], {}) == {}


def test_a_position_larger_than_our_record_is_incomplete_and_keeps_what_is_known() -> None:
    known = Event(Kind.BUY, EARLIER, D(100), D("-394.02"), D("394.00"))
    held = holding(facts(qty=D(300), events=[known]))
    assert (held.gap, held["cost.ma"].value) == ("QUANTITY", None)
    assert (held.known_qty, held.known_cost) == (D(100), D("394.02"))
    assert round(held.known_cost / held.known_qty, 4) == D("3.9402")


def test_shares_that_never_came_have_no_cost_but_their_dividend_counts() -> None:
    held = holding(facts(qty=D(100), events=[Event(Kind.DIVIDEND, EARLIER, cash=D("150.00"))]))
    assert (held.gap, held["pnl.float"].value, held["mv"].value) == ("QUANTITY", None, D(1100))


@pytest.mark.parametrize("refused", ["UNCOVERED", "CHECKING"])
def test_what_is_refused_shows_its_quantity_and_no_figure(refused: str) -> None:
    held = holding(facts(refused=refused))
    assert held["qty"].value == 1000
    told = {name: fig.unknown for name, fig in held.figures.items() if name != "qty"}
    assert set(told.values()) == {refused}


def test_a_day_s_result_counts_trades_of_the_day_at_what_they_cost() -> None:
    sold = Event(Kind.SELL, DAY, D(-400), D("4390.00"), D("4400"))
    held = holding(facts(qty=D(600), events=[BOUGHT, sold]))
    assert held["pnl.day"].value == 600 * 11 - 1000 * 10 + D("4390.00")


def test_a_holding_sold_off_today_still_counts_for_the_day() -> None:
    sold = Event(Kind.SELL, DAY, D(-1000), D("10990.00"), D("11000"))
    gone = holding(facts(qty=D(0), events=[BOUGHT, sold]))
    book = portfolio(DAY, "20240611", [], [gone])
    assert (book.holdings, book["pnl.day.all"].value) == ([], D("990.00"))


def test_without_the_close_of_the_day_before_an_ex_date_s_result_is_unknown() -> None:
    paid = Event(Kind.DIVIDEND, DAY, cash=D(500))
    assert holding(facts(before=None, events=[BOUGHT, paid]))["pnl.day"].unknown == "PRICE_BEFORE"
    assert holding(facts(before=None))["pnl.day"].value == 1000


def book_of(*holdings: Holding, is_checking: bool = False) -> Any:
    cash = Cash("A", DAY, D("5000.00"), D("1000.00"), is_checking=is_checking)
    return portfolio(DAY, "20240611", [cash], holdings)


def test_a_total_leaves_out_what_has_no_price_and_names_it() -> None:
    book = book_of(holding(facts()), holding(facts(name="示例股乙", price=None)))
    assert (book["assets.total"].value, book.without_price) == (D(16000), ["示例股乙"])
    assert (book["cash.available"].value, book.without_cost) == (D(4000), 1)


def test_an_unknown_cost_is_left_out_of_the_floating_result() -> None:
    opening = Event(Kind.OPENING, EARLIER, D(1000))
    book = book_of(holding(facts()), holding(facts(events=[opening])))
    assert (book["pnl.float.all"].value, book.without_cost) == (D("994.90"), 1)


def test_an_account_in_question_shows_no_total() -> None:
    book = book_of(holding(facts(refused="CHECKING")), is_checking=True)
    assert {fig.value for fig in book.figures.values()} == {None}
    assert book.checking == ["A"]


def paying(day: date, *events: Event, close: str = "9.50") -> Holding:
    """Hold 1000 shares bought at 10.0051 that pay 0.50 on 13 June, with 11 June as the ex-date."""
    coming = [Dividend("GD1", date(2024, 6, 11), date(2024, 6, 13), D("0.50"))]
    before = Price(day - timedelta(days=1), D("9.50") if day > DAY else D(10), D(10))
    price = Price(day, D(close), D("9.50"))
    return holding(facts(day=day, events=[BOUGHT, *events], price=price, before=before, dividends=coming))


def test_on_the_ex_date_the_dividend_on_the_way_fills_the_gap_in_the_price() -> None:
    held = paying(DAY)
    assert (held["dividend.due"].value, held["pnl.day"].value) == (D("500.00"), D("0.00"))
    assert book_of(held)["assets.total"].value == D(9500) + D(500) + D(5000)


def test_when_the_dividend_is_paid_the_day_brings_nothing_more() -> None:
    between = paying(date(2024, 6, 12))
    paid = paying(date(2024, 6, 13), Event(Kind.DIVIDEND, date(2024, 6, 13), cash=D("500.00")))
    assert (between["dividend.due"].value, between["pnl.day"].value) == (D("500.00"), 0)
    assert (paid["dividend.due"].value, paid["pnl.day"].value) == (0, 0)


def test_shares_bought_on_the_ex_date_are_not_paid() -> None:
    late = Event(Kind.BUY, DAY, D(100), D("-955.00"), D(950))
    assert formulas.entitled([BOUGHT, late], DAY) == 1000


def test_a_closed_round_keeps_what_it_brought() -> None:
    sold = Event(Kind.SELL, DAY, D(-1000), D("10990.00"), D("11000"))
    (closed,) = closed_rounds("A", "SH", "600000", "示例股甲", [BOUGHT, sold])
    assert (closed.since, closed.until, closed.result.value) == (EARLIER, DAY, D("984.90"))
