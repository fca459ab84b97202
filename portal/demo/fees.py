"""What an order costs: levies by date, each rounded half-up per order, and the commission that contains some."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.demo.market import REPO_RATE, RateCard, Security
from portal.kit.money import rounded

NONE = Decimal("0.00")


@dataclass(frozen=True)
class Fees:
    """The fees of one order in yuan; the commission contains handling and regulatory fee."""

    commission: Decimal
    stamp: Decimal
    transfer: Decimal
    handling: Decimal
    regulatory: Decimal

    @property
    def net_commission(self) -> Decimal:
        """Give what stays with the firm."""
        return self.commission - self.handling - self.regulatory

    @property
    def total(self) -> Decimal:
        """Give what the client pays."""
        return self.commission + self.stamp + self.transfer


def of_order(security: Security, side: str, gross: Decimal, on: date, card: RateCard) -> Fees:
    """Give the fees of an order: all levies on stocks, no stamp duty or transfer fee on funds, none on repo."""
    if security.kind == "REPO":
        return Fees(rounded(gross * REPO_RATE), NONE, NONE, NONE, NONE)
    stock = security.kind == "STOCK"
    return Fees(
        commission=max(card.minimum, rounded(gross * card.rate)),
        stamp=rounded(gross * _rate(_STAMP, on)) if stock and side == "S" else NONE,
        transfer=rounded(gross * _rate(_TRANSFER, on)) if stock else NONE,
        handling=rounded(gross * _rate(_HANDLING, on)),
        regulatory=rounded(gross * _REGULATORY),
    )


# Each rate with the day from which it holds, the newest first.
_STAMP = ((date(2023, 8, 28), Decimal("0.0005")), (date.min, Decimal("0.001")))
_TRANSFER = ((date(2022, 4, 29), Decimal("0.00001")), (date.min, Decimal("0.00002")))
_HANDLING = ((date(2023, 8, 28), Decimal("0.0000341")), (date.min, Decimal("0.0000487")))
_REGULATORY = Decimal("0.00002")


def _rate(table: tuple[tuple[date, Decimal], ...], on: date) -> Decimal:
    return next(rate for since, rate in table if on >= since)
