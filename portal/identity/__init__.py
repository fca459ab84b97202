"""登录: who is at the door: passwords, second factors, sessions and activation."""

from portal.identity.actions import (
    Attempt,
    Entry,
    Seat,
    activate,
    add_staff,
    answer,
    confirm_second_factor,
    enter_client,
    give_activation,
    prepare_second_factor,
    prove,
    sign_in,
    sign_out,
    touch,
)
from portal.identity.limits import may
from portal.identity.preferences import COST_METHODS, prefer
from portal.identity.queries import Visitor, name_of, user_by_name, user_of_client, visitor_of
from portal.identity.rules import SEEN_EVERY, Refusal, fingerprint, fresh_secret, network_of, normal_code

__all__ = [
    "COST_METHODS",
    "SEEN_EVERY",
    "Attempt",
    "Entry",
    "Refusal",
    "Seat",
    "Visitor",
    "activate",
    "add_staff",
    "answer",
    "confirm_second_factor",
    "enter_client",
    "fingerprint",
    "fresh_secret",
    "give_activation",
    "may",
    "name_of",
    "network_of",
    "normal_code",
    "prefer",
    "prepare_second_factor",
    "prove",
    "sign_in",
    "sign_out",
    "touch",
    "user_by_name",
    "user_of_client",
    "visitor_of",
]
