"""Encryption of the few fields that must be read back: AES-GCM, a key id on every ciphertext, the row bound in."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass(frozen=True)
class Vault:
    """The keys of this installation, by id; the newest one encrypts."""

    keys: dict[str, bytes]
    newest: str

    def seal(self, plain: bytes, *, bound_to: str) -> str:
        """Encrypt bytes and bind them to a row: elsewhere they will not open."""
        nonce = os.urandom(12)
        sealed = AESGCM(self.keys[self.newest]).encrypt(nonce, plain, bound_to.encode())
        return f"{self.newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, bound_to: str) -> bytes:
        """Decrypt what `seal` gave; raises InvalidTag when the text or its row was changed."""
        key_id, _, text = sealed.partition(":")
        raw = base64.b64decode(text)
        return AESGCM(self.keys[key_id]).decrypt(raw[:12], raw[12:], bound_to.encode())


def open_vault(home: Path) -> Vault:
    """Read the keys of the home folder, or make the first one; only the owner may read the file."""
    file = home / "keys.json"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        first = {"newest": "k1", "keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()}}
        _write_once(file, json.dumps(first))
    held = json.loads(file.read_text())
    return Vault({name: base64.b64decode(key) for name, key in held["keys"].items()}, held["newest"])


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
