"""The vectors of the specification, figure by figure."""

import json
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from portal.holdings import formulas, taxclock
from portal.holdings.fees import Fees, RateCard, break_even, of_order
from portal.holdings.figures import Fig, leaf
from portal.holdings.formulas import Loan
from portal.holdings.rounds import Event, Gap, Kind, Round, replay
from portal.kit.money import rounded

VECTORS = json.loads((Path(__file__).parent / "cost-vectors.json").read_text())
CARD = RateCard(D("0.00025"), D("5.00"), includes_levies=True, includes_transfer=False)
ALL_IN = RateCard(D("0.00025"), D("5.00"), includes_levies=True, includes_transfer=True)
JUNE = date(2024, 6, 3)


def fees(side: str, gross: str, on: date, card: RateCard = CARD) -> Fees:
    found = of_order(card, market="SH", kind="STOCK", side=side, gross=D(gross), on=on)
    assert found
    return found


def traded(side: str, qty: int, price: str, on: date = JUNE, fee: str | None = None) -> Event:
    gross = D(price) * qty
    paid = D(fee) if fee is not None else fees(side, str(gross), on).total
    if side == "B":
        return Event(Kind.BUY, on, D(qty), -(gross + paid), gross)
    return Event(Kind.SELL, on, D(-qty), gross - paid, gross)


def figures(round_: Round, price: str) -> dict[str, str]:
    """Write a round's figures as the vectors do."""
    qty, close = leaf(round_.qty, "shares", "qty"), leaf(D(price), "yuan", "price")
    value = formulas.market_value(qty, close)
    told = {"qty": str(round_.qty.normalize().to_integral_value()), "mv": shown(value)}
    told["qty"] = f"{round_.qty:f}".rstrip("0").rstrip(".") if "." in f"{round_.qty:f}" else f"{round_.qty:f}"
    costs = {
        "ma": formulas.amount_ma(round_),
        "dil": formulas.amount_diluted(round_),
        "fifo": formulas.amount_fifo(round_),
    }
    for name, cost in costs.items():
        result = formulas.floating(value, cost)
        told |= {f"{name}_cost": shown(cost), f"{name}_price": shown(formulas.cost_price(cost, qty), 4)}
        told |= {f"{name}_pnl": shown(result), f"{name}_pct": shown(formulas.percent(result, cost))}
    told["buy_avg"] = shown(formulas.buy_average(round_), 4)
    told |= {"realised_ma": str(rounded(round_.realised_ma)), "realised_fifo": str(rounded(round_.realised_fifo))}
    return told | {"div": str(rounded(round_.dividends))}


def shown(fig: Fig, places: int = 2) -> str:
    return str(None if fig.value is None else rounded(fig.value, places))


BUY_1, BUY_2, SALE = traded("B", 1000, "10"), traded("B", 1000, "12"), traded("S", 800, "15")
V5 = [
    traded("B", 500, "10", date(2024, 1, 10), "5.05"),
    traded("B", 500, "11", date(2024, 5, 20), "5.06"),
    Event(Kind.DIVIDEND, date(2024, 5, 30), cash=D(500)),
    traded("S", 700, "11", date(2024, 6, 11), "8.93"),
    Event(Kind.TAX, date(2024, 6, 11), cash=D("-45.00")),
]
V6 = [
    traded("B", 1000, "20", fee="5.20"),
    Event(Kind.BONUS, date(2024, 6, 10), D(500)),
    Event(Kind.DIVIDEND, date(2024, 6, 10), cash=D(100)),
]
STREAMS = {
    "V02a": ([BUY_1], "10.00"),
    "V02b": ([BUY_1, BUY_2], "14"),
    "V02c": ([BUY_1, BUY_2, SALE], "14"),
    "V03": ([BUY_1, traded("S", 600, "20")], "20"),
    "V05a": (V5[:3], "11"),
    "V05b": (V5, "11"),
    "V06": (V6, "13.30"),
    "V08a": ([Event(Kind.IPO, JUNE, D(500), D("-4440.00"), D("4440.00"))], "8.88"),
    "V12": ([traded("B", 10, "100", fee="0"), traded("S", 10, "100", fee="0"), traded("B", 10, "300", fee="0")], "300"),
}


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_a_round_has_the_figures_of_its_vector(name: str) -> None:
    events, price = STREAMS[name]
    assert figures(replay(events)[-1], price) == VECTORS[name]


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("V01")])
def test_an_order_has_the_fees_of_its_vector(name: str) -> None:
    _, side, gross, day = name.split()
    expected = {key: D(value) for key, value in VECTORS[name].items()}
    card = ALL_IN if day.startswith("2021") else CARD
    found = fees(side, gross, date.fromisoformat(day), card)
    assert vars(found) | {"regul": found.regulatory} == expected | {"regulatory": expected["regul"]}


