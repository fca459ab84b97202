"""The desk's page of the catalogue: what is off, who proposes, and that compliance alone turns it."""

import re

from sqlalchemy import update

from portal import products
from portal.kit.db import Base
from tests.visitors import post, sign_in, sign_in_staff

PAGE, CODE = "/desk/catalogue", "commission_year"


def of_compliance(browser, database, clock):
    who = sign_in_staff(browser, database, "郑合规", clock.at)
    users = Base.metadata.tables["identity_user"]
    with database.writing() as db:
        db.execute(update(users).where(users.c.id == who).values(roles=["compliance"]))


def test_a_handler_proposes_compliance_turns_on_and_the_page_says_who(browser, database, clock):
    with database.writing() as db:
        products.seed_catalogue(db, clock.at)
    sign_in_staff(browser, database, "周经办", clock.at)
    assert "未打开" in browser.get(PAGE).text
    assert post(browser, PAGE, f"{PAGE}/{CODE}/proposals", reason="").status_code == 422
    assert post(browser, PAGE, f"{PAGE}/{CODE}/proposals", reason="合规意见").status_code == 303
    switch = re.search(r"/desk/catalogue/proposals/(\d+)/", browser.get(PAGE).text)[1]
    refused = post(browser, PAGE, f"{PAGE}/proposals/{switch}/confirmation")
    assert refused.status_code == 403
    of_compliance(browser, database, clock)
    assert post(browser, PAGE, f"{PAGE}/proposals/{switch}/confirmation").status_code == 303
    page = browser.get(PAGE).text
    assert "周经办 · 郑合规 · 合规意见" in page
    assert post(browser, PAGE, f"{PAGE}/{CODE}/off", reason="监管来函").status_code == 303
    with database.reading() as db:
        assert CODE not in {offer.code for offer in products.on_offer(db, clock.at)}


def test_clients_have_no_such_page(browser, database, clock):
    from tests.club.house import furnish

    house = furnish(database)
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    assert browser.get(PAGE).status_code == 404
