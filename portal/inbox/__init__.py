"""站内消息: what the firm tells a client, kept as it was told, with its state; every room writes here."""

from portal.inbox.actions import deliver
from portal.inbox.models import InboxMessage
from portal.inbox.of_client import DATA, MOMENTS
from portal.inbox.queries import unread
from portal.inbox.rules import Letter, Topic, Weight

__all__ = ["DATA", "MOMENTS", "InboxMessage", "Letter", "Topic", "Weight", "deliver", "unread"]
