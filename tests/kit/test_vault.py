"""The vault: what it seals opens again in its own row alone; keys are made once and kept from others."""

import json
import os
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.exceptions import InvalidTag

from portal.kit.vault import Vault, add_key, open_vault


def test_what_is_sealed_opens_again(tmp_path) -> None:
    vault = open_vault(tmp_path)
    sealed = vault.seal(b"a seed", bound_to="totp:7")
    assert b"a seed" not in sealed.encode()
    assert vault.open(sealed, bound_to="totp:7") == b"a seed"
    assert open_vault(tmp_path).open(sealed, bound_to="totp:7") == b"a seed"


def test_the_same_text_is_never_sealed_alike(tmp_path) -> None:
    vault = open_vault(tmp_path)
    assert vault.seal(b"a seed", bound_to="x") != vault.seal(b"a seed", bound_to="x")


def test_in_another_row_or_changed_it_does_not_open(tmp_path) -> None:
    vault = open_vault(tmp_path)
    sealed = vault.seal(b"a seed", bound_to="totp:7")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for text, row in ((sealed, "totp:8"), (changed, "totp:7")):
        with pytest.raises(InvalidTag):
            vault.open(text, bound_to=row)


def test_after_a_change_of_keys_the_old_texts_still_open(tmp_path) -> None:
    old = open_vault(tmp_path)
    sealed = old.seal(b"a seed", bound_to="x")
    new = Vault({**old.keys, "k2": os.urandom(32)}, "k2")
    assert new.open(sealed, bound_to="x") == b"a seed"
    assert new.seal(b"a seed", bound_to="x").startswith("k2:")


def test_the_keys_are_for_their_owner_alone(tmp_path) -> None:
    open_vault(tmp_path / "home")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "home").iterdir()}
    assert modes == {"keys.json": 0o600, "index.key": 0o600}


def test_keys_that_are_there_are_never_made_anew(tmp_path) -> None:
    key = b64encode(b"k" * 32).decode()
    (tmp_path / "keys.json").write_text(json.dumps({"newest": "old", "keys": {"old": key}}))
    assert open_vault(tmp_path).keys == {"old": b"k" * 32}


def test_who_starts_together_has_the_same_keys(tmp_path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: open_vault(tmp_path / "home"), range(8)))
    assert len({vault.keys["k1"] for vault in vaults}) == 1


def test_a_newer_key_of_another_process_is_read_when_it_is_met(tmp_path):
    running = open_vault(tmp_path)
    assert add_key(tmp_path) == "k2"
    sealed = open_vault(tmp_path).seal(b"a seed", bound_to="x")
    assert sealed.startswith("k2:")
    assert running.open(sealed, bound_to="x") == b"a seed"


def test_a_blind_hash_says_nothing_without_its_key_and_differs_by_what_it_is_of(tmp_path):
    one, other = open_vault(tmp_path / "a"), open_vault(tmp_path / "b")
    assert one.blind("13800000001", of="mobile") == open_vault(tmp_path / "a").blind("13800000001", of="mobile")
    assert one.blind("13800000001", of="mobile") != other.blind("13800000001", of="mobile")
    assert one.blind("13800000001", of="mobile") != one.blind("13800000001", of="id_number")
