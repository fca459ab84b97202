"""An e-mail address holds when its link has been confirmed: once, within a day, by the client who asked."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clients
from portal.clients import emails
from portal.clients.rules import Refusal
from portal.kit import mail
from tests.clients.house import NOW, bring_other, furnish
from tests.clients.smtpd import mail_server
from tests.clients.test_pages import me, send  # noqa: F401
from tests.visitors import sign_in


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


def sent(database, server, now=NOW):
    def hand_on(to, subject, text):
        mail.send(server.url, to=to, subject=subject, text=text)

    return emails.send_next(database, hand_on, lambda token: f"https://portal.example{emails.PATH}{token}", now)


def token_of(letter):
    return re.search(rf"https://portal\.example{emails.PATH}(\S+)", letter.get_content())[1]


def begun(house, address="new@example.com", now=NOW):
    with house.database.writing() as db:
        made = emails.begin(db, client_id=house.client_id, address=address, now=now)
        return made if isinstance(made, Refusal) else made.id


def confirmed(house, token, client_id=None, now=NOW):
    with house.database.writing() as db:
        return emails.confirm(db, who=house.client, client_id=client_id or house.client_id, token=token, now=now)


def test_the_letter_goes_to_the_new_address_in_both_languages_and_only_once(database, server):
    begun(furnish(database))
    assert sent(database, server)
    assert not sent(database, server)
    (letter,) = server.letters
    assert (letter["To"], letter["From"]) == ("new@example.com", "no-reply@portal.example")
    assert "请在 24 小时内打开下面的链接" in letter.get_content()
    assert "Within 24 hours" in letter.get_content()


def test_a_link_works_once_within_a_day_and_for_its_own_client_alone(database, server):
    house = furnish(database)
    with database.writing() as db:
        other = bring_other(db)
    begun(house)
    sent(database, server)
    token = token_of(server.letters[0])
    assert confirmed(house, token, client_id=other) == Refusal.LAPSED
    assert confirmed(house, token + "x") == Refusal.LAPSED
    assert confirmed(house, token, now=NOW + timedelta(hours=24)) == Refusal.LAPSED
    with database.reading() as db:
        assert clients.fact(db, house.client_id, "email") is None
    assert confirmed(house, token) == "new@example.com"
    assert confirmed(house, token) == Refusal.LAPSED
    with database.reading() as db:
        assert clients.fact(db, house.client_id, "email") == "new@example.com"


def test_a_newer_address_makes_the_older_link_void(database, server):
    house = furnish(database)
    begun(house, "one@example.com")
    sent(database, server)
    begun(house, "two@example.com")
    sent(database, server)
    first, second = map(token_of, server.letters)
    assert confirmed(house, first) == Refusal.LAPSED
    assert confirmed(house, second) == "two@example.com"
    assert begun(house, "two@example.com") == Refusal.UNCHANGED


def test_a_server_that_refuses_is_tried_again_later_and_nothing_is_lost(database, server):
    house = furnish(database)
    begun(house)
    server.refuses = True
    assert sent(database, server)
    assert not sent(database, server)
    server.refuses = False
    assert sent(database, server, NOW + timedelta(seconds=10))
    assert len(server.letters) == 1


def test_a_fourth_link_within_twenty_minutes_is_not_sent(database):
    house = furnish(database)
    assert [isinstance(begun(house, f"{n}@example.com"), int) for n in range(3)] == [True] * 3
    assert begun(house, "4@example.com") == Refusal.TOO_MANY


def test_no_link_lies_open_in_the_database(database, server):
    begun(furnish(database))
    sent(database, server)
    with database.engine.connect() as raw:
        rows = str(raw.exec_driver_sql("SELECT * FROM client_email_proof").all())
    assert token_of(server.letters[0]) not in rows


def test_an_address_waits_for_its_link_over_the_pages(browser, app, database, me, clock, server):  # noqa: F811
    house = app.state.house
    app.state.house = replace(house, settings=replace(house.settings, smtp_url=server.url))
    asked = send(browser, "/me/information/email/change", value="ｎew@example.com")
    assert asked.headers["location"] == "/me/email"
    assert "new@example.com" in browser.get("/me/email").text
    sent(database, server, clock.at)
    link = emails.PATH + token_of(server.letters[0])
    assert "确认是我的邮箱" in browser.get(link).text
    with database.reading() as db:
        assert clients.fact(db, me, "email") is None  # opening is not confirming
    mine = browser.cookies["session"]
    with database.writing() as db:
        other = bring_other(db, now=clock.at)
    sign_in(browser, database, other, "郑旁观", clock.at)
    assert "new@example.com" not in browser.get(link).text
    assert send(browser, link, page="/me/consents").status_code == 422
    browser.cookies.set("session", mine)
    assert send(browser, link, page="/me/consents").headers["location"] == "/me/information/email"
    assert "n***@example.com" in browser.get("/me/information/email").text
