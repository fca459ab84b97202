"""The ledger in words: the database keeps codes and values, the reader's language is chosen when they are shown."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from portal.kit.clock import local_date
from portal.kit.i18n import later, say
from portal.kit.render import num

TITLES = {
    "earn": later("积分入账"),
    "activate": later("积分入账"),
    "hold": later("兑换占用"),
    "capture": later("兑换"),
    "release": later("退回积分"),
    "timeout": later("逾期未答复，退回积分"),
    "refund": later("退还积分"),
    "expire": later("积分到期"),
    "adjust": later("人工调整"),
}
SOURCES = {
    "commission": later("佣金转积分"),
    "opening_balance": later("原系统转入"),
    "complete_record": later("资料填写完整"),
    "referral": later("推荐客户开户"),
    "anniversary": later("忠诚年度"),
    "event": later("参加活动"),
    "reading": later("读完投教文章"),
    "suggestion": later("建议被采纳"),
}
BUCKETS = {
    "SOURCE": later("发放"),
    "PENDING": later("待入账"),
    "AVAIL": later("可用"),
    "HELD": later("占用"),
    "SPENT": later("已兑换"),
    "EXPIRED": later("已到期"),
    "CLAWED": later("已收回"),
    "MOVED": later("顺延"),
}
WAYS = {
    "earned": later("入账"),
    "redeemed": later("兑换占用，减退回"),
    "lapsed": later("到期"),
    "adjusted": later("调整"),
}
COLUMNS = {
    "day": later("生效日期"),
    "number": later("流水号"),
    "what": later("事项"),
    "ref": later("兑换单"),
    "points": later("涉及积分"),
    "change": later("可用变动"),
    "left": later("可用"),
    "hash": later("校验码"),
}
HEAD = later("账本末尾的校验码")
NOTICES = (later("积分规则"),)  # what the published rule sets call themselves
NEAR = 60  # days within which a lapse is told in days


def title(kind: str, source: str | None) -> str:
    """Name what a line records."""
    earned = kind in {"earn", "activate"} and source in SOURCES
    return say(SOURCES[source] if earned and source else TITLES[kind])


def left(until: datetime, now: datetime) -> str:
    """Say how long points last yet, up to their last day: in days and, further off, in months."""
    days = (local_date(until - datetime.resolution) - local_date(now)).days
    if days <= NEAR:
        return say("还有 %(days)s 天", days=days)
    return say("还有 %(months)s 个月", months=days * 12 // 365)


def is_near(until: datetime, now: datetime) -> bool:
    """Tell whether points lapse so soon that the client should hear of it."""
    return until - now <= timedelta(days=NEAR)


def places(*fractions: str) -> int:
    """Give how many places some exact fractions need together: two at least, four at most."""
    return max(_places(Fraction(fraction), 2) for fraction in fractions)


def figure(fraction: str, least: int = 2) -> str:
    """Write an exact fraction with the places that it needs, four at most."""
    exact = Fraction(fraction)
    return num(Decimal(exact.numerator) / exact.denominator, _places(exact, least))


def _places(exact: Fraction, least: int) -> int:
    return next((n for n in range(least, 4) if (exact * 10**n).denominator == 1), 4)
