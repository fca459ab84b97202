"""What a figure is, in words, and its sum written out: the same object that the page shows, read line by line."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from portal.holdings import words_of_assets, words_of_costs, words_of_periods, words_of_results
from portal.holdings.figures import Fig, Op, chain, rows
from portal.holdings.wording import LABELS, LEAVING, UNKNOWN
from portal.kit.i18n import later, say
from portal.kit.money import rounded
from portal.kit.render import MASK, hides_amounts, month_long, num, price, ratio, shares, sign


@dataclass(frozen=True)
class CalcLine:
    """One line of the sum: operator, what it is, its details, its value as shown; `mark` is sum or end."""

    op: str
    label: str
    value: str
    details: str = ""
    mark: str = ""


WORDS = {**words_of_assets.WORDS, **words_of_costs.WORDS, **words_of_results.WORDS, **words_of_periods.WORDS}
RESULTS = ("pnl.", "pct.", "twr.", "drawdown", "realised.", "div.net")
WRITERS = {"yuan": num, "yuan/share": price, "shares": shares, "%": price, "ratio": price}
UNITS = {
    "yuan": later("%(value)s 元"),
    "yuan/share": later("%(value)s 元"),
    "shares": "%(value)s",
    "%": "%(value)s%%",
    "ratio": "%(value)s",
}


def shown(fig: Fig, name: str = "") -> str:
    """Write a figure as the page does: results carry their sign."""
    if (name or fig.name).startswith(RESULTS):
        write = ratio if fig.unit == "%" else sign
    else:
        write = WRITERS[fig.unit]
    return write(fig.value, fig.rounding)


def with_unit(fig: Fig, name: str = "") -> str:
    """Write a figure with its unit."""
    return say(UNITS[fig.unit], value=shown(fig, name))


def why_unknown(code: str) -> str:
    """Say why a figure is unknown."""
    reason = UNKNOWN.get(code, UNKNOWN["UNKNOWN"])
    return say(reason)


def sum_of(fig: Fig) -> list[CalcLine]:
    """Write a figure's sum out, ending in the figure."""
    end = CalcLine("＝", say(_title(fig)), shown(fig), _rounding(fig), "end")
    return [*_lines(fig), end]


def row_text(row: Fig) -> str:
    """Say what a row of the ledger is: 买入付出 1,000 × 10.00."""
    source, label = row.source, say(LABELS.get(row.name, row.name))
    if source and source.qty and source.price:
        return f"{label} {shares(source.qty)} × {price(source.price, 3)}"
    return f"{label} {shown(row)}" if row.value is not None else label


def rows_used(fig: Fig) -> list[Fig]:
    """List the rows that a figure rests on."""
    return rows(fig)


def _title(fig: Fig) -> str:
    return WORDS[fig.name].name if fig.name in WORDS else LABELS.get(fig.name, fig.name)


def _term(fig: Fig) -> str:
    return LABELS.get(fig.name) or _title(fig)


def _rounding(fig: Fig) -> str:
    if fig.value is None or fig.value == rounded(fig.value, fig.rounding):
        return ""
    exact = MASK if fig.unit in {"yuan", "shares"} and hides_amounts() else price(fig.value, 6)
    return say(later("%(exact)s，四舍五入到 %(places)s 位小数"), exact=exact, places=fig.rounding)


def _lines(fig: Fig) -> list[CalcLine]:
    if fig.op is Op.QUOTIENT:
        above, below = fig.inputs
        whole = CalcLine("＝", say(_title(above)), shown(above), mark="sum")
        return [*_lines(above), whole, CalcLine("÷", say(_title(below)), shown(below))]
    if fig.op is Op.BREAK_EVEN:
        return _sale(fig)
    if fig.op is Op.PRODUCT:
        signs = ["", *["×"] * (len(fig.inputs) - 1)]
        return [CalcLine(op, say(_title(part)), shown(part)) for op, part in zip(signs, fig.inputs, strict=True)]
    if fig.op is Op.CHAIN:
        return [_month_line(list(days)) for _, days in groupby(fig.inputs, key=_month_of)]
    if fig.op is Op.POOL:
        signed = [(-1 if step.op is Op.SHARE else 1, step) for step in fig.inputs]
        return _grouped(signed)
    return _grouped(list(zip(fig.signs, fig.inputs, strict=True)))


def _sale(fig: Fig) -> list[CalcLine]:
    """Write a sale at the break-even price out: what it brings, its fees, and what is left against the cost."""
    cost, qty, *fees = fig.inputs
    gross = (fig.value or Decimal(0)) * (qty.value or Decimal(0))
    left = gross - sum((fee.value or Decimal(0) for fee in fees), Decimal(0))
    deal = CalcLine("", say(later("按保本价卖出")), num(gross, 2), f"{shown(qty)} × {shown(fig)}")
    paid = [CalcLine("−", say(_title(fee)), shown(fee)) for fee in fees]
    net = CalcLine("＝", say(later("卖出到手")), num(left, 2), mark="sum")
    return [deal, *paid, net, CalcLine("≥", say(_title(cost)), shown(cost))]


def _month_of(day: Fig) -> tuple[int, int]:
    return (day.on.year, day.on.month) if day.on else (0, 0)


def _month_line(days: list[Fig]) -> CalcLine:
    month = chain("return.month/1", days)
    label = month_long(days[0].on) if days[0].on else ""
    return CalcLine("×", label, f"{ratio(month.value)}%", say(later("%(n)s 个交易日"), n=len(days)))


def _grouped(terms: list[tuple[int, Fig]]) -> list[CalcLine]:
    """Write terms as lines: rows of one kind are one line with their number; a security keeps its own."""
    kinds = [(fig.about or fig.name, sign_ < 0) for sign_, fig in terms]
    ordered = sorted(terms, key=lambda term: kinds.index((term[1].about or term[1].name, term[0] < 0)))
    groups = [list(group) for _, group in groupby(ordered, key=lambda t: (t[1].about or t[1].name, t[0] < 0))]
    return [_group(group, is_first=number == 0) for number, group in enumerate(groups)]


def _group(group: list[tuple[int, Fig]], *, is_first: bool) -> CalcLine:
    value = sum((sign_ * (fig.value or Decimal(0)) for sign_, fig in group), Decimal(0))
    first = group[0][1]
    op = "−" if value < 0 else "" if is_first else "+"
    label = first.about or say(LEAVING if first.op is Op.SHARE else _term(first))
    return CalcLine(op, label, num(abs(value), 2), _details(group))


def _details(group: list[tuple[int, Fig]]) -> str:
    first = group[0][1]
    if first.op is Op.PRODUCT:
        return " × ".join(shown(part) for part in first.inputs)
    if first.op is Op.SHARE:
        return say(later("%(n)s 笔，按卖出的比例"), n=len(group))
    if first.name in {"row.buy", "row.sell"}:
        return say(later("%(n)s 笔，含费用"), n=len(group))
    return say(later("%(n)s 笔"), n=len(group)) if len(group) > 1 else ""
