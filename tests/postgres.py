"""A real PostgreSQL of the suite's own: unprivileged, in a temporary folder, without fsync, gone at the end."""

import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql*/bin", "/opt/homebrew/opt/postgresql*/bin")
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=200")
MISSING = "PostgreSQL is missing. Run: sudo apt-get install postgresql"


class Missing(Exception):
    """What the suite needs and does not find; the message is one line with the command to run."""


@dataclass(frozen=True)
class Server:
    """A running server, reached through the socket in its folder."""

    folder: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the server at once, and remove its folder."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def url(folder: Path | str, database: str) -> str:
    """Give the address of a database of the server in that folder."""
    return f"postgresql+psycopg://postgres@/{database}?host={folder}"


def binaries() -> Path:
    """Find the newest server's programs where systems keep them."""
    found = [place for place in _candidates() if (place / "initdb").exists() and (place / "postgres").exists()]
    if not found:
        raise Missing(MISSING)
    return max(found, key=_version)


def start() -> Server:
    """Lay a cluster in a temporary folder and start a server on it; takes about a second."""
    programs, owner = binaries(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    common = {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **identity}
    lay = [
        programs / "initdb",
        "-N",
        "-A",
        "trust",
        "-U",
        "postgres",
        "--no-locale",
        "-E",
        "UTF8",
        "-D",
        folder / "data",
    ]
    subprocess.run(lay, check=True, stdout=subprocess.DEVNULL, **common)
    options = [part for setting in (*QUICK, f"unix_socket_directories={folder}") for part in ("-c", setting)]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", *options],
        stdout=log,
        stderr=log,
        start_new_session=True,  # Ctrl-C is for the tests; they stop the server when they have ended
        preexec_fn=_end_with_parent,
        **common,
    )
    server = Server(folder, process)
    _wait(programs, server)
    return server


def _candidates() -> Iterator[Path]:
    for pattern in PLACES:
        yield from Path("/").glob(pattern[1:])
    for program in ("initdb", "postgres", "pg_config"):
        if found := shutil.which(program):
            yield Path(found).resolve().parent
    if config := shutil.which("pg_config"):
        yield Path(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip())


def _version(place: Path) -> tuple[int, ...]:
    told = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def _owner() -> pwd.struct_passwd | None:
    # PostgreSQL refuses to run as root.
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _end_with_parent() -> None:
    # A killed test run leaves no server behind: 1 is PR_SET_PDEATHSIG, and SIGINT is PostgreSQL's fast shutdown.
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(1, signal.SIGINT)


def _wait(programs: Path, server: Server) -> None:
    ready = [programs / "pg_isready", "-q", "-h", server.folder]
    for _ in range(300):
        if server.process.poll() is not None:
            break
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    said = (server.folder / "log").read_text(errors="replace")
    raise RuntimeError(f"PostgreSQL did not start: {said}")
