"""预约: visits to a branch, from the booking without an account to the account that is open."""

from portal.audit import Person
from portal.bookings.actions import Asked, Booked, book, cancel, move
from portal.bookings.after import SPOT_CHECKED, draw, follow_up, hear_of_spot_check
from portal.bookings.ahead import fill
from portal.bookings.branches import open_branch, place_clerk, set_weekend_day
from portal.bookings.calling import CALLED, hear_of_call
from portal.bookings.charges import CHARGES
from portal.bookings.course import Found, approve, contact, letter, precheck, send_back, sign, witness
from portal.bookings.effect import take_effect
from portal.bookings.models import Booking
from portal.bookings.of_client import DATA, MOMENTS, WAITING
from portal.bookings.papers import Line, enter_line
from portal.bookings.promises import escalate_late
from portal.bookings.queries import branch_by_code, days, open_branches, slots_on
from portal.bookings.recording import change
from portal.bookings.referrals import claw_back_due
from portal.bookings.reminding import REMIND, remind
from portal.bookings.slots import hold, lay_slots, release_lapsed
from portal.bookings.terms import Case, Channel, Kind, Refusal, State
from portal.bookings.waiting import offer_places
from portal.bookings.watch import WATCH

__all__ = [
    "CALLED",
    "CHARGES",
    "DATA",
    "MOMENTS",
    "REMIND",
    "SPOT_CHECKED",
    "WAITING",
    "WATCH",
    "Asked",
    "Booked",
    "Booking",
    "Case",
    "Channel",
    "Found",
    "Kind",
    "Line",
    "Person",
    "Refusal",
    "State",
    "approve",
    "book",
    "branch_by_code",
    "cancel",
    "change",
    "claw_back_due",
    "contact",
    "days",
    "draw",
    "enter_line",
    "escalate_late",
    "fill",
    "follow_up",
    "hear_of_call",
    "hear_of_spot_check",
    "hold",
    "lay_slots",
    "letter",
    "move",
    "offer_places",
    "open_branch",
    "open_branches",
    "place_clerk",
    "precheck",
    "release_lapsed",
    "remind",
    "send_back",
    "set_weekend_day",
    "sign",
    "slots_on",
    "take_effect",
    "witness",
]
