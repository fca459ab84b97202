"""One business day of the demo brokerage: the rows of its feed files, in the counter's words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from portal.demo.cast import Client
from portal.demo.market import Security
from portal.holdings import Fees

WORDS = {
    "BUY": "证券买入",
    "SELL": "证券卖出",
    "CASH_IN": "银行转存",
    "CASH_OUT": "银行转取",
    "DIV_CASH": "股息入账",
    "DIV_TAX": "股息红利税补缴",
    "REPO_LEND": "融券回购",
    "REPO_BACK": "融券购回",
    "IPO_LOT": "申购配号",
    "IPO_PAY": "中签缴款",
    "RIGHTS_RIGHT": "配股权证",
    "RIGHTS_PAY": "配股缴款",
    "INTEREST": "利息归本",
}
COLUMNS = {
    name: tuple(columns.split())
    for name, columns in {
        "account": "account_no client_no account_type currency open_date status",
        "cash_balance": "account_no currency opening net_flow closing frozen",
        "cash_flow": "flow_no account_no currency settle_date occur_time biz_code biz_name market security_code"
        " trade_no amount balance_after remark",
        "client": "client_no client_name client_type branch_no open_date status risk_level risk_valid_to",
        "client_info": "client_no key value as_of",
        "commission": "account_no trade_date gross_commission net_commission rate_card",
        "position": "account_no holder_no market security_code qty_total qty_available qty_frozen counter_cost_price",
        "price": "market security_code trade_date close prev_close source",
        "security": "market security_code security_name security_type lot_size tick subscription_of",
        "share_move": "move_no account_no holder_no market security_code move_date biz_code qty acquired_on"
        " cost_amount ref_no",
        "trade": "trade_no order_no account_no holder_no market security_code trade_date settle_date trade_time"
        " side price qty gross commission net_commission stamp transfer_fee handling_fee regulatory_fee other_fee"
        " net_amount",
        "corp_action": "action_id market security_code kind record_date ex_date pay_date cash_per_10 bonus_per_10"
        " convert_per_10 rights_per_10 rights_price",
        "rate_card": "card_no valid_from rate min includes_levies includes_transfer",
    }.items()
}
ALWAYS = tuple(name for name in COLUMNS if name not in {"corp_action", "rate_card"})
Value = str | int | date | time | Decimal | None


@dataclass
class Day:
    """A day that is being written; `number` counts from the first day, `settles_on` is T+1, `before` the day before."""

    number: int
    on: date
    settles_on: date
    before: date | None = None
    rows: dict[str, list[list[str]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(self, name: str, *values: Value) -> None:
        """Add a row to a file, its values in the order of the columns."""
        if len(values) != len(COLUMNS[name]):
            raise ValueError(f"{name} has {len(COLUMNS[name])} columns, not {len(values)}")
        self.rows[name].append([_text(value) for value in values])

    def flow(
        self, client: Client, code: str, amount: Decimal, balance: Decimal, at: time,
        security: Security | None, trade_no: str, remark: str,
    ) -> None:  # fmt: skip
        """Write a movement of cash."""
        number = f"{self.on:%Y%m%d}{len(self.rows['cash_flow']) + 1:06d}"
        market, security_code = (security.market, security.code) if security else ("", "")
        self.add(
            "cash_flow", number, client.account_no, "CNY", self.on, at, code, WORDS[code],
            market, security_code, trade_no, amount, balance, remark,
        )  # fmt: skip

    def trade(
        self, client: Client, security: Security, side: str, at: time,
        price: Decimal, qty: int, gross: Decimal, cost: Fees, net: Decimal,
    ) -> str:  # fmt: skip
        """Write an order's execution; give its number."""
        serial = len(self.rows["trade"]) + 1
        number = f"T{self.on:%Y%m%d}{serial:05d}"
        self.add(
            "trade", number, f"O{self.on:%Y%m%d}{serial:05d}", client.account_no, client.holder_no(security.market),
            security.market, security.code, self.on, self.settles_on, at, side, _fine(price), qty, gross,
            *(f"{fee:.2f}" for fee in _each(cost)), "0.00", net,
        )  # fmt: skip
        return number

    def move(self, client: Client, security: Security, code: str, qty: int, ref_no: str) -> None:
        """Write a signed movement of shares."""
        number = f"M{self.on:%Y%m%d}{len(self.rows['share_move']) + 1:05d}"
        holder = client.holder_no(security.market)
        place = (security.market, security.code)
        self.add("share_move", number, client.account_no, holder, *place, self.on, code, qty, None, None, ref_no)

    def column(self, name: str, column: str) -> Sequence[str]:
        """Give one column of a file."""
        at = COLUMNS[name].index(column)
        return [row[at] for row in self.rows[name]]


def _each(cost: Fees) -> tuple[Decimal, ...]:
    return (cost.commission, cost.net_commission, cost.stamp, cost.transfer, cost.handling, cost.regulatory)


def _fine(price: Decimal) -> Decimal:
    return price.quantize(Decimal("0.0001"))


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case date():
            return f"{value:%Y%m%d}"
        case time():
            return f"{value:%H%M%S}"
        case _:
            return str(value)
