"""What a member has used of the club: counted where it happened, shown in one place, to nobody else."""

from dataclasses import replace
from datetime import timedelta

from portal import club, identity, library, points, tiers
from portal.club import queries as club_queries
from portal.home import ask_guests
from portal.home.benefits import Benefit, used
from portal.library import actions
from tests.library.house import RESEARCH
from tests.redemptions.house import NOW, furnish
from tests.redemptions.test_bundles import grant, talk
from tests.redemptions.test_suitability import assess
from tests.suitability.sheets import C3_SHEET
from tests.visitors import sign_in

DAY = timedelta(days=1)
EVENT = club.Plan(
    kind="lecture", title_zh="读年报", title_en="Reading accounts", aim_zh="学习", aim_en="To learn", place_zh="二楼",
    place_en="Second floor", starts_at=NOW + DAY, ends_at=NOW + DAY + timedelta(hours=2), capacity=2,
    members_only=False, min_tier="normal", min_level=None, branches=None, points=0,
)  # fmt: skip


def come(database, client_id: int) -> str:
    with database.writing() as db:
        number = club.plan(db, EVENT, actor="staff:1", now=NOW)
        event = club.event_by_number(db, number)
        club.register(db, event, client_id=client_id, actor="client", now=NOW)
        code = club_queries.registrations_of(db, client_id)[event.id].code
        club.check_in(db, event, code=code, actor="staff:1", now=NOW + DAY)
    return number


def write_note(database) -> str:
    with database.writing() as db:
        staff = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("林研究", "何审稿")]
        writer, reviewer = (library.Person(f"staff:{each.id}", each.name, each.id) for each in staff)
        text = replace(RESEARCH, title_zh="只给会员", risk_class="R1", horizon_months=0)
        number = actions.begin(db, library.Kind.NOTE, by=writer, text=text, now=NOW)
        draft = library.draft_of(db, library.by_number(db, number).id)
        actions.submit(db, draft, seen=1, by=writer, now=NOW)
        assert actions.publish(db, draft, seen=2, by=reviewer, now=NOW) == 1
    return number


def test_events_talks_and_notes_are_counted_once_each(browser, database, clock):
    house = furnish(database)
    with database.writing() as db:
        points.publish_rules(db, NOW)
        tiers.seed_terms(db, NOW)
        club.take_over(db, client_id=house.client_id, since=NOW.date(), now=NOW)
    event, talked = come(database, house.client_id), house.ask("account_talk")
    grant(house, talked, two=True)
    talk(house, talked, note="11 月 25 日，电话")
    note = write_note(database)
    clock.at = NOW
    sign_in(browser, database, house.client_id, "王小满", NOW)
    browser.get(f"/club/notes/{note}")
    assert "只给会员" not in browser.get("/club/benefits/2026").text  # its text does not suit who has no level
    assess(house, C3_SHEET, at=NOW - timedelta(minutes=20))
    for _ in range(2):
        assert browser.get(f"/club/notes/{note}").status_code == 200
    with database.reading() as db:
        uses = used(db, house.client_id, 2026)
    assert sorted(use.benefit for use in uses) == [Benefit.EVENT, Benefit.NOTE, Benefit.TALK]
    page = browser.get("/club/benefits/2026").text
    assert [number in page for number in (event, talked, "只给会员")] == [True] * 3
    for year in ("2025", "2027", "99"):
        assert browser.get(f"/club/benefits/{year}").status_code == 404


def test_who_is_no_member_has_no_page_of_benefits(browser, database, clock):
    house = furnish(database)
    clock.at = NOW
    sign_in(browser, database, house.client_id, "王小满", NOW)
    assert browser.get("/club/benefits/2026").status_code == 404


def test_guests_are_asked_after_the_event_is_over_and_once(database):
    house = furnish(database)
    with database.writing() as db:
        points.publish_rules(db, NOW)
    come(database, house.client_id)

    def ask(after: timedelta) -> int:
        with database.writing() as db:
            return ask_guests(db, NOW + after)

    assert [ask(DAY), ask(DAY + timedelta(hours=3)), ask(2 * DAY), ask(30 * DAY)] == [0, 1, 0, 0]
