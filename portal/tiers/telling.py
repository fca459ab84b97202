"""What a client is told of his tier: that it rises, that it will end, that it was evaluated anew."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import clients
from portal.inbox import Letter, Topic, Weight
from portal.kit.i18n import later
from portal.queues import Passing
from portal.tiers.queries import NAMES
from portal.tiers.rules import Tier

PAGE = "tiers.index"


def tell_risen(db: Session, client_id: int, *, tier: str, since: date, now: datetime) -> None:
    """Tell that a higher tier begins."""
    letter = Letter(
        Topic.TIER, later("您的等级升为%(tier)s。"), later("自 %(day)s 起。各级有什么、怎么评定，见“客户等级”。"),
        values={"tier": NAMES[Tier(tier)], "day": since.isoformat()}, page=PAGE, short=later("您的客户等级有变化。"),
    )  # fmt: skip
    clients.tell(db, client_id, letter, key=f"tier.risen:{client_id}:{tier}:{since}", now=now)


def tell_warned(db: Session, client_id: int, *, tier: str, next_tier: str, ends_on: date, now: datetime) -> None:
    """Tell in time that a tier ends one step lower unless he qualifies again; the promise of notice rests on this."""
    letter = Letter(
        Topic.TIER, later("您的%(tier)s到 %(day)s 为止，之后是%(next)s。"),
        later("在这之前的月末重新达到，等级保持不变。还差多少、怎么算的，见“客户等级”。"), Weight.REQUIRED,
        values={"tier": NAMES[Tier(tier)], "next": NAMES[Tier(next_tier)], "day": ends_on.isoformat()}, page=PAGE,
        short=later("您的客户等级将要变化，请登录客户服务，在“客户等级”查看。"),
    )  # fmt: skip
    clients.tell(db, client_id, letter, key=f"tier.warned:{client_id}:{tier}:{ends_on}", now=now)


def tell_corrected(db: Session, client_id: int, *, month_end: date, batches: str, now: datetime) -> None:
    """Tell that a later correction of the data has changed the figures of a month's end, and that they count."""
    letter = Letter(
        Topic.TIER, later("%(day)s 月末的等级评定已按更正后的数据重做。"), later("新的数字和结果见“客户等级”。"),
        Weight.QUIET, values={"day": month_end.isoformat()}, page=PAGE,
    )  # fmt: skip
    clients.tell(db, client_id, letter, key=f"tier.corrected:{client_id}:{month_end}:{batches}", now=now)


def tell_adviser(db: Session, client_id: int, passing: Passing, *, line: str, key: str) -> None:
    """Tell who looks after the client now; during an absence, until when."""
    text = later("%(before)s 到 %(day)s 不在，这段时间由 %(name)s 照看您，直线 %(line)s。在办的事一并转交。")
    if passing.until is None:
        text = later("%(before)s 的工作由 %(name)s 接手，直线 %(line)s。在办的事一并转交，承诺的时间不变。")
    values = {"name": passing.taker.name, "before": passing.giver.name, "line": line}
    letter = Letter(
        Topic.TIER, later("您的顾问现在是 %(name)s。"), text, page=PAGE,
        values=values | {"day": passing.until.isoformat() if passing.until else ""},
        short=later("您的顾问有变化，请登录客户服务查看。"),
    )  # fmt: skip
    clients.tell(db, client_id, letter, key=key, now=passing.now)
