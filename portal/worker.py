"""The worker: due jobs, duties that come round, and messages; ends cleanly when it is told to stop."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from portal import clients, rooms, sms
from portal.kit import clock, jobs, logs, mail, uploads
from portal.kit.db import Database
from portal.kit.jobs import Handler, Periodic
from portal.settings import Settings
from portal.sms import Follower, Gateway, Report, SmppGateway

POLL_SECONDS = 0.5
LOOK_AROUND = timedelta(seconds=30)
SWEEP_EVERY = timedelta(hours=1)
log = structlog.get_logger()


def run(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Do all the rooms' background work until `stop` is set."""
    logs.set_up()
    sweep = Periodic("uploads.sweep", SWEEP_EVERY, lambda db, now: uploads.sweep(db, settings.home, now))
    every = [*rooms.DUTIES, sweep]
    mailer = threading.Thread(target=_mail_all, args=(settings, database, stop), name="mailer")
    mailer.start()
    work(database, settings.smpp_url, jobs=rooms.JOBS, every=every, followers=rooms.FOLLOWERS, stop=stop)
    mailer.join()


def work(
    database: Database,
    smpp_url: str | None,
    *,
    jobs: Mapping[str, Handler],
    every: Sequence[Periodic],
    followers: Sequence[Follower],
    stop: threading.Event,
) -> None:
    """Do this background work until `stop` is set; a slow gateway never holds up the jobs."""
    log.info("worker.started", jobs=sorted(jobs), duties=[duty.name for duty in every], gateway=bool(smpp_url))
    gateway = SmppGateway(smpp_url, lambda report: _keep(database, report)) if smpp_url else None
    sender = threading.Thread(target=_send_all, args=(database, gateway, followers, stop), name="sender")
    sender.start()
    round_ = Round(every)
    while not stop.is_set():
        _guarded("jobs", lambda: _do_jobs(database, jobs))
        round_.go(database, clock.now())
        stop.wait(POLL_SECONDS)
    sender.join()
    log.info("worker.ended")


class Round:
    """Knows when each duty comes round again."""

    def __init__(self, every: Sequence[Periodic]) -> None:
        """Begin with every duty due."""
        self._every = every
        self._next: dict[str, datetime] = {}

    def go(self, database: Database, now: datetime) -> None:
        """Do each duty whose time has come, in a transaction of its own."""
        for duty in self._every:
            if self._next.get(duty.name, now) <= now:
                self._next[duty.name] = now + duty.every
                _guarded(duty.name, lambda duty=duty: _do(database, duty, now))  # type: ignore[misc]


def _do(database: Database, duty: Periodic, now: datetime) -> None:
    with database.writing() as db:
        duty.duty(db, now)


def _do_jobs(database: Database, handlers: Mapping[str, Handler]) -> None:
    jobs.work(database, handlers, clock.now())


def _send_all(
    database: Database, gateway: SmppGateway | None, followers: Sequence[Follower], stop: threading.Event
) -> None:
    if gateway is None:
        return
    gateway.start()
    round_ = Round(
        [
            Periodic("sms.apply_reports", timedelta(0), lambda db, now: sms.apply_reports(db, followers, now)),
            Periodic("sms.park_deserted", LOOK_AROUND, lambda db, now: sms.park_deserted(db, followers, now)),
            Periodic("sms.expire_silent", LOOK_AROUND, lambda db, now: sms.expire_silent(db, followers, now)),
        ]
    )
    while not stop.is_set():
        _guarded("sms.send", lambda: _send_due(database, gateway, followers, stop))
        round_.go(database, clock.now())
        stop.wait(POLL_SECONDS)
    gateway.stop()


def _mail_all(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Send links to e-mail addresses, where there is a server; a slow one holds up nothing else."""
    url = settings.smtp_url
    if url is None:
        return

    def send(to: str, subject: str, text: str) -> None:
        mail.send(url, to=to, subject=subject, text=text)

    def link_to(token: str) -> str:
        return f"{settings.origin}{clients.EMAIL_PATH}{token}"

    while not stop.is_set():
        _guarded("mail", lambda: clients.send_next_link(database, send, link_to, clock.now()))
        stop.wait(POLL_SECONDS)


def _send_due(database: Database, gateway: Gateway, followers: Sequence[Follower], stop: threading.Event) -> None:
    while not stop.is_set() and sms.send_next(database, gateway, followers, clock.now()):
        pass


def _keep(database: Database, report: Report) -> None:
    with database.writing() as db:
        sms.keep_report(db, report, clock.now())


def _guarded(name: str, step: Callable[[], object]) -> None:
    try:
        step()
    except Exception as problem:  # noqa: BLE001 a fault of one round, such as a database that restarts, is not the end
        log.error("worker.step_failed", step=name, problem=type(problem).__name__)
