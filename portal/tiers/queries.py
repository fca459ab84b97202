"""Which tier a client has, or had, on a day; the terms in force; a client's figures; who answers when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    and_,
    case,
    column,
    exists,
    extract,
    func,
    select,
    table,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from portal import clients
from portal.identity import Visitor
from portal.kit.i18n import later
from portal.kit.money import rounded
from portal.statements import Account, Batch, Trade
from portal.tiers import terms as terms_of
from portal.tiers.models import (
    ClientTierPeriod,
    TierAdviser,
    TierAdviserOf,
    TierAnswer,
    TierEvaluation,
    TierNotice,
    TierTerms,
    TierTermsDraft,
)
from portal.tiers.rules import Source, Tier, TierPeriod
from portal.tiers.terms import Figures, Month, Service, Terms

NAMES = {
    Tier.NORMAL: later("普通"),
    Tier.SILVER: later("银卡"),
    Tier.GOLD: later("金卡"),
    Tier.PLATINUM: later("白金卡"),
}
SOURCES = {
    Source.EVALUATION: later("月末评定"),
    Source.POINTS: later("用积分申请"),
    Source.TAKEN_OVER: later("原系统转入"),
    Source.STAFF: later("人工授予"),
}
PERIOD = (
    ClientTierPeriod.id,
    ClientTierPeriod.client_id,
    ClientTierPeriod.tier,
    ClientTierPeriod.valid_from,
    ClientTierPeriod.valid_to,
    ClientTierPeriod.basis,
    ClientTierPeriod.decided_by,
    ClientTierPeriod.reason,
    ClientTierPeriod.source,
)
EARNED = terms_of.EARNED
# What each account came to, day by day: the holdings room notes it at each load, in millionths of a yuan.
ASSET_DAY = table(
    "asset_day", *map(column, ("batch_id", "account_id")), column("on", Date), column("assets", BigInteger)
)


def current(db: Session, client_id: int, day: date) -> TierPeriod | None:
    """Give the period that counts on a day: of those that cover it the highest, of equals the longest."""
    rows = db.execute(select(*PERIOD).where(ClientTierPeriod.client_id == client_id, _covers(day)))
    found = [TierPeriod(*row) for row in rows]
    return max(found, key=lambda period: (Tier(period.tier).rank, period.valid_to)) if found else None


def tier_on(db: Session, client_id: int, day: date) -> str:
    """Give a client's tier on a day; normal when no period says otherwise."""
    return tiers_of(db, [client_id], day)[client_id]


def tiers_of(db: Session, client_ids: Collection[int], day: date) -> dict[int, str]:
    """Give the tier of each of many clients on a day, in one query: the highest of the periods that cover it."""
    found = select(ClientTierPeriod.client_id, ClientTierPeriod.tier)
    known = dict.fromkeys(client_ids, str(Tier.NORMAL))
    for row in db.execute(found.where(ClientTierPeriod.client_id.in_(client_ids), _covers(day))):
        known[row.client_id] = max(known[row.client_id], row.tier, key=lambda tier: Tier(tier).rank)
    return known


def promised_minutes(db: Session, tier: str, day: date) -> int:
    """Give the working minutes within which a client of the tier gets the first answer, as the day's terms promise."""
    return services_on(db, day).minutes[Tier(tier)]


def has_service(db: Session, tier: str, service: Service, day: date) -> bool:
    """Tell whether the day's terms give a tier a service, in whatever way."""
    return Tier(tier) in services_on(db, day).with_service(service)


def goes_first(db: Session, client_id: Any, day: date) -> ColumnElement[int]:
    """Give 0 for a client whom the day's terms let go first in every queue, 1 for any other: a queue's first order."""
    upper = ClientTierPeriod.tier.in_(services_on(db, day).with_service(Service.FIRST))
    is_first = exists().where(ClientTierPeriod.client_id == client_id, upper, _covers(day))
    return case((is_first, 0), else_=1)


