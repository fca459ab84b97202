"""Scripts as data, tries with their evidence, and the regular calls."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal import callbacks, identity
from portal.callbacks.actions import BadScript, Call
from portal.callbacks.models import CallbackScript, CallbackTask
from portal.callbacks.queries import queue, script
from portal.callbacks.rules import Means, Outcome, is_quiet
from portal.clients.models import Client, ClientFact
from tests import keys

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def client(db, number, opened_on):
    row = Client(client_no=number, name="王小满", client_type="1", branch_no="0101", opened_on=opened_on, status="0")
    db.add(row)
    db.flush()
    mobile = keys.fact("mobile", "13800000001") | {"source": "core", "as_of": opened_on, "recorded_at": NOW}
    db.add(ClientFact(client_id=row.id, **mobile))
    db.flush()


def test_a_published_script_never_changes(database, tmp_path):
    file = tmp_path / "opening-1.toml"
    text = 'kind = "opening"\nversion = 1\n[[question]]\nkey = "a"\nzh = "问"\nen = "ask"\nexpects = "yes"\n'
    file.write_text(text)
    with database.writing() as db:
        assert callbacks.publish_scripts(db, NOW, tmp_path) == 1
        assert callbacks.publish_scripts(db, NOW, tmp_path) == 0
        file.write_text(text.replace("ask", "told"))
        with pytest.raises(BadScript):
            callbacks.publish_scripts(db, NOW, tmp_path)
        file.write_text(text.replace("version = 1", "version = 2"))
        assert callbacks.publish_scripts(db, NOW, tmp_path) == 1
        assert db.query(CallbackScript).count() == 2


def test_a_script_has_at_most_eight_questions(database, tmp_path):
    question = '[[question]]\nkey = "a"\nzh = "问"\nen = "ask"\nexpects = "yes"\n'
    (tmp_path / "opening-1.toml").write_text('kind = "opening"\nversion = 1\n' + question * 9)
    with database.writing() as db, pytest.raises(BadScript):
        callbacks.publish_scripts(db, NOW, tmp_path)


def test_new_clients_are_called_within_a_month_and_a_tenth_of_the_others_each_year(database):
    with database.writing() as db:
        callbacks.publish_scripts(db, NOW)
        client(db, "6600020000", date(2026, 11, 2))
        old = [f"66000300{number:02}" for number in range(40)]
        for number in old:
            client(db, number, date(2020, 1, 1))
        drawn = [number for number in old if callbacks.is_drawn(number, 2026)]
        assert callbacks.plan_regular(db, NOW) == 1 + len(drawn)
        assert callbacks.plan_regular(db, NOW) == 0
        due = {task.ref_id: task.due_at for task in queue(db, "due", NOW)}
        assert set(due) == {"6600020000", *drawn}
        assert due["6600020000"] == datetime(2026, 12, 2, 9, 30, tzinfo=UTC)


def test_the_yearly_sample_is_about_a_tenth():
    drawn = sum(callbacks.is_drawn(f"{number:010}", 2026) for number in range(10_000))
    assert 900 < drawn < 1100


def test_the_share_of_clients_called_is_told_against_all(database):
    with database.writing() as db:
        callbacks.publish_scripts(db, NOW)
        for number in range(4):
            client(db, f"660004000{number}", date(2026, 11, 2))
        callbacks.plan_regular(db, NOW)
        task = db.scalars(select(CallbackTask).order_by(CallbackTask.id)).first()
        told = {each.key: each.expects for each in script(db, task.script_id).questions}
        caller = identity.add_staff(db, name="许回访", roles=[], by="system", now=NOW)
        person = callbacks.Person(f"staff:{caller.id}", caller.name, caller.id)
        call = Call(Outcome.ANSWERED, Means.TELEPHONE, told, "REC-1")
        callbacks.record_try(db, task, seen=1, caller=person, call=call, now=NOW)
        share = callbacks.share_called(db, datetime(2026, 1, 1, tzinfo=UTC), date(2026, 11, 20))
        assert (share.called, share.clients, share.percent) == (1, 4, 25)


def test_quiet_times():
    clocks = {"07:59": True, "08:00": False, "11:59": False, "12:00": True, "13:59": True, "14:00": False,
              "20:59": False, "21:00": True}  # fmt: skip
    assert {text: is_quiet(datetime.strptime(text, "%H:%M").time()) for text in clocks} == clocks  # noqa: DTZ007
