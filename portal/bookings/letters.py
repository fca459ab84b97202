"""The confirmation letter: a versioned text in the repository, filled in for one booking, and its hash."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.bookings.models import Booking

FOLDER = Path(__file__).parent / "letters"
NEWEST = 1


@dataclass(frozen=True)
class Letter:
    """A letter as the client reads it; the Chinese text is what is signed and hashed."""

    version: int
    text: str
    shown: str

    @property
    def sha256(self) -> str:
        """Give the hash that the signature stands under."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def letter_of(booking: Booking, branch: str, handler: str, language: str) -> Letter:
    """Fill in the letter of a booking: the version that was signed, or the newest."""
    version = booking.letter_version or NEWEST
    values = {
        "name": booking.name, "phone": booking.phone, "branch": branch, "number": booking.number, "handler": handler,
        "referrer": booking.referrer or "—",
    }  # fmt: skip
    return Letter(version, _text(version, "zh").format(**values), _text(version, language).format(**values))


@cache
def _text(version: int, language: str) -> str:
    return (FOLDER / f"{version}.{language}.txt").read_text("utf-8")
