"""What a client is told of his request for a change, by its step: the decision, its effect, a delay at the counter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.clients.rules import Verb
from portal.clients.telling import tell
from portal.inbox import Letter, Topic
from portal.kit.i18n import later

TITLES: Mapping[Verb, str] = {
    Verb.APPROVE: later("您申请的更改已批准，待柜台生效。"),
    Verb.TAKE_EFFECT: later("您申请的更改已生效。"),
    Verb.REJECT: later("您申请的更改没有通过。"),
    Verb.FALL_OVERDUE: later("您申请的更改，柜台还没有生效，已由专人追查。"),
}
REPORT_DONE = later("您报告的错误已处理。")
REPORT_REJECTED = later("您报告的错误，我们查过了，请看答复。")
WHERE = later("申请 %(number)s 的经过和答复，见“我的资料”。")


def tell_of(db: Session, change: Any, verb: Verb, *, waits_for_counter: bool, now: datetime) -> None:
    """Tell the client of a step that concerns him; an approval that takes effect at once is told as its effect."""
    title = _title(change, verb, waits_for_counter)
    if title is None:
        return
    letter = Letter(
        Topic.RECORD, title, WHERE, values={"number": change.number}, page="clients.progress",
        place={"number": change.number},
    )  # fmt: skip
    key = f"client_change:{change.number}:{verb}"
    tell(db, change.client_id, letter, key=key, ref_type="client_change", ref_id=change.id, now=now)


def _title(change: Any, verb: Verb, waits_for_counter: bool) -> str | None:
    if change.kind == "report":
        return {Verb.TAKE_EFFECT: REPORT_DONE, Verb.REJECT: REPORT_REJECTED}.get(verb)
    if verb is Verb.APPROVE and not waits_for_counter:
        return None
    return TITLES.get(verb)
