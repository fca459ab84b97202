"""What the demo's companies do in the year: dividends, bonus shares, a rights issue, new listings.

Days are counted from the first day, from 0; who a row names by a person's name takes part in it.
"""

from dataclasses import dataclass
from decimal import Decimal

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Dividend:
    """Cash, bonus shares (送) and converted reserves (转) per ten shares, all on the ex-day."""

    action_id: str
    code: str
    announced: int
    ex: int
    cash_per_10: Decimal
    bonus_per_10: Decimal = ZERO
    convert_per_10: Decimal = ZERO

    @property
    def kind(self) -> str:
        """Name the action as the counter does."""
        return "BONUS" if self.bonus_per_10 or self.convert_per_10 else "DIVIDEND"

    @property
    def new_per_share(self) -> Decimal:
        """Give how many new shares come for one."""
        return (self.bonus_per_10 + self.convert_per_10) / 10

    @property
    def taxed_per_share(self) -> Decimal:
        """Give what a share's holder is taxed on later: the cash, and bonus shares at their par of one yuan."""
        return (self.cash_per_10 + self.bonus_per_10) / 10

    def adjusted(self, close: Decimal) -> Decimal:
        """Bring the close before the ex-day to what the share is worth without its right."""
        return (close - self.cash_per_10 / 10) / (ONE + self.new_per_share)


@dataclass(frozen=True)
class Rights:
    """New shares offered to the holders of the record day: they pay, and the shares arrive on the ex-day."""

    action_id: str
    code: str
    announced: int
    pay: int
    ex: int
    per_10: Decimal
    price: Decimal

    @property
    def granted(self) -> int:
        """Give the day on which the right is entered."""
        return self.announced + 2

    def adjusted(self, close: Decimal) -> Decimal:
        """Bring the close before the ex-day to what the share is worth without its right."""
        return (close + self.price * self.per_10 / 10) / (ONE + self.per_10 / 10)


@dataclass(frozen=True)
class Ipo:
    """A new listing: numbers for the draw, payment of what was won, shares the day before the first trading."""

    code: str
    sub_code: str  # Shanghai gives the subscription a code of its own; Shenzhen uses that of the share
    price: Decimal
    applied: int
    takers: tuple[tuple[str, int, int], ...]  # who, numbers in the draw, shares won

    @property
    def pays(self) -> int:
        """Give the day on which what was won is paid."""
        return self.applied + 2

    @property
    def arrives(self) -> int:
        """Give the day on which the shares are entered."""
        return self.applied + 6

    @property
    def lists(self) -> int:
        """Give the first day of trading."""
        return self.applied + 7


def _d(text: str) -> Decimal:
    return Decimal(text)


DIVIDENDS = (
    Dividend("GD0001", "600931", 5, 11, _d("2.000000")),
    Dividend("GD0002", "510397", 10, 16, _d("0.520000")),
    Dividend("GD0003", "601927", 31, 38, _d("1.500000")),
    Dividend("GD0004", "002897", 54, 62, _d("1.000000"), _d("2.000000"), _d("1.000000")),
    Dividend("GD0005", "000763", 80, 88, _d("3.000000")),
    Dividend("GD0006", "159873", 98, 104, _d("0.300000")),
    Dividend("GD0007", "600931", 126, 133, _d("2.200000")),
    Dividend("GD0008", "510397", 144, 150, _d("0.550000")),
    Dividend("GD0009", "688462", 163, 171, _d("1.200000"), ZERO, _d("3.000000")),
    Dividend("GD0010", "601483", 183, 190, _d("1.000000")),
    Dividend("GD0011", "605327", 212, 219, _d("1.600000")),
    Dividend("GD0012", "600931", 226, 233, _d("0.800000")),
)
RIGHTS = (Rights("GD0101", "605327", 117, 121, 124, _d("3.000000"), _d("8.5000")),)
IPOS = (
    Ipo("603965", "732965", _d("12.60"), 45, (("白景云", 86, 1000), ("李银川", 12, 0))),
    Ipo("001396", "001396", _d("8.88"), 198, (("陈金波", 40, 500), ("王小满", 3, 0))),
)
