from datetime import timedelta

from sqlalchemy import text

from portal import inbox, suitability
from tests.suitability.sheets import C3_SHEET, NOW, confirm, fill_in, furnish, submit

LAST = NOW + timedelta(days=731)  # 2028-11-20, the day the assessment of NOW runs out


def remind(database, now):
    with database.writing() as db:
        return suitability.remind_due(db, now)


def sent(database, client_id):
    with database.reading() as db:
        found = text("SELECT text FROM sms_message WHERE client_id = :client_id")
        return list(db.scalars(found, {"client_id": client_id}))


def test_a_client_is_reminded_thirty_seven_and_one_day_before_each_once(database):
    client_id = furnish(database)
    fill_in(database, client_id, C3_SHEET, until=NOW + timedelta(minutes=5))
    confirm(database, client_id, submit(database, client_id, now=NOW + timedelta(minutes=5)), now=NOW)
    assert remind(database, LAST - timedelta(days=31)) == 0
    for days in (30, 29, 8, 7, 3, 1, 0):
        remind(database, LAST - timedelta(days=days))
    assert remind(database, LAST + timedelta(days=1)) == 0
    messages = sent(database, client_id)
    with database.reading() as db:
        assert inbox.unread(db, client_id) == 3
    assert len(messages) == 3
    assert all("2028-11-20" in message for message in messages)


def test_nobody_is_reminded_at_night(database):
    client_id = furnish(database)
    fill_in(database, client_id, C3_SHEET, until=NOW + timedelta(minutes=5))
    confirm(database, client_id, submit(database, client_id, now=NOW + timedelta(minutes=5)), now=NOW)
    assert remind(database, LAST - timedelta(days=7) + timedelta(hours=12)) == 0
