"""What happens at the same moment: real threads against both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from portal import points
from portal.redemptions import approve, cancel
from portal.redemptions.models import Redemption
from portal.redemptions.queries import by_number
from tests.redemptions.house import NOW, furnish

THREADS = 8


def at_once(*verbs):
    """Run verbs at the same moment; give what each gave."""
    start = Barrier(len(verbs))

    def run(verb):
        start.wait()
        return verb()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_eight_posts_of_one_form_are_one_request(database):
    house = furnish(database)
    assert set(at_once(*[house.ask] * THREADS)) == {"DH-20261120-0001"}
    assert house.balance() == (4700, 300)


def test_of_eight_pages_that_spend_the_same_points_one_wins(database):
    house = furnish(database, brought=300)
    at_once(*[lambda key=key: house.ask(key=key * 16) for key in "abcdefgh"])
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Redemption)) == 1
        assert points.verify(db) == []
    assert house.balance() == (0, 300)


def test_approval_and_withdrawal_at_once_have_one_winner(database):
    house = furnish(database)
    number = house.ask()

    def approval():
        with database.writing() as db:
            return approve(db, by_number(db, number), seen=1, staff=house.handler, reason="checked", note="", now=NOW)

    def withdrawal():
        with database.writing() as db:
            return cancel(db, by_number(db, number), client=house.client, now=NOW)

    outcomes = at_once(approval, withdrawal, approval)
    assert sum(isinstance(each, Redemption) for each in outcomes) == 1
    with database.reading() as db:
        state = by_number(db, number).state
        assert points.verify(db) == []
    assert house.balance() == ((4700, 300) if state == "approved" else (5000, 0))
