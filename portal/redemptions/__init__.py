"""兑换: points for a product: request, hold, moderation, fulfilment. The pattern room: copy this one."""

from portal.audit import Person
from portal.redemptions.actions import BEGIN, approve, cancel, endorse, request, time_out_due
from portal.redemptions.charges import CHARGES
from portal.redemptions.forms import STATES
from portal.redemptions.fulfilment import begin, fail_forgotten, follow, note_talk, stop
from portal.redemptions.of_client import DATA, MOMENTS, WAITING
from portal.redemptions.queries import open_of, talks_of
from portal.redemptions.rules import Refusal, State
from portal.redemptions.watch import WATCH

__all__ = [
    "BEGIN",
    "CHARGES",
    "DATA",
    "MOMENTS",
    "STATES",
    "WAITING",
    "WATCH",
    "Person",
    "Refusal",
    "State",
    "approve",
    "begin",
    "cancel",
    "endorse",
    "fail_forgotten",
    "follow",
    "note_talk",
    "open_of",
    "request",
    "stop",
    "talks_of",
    "time_out_due",
]
