"""心声: what clients bring before us: complaints, enquiries, suggestions, and what they say when they are asked."""

from portal.feedback.actions import Brought, accept, acknowledge, answer, close_silent, escalate_due, receive
from portal.feedback.charges import CHARGES
from portal.feedback.improving import Plan, open_improvement
from portal.feedback.models import Case
from portal.feedback.of_client import DATA, MOMENTS, WAITING
from portal.feedback.queries import by_number, open_of
from portal.feedback.rules import Cause, Kind, Refusal, State
from portal.feedback.surveys import invite_due, invite_guest
from portal.feedback.watch import WATCH
from portal.feedback.words import STATES

__all__ = [
    "CHARGES",
    "DATA",
    "MOMENTS",
    "STATES",
    "WAITING",
    "WATCH",
    "Brought",
    "Case",
    "Cause",
    "Kind",
    "Plan",
    "Refusal",
    "State",
    "accept",
    "acknowledge",
    "answer",
    "by_number",
    "close_silent",
    "escalate_due",
    "invite_due",
    "invite_guest",
    "open_improvement",
    "open_of",
    "receive",
]
