"""Tell a client something: the inbox keeps it, we know his telephone and which channel he prefers."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal import inbox
from portal.clients.queries import consents, fact, mobile
from portal.inbox import Letter, Topic, Weight

# What nobody needs, with the consent that it takes: a client must have agreed.
CONSENT_TO = {
    Topic.CARE: "consent_care",
    Topic.LIBRARY: "consent_marketing",
    Topic.SURVEY: "consent_marketing",
}


def tell(
    db: Session, client_id: int, letter: Letter, *, key: str, now: datetime, ref_type: str = "inbox", ref_id: int = 0,
    sms_text: str = "", not_before: datetime | None = None,
) -> int:  # fmt: skip
    """Put a letter into a client's inbox, by SMS too where weight and preference say so; the same key is one letter.

    What only promotes stays in the inbox of a client who has not agreed to it, or who wants to be left alone.
    """
    if letter.topic in CONSENT_TO and not may_promote(db, client_id, CONSENT_TO[letter.topic]):
        letter = replace(letter, weight=Weight.QUIET)
    return inbox.deliver(
        db, letter, client_id=client_id, to=mobile(db, client_id), preferred=fact(db, client_id, "preferred_channel"),
        ref_type=ref_type, ref_id=ref_id, sms_text=sms_text, key=key, now=now,
        not_before=not_before,
    )  # fmt: skip


def may_promote(db: Session, client_id: int, consent: str = "consent_marketing") -> bool:
    """Tell whether a client may be addressed with offers: he agreed, has not taken it back, and may be disturbed."""
    given = consents(db, client_id).get(consent, [])
    return bool(given and given[0].is_given) and not wants_no_calls(db, client_id)


def wants_no_calls(db: Session, client_id: int) -> bool:
    """Tell whether a client has asked not to be disturbed; whoever dials reads it before he does."""
    return fact(db, client_id, "do_not_call") == "1"
