"""What the clients of the demo have said about themselves, and the changes that wait for staff."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients, identity
from portal.demo.cast import BY_NAME, CLIENTS
from portal.kit.db import Database

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
CONSENTED = {"白景云": {"consent_marketing": True, "consent_sensitive": True, "consent_sharing": False}}


def lay_records(database: Database, now: datetime) -> None:
    """Let each client have said what he has said, once; two of them ask for a change."""
    with database.writing() as db:
        if clients.fact(db, _of(db, "王小满"), "education"):
            return
        for client in CLIENTS:
            who, client_id = _person(db, client.name), _of(db, client.name)
            for key, value in SAID.get(client.name, {}).items():
                clients.edit(db, who=who, client_id=client_id, key=key, value=value, now=now)
            for kind, given in CONSENTED.get(client.name, {}).items():
                clients.consent(db, who=who, client_id=client_id, kind=kind, is_given=given, now=now)
        _ask(db, "白景云", "id_valid_to", "20461231", "换了新的身份证", now)
        _ask(db, "陈金波", "address_home", "江苏省南京市示例路 5 号", "搬到了南京", now)


def _ask(db: Session, name: str, key: str, value: str, why: str, now: datetime) -> None:
    clients.ask(db, who=_person(db, name), client_id=_of(db, name), key=key, value=value, why=why, now=now)


def _of(db: Session, name: str) -> int:
    return clients.ids_by_no(db)[BY_NAME[name].client_no]


def _person(db: Session, name: str) -> clients.Person:
    user = identity.user_of_client(db, _of(db, name))
    return clients.Person(f"client:{user.id}" if user else "system", name)
