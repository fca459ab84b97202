"""The staff's pages of what follows from cases: improvements, suggestions taken up, patterns, surveys, the year."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients, identity, points
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.feedback import adopting, formulas, improving, patterns, queries, surveys, words
from portal.feedback.follow_forms import NO_TASK, NOBODY, AdoptionForm, DoneForm, JoinForm, OwnerForm, PlanForm
from portal.feedback.models import Case
from portal.kit.clock import local_date
from portal.kit.export import csv_of
from portal.kit.i18n import later, say

SPANS = (30, 90, 365)
YEAR = timedelta(days=365)
HEADER = (
    later("种类"), later("收到"), later("已答复"), later("时限内答复"), later("延长"), later("重大"),
    later("属实或部分属实"), later("撤回"), later("答复中位数（工作小时）"), later("评价份数"), later("满意率"),
)  # fmt: skip


@get("/desk/voice/follow/improvements", name="feedback.improvements", guard=READS)
def improvements(db: Db, page: Page, now: Now) -> Response[str]:
    """Show what is being changed because of cases."""
    return _improvements(db, page, now, DoneForm())


@post("/desk/voice/{number:str}/improvements", name="feedback.improve", guard=WORKS)
def improve(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Open a task from a case."""
    form, case = sent.bind(PlanForm), _known(db, page, number)
    if not form.ok:
        return _follow(db, page, case, plan=form)
    if form.owner not in identity.staff_at_work(db):
        form.wrong("owner", NOBODY)
        return _follow(db, page, case, plan=form)
    plan = improving.Plan(form.plan_cause, form.plan_title, form.plan, form.due_on, form.owner)
    improving.open_improvement(db, plan, [case], staff=staff.person, now=now)
    return page.go("feedback.improvements")


