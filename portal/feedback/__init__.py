"""心声: what clients bring before us: complaints, enquiries, suggestions, and what they say when they are asked."""

from portal.feedback.actions import Brought, acknowledge, answer, close_silent, escalate_due, receive
from portal.feedback.models import Case
from portal.feedback.queries import by_number, open_of
from portal.feedback.rules import Kind, Refusal, State
from portal.feedback.words import STATES

__all__ = [
    "STATES",
    "Brought",
    "Case",
    "Kind",
    "Refusal",
    "State",
    "acknowledge",
    "answer",
    "by_number",
    "close_silent",
    "escalate_due",
    "open_of",
    "receive",
]
