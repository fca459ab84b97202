"""The catalogue and its subscriptions, on the database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from portal import audit, products
from portal.clients.models import Client
from portal.kit.db import Database
from portal.kit.i18n import say, speaking

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)  # the 24th has just begun in Shanghai
DAY = timedelta(days=1)


@pytest.fixture
def shop(database: Database) -> Database:
    """Lay the catalogue and one client."""
    known = {"client_type": "0", "branch_no": "0001", "opened_on": date(2020, 1, 1), "status": "0"}
    with database.writing() as db:
        db.add(Client(id=1, client_no="100000000001", name="王小满", **known))
        products.seed_catalogue(db, NOW)
    return database


def start(db: Session, ref_id: str = "DH-20261124-0001", code: str = "account_sms") -> products.Subscription:
    version = next(offer.item_version_id for offer in products.on_offer(db, NOW) if offer.code == code)
    return products.start_subscription(
        db, client_id=1, item_version_id=version, ref_type="redemption", ref_id=ref_id, now=NOW
    )


def test_the_house_prices_are_on_offer(shop: Database) -> None:
    with shop.reading() as db:
        offers = products.on_offer(db, NOW)
    assert [(o.name, o.points, o.period_months, o.service_kind, o.risk_class, o.min_tier) for o in offers] == [
        ("账户变动短信", 200, 3, "account", "R1", "normal"),
        ("新股申购提醒", 300, 3, "ipo", "R1", "normal"),
        ("早盘资讯短信", 1200, 3, "advice", "R3", "normal"),
        ("行业周报短信", 2400, 12, "advice", "R3", "normal"),
        ("金卡申请", 8000, 12, "tier", "R1", "normal"),
        ("白金卡申请", 20000, 12, "tier", "R1", "normal"),
        ("e 产品短信", 400, 3, "bonds", "R1", "normal"),
        ("账户面谈", 3000, 1, "talk", "R1", "normal"),
    ]


def test_an_offer_speaks_the_readers_language(shop: Database) -> None:
    with shop.reading() as db, speaking("en"):
        offer = products.on_offer(db, NOW)[3]
        words = (offer.name, say(products.SERVICES[offer.service_kind]), say(products.PERIODS[offer.period_months]))
    assert words == ("Weekly industry SMS", "Investment advice", "a year")


def test_laying_the_catalogue_twice_publishes_nothing_new(shop: Database) -> None:
    with shop.writing() as db:
        assert products.seed_catalogue(db, NOW + DAY) == 0


def test_nothing_is_on_offer_before_it_is_in_force(shop: Database) -> None:
    with shop.reading() as db:
        assert products.on_offer(db, NOW - DAY) == []


def test_a_new_price_holds_from_its_day_and_the_old_version_stays_known(shop: Database) -> None:
    dearer = replace(products.plans()[0], points=250)
    with shop.writing() as db:
        old = products.on_offer(db, NOW)[0]
        new = products.publish(db, dearer, author="staff:1", approver="staff:2", now=NOW, valid_from=NOW + DAY)
        assert [products.on_offer(db, moment)[0].points for moment in (NOW, NOW + DAY)] == [200, 250]
        assert products.offer(db, old.item_version_id) == old
        assert (new.version, new.item_id) == (2, old.item_id)
        told = audit.events_of(db, "plan:account_sms")[-1]
    assert (told.actor, told.detail["author"], told.detail["points"]) == ("staff:2", "staff:1", 250)


def test_a_plan_whose_last_version_has_ended_is_off_the_shelf(shop: Database) -> None:
    with shop.writing() as db:
        plan = products.plans()[1]
        products.publish(db, plan, author="staff:1", approver="staff:2", now=NOW, valid_to=NOW + DAY)
        assert "ipo_sms" in [offer.code for offer in products.on_offer(db, NOW)]
        assert "ipo_sms" not in [offer.code for offer in products.on_offer(db, NOW + DAY)]


def test_who_wrote_a_plan_may_not_approve_it(shop: Database) -> None:
    with shop.writing() as db:
        outcome = products.publish(db, products.plans()[0], author="staff:1", approver="staff:1", now=NOW)
        assert outcome is products.Refusal.SAME_PERSON
        assert products.on_offer(db, NOW)[0].version == 1


def test_the_database_itself_demands_two_persons_and_keeps_versions(shop: Database) -> None:
    columns = "item_id, kind, name_zh, name_en, service_kind, risk_class, points, cash_fen, period_months, min_tier"
    more = "per_client_limit, welcome_zh, welcome_en, valid_from, sha256, published_at"
    alone = f"INSERT INTO catalog_item_version (version, author, approver, {columns}, {more})"
    with pytest.raises(IntegrityError, match="two_persons"), shop.writing() as db:
        db.execute(text(f"{alone} SELECT 9, 'staff:1', 'staff:1', {columns}, {more} FROM catalog_item_version"))
    with pytest.raises(DBAPIError, match="only grows"), shop.writing() as db:
        db.execute(text("UPDATE catalog_item_version SET points = 1"))


def test_a_subscription_runs_from_today_for_its_term(shop: Database) -> None:
    with shop.writing() as db:
        started = start(db)
        assert (started.starts_on, started.ends_on) == (date(2026, 11, 24), date(2027, 2, 23))
        assert products.subscriptions_of(db, 1) == [started]
        item_id = products.offer(db, started.item_version_id).item_id
        days = (started.starts_on, started.ends_on, started.ends_on + DAY)
        assert [products.running(db, 1, day).get(item_id, 0) for day in days] == [1, 1, 0]


def test_a_repeated_start_gives_the_one_already_started(shop: Database) -> None:
    with shop.writing() as db:
        started = start(db)
    with shop.writing() as db:
        assert start(db) == started
        assert len(audit.events_of(db, f"subscription:{started.id}")) == 1


def test_many_workers_start_one_subscription(shop: Database) -> None:
    def work(_: int) -> products.Subscription:
        with shop.writing() as db:
            return start(db)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(work, range(6)))) == 1
    with shop.reading() as db:
        assert len(products.subscriptions_of(db, 1)) == 1


def test_a_subscription_ends_once_and_says_why(shop: Database) -> None:
    with shop.writing() as db:
        id = start(db).id
        ask = {"reason": products.EndReason.UNDELIVERED, "actor": "system", "now": NOW}
        assert products.end_subscription(db, id, **ask)
        assert not products.end_subscription(db, id, **ask)
        ended = products.subscription(db, id)
    assert (ended.state, ended.end_reason, ended.ended_at) == ("ended", "undelivered", NOW)


def test_the_daily_job_ends_what_is_over_and_leaves_the_last_day(shop: Database) -> None:
    with shop.writing() as db:
        quarter, year = start(db), start(db, "DH-20261124-0002", "industry_sms")
        last = datetime(2027, 2, 23, 4, tzinfo=UTC)
        assert products.end_lapsed(db, last) == 0
        assert products.end_lapsed(db, last + DAY) == 1
        assert products.subscription(db, quarter.id).end_reason == "lapsed"
        assert products.subscription(db, year.id).state == "active"


def test_a_version_nobody_published_cannot_be_had(shop: Database) -> None:
    with shop.writing() as db:
        assert products.offer(db, 999) is None
        with pytest.raises(LookupError):
            products.start_subscription(db, client_id=1, item_version_id=999, ref_type="x", ref_id="x", now=NOW)