def at_least(client_id: Any, tier: str, day: date) -> ColumnElement[bool]:
    """Tell in a query whether a client reaches a tier on a day."""
    if Tier(tier) is Tier.NORMAL:
        return client_id.is_not(None)  # type: ignore[no-any-return]
    enough = [each for each in Tier if each.rank >= Tier(tier).rank]
    return exists().where(ClientTierPeriod.client_id == client_id, ClientTierPeriod.tier.in_(enough), _covers(day))


def periods_of(db: Session, client_id: int) -> list[TierPeriod]:
    """Give all of a client's periods, the latest first."""
    found = select(*PERIOD).where(ClientTierPeriod.client_id == client_id)
    newest = (ClientTierPeriod.valid_from.desc(), ClientTierPeriod.id.desc())
    return [TierPeriod(*row) for row in db.execute(found.order_by(*newest))]


def overlapping(db: Session, client_id: int, tier: str, source: str, valid_from: date, valid_to: date) -> bool:
    """Tell whether the client has this tier from this source in these days already."""
    meets = and_(ClientTierPeriod.valid_from < valid_to, ClientTierPeriod.valid_to > valid_from)
    same = (ClientTierPeriod.client_id == client_id, ClientTierPeriod.tier == tier, ClientTierPeriod.source == source)
    return db.scalar(select(ClientTierPeriod.id).where(*same, meets).limit(1)) is not None


def terms_on(db: Session, day: date) -> Terms:
    """Give the terms in force on a day; raises LookupError before the first version."""
    found = select(TierTerms.id, TierTerms.valid_from, TierTerms.body).where(TierTerms.valid_from <= day)
    row = db.execute(found.order_by(TierTerms.valid_from.desc()).limit(1)).one_or_none()
    known = terms_of.read(row.body, id=row.id, valid_from=row.valid_from) if row else None
    if not isinstance(known, Terms):
        raise LookupError(f"no terms of tiers are in force on {day}")
    return known


def body_on(db: Session, day: date) -> Any:
    """Give the terms of a day as they were published, the house's table where they hold none."""
    found = select(TierTerms.body).where(TierTerms.valid_from <= day).order_by(TierTerms.valid_from.desc()).limit(1)
    table = {name: terms_of.HOUSE[name] for name in ("services", "minutes")}
    return {**table, **(db.scalar(found) or terms_of.HOUSE)}


def services_on(db: Session, day: date) -> Terms:
    """Give the terms of a day for what each tier gets; before the first version, the house's."""
    try:
        return terms_on(db, day)
    except LookupError:
        house = terms_of.read(terms_of.HOUSE, id=0, valid_from=day)
        assert isinstance(house, Terms)
        return house


def all_terms(db: Session) -> Sequence[Any]:
    """List the published terms, the latest first."""
    columns = (
        TierTerms.id, TierTerms.valid_from, TierTerms.body, TierTerms.author_name, TierTerms.approver_name,
        TierTerms.published_at, TierTerms.sha256,
    )  # fmt: skip
    return db.execute(select(*columns).order_by(TierTerms.valid_from.desc())).all()


def open_drafts(db: Session) -> Sequence[Any]:
    """List the terms that wait for a second person."""
    return db.execute(select(*TierTermsDraft.__table__.c).where(TierTermsDraft.state == "open")).all()


def figures_of(db: Session, client_ids: Collection[int], first: date, last: date) -> dict[int, Figures]:
    """Work out the figures of many clients in a window, month by month: two statements, however many they are."""
    assets = _assets_by_month(db, client_ids, first, last)
    fees = _commission_by_month(db, client_ids, first, last)
    months: dict[int, list[Month]] = {client_id: [] for client_id in client_ids}
    for key in sorted(assets.keys() | fees.keys()):
        client_id, year, month = key
        days, worth = assets.get(key, (0, 0))
        total = rounded(Decimal(worth).scaleb(-6))
        months[client_id].append(Month(date(year, month, 1), days, total, Decimal(fees.get(key, 0)).scaleb(-2)))
    return {client_id: Figures(first, last, found) for client_id, found in months.items()}


