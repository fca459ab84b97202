"""Templates: one strict Jinja environment, the filters that write figures, and pages or single blocks of them."""

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.kit import clock, i18n
from portal.kit.money import rounded

ROOT = Path(__file__).parents[2]
MINUS = "\u2212"
WEEKDAYS = "一二三四五六日"
MONTHS = "January February March April May June July August September October November December".split()


MASK = "****"
MONEY_PLACES = 2
_hides_amounts: ContextVar[bool] = ContextVar("hides_amounts", default=False)


def hide_amounts(hidden: bool) -> None:
    """Hide every amount of this request, or show it: the server writes **** in its place."""
    _hides_amounts.set(hidden)


def hides_amounts() -> bool:
    """Tell whether this request hides amounts."""
    return _hides_amounts.get()


def exactly(value: Decimal | int, places: int) -> Decimal:
    """Round a figure for the eye; what rounds to nothing is nothing, without a minus."""
    exact = rounded(Decimal(value), places)
    return exact or abs(exact)


def num(value: Decimal | int | None, places: int = 0) -> str:
    """Write a figure with commas and a real minus; unknown is a dash. Two places are money: they may be hidden."""
    if value is None:
        return "—"
    return MASK if places == MONEY_PLACES and hides_amounts() else price(value, places)


def price(value: Decimal | int | None, places: int = 3) -> str:
    """Write a figure that is no amount and is never hidden: a price, a rate."""
    if value is None:
        return "—"
    return f"{exactly(value, places):,}".replace("-", MINUS)


def shares(value: Decimal | int | None, places: int = 0) -> str:
    """Write a number of shares, which with a price would tell the amount: it may be hidden too."""
    return MASK if value is not None and hides_amounts() else num(value, places)


def sign(value: Decimal | int | None, places: int = 2) -> str:
    """Write a result or a flow: a rise carries its plus. Two places are money: it may be hidden."""
    return MASK if value is not None and places == MONEY_PLACES and hides_amounts() else ratio(value, places)


def ratio(value: Decimal | int | None, places: int = 2) -> str:
    """Write a rise or fall in percent (the sign % follows), which is never hidden."""
    if value is None:
        return "—"
    return ("+" if exactly(value, places) > 0 else "") + price(value, places)


def way(value: Decimal | int | None) -> str:
    """Name the direction of a result: up, down or flat."""
    return "flat" if not value else "up" if value > 0 else "down"


def money(value: Decimal | None, places: int = 2) -> Markup:
    """Write a signed result; its class gives triangle and colour, its sign is text."""
    if value is None:
        return Markup("—")
    exact = exactly(value, places)
    shown = MASK if hides_amounts() else exact
    return Markup('<data class="n {}" value="{}">{}</data>').format(way(exact), shown, sign(exact, places))


def plain(value: Decimal | int | None, places: int = 2) -> Markup:
    """Write an amount that is no result: no sign, no colour."""
    if value is None:
        return Markup("—")
    shown = MASK if hides_amounts() else exactly(value, places)
    return Markup('<data class="n" value="{}">{}</data>').format(shown, num(value, places))


def split(value: Decimal | None) -> Markup:
    """Write the page's one figure, cents at half size."""
    if value is None:
        return Markup('<span class="big">—</span>')
    if hides_amounts():
        return Markup('<data class="big" value="{0}">{0}</data>').format(MASK)
    whole, cents = num(value, 2).split(".")
    return Markup('<data class="big" value="{}">{}<small>.{}</small></data>').format(exactly(value, 2), whole, cents)


def compact(value: Decimal | None) -> str:
    """Write an amount for an axis or a centre: 117.81 万 or 1.18M."""
    if value is None or hides_amounts():
        return "—" if value is None else MASK
    steps = [("亿", Decimal(10**8)), ("万", Decimal(10**4))] if i18n.language() == "zh" else _SHORT
    for unit, size in steps:
        if abs(value) >= size:
            return f"{num(value / size, 2)}{' ' if i18n.language() == 'zh' else ''}{unit}"
    return num(value, 2)


