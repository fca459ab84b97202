"""The demo's market: invented securities, their dividends, and closing prices that walk at random in ticks."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from portal.holdings import RateCard

PER_MILLE = Decimal(1000)


@dataclass(frozen=True)
class Security:
    """A security; `first` is its close before the first day, `swing` the largest step of a day in per mille."""

    market: str
    code: str
    name: str
    kind: str
    lot: int
    tick: Decimal
    first: Decimal
    swing: int
    drift: int = 0

    def at_tick(self, price: Decimal) -> Decimal:
        """Bring a price to the tick, at least one."""
        return max(self.tick, (price / self.tick).quantize(Decimal(1), ROUND_HALF_UP) * self.tick)


@dataclass(frozen=True)
class Dividend:
    """Cash per ten shares; days are counted from the first day, the record day is the one before `ex`."""

    action_id: str
    code: str
    announced: int
    ex: int
    cash_per_10: Decimal


@dataclass(frozen=True)
class Quote:
    """A day's close, and the previous one as adjusted on ex-dates."""

    close: Decimal
    previous: Decimal


CENT, MILL = Decimal("0.01"), Decimal("0.001")
SECURITIES = {
    security.code: security
    for security in (
        Security("SZ", "002897", "禾安医药", "STOCK", 100, CENT, Decimal("30.86"), 24, 1),
        Security("SH", "600931", "青江水电", "STOCK", 100, CENT, Decimal("13.92"), 11, 1),
        Security("SH", "688462", "云序软件", "STOCK", 200, CENT, Decimal("84.40"), 34, 2),
        Security("SH", "601483", "北岭港务", "STOCK", 100, CENT, Decimal("9.97"), 13, -1),
        Security("SZ", "000763", "白鹭食品", "STOCK", 100, CENT, Decimal("18.64"), 18),
        Security("SH", "603518", "临泽新材", "STOCK", 100, CENT, Decimal("22.35"), 26, -1),
        Security("SZ", "002146", "朔原农业", "STOCK", 100, CENT, Decimal("7.28"), 17),
        Security("SZ", "300871", "岚光电子", "STOCK", 100, CENT, Decimal("41.75"), 30, 1),
        Security("SH", "601927", "安澜银行", "STOCK", 100, CENT, Decimal("5.63"), 9),
        Security("SH", "510397", "沪深300指数ETF", "ETF", 100, MILL, Decimal("4.080"), 10, 1),
        Security("SZ", "159873", "中证红利ETF", "ETF", 100, MILL, Decimal("1.246"), 8),
        Security("SH", "204001", "GC001", "REPO", 10, Decimal("0.005"), Decimal("1.760"), 60),
    )
}
DIVIDENDS = (
    Dividend("GD0001", "600931", 5, 11, Decimal("2.000000")),
    Dividend("GD0002", "510397", 10, 16, Decimal("0.520000")),
)
RATE_CARDS = {
    card_no: RateCard(Decimal(rate), Decimal("5.00"), includes_levies=True, includes_transfer=False)
    for card_no, rate in {"RC-STD": "0.0002500", "RC-WEB": "0.0003000", "RC-VIP": "0.0001800"}.items()
}
REPO_FEE = Decimal("0.00001")  # what lending for one day costs, of the principal


def quotes(days: int, seed: int) -> list[dict[str, Quote]]:
    """Walk every security through the days; each has its own dice, so that a new one leaves the others alone."""
    walks = {security.code: _walk(security, days, seed) for security in SECURITIES.values()}
    return [{code: walk[day] for code, walk in walks.items()} for day in range(days)]


def _walk(security: Security, days: int, seed: int) -> list[Quote]:
    dice, close, walk = Random(f"{seed}:{security.code}"), security.first, []
    for day in range(days):
        previous = security.at_tick(close - _cash_per_share(security.code, day))
        step = dice.randint(-security.swing, security.swing) + security.drift
        close = security.at_tick(previous * (PER_MILLE + step) / PER_MILLE)
        walk.append(Quote(close, previous))
    return walk


def _cash_per_share(code: str, day: int) -> Decimal:
    return sum((d.cash_per_10 / 10 for d in DIVIDENDS if (d.code, d.ex) == (code, day)), Decimal(0))
