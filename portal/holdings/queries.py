"""Reads of what a client holds: about a dozen statements whatever he holds, none per holding."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients, statements
from portal.holdings import formulas, performance
from portal.holdings.fees import RateCard
from portal.holdings.formulas import Dividend, Loan
from portal.holdings.models import AssetDay
from portal.holdings.performance import Close, Span
from portal.holdings.portfolio import (
    CHECKING,
    COVERED_MARKETS,
    UNCOVERED,
    UNCOVERED_KINDS,
    Cash,
    Closed,
    Facts,
    Holding,
    Portfolio,
    Price,
    closed_rounds,
    holding,
    portfolio,
)
from portal.holdings.rounds import Event
from portal.holdings.streams import Key, streams

LONG_AGO = date(1990, 12, 19)  # the exchange's first day
ZERO = Decimal(0)
NOTHING = (ZERO, ZERO)
Accounts = dict[int, Any]


def portfolio_of(
    db: Session, client_id: int, *, as_recorded: bool = False, until: date | None = None
) -> Portfolio | None:
    """Give everything a client holds as of the last loaded day (up to `until`), or None where nothing was loaded yet.

    What rests on an account in question is unknown, unless staff ask for it as it is recorded.
    """
    accounts = {row.id: row for row in statements.accounts_of(db, client_id) if row.currency == "CNY"}
    day = statements.latest_day(db, accounts, until) if accounts else None
    batch = statements.batch_of(db, accounts, day) if day else None
    if day is None or batch is None:
        return None
    checking = set() if as_recorded else _in_question(db, accounts, day)
    trades, flows = statements.trades(db, accounts, day), statements.flows(db, accounts, day)
    moves = statements.moves(db, accounts, day)
    events = streams(moves, trades, flows, statements.subscriptions(db))
    positions = statements.positions(db, accounts, day)
    names = {(row.market, row.code): row for row in [*flows, *moves, *positions]}
    held = _held(positions)
    due = dividends(db, day - timedelta(days=1), day)
    card = _card(db, client_id, day)
    facts = _facts(db, accounts, checking, day, events, held, names, due, card)
    closed = _closed(accounts, checking, events, names)
    cash = _cash(db, accounts, checking, day, trades, flows)
    return portfolio(day, f"{batch.business_date:%Y%m%d}", cash, facts, closed)


def _in_question(db: Session, accounts: Accounts, day: date) -> set[int]:
    return {id for id in accounts if any(statements.faults(db, id, LONG_AGO, day).values())}


def _facts(
    db: Session,
    accounts: Accounts,
    checking: set[int],
    day: date,
    events: Mapping[Key, Sequence[Event]],
    held: Mapping[Key, tuple[Decimal, Decimal]],
    names: Mapping[tuple[str, str], Any],
    due: Mapping[tuple[str, str], Sequence[Dividend]],
    card: RateCard | None,
) -> list[Holding]:
    keys = [key for key in {*events, *held} if key in held or key[1:] in due or _is_of_day(events[key], day)]
    keys = [key for key in keys if names[key[1:]].security_type != "REPO"]
    prices = _prices(db, keys, day)
    before = _prices(db, keys, day - timedelta(days=1))
    return [
        holding(
            Facts(
                account_no=accounts[key[0]].account_no,
                market=key[1],
                code=key[2],
                name=names[key[1:]].name or key[2],
                kind=names[key[1:]].security_type or "",
                day=day,
                qty=held.get(key, NOTHING)[0],
                available=held.get(key, NOTHING)[1],
                events=events.get(key, ()),
                price=prices.get(key[1:]),
                before=before.get(key[1:]),
                dividends=due.get(key[1:], ()),
                card=card,
                refused=_refused(accounts[key[0]], names[key[1:]], key[0] in checking),
            )
        )
        for key in sorted(keys)
    ]


def _closed(
    accounts: Accounts,
    checking: set[int],
    events: Mapping[Key, Sequence[Event]],
    names: Mapping[tuple[str, str], Any],
) -> list[Closed]:
    found: list[Closed] = []
    for (id, market, code), stream in events.items():
        security = names[market, code]
        if security.security_type != "REPO" and not _refused(accounts[id], security, id in checking):
            found += closed_rounds(accounts[id].account_no, market, code, security.name or code, stream)
    return found


def _card(db: Session, client_id: int, day: date) -> RateCard | None:
    """Give the rate card at which the core says this client trades, as it stands on a day."""
    rate = clients.fact(db, client_id, "commission_rate")
    row = statements.rate_card_at(db, rate, day) if rate else None
    return RateCard(row.rate, row.minimum, row.includes_levies, row.includes_transfer) if row else None


def _held(positions: Sequence[Any]) -> dict[Key, tuple[Decimal, Decimal]]:
    """Give shares in total and shares that may be sold; an account's several holder numbers are one holding."""
    held: dict[Key, tuple[Decimal, Decimal]] = {}
    for row in positions:
        key = (row.account_id, row.market, row.code)
        whole, free = held.get(key, NOTHING)
        held[key] = (whole + row.qty_total, free + row.qty_available)
    return held


