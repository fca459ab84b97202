"""The keys of all test databases: whoever opens one, a test or an application, has the same."""

import base64
import json
from pathlib import Path
from typing import Any

from portal.clients.indicators import by_key
from portal.kit.sealed import Secret
from portal.kit.vault import Vault

KEY, INDEX = b"a key of thirty-two bytes, tests", b"an index key, also for tests all"
VAULT = Vault({"k1": KEY}, "k1", INDEX)


def fact(key: str, value: str) -> dict[str, Any]:
    """Give the columns of a client's fact that hold a value, as they are kept."""
    this = by_key()[key]
    return {
        "key": key,
        "value": Secret(value) if this.is_sealed else value,
        "blind": VAULT.blind(value, of=key) if this.is_found_by else None,
    }


def lay(home: Path) -> None:
    """Put the keys where an application looks for them."""
    home.mkdir(parents=True, exist_ok=True)
    held = {"newest": "k1", "keys": {"k1": base64.b64encode(KEY).decode()}}
    (home / "keys.json").write_text(json.dumps(held))
    (home / "index.key").write_text(base64.b64encode(INDEX).decode())
