"""Tell a client what became of his request; the words stand behind his sign-in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients
from portal.inbox import Letter, Topic, Weight
from portal.kit.i18n import later
from portal.redemptions.models import Redemption
from portal.redemptions.rules import Verb

WORDS: Mapping[Verb, tuple[str, str]] = {
    Verb.FULFIL: (later("兑换 %(number)s 已完成"), later("您的兑换已经办好，%(points)s 积分已扣除。")),
    Verb.REJECT: (
        later("兑换 %(number)s 没有通过"),
        later("%(points)s 积分已退回原来那一批，理由写在这一笔的进度里。"),
    ),
    Verb.TIME_OUT: (
        later("兑换 %(number)s 超时退回"),
        later("我们没有在时限内办完，%(points)s 积分已自动退回，向您致歉。您可以重新申请。"),
    ),
    Verb.FAIL: (
        later("兑换 %(number)s 未能开通"),
        later("%(points)s 积分已退回。请看这一笔的进度，或联系客服。"),
    ),
}


def tell(db: Session, redemption: Redemption, verb: Verb, now: datetime) -> None:
    """Put the end of a request into its client's inbox, once."""
    if verb not in WORDS:
        return
    title, text = WORDS[verb]
    values = {"number": redemption.number, "points": redemption.points}
    letter = Letter(
        Topic.REDEMPTION, title, text, Weight.NOTICE, values, page="redemptions.show",
        place={"number": redemption.number},
    )  # fmt: skip
    clients.tell(db, redemption.client_id, letter, key=f"redemption:{redemption.number}:{verb}", now=now)
