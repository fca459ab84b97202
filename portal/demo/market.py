"""The demo's market: invented securities, and closing prices that walk at random in ticks."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from portal.demo.corporate import DIVIDENDS, IPOS, RIGHTS
from portal.holdings import RateCard

PER_MILLE = Decimal(1000)
FIRST_DAY_RISE = Decimal("2.25")  # of a new listing, over its issue price


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
class Quote:
    """A day's close, and the previous one as adjusted on ex-dates; `source` as the feed names where it comes from."""

    close: Decimal
    previous: Decimal
    source: str = "close"


CENT, MILL = Decimal("0.01"), Decimal("0.001")


def _stock(market: str, code: str, name: str, first: str, swing: int, drift: int = 0) -> Security:
    lot = 200 if code.startswith("688") else 100
    return Security(market, code, name, "STOCK", lot, CENT, Decimal(first), swing, drift)


def _fund(market: str, code: str, name: str, first: str, swing: int, drift: int = 0) -> Security:
    return Security(market, code, name, "ETF", 100, MILL, Decimal(first), swing, drift)


SECURITIES = {
    security.code: security
    for security in (
        _stock("SZ", "002897", "禾安医药", "30.86", 24, 1),
        _stock("SH", "600931", "青江水电", "13.92", 11, 1),
        _stock("SH", "688462", "云序软件", "84.40", 34, 2),
        _stock("SH", "601483", "北岭港务", "9.97", 13, -1),
        _stock("SZ", "000763", "白鹭食品", "18.64", 18),
        _stock("SH", "603518", "临泽新材", "22.35", 26, -1),
        _stock("SZ", "002146", "朔原农业", "7.28", 17),
        _stock("SZ", "300871", "岚光电子", "41.75", 30, 1),
        _stock("SH", "601927", "安澜银行", "5.63", 9),
        _fund("SH", "510397", "沪深300指数ETF", "4.080", 10, 1),
        _fund("SZ", "159873", "中证红利ETF", "1.246", 8),
        Security("SH", "204001", "GC001", "REPO", 10, Decimal("0.005"), Decimal("1.760"), 60),
        _stock("SH", "605327", "望海重工", "12.40", 19, 1),
        _stock("SH", "603128", "青禾物流", "15.72", 20),
        _stock("SZ", "300457", "星垣科技", "26.18", 31, 1),
        _stock("SH", "688219", "微澜芯片", "58.90", 33, 1),
        _stock("SZ", "000917", "南屏文旅", "9.36", 21),
        _stock("SZ", "002538", "丰穗种业", "11.05", 18),
        _stock("SH", "603366", "暖山家居", "16.27", 22, -1),
        _stock("SH", "600297", "驿路汽运", "6.44", 15),
        _stock("SZ", "000589", "赤松轮胎", "5.18", 16, 1),
        _stock("SZ", "002823", "青瓷传媒", "8.73", 25),
        _stock("SH", "601015", "黑土能源", "12.81", 14, 1),
        _stock("SZ", "300204", "舒岭生物", "33.40", 29),
        _stock("SH", "600873", "白石建材", "7.95", 17),
        _stock("SH", "601749", "长亭保险", "24.60", 15, 1),
        _fund("SH", "512887", "半导体ETF", "0.982", 16, 1),
        _fund("SH", "518863", "黄金ETF", "5.214", 9, 1),
        _fund("SZ", "159941", "全球科技ETF", "1.735", 12, 1),
        _stock("SH", "603965", "栖禾精工", "12.60", 40),
        _stock("SZ", "001396", "远帆精工", "8.88", 38),
    )
}
SUBSCRIPTIONS = {"732965": Security("SH", "732965", "栖禾申购", "IPO", 500, CENT, Decimal("12.60"), 0)}
LISTED_ON = {ipo.code: ipo.lists for ipo in IPOS}
RATE_CARDS = {
    card_no: RateCard(Decimal(rate), Decimal("5.00"), includes_levies=True, includes_transfer=False)
    for card_no, rate in {"RC-STD": "0.0002500", "RC-WEB": "0.0003000", "RC-VIP": "0.0001800"}.items()
}
REPO_FEE = Decimal("0.00001")  # what lending for one day costs, of the principal


def named(code: str) -> Security:
    """Give a security or a subscription by its code."""
    return SUBSCRIPTIONS.get(code) or SECURITIES[code]


def quotes(days: int, seed: int) -> list[dict[str, Quote]]:
    """Walk every security through the days; each has its own dice, so that a new one leaves the others alone."""
    walks = {security.code: _walk(security, days, seed) for security in SECURITIES.values()}
    return [{code: walk[day] for code, walk in walks.items()} for day in range(days)]


def _walk(security: Security, days: int, seed: int) -> list[Quote]:
    dice, close, walk = Random(f"{seed}:{security.code}"), security.first, []
    listed_on = LISTED_ON.get(security.code, 0)
    for day in range(days):
        if day < listed_on:
            walk.append(Quote(close, close, "issue"))
            continue
        previous = _without_rights(security, close, day)
        step = dice.randint(-security.swing, security.swing) + security.drift
        rise = FIRST_DAY_RISE if listed_on and day == listed_on else (PER_MILLE + step) / PER_MILLE
        close = security.at_tick(previous * rise)
        walk.append(Quote(close, previous))
    return walk


def _without_rights(security: Security, close: Decimal, day: int) -> Decimal:
    for action in (*DIVIDENDS, *RIGHTS):
        if (action.code, action.ex) == (security.code, day):
            close = action.adjusted(close)
    return security.at_tick(close)