def batches_of(db: Session, first: date, last: date) -> str:
    """Name the batches that figures of a window are made of: another name after any correction."""
    mine = (Batch.is_current, Batch.kind == "feed", Batch.business_date.between(first, last))
    row = db.execute(
        select(func.count(), func.coalesce(func.max(Batch.id), 0), func.coalesce(func.sum(Batch.id), 0)).where(*mine)
    ).one()
    return ":".join(str(int(each)) for each in row)


def newest_day(db: Session) -> date | None:
    """Give the last business day that the feed has brought."""
    return db.scalar(select(func.max(Batch.business_date)).where(Batch.is_current, Batch.kind == "feed"))


def latest_evaluation(db: Session, client_id: int, month_end: date | None = None) -> Any:
    """Give the client's newest evaluation, of a month's end or of all."""
    own = [TierEvaluation.client_id == client_id] + ([TierEvaluation.month_end == month_end] if month_end else [])
    newest = (TierEvaluation.month_end.desc(), TierEvaluation.id.desc())
    return db.execute(select(*TierEvaluation.__table__.c).where(*own).order_by(*newest).limit(1)).one_or_none()


def notice_of(db: Session, client_id: int, today: date) -> Any:
    """Give the warning of a tier's end that still lies ahead, the nearest first."""
    ahead = (TierNotice.client_id == client_id, TierNotice.ends_on >= today)
    return db.execute(select(*TierNotice.__table__.c).where(*ahead).order_by(TierNotice.ends_on).limit(1)).one_or_none()


def promises_kept(db: Session, client_id: int, since: datetime, until: datetime | None = None) -> tuple[int, int]:
    """Count a client's first answers since an instant, and how many of them came in the promised time."""
    kept = func.coalesce(func.sum(case((TierAnswer.answered_at <= TierAnswer.promised_at, 1), else_=0)), 0)
    row = db.execute(
        select(func.count(), kept).where(
            TierAnswer.client_id == client_id,
            TierAnswer.answered_at >= since,
            TierAnswer.answered_at < until if until else true(),
        )
    ).one()
    return int(row[0]), int(row[1])


def adviser_of(db: Session, client_id: int) -> Any:
    """Give who looks after a client: adviser_id, direct_line, since; None where nobody does."""
    found = select(TierAdviserOf.adviser_id, TierAdviser.direct_line, TierAdviserOf.since).join(
        TierAdviser, TierAdviser.user_id == TierAdviserOf.adviser_id
    )
    mine = TierAdviserOf.client_id == client_id
    return db.execute(found.where(mine).order_by(TierAdviserOf.id.desc()).limit(1)).one_or_none()


def advisers_of(db: Session, client_ids: Collection[int]) -> dict[int, int]:
    """Give who looks after each of many clients; who has nobody is not in it."""
    newest = select(func.max(TierAdviserOf.id)).group_by(TierAdviserOf.client_id)
    rows = db.execute(select(TierAdviserOf.client_id, TierAdviserOf.adviser_id).where(TierAdviserOf.id.in_(newest)))
    wanted = set(client_ids)
    return {row.client_id: row.adviser_id for row in rows if row.client_id in wanted}


def clients_of(db: Session, adviser_id: int) -> list[int]:
    """List the clients whom a member of staff looks after now."""
    newest = select(func.max(TierAdviserOf.id)).group_by(TierAdviserOf.client_id)
    mine = (TierAdviserOf.id.in_(newest), TierAdviserOf.adviser_id == adviser_id)
    return list(db.scalars(select(TierAdviserOf.client_id).where(*mine).order_by(TierAdviserOf.client_id)))


def reach(staff: Visitor, client_id: Any) -> ColumnElement[bool]:
    """Give the condition of `clients.reach`, and for who is an adviser and nothing else: that the client is his."""
    seen = clients.reach(staff, client_id)
    if not staff.sees_own_clients_alone:
        return seen
    newest = select(func.max(TierAdviserOf.id)).group_by(TierAdviserOf.client_id)
    mine = (TierAdviserOf.id.in_(newest), TierAdviserOf.adviser_id == staff.user_id)
    return and_(seen, client_id.in_(select(TierAdviserOf.client_id).where(*mine)))


