"""积分: the balance, what lapses when, the ledger, and for each of its lines why it is the figure that it is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from litestar import Response
from litestar.params import FromPath

from portal.doors import CLIENT, Db, Now, Page, SignedIn, get
from portal.points import words
from portal.points.lines import Explained, ledger, line
from portal.points.queries import Lapse, balance, earned_in_year, lots
from portal.points.ruleset import RuleSet, read_rules
from portal.points.years import Way, Year, csv_of_year, year_of, years_with_lines


@dataclass(frozen=True)
class LapseBar:
    """A lapse with the lengths of its bar, in hundredths of the longest."""

    lapse: Lapse
    held: Decimal
    available: Decimal
    left: str


@get("/points", name="points.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show the balance, what lapses when, and a page of the ledger, newest first."""
    who = client.client_id or 0
    held = balance(db, who, now)
    lapse = held.next_lapse
    return page.show(
        "points/index.html",
        now=now,
        words=words,
        balance=held,
        is_near=bool(lapse and lapse.at and words.is_near(lapse.at, now)),
        bars=_bars(lots(db, who, now), now),
        earned=earned_in_year(db, who, now),
        from_commission=earned_in_year(db, who, now, "commission"),
        ledger=ledger(db, who, before=_number(page.query.get("before", ""))),
        is_older="before" in page.query,
        years=years_with_lines(db, who, now),
    )


@get("/points/lines/{number:int}", name="points.line", guard=CLIENT)
def show_line(db: Db, client: SignedIn, page: Page, number: FromPath[int]) -> Response[str]:
    """Open one line: what went in, the rule in force, the multiplier, the fraction carried, and the result."""
    found = line(db, client.client_id or 0, number) if number < 2**31 else None
    if found is None:
        raise page.missing()
    return page.show("points/line.html", block="line", found=found, l=found.line, words=words, rules=_rules(found))


@get("/points/years/{year:int}", name="points.year", guard=CLIENT)
def show_year(db: Db, client: SignedIn, page: Page, year: FromPath[int], now: Now) -> Response[str]:
    """Show a year of points: opening, what came and went month by month, closing."""
    told, every = _year(db, client, page, year, now)
    return page.show("points/year.html", told=told, years=every, words=words, ways=list(Way), now=now)


@get("/points/years/{year:int}/lines.csv", name="points.csv", guard=CLIENT)
def year_csv(db: Db, client: SignedIn, page: Page, year: FromPath[int], now: Now) -> Response[bytes]:
    """Give all lines of a year as a file for a spreadsheet."""
    told, _ = _year(db, client, page, year, now)
    kept = {"Content-Disposition": f'attachment; filename="points-{year}.csv"'}
    return Response(csv_of_year(db, client.client_id or 0, told), media_type="text/csv", headers=kept)


def _year(db: Db, client: SignedIn, page: Page, year: int, now: Now) -> tuple[Year, list[int]]:
    every = years_with_lines(db, client.client_id or 0, now)
    if year not in every:
        raise page.missing()
    return year_of(db, client.client_id or 0, year), every


def _bars(lapses: list[Lapse], now: datetime) -> list[LapseBar]:
    shown = [lapse for lapse in lapses if lapse.available or lapse.held]
    longest = max((lapse.available + lapse.held for lapse in shown), default=0)
    return [
        LapseBar(
            lapse,
            _share(lapse.held, longest),
            _share(lapse.available, longest),
            words.left(lapse.at, now) if lapse.at and lapse.at > now else "",
        )
        for lapse in shown
    ]


def _share(points: int, longest: int) -> Decimal:
    return (Decimal(points * 100) / longest).quantize(Decimal("0.01"))


def _rules(found: Explained) -> RuleSet | None:
    return read_rules(found.rules) if found.rules else None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


pages = [index, show_line, show_year, year_csv]
