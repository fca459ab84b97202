"""A form's box of files: judged as they come, kept where the form is refused, so that nobody chooses a file twice."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.kit import papers, uploads
from portal.kit.forms import Form
from portal.kit.papers import Fault
from portal.kit.posted import Fields
from portal.kit.uploads import Store


def taken(db: Session, store: Store, sent: Fields, form: Form, *, box: str, owner: str, now: datetime) -> list[str]:
    """Take the files of a box, beside those that the form has kept; what will not do is said at it. Gives tokens."""
    kept = [each.token for each in uploads.waiting(db, sent.typed, owner=owner)]
    judged = papers.judge_all(sent.files_of(box), len(kept))
    added = judged if isinstance(judged, Fault) else uploads.keep(db, store, judged, owner=owner, now=now)
    if isinstance(added, Fault):
        form.wrong(box, papers.WORDS[added])
        return kept
    form.typed |= {f"kept_{token}": "1" for token in added}
    return kept + added
