"""客户: who our clients are, as the core system and they themselves tell us."""

from portal.clients.actions import consent, look, take_over
from portal.clients.changes import Person, ask, edit, fall_overdue
from portal.clients.export import days_to_write, is_closed, mark_approved, write_day
from portal.clients.indicators import Completeness, by_key
from portal.clients.notices import send_notices
from portal.clients.queries import (
    alarms,
    client_by_id,
    client_by_no,
    completeness,
    fact,
    has_id_number,
    held,
    ids_by_no,
    lock,
    mobile,
    names_of,
    opened_between,
    touched_since,
    who_has,
)
from portal.clients.rules import CORE_KEYS, masked_account, masked_name, masked_phone
from portal.clients.telling import tell
from portal.clients.words import shown

__all__ = [
    "CORE_KEYS",
    "Completeness",
    "Person",
    "alarms",
    "ask",
    "by_key",
    "client_by_id",
    "client_by_no",
    "completeness",
    "consent",
    "days_to_write",
    "edit",
    "fact",
    "fall_overdue",
    "has_id_number",
    "held",
    "ids_by_no",
    "is_closed",
    "lock",
    "look",
    "mark_approved",
    "masked_account",
    "masked_name",
    "masked_phone",
    "mobile",
    "names_of",
    "opened_between",
    "send_notices",
    "shown",
    "take_over",
    "tell",
    "touched_since",
    "who_has",
    "write_day",
]
