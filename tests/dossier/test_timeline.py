"""One client's days in one line: newest first, by kind, a page at a time, and no more than the viewer may see."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from portal import clients, dossier
from portal.dossier.timeline import MOMENTS, WAITING
from portal.kit import timeline
from portal.kit.timeline import Mark, newest, read_mark
from tests.clients.house import bring_other, furnish
from tests.visitors import sign_in_staff

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def house(database):
    made = furnish(database)
    with database.writing() as db:
        other = bring_other(db)
        for n in range(7):
            at = NOW + timedelta(minutes=n)
            clients.edit(db, who=made.client, client_id=made.client_id, key="employer", value=f"单位{n}", now=at)
            clients.consent(
                db, who=made.client, client_id=made.client_id, kind="consent_care", is_given=n % 2 == 0, now=at
            )
            clients.look(db, staff=made.handler, client_id=made.client_id, what="file", now=at)
        clients.consent(db, who=made.client, client_id=other, kind="consent_care", is_given=True, now=NOW)
    return made


def every(_: str) -> bool:
    return True


def test_the_pages_of_a_timeline_hold_every_moment_once_newest_first(database, house) -> None:
    with database.reading() as db:
        whole = newest(db, MOMENTS, house.client_id, limit=500)
        paged, before = [], None
        while True:
            rows = newest(db, MOMENTS, house.client_id, before=before, limit=4)
            paged += rows[:4]
            if len(rows) <= 4:
                break
            before = read_mark(str(timeline.mark_of(rows[3])))
    assert len(whole) >= 21
    assert [(row.at, row.name, row.key) for row in paged] == [(row.at, row.name, row.key) for row in whole]
    assert [row.at for row in whole] == sorted((row.at for row in whole), reverse=True)


def test_a_page_is_one_statement_however_many_rooms_it_joins(database, house) -> None:
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    with database.reading() as db:
        found = dossier.timeline_of(db, house.client_id, may=every)
    assert len(found.rows) >= 21
    assert len([each for each in asked if each.lstrip().startswith("SELECT")]) <= 2  # the line, and names of staff


def test_a_kind_keeps_the_others_out(database, house) -> None:
    with database.reading() as db:
        found = dossier.timeline_of(db, house.client_id, may=every, kinds=["consents"])
    assert {piece.kind for piece, _ in found.rows} == {"consents"}
    assert len(found.rows) == 7


def test_nothing_of_another_client_is_in_the_line(database, house) -> None:
    with database.reading() as db:
        other = clients.client_by_no(db, "10000002").id
        found = dossier.timeline_of(db, other, may=every)
    assert [(piece.name, row.what) for piece, row in found.rows] == [("consents", "given")]


def test_who_may_not_enter_a_room_is_told_nothing_of_it(database, house) -> None:
    def may(page: str) -> bool:
        return page != "clients.queue"

    with database.reading() as db:
        kinds = {piece.kind for piece, _ in dossier.timeline_of(db, house.client_id, may=may).rows}
    assert "looks" not in kinds
    assert "looks" not in dossier.kinds_for(may)
    assert "consents" in kinds


WRONG = ["", "x", "20261120T020000000000-looks-", "20261120T020000000000-looks-9" * 9, "1-2-3"]


@pytest.mark.parametrize("text", WRONG)
def test_a_mark_that_is_none_begins_at_the_newest(text: str) -> None:
    assert read_mark(text) is None


def test_a_mark_reads_back_as_it_was_written() -> None:
    mark = Mark(NOW, "looks", 12)
    assert read_mark(str(mark)) == mark


def test_every_piece_has_a_name_of_its_own_and_a_kind_with_words() -> None:
    for pieces in (MOMENTS, WAITING):
        assert len({each.name for each in pieces}) == len(pieces)
        assert {each.kind for each in pieces} <= dossier.words.KINDS.keys()


def test_a_desk_page_shows_the_line_by_kind_and_refuses_an_unknown_one(browser, database, house, clock) -> None:
    sign_in_staff(browser, database, "周经办", clock.at)
    text = browser.get("/desk/clients/10000001").text
    assert "发生过什么" in text
    assert "节日和生日问候 · 客户" not in text  # a consent says who gave it by no name of staff
    assert text.count("节日和生日问候") >= 7
    only = browser.get("/desk/clients/10000001?kind=looks").text
    assert "查看客户页" in only
    assert browser.get("/desk/clients/10000001?kind=nonsense&before=x").status_code == 200


def test_an_adviser_reads_no_rooms_that_are_closed_to_him(browser, database, house, clock) -> None:
    from portal import tiers

    me = sign_in_staff(browser, database, "沈投顾", clock.at)
    with database.writing() as db:
        tiers.appoint_adviser(db, user_id=me, branch_no="0101", direct_line="000-0000-0003", by="system", now=clock.at)
        tiers.assign_adviser(db, house.client_id, reason="waited", now=clock.at)
    text = browser.get("/desk/clients/10000001").text
    assert "沈投顾" in text
    assert "kind=looks" not in text
    assert "kind=voice" not in text
    assert "查看客户页" not in text
    assert "查看完整内容" not in text