def test_every_vector_is_played() -> None:
    assert {n for n in VECTORS if not n.startswith("V01")} == {*STREAMS, "V02d be dil", "V02e be ma", "V03be"}


def test_an_all_in_commission_holds_the_levies_and_the_transfer_fee() -> None:
    buy, sale = fees("B", "1218.00", date(2025, 8, 6), ALL_IN), fees("S", "3450.00", date(2025, 8, 8), ALL_IN)
    assert (buy.net_commission, buy.handling, buy.regulatory, buy.transfer, buy.total) == (
        D("4.93"), D("0.04"), D("0.02"), D("0.01"), D("5.00"),
    )  # fmt: skip
    assert (sale.net_commission, sale.handling, sale.regulatory, sale.transfer, sale.stamp, sale.total) == (
        D("4.78"), D("0.12"), D("0.07"), D("0.03"), D("1.73"), D("6.73"),
    )  # fmt: skip


def test_stamp_duty_was_halved_in_august_2023() -> None:
    assert fees("S", "4020.00", date(2022, 6, 1)).stamp == D("4.02")


@pytest.mark.parametrize(("market", "kind"), [("BJ", "STOCK"), ("SH", "BOND"), ("SZ", "REPO")])
def test_fees_we_do_not_know_are_not_estimated(market: str, kind: str) -> None:
    assert of_order(CARD, market=market, kind=kind, side="S", gross=D(1000), on=JUNE) is None


def test_funds_pay_neither_stamp_duty_nor_transfer_fee() -> None:
    found = of_order(CARD, market="SH", kind="ETF", side="S", gross=D(100000), on=JUNE)
    assert found
    assert (found.stamp, found.transfer, found.total) == (0, 0, D("25.00"))


@pytest.mark.parametrize(("name", "cost"), [("V02d be dil", "dil"), ("V02e be ma", "ma"), ("V03be", "negative")])
def test_the_break_even_price_brings_back_the_cost_and_a_tick_less_does_not(name: str, cost: str) -> None:
    round_ = replay([BUY_1, BUY_2, SALE] if cost != "negative" else [BUY_1, traded("S", 600, "20")])[-1]
    amount = round_.ma if cost == "ma" else round_.diluted
    market = {"market": "SH", "kind": "STOCK", "on": JUNE}
    found = break_even(CARD, qty=round_.qty, cost=amount, tick=D("0.01"), **market)
    assert found
    told = {"exact": rounded(found[0], 4), "tick": found[1]}
    if cost != "negative":
        for key, price in (("net_at_tick", found[1]), ("net_below", found[1] - D("0.01"))):
            gross = price * round_.qty
            told[key] = gross - fees("S", str(gross), JUNE).total
    assert told == {key: D(value) for key, value in VECTORS[name].items()}


@pytest.mark.parametrize(
    ("acquired", "sold", "percent"),
    [
        ("2024-02-08", "2024-03-08", 20),
        ("2024-02-08", "2024-03-09", 10),  # 30 days: a naive clock says 20
        ("2024-02-08", "2025-02-08", 10),  # 366 days: a naive clock says 0
        ("2024-02-08", "2025-02-09", 0),
        ("2024-01-31", "2024-02-29", 20),
        ("2024-01-31", "2024-03-01", 10),  # 30 days again
    ],
)
def test_the_tax_clock_counts_calendar_months(acquired: str, sold: str, percent: int) -> None:
    assert taxclock.rate(date.fromisoformat(acquired), date.fromisoformat(sold)) * 100 == percent


def test_dividend_tax_falls_on_the_oldest_shares_first() -> None:
    lots = [taxclock.TaxLot(D(500), date(2024, 1, 10)), taxclock.TaxLot(D(500), date(2024, 5, 20))]
    tax, left = taxclock.due(taxclock.paid_out(lots, D(500)), D(700), date(2024, 6, 11))
    assert tax == D("45.00")
    assert [(lot.qty, lot.income) for lot in left] == [(D(300), D(150))]


@pytest.mark.parametrize(("sold", "tax"), [("2024-07-03", "80"), ("2024-07-04", "40"), ("2025-06-04", "0")])
def test_bonus_shares_are_income_at_their_par(sold: str, tax: str) -> None:
    lots = taxclock.paid_out([taxclock.TaxLot(D(1000), JUNE)], 300 * D("1.00") + D(100))
    assert taxclock.due(lots, D(1000), date.fromisoformat(sold))[0] == D(tax)


def test_an_ex_date_does_not_look_like_a_loss() -> None:
    round_ = replay(V6)[-1]
    value = formulas.market_value(leaf(round_.qty, "shares", "qty"), leaf(D("13.30"), "yuan", "price"))
    result = formulas.of_day(value, round_.qty, leaf(D(20), "yuan", "price"), V6[1:])
    assert result.value == D("50.00")


