"""Working out points before they are earned: the same result as the award, and nothing written."""

from datetime import date
from decimal import Decimal

from portal import points
from portal.kit.db import Base
from tests.club.house import NOW, furnish
from tests.visitors import sign_in


def test_the_preview_is_what_the_award_then_gives_and_writes_nothing(database):
    house = furnish(database)
    me, day, told = house.ids["gold"], date(2026, 11, 20), []
    with database.writing() as db:
        lines = Base.metadata.tables["points_tx"]
        for number in range(3):
            before = db.query(lines).count()
            shown = points.preview(db, me, fen=8633, tier="gold", trade_on=day)
            assert db.query(lines).count() == before
            points.earn_commission(
                db, client_id=me, account_no=f"10000{number}", trade_on=day, net_commission=Decimal("86.33"),
                tier="gold", now=NOW,
            )  # fmt: skip
            told.append((shown.award.points, str(shown.award.carry_before)))
        assert points.earned_in_year(db, me, NOW, "commission") == sum(n for n, _ in told)
    assert told == [(129, "0"), (129, "99/200"), (130, "99/100")]


def test_a_client_works_it_out_and_a_wrong_amount_says_so(browser, database, clock):
    house = furnish(database)
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    assert browser.get("/points/preview").status_code == 200
    page = browser.get("/points/preview?commission=86.33&on=2026-11-20&tier=gold").text
    assert ">129<" in page
    assert "2026-11-24" in page
    for query in (
        "commission=x&on=2026-11-20&tier=gold",
        "commission=1&on=never&tier=gold",
        "commission=0&on=2026-11-20&tier=gold",
    ):
        assert browser.get(f"/points/preview?{query}").status_code == 422
    assert browser.get("/points/preview?commission=1&on=2019-01-01&tier=gold").status_code == 422
