"""What the demo shows of tiers and the club: advisers, the last evaluation, a member, two events to come."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal import audit, clients, club, conversations, identity, tiers
from portal.demo.cast import BY_NAME
from portal.kit.clock import at, local_date
from portal.kit.db import Database

LINES = {"周经办": "000-0000-0001", "吴复核": "000-0000-0002"}
TWO_HOURS = timedelta(hours=2)
MEMBER, PLANNER = "白景云", "staff:setup"
# What the member asked his team, and what they answered; the last one waits.
SAID = (
    ("上周的分红到账了吗？账单里没有看到。", "已到账，在 11 月账单的资金流水里，摘要是“股息入账”。"),
    ("年底前想调整一下持仓，能约个时间谈谈吗？", ""),
)


def lay(database: Database, now: datetime) -> None:
    """Lay them once the cast has its sign-ins; what stands already stays."""
    with database.writing() as db:
        _appoint(db, now)
        tiers.evaluate_due(db, now)
        tiers.assign_waiting(db, now)
        member = clients.client_by_no(db, BY_NAME[MEMBER].client_no)
        if member and club.membership(db, member.id, local_date(now)) is None:
            club.take_over(db, client_id=member.id, since=local_date(now).replace(month=1, day=1), now=now)
            _plan(db, now)
            _talk(db, member, now)


def _talk(db: Session, member: Any, now: datetime) -> None:
    """Lay what the member and his team have said: one question answered, one that waits."""
    me = audit.Person(f"client:{member.id}", member.name)
    adviser = tiers.adviser_of(db, member.id)
    team = (
        audit.Person(f"staff:{adviser.adviser_id}", identity.name_of(db, adviser.adviser_id), adviser.adviser_id)
        if adviser
        else me
    )
    for number, (text, answer) in enumerate(SAID):
        asked = now - timedelta(hours=20 * (len(SAID) - number), minutes=10)
        conversations.write(db, client=me, client_id=member.id, text=text, key=f"demo-question-{number:04d}", now=asked)
        if answer and adviser:
            conversations.answer(
                db, client_id=member.id, seen=1, staff=team, text=answer, key=f"demo-answer-{number:06d}",
                now=asked + timedelta(minutes=12),
            )  # fmt: skip


def _appoint(db: Session, now: datetime) -> None:
    user = table("identity_user", column("id"), column("name"), column("kind"))
    staff = db.execute(select(user.c.id, user.c.name).where(user.c.kind == "staff", user.c.name.in_(LINES)))
    for row in staff.all():
        tiers.appoint_adviser(db, user_id=row.id, branch_no="0101", direct_line=LINES[row.name], by="system", now=now)


def _plan(db: Session, now: datetime) -> None:
    saturday = local_date(now) + timedelta(days=(5 - local_date(now).weekday()) % 7 + 7)
    begins = at(saturday, time(14))
    later = begins + timedelta(days=14)
    lecture = club.Plan(
        kind="lecture",
        title_zh="读年报：水电公司的折旧与红利",
        title_en="Reading accounts: depreciation and dividends in hydropower",
        aim_zh="学会从现金流量表里看分红能不能持续。不涉及产品推介。",
        aim_en="Learn to tell from cash flows whether a dividend can last. No products are offered.",
        place_zh="示例营业部二楼",
        place_en="Example branch, second floor",
        starts_at=begins,
        ends_at=begins + TWO_HOURS,
        capacity=30,
        members_only=False,
        min_tier="silver",
        min_level=None,
        branches=None,
        points=50,
    )
    meeting = club.Plan(
        kind="dialogue",
        title_zh="传承与税：三种常见的安排",
        title_en="Succession and tax: three common arrangements",
        aim_zh="外聘律师讲解，会后可以单独提问。",
        aim_en="A lawyer explains; questions in private afterwards.",
        place_zh="衡庐，三楼",
        place_en="Henglu, third floor",
        starts_at=later,
        ends_at=later + TWO_HOURS,
        capacity=6,
        members_only=True,
        min_tier="gold",
        min_level=None,
        branches=None,
        points=100,
    )
    for planned in (lecture, meeting):
        club.plan(db, planned, actor=PLANNER, now=now)
