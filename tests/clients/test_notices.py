"""What a client is told of changes to how he signs in: by SMS, in both languages, once."""

from sqlalchemy import select

from portal import clients, identity
from portal.identity.actions import notice
from portal.identity.rules import Told
from portal.kit.db import Base
from tests.feeds.days import FIRST, laid, load
from tests.visitors import post, sign_in_staff


def texts(database) -> list[tuple[str, str]]:
    table = Base.metadata.tables["sms_message"]
    with database.reading() as db:
        return [tuple(row) for row in db.execute(select(table.c.to, table.c.text).order_by(table.c.id))]


def test_each_change_goes_once_to_the_clients_telephone(database, clock, tmp_path):
    days = laid(tmp_path / "days")
    load(database, days / FIRST)
    with database.writing() as db:
        client = clients.client_by_no(db, "10000001")
        user = identity.enter_client(db, client_id=client.id, name=client.name, personal=[], now=clock.at)
        nobody = identity.enter_client(db, client_id=client.id + 1000, name="无号", personal=[], now=clock.at)
        for what in Told:
            notice(db, user.id, what, clock.at)
        notice(db, nobody.id, Told.PASSWORD_CHANGED, clock.at)
    for _ in range(2):
        with database.writing() as db:
            clients.send_notices(db, clock.at)
    sent = texts(database)
    assert [number for number, _ in sent] == ["13800000001"] * len(Told)
    assert sent[0][1].startswith("【青衡证券】您的登录密码已修改。如非本人操作")
    assert "Your password was changed. Not you?" in sent[0][1]


def test_two_members_of_staff_lead_a_client_back_in_on_their_pages(browser, database, clock, tmp_path):
    days = laid(tmp_path / "days")
    load(database, days / FIRST)
    where = "/desk/clients/10000001"
    sign_in_staff(browser, database, "周经办", clock.at, roles=["handler", "reviewer"])
    code = post(browser, where, f"{where}/activation").text.split('class="mid n">')[-1]
    assert code
    with database.writing() as db:
        user = identity.user_of_client(db, clients.client_by_no(db, "10000001").id)
        user.user_name = "xiaoman"
        user.password_set_at = clock.at
    alone = post(browser, where, f"{where}/activation")
    assert alone.status_code == 422
    assert "要由两人办理找回" in alone.text
    assert post(browser, where, f"{where}/recovery", record="短").status_code == 422
    record = "回拨 13800000001，核对证件号和最近一笔交易"
    assert post(browser, where, f"{where}/recovery", record=record).status_code == 303
    assert post(browser, "/desk/recoveries", "/desk/recoveries/1/confirmation").status_code == 422
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert post(browser, "/desk/recoveries", "/desk/recoveries/1/confirmation").status_code == 303
    early = post(browser, "/desk/recoveries", "/desk/recoveries/1/code")
    assert early.status_code == 422
    assert "满 24 小时" in early.text
