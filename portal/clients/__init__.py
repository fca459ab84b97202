"""客户: who our clients are, as the core system and they themselves tell us."""

from portal.clients.actions import consent, look, take_over
from portal.clients.alarms import alarms as reveal_alarms
from portal.clients.alarms import reveals_behind, settle_alarm, waiting_alarms
from portal.clients.calls import begin as begin_call
from portal.clients.calls import prove as prove_call
from portal.clients.calls import request as request_by_call
from portal.clients.changes import Person, ask, edit, fall_overdue
from portal.clients.charges import CHARGES
from portal.clients.emails import PATH as EMAIL_PATH
from portal.clients.emails import send_next as send_next_link
from portal.clients.export import days_to_write, is_closed, mark_approved, write_day
from portal.clients.indicators import Completeness, by_key
from portal.clients.notices import send_notices
from portal.clients.of_client import DATA, MOMENTS, WAITING, consent_name, indicator_name
from portal.clients.proofs import told_right
from portal.clients.queries import (
    active_ids,
    alarms,
    branches_of,
    changes_since,
    client_by_id,
    client_by_no,
    completeness,
    completeness_of,
    consenting,
    fact,
    has_id_number,
    held,
    ids_after,
    ids_by_no,
    lock,
    mobile,
    names_of,
    opened_between,
    plain_facts,
    reach,
    reaches,
    search,
    touched_since,
    who_has,
    within_reach,
)
from portal.clients.rules import CONSENTS, CORE_KEYS, Refusal, Way, masked_account, masked_name, masked_phone
from portal.clients.settled import settled_since
from portal.clients.telling import may_promote, tell, wants_no_calls
from portal.clients.words import shown

__all__ = [
    "CHARGES",
    "CONSENTS",
    "CORE_KEYS",
    "DATA",
    "EMAIL_PATH",
    "MOMENTS",
    "WAITING",
    "Completeness",
    "Person",
    "Refusal",
    "Way",
    "active_ids",
    "alarms",
    "ask",
    "begin_call",
    "branches_of",
    "by_key",
    "changes_since",
    "client_by_id",
    "client_by_no",
    "completeness",
    "completeness_of",
    "consent",
    "consent_name",
    "consenting",
    "days_to_write",
    "edit",
    "fact",
    "fall_overdue",
    "has_id_number",
    "held",
    "ids_after",
    "ids_by_no",
    "indicator_name",
    "is_closed",
    "lock",
    "look",
    "mark_approved",
    "masked_account",
    "masked_name",
    "masked_phone",
    "may_promote",
    "mobile",
    "names_of",
    "opened_between",
    "plain_facts",
    "prove_call",
    "reach",
    "reaches",
    "request_by_call",
    "reveal_alarms",
    "reveals_behind",
    "search",
    "send_next_link",
    "send_notices",
    "settle_alarm",
    "settled_since",
    "shown",
    "take_over",
    "tell",
    "told_right",
    "touched_since",
    "waiting_alarms",
    "wants_no_calls",
    "who_has",
    "within_reach",
    "write_day",
]
