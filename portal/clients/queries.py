"""Reads of the client record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, true
from sqlalchemy.orm import Session

from portal.clients import indicators
from portal.clients.indicators import Completeness, Held
from portal.clients.models import Client, ClientConsent, ClientFact, ClientFactHistory, ClientView
from portal.clients.rules import REVEALS_A_DAY
from portal.identity import Visitor
from portal.kit.clock import at, local_date
from portal.kit.sealed import vault_of

LATEST = 100
AT_ONCE = 500  # clients whose whole record is read together


@dataclass(frozen=True, slots=True)
class Known(Held):
    """What is held under a key, with where it came from."""

    source: str


def client_by_no(db: Session, client_no: str) -> Row[*tuple[Any, ...]] | None:
    """Find a client by his number: all columns of Client."""
    return db.execute(select(*Client.__table__.c).where(Client.client_no == client_no)).first()


def client_by_id(db: Session, client_id: int) -> Row[*tuple[Any, ...]] | None:
    """Find a client by the portal's own id: all columns of Client."""
    return db.execute(select(*Client.__table__.c).where(Client.id == client_id)).first()


def ids_by_no(db: Session) -> dict[str, int]:
    """Give every client's id by his number."""
    return {row.client_no: row.id for row in db.execute(select(Client.client_no, Client.id))}


def fact(db: Session, client_id: int, key: str) -> str | None:
    """Give what we hold under an indicator's key, or None."""
    return db.scalar(select(ClientFact.value).where(ClientFact.client_id == client_id, ClientFact.key == key))


def mobile(db: Session, client_id: int) -> str | None:
    """Give the mobile number to which a client's SMS go, or None where the core holds none."""
    return fact(db, client_id, "mobile")


def lock(db: Session, client_id: int) -> None:
    """Let nobody else spend for this client until the transaction ends."""
    db.execute(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))


