"""What the clients of the demo have brought before the firm: one of each kind, each at another step."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import clients, feedback, identity
from portal.audit import Person
from portal.demo.cast import BY_NAME, STAFF
from portal.feedback import Brought, Kind
from portal.kit.clock import local_date
from portal.kit.db import Database

VOICES = (
    (
        "白景云", "k-demo-voice-01", "accept",
        Brought(
            Kind.COMPLAINT, "service", "柜台排队太久",
            "上周三上午在人民路营业部办银证转账，排队一个多小时，没有人说明原因。",
            "none", "希望说明原因，高峰时多开窗口",
        ),
        "当天两个窗口的设备同时检修，没有提前公告，向您致歉。即日起检修安排在收市后，并提前三天在网站公告。",
    ),
    (
        "白景云", "k-demo-voice-02", "",
        Brought(
            Kind.SUGGESTION, "system", "账单希望能按证券筛选",
            "查一年的账单时想只看一只证券，现在要一行一行找，建议加一个筛选。",
        ),
        "",
    ),
    (
        "陈金波", "k-demo-voice-03", "acknowledge",
        Brought(
            Kind.ENQUIRY, "fees", "红利税怎么扣的",
            "上个月收到分红，卖出后又扣了一笔税，请问是怎么算的，为什么当时没有扣？", "stocks",
        ),
        "您好，我来核对您的持有期限，马上书面答复。",
    ),
)  # fmt: skip


def lay_voices(database: Database, now: datetime) -> None:
    """Let them have written, and staff have worked on it; the same keys again change nothing."""
    with database.writing() as db:
        staff = _staff(db)
        for name, key, reach, brought, text in VOICES:
            _bring(db, staff, _client(db, name), (key, reach, brought, text), now)


def _bring(
    db: Session, staff: Person, client: tuple[Person, int], voice: tuple[str, str, Brought, str], now: datetime
) -> None:
    (who, client_id), (key, reach, brought, text) = client, voice
    case = feedback.receive(db, brought, by=who, client_id=client_id, key=key, now=now)
    if not isinstance(case, feedback.Case) or case.version > 1 or not reach:
        return
    said = text if reach == "acknowledge" else ""
    told = {"severity": "normal", "area": case.area, "text": said}
    feedback.acknowledge(db, case, seen=case.version, staff=staff, now=now, **told)
    if reach == "accept":
        feedback.answer(
            db, case, seen=case.version, staff=staff, text=text, finding="founded", cause="process", now=now
        )
        feedback.accept(db, case, client=who, now=now)
        feedback.open_improvement(db, plan(now), [case], staff=staff, now=now)


def plan(now: datetime) -> feedback.Plan:
    """Give what staff mean to change because of the complaint."""
    due_on = local_date(now) + timedelta(days=30)
    return feedback.Plan(feedback.Cause.PROCESS, "检修错开营业高峰", "运维排期改到收市后；网站提前三天公告", due_on)


def _client(db: Session, name: str) -> tuple[Person, int]:
    client_id = clients.ids_by_no(db)[BY_NAME[name].client_no]
    user = identity.user_of_client(db, client_id)
    return Person(f"client:{user.id}" if user else "system", name), client_id


def _staff(db: Session) -> Person:
    colleague = next(each for each in STAFF if "handler" in each.roles)
    user_id = identity.user_by_name(db, colleague.user_name)
    return Person(f"staff:{user_id}", colleague.name, user_id)
