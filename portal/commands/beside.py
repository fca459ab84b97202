"""Processes beside the server: started with it, ended with it, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import click

from portal.commands.shared import screen

GRACE_SECONDS = 15
WATCH_SECONDS = 1
beside_option = click.option("--beside", "parent", type=int, hidden=True, help="End when this process has ended.")


@contextmanager
def beside(command: str, environment: Mapping[str, str], *words: str) -> Iterator[None]:
    """Run another command of ours beside this process; should it end by itself, this process ends too."""
    line = [sys.executable, "-m", "portal", command, "--beside", str(os.getpid()), *words]
    # A session of its own: Ctrl-C reaches the server alone, which ends the others in order.
    child = subprocess.Popen(line, env=dict(environment), start_new_session=True)
    ending = threading.Event()

    def fell() -> None:
        if not ending.is_set():
            screen.print(f"The {command} has ended by itself (code {child.poll()}); ending the server too.")
            os.kill(os.getpid(), signal.SIGTERM)

    _watch(lambda: child.poll() is None, fell)
    try:
        yield
    finally:
        fallen = child.poll() is not None
        ending.set()
        _end(child)
        if fallen:
            raise SystemExit(1)


def end_with(parent: int | None, end: Callable[[], object]) -> None:
    """End this process when the one that it runs beside has ended."""
    if parent:
        _watch(lambda: os.getppid() == parent, end)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return once something is so."""
    while not is_so():
        time.sleep(0.1)


def _watch(is_well: Callable[[], bool], otherwise: Callable[[], object]) -> None:
    def watch() -> None:
        while is_well():
            time.sleep(WATCH_SECONDS)
        otherwise()

    threading.Thread(target=watch, daemon=True).start()


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
