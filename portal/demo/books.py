"""The books of one account: cash, shares in lots, dividend tax that is still due, and the rows that tell of it."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from portal.demo.cast import Client
from portal.demo.corporate import Dividend, Ipo, Rights
from portal.demo.day import Day
from portal.demo.market import RATE_CARDS, REPO_FEE, Security, named
from portal.holdings import Fees, dividend_tax_rate, fees_of_order
from portal.kit.money import rounded

ZERO = Decimal("0.00")
NIGHT, MORNING = time(0), time(8, 30)
UNITS_OF_REPO = 100  # yuan


class PlanError(ValueError):
    """The plan asks for more money or shares than there are."""


@dataclass
class Lot:
    """Shares of one purchase; `dividend` per share came untaxed and is taxed at the sale."""

    qty: int
    acquired_on: date | None
    dividend: Decimal = ZERO


@dataclass
class Holding:
    """What the account has of one security; `spent` is the money of this round, the counter's cost."""

    security: Security
    lots: list[Lot] = field(default_factory=list)
    spent: Decimal = ZERO

    @property
    def qty(self) -> int:
        """Count the shares."""
        return sum(lot.qty for lot in self.lots)

    def sellable(self, on: date) -> int:
        """Count the shares that may be sold: those bought on the day may not (T+1)."""
        return sum(lot.qty for lot in self.lots if lot.acquired_on != on)


@dataclass(frozen=True)
class Loan:
    """Money lent on the exchange until a day, with its interest."""

    due: int
    principal: Decimal
    interest: Decimal
    number: str


