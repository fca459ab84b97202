"""Serve and work: the web server, the worker beside it, and in the demo the message centre on loopback."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from portal import settings
from portal.commands.data import prepare
from portal.commands.people import lay_demo, show_sign_ins
from portal.commands.shared import Mistake, opened, screen, settled
from portal.settings import ROOT, Settings

if TYPE_CHECKING:
    from litestar import Litestar

HOST = "127.0.0.1"
GRACE_SECONDS = 15
WATCH_SECONDS = 1


def application() -> "Litestar":
    """Build the application, for granian; the telephones exist only where the demo is laid."""
    from portal.app import create
    from portal.demo import is_laid, telephones
    from portal.kit import logs

    logs.set_up()
    read = settings.read()
    return create(read, extra_pages=telephones if is_laid(read.home) else ())


@click.command()
@click.option("--worker", "with_worker", is_flag=True, help="Run the worker beside the server, and end it too.")
@click.option("--demo", "with_demo", is_flag=True, help="Lay the demo brokerage on the first run, with its telephones.")
@click.option("--demo-days", type=click.IntRange(1), help="Lay only so many trading days of the demo, not a year.")
@settled
def serve(read: Settings, with_worker: bool, with_demo: bool, demo_days: int | None) -> None:
    """Migrate the database, then serve the portal on the loopback address until Ctrl-C or SIGTERM."""
    if _is_taken(read.port):
        raise Mistake(f"Port {read.port} is taken; end the other program or set PORTAL_PORT.")
    prepare(read)
    if with_demo:
        lay_demo(read, demo_days)
    with ExitStack() as stack:
        environment = _environment(read)
        if with_demo and not read.smpp_url:
            environment["PORTAL_SMPP"] = stack.enter_context(_message_centre(read))
        if with_worker:
            stack.enter_context(_beside("worker", environment))
        threading.Thread(target=_announce, args=(read, with_demo), daemon=True).start()
        _listen(read.port)
    screen.print("Ended.")


@click.command()
@click.option("--beside", type=int, hidden=True, help="End when this process has ended.")
@settled
def worker(read: Settings, beside: int | None) -> None:
    """Do the background work: jobs, messages, duties that come round; until Ctrl-C or SIGTERM."""
    from portal.worker import run

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if beside:
        threading.Thread(target=_watch, args=(lambda: os.getppid() == beside, stop.set), daemon=True).start()
    with opened(read) as database:
        run(read, database, stop)


def _listen(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels

    # Never loop "auto": it takes whatever is installed. One worker process: SQLite has one writer anyway.
    Granian(
        f"{__name__}:application", address=HOST, port=port, interface=Interfaces.ASGI, loop=Loops.uvloop, workers=1,
        factory=True, websockets=False, log_level=LogLevels.warning, workers_kill_timeout=GRACE_SECONDS,
    ).serve()  # fmt: skip


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def _environment(read: Settings) -> dict[str, str]:
    # Relative paths mean the same to a process that starts elsewhere, and `portal` is found without being installed.
    known = {"PORTAL_HOME": str(read.home), "PORTAL_DATABASE_URL": read.database_url}
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, **known, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


@contextmanager
def _message_centre(read: Settings) -> Iterator[str]:
    from portal.demo import Smsc, journal_in

    centre = Smsc(journal=journal_in(read.home))
    centre.start()
    try:
        yield centre.url
    finally:
        centre.stop()


@contextmanager
def _beside(command: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Run another command of ours beside this process; should it end by itself, this process ends too."""
    line = [sys.executable, "-m", "portal", command, "--beside", str(os.getpid())]
    # A session of its own: Ctrl-C reaches the server alone, which ends the others in order.
    child = subprocess.Popen(line, env=dict(environment), start_new_session=True)
    ending = threading.Event()

    def fell() -> None:
        if not ending.is_set():
            screen.print(f"The {command} has ended by itself (code {child.poll()}); ending the server too.")
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=_watch, args=(lambda: child.poll() is None, fell), daemon=True).start()
    try:
        yield
    finally:
        fallen = child.poll() is not None
        ending.set()
        _end(child)
        if fallen:
            raise SystemExit(1)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _watch(is_well: Callable[[], bool], otherwise: Callable[[], None]) -> None:
    while is_well():
        time.sleep(WATCH_SECONDS)
    otherwise()


def _announce(read: Settings, with_demo: bool) -> None:
    """Print the address once the first answer comes."""
    while not _answers(read.port):
        time.sleep(0.1)
    if with_demo:
        show_sign_ins()
    screen.print(f"\nServing on [bold]{read.origin}[/bold]  (Ctrl-C ends it)")


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), 5) as line:
            line.sendall(f"GET /signin HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            return line.recv(12).startswith(b"HTTP/")
    except OSError:
        return False
