"""New earning rules: read strictly, played on what was, published by another person, never retroactive."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import calendar, identity, points
from portal.audit import Person
from portal.points import proposing
from portal.points.earning import RULE_SETS, published
from portal.points.ruleset import BadRules

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CURRENT = (RULE_SETS / "2024.toml").read_text("utf-8")


@pytest.fixture
def staff(db):
    calendar.seed(db)
    points.publish_rules(db, NOW)
    people = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("周经办", "吴复核")]
    return [Person(f"staff:{each.id}", each.name, each.id) for each in people]


def draft(version=2, day="2027-01-01", gold="2"):
    """Give rules in which gold earns as much as platinum."""
    changed = CURRENT.replace("version = 1", f"version = {version}").replace("2024-01-01", day)
    changed = changed.replace('gold = "3/2"', f'gold = "{gold}"')
    return changed.replace('points = 129, carry = "17/20"', 'points = 173, carry = "1/100"')


def earn(db, client, day, yuan, tier):
    points.earn_commission(
        db, client_id=client, account_no=f"{client:08d}", trade_on=day, net_commission=Decimal(yuan), tier=tier, now=NOW
    )


def test_a_draft_says_who_would_have_gained_by_tier_and_changes_nothing(db, client, staff):
    earn(db, client, date(2026, 11, 3), "100.40", "gold")
    earn(db, client, date(2026, 11, 4), "100.40", "gold")
    before = points.balance(db, client, NOW)
    made = proposing.propose(db, draft(), staff=staff[0], now=NOW)
    report = proposing.by_id(db, made).report
    assert report["tiers"]["gold"] == [301, 401]
    assert (report["gain"], report["lose"], report["most"]) == (1, 0, [[client, 100]])
    assert points.balance(db, client, NOW) == before
    assert len(published(db)) == 1


def test_another_person_publishes_text_and_report_and_the_day_decides(db, client, staff):
    made = proposing.propose(db, draft(), staff=staff[0], now=NOW)
    assert not proposing.publish(db, made, staff=staff[0], now=NOW)
    assert proposing.publish(db, made, staff=staff[1], now=NOW)
    assert not proposing.publish(db, made, staff=staff[1], now=NOW)
    newest = published(db)[0]
    assert (newest.version, newest.author, newest.approver) == (2, staff[0].actor, staff[1].actor)
    assert newest.report_sha256 == proposing.by_id(db, made).report_sha256
    shown = [
        points.preview(db, client, fen=10000, tier="gold", trade_on=day).award.points
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert shown == [150, 200]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (draft(version=1), "version 1 is taken"),
        (draft(day="2026-11-20"), "must take effect after now"),
        (draft(gold="1.5"), "gold"),
        (draft() + "\nsurprise = 1\n", "surprise"),
        (draft().replace("points = 173", "points = 174"), "example"),
    ],
)
def test_rules_that_will_not_do_are_refused_with_the_place(db, staff, rules, said):
    with pytest.raises(BadRules, match=said):
        proposing.propose(db, rules, staff=staff[0], now=NOW)


def test_a_draft_taken_back_is_never_published(db, staff):
    made = proposing.propose(db, draft(), staff=staff[0], now=NOW)
    assert proposing.withdraw(db, made, staff=staff[1], now=NOW)
    assert not proposing.publish(db, made, staff=staff[1], now=NOW)


def test_the_database_itself_refuses_one_person_for_both(db, staff):
    made = proposing.propose(db, draft(), staff=staff[0], now=NOW)
    with pytest.raises(DBAPIError), db.begin_nested():
        change = "UPDATE rule_set_draft SET state = 'published', decided_by = author_id WHERE id = :id"
        db.execute(text(change), {"id": made})