def reaches(db: Session, staff: Visitor, client_id: int) -> bool:
    """Tell whether a member of staff may see a client, as `reach` does of many."""
    own = not staff.sees_own_clients_alone or client_id in clients_of(db, staff.user_id)
    return own and clients.reaches(db, staff, client_id)


def service_number(db: Session, client_id: int) -> str:
    """Give the number that a client of the upper tiers dials to reach his own team."""
    client = clients.client_by_id(db, client_id)
    return f"8{client.client_no[-6:]}" if client else ""


def advisers(db: Session, branch_no: str | None = None) -> Sequence[Any]:
    """List the advisers with how many clients each has, the least loaded first: id, branch, line, load."""
    newest = select(func.max(TierAdviserOf.id)).group_by(TierAdviserOf.client_id)
    held = select(TierAdviserOf.adviser_id, func.count().label("load")).where(TierAdviserOf.id.in_(newest))
    loads = held.group_by(TierAdviserOf.adviser_id).subquery()
    load = func.coalesce(loads.c.load, 0).label("load")
    found = select(TierAdviser.user_id, TierAdviser.branch_no, TierAdviser.direct_line, load)
    found = found.outerjoin(loads, loads.c.adviser_id == TierAdviser.user_id).where(TierAdviser.is_active)
    if branch_no is not None:
        found = found.where(TierAdviser.branch_no == branch_no)
    return db.execute(found.order_by(load, TierAdviser.user_id)).all()


def counts_on(db: Session, day: date) -> dict[str, int]:
    """Count the clients of each upper tier on a day."""
    found = select(ClientTierPeriod.client_id, ClientTierPeriod.tier).where(_covers(day))
    highest: dict[int, str] = {}
    for row in db.execute(found):
        known = highest.get(row.client_id, Tier.NORMAL)
        highest[row.client_id] = max(known, row.tier, key=lambda tier: Tier(tier).rank)
    return {tier: sum(each == tier for each in highest.values()) for tier in EARNED}


def _covers(day: date) -> ColumnElement[bool]:
    return and_(ClientTierPeriod.valid_from <= day, ClientTierPeriod.valid_to > day)


def _by_month(
    wanted: Sequence[Any], columns: Any, on: Any, client_ids: Collection[int], first: date, last: date, source: Any
) -> Any:
    when = (extract("year", on), extract("month", on))
    found = select(Account.client_id, *when, *wanted).join_from(source, Account, Account.id == columns.account_id)
    found = found.join(Batch, Batch.id == columns.batch_id)
    mine = (Batch.is_current, Batch.kind == "feed", Account.client_id.in_(client_ids), on.between(first, last))
    return found.where(*mine).group_by(Account.client_id, *when)


def _assets_by_month(db: Session, ids: Collection[int], first: date, last: date) -> dict[Any, tuple[int, int]]:
    """Give days reported and the sum of what each day's accounts came to, in millionths of a yuan."""
    wanted = (func.count(ASSET_DAY.c.on.distinct()), func.sum(ASSET_DAY.c.assets))
    rows = db.execute(_by_month(wanted, ASSET_DAY.c, ASSET_DAY.c.on, ids, first, last, ASSET_DAY))
    return {_key(row): (int(row[3]), int(row[4])) for row in rows}


def _commission_by_month(db: Session, ids: Collection[int], first: date, last: date) -> dict[Any, int]:
    paid = func.sum(type_coerce(Trade.net_commission, BigInteger))
    rows = db.execute(_by_month((paid,), Trade, Trade.trade_on, ids, first, last, Trade))
    return {_key(row): int(row[3]) for row in rows}


def _key(row: Any) -> tuple[int, int, int]:
    return int(row[0]), int(row[1]), int(row[2])
