"""By telephone: a caller is proved before his record opens, and what he wants becomes a request like any other.

The system draws what is asked, so that nobody chooses the question to which he has the answer. What was asked is kept,
the answers never are. A call lapses: ten minutes to prove, twenty more to talk.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit, identity, sms
from portal.clients import indicators, proofs, queries
from portal.clients.actions import look
from portal.clients.changes import Person, ask
from portal.clients.indicators import Edit, Indicator
from portal.clients.models import ClientCall, ClientChange
from portal.clients.rules import CallState, Refusal, Way
from portal.clients.telling import tell
from portal.inbox import Letter, Topic, Weight
from portal.kit.clock import at, local_date
from portal.kit.db import rows_touched
from portal.kit.i18n import later, say
from portal.kit.numbers import next_number
from portal.kit.vault import Vault

TO_PROVE, TO_TALK = timedelta(minutes=10), timedelta(minutes=20)
TRIES = 3
NOT_BY_PHONE = frozenset({"mobile", "email"})  # both are proved by what arrives there
PAGE = 50
TEXT = later(
    "客服正在电话中核对您的身份，验证码 %(code)s，十分钟内有效。只告诉与您通话的客服；如果不是您来电，请勿告诉任何人。"
)
TOLD = Letter(
    Topic.RECORD,
    later("有人来电，以您的名义申请更改资料。"),
    later("客服 %(who)s 在电话中核对身份后登记了申请。如果不是您本人来电，请打开这件申请，点“不是我申请的”。"),
    Weight.REQUIRED,
    page="clients.progress",
)


def begin(db: Session, vault: Vault, *, staff: Person, client_id: int, way: Way, now: datetime) -> ClientCall | Refusal:
    """Open a call with somebody who says that he is this client; a code goes out, or two facts are drawn."""
    queries.lock(db, client_id)
    mobile = queries.mobile(db, client_id)
    asked = proofs.draw(queries.held(db, client_id, local_date(now))) if way is Way.FACTS else []
    if (way is Way.CODE and not mobile) or (way is Way.FACTS and len(asked) < proofs.ASKED):
        return Refusal.NO_WAY
    if not identity.may(db, "call_proof", str(client_id), now):
        return Refusal.TOO_MANY
    code = f"{secrets.randbelow(1_000_000):06d}"
    call = ClientCall(
        number=next_number(db, "LD", local_date(now)), client_id=client_id, staff_id=staff.user_id or 0,
        staff_name=staff.name, way=way, asked=asked, tries=0, state=CallState.OPEN, opened_at=now,
        lapses_at=now + TO_PROVE, code_hash=_hash(vault, client_id, code) if way is Way.CODE else None,
    )  # fmt: skip
    db.add(call)
    db.flush()
    if way is Way.CODE and mobile:
        sms.queue(
            db, client_id=client_id, to=mobile, text=say(TEXT, code=code), purpose="code", ref_type="client_call",
            ref_id=call.id, key=f"client_call:{call.id}", now=now,
        )  # fmt: skip
    _trace(db, call, "begin", staff, now)
    return call


def prove(
    db: Session, vault: Vault, call: ClientCall, answers: Mapping[str, str], *, staff: Person, now: datetime
) -> ClientCall | Refusal:
    """Compare what the caller said. Three codes may be tried; facts have one try, and never say which one is wrong."""
    if not _is_his(call, staff) or call.state != CallState.OPEN or call.lapses_at <= now:
        return Refusal.LAPSED
    limit = TRIES if call.way == Way.CODE else 1
    # Counted before anything is compared: who tries many at once draws from the same few.
    counted = (ClientCall.id == call.id, ClientCall.state == CallState.OPEN, ClientCall.tries < limit)
    tried = update(ClientCall).where(*counted).values(tries=ClientCall.tries + 1)
    if rows_touched(db.execute(tried, execution_options={"synchronize_session": False})) == 0:
        return Refusal.LAPSED
    db.refresh(call)
    if _is_right(db, vault, call, answers, now):
        call.state, call.proved_at, call.lapses_at = CallState.PROVED, now, now + TO_TALK
        _trace(db, call, "prove", staff, now)
        look(db, staff=staff, client_id=call.client_id, what="call", reason=call.number, now=now)
        return call
    if call.tries >= limit:
        call.state = CallState.FAILED
        _trace(db, call, "fail", staff, now)
    return Refusal.NOT_THE_CALLER


def request(
    db: Session, call: ClientCall, *, key: str, value: str, why: str, staff: Person, now: datetime
) -> ClientChange | Refusal:
    """Ask for a change in the name of a proved caller; the client is told at once, and can object."""
    if not is_open(call, staff, now):
        return Refusal.LAPSED
    if key not in {each.key for each in changeable()}:
        return Refusal.NOT_BY_PHONE
    who = replace(staff, channel="phone")
    made = ask(db, who=who, client_id=call.client_id, key=key, value=value, why=why, now=now)
    if isinstance(made, ClientChange):
        letter = Letter(
            TOLD.topic, TOLD.title, TOLD.text, TOLD.weight, {"who": staff.name}, TOLD.page, {"number": made.number}
        )
        tell(db, call.client_id, letter, key=f"client_call:{made.number}", ref_type="client_change", ref_id=made.id,
             now=now)  # fmt: skip
        _trace(db, call, "request", staff, now, change=made.number)
    return made


def end(db: Session, call: ClientCall, *, staff: Person, now: datetime) -> None:
    """Close a call: its record is shut."""
    if _is_his(call, staff) and call.state in (CallState.OPEN, CallState.PROVED):
        call.state = CallState.ENDED
        _trace(db, call, "end", staff, now)


def is_open(call: ClientCall, staff: Person, now: datetime) -> bool:
    """Tell whether the record is open in this call: the caller is proved, time runs, and the call is this person's."""
    return call.state == CallState.PROVED and now < call.lapses_at and _is_his(call, staff)


