"""俱乐部: the high-end club 衡庐: its door, applications, memberships, events."""

from portal.audit import Person
from portal.club.actions import Standing, admit, apply, leave, renew, review, standing, take_over, time_out_due
from portal.club.charges import CHARGES
from portal.club.events import Plan, check_in, plan, register
from portal.club.of_client import DATA, MOMENTS, WAITING
from portal.club.queries import Membership, attended, event_by_number, guests_to_ask, membership
from portal.club.rules import Refusal, Seat, State
from portal.club.telling import tell_ending

__all__ = [
    "CHARGES",
    "DATA",
    "MOMENTS",
    "WAITING",
    "Membership",
    "Person",
    "Plan",
    "Refusal",
    "Seat",
    "Standing",
    "State",
    "admit",
    "apply",
    "attended",
    "check_in",
    "event_by_number",
    "guests_to_ask",
    "leave",
    "membership",
    "plan",
    "register",
    "renew",
    "review",
    "standing",
    "take_over",
    "tell_ending",
    "time_out_due",
]
