"""What the firm tells a client stands in his inbox, whatever he prefers; only he reads it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from portal import clients, sms
from portal.clients.models import Client, ClientFact
from portal.inbox import InboxMessage, Letter, Topic, Weight, unread
from portal.inbox.queries import PAGE
from portal.sms.models import SmsMessage
from tests import keys
from tests.visitors import post, sign_in

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LETTER = Letter(Topic.REDEMPTION, "已完成", "您已开启动态验证码。", page="redemptions.index")


def lay(db, number: int = 1, **facts: str) -> int:
    client = Client(
        client_no=f"1000000{number}", name="王小满", client_type="1", branch_no="0101", opened_on=date(2019, 1, 5),
        status="0",
    )  # fmt: skip
    db.add(client)
    db.flush()
    for key, value in facts.items():
        day = date(2019, 1, 5)
        db.add(ClientFact(client_id=client.id, source="core", as_of=day, recorded_at=NOW, **keys.fact(key, value)))
    db.flush()
    return client.id


def told(database, client_id, letter=LETTER, key="one", now=NOW) -> int:
    with database.writing() as db:
        return clients.tell(db, client_id, letter, key=key, now=now)


def texts(database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(SmsMessage.text).order_by(SmsMessage.id)))


def test_a_preference_decides_about_the_sms_and_never_about_the_inbox(database):
    required = Letter(Topic.SECURITY, "您已关闭动态验证码。", "如非本人操作，请致电 000-0000-0000。", Weight.REQUIRED)
    with database.writing() as db:
        by_sms = lay(db, 1, mobile="13800000001", preferred_channel="sms")
        by_wechat = lay(db, 2, mobile="13800000002", preferred_channel="wechat")
        without = lay(db, 3)
    for client in (by_sms, by_wechat, without):
        told(database, client, key=f"notice:{client}")
        told(database, client, required, key=f"required:{client}")
    with database.reading() as db:
        assert [unread(db, client) for client in (by_sms, by_wechat, without)] == [2, 2, 2]
        sent = db.execute(select(SmsMessage.client_id, SmsMessage.purpose).order_by(SmsMessage.id)).all()
    assert sent == [(by_sms, "redemption"), (by_sms, "security"), (by_wechat, "security")]
    assert texts(database)[0] == "【青衡证券】已完成。请登录客户服务，在站内消息里查看。"


def test_the_same_thing_is_told_once(database):
    with database.writing() as db:
        client = lay(db, mobile="13800000001")
    assert told(database, client) == told(database, client)
    assert len(texts(database)) == 1


def test_what_was_told_can_not_be_changed(database):
    with database.writing() as db:
        client = lay(db)
    told(database, client)
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as db:
        db.execute(update(InboxMessage).values(text_zh="别的"))


def test_a_client_reads_his_messages_in_his_language_and_sees_what_became_of_the_sms(browser, database, clock):
    with database.writing() as db:
        client, other = lay(db, 1, mobile="13800000001"), lay(db, 2)
    mine, theirs = told(database, client), told(database, other, key="two")
    sign_in(browser, database, client, "王小满", clock.at)
    assert "1 条未读" in browser.get("/inbox").text
    page = browser.get(f"/inbox/{mine}")
    assert "您已开启动态验证码。" in page.text
    assert "短信待发" in page.text
    assert 'href="/redemptions"' in page.text
    assert "turned on" in browser.get(f"/inbox/{mine}?lang=en").text
    with database.writing() as db:
        db.execute(update(SmsMessage).values(state=sms.State.DELIVERED))
    listed = browser.get("/inbox?lang=zh").text
    assert "短信已送达" in listed
    assert "都读过了" in listed
    for path in (f"/inbox/{theirs}", "/inbox/999999"):
        assert browser.get(path).status_code == 404
    with database.reading() as db:
        assert unread(db, other) == 1


def test_all_is_marked_as_read_at_once_and_pages_go_on_where_the_last_ended(browser, database, clock):
    with database.writing() as db:
        client = lay(db)
    for number in range(PAGE + 5):
        told(database, client, key=f"n{number}", now=NOW + timedelta(minutes=number))
    sign_in(browser, database, client, "王小满", clock.at)
    first = browser.get("/inbox")
    assert first.text.count('class="led-row"') == PAGE
    before = first.text.split("before=")[1].split('"')[0]
    assert browser.get(f"/inbox?before={before}").text.count('class="led-row"') == 5
    assert browser.get("/inbox?before=x&topic=nothing").status_code == 200
    assert post(browser, "/inbox", "/inbox/reading").status_code == 303
    assert post(browser, "/me", "/inbox/reading").status_code == 303
    with database.reading() as db:
        assert unread(db, client) == 0


def test_a_message_whose_page_is_gone_stands_without_a_link(browser, database, clock):
    with database.writing() as db:
        client = lay(db)
    made = told(database, client, Letter(Topic.CLUB, "已完成", "已撤回", page="a.page.of.then"))
    sign_in(browser, database, client, "王小满", clock.at)
    page = browser.get(f"/inbox/{made}")
    assert page.status_code == 200
    assert "去看这一件" not in page.text
