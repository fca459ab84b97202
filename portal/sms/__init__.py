"""短信: what goes out to a client's telephone, through which gateway, and what became of it."""

from portal.sms.actions import (
    Follower,
    apply_reports,
    expire_silent,
    keep_report,
    park_deserted,
    queue,
    settle,
)
from portal.sms.gateway import Gateway
from portal.sms.queries import Message, history, message_of, parked, states_of
from portal.sms.rules import FAILED, Answer, Outcome, Report, State, segments
from portal.sms.sender import send_next
from portal.sms.smpp import SmppGateway

__all__ = [
    "FAILED",
    "Answer",
    "Follower",
    "Gateway",
    "Message",
    "Outcome",
    "Report",
    "SmppGateway",
    "State",
    "apply_reports",
    "expire_silent",
    "history",
    "keep_report",
    "message_of",
    "park_deserted",
    "parked",
    "queue",
    "segments",
    "send_next",
    "settle",
    "states_of",
]
