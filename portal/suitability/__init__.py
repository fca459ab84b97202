"""适当性: the risk questionnaire, what it says of a client, its evidence, and what matches."""

from portal.suitability.actions import (
    Person,
    Unfinished,
    confirm,
    decide,
    draft_to_change,
    follow_counter,
    note_block,
    save,
    start,
    submit,
    usable_draft,
)
from portal.suitability.calling import CALLED, WISH_CALLED, call_held, call_wishes, hear_of_call, hear_of_wish
from portal.suitability.charges import CHARGES
from portal.suitability.evaluation import Result, Status, evaluate
from portal.suitability.evidence import client_file, verify
from portal.suitability.evidence import count as evidence_count
from portal.suitability.forms import VERDICTS
from portal.suitability.insisting import insist, phrase_to_type, wish
from portal.suitability.models import Assessment
from portal.suitability.of_client import DATA, MOMENTS, WAITING
from portal.suitability.publishing import publish, seed_questionnaire, shipped, withdraw
from portal.suitability.queries import (
    by_number,
    current,
    evidence_of,
    held_count,
    judged,
    list_of,
    match,
    published,
    standing,
    standings,
)
from portal.suitability.questionnaire import Definition
from portal.suitability.reminders import remind_due
from portal.suitability.rules import Code, Refusal, Standing, State, Verdict
from portal.suitability.watching import complaint_opened, watch

__all__ = [
    "CALLED",
    "CHARGES",
    "DATA",
    "MOMENTS",
    "VERDICTS",
    "WAITING",
    "WISH_CALLED",
    "Assessment",
    "Code",
    "Definition",
    "Person",
    "Refusal",
    "Result",
    "Standing",
    "State",
    "Status",
    "Unfinished",
    "Verdict",
    "by_number",
    "call_held",
    "call_wishes",
    "client_file",
    "complaint_opened",
    "confirm",
    "current",
    "decide",
    "draft_to_change",
    "evaluate",
    "evidence_count",
    "evidence_of",
    "follow_counter",
    "hear_of_call",
    "hear_of_wish",
    "held_count",
    "insist",
    "judged",
    "list_of",
    "match",
    "note_block",
    "phrase_to_type",
    "publish",
    "published",
    "remind_due",
    "save",
    "seed_questionnaire",
    "shipped",
    "standing",
    "standings",
    "start",
    "submit",
    "usable_draft",
    "verify",
    "watch",
    "wish",
    "withdraw",
]