def axis(value: Decimal) -> str:
    """Write an even amount at a grid line: 12 万, 120K; nought is 0."""
    if value and hides_amounts():
        return MASK
    steps = [("亿", Decimal(10**8)), ("万", Decimal(10**4))] if i18n.language() == "zh" else _SHORT
    unit, size = next(((unit, size) for unit, size in steps if abs(value) >= size), ("", Decimal(1)))
    text = f"{(value / size).normalize():,f}".replace("-", MINUS)
    return f"{text} {unit}".rstrip() if i18n.language() == "zh" else f"{text}{unit}"


_SHORT = [("B", Decimal(10**9)), ("M", Decimal(10**6)), ("K", Decimal(10**3))]


def day(value: date | datetime | None) -> str:
    """Write a date for a table: 2026-11-18."""
    return "—" if value is None else f"{_day_of(value):%Y-%m-%d}"


def day_long(value: date | datetime) -> str:
    """Write a date for a sentence: 2026 年 11 月 18 日, 18 November 2026."""
    on = _day_of(value)
    if i18n.language() == "zh":
        return f"{on.year} 年 {on.month} 月 {on.day} 日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def month_long(value: date) -> str:
    """Write a month for a heading: 2026 年 11 月, November 2026."""
    return f"{value.year} 年 {value.month} 月" if i18n.language() == "zh" else f"{MONTHS[value.month - 1]} {value.year}"


def month_short(value: date) -> str:
    """Write a month for a switch: 11 月, Nov."""
    return f"{value.month} 月" if i18n.language() == "zh" else MONTHS[value.month - 1][:3]


def day_week(value: date | datetime) -> str:
    """Write a near date with its weekday: 10-09 周五, Fri 10-09."""
    on = _day_of(value)
    return f"{on:%m-%d} 周{WEEKDAYS[on.weekday()]}" if i18n.language() == "zh" else f"{on:%a %m-%d}"


def time_of_day(value: datetime) -> str:
    """Write a Shanghai time, 24 hours: 09:42."""
    return f"{clock.local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """Write an instant: 2026-11-18 09:42, Shanghai time."""
    return "—" if value is None else f"{clock.local(value):%Y-%m-%d %H:%M}"


def _day_of(value: date | datetime) -> date:
    return clock.local_date(value) if isinstance(value, datetime) else value


FILTERS: dict[str, Callable[..., Any]] = {
    "num": num,
    "price": price,
    "ratio": ratio,
    "shares": shares,
    "sign": sign,
    "way": way,
    "money": money,
    "plain": plain,
    "split": split,
    "compact": compact,
    "axis": axis,
    "day": day,
    "day_long": day_long,
    "month_long": month_long,
    "month_short": month_short,
    "day_week": day_week,
    "clock": time_of_day,
    "moment": moment,
}


def environment(url: Callable[..., str], *, folders: list[Path] | None = None, reload: bool = False) -> Environment:
    """Build the one environment: autoescape always, an unknown name is an error, every language at once."""
    env = Environment(
        loader=FileSystemLoader([ROOT / "templates", *(folders or [])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=reload,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(FILTERS)
    env.globals.update(url=url, static=static, language=i18n.language, hides_amounts=hides_amounts)
    env.globals["m"] = env.get_template("parts/m.html").module
    return env


def render(env: Environment, template: str, values: dict[str, Any], block: str | None = None) -> str:
    """Render a whole page, or one block of it for htmx."""
    page = env.get_template(template)
    if block is None:
        return page.render(values)
    return "".join(page.blocks[block](page.new_context(values)))


@cache
def static(path: str) -> str:
    """Give the address of a static file with the hash of its content, so that it may be kept for ever."""
    digest = hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{path}"
