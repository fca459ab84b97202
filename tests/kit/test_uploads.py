"""Files lie sealed, belong to their sender until they are attached, and go when nobody needs them."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from portal.kit import uploads, vault
from portal.kit.papers import Fault, Judged, Kind
from portal.kit.uploads import Store

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PAPER = Judged(Kind.PDF, "声明.pdf", b"%PDF-1.7 the whole of it")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, vault.open_vault(tmp_path))


def kept(database, store, owner="client:1", now=NOW):
    with database.writing() as db:
        (token,) = uploads.keep(db, store, [PAPER], owner=owner, now=now)
        return token


def attach(database, token, owner="client:1", to="change:XX-1"):
    with database.writing() as db:
        return uploads.attach(db, [token], owner=owner, to=to, now=NOW)


def test_a_file_lies_sealed_for_its_owner_alone_and_opens_again(database, store):
    token = kept(database, store)
    place = store.place(token)
    assert b"the whole of it" not in place.read_bytes()
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    attach(database, token)
    with database.reading() as db:
        answer = uploads.answer(store, uploads.one(db, token, to="change:XX-1"))
    assert answer.content == PAPER.body
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_a_file_that_was_exchanged_for_another_does_not_open(database, store):
    one, other = kept(database, store), kept(database, store)
    store.place(one).write_bytes(store.place(other).read_bytes())
    attach(database, one)
    with database.reading() as db, pytest.raises(InvalidTag):
        uploads.answer(store, uploads.one(db, one, to="change:XX-1"))


def test_a_file_is_attached_once_and_only_by_its_sender(database, store):
    token = kept(database, store)
    assert attach(database, token, owner="client:2") == 0
    assert attach(database, token) == 1
    assert attach(database, token, to="change:XX-2") == 0
    with database.reading() as db:
        assert uploads.one(db, token, to="change:XX-2") is None
        assert [row.token for row in uploads.attached(db, "change:XX-1")] == [token]
        assert uploads.waiting(db, {f"kept_{token}": "1"}, owner="client:1") == []


def test_what_a_refused_form_kept_is_found_by_its_sender_alone(database, store):
    token = kept(database, store)
    with database.reading() as db:
        assert [row.name for row in uploads.waiting(db, {f"kept_{token}": "1"}, owner="client:1")] == ["声明.pdf"]
        assert uploads.waiting(db, {f"kept_{token}": "1"}, owner="client:2") == []
        assert uploads.waiting(db, {"kept_../../keys.json": "1"}, owner="client:1") == []


def test_after_thirty_files_in_a_day_a_sender_waits_for_tomorrow(database, store):
    with database.writing() as db:
        for _ in range(10):
            uploads.keep(db, store, [PAPER] * 3, owner="client:1", now=NOW)
        assert uploads.keep(db, store, [PAPER], owner="client:1", now=NOW) == Fault.ENOUGH_TODAY
        assert len(uploads.keep(db, store, [PAPER], owner="client:1", now=NOW + timedelta(days=1))) == 1


def test_what_nobody_attached_goes_and_so_do_files_without_a_row(database, store, tmp_path):
    left, used = kept(database, store), kept(database, store)
    attach(database, used)
    stray = store.place("0" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"written, but its transaction never came to an end")
    for file in (tmp_path / "uploads").glob("*/*"):
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    with database.writing() as db:
        assert uploads.sweep(db, tmp_path, NOW + timedelta(hours=23)) == 0
        assert uploads.sweep(db, tmp_path, NOW + timedelta(days=3)) == 2
    assert (store.place(used).exists(), store.place(left).exists(), stray.exists()) == (True, False, False)


@pytest.mark.parametrize("token", ["../../../keys", "0" * 31, "G" * 32, "0" * 32 + "/x"])
def test_no_path_can_be_told_to_the_store(store, token):
    with pytest.raises(ValueError, match="no token"):
        store.place(token)