def changeable() -> list[Indicator]:
    """List what can be asked for by telephone: nothing that needs a document, a declaration or a proof of its own."""
    return [each for each in indicators.every() if _is_changeable(each)]


def by_number(db: Session, number: str) -> ClientCall | None:
    """Give a call by its number, as an entity to change."""
    return db.scalar(select(ClientCall).where(ClientCall.number == number))


def calls_of(db: Session, staff_id: int, now: datetime) -> Sequence[Any]:
    """Give the calls that somebody took today, newest first; no hash among the columns."""
    columns = [column for column in ClientCall.__table__.c if column.name != "code_hash"]
    mine = (ClientCall.staff_id == staff_id, ClientCall.opened_at >= at(local_date(now)))
    return db.execute(select(*columns).where(*mine).order_by(ClientCall.id.desc()).limit(PAGE)).all()


def _is_changeable(each: Indicator) -> bool:
    plain = each.kind not in {"consent", "file"} and not each.needs_papers and not each.needs_word
    return plain and each.is_for_client and each.edit is not Edit.NO and each.key not in NOT_BY_PHONE


def _is_his(call: ClientCall, staff: Person) -> bool:
    return call.staff_id == staff.user_id


def _is_right(db: Session, vault: Vault, call: ClientCall, answers: Mapping[str, str], now: datetime) -> bool:
    if call.way == Way.CODE:
        given = "".join(answers.get("code", "").split())
        return hmac.compare_digest(call.code_hash or "", _hash(vault, call.client_id, given))
    return proofs.are_right(call.asked, answers, queries.held(db, call.client_id, local_date(now)))


def _trace(db: Session, call: ClientCall, verb: str, staff: Person, now: datetime, **more: str) -> None:
    db.flush()
    detail = {"client": call.client_id, "way": call.way, "asked": call.asked, **more}
    audit.record(db, actor=staff.actor, event=f"call.{verb}", object=f"call:{call.number}", detail=detail, now=now)


def _hash(vault: Vault, client_id: int, code: str) -> str:
    # Six digits are soon guessed from a bare hash: the installation's own key goes in.
    return hmac.new(vault.keys[vault.newest], f"call:{client_id}:{code}".encode(), hashlib.sha256).hexdigest()
