"""Tell a client something, and note that he has read it."""

from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from portal import sms
from portal.inbox import rules
from portal.inbox.models import InboxMessage, InboxReading
from portal.inbox.rules import Letter
from portal.kit.db import Instant, insert_once
from portal.kit.i18n import later, say, speaking
from portal.kit.once import insert_once as insert_under_key

SIGN_IN = later("请登录客户服务，在站内消息里查看。")


def deliver(
    db: Session, letter: Letter, *, client_id: int, key: str, now: datetime, to: str | None = None,
    preferred: str | None = None, ref_type: str = "inbox", ref_id: int = 0, sms_text: str = "",
    not_before: datetime | None = None,
) -> int:  # fmt: skip
    """Put a letter into a client's inbox, and send it by SMS where weight and preference say so.

    The same key twice is one message. `to` and `preferred` come from whoever knows the client: this room does not.
    `not_before` keeps the SMS back, as over a night; `sms_text` stands in for the SMS that the letter makes, where a
    writer has said it already in both languages.
    """
    route = rules.route(letter.weight, preferred=preferred, has_number=to is not None)
    sms_id = None
    if to is not None and route in rules.BY_SMS:
        sms_id = sms.queue(
            db, client_id=client_id, to=to, text=sms_text or _short(letter), purpose=letter.topic, ref_type=ref_type,
            ref_id=ref_id, key=f"inbox:{key}", now=now, not_before=not_before,
        )  # fmt: skip
    told = {f"{part}_{tag}": _part(letter, part, tag) for part in ("title", "text") for tag in TAGS}
    return insert_under_key(
        db, InboxMessage, key, client_id=client_id, topic=letter.topic, weight=letter.weight, page=letter.page,
        place=dict(letter.place), route=route, sms_id=sms_id, told_at=now, **told,
    )  # fmt: skip


TAGS = ("zh", "en")


def _part(letter: Letter, part: str, tag: str) -> str:
    if letter.english:
        return letter.english[part] if tag == "en" else str(getattr(letter, part))
    return _said(getattr(letter, part), letter, tag)


def _said(sentence: str, letter: Letter, tag: str) -> str:
    # A value may be a sentence itself, such as the name of a state: it is said in the same language.
    with speaking(tag):
        return say(sentence, **{name: say(v) if isinstance(v, str) else v for name, v in letter.values.items()})


def _short(letter: Letter) -> str:
    if letter.short:
        return _said(letter.short, letter, "zh")
    return f"{_said(letter.title, letter, 'zh').removesuffix('。')}。{_said(SIGN_IN, letter, 'zh')}"


def read(db: Session, message_id: int, now: datetime) -> None:
    """Note that a message was opened; only the first time counts."""
    insert_once(db, InboxReading.__table__, message_id=message_id, read_at=now)


def read_all(db: Session, client_id: int, now: datetime) -> None:
    """Note that a client has seen all that stands unread, in one statement."""
    mine = select(InboxMessage.id, literal(now, Instant)).outerjoin(InboxReading)
    unread = mine.where(InboxMessage.client_id == client_id, InboxReading.message_id.is_(None))
    make = sqlite_insert if db.get_bind().dialect.name == "sqlite" else postgresql_insert
    db.execute(make(InboxReading).from_select(["message_id", "read_at"], unread).on_conflict_do_nothing())
