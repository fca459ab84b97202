"""对话: the one page on which a client of the upper tiers and his team write to each other."""

from portal.conversations.actions import answer, read, settle, write
from portal.conversations.charges import CHARGES
from portal.conversations.of_client import DATA, MOMENTS, WAITING
from portal.conversations.queries import of_client, unread_by_client
from portal.conversations.rules import Refusal, Side
from portal.conversations.watch import WATCH

__all__ = [
    "CHARGES",
    "DATA",
    "MOMENTS",
    "WAITING",
    "WATCH",
    "Refusal",
    "Side",
    "answer",
    "of_client",
    "read",
    "settle",
    "unread_by_client",
    "write",
]
