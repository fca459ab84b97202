"""Two server processes on one database, and requests that reach them all in one moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests import keys

ROOT = Path(__file__).parents[2]
READY_WITHIN, ANSWERED_WITHIN, ENDED_WITHIN = 240, 120, 60  # seconds, on a machine that is busy with other tests
WORKERS = 2
SERVE = """
import sys
from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

Granian(
    "portal.commands.serving:application", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.ASGI,
    loop=Loops.uvloop, workers=int(sys.argv[2]), factory=True, websockets=False, log_level=LogLevels.warning,
).serve()
"""


@contextmanager
def served(url: str, home: Path) -> Iterator[int]:
    """Serve the portal in two processes on the loopback address; gives the port."""
    keys.lay(home)
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    own = {"PORTAL_HOME": str(home), "PORTAL_DATABASE_URL": url, "PORTAL_PORT": str(port)}
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port), str(WORKERS)],
            cwd=ROOT, env=kept | own, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, port, home)
        yield port
    finally:
        _end(process)


def request(
    port: int, method: str, path: str, *, cookies: Mapping[str, str], fields: Mapping[str, str] | None = None
) -> bytes:
    """Write a request as a browser sends it; its last byte is what a server waits for."""
    body = urlencode(fields or {}).encode()
    head = [
        f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Sec-Fetch-Site: same-origin", "Connection: close",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()),
    ]  # fmt: skip
    if method == "POST":
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def volley(port: int, requests: Sequence[bytes]) -> list[str]:
    """Send all but the last byte of each over its own socket, then let all go at once; gives the answers' heads."""
    lines = [socket.create_connection(("127.0.0.1", port), ANSWERED_WITHIN) for _ in requests]
    try:
        for line, each in zip(lines, requests, strict=True):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.sendall(each[:-1])
        for line, each in zip(lines, requests, strict=True):
            line.sendall(each[-1:])
        return [_head(line) for line in lines]
    finally:
        for line in lines:
            line.close()


def _head(line: socket.socket) -> str:
    with line.makefile("rb") as answer:
        return answer.read().partition(b"\r\n\r\n")[0].decode("latin-1")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            if volley(port, [request(port, "GET", "/signin", cookies={})])[0].startswith("HTTP/1.1 200"):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the portal does not serve: {(home / 'serve.log').read_text(errors='replace')[-3000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
