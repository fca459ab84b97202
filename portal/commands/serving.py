"""Serve and work: the web server, the worker beside it, and in the demo the message centre on loopback."""

import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from portal import settings
from portal.commands.beside import GRACE_SECONDS, beside, beside_option, end_with, wait_until
from portal.commands.data import prepare
from portal.commands.people import lay_demo, show_sign_ins
from portal.commands.shared import Mistake, opened, screen, settled
from portal.settings import ROOT, Settings

if TYPE_CHECKING:
    from litestar import Litestar

HOST = "127.0.0.1"


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
            environment["PORTAL_SMPP"] = stack.enter_context(_message_centre(environment))
        if with_worker:
            stack.enter_context(beside("worker", environment))
        threading.Thread(target=_announce, args=(read, with_demo), daemon=True).start()
        _listen(read.port)
    screen.print("Ended.")


@click.command()
@beside_option
@settled
def worker(read: Settings, parent: int | None) -> None:
    """Do the background work: jobs, messages, duties that come round; until Ctrl-C or SIGTERM."""
    from portal.worker import run

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    end_with(parent, stop.set)
    with opened(read) as database:
        run(read, database, stop)


@click.command("message-centre", hidden=True)
@click.option("--port", type=int, required=True)
@beside_option
@settled
def message_centre(read: Settings, port: int, parent: int | None) -> None:
    """Stand in for the carrier in the demo, until it is told to stop."""
    from portal.demo import Smsc, journal_in

    # Its native threads outlive its server, and an interpreter that is finalised under them may abort; so it runs in
    # a process of its own and is ended by the signal itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Smsc(port, journal_in(read.home)).start()
    end_with(parent, lambda: os.kill(os.getpid(), signal.SIGTERM))
    while True:
        signal.pause()


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
def _message_centre(environment: Mapping[str, str]) -> Iterator[str]:
    from portal.demo import Smsc

    port = Smsc().port
    with beside("message-centre", environment, "--port", str(port)):
        wait_until(lambda: _is_taken(port))
        yield Smsc(port).url


def _announce(read: Settings, with_demo: bool) -> None:
    """Print the address once the first answer comes."""
    wait_until(lambda: _answers(read.port))
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
