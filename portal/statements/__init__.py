"""账单: accounts and every row that ever moved money or shares in them."""

from portal.statements.queries import (
    Quote,
    account_by_no,
    accounts_of,
    balances,
    batch_of,
    faults,
    flows,
    latest_day,
    moves,
    positions,
    prices,
    trades,
)

__all__ = [
    "Quote",
    "account_by_no",
    "accounts_of",
    "balances",
    "batch_of",
    "faults",
    "flows",
    "latest_day",
    "moves",
    "positions",
    "prices",
    "trades",
]
