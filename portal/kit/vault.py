"""Encryption of the few fields that must be read back: AES-GCM, a key id on every ciphertext, the row bound in."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True)
class Vault:
    """The keys of this installation, by id; the newest one encrypts."""

    keys: dict[str, bytes]
    newest: str
    index_key: bytes = b""
    file: Path | None = None

    def seal(self, plain: bytes, *, bound_to: str) -> str:
        """Encrypt bytes and bind them to a row: elsewhere they will not open."""
        nonce = os.urandom(12)
        sealed = AESGCM(self.keys[self.newest]).encrypt(nonce, plain, bound_to.encode())
        return f"{self.newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, bound_to: str) -> bytes:
        """Decrypt what `seal` gave; raises InvalidTag when the text or its row was changed."""
        key_id, _, text = sealed.partition(":")
        raw = base64.b64decode(text)
        if key_id not in self.keys and self.file:  # another process has made a newer key meanwhile
            self.keys.update(_keys(json.loads(self.file.read_text())))
        return AESGCM(self.keys[key_id]).decrypt(raw[:12], raw[12:], bound_to.encode())

    def blind(self, text: str, *, of: str) -> str:
        """Give the hash by which a sealed text is found: keyed, so that nobody else can make it from a guess."""
        if not self.index_key:
            raise RuntimeError("these keys have no index key")
        return hmac.new(self.index_key, f"{of}:{text}".encode(), hashlib.sha256).hexdigest()


def open_vault(home: Path) -> Vault:
    """Read the keys of the home folder, or make the first ones; only the owner may read the files."""
    file, index = home / "keys.json", home / "index.key"
    home.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        _write_once(file, json.dumps({"newest": "k1", "keys": {"k1": _new_key()}}))
    if not index.exists():
        _write_once(index, _new_key())
    held = json.loads(file.read_text())
    return Vault(_keys(held), held["newest"], base64.b64decode(index.read_text()), file)


def add_key(home: Path) -> str:
    """Make a new key that seals from now on; the old ones stay, so that backups open. Gives its id; no two at once."""
    file = home / "keys.json"
    held = json.loads(file.read_text())
    name = f"k{max(int(each.lstrip('k')) for each in held['keys'] if each.lstrip('k').isdigit()) + 1}"
    _replace(file, {"newest": name, "keys": {**held["keys"], name: _new_key()}})
    return name


def _keys(held: Any) -> dict[str, bytes]:
    return {name: base64.b64decode(key) for name, key in held["keys"].items()}


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _replace(file: Path, held: Any) -> None:
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(held))
    draft.replace(file)


def _write_once(file: Path, text: str) -> None:
    # Two processes may start together: the first one's key must win, and never be half written.
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
