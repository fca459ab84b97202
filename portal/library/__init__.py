"""投教: what the firm explains and wishes: announcements, answers, articles with a check, research, greetings."""

from portal.audit import Person
from portal.library.actions import begin, draft_faq, publish, submit, verify
from portal.library.care import send_care
from portal.library.charges import CHARGES
from portal.library.of_client import DATA, MOMENTS
from portal.library.queries import by_number, draft_of, latest_announcement, note, notes_read
from portal.library.rules import Kind, Occasion, Refusal, Text, Topic
from portal.library.telling import tell_announcements
from portal.library.views import note_opened, notes, reading

__all__ = [
    "CHARGES",
    "DATA",
    "MOMENTS",
    "Kind",
    "Occasion",
    "Person",
    "Refusal",
    "Text",
    "Topic",
    "begin",
    "by_number",
    "draft_faq",
    "draft_of",
    "latest_announcement",
    "note",
    "note_opened",
    "notes",
    "notes_read",
    "publish",
    "reading",
    "send_care",
    "submit",
    "tell_announcements",
    "verify",
]
