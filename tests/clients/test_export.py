"""The daily file of approved changes: whole, once, and never reopened."""

import csv
import hashlib
import json
from datetime import date, timedelta

from portal import clients
from portal.clients.changes import by_number
from tests.clients.house import NOW, furnish
from tests.clients.test_changes import NEW, approved, asked, verbs

DAY = date(2026, 11, 20)


def export(database, folder, day=DAY, now=NOW):
    with database.writing() as db:
        marked = 0 if clients.is_closed(folder, day) else clients.mark_approved(db, day, now)
    with database.reading() as db:
        return marked, [clients.write_day(db, folder, each) for each in clients.days_to_write(db, folder, day)]


def test_a_day_s_file_holds_what_was_approved_with_its_manifest_and_ready(database, tmp_path):
    house = furnish(database)
    number = approved(house)
    asked(house, "name", "王大满")  # still waits: not for the counter yet
    marked, (file,) = export(database, tmp_path)
    assert (marked, file.name) == (1, "changes-20261120.csv")
    (row,) = csv.DictReader(file.open())
    assert (row["change_no"], row["client_no"], row["key"], row["value"]) == (number, "10000001", "mobile", NEW)
    assert row["endorsed_by"] != row["approved_by"]
    manifest = json.loads((file.parent / "manifest.json").read_text())
    assert manifest["files"][file.name]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (file.parent / "READY").exists()
    assert file.stat().st_mode & 0o077 == 0
    assert verbs(house, number)[-1] == "export"


def test_a_closed_day_is_never_reopened_and_later_approvals_go_out_the_next_day(database, tmp_path):
    house = furnish(database)
    approved(house)
    _, (first,) = export(database, tmp_path)
    before = first.read_bytes()
    later = approved(house, key="name", value="王大满")
    assert export(database, tmp_path) == (0, [])
    marked, (second,) = export(database, tmp_path, DAY + timedelta(days=3), NOW + timedelta(days=3))
    assert (marked, first.read_bytes()) == (1, before)
    assert [row["change_no"] for row in csv.DictReader(second.open())] == [later]


def test_a_file_that_was_broken_off_is_written_from_its_marks(database, tmp_path):
    house = furnish(database)
    number = approved(house)
    with database.writing() as db:
        clients.mark_approved(db, DAY, NOW)
    _, files = export(database, tmp_path, DAY + timedelta(days=3))
    assert [file.name for file in files] == ["changes-20261120.csv", "changes-20261123.csv"]
    assert number in files[0].read_text()
    assert number not in files[1].read_text()
    with database.reading() as db:
        assert by_number(db, number).exported_on == DAY
