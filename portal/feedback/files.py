"""What a client sends with a case: attached to it, and open to him and to staff alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal.kit import uploads
from portal.kit.forms import Form
from portal.kit.uploads import Store

BOX = "files"


def attach(db: Session, tokens: Sequence[str], number: str, *, owner: str, now: datetime) -> None:
    """Attach what a client has sent to his case, each file once."""
    if tokens:
        uploads.attach(db, tokens, owner=owner, to=_place(number), now=now)


def waiting(db: Session, form: Form, owner: str) -> list[Any]:
    """Give the files that a refused form shows again."""
    return uploads.waiting(db, form.typed, owner=owner)


def of_case(db: Session, number: str) -> Sequence[Any]:
    """Give what is attached to a case."""
    return uploads.attached(db, _place(number))


def handed_out(db: Session, store: Store, number: str, token: str) -> Response[bytes] | None:
    """Give one file of a case; None where it is none of this case's."""
    found = uploads.one(db, token, to=_place(number))
    return uploads.answer(store, found) if found else None


def _place(number: str) -> str:
    return f"voice:{number}"
