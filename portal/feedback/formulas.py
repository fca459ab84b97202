"""What votes amount to, on plain values: shares with Wilson's interval, the net promoter score, and what is bad.

A result from fewer than ten votes is none: it would say more about single persons than about the firm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

LEAST = 10  # votes; below, nothing is shown
COOL_DOWN = timedelta(days=30)  # over all surveys: nobody is asked twice within it
OPEN_FOR = timedelta(days=30)  # an invitation can be answered so long
Z = Decimal("1.96")  # 95 %
NPS_MONTHS = (3, 9)  # twice a year


class Survey(StrEnum):
    """What a client is asked."""

    CSAT = "csat"  # how content with a closed case, 1 to 5
    NPS = "nps"  # whether he would recommend us, 0 to 10
    CES = "ces"  # how easy an opening or a change was, 1 to 7
    EVENT = "event"  # how somebody liked an event that he came to, 1 to 5


SCALES: Mapping[Survey, tuple[int, int]] = {
    Survey.CSAT: (1, 5),
    Survey.NPS: (0, 10),
    Survey.CES: (1, 7),
    Survey.EVENT: (1, 5),
}
GOOD_FROM: Mapping[Survey, int] = {Survey.CSAT: 4, Survey.NPS: 9, Survey.CES: 5, Survey.EVENT: 4}
BAD_UNTIL: Mapping[Survey, int] = {Survey.CSAT: 2, Survey.NPS: 6, Survey.CES: 3, Survey.EVENT: 2}


@dataclass(frozen=True)
class Share:
    """A share in percent, one decimal, with the ends of its 95 % interval."""

    percent: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Result:
    """What `n` votes say: the share of good ones, that of bad ones, and their difference in points."""

    n: int
    good: Share
    bad: Share

    @property
    def net(self) -> Decimal:
        """Give good less bad, in points: for NPS the net promoter score."""
        return self.good.percent - self.bad.percent


def on_scale(survey: Survey, score: int) -> bool:
    """Tell whether a score stands on the survey's scale."""
    low, high = SCALES[survey]
    return low <= score <= high


def is_bad(survey: Survey, score: int) -> bool:
    """Tell whether a vote is so bad that somebody has to call."""
    return score <= BAD_UNTIL[survey]


def result(survey: Survey, votes: Mapping[int, int]) -> Result | None:
    """Give what the votes say, counted by score; None below ten."""
    n = sum(votes.values())
    if n < LEAST:
        return None
    good = sum(count for score, count in votes.items() if score >= GOOD_FROM[survey])
    bad = sum(count for score, count in votes.items() if is_bad(survey, score))
    return Result(n, wilson(good, n), wilson(bad, n))


def wilson(hits: int, n: int) -> Share:
    """Give the share of hits with Wilson's score interval at 95 % (Wilson 1927; no continuity correction)."""
    p, size, z2 = Decimal(hits) / n, Decimal(n), Z * Z
    middle = (p + z2 / (2 * size)) / (1 + z2 / size)
    half = Z / (1 + z2 / size) * (p * (1 - p) / size + z2 / (4 * size * size)).sqrt()
    return Share(_percent(p), _percent(max(Decimal(0), middle - half)), _percent(min(Decimal(1), middle + half)))


def half_year(day: date) -> str:
    """Name the half of a year: 2026H2."""
    return f"{day.year}H{1 if day.month < 7 else 2}"


def median(values: Sequence[int]) -> int | None:
    """Give the middle one of some figures, the lower of two."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal("0.1"))