@dataclass
class Books:
    """One account's state from day to day; every verb writes its rows into the day."""

    client: Client
    cash: Decimal
    holdings: dict[str, Holding] = field(default_factory=dict)
    taxes: list[tuple[Security, Decimal, str]] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)

    def trade(self, day: Day, at: time, side: str, security: Security, qty: int, price: Decimal) -> None:
        """Fill an order: cash, shares, fees and their rows; raises PlanError when it can't be."""
        gross = rounded(price * qty)
        cost = self._fees(security, side, gross, day.on)
        net = -gross - cost.total if side == "B" else gross - cost.total
        signed = qty if side == "B" else -qty
        number = day.trade(self.client, security, side, at, price, qty, gross, cost, net)
        self._pay(day, "BUY" if side == "B" else "SELL", net, at, security, number)
        day.move(self.client, security, "BUY" if side == "B" else "SELL", signed, number)
        self._take(security, qty, day.on, net) if side == "B" else self._give(security, qty, day.on, net)

    def transfer(self, day: Day, at: time, amount: Decimal) -> None:
        """Move money between the bank and the account."""
        self._pay(day, "CASH_IN" if amount > 0 else "CASH_OUT", amount, at)

    def lend(self, day: Day, at: time, security: Security, amount: int, rate: Decimal, days: int) -> None:
        """Lend money for a day at a yearly rate in percent; the interest counts the actual days of the funds."""
        principal = Decimal(amount).quantize(ZERO)
        fee = rounded(principal * REPO_FEE)
        cost = Fees(fee, fee, ZERO, ZERO, ZERO, ZERO, fee)
        net, qty = -principal - fee, amount // UNITS_OF_REPO
        number = day.trade(self.client, security, "B", at, rate, qty, principal, cost, net)
        self._pay(day, "REPO_LEND", net, at, security, number)
        interest = rounded(principal * rate / 100 * days / 365)
        self.loans.append(Loan(day.number + 1, principal, interest, number))

    def morning(self, day: Day, dividends: list[tuple[Security, Dividend]], repo: Security) -> None:
        """Enter what happens before the market opens: dividends, tax on earlier sales, money lent that comes back."""
        for security, dividend in dividends:
            self._dividend(day, security, dividend)
        taxes, self.taxes = self.taxes, []
        for security, tax, remark in taxes:
            self._pay(day, "DIV_TAX", -tax, MORNING, security, remark=remark)
        due = [loan for loan in self.loans if loan.due == day.number]
        self.loans = [loan for loan in self.loans if loan.due != day.number]
        for loan in due:
            self._pay(day, "REPO_BACK", loan.principal + loan.interest, MORNING, repo, loan.number)

    def arrive(self, day: Day, security: Security, qty: int) -> None:
        """Enter shares moved in from another broker, who says neither their cost nor their age."""
        day.move(self.client, security, "XFER_IN", qty, "")
        self._take(security, qty, None, ZERO)

    def subscribe(self, day: Day, ipo: Ipo, numbers: int, won: int) -> None:
        """Take part in a new listing: numbers for the draw, the payment of what was won, the shares."""
        paid_as, share = named(ipo.sub_code), named(ipo.code)
        if day.number == ipo.applied:
            self._pay(day, "IPO_LOT", ZERO, MORNING, paid_as, remark=f"配号 {numbers} 个")
        if won and day.number == ipo.pays:
            self._pay(day, "IPO_PAY", -rounded(ipo.price * won), MORNING, paid_as, remark=f"中签 {won} 股")
        if won and day.number == ipo.arrives:
            day.move(self.client, share, "IPO_IN", won, "")
            self._take(share, won, day.on, -rounded(ipo.price * won))

    def exercise(self, day: Day, rights: Rights) -> None:
        """Take up a rights issue in full: the right, its payment, the shares."""
        security = named(rights.code)
        holding = self.holdings.get(rights.code)
        new = int(holding.qty * rights.per_10 / 10) if holding else 0
        cost = rounded(rights.price * new)
        if new and day.number == rights.granted:
            self._pay(day, "RIGHTS_RIGHT", ZERO, MORNING, security, remark=f"可配 {new} 股")
        if new and day.number == rights.pay:
            self._pay(day, "RIGHTS_PAY", -cost, MORNING, security, remark=f"{new} 股")
        if new and day.number == rights.ex:
            day.move(self.client, security, "RIGHTS_IN", new, "")
            self._take(security, new, day.on, -cost)

    def credit(self, day: Day, yearly_percent: Decimal) -> None:
        """Enter a quarter's interest on the cash that is there."""
        if interest := rounded(self.cash * yearly_percent / 400):
            self._pay(day, "INTEREST", interest, MORNING)

    def _fees(self, security: Security, side: str, gross: Decimal, on: date) -> Fees:
        card = RATE_CARDS[self.client.card_no]
        fees = fees_of_order(card, market=security.market, kind=security.kind, side=side, gross=gross, on=on)
        if fees is None:
            raise PlanError(f"no fees are known for {security.name} on {on}")
        return fees

    def _dividend(self, day: Day, security: Security, dividend: Dividend) -> None:
        holding = self.holdings.get(security.code)
        if holding is None:
            return
        qty, taxed = holding.qty, dividend.taxed_per_share if security.kind == "STOCK" else ZERO
        amount = rounded(dividend.cash_per_10 / 10 * qty)
        self._pay(day, "DIV_CASH", amount, MORNING, security, remark=f"{qty}股")
        holding.spent -= amount
        for lot in holding.lots:
            lot.dividend += taxed
        if new := int(qty * dividend.new_per_share):
            day.move(self.client, security, "BONUS", new, "")
            holding.lots.append(Lot(new, day.on))

    def _pay(
        self, day: Day, code: str, amount: Decimal, at: time,
        security: Security | None = None, number: str = "", remark: str = "",
    ) -> None:  # fmt: skip
        self.cash += amount
        if self.cash < 0:
            raise PlanError(f"{self.client.name} has {self.cash} after {code} on {day.on}")
        day.flow(self.client, code, amount, self.cash, at, security, number, remark)

    def _take(self, security: Security, qty: int, on: date | None, net: Decimal) -> None:
        holding = self.holdings.setdefault(security.code, Holding(security))
        holding.lots.append(Lot(qty, on))
        holding.spent -= net

    def _give(self, security: Security, qty: int, on: date, net: Decimal) -> None:
        holding = self.holdings.get(security.code)
        if holding is None or holding.sellable(on) < qty:
            raise PlanError(f"{self.client.name} can't sell {qty} {security.name} on {on}")
        holding.spent -= net
        sold = _oldest(holding.lots, qty)
        tax = rounded(sum((_tax(lot, on) for lot in sold), ZERO))
        if tax:
            self.taxes.append((security, tax, f"{qty}股"))
        if not holding.qty:
            del self.holdings[security.code]


def _oldest(lots: list[Lot], qty: int) -> list[Lot]:
    """Take shares out of the oldest lots; give what was taken."""
    taken = []
    while qty:
        part = min(qty, lots[0].qty)
        taken.append(Lot(part, lots[0].acquired_on, lots[0].dividend))
        lots[0].qty -= part
        qty -= part
        if not lots[0].qty:
            lots.pop(0)
    return taken


def _tax(lot: Lot, sold_on: date) -> Decimal:
    """Work out the tax on what the lot was paid; shares held before the first day are old enough to pay none."""
    return lot.qty * lot.dividend * dividend_tax_rate(lot.acquired_on, sold_on) if lot.acquired_on else ZERO
