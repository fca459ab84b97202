"""What a page of statements shows, as a file for a spreadsheet."""

from collections.abc import Iterable
from decimal import Decimal

from portal.kit.export import Cell, csv_of
from portal.kit.i18n import say
from portal.kit.render import num
from portal.statements.sheets import FEES, Confirmation, Deal, Movement, Sheet

CASH = ("日期", "摘要", "对象", "成交", "发生金额", "余额")
TRADES = ("日期", "买卖", "对象", "成交", "成交金额")


def csv_of_sheet(sheet: Sheet, view: str, lines: Iterable[Movement | Confirmation]) -> bytes:
    """Write the rows that a view shows; the statement opens and closes with its balances."""
    if view == "trades":
        header = [say(name) for name in (*TRADES, *(label for _, label in FEES), "清算金额")]
        return csv_of(header, (_trade(line) for line in lines if isinstance(line, Confirmation)))
    rows: list[list[Cell]] = [_cash(line) for line in lines if isinstance(line, Movement)]
    if view == "statement":
        opening: list[Cell] = [sheet.period.first, say("期初余额"), "", "", None, sheet.opening]
        rows = [opening, *rows, [sheet.last, say("期末余额"), "", "", None, sheet.closing]]
    return csv_of([say(name) for name in CASH], rows)


def _cash(line: Movement) -> list[Cell]:
    title = say(line.title) if line.title else line.words
    return [line.on, title, line.security, _words(line.deal), line.amount, line.balance]


def _trade(line: Confirmation) -> list[Cell]:
    fees = dict(line.fees)
    each: list[Cell] = [fees.get(label, Decimal("0.00")) for _, label in FEES]
    return [line.on, say(line.title), line.security, _words(line.deal), line.gross, *each, line.net]


def _words(deal: Deal | None) -> str:
    """Say what was dealt as the page says it."""
    if deal is None:
        return ""
    if deal.interest is not None:
        amounts = {"principal": num(deal.principal, 2), "interest": num(deal.interest, 2)}
        return say("本金 %(principal)s · 利息 %(interest)s", **amounts)
    return f"{num(deal.qty)} {say(deal.unit)} × {num(deal.price, deal.places)}{'%' if deal.is_rate else ''}"
