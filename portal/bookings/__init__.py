"""预约: visits to a branch, from the booking without an account to the account that is open."""

from portal.bookings.actions import Asked, Booked, book, cancel, move
from portal.bookings.after import SPOT_CHECKED, draw, follow_up, hear_of_spot_check
from portal.bookings.branches import open_branch, place_clerk
from portal.bookings.calling import CALLED, hear_of_call
from portal.bookings.course import Found, approve, contact, letter, precheck, send_back, sign, witness
from portal.bookings.effect import take_effect
from portal.bookings.promises import escalate_late
from portal.bookings.queries import branch_by_code, days, slots_on
from portal.bookings.recording import Person, change
from portal.bookings.reminding import REMIND, remind
from portal.bookings.rules import Case, Channel, Kind, Refusal, State
from portal.bookings.slots import hold, lay_slots, release_lapsed
from portal.bookings.waiting import offer_places

__all__ = [
    "CALLED",
    "REMIND",
    "SPOT_CHECKED",
    "Asked",
    "Booked",
    "Case",
    "Channel",
    "Found",
    "Kind",
    "Person",
    "Refusal",
    "State",
    "approve",
    "book",
    "branch_by_code",
    "cancel",
    "change",
    "contact",
    "days",
    "draw",
    "escalate_late",
    "follow_up",
    "hear_of_call",
    "hear_of_spot_check",
    "hold",
    "lay_slots",
    "letter",
    "move",
    "offer_places",
    "open_branch",
    "place_clerk",
    "precheck",
    "release_lapsed",
    "remind",
    "send_back",
    "sign",
    "slots_on",
    "take_effect",
    "witness",
]