def names_of(db: Session, client_ids: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Give number, name and branch of many clients in one query."""
    found = select(Client.id, Client.client_no, Client.name, Client.branch_no).where(Client.id.in_(client_ids))
    return {row.id: row for row in db.execute(found)}


def branches_of(db: Session, rows: Iterable[Any]) -> dict[int | None, str]:
    """Give the branch of each client whom rows with a client_id name, in one query."""
    asked = {row.client_id for row in rows if row.client_id is not None}
    return {id: row.branch_no for id, row in names_of(db, asked).items()} if asked else {}


def has_id_number(db: Session, id_number: str) -> bool:
    """Tell whether one of our clients has this ID number."""
    return bool(who_has(db, "id_number", id_number))


def who_has(db: Session, key: str, value: str) -> list[int]:
    """Name the clients of whom this very value is held: a telephone or an ID number, found by its blind index."""
    here = (ClientFact.key == key, ClientFact.blind == vault_of(db).blind(value, of=key))
    return list(db.scalars(select(ClientFact.client_id).where(*here).order_by(ClientFact.client_id).limit(LATEST)))


def search(db: Session, wanted: str) -> list[Row[*tuple[Any, ...]]]:
    """Find clients by number, telephone, ID number or whole name, each by an index: id, client_no, name, branch_no."""
    found = select(Client.id, Client.client_no, Client.name, Client.branch_no)
    if not wanted.isascii():
        return list(db.execute(found.where(Client.name == wanted).order_by(Client.client_no).limit(LATEST)))
    wanted = "".join(wanted.split())  # as people write long numbers
    holders = [*who_has(db, "mobile", wanted), *who_has(db, "id_number", wanted.upper())]
    here = or_(Client.client_no == wanted, Client.id.in_(holders)) if holders else Client.client_no == wanted
    return list(db.execute(found.where(here).order_by(Client.client_no).limit(LATEST)))


def reaches(db: Session, staff: Visitor, client_id: int | None) -> bool:
    """Tell whether a member of staff may see a client: of his branch, where he belongs to one."""
    if staff.may_see_branch(None):
        return True
    return staff.may_see_branch(db.scalar(select(Client.branch_no).where(Client.id == client_id)))


def reach(staff: Visitor, client_id: Any) -> ColumnElement[bool]:
    """Give the condition that a column names a client whom a member of staff may see: for lists and their counts."""
    if staff.may_see_branch(None):
        return true()
    mine: ColumnElement[bool] = client_id.in_(select(Client.id).where(Client.branch_no == staff.branch_no))
    return mine


def within_reach(db: Session, staff: Visitor, rows: Iterable[Any]) -> list[Any]:
    """Keep of rows with a client_id those of the clients that a member of staff may see."""
    rows = list(rows)
    if staff.may_see_branch(None):
        return rows
    asked = {row.client_id for row in rows}
    mine = set(db.scalars(select(Client.id).where(Client.id.in_(asked), Client.branch_no == staff.branch_no)))
    return [row for row in rows if row.client_id in mine]


def held(db: Session, client_id: int, today: date) -> dict[str, Known]:
    """Give all that we hold of a client by key: the core's record, the facts, the consents. A lapsed level is none."""
    return held_of(db, [client_id], today).get(client_id, {})


def active_ids(db: Session) -> list[int]:
    """Name all who are clients still."""
    return list(db.scalars(select(Client.id).where(Client.status == "0").order_by(Client.id)))


def held_of(db: Session, client_ids: Collection[int], today: date) -> dict[int, dict[str, Known]]:
    """Give all that we hold of many clients by key, as `held` does of one: three statements, however many they are."""
    rows = db.execute(select(*Client.__table__.c).where(Client.id.in_(client_ids))).all()
    found = {row.id: _of_record(row, today) for row in rows}
    columns = (ClientFact.client_id, ClientFact.key, ClientFact.value, ClientFact.as_of, ClientFact.source)
    for row in db.execute(select(*columns).where(ClientFact.client_id.in_(found))):
        found[row.client_id][row.key] = Known(row.value, row.as_of, row.source)
    given = select(ClientConsent.client_id, ClientConsent.kind, ClientConsent.is_given, ClientConsent.at)
    for said in db.execute(given.where(ClientConsent.client_id.in_(found)).order_by(ClientConsent.id)):
        found[said.client_id][said.kind] = Known("1" if said.is_given else "0", local_date(said.at), "client")
    return found


def completeness_of(db: Session, client_ids: Collection[int], today: date) -> dict[int, Completeness]:
    """Make the scores of many clients, some at a time."""
    ids, scores = sorted(client_ids), {}
    for begin in range(0, len(ids), AT_ONCE):
        for client_id, known in held_of(db, ids[begin : begin + AT_ONCE], today).items():
            scores[client_id] = indicators.completeness(known, today, born_on(known))
    return scores


def completeness(db: Session, client_id: int, today: date) -> Completeness:
    """Make a client's own score."""
    known = held(db, client_id, today)
    return indicators.completeness(known, today, born_on(known))


def touched_since(db: Session, since: datetime) -> set[int]:
    """Name the clients of whom something was said or consented to since an instant."""
    said = select(ClientFactHistory.client_id).where(ClientFactHistory.at >= since)
    consented = select(ClientConsent.client_id).where(ClientConsent.at >= since)
    return set(db.scalars(said.union(consented)))


def changes_since(db: Session, keys: Collection[str], since: datetime) -> Sequence[Any]:
    """Give client_id, key, old, new and instant of every change of these indicators since an instant, oldest first."""
    history = ClientFactHistory
    found = select(history.client_id, history.key, history.old, history.new, history.at)
    return db.execute(found.where(history.key.in_(keys), history.at >= since).order_by(history.id)).all()


def born_on(known: Mapping[str, Held]) -> date | None:
    """Give the date of birth as the core holds it."""
    try:
        return date.fromisoformat(known["birth_date"].value) if "birth_date" in known else None
    except ValueError:
        return None


def history(db: Session, client_id: int, key: str) -> Sequence[Any]:
    """Give every change of an indicator, newest first."""
    here = (ClientFactHistory.client_id == client_id, ClientFactHistory.key == key)
    found = select(*ClientFactHistory.__table__.c).where(*here)
    return db.execute(found.order_by(ClientFactHistory.id.desc()).limit(LATEST)).all()


def channels(db: Session, client_id: int) -> dict[str, str]:
    """Say by which way in each value of a client's came: the core's by the system, others as the last word on them."""
    newest = select(func.max(ClientFactHistory.id)).where(ClientFactHistory.client_id == client_id)
    said = select(ClientFactHistory.key, ClientFactHistory.channel)
    newest = newest.group_by(ClientFactHistory.key)
    ways = {row.key: row.channel for row in db.execute(said.where(ClientFactHistory.id.in_(newest)))}
    core = select(ClientFact.key).where(ClientFact.client_id == client_id, ClientFact.source == "core")
    ways |= dict.fromkeys(db.scalars(core), "system")
    given = select(ClientConsent.kind, ClientConsent.channel).where(ClientConsent.client_id == client_id)
    return ways | {row.kind: row.channel for row in db.execute(given.order_by(ClientConsent.id))}


def consents(db: Session, client_id: int) -> dict[str, list[Any]]:
    """Give every consent that was given or withdrawn, by kind, newest first."""
    found: dict[str, list[Any]] = {}
    mine = select(*ClientConsent.__table__.c).where(ClientConsent.client_id == client_id)
    for row in db.execute(mine.order_by(ClientConsent.id.desc())):
        found.setdefault(row.kind, []).append(row)
    return found


def views(db: Session, client_id: int) -> Sequence[Any]:
    """Give who looked at a client's data, newest first."""
    mine = select(*ClientView.__table__.c).where(ClientView.client_id == client_id)
    return db.execute(mine.order_by(ClientView.at.desc(), ClientView.id.desc()).limit(LATEST)).all()


def reveals_on(db: Session, staff_id: int, now: datetime) -> int:
    """Count the values that somebody has looked at without their mask on this day."""
    mine = (ClientView.staff_id == staff_id, ClientView.what == "value", ClientView.at >= at(local_date(now)))
    return db.scalar(select(func.count()).where(*mine)) or 0


def alarms(db: Session, now: datetime) -> Sequence[Any]:
    """Name who has looked at too many unmasked values on this day, and how many."""
    today = (ClientView.what == "value", ClientView.at >= at(local_date(now)))
    count = func.count().label("count")
    found = select(ClientView.staff_name, count).where(*today).group_by(ClientView.staff_id, ClientView.staff_name)
    return db.execute(found.having(count > REVEALS_A_DAY).order_by(count.desc())).all()


def opened_between(db: Session, first: date, last: date) -> Sequence[Any]:
    """Give id, number, name, opening day, branch and level of the clients who came on these days and are so still."""
    columns = (
        Client.id, Client.client_no, Client.name, Client.opened_on, Client.branch_no, Client.risk_level,
        Client.risk_valid_to,
    )  # fmt: skip
    here = (Client.opened_on.between(first, last), Client.status == "0")
    return db.execute(select(*columns).where(*here).order_by(Client.id)).all()


def ids_after(db: Session, client_id: int, limit: int) -> Sequence[int]:
    """Name the next clients whose accounts are open, after this one by id: for what all of them are told."""
    here = (Client.id > client_id, Client.status == "0")
    return db.scalars(select(Client.id).where(*here).order_by(Client.id).limit(limit)).all()


def consenting(db: Session, kind: str) -> Sequence[Any]:
    """Give id and opening day of the clients whose last word on a consent is yes, and whose accounts are open."""
    last = select(func.max(ClientConsent.id)).where(ClientConsent.kind == kind).group_by(ClientConsent.client_id)
    found = select(Client.id, Client.opened_on).join(ClientConsent, ClientConsent.client_id == Client.id)
    found = found.where(ClientConsent.id.in_(last), ClientConsent.is_given, Client.status == "0")
    return db.execute(found.order_by(Client.id)).all()


def plain_facts(db: Session, client_ids: Collection[int], keys: Collection[str]) -> dict[int, dict[str, str]]:
    """Give what is held of many clients under some keys, in one query; keys that lie sealed are not for this."""
    here = (ClientFact.client_id.in_(client_ids), ClientFact.key.in_(keys))
    found: dict[int, dict[str, str]] = {}
    for row in db.execute(select(ClientFact.client_id, ClientFact.key, ClientFact.value).where(*here)):
        found.setdefault(row.client_id, {})[row.key] = row.value
    return found


def _of_record(client: Any, today: date) -> dict[str, Known]:
    told = {
        "name": client.name,
        "client_code": client.client_no,
        "branch": client.branch_no,
        "open_date": f"{client.opened_on:%Y%m%d}",
        "account_status": "normal" if client.status == "0" else "restricted",
    }
    if client.risk_level and client.risk_valid_to and client.risk_valid_to >= today:
        told |= {"risk_level": client.risk_level, "risk_level_valid_to": f"{client.risk_valid_to:%Y%m%d}"}
    return {key: Known(value, client.opened_on, "core") for key, value in told.items()}
