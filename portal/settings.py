"""Settings: the environment read once into one frozen object; an unknown or bad one is refused with a sentence."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).parents[1]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
KNOWN = {
    "PORTAL_PORT": "port the server listens on, on the loopback address (8000)",
    "PORTAL_HOME": "folder of the data: database, keys, demo (var/)",
    "PORTAL_DATABASE_URL": "database, sqlite:///… or postgresql+psycopg://… (SQLite in the home folder)",
    "PORTAL_ORIGIN": "address that browsers use (http://127.0.0.1 with the port)",
    "PORTAL_SMTP": "mail server, smtp://user:password@host:port/sender@address (none: e-mail addresses hold unproved)",
    "PORTAL_SMPP": "SMS gateway, smpp://system_id:password@host:port (none: messages wait)",
}


class BadSetting(ValueError):
    """A setting that the portal refuses to start with; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """How this portal is run."""

    port: int
    home: Path
    database_url: str
    origin: str
    smpp_url: str | None
    smtp_url: str | None = None

    @property
    def is_secure(self) -> bool:
        """Tell whether browsers reach us over https, so that cookies are Secure and carry the __Host- prefix."""
        return self.origin.startswith("https://")


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the PORTAL_ settings; raises BadSetting with a sentence."""
    unknown = sorted(name for name in environment if name.startswith("PORTAL_") and name not in KNOWN)
    if unknown:
        raise BadSetting(f"{unknown[0]} is not a setting of the portal; it knows {', '.join(KNOWN)}.")
    if environment.get("LITESTAR_DEBUG"):
        raise BadSetting("LITESTAR_DEBUG would show code and values to every visitor; take it out of the environment.")
    port = _port(environment.get("PORTAL_PORT", "8000"))
    home = Path(environment.get("PORTAL_HOME") or ROOT / "var").absolute()
    return Settings(
        port=port,
        home=home,
        database_url=_database(environment.get("PORTAL_DATABASE_URL") or f"sqlite:///{home / 'portal.sqlite'}"),
        origin=_origin(environment.get("PORTAL_ORIGIN") or f"http://127.0.0.1:{port}"),
        smpp_url=_smpp(environment.get("PORTAL_SMPP")),
        smtp_url=_smtp(environment.get("PORTAL_SMTP")),
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadSetting(f"PORTAL_PORT must be a whole number from 1 to 65535, not {text!r}.")
    return int(text)


def _database(url: str) -> str:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")) or _parts(url) is None:
        raise BadSetting("PORTAL_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    return url


def _origin(url: str) -> str:
    parts = _parts(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or _has_more(parts):
        raise BadSetting(f"PORTAL_ORIGIN must be an address like https://portal.example, not {url!r}.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise BadSetting("PORTAL_ORIGIN may be http only on this machine's loopback address; clients need https.")
    # As browsers write it in the Origin header: lower case, the scheme's own port left out.
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    own = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, own} else "")


def _smpp(url: str | None) -> str | None:
    if not url:
        return None
    parts = _parts(url)
    if parts is None or parts.scheme != "smpp" or not parts.hostname or not parts.port or not parts.username:
        raise BadSetting("PORTAL_SMPP must look like smpp://system_id:password@host:port.")
    return url


def _smtp(url: str | None) -> str | None:
    if not url:
        return None
    parts = _parts(url)
    sender = parts.path.lstrip("/") if parts else ""
    if (
        parts is None
        or parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or not parts.port
        or "@" not in sender
    ):
        raise BadSetting("PORTAL_SMTP must look like smtp://user:password@host:port/sender@address.")
    return url


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number shows itself only now
    except ValueError:
        return None
    return parts


def _has_more(parts: SplitResult) -> bool:
    return bool(parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password)
