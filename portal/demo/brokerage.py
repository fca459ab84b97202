"""The demo brokerage at work: the cast trades through the days, and each day is written down as the counter would."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from portal.demo.books import ZERO, Books, Holding, Lot
from portal.demo.cast import CLIENTS, Client
from portal.demo.corporate import DIVIDENDS, IPOS, RIGHTS, Dividend, Rights
from portal.demo.day import Day
from portal.demo.market import RATE_CARDS, SECURITIES, SUBSCRIPTIONS, Quote, Security, quotes
from portal.demo.plans import HABITS, Arrival, Event, Habit, Lend, Order, Transfer, planned

REPO = SECURITIES["204001"]  # its price is a yield, and nobody holds it overnight
KNOWN_SINCE = {code: ipo.applied for ipo in IPOS for code in (ipo.code, ipo.sub_code)}
RISK_VALID_FOR = timedelta(days=730)
CARDS_SINCE = date(2024, 1, 1)
AT_MOST = Decimal("0.8")  # of what there is: prices move until the order is filled
LENT_IN, NEARLY_ALL = 1000, Decimal("0.99")  # yuan: who has less than planned lends what there is
INTEREST_DAY, INTEREST_PERCENT = 20, Decimal("0.1")


def days(trading_days: Sequence[date], seed: int, following: Sequence[date] = ()) -> Iterator[Day]:
    """Live through the trading days; `following` are the two after them, by default the next two weekdays."""
    calendar = [*trading_days, *(following or _next_weekdays(trading_days[-1]))]
    market, dice = quotes(len(trading_days), seed), Random(f"{seed}:orders")
    books = {client.name: _opened(client) for client in CLIENTS}
    for number, on in enumerate(trading_days):
        day = Day(number, on, calendar[number + 1], calendar[number - 1] if number else None)
        _notices(day, calendar)
        opening = {name: book.cash for name, book in books.items()}
        for book in books.values():
            _morning(day, book)
        funds_days = (calendar[number + 2] - calendar[number + 1]).days
        for at, who, event in sorted(_events(day, books, market[number], dice), key=lambda row: row[:2]):
            _happen(day, books[who], at, event, market[number], funds_days, dice)
        _closing(day, books, opening, market[number])
        yield day


def _morning(day: Day, book: Books) -> None:
    book.morning(day, [(SECURITIES[d.code], d) for d in DIVIDENDS if d.ex == day.number], REPO)
    for ipo in IPOS:
        for who, numbers, won in ipo.takers:
            if who == book.client.name:
                book.subscribe(day, ipo, numbers, won)
    for rights in RIGHTS:
        book.exercise(day, rights)
    if _is_quarters_first(day):
        book.credit(day, INTEREST_PERCENT)


def _is_quarters_first(day: Day) -> bool:
    """Tell whether the day is the first trading day after a quarter's 20th, when the bank credits interest."""
    last = day.before or day.on
    return day.on.month % 3 == 0 and last.day <= INTEREST_DAY < day.on.day and last.month == day.on.month


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
        turn = habit.turn(day.number)
        if turn is not None:
            events += [(order.at, habit.who, order) for order in _turn(habit, turn, day, books, market, dice)]
    return events


def _turn(
    habit: Habit, turn: int, day: Day, books: dict[str, Books], market: dict[str, Quote], dice: Random
) -> Iterator[Order]:
    last, following = (SECURITIES[habit.codes[n % len(habit.codes)]] for n in (turn - 1, turn))
    book, spend = books[habit.who], Decimal(habit.spend)
    funds = book.cash
    holding = book.holdings.get(last.code)
    if turn and holding and (qty := holding.sellable(day.on)):
        funds += qty * market[last.code].previous
        yield Order(_clock(dice, 10), "S", last.code, qty)
    lots = int(min(spend, funds * AT_MOST) / (market[following.code].previous * following.lot))
    if lots:
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
            spare = min(amount, int(book.cash * NEARLY_ALL / LENT_IN) * LENT_IN)
            if spare:
                book.lend(day, at, REPO, spare, market[REPO.code].close, funds_days)
        case Arrival(code=code, qty=qty):
            book.arrive(day, SECURITIES[code], qty)


def _price(security: Security, quote: Quote, dice: Random) -> Decimal:
    """Pick a price between the previous close and the day's."""
    return security.at_tick(quote.previous + (quote.close - quote.previous) * dice.randint(0, 10) / 10)


def _notices(day: Day, calendar: Sequence[date]) -> None:
    for security in _told(day):
        shares = next((ipo.code for ipo in IPOS if ipo.sub_code == security.code != ipo.code), None)
        place = (security.market, security.code)
        day.add("security", *place, security.name, security.kind, security.lot, security.tick, shares)
    for client in CLIENTS:
        _client(day, client)
    if day.number == 0:
        for card_no, card in RATE_CARDS.items():
            day.add("rate_card", card_no, CARDS_SINCE, card.rate, card.minimum, "1", "0")
    for action in (*DIVIDENDS, *RIGHTS):
        if action.announced == day.number and action.ex < len(calendar):
            _announce(day, action, calendar[action.ex - 1], calendar[action.ex])


def _told(day: Day) -> Iterator[Security]:
    """Give the securities that the day knows: a new one from its subscription on."""
    for security in (*SECURITIES.values(), *SUBSCRIPTIONS.values()):
        if day.number >= KNOWN_SINCE.get(security.code, 0):
            yield security


def _announce(day: Day, action: Dividend | Rights, record: date, ex: date) -> None:
    place = (SECURITIES[action.code].market, action.code)
    if isinstance(action, Rights):
        offer = (None, None, None, action.per_10, action.price)
        day.add("corp_action", action.action_id, *place, "RIGHTS", record, ex, None, *offer)
    else:
        amounts = (action.cash_per_10, action.bonus_per_10 or None, action.convert_per_10 or None, None, None)
        day.add("corp_action", action.action_id, *place, action.kind, record, ex, ex, *amounts)


def _client(day: Day, client: Client) -> None:
    opened = client.opened_on
    valid_to = day.on.replace(month=1, day=1) + RISK_VALID_FOR if client.risk_level else None
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
        if security is not REPO and day.number >= KNOWN_SINCE.get(security.code, 0):
            prices = (f"{quote.close:.4f}", f"{quote.previous:.4f}")
            day.add("price", security.market, security.code, day.on, *prices, quote.source)
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