def test_rights_add_what_was_paid_for_them() -> None:
    events = [traded("B", 1000, "10", fee="5.10"), Event(Kind.RIGHTS, JUNE, D(300), D(-1800), D(1800))]
    told = figures(replay(events)[-1], "9.20")
    assert [told[key] for key in ("qty", "ma_cost", "ma_price", "ma_pnl", "ma_pct")] == [
        "1300", "11805.10", "9.0808", "154.90", "1.31",
    ]  # fmt: skip


def test_an_ipo_costs_no_fee_and_its_round_freezes_when_it_is_sold() -> None:
    paid = Event(Kind.IPO, JUNE, D(500), D("-4440.00"), D("4440.00"))
    closed = replay([paid, traded("S", 500, "20")])[-1]
    assert closed.ended_on == JUNE
    assert closed.realised_ma == closed.realised_fifo == -closed.diluted == D("5549.90")


@pytest.mark.parametrize(
    ("principal", "rate", "days", "interest"),
    [
        (126000, "1.880", 1, "6.49"),
        (37000, "2.130", 1, "2.16"),
        (100000, "3.650", 3, "30.00"),
        (10000, "1.85", 1, "0.51"),
    ],
)
def test_repo_interest_counts_actual_days(principal: int, rate: str, days: int, interest: str) -> None:
    assert rounded(formulas.repo_interest(D(principal), D(rate), days)) == D(interest)


def test_a_merge_leaves_the_cost_as_it_is() -> None:
    bought = Event(Kind.BUY, JUNE, D(600), D("-6297.98"), D("6297.60"))
    round_ = replay([bought, Event(Kind.SPLIT, JUNE, D(-540))])[-1]
    told = figures(round_, "104.50")
    assert [told[key] for key in ("qty", "ma_cost", "ma_price", "ma_pnl", "fifo_price")] == [
        "60", "6297.98", "104.9663", "-27.98", "104.9663",
    ]  # fmt: skip


def test_the_minimum_is_per_order_and_half_a_cent_goes_up() -> None:
    assert fees("B", "4500", JUNE).total == D("5.05")
    assert sum(fees("B", gross, JUNE).total for gross in ("1000", "2000", "1500")) == D("15.05")
    assert fees("B", "4500", JUNE).transfer == D("0.05")  # 0.045: half-even would give 0.04


def test_a_round_starts_clean_after_the_last_share_has_gone() -> None:
    first, second = replay(STREAMS["V12"][0])
    assert first.ended_on == JUNE
    assert second.ma / second.qty == D("300")


def test_a_tax_after_the_closing_belongs_to_the_closed_round() -> None:
    closed, new = replay([
        BUY_1, Event(Kind.DIVIDEND, JUNE, cash=D(500)), traded("S", 1000, "11"), BUY_2,
        Event(Kind.TAX, JUNE, cash=D(-100)),
    ])  # fmt: skip
    assert (closed.dividends, new.dividends) == (D(400), D(0))


@pytest.mark.parametrize(
    ("events", "gap"),
    [
        ([Event(Kind.OPENING, JUNE, D(1000))], Gap.OPENING),
        ([Event(Kind.IN, JUNE, D(1000)), BUY_1], Gap.TRANSFER),
        ([Event(Kind.OPENING, JUNE, D(1000)), SALE], Gap.OPENING),
        ([Event(Kind.IPO, JUNE, D(500), None)], Gap.UNPAID),
    ],
)
def test_an_unknown_cost_stays_unknown_and_is_never_nought(events: list[Event], gap: Gap) -> None:
    told = figures(replay(events)[-1], "14")
    assert replay(events)[-1].gap is gap
    assert {value for key, value in told.items() if key.endswith(("_cost", "_price", "_pnl", "_pct"))} == {"None"}


def test_a_transfer_with_its_cost_is_known_and_one_going_out_wins_nothing() -> None:
    came = Event(Kind.IN, JUNE, D(1000), cost=D(9000), acquired_on=date(2023, 1, 5))
    round_ = replay([came, Event(Kind.OUT, JUNE, D(-400))])[-1]
    assert (round_.ma, round_.fifo, round_.diluted, round_.realised_ma) == (5400, 5400, 5400, 0)
    assert round_.lots[0].acquired_on == date(2023, 1, 5)


def test_selling_more_than_is_on_record_makes_the_cost_unknown_and_the_next_round_clean() -> None:
    short, clean = replay([BUY_1, traded("S", 1500, "11"), BUY_2])
    assert short.gap is Gap.SHORT
    assert clean.gap is None


def test_money_lent_is_struck_out_when_it_comes_back() -> None:
    lent = [Loan(D(126000), JUNE, "1"), Loan(D(37000), JUNE, "2"), Loan(D(37000), JUNE, "3")]
    assert formulas.outstanding(lent, [("", D("37002.16")), ("1", D("126006.49"))]) == [lent[2]]
