"""Greetings: which occasion a day is for a client, and what a greeting may say. Pure; a tier is no part of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from portal.library.rules import Occasion

HOURS = (time(10), time(18))  # nobody is greeted earlier or later
REMINDED_AT = (30, 90)  # days before a document's last day
FESTIVALS = {"春节": Occasion.SPRING_FESTIVAL, "中秋节": Occasion.MID_AUTUMN, "元旦": Occasion.NEW_YEAR}
BODY_LIMIT_ZH, BODY_LIMIT_EN = 120, 300
# What has no place in a greeting: anything to buy, to earn or to follow.
SELLS = re.compile(
    r"产品|基金|理财|收益|优惠|佣金|开通|申购|认购|买入|卖出|推荐|积分|点击|https?:|www\.|\d{6}|[%％￥¥]"
    r"|\b(?:product|fund|offer|discount|yield|return|buy|sell|subscribe|commission|points?|click)s?\b",
    re.IGNORECASE,
)
HOLES = {"years": {Occasion.ANNIVERSARY}, "day": {Occasion.ID_EXPIRES}}
HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Known:
    """What a greeting rests on; None is not known."""

    opened_on: date
    born_on: date | None = None
    id_valid_to: date | None = None


@dataclass(frozen=True)
class Due:
    """An occasion that has come, with the mark that makes it once."""

    occasion: Occasion
    mark: str


def due(known: Known, today: date, festival: Occasion | None) -> list[Due]:
    """Give what is due for a client today, the weightiest first.

    A festival or an anniversary steps back in a month that still brings the client's birthday: one a month is all.
    """
    found = [*_document(known, today)]
    if is_day_of_year(known.born_on, today):
        found.append(Due(Occasion.BIRTHDAY, str(today.year)))
    if not _birthday_is_ahead(known, today):
        if is_day_of_year(known.opened_on, today) and known.opened_on.year < today.year:
            found.append(Due(Occasion.ANNIVERSARY, str(today.year)))
        if festival:
            found.append(Due(festival, str(today.year)))
    return found


def festival_on(today: str, yesterday: str) -> Occasion | None:
    """Say which festival begins, by the calendar's notes on today and yesterday."""
    return FESTIVALS.get(today) if today != yesterday else None


def is_day_of_year(day: date | None, today: date) -> bool:
    """Tell whether a day comes round today; the 29th of February comes on the 28th where there is none."""
    if day is None:
        return False
    is_leap_day = (day.month, day.day) == (2, 29) and (today + timedelta(1)).month == 3 and today.month == 2
    return (day.month, day.day) == (today.month, today.day) or is_leap_day


def objection(occasion: str, zh: str, en: str) -> str | None:
    """Say why a greeting's text will not do, as a code, or None: too long, something to sell, an unknown hole."""
    if len(zh) > BODY_LIMIT_ZH or len(en) > BODY_LIMIT_EN or "\n" in zh + en:
        return "care_long"
    if SELLS.search(zh) or SELLS.search(en):
        return "care_sells"
    holes = HOLE.findall(zh) + HOLE.findall(en)
    known = all(occasion in HOLES.get(hole, ()) for hole in holes)
    return None if known and not re.search(r"[{}]", HOLE.sub("", zh + en)) else "care_hole"


def filled(text: str, known: Known, today: date) -> str:
    """Put the years or the day into a greeting."""
    values = {"years": str(today.year - known.opened_on.year), "day": str(known.id_valid_to or "")}
    return HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def is_open(clock: time) -> bool:
    """Tell whether it is an hour at which one may be greeted."""
    return HOURS[0] <= clock < HOURS[1]


def _document(known: Known, today: date) -> Sequence[Due]:
    if known.id_valid_to is None:
        return []
    left = (known.id_valid_to - today).days
    step = next((days for days in REMINDED_AT if 0 <= left <= days), None)
    return [Due(Occasion.ID_EXPIRES, f"{known.id_valid_to:%Y%m%d}:{step}")] if step else []


def _birthday_is_ahead(known: Known, today: date) -> bool:
    born = known.born_on
    return born is not None and born.month == today.month and born.day > today.day
