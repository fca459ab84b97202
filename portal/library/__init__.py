"""投教: what the firm explains: announcements, questions and answers, articles with a reading check, research."""

from portal.audit import Person
from portal.library.actions import begin, draft_faq, publish, submit, verify
from portal.library.queries import by_number, draft_of, latest_announcement
from portal.library.rules import Kind, Refusal, Text, Topic

__all__ = [
    "Kind",
    "Person",
    "Refusal",
    "Text",
    "Topic",
    "begin",
    "by_number",
    "draft_faq",
    "draft_of",
    "latest_announcement",
    "publish",
    "submit",
    "verify",
]
