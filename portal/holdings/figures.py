"""Figures that carry their own making: the same object is shown on a page and explained.

A figure is a leaf (a row of the ledger, a price) or is made of others by one operation, so that any reader can work it
out again. Values are exact to fifty digits; they are rounded where they are shown, never before. Unknown is None.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import Enum
from functools import wraps
from typing import ParamSpec, TypeVar

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
P = ParamSpec("P")
R = TypeVar("R")


class Op(Enum):
    """How a figure is made of its inputs."""

    LEAF = "leaf"
    SUM = "sum"
    PRODUCT = "product"
    QUOTIENT = "quotient"
    POOL = "pool"  # inputs in their order: what comes in is added, what leaves takes its share of the whole
    CHAIN = "chain"  # inputs are returns: (1 + r) of each multiplied, less one, in percent
    BREAK_EVEN = "break_even"  # inputs: what is to come back, shares, then the fees of a sale at this price
    SHARE = "share"  # within a pool: the part that leaves, quantity leaving ÷ quantity held


@dataclass(frozen=True)
class Source:
    """The row that a leaf stands for: table, number, date; of a trade shares and price; the account of a statement."""

    table: str
    number: str
    on: date | None = None
    qty: Decimal | None = None
    price: Decimal | None = None
    account_id: int | None = None


@dataclass(frozen=True)
class Fig:
    """A value, its unit (yuan, shares, percent), the rule that made it, its inputs and the places it is shown with."""

    value: Decimal | None
    unit: str
    rule: str
    op: Op = Op.LEAF
    inputs: tuple["Fig", ...] = ()
    signs: tuple[int, ...] = ()
    rounding: int = 2
    source: Source | None = None
    unknown: str | None = None
    on: date | None = None
    about: str = ""  # the name of the security that a row of an account's total stands for

    @property
    def name(self) -> str:
        """Name the rule without its version."""
        return self.rule.partition("/")[0]


def exactly(work: Callable[P, R]) -> Callable[P, R]:
    """Let a function calculate with fifty digits, rounding half-up."""

    @wraps(work)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(EXACT):
            return work(*args, **kwargs)

    return inside


def leaf(value: Decimal | None, unit: str, rule: str, source: Source | None = None, *, rounding: int = 2) -> Fig:
    """Take a value as a row gives it."""
    return Fig(value, unit, rule, rounding=rounding, source=source, on=source.on if source else None)


def unknown(unit: str, rule: str, why: str, *, rounding: int = 2) -> Fig:
    """Say that a figure is unknown, and by a code why."""
    return Fig(None, unit, rule, rounding=rounding, unknown=why)


@exactly
def total(rule: str, terms: Iterable[tuple[int, Fig]], *, unit: str = "yuan", rounding: int = 2) -> Fig:
    """Add terms, each with +1 or -1; one unknown term makes the sum unknown."""
    signs, figs = split_terms(terms)
    value = None if any(fig.value is None for fig in figs) else Decimal(0)
    for sign, fig in zip(signs, figs, strict=True):
        value = None if value is None or fig.value is None else value + sign * fig.value
    return Fig(value, unit, rule, Op.SUM, figs, signs, rounding, unknown=_why(figs))


@exactly
def product(rule: str, *factors: Fig, unit: str = "yuan", rounding: int = 2) -> Fig:
    """Multiply."""
    value: Decimal | None = Decimal(1)
    for fig in factors:
        value = None if value is None or fig.value is None else value * fig.value
    return Fig(value, unit, rule, Op.PRODUCT, factors, rounding=rounding, unknown=_why(factors))


@exactly
def quotient(rule: str, above: Fig, below: Fig, *, unit: str = "yuan/share", rounding: int = 3) -> Fig:
    """Divide; by zero there is nothing to show."""
    known = above.value is not None and below.value
    value = above.value / below.value if above.value is not None and below.value else None
    why = None if known else _why((above, below)) or "EMPTY"
    return Fig(value, unit, rule, Op.QUOTIENT, (above, below), rounding=rounding, unknown=why)


@exactly
def chain(rule: str, returns: Sequence[Fig]) -> Fig:
    """Chain returns (as ratios): each works on what the one before has left."""
    value: Decimal | None = Decimal(1)
    for fig in returns:
        value = None if value is None or fig.value is None else value * (1 + fig.value)
    whole = None if value is None else (value - 1) * 100
    return Fig(whole, "%", rule, Op.CHAIN, tuple(returns), unknown=_why(returns))


def split_terms(terms: Iterable[tuple[int, Fig]]) -> tuple[tuple[int, ...], tuple[Fig, ...]]:
    """Part signs and figures."""
    listed = list(terms)
    return tuple(sign for sign, _ in listed), tuple(fig for _, fig in listed)


def rows(fig: Fig) -> list[Fig]:
    """List the rows that a figure rests on, each once, in their order."""
    found: dict[Source, Fig] = {}
    waiting = [fig]
    while waiting:
        part = waiting.pop(0)
        if part.source:
            found.setdefault(part.source, part)
        else:
            waiting[:0] = part.inputs
    return list(found.values())


def _why(figs: Sequence[Fig]) -> str | None:
    return next((fig.unknown or "UNKNOWN" for fig in figs if fig.value is None), None)
