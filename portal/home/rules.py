"""What a greeting and a list of things to do depend on."""

from datetime import date, time
from enum import StrEnum

COMPLETE_POINTS = 100  # a year, for information that is complete
SOON_DAYS = 60  # points that lapse within this time are worth a line


class Greeting(StrEnum):
    """How the part of the day is greeted."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def greeting(at: time) -> Greeting:
    """Choose the greeting of a time of day in Shanghai."""
    if time(5) <= at < time(11, 30):
        return Greeting.MORNING
    if time(11, 30) <= at < time(13):
        return Greeting.NOON
    return Greeting.AFTERNOON if time(13) <= at < time(18) else Greeting.EVENING


def is_soon(day: date | None, today: date) -> bool:
    """Tell whether a day is near enough to be told about."""
    return day is not None and 0 <= (day - today).days <= SOON_DAYS
