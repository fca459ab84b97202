"""Tell a client something: the inbox keeps it, we know his telephone and which channel he prefers."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import inbox
from portal.clients.queries import fact, mobile
from portal.inbox import Letter


def tell(
    db: Session, client_id: int, letter: Letter, *, key: str, now: datetime, ref_type: str = "inbox", ref_id: int = 0,
    sms_text: str = "", not_before: datetime | None = None,
) -> int:  # fmt: skip
    """Put a letter into a client's inbox, by SMS too where weight and preference say so; the same key is one letter."""
    return inbox.deliver(
        db, letter, client_id=client_id, to=mobile(db, client_id), preferred=fact(db, client_id, "preferred_channel"),
        ref_type=ref_type, ref_id=ref_id, sms_text=sms_text, key=key, now=now,
        not_before=not_before,
    )  # fmt: skip
