"""Writing, reviewing by a second person, publishing for ever, finding, and passing a reading check once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import audit, library
from portal.library import actions, checks, queries
from portal.library.models import Edition, Piece, ReadingPass
from portal.library.rules import Kind, Refusal, Text
from portal.queues import Stale
from tests.library.house import DAY, NOW, PLAIN, QUIZZED, RESEARCH, RIGHT, TODAY, furnish


def test_a_draft_is_written_reviewed_by_another_and_published(database):
    house = furnish(database)
    number = house.draft()
    assert house.step(number, actions.publish, by=house.reviewer) is Refusal.NOT_IN_REVIEW
    house.step(number, actions.submit)
    assert house.step(number, actions.publish) is Refusal.WROTE_IT
    assert house.find("T+1") == []
    assert house.step(number, actions.publish, by=house.reviewer) == 1
    assert house.find("T+1") == ["交易规则 T+1"]
    with database.reading() as db:
        piece = queries.by_number(db, number)
        assert [event.verb for event in queries.events(db, piece.id)] == ["begin", "submit", "publish"]
        told = [event.event for event in audit.events_of(db, f"piece:{number}")]
        assert sorted(told) == ["library.begin", "library.publish", "library.submit"]
        assert queries.draft_of(db, piece.id) is None


def test_whoever_changed_a_word_can_t_publish_even_if_another_wrote_last(database):
    house = furnish(database)
    number = house.draft()
    house.step(number, actions.write, by=house.reviewer, text=replace(PLAIN, title_zh="改过的标题"))
    house.step(number, actions.write, text=PLAIN)
    house.step(number, actions.submit)
    assert house.step(number, actions.publish, by=house.reviewer) is Refusal.WROTE_IT


def test_what_lacks_something_is_not_handed_in(database):
    house = furnish(database)
    number = house.draft(replace(PLAIN, title_en="", body_zh="[x](https://evil.example)"))
    assert house.step(number, actions.submit) is Refusal.NOT_WHOLE
    with database.reading() as db:
        found = actions.lacking(db, queries.draft_of(db, queries.by_number(db, number).id), NOW)
    assert found == {"title_en": "missing", "body_zh": "links"}


def test_what_waited_past_its_end_is_not_published(database):
    house = furnish(database)
    number = house.draft(replace(PLAIN, expires_on=TODAY))
    house.step(number, actions.submit)
    assert house.step(number, actions.publish, by=house.reviewer, now=NOW + DAY) is Refusal.NOT_WHOLE


def test_a_draft_comes_back_with_a_reason_and_is_not_changed_under_review(database):
    house = furnish(database)
    number = house.draft()
    house.step(number, actions.submit)
    assert house.step(number, actions.write, text=PLAIN) is Refusal.IN_REVIEW
    assert house.step(number, actions.send_back, by=house.reviewer, note="  ") is Refusal.NO_REASON
    assert house.step(number, actions.send_back, by=house.reviewer, note="数字核对一下").state == "draft"
    assert house.step(number, actions.write, text=replace(PLAIN, title_zh="核对过")).title_zh == "核对过"


def test_an_old_screen_changes_nothing(database):
    house = furnish(database)
    number = house.draft()
    house.step(number, actions.write, by=house.reviewer, text=replace(PLAIN, title_zh="吴复核改的"))
    outcome = house.step(number, actions.write, seen=1, text=replace(PLAIN, title_zh="周经办改的"))
    assert isinstance(outcome, Stale)
    assert (outcome.by, outcome.outcome) == ("吴复核", "write")
    house.step(number, actions.submit)
    assert isinstance(house.step(number, actions.publish, by=library.Person("staff:9", "第三人", 9), seen=2), Stale)


def test_an_edition_never_changes_and_its_hash_says_so(database):
    house = furnish(database)
    number = house.publish()
    for change in (update(Edition).values(title_zh="改"), delete(Edition)):
        with pytest.raises(DBAPIError), database.writing() as db:
            db.execute(change)
    with database.reading() as db:
        assert actions.verify(db) == []
        row = dict(queries.edition(db, queries.by_number(db, number).id, 1)._mapping)
    forged = {key: value for key, value in row.items() if key != "id"} | {"number": 2, "body_zh": "偷换的正文"}
    with database.writing() as db:
        db.execute(insert(Edition).values(**forged))
        assert actions.verify(db) == [f"{number} 2"]
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(insert(Edition).values(**(forged | {"number": 3, "published_by": row["written_by"]})))
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(insert(Edition).values(**(forged | {"number": 3, "kind": "report"})))


def test_readers_keep_the_old_edition_until_the_new_one_is_published(database):
    house = furnish(database)
    number = house.publish()
    with database.writing() as db:
        piece = queries.by_number(db, number)
        actions.revise(db, piece, by=house.writer, now=NOW)
        assert actions.revise(db, piece, by=house.writer, now=NOW) is Refusal.DRAFT_OPEN
    house.step(number, actions.write, text=replace(PLAIN, title_zh="零股怎么卖"))
    assert house.find("T+1") == ["交易规则 T+1"]
    house.step(number, actions.submit)
    assert house.step(number, actions.publish, by=house.reviewer) == 2
    assert house.find("零股") == ["零股怎么卖"]
    assert house.find("规则") == []


def test_what_is_withdrawn_or_has_run_out_is_found_no_more(database):
    house = furnish(database)
    number, short = house.publish(), house.publish(replace(PLAIN, title_zh="今天到期", expires_on=TODAY))
    with database.writing() as db:
        piece = queries.by_number(db, number)
        assert actions.withdraw(db, piece, reason=" ", by=house.writer, now=NOW) is Refusal.NO_REASON
        actions.withdraw(db, piece, reason="有误", by=house.writer, now=NOW)
        assert actions.withdraw(db, piece, reason="有误", by=house.writer, now=NOW) is Refusal.NOT_LIVE
    assert house.find("T+1") == ["今天到期"]
    with database.reading() as db:
        assert [row.number for row in queries.live(db, [Kind.FAQ], TODAY)] == [short]
        assert queries.live(db, [Kind.FAQ], TODAY + DAY) == []
        assert [row.number for row in queries.shelf(db, "gone", TODAY + DAY)] == [short, number]


def test_the_search_finds_chinese_and_english_and_the_best_first(database):
    house = furnish(database)
    titles = [
        ("摊薄成本怎么算", "Diluted cost"),
        ("怎么读月度账单", "Reading a statement"),
        ("防范电信诈骗", "Beware of fraud"),
    ]
    for zh, en in titles:
        body = "账单里也有摊薄成本一栏。" if "账单" in zh else "正文。"
        house.publish(replace(PLAIN, title_zh=zh, title_en=en, body_zh=body, body_en="Text.", summary_en="Words."))
    assert house.find("摊薄成本是什么") == ["摊薄成本怎么算", "怎么读月度账单"]
    assert house.find("请问账单怎么看？") == ["怎么读月度账单"]
    assert house.find("how do I read statements") == ["怎么读月度账单"]
    assert house.find("FRAUDS") == ["防范电信诈骗"]
    assert house.find("骗") == ["防范电信诈骗"]
    assert house.find("量子火箭推进剂") == []
    assert house.find("' OR 1=1 -- % _") == []
    assert len(house.find("账单" * 2500)) == 1
    assert house.find("摊薄", Kind.REPORT) == []


def test_whoever_asks_with_another_word_for_the_same_thing_finds_it(database):
    house = furnish(database)
    for zh, en in (("佣金怎么收", "How commission is charged"), ("分红什么时候到账", "When dividends arrive")):
        house.publish(replace(PLAIN, title_zh=zh, title_en=en, body_zh="正文。", body_en="Text.", summary_en="Words."))
    assert house.find("手续费多少") == ["佣金怎么收"]
    assert house.find("派息") == ["分红什么时候到账"]
    assert house.find("brokerage") == ["佣金怎么收"]


def test_members_notes_and_greetings_are_not_found_by_everybody(database):
    house = furnish(database)
    house.publish(RESEARCH, Kind.NOTE)
    house.publish(replace(PLAIN, occasion="birthday", body_zh="祝好。", body_en="Best wishes."), Kind.CARE)
    assert house.find("T+1") == house.find("水电") == []
    assert house.find("水电", Kind.NOTE) == ["水电行业观察"]


def test_an_enquiry_becomes_one_draft_however_often_the_button_is_pressed(databases):
    database = databases.fresh()
    house = furnish(database)

    def press(_: int) -> str:
        with database.writing() as db:
            return library.draft_faq(
                db, question="电话 13800001111 问：税怎么算？", answer="按持有时间。" * 1000, by=house.writer,
                source="enquiry:ZX-1", now=NOW,
            )  # fmt: skip

    with ThreadPoolExecutor(4) as together:
        numbers = set(together.map(press, range(4)))
    assert len(numbers) == 1
    with database.reading() as db:
        draft = queries.draft_of(db, queries.by_number(db, numbers.pop()).id)
        assert draft.title_zh == "电话 **** 问：税怎么算？"
        assert len(draft.body_zh) == actions.BODY_LIMIT
        assert db.scalar(select(func.count()).select_from(Piece)) == 1


def answered(house, number, answers, now=NOW):
    with house.database.writing() as db:
        piece = queries.by_number(db, number)
        return checks.answer(db, piece, client_id=house.client_id, answers=answers, actor="client:1", now=now)


def test_a_check_brings_its_points_once_whatever_editions_follow(database):
    house = furnish(database)
    number = house.publish(QUIZZED, Kind.ARTICLE)
    assert answered(house, number, {0: 0}) is Refusal.UNANSWERED
    assert answered(house, number, {0: 0, 1: 0}).right == [True, False]
    assert house.points() == 0
    assert answered(house, number, RIGHT).points == 20
    assert answered(house, number, RIGHT).points == 0
    with database.writing() as db:
        actions.revise(db, queries.by_number(db, number), by=house.writer, now=NOW)
    house.step(number, actions.submit)
    house.step(number, actions.publish, by=house.reviewer)
    assert answered(house, number, RIGHT).is_first_pass is False
    assert house.points() == 20


def test_a_script_that_tries_all_answers_is_stopped_for_the_day(database):
    house = furnish(database)
    number = house.publish(QUIZZED, Kind.ARTICLE)
    outcomes = [answered(house, number, {0: 1, 1: 0}) for _ in range(6)]
    assert outcomes[5] is Refusal.TOO_MANY_TRIES
    assert answered(house, number, RIGHT) is Refusal.TOO_MANY_TRIES
    assert answered(house, number, RIGHT, NOW + DAY).points == 20


def test_right_answers_sent_many_times_at_once_earn_once(database):
    house = furnish(database)
    number = house.publish(QUIZZED, Kind.ARTICLE)
    with ThreadPoolExecutor(8) as together:
        outcomes = list(together.map(lambda _: answered(house, number, RIGHT), range(8)))
    assert sum(getattr(outcome, "points", 0) for outcome in outcomes) == 20
    assert outcomes.count(Refusal.TOO_MANY_TRIES) == 3
    assert house.points() == 20
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ReadingPass)) == 1


def test_what_has_no_questions_can_t_be_answered(database):
    house = furnish(database)
    assert answered(house, house.publish(PLAIN, Kind.ARTICLE), {}) is Refusal.NO_CHECK


def test_of_two_who_publish_at_once_one_does(database):
    house = furnish(database)
    number = house.draft()
    house.step(number, actions.submit)
    with ThreadPoolExecutor(2) as together:
        steps = [together.submit(house.step, number, actions.publish, by=house.reviewer, seen=2) for _ in range(2)]
        outcomes = [step.result() for step in steps]
    assert outcomes.count(1) == 1
    with database.reading() as db:
        assert len(queries.editions(db, queries.by_number(db, number).id)) == 1


def test_the_first_page_has_the_newest_announcement_that_holds(database):
    house = furnish(database)
    with database.reading() as db:
        assert library.latest_announcement(db, TODAY) is None
    house.publish(replace(PLAIN, title_zh="旧公告", expires_on=TODAY + 9 * DAY), Kind.ANNOUNCEMENT)
    house.publish(replace(PLAIN, title_zh="新公告", expires_on=TODAY), Kind.ANNOUNCEMENT)
    with database.reading() as db:
        assert library.latest_announcement(db, TODAY).title_zh == "新公告"
        assert library.latest_announcement(db, TODAY + timedelta(1)).title_zh == "旧公告"


def test_an_empty_draft_may_be_given_up(database):
    house = furnish(database)
    number = house.draft(Text())
    house.step(number, actions.discard)
    with database.reading() as db:
        assert queries.draft_of(db, queries.by_number(db, number).id) is None
