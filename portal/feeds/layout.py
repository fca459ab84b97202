"""The files of `holdings-feed/1`, column by column.

t is text of so many characters, d a date, h a time, n a number with so many decimals; ? may be empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

SCHEMA = "holdings-feed/1"
LARGEST = Decimal(10) ** 13  # an amount beyond it is a mistake, and it would not fit the database's scaled integers

FILES = {
    "client": "client_no t12, client_name t60, client_type t1, branch_no t8, open_date d, status t1, risk_level t2?,"
    " risk_valid_to d?",
    "client_info": "client_no t12, key t40, value t200, as_of d",
    "account": "account_no t25, client_no t12, account_type t8, currency t3, open_date d, status t1",
    "security": "market t2, security_code t8, security_name t60, security_type t8, lot_size n0, tick n4,"
    " subscription_of t8?",
    "price": "market t2, security_code t8, trade_date d, close n4, prev_close n4, source t8",
    "cash_balance": "account_no t25, currency t3, opening n2, net_flow n2, closing n2, frozen n2",
    "cash_flow": "flow_no t32, account_no t25, currency t3, settle_date d, occur_time h?, biz_code t16, biz_name t60,"
    " market t2?, security_code t8?, trade_no t32?, amount n2, balance_after n2, remark t200?",
    "trade": "trade_no t32, order_no t32, account_no t25, holder_no t16, market t2, security_code t8, trade_date d,"
    " settle_date d, trade_time h?, side t1, price n4, qty n2, gross n2, commission n2, net_commission n2, stamp n2,"
    " transfer_fee n2, handling_fee n2, regulatory_fee n2, other_fee n2, net_amount n2",
    "share_move": "move_no t32, account_no t25, holder_no t16, market t2, security_code t8, move_date d, biz_code t16,"
    " qty n2, acquired_on d?, cost_amount n2?, ref_no t32?",
    "position": "account_no t25, holder_no t16, market t2, security_code t8, qty_total n2, qty_available n2,"
    " qty_frozen n2, counter_cost_price n4?",
    "commission": "account_no t25, trade_date d, gross_commission n2, net_commission n2, rate_card t16",
    "corp_action": "action_id t32, market t2, security_code t8, kind t16, record_date d, ex_date d, pay_date d?,"
    " cash_per_10 n6?, bonus_per_10 n6?, convert_per_10 n6?, rights_per_10 n6?, rights_price n4?",
    "rate_card": "card_no t16, valid_from d, rate n7, min n2, includes_levies t1, includes_transfer t1",
}
MAY_BE_ABSENT = {"corp_action", "rate_card"}
KEYS = {
    "client": ("client_no",),
    "client_info": ("client_no", "key"),
    "account": ("account_no",),
    "security": ("market", "security_code"),
    "price": ("market", "security_code", "trade_date"),
    "cash_balance": ("account_no", "currency"),
    "cash_flow": ("flow_no",),
    "trade": ("trade_no",),
    "share_move": ("move_no",),
    "position": ("account_no", "holder_no", "market", "security_code"),
    "commission": ("account_no", "trade_date"),
    "corp_action": ("action_id",),
    "rate_card": ("card_no", "valid_from"),
}
SUMS = {
    "cash_flow": ("amount",),
    "trade": ("gross", "net_amount"),
    "share_move": ("qty",),
    "position": ("qty_total",),
    "cash_balance": ("closing",),
    "commission": ("gross_commission",),
}


class Unreadable(ValueError):
    """A cell that isn't what its column says; the message is the reason's code."""


@dataclass(frozen=True)
class Column:
    """One column: its name, kind (t d h n), size (characters or decimals) and whether it may be empty."""

    name: str
    kind: str
    size: int
    optional: bool

    def read(self, text: str) -> Any:
        """Turn a cell into its value, None where it may be empty; Unreadable says why not."""
        if not text:
            if self.optional:
                return None
            raise Unreadable("REQUIRED")
        return _READERS[self.kind](text, self.size)


def columns(file: str) -> tuple[Column, ...]:
    """Give a file's columns in their order."""
    return _COLUMNS[file]


def number(text: str, decimals: int) -> Decimal:
    """Read a plain decimal number; exponents, signs other than minus and finer digits are unreadable."""
    value = total(text, decimals)
    if abs(value) >= LARGEST:
        raise Unreadable("RANGE")
    return value.quantize(Decimal(1).scaleb(-decimals))


def total(text: str, decimals: int) -> Decimal:
    """Read a plain decimal number of any size."""
    found = _NUMBER.fullmatch(text)
    if not found or len((found["decimals"] or "").rstrip("0")) > decimals:
        raise Unreadable("TYPE")
    return Decimal(text)


def day(text: str, _size: int = 0) -> date:
    """Read CCYYMMDD."""
    if not re.fullmatch(r"[0-9]{8}", text):
        raise Unreadable("TYPE")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable("RANGE") from None


def clock(text: str, _size: int = 0) -> time:
    """Read HHMMSS."""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise Unreadable("TYPE")
    try:
        return time(int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise Unreadable("RANGE") from None


def text(cell: str, size: int) -> str:
    """Read a text of at most so many characters; control characters are unreadable."""
    if len(cell) > size:
        raise Unreadable("RANGE")
    if _CONTROL.search(cell):
        raise Unreadable("TYPE")
    return cell


_NUMBER = re.compile(r"-?[0-9]{1,18}(\.(?P<decimals>[0-9]{1,12}))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_READERS: dict[str, Callable[[str, int], Any]] = {"t": text, "d": day, "h": clock, "n": number}


def _column(written: str) -> Column:
    name, kind = written.split()
    return Column(name, kind[0], int(kind[1:].rstrip("?") or 0), kind.endswith("?"))


_COLUMNS = {file: tuple(_column(part) for part in line.split(", ")) for file, line in FILES.items()}
