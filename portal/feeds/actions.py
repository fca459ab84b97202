"""Verbs that change what the feed has brought: load a day, let later days stand on a corrected one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import calendar, clients, holdings, points, suitability, tiers
from portal.feeds import booking, checks, crosschecks, manifest, queries
from portal.feeds.checks import Known, Row
from portal.feeds.manifest import Manifest, Table
from portal.feeds.models import FeedRebase
from portal.feeds.rules import Break, Outcome, Quarantined, Reason, State, refused
from portal.kit.db import Database
from portal.statements import Batch


def load_day(database: Database, folder: Path, now: datetime) -> Outcome:
    """Load one business day's folder, whole or not at all."""
    told = manifest.read_manifest(folder)
    if isinstance(told, Outcome):
        return told
    with database.reading() as db:
        settled = standing(db, told)
    tables = settled or manifest.read_tables(folder, told)
    if isinstance(tables, Outcome):
        return replace(tables, business_date=told.business_date)
    try:
        with database.writing() as db:
            return standing(db, told) or take(db, told, tables, now)
    except calendar.DayUnknown as unknown:  # no day on which this day's points become spendable
        return replace(refused(Reason.NO_CALENDAR, unknown=str(unknown)), business_date=told.business_date)


def standing(db: Session, told: Manifest) -> Outcome | None:
    """Say what settles a manifest before its files are read: it stands already, or it stands on no day of ours."""
    day = told.business_date
    loads = queries.batches_of(db, day)
    if any(load.manifest_sha256 == told.sha256 and load.is_current for load in loads):
        return Outcome(State.SKIPPED, Reason.ALREADY_LOADED, business_date=day)
    previous = queries.batch_before(db, day)
    expected = previous.manifest_sha256 if previous else ""
    if told.previous_sha256 != expected and not queries.may_stand_on(db, told.previous_sha256, expected):
        chain = {"expected": expected, "found": told.previous_sha256}
        return replace(refused(Reason.CHAIN_BROKEN, **chain), business_date=day)
    highest = max((load.sequence for load in loads if load.manifest_sha256 != told.sha256), default=0)
    if told.sequence <= highest:
        order = {"expected": highest + 1, "found": told.sequence}
        return replace(refused(Reason.OLDER_SEQUENCE, **order), business_date=day)
    return None


def take(db: Session, told: Manifest, tables: Mapping[str, Table], now: datetime) -> Outcome:
    """Book a day that is what its manifest promises, and publish it: its batch becomes the current one."""
    day, quarantined = _checked(db, told.business_date, tables)
    before = queries.before(db, told.business_date)
    batch_id = _publish(db, told, now)
    accounts = _book(db, batch_id, told.business_date, day, before, now)
    found = crosschecks.breaks(day, before)
    booking.book_quarantine(db, batch_id, quarantined, accounts)
    booking.book_breaks(db, batch_id, found, accounts)
    booking.book_account_days(db, batch_id, _faults(told.business_date, day, quarantined, found, accounts))
    touched = {accounts[row["account_no"]] for row in [*day["cash_balance"], *day["position"]]}
    holdings.note_day(db, touched, told.business_date, batch_id=batch_id)
    _earn(db, told.business_date, day["commission"], now)
    rows = sum(len(table.records) for table in tables.values())
    return Outcome(
        State.LOADED,
        business_date=told.business_date,
        rows=rows,
        batch_id=batch_id,
        quarantined=tuple(quarantined),
        breaks=tuple(found),
    )


def _checked(db: Session, on: date, tables: Mapping[str, Table]) -> tuple[dict[str, list[Row]], list[Quarantined]]:
    known = Known(
        on,
        set(clients.ids_by_no(db)),
        set(queries.account_ids(db)),
        queries.security_types(db),
    )
    apart = queries.cards_without_levies(db, on)
    day: dict[str, list[Row]] = {}
    quarantined: list[Quarantined] = []
    for file in checks.ORDER:
        day[file], bad = checks.checked(tables[file], known) if file in tables else ([], [])
        quarantined += bad
        if file == "rate_card":
            apart |= {row["card_no"]: row["includes_levies"] == "0" for row in day[file] if row["valid_from"] <= on}
        if file == "commission":
            known.levies_apart = {row["account_no"] for row in day[file] if apart.get(row["rate_card"])}
    return day, quarantined


def _publish(db: Session, told: Manifest, now: datetime) -> int:
    # A corrected day leaves the later ones without ground: they no longer stand until they are sent anew or rebased.
    fallen = (Batch.kind == "feed", Batch.is_current, Batch.business_date >= told.business_date)
    db.execute(update(Batch).where(*fallen).values(is_current=False))
    batch = Batch(
        kind="feed",
        business_date=told.business_date,
        sequence=told.sequence,
        manifest_sha256=told.sha256,
        previous_sha256=told.previous_sha256,
        is_current=True,
        loaded_at=now,
    )
    db.add(batch)
    db.flush()
    return batch.id


def _book(
    db: Session, batch_id: int, on: date, day: Mapping[str, list[Row]], before: crosschecks.Before, now: datetime
) -> dict[str, int]:
    people = [booking.renamed(row) for row in day["client"]]
    accounts = booking.book_accounts(db, day["account"], clients.take_over(db, people, day["client_info"], now=now))
    suitability.follow_counter(db, on, now)
    booking.book_securities(db, day["security"])
    for file in booking.TARGETS:
        booking.book(db, batch_id, on, file, day[file], accounts)
    cash, shares = crosschecks.opening_cash(day, before), crosschecks.opening_shares(day, before)
    booking.book_takeover(db, batch_id, on, cash, shares, accounts)
    return accounts


def _faults(
    on: date,
    day: Mapping[str, list[Row]],
    quarantined: list[Quarantined],
    found: list[Break],
    accounts: Mapping[str, int],
) -> dict[tuple[int, date], int]:
    count = Counter(row.account_no for row in quarantined if row.account_no)
    count.update(one.account_no for one in found)
    reported = {row["account_no"] for row in [*day["cash_balance"], *day["position"]]}
    return {(accounts[account_no], on): count[account_no] for account_no in sorted(reported | count.keys())}


def _earn(db: Session, on: date, commissions: list[Row], now: datetime) -> None:
    owners = queries.owners(db)
    earning = [row for row in commissions if row["net_commission"] > 0]
    held = tiers.tiers_of(db, {owners[row["account_no"]] for row in earning}, on)
    for row in earning:
        client_id = owners[row["account_no"]]
        points.earn_commission(
            db,
            client_id=client_id,
            account_no=row["account_no"],
            trade_on=on,
            net_commission=row["net_commission"],
            tier=held[client_id],
            now=now,
        )


def ask_rebase(
    db: Session, from_sha256: str, onto_sha256: str, *, reason: str, staff_id: int, now: datetime
) -> FeedRebase:
    """Ask that the days made upon one manifest may stand upon its correction; a second person has to approve."""
    asked = FeedRebase(from_sha256=from_sha256, onto_sha256=onto_sha256, reason=reason, asked_by=staff_id, asked_at=now)
    db.add(asked)
    db.flush()
    return asked


def approve_rebase(db: Session, rebase_id: int, *, staff_id: int, now: datetime) -> bool:
    """Approve a rebase; False when it is the asker's own, or already approved."""
    open_ = (FeedRebase.id == rebase_id, FeedRebase.approved_by.is_(None), FeedRebase.asked_by != staff_id)
    approved = db.execute(update(FeedRebase).where(*open_).values(approved_by=staff_id, approved_at=now))
    return bool(approved.rowcount)  # type: ignore[attr-defined]