def _is_of_day(events: Sequence[Event], day: date) -> bool:
    return any(event.on == day for event in events)


def _refused(account: Any, security: Any, is_checking: bool) -> str | None:
    if is_checking:
        return CHECKING
    covered = security.market in COVERED_MARKETS and security.security_type not in UNCOVERED_KINDS
    return None if covered and account.account_type == "CASH" else UNCOVERED


def _prices(db: Session, keys: Iterable[Key], day: date) -> dict[tuple[str, str], Price]:
    wanted = {key[1:] for key in keys}
    found = statements.prices(db, wanted, day) if wanted else {}
    return {key: Price(quote.on, quote.close, quote.previous) for key, quote in found.items()}


def _cash(
    db: Session, accounts: Accounts, checking: set[int], day: date, trades: Sequence[Any], flows: Sequence[Any]
) -> list[Cash]:
    closed = {row.account_id: row for row in statements.balances(db, accounts, day, day) if row.currency == "CNY"}
    lent = loans([row for row in trades if row.security_type == "REPO"], flows)
    return [
        Cash(
            account.account_no,
            day,
            closed[id].closing if id in closed else ZERO,
            closed[id].frozen if id in closed else ZERO,
            lent.get(id, ()),
            id in checking or id not in closed,
        )
        for id, account in accounts.items()
    ]


def loans(lent: Sequence[Any], flows: Sequence[Any]) -> dict[int, list[Loan]]:
    """Give each account's money that was lent (trades of 逆回购) and has not come back."""
    found = {}
    for id in {row.account_id for row in lent}:
        mine = [Loan(row.gross, row.trade_on, row.trade_no) for row in lent if row.account_id == id]
        repaid = [row for row in flows if row.account_id == id and row.biz_code == "REPO_BACK"]
        found[id] = formulas.outstanding(mine, [(row.trade_no or "", row.amount) for row in repaid])
    return found


def dividends(db: Session, first: date, last: date) -> dict[tuple[str, str], list[Dividend]]:
    """Give the cash dividends that on some of these days were past their ex-date and not yet due to be paid."""
    found: dict[tuple[str, str], list[Dividend]] = {}
    for row in statements.dividends_on_the_way(db, first, last):
        one = Dividend(row.action_id, row.ex_on, row.pay_on, row.cash_per_10 / 10)
        found.setdefault((row.market, row.code), []).append(one)
    return found


def year_of(db: Session, client_id: int, day: date) -> Span | None:
    """Give a client's year up to a day, from what the loads noted; None while there are not two days of it."""
    accounts = [row.id for row in statements.accounts_of(db, client_id) if row.currency == "CNY"]
    columns = AssetDay.__table__.c
    wanted = select(columns.account_id, columns.on, columns.assets, columns.net_flow)
    current = wanted.join(statements.Batch, statements.Batch.id == columns.batch_id).where(
        statements.Batch.is_current, columns.account_id.in_(accounts), columns.on <= day
    )
    mine: dict[int, list[Close]] = {}
    for row in db.execute(current.order_by(columns.on)):
        mine.setdefault(row.account_id, []).append(Close(row.on, row.assets, row.net_flow))
    days = performance.merged(mine.values())
    return Span(None, days).since(_year_before(day)) if len(days) > 1 else None


def _year_before(day: date) -> date:
    return day - timedelta(days=364)
