"""Notes about a client: kept for ever, corrected by a new one; an internal one is nowhere that the client can reach."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import tiers
from portal.dossier import Audience, Refusal, notes
from portal.dossier.models import Note
from portal.inbox.models import InboxMessage
from portal.sms.models import SmsMessage
from tests.architecture.test_routes import LIST
from tests.clients.house import bring_other, furnish
from tests.visitors import post, sign_in, sign_in_staff

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SECRET, OPEN = "客户夫妻失和莫提配偶", "约好周三下午三点带证件来"
PAGE = "/desk/clients/10000001"
LOOKS = re.compile(r"[?&](lang|size|theme|updown)=")


@pytest.fixture
def house(database):
    return furnish(database)


def write(db, house, audience=Audience.INTERNAL, said=SECRET, key="k" * 16, now=NOW) -> int:
    return notes.write(db, who=house.handler, client_id=house.client_id, audience=audience, text=said, key=key, now=now)


def test_the_same_key_twice_is_one_note_and_one_audit_row(database, house) -> None:
    with database.writing() as db:
        assert write(db, house) == write(db, house)
        rows = db.execute(text("SELECT count(*) FROM audit_event WHERE event = 'client.note'"))
        assert rows.scalar() == 1


def test_a_correction_takes_the_place_of_the_old_text_and_both_stay(database, house) -> None:
    with database.writing() as db:
        note = notes.by_id(db, house.client_id, write(db, house, Audience.CLIENT, OPEN))
        made = notes.correct(db, note, who=house.handler, text="改到周四", key="c" * 16, now=NOW + timedelta(minutes=1))
        assert isinstance(made, int)
        assert [row.text for row in notes.notes_of(db, house.client_id)] == ["改到周四"]
        assert [row.audience for row in notes.notes_of(db, house.client_id)] == ["client"]
        assert db.scalars(select(Note.text).order_by(Note.id)).all() == [OPEN, "改到周四"]
        assert notes.by_id(db, house.client_id, note.id) is None
        again = notes.correct(db, note, who=house.handler, text="又改", key="d" * 16, now=NOW)
        assert again is Refusal.CORRECTED_ALREADY


def test_only_its_writer_corrects_a_note(database, house) -> None:
    with database.writing() as db:
        note = notes.by_id(db, house.client_id, write(db, house))
        assert notes.correct(db, note, who=house.reviewer, text="别的", key="c" * 16, now=NOW) is Refusal.NOT_YOURS


@pytest.mark.parametrize("change", ["UPDATE dossier_note SET text = 'x'", "DELETE FROM dossier_note"])
def test_the_database_itself_keeps_a_note(database, house, change: str) -> None:
    with database.writing() as db:
        write(db, house)
    with pytest.raises((DBAPIError, IntegrityError)), database.writing() as db:
        db.execute(text(change))


def test_staff_write_a_note_and_it_is_internal_unless_they_choose(browser, database, house, clock) -> None:
    sign_in_staff(browser, database, "周经办", clock.at)
    key = re.search(r'name="key" value="([\w-]+)"', browser.get(PAGE).text)[1]
    assert post(browser, PAGE, f"{PAGE}/notes", note=SECRET, key=key).status_code == 303
    assert SECRET in browser.get(PAGE).text
    with database.reading() as db:
        assert [row.audience for row in notes.notes_of(db, house.client_id)] == ["internal"]
    refused = post(browser, PAGE, f"{PAGE}/notes", note=" ", key="k" * 16)
    assert (refused.status_code, "请写下备注" in refused.text) == (422, True)
    kept = post(browser, PAGE, f"{PAGE}/notes", note="长" * 1001, key="k" * 16, audience="client")
    assert kept.status_code == 422
    assert "长" * 1001 in kept.text
    assert re.search(r'value="client" checked', kept.text)


def test_a_note_of_one_client_is_not_there_under_another(browser, database, house, clock) -> None:
    with database.writing() as db:
        bring_other(db)
        note = write(db, house)
    sign_in_staff(browser, database, "韩主管", clock.at)
    assert browser.get(f"{PAGE}/notes/{note}").status_code == 200
    assert browser.get(f"/desk/clients/10000002/notes/{note}").status_code == 404


def test_an_internal_note_is_nowhere_that_the_client_can_reach_and_an_open_one_is(
    browser, database, house, clock
) -> None:
    with database.writing() as db:
        tiers.seed_terms(db, NOW)
        note = notes.by_id(db, house.client_id, write(db, house))
        notes.correct(db, note, who=house.handler, text=f"{SECRET}（改）", key="c" * 16, now=NOW)
        write(db, house, Audience.CLIENT, OPEN, key="o" * 16)
    sign_in(browser, database, house.client_id, "王小满", clock.at)
    with database.writing() as db:
        db.execute(text("UPDATE identity_session SET aal = 2"))
    seen = crawl(browser)
    assert len(seen) > 40
    assert [path for path, told in seen.items() if SECRET in told] == []
    assert {path.split("?")[0] for path, told in seen.items() if OPEN in told} == {"/me/notes"}
    with database.reading() as db:
        told = [*db.scalars(select(SmsMessage.text)), *db.scalars(select(InboxMessage.text_zh))]
        told += db.scalars(select(InboxMessage.title_zh))
    assert any("备注" in each for each in told)  # he hears that there is one for him
    assert not any(SECRET in each or OPEN in each for each in told)


def crawl(browser) -> dict[str, str]:
    """Visit every address of the client's, from the list of routes and from the links on its pages; files too."""
    lines = (line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#"))
    waiting = [p for m, p, _, *g in lines if m == "GET" and "{" not in p and g[0] in ("client", "signed", "public")]
    seen: dict[str, str] = {}
    while waiting and len(seen) < 400:
        path = waiting.pop()
        if path in seen or path.startswith(("/demo", "/static")):
            continue
        answer = browser.get(path)
        assert answer.status_code < 500, path
        seen[path] = answer.content.decode(errors="replace") if answer.status_code == 200 else ""
        links = {unescape(each).split("#")[0] for each in re.findall(r'href="(/[^"]*)"', seen[path])}
        waiting += [each for each in sorted(links) if not LOOKS.search(each) and each not in seen]
    return seen
