"""Lay the demo brokerage with the rooms' own verbs; what is laid stays, what was broken off is taken up again."""

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from portal import calendar, clients, feeds, points, products, suitability, tiers
from portal.demo import club_days, library_days
from portal.demo.assessments import lay_assessments
from portal.demo.cast import CLIENTS, Client
from portal.demo.feed_days import deliveries, write_days
from portal.demo.noting import lay_notes
from portal.demo.people import CAST, admit
from portal.demo.records import lay_records
from portal.demo.staffing_days import lay_staffing
from portal.demo.visits import lay_visits
from portal.demo.voices import lay_voices
from portal.demo.wishes import lay_wishes
from portal.kit.clock import at, day_after, local_date
from portal.kit.db import Database
from portal.kit.vault import open_vault

SEED = 20
YEAR = timedelta(days=365)
SETTLING_DAYS = 2  # points earned on a day are counted to T+2: the calendar must know these days too
Tell = Callable[[str, int, int], None]


class NotADemo(Exception):
    """The database holds clients who are not of the cast: nothing is laid over them."""


def is_laid(home: Path) -> bool:
    """Tell whether the demo was laid in this home folder."""
    return _marker(home).exists()


def lay(database: Database, home: Path, now: datetime, tell: Tell = lambda *_: None, days: int | None = None) -> bool:
    """Lay the demo; False when it lies there already. `tell` hears of each step: what, how far, of how many.

    A year of trading days unless only so many `days` are asked for. Raises NotADemo over anybody else's data.
    """
    with database.reading() as db:
        known = clients.ids_by_no(db).keys()
    if strangers := known - {client.client_no for client in CLIENTS}:
        raise NotADemo(f"{len(strangers)} clients of the database are not of the demo")
    if is_laid(home) and known:
        return False
    if not known:
        shutil.rmtree(home / "demo", ignore_errors=True)  # what an earlier database's demo has left
    (home / "demo").mkdir(parents=True, exist_ok=True)
    _publish(database, now)
    _load(database, _written(database, home, now, days), now, tell)
    _activate(database, now)
    lay_assessments(database, now)
    _admit_all(database, home, now, tell)
    _tell(database, now)
    club_days.lay(database, now)
    library_days.lay(database, now)
    lay_records(database, home, now)
    lay_visits(database, open_vault(home), now)
    lay_voices(database, now)
    lay_notes(database, now)
    lay_wishes(database, now)
    lay_staffing(database, now)
    _marker(home).write_text(json.dumps({"laid_at": now.isoformat(), "seed": SEED}))
    return True


def trading_days(db: Session, today: date, count: int | None = None) -> tuple[list[date], list[date]]:
    """Give the demo's days, the last year or so many days before today that the calendar knows, and the next two."""
    days = calendar.load(db).days
    known = sorted(day for day, flags in days.items() if flags.is_trading and flags.confirmed)
    past = [day for day in known[:-SETTLING_DAYS] if day < today]
    past = past[-count:] if count else [day for day in past if day > past[-1] - YEAR]
    return past, [day for day in known if day > past[-1]][:SETTLING_DAYS]


def _tell(database: Database, now: datetime) -> None:
    """Tell the cast what has changed at their sign-ins, as the worker would have done."""
    with database.writing() as db:
        clients.send_notices(db, now)


def _marker(home: Path) -> Path:
    return home / "demo" / "laid.json"


def _publish(database: Database, now: datetime) -> None:
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, now)
        products.seed_catalogue(db, now)
        suitability.seed_questionnaire(db, now)
        tiers.seed_terms(db, now)


def _written(database: Database, home: Path, now: datetime, count: int | None) -> list[Path]:
    """Write the feed days once: a laying that was broken off goes on with the same ones."""
    folder = home / "demo" / "feed"
    if not folder.exists():
        with database.reading() as db:
            days, following = trading_days(db, local_date(now), count)
        draft = folder.with_name("feed.draft")
        write_days(draft, days, SEED, following)
        draft.rename(folder)
    return deliveries(folder)


def _load(database: Database, folders: list[Path], now: datetime, tell: Tell) -> None:
    for number, folder in enumerate(folders):
        outcome = feeds.load_day(database, folder, now)
        # OLDER_SEQUENCE: a laying that is taken up again meets the day that the counter has corrected since.
        if outcome.state is feeds.State.REFUSED and outcome.reason is not feeds.Reason.OLDER_SEQUENCE:
            raise ValueError(f"{folder.name} was refused: {outcome}")
        if number == 0:  # the clients are known now, and nobody has earned a point yet
            with database.writing() as db:
                _stand(db, clients.ids_by_no(db), date.fromisoformat(folder.name), now)
        tell("交易日 / trading days", number + 1, len(folders))


def _stand(db: Session, ids: Mapping[str, int], first: date, now: datetime) -> None:
    """Give the clients their tiers and the points that they bring from the old system."""
    for client in CLIENTS:
        if client.tier != "normal":
            tiers.grant(
                db, client_id=ids[client.client_no], tier=client.tier, valid_from=date(first.year, 1, 1),
                valid_to=date(local_date(now).year + 1, 1, 1), basis={"source": "demo"}, decided_by="system",
                reason="demo", source=tiers.Source.TAKEN_OVER, now=now,
            )  # fmt: skip
        if client.points_brought:
            _bring_points(db, client, ids[client.client_no], first, now)


def _bring_points(db: Session, client: Client, client_id: int, first: date, now: datetime) -> None:
    # A quarter lapses at the end of this year, so that the page has something to say about it.
    soon, year = client.points_brought // 4, local_date(now).year
    for until, amount in ((year, soon), (year + 1, client.points_brought - soon)):
        points.earn(
            db, client_id=client_id, points=amount, kind="opening_balance", key=f"opening:{client.client_no}:{until}",
            expires_at=day_after(date(until, 12, 31)), explain={"source": "demo", "taken_over_on": first.isoformat()},
            earned_at=at(first), now=now,
        )  # fmt: skip


def _activate(database: Database, now: datetime) -> None:
    """Activate what is due, as the worker would have done on each day: the ledger shows it from the first page on."""
    handled = 1
    while handled:
        with database.writing() as db:
            handled = points.activate_due(db, now)


def _admit_all(database: Database, home: Path, now: datetime, tell: Tell) -> None:
    vault = open_vault(home)
    for number, person in enumerate(CAST, 1):
        admit(database, vault, home, person, now)
        tell("登录 / sign-ins", number, len(CAST))
