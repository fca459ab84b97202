"""The staff's worklist 信息补充: whose information is to be filled in this week, what is done, as a page and as CSV."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal import clients, identity, tiers
from portal.desk import queries
from portal.desk.forms import REASONS
from portal.desk.rules import definition_of
from portal.doors import Db, Now, Page, PageMaker, Role, Staff, get, staff_of
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.export import csv_of
from portal.kit.i18n import language, later, say

SEES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)
TABS = ("open", "filled")
HEADER = (
    later("客户号"), later("姓名"), later("营业部"), later("负责人"), later("为什么是核心客户"), later("周初完整度"),
    later("现在完整度"), later("还缺"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One client on the list: how the week began for him, and how he stands now."""

    client_no: str
    name: str
    branch_no: str
    responsible_id: int | None
    responsible: str
    reasons: list[str]
    percent_then: int
    percent: int
    steps: list[str]
    is_filled: bool


@get("/desk/core-clients", name="desk.core_clients", guard=SEES)
def index(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the newest week's list; branch, person and tab stand in the address."""
    week, lines = _lines(db, staff, page, now)
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    everybody = _begun_with(db, week.week, responsible=_whose(staff, "")) if week else []
    return page.show(
        "desk/core_clients.html", week=week, definition=definition_of(week.version) if week else None,
        tier_names=tiers.NAMES, tab=tab, tabs=TABS, reasons=REASONS, now=now,
        rows=[line for line in lines if line.is_filled == (tab == "filled")],
        counts={"open": sum(not line.is_filled for line in lines), "filled": sum(line.is_filled for line in lines)},
        branches=sorted({row.branch_no for row, _ in everybody}), branch=page.query.get("branch", ""),
        people=_people(db, everybody), person=page.query.get("person", ""),
    )  # fmt: skip


@get("/desk/core-clients/csv", name="desk.core_clients_csv", guard=SEES)
def as_csv(db: Db, staff: Staff, page: Page, now: Now) -> Response[bytes]:
    """Give the list as it is shown, open and filled, names masked as on the page."""
    week, lines = _lines(db, staff, page, now)
    rows = [
        (
            line.client_no, line.name, line.branch_no, line.responsible,
            _and(say(REASONS[each]) for each in line.reasons), line.percent_then, line.percent, _and(line.steps),
        )
        for line in lines
    ]  # fmt: skip
    name = f"core-clients-{week.week:%Y%m%d}.csv" if week else "core-clients.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    body = csv_of([say(each) for each in HEADER], rows)
    return Response(body, media_type="text/csv", headers=headers)


def _lines(db: Session, staff: Visitor, page: PageMaker, now: Now) -> tuple[Any, list[Line]]:
    monday = queries.newest_week(db)
    if monday is None:
        return None, []
    week = queries.week_of(db, monday)
    person = _whose(staff, page.query.get("person", ""))
    rows = _begun_with(db, monday, branch_no=page.query.get("branch", ""), responsible=person)
    ids = [row.client_id for row, _ in rows]
    scores, people = clients.completeness_of(db, ids, local_date(now)), clients.names_of(db, ids)
    names = _people(db, rows)
    return week, [
        _line(row, whose, people[row.client_id], scores[row.client_id], names, week) for row, whose in rows
    ]  # fmt: skip


def _begun_with(
    db: Session, monday: date, *, branch_no: str = "", responsible: int | None = None
) -> list[tuple[Any, int | None]]:
    """Give who stood on a week's list with who looks after him today: a handover may have come in between."""
    rows = queries.begun_with(db, monday, branch_no=branch_no)
    today = tiers.advisers_of(db, {row.client_id for row in rows})
    pairs = [(row, today.get(row.client_id)) for row in rows]
    return [pair for pair in pairs if responsible is None or (pair[1] or 0) == responsible]


def _line(
    row: Any, responsible: int | None, person: Any, score: clients.Completeness, names: dict[int, str], week: Any
) -> Line:
    steps = [each.indicator.zh if language() == "zh" else each.indicator.en for each in score.steps]
    return Line(
        client_no=person.client_no, name=clients.masked_name(person.name), branch_no=row.branch_no,
        responsible_id=responsible, responsible=names.get(responsible or 0, ""),
        reasons=row.reasons.split(","), percent_then=row.percent, percent=score.percent, steps=steps,
        is_filled=score.percent >= week.guideline_percent,
    )  # fmt: skip


def _people(db: Session, rows: Any) -> dict[int, str]:
    return {id: identity.name_of(db, id) or "" for id in sorted({whose for _, whose in rows if whose})}


def _whose(staff: Visitor, asked: str) -> int | None:
    """Say whose clients are shown: an adviser sees his own, whatever the address asks for."""
    if set(staff.roles) == {Role.ADVISER}:
        return staff.user_id
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None


def _and(parts: Any) -> str:
    return ("、" if language() == "zh" else ", ").join(parts)


pages = [index, as_csv]
