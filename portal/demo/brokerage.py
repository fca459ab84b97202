"""The demo brokerage at work: the cast trades through the days, and each day is written down as the counter would."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from portal.demo.books import ZERO, Books, Holding, Lot
from portal.demo.cast import CLIENTS, Client
from portal.demo.day import Day
from portal.demo.market import DIVIDENDS, RATE_CARDS, SECURITIES, Quote, Security, quotes
from portal.demo.plans import HABITS, Event, Habit, Lend, Order, Transfer, planned

REPO = SECURITIES["204001"]
RISK_VALID_FOR = timedelta(days=730)
CARDS_SINCE = date(2026, 1, 1)


def days(trading_days: Sequence[date], seed: int, following: Sequence[date] = ()) -> Iterator[Day]:
    """Live through the trading days; `following` are the two after them, by default the next two weekdays."""
    calendar = [*trading_days, *(following or _next_weekdays(trading_days[-1]))]
    market, dice = quotes(len(trading_days), seed), Random(f"{seed}:orders")
    books = {client.name: _opened(client) for client in CLIENTS}
    for number, on in enumerate(trading_days):
        day = Day(number, on, calendar[number + 1])
        _notices(day, calendar)
        opening = {name: book.cash for name, book in books.items()}
        for book in books.values():
            book.morning(day, [(SECURITIES[d.code], d) for d in DIVIDENDS if d.ex == number], REPO)
        funds_days = (calendar[number + 2] - calendar[number + 1]).days
        for at, who, event in sorted(_events(day, books, market[number], dice), key=lambda row: row[:2]):
            _happen(day, books[who], at, event, market[number], funds_days, dice)
        _closing(day, books, opening, market[number])
        yield day


def _opened(client: Client) -> Books:
    holdings = {
        code: Holding(SECURITIES[code], [Lot(qty, None)], SECURITIES[code].first * qty) for code, qty in client.shares
    }
    return Books(client, client.cash, holdings)


def _next_weekdays(day: date) -> list[date]:
    coming = (day + timedelta(days=n) for n in range(1, 6))
    return [day for day in coming if day.weekday() < 5][:2]


def _events(day: Day, books: dict[str, Books], market: dict[str, Quote], dice: Random) -> list[tuple[time, str, Event]]:
    events = [(event.at, who, event) for who, event in planned(day.number)]
    for habit in HABITS:
        since = day.number - habit.since
        if since >= 0 and since % habit.every == 0:
            events += [
                (order.at, habit.who, order) for order in _turn(habit, since // habit.every, day, books, market, dice)
            ]
    return events


def _turn(
    habit: Habit, turn: int, day: Day, books: dict[str, Books], market: dict[str, Quote], dice: Random
) -> Iterator[Order]:
    last, following = (SECURITIES[habit.codes[n % len(habit.codes)]] for n in (turn - 1, turn))
    holding = books[habit.who].holdings.get(last.code)
    if turn and holding and (qty := holding.sellable(day.on)):
        yield Order(_clock(dice, 10), "S", last.code, qty)
    lots = int(habit.spend / (market[following.code].previous * following.lot))
    yield Order(_clock(dice, 13), "B", following.code, lots * following.lot)


def _clock(dice: Random, hour: int) -> time:
    return time(hour, dice.randint(0, 59), dice.randint(0, 59))


def _happen(
    day: Day, book: Books, at: time, event: Event, market: dict[str, Quote], funds_days: int, dice: Random
) -> None:
    match event:
        case Order(side=side, code=code, qty=qty):
            book.trade(day, at, side, SECURITIES[code], qty, _price(SECURITIES[code], market[code], dice))
        case Transfer(amount=amount):
            book.transfer(day, at, amount)
        case Lend(amount=amount):
            book.lend(day, at, REPO, amount, market[REPO.code].close, funds_days)


def _price(security: Security, quote: Quote, dice: Random) -> Decimal:
    """Pick a price between the previous close and the day's."""
    return security.at_tick(quote.previous + (quote.close - quote.previous) * dice.randint(0, 10) / 10)


def _notices(day: Day, calendar: Sequence[date]) -> None:
    for security in SECURITIES.values():
        day.add(
            "security", security.market, security.code, security.name, security.kind, security.lot, security.tick, None
        )
    for client in CLIENTS:
        _client(day, client)
    if day.number == 0:
        for card_no, card in RATE_CARDS.items():
            day.add("rate_card", card_no, CARDS_SINCE, card.rate, card.minimum, "1", "0")
    for d in DIVIDENDS:
        if d.announced == day.number and d.ex < len(calendar):
            record, ex = calendar[d.ex - 1], calendar[d.ex]
            place = (SECURITIES[d.code].market, d.code)
            cash = (d.cash_per_10, None, None, None, None)
            day.add("corp_action", d.action_id, *place, "DIVIDEND", record, ex, ex, *cash)


def _client(day: Day, client: Client) -> None:
    opened = client.opened_on
    valid_to = day.on.replace(month=1, day=1) + RISK_VALID_FOR
    day.add("client", client.client_no, client.name, "1", "0101", opened, "0", client.risk_level, valid_to)
    day.add("account", client.account_no, client.client_no, "CASH", "CNY", opened, "0")
    for key, value in _facts(client).items():
        day.add("client_info", client.client_no, key, value, opened)


def _facts(client: Client) -> dict[str, str]:
    """Give what the core holds about a client, under keys of the list of indicators."""
    return {
        "mobile": client.mobile,
        "gender": client.gender,
        "birth_date": f"{client.born_on:%Y%m%d}",
        "nationality": "CN",
        "id_type": "resident_id",
        "id_number": client.id_number,
        "id_valid_to": "20361231",
        "id_address": "示例省示例市示例路 1 号",
        "client_code": client.client_no,
        "fund_account": client.account_no,
        "sh_account": client.holder_no("SH"),
        "sz_account": client.holder_no("SZ"),
        "account_status": "normal",
        "branch": "示例营业部",
        "commission_rate": str(RATE_CARDS[client.card_no].rate),
    }


def _closing(day: Day, books: dict[str, Books], opening: dict[str, Decimal], market: dict[str, Quote]) -> None:
    for security in SECURITIES.values():
        quote = market[security.code]
        if security is not REPO:  # its price is a yield, and nobody holds it overnight
            prices = (f"{quote.close:.4f}", f"{quote.previous:.4f}")
            day.add("price", security.market, security.code, day.on, *prices, "close")
    for name, book in books.items():
        _account_closing(day, book, opening[name])


def _account_closing(day: Day, book: Books, opening: Decimal) -> None:
    account = book.client.account_no
    day.add("cash_balance", account, "CNY", opening, book.cash - opening, book.cash, ZERO)
    for holding in book.holdings.values():
        security, qty = holding.security, holding.qty
        cost = f"{holding.spent / qty:.4f}"
        holder = book.client.holder_no(security.market)
        day.add("position", account, holder, security.market, security.code, qty, qty, 0, cost)
    mine = [n for n, owner in enumerate(day.column("trade", "account_no")) if owner == account]
    if mine:
        gross, net = (
            sum((Decimal(day.column("trade", column)[n]) for n in mine), ZERO)
            for column in ("commission", "net_commission")
        )
        day.add("commission", account, day.on, gross, net, book.client.card_no)
