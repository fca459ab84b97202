"""Nothing open may remain with who left: every column that names a member of staff is answered for."""

import importlib
import pkgutil
import types

import portal
from portal.kit.db import Base
from portal.staffing import CHARGES

OF_STAFF = {"identity_user.id", "tier_adviser.user_id"}
# Who did something, once and for ever: four eyes and the record rest on these, they never change hands.
DEEDS = {
    "_by",  # closed_by, decided_by, endorsed_by, entered_by, opened_by, proposed_by, asked_by, …
}
FACTS = {
    "booking.witness_id": "who witnessed the visit; what is still to be done is `assigned_to`'s",
    "booking.reviewer_id": "who approved; he has nothing more to do",
    "callback_task.caller_id": "who made the last try; who is about to call has claimed the task",
    "callback_try.caller_id": "who made this try",
    "client_call.staff_id": "who is on the telephone at this moment: minutes, and only he hears the caller",
    "client_reveal_alarm.staff_id": "who looked at too much; somebody else looks into it",
    "client_view.staff_id": "who looked",
    "desk_core_client.responsible_id": "who it was when the week began; the page shows the adviser of today",
    "dossier_note.author_id": "who wrote it; it stays on the client's page, where the colleague reads it",
    "queue_acknowledgement.staff_id": "who took note",
    "queue_escalation.responsible_id": "who owed it when the clock ran out; a manager takes note of it as well",
    "rule_set_draft.author_id": "who wrote the draft; the next step is another person's",
}
OF_HIS_OWN = ("identity_",)  # sessions, devices, factors: what belongs to a sign-in ends with it
HERE = ("staffing_",)  # handovers themselves: `stands_in` follows who stands in for whom


def columns() -> set[str]:
    """Name every column of ours that points to a member of staff, or is called as if it did."""
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    named = {"staff_id", "handler_id", "adviser_id", "owner_id", "assigned_to", "responsible_id", "caller_id"}
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name in named or any(key.target_fullname in OF_STAFF for key in column.foreign_keys)
    }


def handed_over() -> set[str]:
    return set().union(*(charge.columns for charge in CHARGES))


def test_every_column_that_names_a_member_of_staff_is_handed_over_or_a_fact():
    left = {
        each
        for each in columns() - handed_over() - set(FACTS)
        if not each.endswith(tuple(DEEDS)) and not each.startswith((*OF_HIS_OWN, *HERE))
    }
    assert left == set(), "new: give its room a charge (portal/queues/charges.py), or say here why it is a mere fact"


def test_what_is_answered_for_exists():
    assert (handed_over() | set(FACTS)) - columns() == set()


def test_every_queue_that_can_be_claimed_from_has_its_charge():
    queues = {
        value
        for room in pkgutil.iter_modules(portal.__path__)
        if room.ispkg
        for name, value in vars(_rules(room.name)).items()
        if name == "QUEUE" or name.endswith("_QUEUE")
    }
    assert {f"claims.{queue}" for queue in queues} == {c.name for c in CHARGES if c.name.startswith("claims.")}


def test_names_of_charges_are_their_own():
    assert len({charge.name for charge in CHARGES}) == len(CHARGES)
    assert all(len(charge.name) <= 32 for charge in CHARGES)


def _rules(room):
    try:
        return importlib.import_module(f"portal.{room}.rules")
    except ModuleNotFoundError:
        return types.SimpleNamespace()
