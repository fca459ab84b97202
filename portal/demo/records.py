"""What the clients of the demo have said about themselves, and the changes that wait for staff."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from portal import clients, identity
from portal.demo.cast import BY_NAME, CLIENTS, STAFF
from portal.kit import papers, uploads
from portal.kit.db import Database
from portal.kit.posted import File
from portal.kit.vault import open_vault

SAID: Mapping[str, Mapping[str, str]] = {
    "王小满": {"education": "bachelor", "preferred_channel": "wechat"},
    "李银川": {"email": "li@example.com", "education": "bachelor", "occupation": "professional", "industry": "it"},
    "陈金波": {
        "email": "chen@example.com", "occupation": "owner", "employer": "示例制造厂", "industry": "manufacturing",
        "preferred_channel": "phone", "preferred_time": "noon,evening",
    },
    "白景云": {
        "email": "bai@example.com", "address_home": "浙江省杭州市西湖区示例路 8 号", "education": "master_up",
        "occupation": "professional", "employer": "示例设计院", "job_title": "高级工程师", "industry": "research",
        "tax_residency": "china_only", "actual_controller": "本人", "beneficial_owner": "本人",
        "integrity_record": "none", "preferred_channel": "sms", "preferred_time": "evening", "do_not_call": "0",
        "interests": "stocks,funds", "statement_delivery": "site",
    },
}  # fmt: skip
CONSENTED = {
    "白景云": {"consent_marketing": True, "consent_care": True, "consent_sensitive": True, "consent_sharing": False}
}


def lay_records(database: Database, home: Path, now: datetime) -> None:
    """Let each client have said what he has said, once; two of them ask for a change, and a third one calls."""
    with database.writing() as db:
        if clients.fact(db, _of(db, "王小满"), "education"):
            return
        for client in CLIENTS:
            who, client_id = _person(db, client.name), _of(db, client.name)
            for key, value in SAID.get(client.name, {}).items():
                clients.edit(db, who=who, client_id=client_id, key=key, value=value, now=now)
            for kind, given in CONSENTED.get(client.name, {}).items():
                clients.consent(db, who=who, client_id=client_id, kind=kind, is_given=given, now=now)
        _ask(db, "白景云", "id_valid_to", "20461231", "换了新的身份证", now, _card(db, home, now))
        _ask(db, "陈金波", "address_home", "江苏省南京市示例路 5 号", "搬到了南京", now)
        _call(db, home, now)


def _ask(db: Session, name: str, key: str, value: str, why: str, now: datetime, sent: tuple[str, ...] = ()) -> None:
    who, client_id = _person(db, name), _of(db, name)
    clients.ask(db, who=who, client_id=client_id, key=key, value=value, why=why, now=now, papers=sent)


def _card(db: Session, home: Path, now: datetime) -> tuple[str, ...]:
    """Let 白景云 send a picture of her new card, as it would come from a telephone."""
    picture, body = Image.new("RGB", (856, 540), "#eef2f1"), BytesIO()
    ImageDraw.Draw(picture).text((40, 40), "SAMPLE ID CARD - NOT A REAL ONE", fill="#20302d", font_size=36)
    picture.save(body, "JPEG")
    judged = papers.judge_all([File("evidence", "身份证正面.jpg", body.getvalue())])
    if isinstance(judged, papers.Fault):
        raise ValueError(judged)
    kept = uploads.keep(db, uploads.Store(home, open_vault(home)), judged, owner=f"client:{_of(db, '白景云')}", now=now)
    return () if isinstance(kept, papers.Fault) else tuple(kept)


def _call(db: Session, home: Path, now: datetime) -> None:
    """Let 李银川 call: 周经办 proves him by two facts and asks for what he wants."""
    client_id, vault = _of(db, "李银川"), open_vault(home)
    staff = identity.user_by_name(db, STAFF[0].user_name) or 0
    who = clients.Person(f"staff:{staff}", STAFF[0].name, staff, "phone")
    call = clients.begin_call(db, vault, staff=who, client_id=client_id, way=clients.Way.FACTS, now=now)
    if isinstance(call, clients.Refusal):
        raise ValueError(call)
    known = clients.held(db, client_id, now.date())
    answers = {fact: clients.told_right(fact, known) for fact in call.asked}
    clients.prove_call(db, vault, call, answers, staff=who, now=now)
    clients.request_by_call(db, call, key="marital_status", value="married", why="来电说刚结婚", staff=who, now=now)


def _of(db: Session, name: str) -> int:
    return clients.ids_by_no(db)[BY_NAME[name].client_no]


def _person(db: Session, name: str) -> clients.Person:
    user = identity.user_of_client(db, _of(db, name))
    return clients.Person(f"client:{user.id}" if user else "system", name)