@post("/desk/voice/{number:str}/improvements/joining", name="feedback.join", guard=WORKS)
def join(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Let a case hang on a task that is open."""
    form, case = sent.bind(JoinForm), _known(db, page, number)
    if form.ok and improving.join(db, form.number, case, staff=staff.person, now=now):
        return page.go("feedback.follow", number=number)
    form.wrong("number", NO_TASK)
    return _follow(db, page, case, joined=form)


@post("/desk/voice/follow/improvements/{task:str}/end", name="feedback.improved", guard=WORKS)
def improved(db: Db, staff: Staff, page: Page, task: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """End a task; everybody who complained reads what has changed."""
    form = sent.bind(DoneForm)
    if not form.ok:
        return _improvements(db, page, now, form, at_task=task)
    outcome = improving.finish(db, task, staff=staff.person, told=form.told, now=now)
    if isinstance(outcome, int):
        return page.go("feedback.improvements")
    form.wrong("told", words.REFUSALS[outcome])
    return _improvements(db, page, now, form, at_task=task)


@post("/desk/voice/follow/improvements/{task:str}/owner", name="feedback.hand_to", guard=WORKS)
def hand_to(db: Db, staff: Staff, page: Page, task: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Give a task to another owner."""
    form = sent.bind(OwnerForm)
    refusal = improving.hand_to(db, task, form.owner, staff=staff.person, now=now) if form.ok else None
    if form.ok and refusal is None:
        return page.go("feedback.improvements")
    if refusal:
        form.wrong("owner", words.REFUSALS[refusal])
    return _improvements(db, page, now, DoneForm(), at_task=task, owner=form)


@post("/desk/voice/follow/improvements/{task:str}/dropping", name="feedback.drop", guard=WORKS)
def drop(db: Db, staff: Staff, page: Page, task: FromPath[str], now: Now) -> Response[Any]:
    """Give a task up."""
    improving.drop(db, task, staff=staff.person, now=now)
    return page.go("feedback.improvements")


@get("/desk/voice/{number:str}/follow", name="feedback.follow", guard=READS)
def follow(db: Db, page: Page, number: FromPath[str]) -> Response[str]:
    """Show what follows from a case, and let it follow."""
    return _follow(db, page, _known(db, page, number))


@post("/desk/voice/{number:str}/adoption", name="feedback.adopt", guard=WORKS)
def adopt(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Take a suggestion up."""
    form, case = sent.bind(AdoptionForm), _known(db, page, number)
    if form.ok:
        told = {"grade": form.grade, "summary": form.summary}
        refusal = adopting.adopt(db, case, staff=staff.person, now=now, **told)
        if refusal is None:
            return page.go("feedback.follow", number=number)
        form.wrong("grade", words.REFUSALS[refusal])
    return _follow(db, page, case, adoption=form)


@post("/desk/voice/{number:str}/award", name="feedback.award", guard=DECIDES)
def award(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Award what somebody else adopted, and publish it."""
    case = _known(db, page, number)
    refusal = adopting.award(db, case, staff=staff.person, now=now)
    if refusal is None:
        return page.go("feedback.follow", number=number)
    form = AdoptionForm()
    form.wrong("grade", words.REFUSALS[refusal])
    return _follow(db, page, case, adoption=form)


@get("/desk/voice/follow/patterns", name="feedback.patterns", guard=READS)
def show_patterns(db: Db, page: Page, now: Now) -> Response[str]:
    """Show where complaints gather: by class, branch, product, cause, and what they have in common."""
    asked = page.query.get("days", "")
    days = int(asked) if asked in {str(each) for each in SPANS} else SPANS[1]
    return page.show(
        "feedback/patterns.html", board=patterns.board(db, now, days), days=days, spans=SPANS, words=words, now=now
    )


@get("/desk/voice/follow/surveys", name="feedback.results", guard=READS)
def results(db: Db, page: Page, now: Now) -> Response[str]:
    """Show what clients answer when they are asked, with n and interval; below ten votes nothing."""
    return page.show(
        "feedback/results.html", standings=surveys.standings(db, now - YEAR, now), least=formulas.LEAST,
        comments=surveys.comments(db, now - YEAR), events=surveys.of_events(db, now - YEAR), words=words, now=now,
    )  # fmt: skip


@get("/desk/voice/follow/years/{year:int}", name="feedback.year", guard=READS)
def year(db: Db, page: Page, year: FromPath[int], now: Now) -> Response[str]:
    """Show a year's summary, due to the regulator by the end of April."""
    made = _year(db, page, year)
    table = list(zip(HEADER[1:], zip(*(_figures(each) for each in made.kinds), strict=True), strict=True))
    return page.show(
        "feedback/year.html", it=made, table=table, words=words, now=now, least=formulas.LEAST,
        this_year=local_date(now).year,
    )  # fmt: skip


@get("/desk/voice/follow/years/{year:int}/summary.csv", name="feedback.year_csv", guard=READS)
def year_csv(db: Db, page: Page, year: FromPath[int]) -> Response[bytes]:
    """Give the summary for a spreadsheet."""
    made = _year(db, page, year)
    rows = [(say(words.KINDS[each.kind]), *_figures(each)) for each in made.kinds]  # type: ignore[index]
    headers = {"content-disposition": f"attachment; filename=voice-{year}.csv"}
    return Response(csv_of([say(each) for each in HEADER], rows), media_type="text/csv", headers=headers)


def _figures(each: patterns.Summary) -> Sequence[int | Decimal | None]:
    return (
        each.received, each.answered, each.in_time, each.extended, each.critical, each.founded, each.withdrawn,
        each.median_hours, each.content.answered, each.content.result.good.percent if each.content.result else None,
    )  # fmt: skip


def _year(db: Session, page: PageMaker, year: int) -> patterns.Year:
    if not re.fullmatch(r"20\d\d", str(year)):
        raise page.missing()
    return patterns.year_of(db, year)


def _known(db: Session, page: PageMaker, number: str) -> Case:
    case = queries.by_number(db, number)
    if case is None or not clients.reaches(db, page.visitor, case.client_id):
        raise page.missing()
    return case


def _follow(
    db: Session, page: PageMaker, case: Case, *, plan: PlanForm | None = None, joined: JoinForm | None = None,
    adoption: AdoptionForm | None = None,
) -> Response[str]:  # fmt: skip
    wrong = any(form is not None and form.errors for form in (plan, joined, adoption))
    page.shows_client(case.client_id, "case", case.number)
    if plan is None:
        plan = PlanForm()
        plan.typed = {"owner": str(page.visitor.user_id)}
    return page.show(
        "feedback/follow.html", status=422 if wrong else 200, it=case, words=words, plan=plan,
        joined=joined or JoinForm(), adoption=adoption or AdoptionForm(), tasks=improving.of_case(db, case.id),
        staff=identity.staff_at_work(db), adopted=adopting.of_case(db, case.id),
        worth=points.suggestion_rule().points_by,
        open_tasks=[each for each in improving.tasks(db) if each.state == "open"],
    )  # fmt: skip


def _improvements(
    db: Session, page: PageMaker, now: Now, form: DoneForm, *, at_task: str = "", owner: OwnerForm | None = None
) -> Response[str]:
    rows, owner = improving.tasks(db), owner or OwnerForm()
    return page.show(
        "feedback/improvements.html", status=422 if form.errors or owner.errors else 200, rows=rows, form=form,
        owner=owner, at_task=at_task, staff=identity.staff_at_work(db),
        cases=improving.cases_of(db, [row.id for row in rows]), words=words, today=local_date(now), now=now,
    )  # fmt: skip


pages = [
    improvements, improve, join, improved, hand_to, drop, follow, adopt, award, show_patterns, results, year, year_csv,
]  # fmt: skip
