"""One client among a hundred thousand is found by number, telephone, ID number or name, each time by an index."""

from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import event, text

from portal import clients
from tests.clients.house import bring
from tests.visitors import post, sign_in_staff

ID_NUMBER = "11010519491231002X"
WAYS = ["10000001", "13800000001", "138 0000 0001", ID_NUMBER, ID_NUMBER.lower(), "王小满"]
MANY, FEW, ROUNDS = 100_000, 1_000, 60
SCALE = 8  # a search that reads everything takes a hundred times as long; by an index, two more steps down a tree


def fill(database, count: int) -> None:
    """Bring so many clients more, each with a telephone and an ID number that are only found by their blind index."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    blind = "lower(hex(randomblob(32)))" if database.engine.dialect.name == "sqlite" else "md5(i::text) || md5(k.key)"
    day = "'2020-01-06'"
    with database.writing() as db:
        db.execute(
            text(
                f"{numbers} INSERT INTO client (client_no, name, client_type, branch_no, opened_on, status) "
                f"SELECT CAST(20000000 + i AS VARCHAR(12)), '客户' || i, '1', '0102', {day}, '0' FROM n"
            )
        )
        db.execute(
            text(
                f"{numbers} INSERT INTO client_fact (client_id, key, value, source, as_of, recorded_at, blind) "
                f"SELECT c.id, k.key, 'sealed:' || c.id, 'core', {day}, '2020-01-06 00:00:00+00:00', {blind} "
                "FROM n JOIN client c ON c.client_no = CAST(20000000 + i AS VARCHAR(12)) "
                "CROSS JOIN (SELECT 'mobile' AS key UNION ALL SELECT 'id_number') k"
            )
        )
        db.execute(text("ANALYZE"))


def seconds(database, wanted: str) -> float:
    """Give the median of how long one search takes."""
    with database.reading() as db:
        took = []
        for _ in range(ROUNDS):
            begun = perf_counter()
            assert len(clients.search(db, wanted)) == 1
            took.append(perf_counter() - begun)
    return median(took)


def plans(database, wanted: str) -> list[str]:
    """Let the database explain every statement that a search sends."""
    sent = []
    explain = "EXPLAIN QUERY PLAN " if database.engine.dialect.name == "sqlite" else "EXPLAIN "

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    with database.reading() as db:
        event.listen(database.engine, "before_cursor_execute", note)
        clients.search(db, wanted)
        event.remove(database.engine, "before_cursor_execute", note)
        lines = [db.connection().exec_driver_sql(explain + statement, given).all() for statement, given in sent]
    return ["\n".join(str(row[-1]) for row in each) for each in lines]


def test_one_in_a_hundred_thousand_is_found_by_an_index(databases) -> None:
    large, small = databases.fresh(), databases.fresh()
    for database, count in ((large, MANY), (small, FEW)):
        with database.writing() as db:
            bring(db)
        fill(database, count)
    for wanted in WAYS:
        found = plans(large, wanted)
        assert found
        for plan in found:
            print(f"{wanted} on {large.engine.dialect.name}:\n{plan}")
            assert "INDEX" in plan.upper(), plan
            assert "Seq Scan" not in plan, plan
            assert "SCAN client" not in plan, plan
    for wanted in ("13800000001", "王小满"):
        ratios = [seconds(large, wanted) / seconds(small, wanted) for _ in range(3)]
        print(f"{wanted}: {MANY} against {FEW} takes {ratios} times as long")
        assert min(ratios) < SCALE


@pytest.mark.parametrize("wanted", WAYS)
def test_staff_find_a_client_by_what_he_is_known_by(browser, database, clock, wanted) -> None:
    with database.writing() as db:
        bring(db)
        bring(db, client_no="10000002", name="李银川", mobile="13800000002", id_number="110105194912310038")
    sign_in_staff(browser, database, "周经办", clock.at)
    found = post(browser, "/desk/clients", "/desk/clients", wanted=wanted)
    assert (found.status_code, found.headers.get("location")) == (303, "/desk/clients/10000001")


def test_who_shares_a_name_stands_in_a_list_masked(browser, database, clock) -> None:
    with database.writing() as db:
        bring(db)
        bring(db, client_no="10000002", mobile="13800000002")
    sign_in_staff(browser, database, "周经办", clock.at)
    found = post(browser, "/desk/clients", "/desk/clients", wanted="王小满")
    assert found.status_code == 200
    assert "10000001" in found.text
    assert "10000002" in found.text
    assert "王小满" not in found.text.replace('value="王小满"', "")


@pytest.mark.parametrize("wanted", ["", "1", "没有这人", "%", "' OR 1=1 --", "x" * 61])
def test_what_nobody_is_known_by_finds_nobody(browser, database, clock, wanted) -> None:
    with database.writing() as db:
        bring(db)
    sign_in_staff(browser, database, "周经办", clock.at)
    found = post(browser, "/desk/clients", "/desk/clients", wanted=wanted)
    assert (found.status_code, "10000001" in found.text) == (422, False)
