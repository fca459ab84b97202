"""What follows from cases: surveys with one cool-down, improvements that are told, suggestions awarded by two."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from portal import clients, points
from portal.callbacks.models import CallbackTask
from portal.feedback import Kind, actions, adopting, improving, invite_due, invite_guest, patterns, queries, surveys
from portal.feedback.formulas import Survey
from portal.feedback.models import Adoption, Invitation, Vote
from portal.feedback.rules import Refusal
from portal.inbox import InboxMessage
from tests.feedback.house import NOW, furnish
from tests.redemptions.test_races import at_once
from tests.visitors import post, sign_in, sign_in_staff

DAY = timedelta(days=1)
BOTH = ("handler", "reviewer")
MARCH = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def close(house, number, now=NOW) -> None:
    house.work(number, now=now)
    house.answer(number, now=now)
    house.do(actions.accept, number, now=now)


def asked(database) -> list[tuple[str, str]]:
    with database.reading() as db:
        return [tuple(row) for row in db.execute(select(Invitation.survey, Invitation.about).order_by(Invitation.id))]


def give(house, score: int, *, number: int = 1, comment: str = "", now=NOW):
    with house.database.writing() as db:
        invitation = surveys.of_client(db, house.client_id, number)
        return surveys.vote(db, house.client, invitation, score=score, comment=comment, now=now)


def test_a_closed_case_is_asked_about_once_and_nobody_twice_within_a_month(database):
    house = furnish(database)
    first, second = house.bring(), house.bring("另一件事，说的是别的内容，请答复")
    close(house, first)
    close(house, second, NOW + DAY)
    assert asked(database) == [("csat", first)]
    third = house.bring("第三件事，说的是又一个内容，请答复", now=NOW + 31 * DAY)
    close(house, third, NOW + 31 * DAY)
    assert asked(database) == [("csat", first), ("csat", third)]


def test_a_withdrawn_case_is_not_asked_about(database):
    house = furnish(database)
    house.do(actions.withdraw, house.bring())
    assert asked(database) == []


def test_the_first_vote_stands_however_often_it_is_sent(database):
    house = furnish(database)
    close(house, house.bring())
    outcomes = at_once(*[lambda score=score: give(house, score) for score in (5, 1, 4, 2, 3, 5, 1, 2)])
    assert Counter(outcomes) == {None: 1, Refusal.VOTED: 7}
    assert give(house, 1) is Refusal.VOTED
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Vote)) == 1


def test_a_vote_off_the_scale_or_after_its_time_is_refused(database):
    house = furnish(database)
    close(house, house.bring())
    assert give(house, 6) is Refusal.OFF_SCALE
    assert give(house, 5, now=NOW + 31 * DAY) is Refusal.SURVEY_OVER


def test_a_bad_rating_opens_a_call_that_the_handler_does_not_make(database):
    house = furnish(database)
    close(house, house.bring())
    assert give(house, 2, comment="说了等于没说") is None
    with database.reading() as db:
        task = db.scalars(select(CallbackTask)).one()
        assert (task.kind, task.client_id, task.kept_out) == ("recovery", house.client_id, [house.handler.user_id])


def test_twice_a_year_everybody_is_asked_once(database):
    house = furnish(database)

    def due(now) -> int:
        with database.writing() as db:
            return invite_due(db, now)

    assert [due(MARCH), due(MARCH + DAY), due(MARCH + 60 * DAY)] == [2, 0, 0]
    assert asked(database) == [("nps", ""), ("nps", "")]
    assert house.titles() == ["您愿意推荐我们吗"]


def test_a_new_client_is_asked_how_easy_it_was(database):
    furnish(database)
    with database.writing() as db:
        client = clients.client_by_no(db, "10000001")
        db.execute(
            clients_table().update().where(clients_table().c.id == client.id).values(opened_on=date(2026, 11, 12))
        )
        assert invite_due(db, NOW) == 1
    assert asked(database) == [("ces", "")]


def clients_table():
    from portal.clients.models import Client

    return Client.__table__


def test_results_are_hidden_below_ten_and_comments_name_nobody_s_number(database):
    house = furnish(database)
    close(house, house.bring())
    give(house, 5, comment="打 138 0000 0001 找我，卡号6222021234567890")
    with database.reading() as db:
        csat = surveys.standings(db, NOW - DAY, NOW + DAY)[0]
        assert (csat.survey, csat.asked, csat.answered, csat.result) == (Survey.CSAT, 1, 1, None)
        assert [text for _, text in surveys.comments(db, NOW - DAY)] == ["打 138**** 找我，卡号622****"]


def test_content_is_told_kind_by_kind_from_ten_votes_on(database):
    house = furnish(database)
    number = house.bring(kind=Kind.ENQUIRY)
    rows = [{"key": f"k{n}", "survey": "csat", "client_id": house.client_id, "about": number, "invited_at": NOW,
             "open_until": NOW + DAY} for n in range(10)]  # fmt: skip
    with database.writing() as db:
        db.execute(insert(Invitation), rows)
        ids = list(db.scalars(select(Invitation.id).order_by(Invitation.id)))
        db.execute(insert(Vote), [{"invitation_id": id, "score": 5, "voted_at": NOW} for id in ids[:9]])
    with database.reading() as db:
        nine = patterns.year_of(db, 2026).kinds[1].content
        assert (nine.asked, nine.answered, nine.result) == (10, 9, None)
    with database.writing() as db:
        db.execute(insert(Vote), [{"invitation_id": ids[9], "score": 2, "voted_at": NOW}])
    with database.reading() as db:
        kinds = {each.kind: each.content for each in patterns.year_of(db, 2026).kinds}
    assert str(kinds["enquiry"].result.good.percent) == "90.0"
    assert kinds["complaint"].answered == 0


def test_a_guest_is_asked_once_how_an_event_was_in_his_language(database):
    house = furnish(database)

    def ask(event: str, now=NOW) -> bool:
        with database.writing() as db:
            called = {"zh": "读年报", "en": "Reading accounts"}
            return invite_guest(db, client_id=house.client_id, event=event, called=called, now=now)

    assert [ask("HD-1"), ask("HD-1"), ask("HD-2", NOW + 3 * DAY), ask("HD-1", NOW + 40 * DAY)] == [True, *[False] * 3]
    with database.reading() as db:
        told = db.execute(select(InboxMessage.text_zh, InboxMessage.text_en)).one()
        assert [(about, row.asked, row.answered) for about, row in surveys.of_events(db, NOW - DAY)] == [("HD-1", 1, 0)]
    assert "“读年报”已经结束" in told.text_zh
    assert "Reading accounts" in told.text_en
    assert give(house, 1) is None  # on a scale of five: somebody calls
    with database.reading() as db:
        assert db.scalar(select(CallbackTask.ref_type)) == "survey"


def test_of_many_votes_sent_at_once_by_a_script_one_stands(database):
    house = furnish(database)
    close(house, house.bring())
    votes = at_once(*[lambda score=score: give(house, score) for score in (1, 2, 3, 4, 5, 5)])
    assert Counter(votes) == {None: 1, Refusal.VOTED: 5}
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Vote)) == 1


def test_an_improvement_is_told_to_everybody_who_complained(database):
    house = furnish(database)
    first, second = house.bring(), house.bring("同样排队，说的是另一天，请答复")
    plan = improving.Plan("process", "错峰检修", "设备检修改到收市后", date(2026, 12, 31))
    with database.writing() as db:
        cases = [queries.by_number(db, number) for number in (first, second)]
        number = improving.open_improvement(db, plan, cases[:1], staff=house.handler, now=NOW)
        assert improving.join(db, number, cases[1], staff=house.handler, now=NOW)
    with database.writing() as db:
        done = {"staff": house.handler, "told": "即日起检修安排在收市后。", "now": NOW}
        assert improving.finish(db, number, **done) == 2
        assert improving.finish(db, number, **done) is Refusal.ENDED_ALREADY
        told = improving.told_of(db, queries.by_number(db, first).id)
    assert [row.told for row in told] == ["即日起检修安排在收市后。"]
    assert house.titles()[-2:] == [f"因 {first} 我们改进了", f"因 {second} 我们改进了"]


def test_two_persons_take_a_suggestion_up_and_the_points_come_once(database):
    house = furnish(database)
    number = house.bring(kind=Kind.SUGGESTION)
    with database.writing() as db:
        case = queries.by_number(db, number)
        told = {"grade": "A", "summary": "账单可以按证券筛选", "now": NOW}
        assert adopting.adopt(db, case, staff=house.handler, **told) is None
        assert adopting.adopt(db, case, staff=house.reviewer, **told) is Refusal.ADOPTED_ALREADY
        assert adopting.award(db, case, staff=house.handler, now=NOW) is Refusal.SAME_PERSON
        assert adopting.published(db) == []

    def award():
        with database.writing() as db:
            return adopting.award(db, queries.by_number(db, number), staff=house.reviewer, now=NOW)

    assert Counter(at_once(*[award] * 4)) == {None: 1, Refusal.ADOPTED_ALREADY: 3}
    with database.reading() as db:
        assert points.balance(db, house.client_id, NOW).available == 1000
        assert [row.summary for row in adopting.published(db)] == ["账单可以按证券筛选"]
        assert points.verify(db) == []
    assert house.titles()[-1] == f"谢谢您：{number} 已采纳"


def test_the_ledger_and_the_database_want_two_persons_too(database):
    house = furnish(database)
    with database.writing() as db:
        told = {"client_id": house.client_id, "number": "TS-1", "grade": "B", "now": NOW}
        assert points.earn_suggestion(db, adopted_by=1, awarded_by=1, **told) is points.Refusal.SAME_PERSON
    house.bring(kind=Kind.SUGGESTION)
    alone = {"case_id": 1, "grade": "A", "summary": "x", "adopted_by": house.handler.user_id, "adopted_by_name": "x",
             "adopted_at": NOW, "awarded_by": house.handler.user_id, "awarded_at": NOW, "points": 1}  # fmt: skip
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(insert(Adoption).values(**alone))


def test_a_complaint_is_no_suggestion(database):
    house = furnish(database)
    number = house.bring()
    with database.writing() as db:
        case = queries.by_number(db, number)
        told = {"grade": "A", "summary": "不该采纳", "now": NOW}
        assert adopting.adopt(db, case, staff=house.handler, **told) is Refusal.NO_SUGGESTION


def test_patterns_and_the_year_are_counted_from_cases_and_their_events(database):
    house = furnish(database)
    for text in ("第一天排队一小时，没有人理", "第二天排队两小时，没有人理", "第三天排队三小时，没有人理"):
        house.work(number := house.bring(text))
        house.answer(number, now=NOW + 2 * DAY)
    house.bring("费用单看不懂，请解释一下", area="fees", product="funds")
    with database.reading() as db:
        board = patterns.board(db, NOW + 3 * DAY, 30)
        year = patterns.year_of(db, 2026)
    assert board.total == 4
    assert [(row.value, row.count) for row in board.dimensions["area"]] == [("service", 3), ("fees", 1)]
    assert [(each.cause, each.count) for each in board.patterns] == [("process", 3)]
    complaints = year.kinds[0]
    assert (complaints.received, complaints.answered, complaints.in_time, complaints.founded) == (4, 3, 3, 3)
    assert [(row.value, row.count) for row in year.causes] == [("process", 3)]


def test_the_pages_of_what_follows(browser, database, clock):
    house = furnish(database)
    number = house.bring(kind=Kind.SUGGESTION)
    close(house, house.bring("另一件，已经办结了，请评价"))
    sign_in(browser, database, house.client_id, "王小满", clock.at)
    own = browser.cookies["session"]
    assert "请您评价" in browser.get("/voice").text
    assert post(browser, "/voice/surveys/1", "/voice/surveys/1", score="", comment="写了一半").status_code == 422
    assert post(browser, "/voice/surveys/1", "/voice/surveys/1", score="4", comment="<b>好</b>").status_code == 303
    again = post(browser, "/voice", "/voice/surveys/1", score="1")
    assert again.status_code == 422
    assert "您评的是 4" in again.text
    assert "<b>好</b>" not in again.text
    sign_in(browser, database, house.other_id, "郑旁观", clock.at)
    assert browser.get("/voice/surveys/1").status_code == 404
    assert post(browser, "/voice/new", "/voice/surveys/1", score="1").status_code == 404
    first = sign_in_staff(browser, database, "甲复核", clock.at, roles=BOTH)
    here = f"/desk/voice/{number}"
    follow = f"{here}/follow"
    assert post(browser, follow, f"{here}/adoption", grade="A", summary="短").status_code == 422
    assert post(browser, follow, f"{here}/adoption", grade="A", summary="账单可以筛选").status_code == 303
    assert post(browser, follow, f"{here}/award").status_code == 422
    plan = {"plan_title": "账单筛选", "plan_cause": "system", "plan": "机密计划", "due_on": "2026-12-31"}
    plan["owner"] = str(first)
    assert post(browser, follow, f"{here}/improvements", **{**plan, "due_on": "明天"}).status_code == 422
    assert post(browser, follow, f"{here}/improvements", **{**plan, "owner": "99999"}).status_code == 422
    assert post(browser, follow, f"{here}/improvements", **plan).status_code == 303
    second = sign_in_staff(browser, database, "乙复核", clock.at, roles=BOTH)
    assert post(browser, follow, f"{here}/award").status_code == 303
    task = "/desk/voice/follow/improvements"
    assert "甲复核 负责" in browser.get(task).text
    handed = f"{task}/GJ-20261120-0001/owner"
    assert "请选择一位员工" in post(browser, task, handed, owner="99999").text
    assert post(browser, task, handed, owner=str(second)).status_code == 303
    assert "乙复核 负责" in browser.get(task).text
    ended = f"{task}/GJ-20261120-0001/end"
    assert post(browser, task, ended, told="短").status_code == 422
    assert post(browser, task, ended, told="账单现在可以按证券筛选了。").status_code == 303
    for page in ("patterns", "patterns?days=x", "surveys", "years/2026", "improvements"):
        assert browser.get(f"/desk/voice/follow/{page}").status_code == 200
    csv = browser.get("/desk/voice/follow/years/2026/summary.csv")
    assert "投诉,1,1,1,0,0,1,0,0,1," in csv.text
    assert browser.get("/desk/voice/follow/years/99").status_code == 404
    browser.cookies.set("session", own)
    mine = browser.get(f"/voice/{number}").text
    assert "账单现在可以按证券筛选了。" in mine
    assert "机密计划" not in mine
    assert "账单可以筛选" in browser.get("/voice/adopted").text
