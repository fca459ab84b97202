"""What a load can come to, and the words in which it says why: values, never exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How a load ended."""

    LOADED = "LOADED"
    SKIPPED = "SKIPPED"
    REFUSED = "REFUSED"
    WAITING = "WAITING"


class Reason(StrEnum):
    """Why a load was refused whole, has to wait or had nothing to do."""

    NOT_READY = "NOT_READY"
    ALREADY_LOADED = "ALREADY_LOADED"
    MANIFEST = "MANIFEST"
    OLDER_SEQUENCE = "OLDER_SEQUENCE"
    CHAIN_BROKEN = "CHAIN_BROKEN"
    FILE_MISSING = "FILE_MISSING"
    FILE_UNKNOWN = "FILE_UNKNOWN"
    BYTES = "BYTES"
    HASH = "HASH"
    ENCODING = "ENCODING"
    HEADER = "HEADER"
    MALFORMED = "MALFORMED"
    ROWS = "ROWS"
    SUM = "SUM"
    NO_CALENDAR = "NO_CALENDAR"
    NO_ACCOUNT = "NO_ACCOUNT"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    OVERLAP = "OVERLAP"


class Fault(StrEnum):
    """Why one row was put into quarantine."""

    SHAPE = "SHAPE"
    REQUIRED = "REQUIRED"
    TYPE = "TYPE"
    RANGE = "RANGE"
    DUPLICATE = "DUPLICATE"
    OTHER_DAY = "OTHER_DAY"
    NO_CLIENT = "NO_CLIENT"
    NO_ACCOUNT = "NO_ACCOUNT"
    WORD = "WORD"
    QUANTITY = "QUANTITY"
    GROSS = "GROSS"
    NET = "NET"
    COMMISSION = "COMMISSION"
    STAMP_ON_BUY = "STAMP_ON_BUY"
    SETTLED_BEFORE_TRADE = "SETTLED_BEFORE_TRADE"


class BreakKind(StrEnum):
    """Which cross check a break failed."""

    CASH = "CASH"
    OPENING = "OPENING"
    CHAIN = "CHAIN"
    TRADE_CASH = "TRADE_CASH"
    SHARES = "SHARES"
    SHARE_DELTA = "SHARE_DELTA"
    COMMISSION = "COMMISSION"


class Verdict(StrEnum):
    """What staff may make of a quarantined row."""

    RELEASE = "release"  # into the ledger as it stands
    REJECT = "reject"  # it never enters; breaks that it leaves stay
    WAIT = "wait"  # until the counter sends the day anew


class ReviewState(StrEnum):
    """Where a review stands."""

    PROPOSED = "proposed"
    SETTLED = "settled"
    DECLINED = "declined"


class Refusal(StrEnum):
    """Why staff can't do with a row or a day what they want."""

    NOT_BOOKABLE = "not_bookable"
    SUPERSEDED = "superseded"
    NOT_PROPOSED = "not_proposed"
    CLOSED = "closed"
    NO_GROUND = "no_ground"
    ASKED_ALREADY = "asked_already"


# Sums and dates that a person may judge; whatever else is wrong with a row leaves nothing that could be booked.
JUDGED = frozenset({Fault.GROSS, Fault.NET, Fault.COMMISSION, Fault.STAMP_ON_BUY, Fault.SETTLED_BEFORE_TRADE})


def may_be_booked(first: Fault, again: Fault | None) -> bool:
    """Say whether a row may be released: its first fault, and what the same check says of it now."""
    return first is not Fault.DUPLICATE and (again is None or again in JUDGED)


def is_closed(verdict: str | None, state: str | None) -> bool:
    """Tell whether a row is done with: released or rejected by two persons."""
    return state == ReviewState.SETTLED and verdict != Verdict.WAIT


@dataclass(frozen=True)
class Quarantined:
    """A row that failed a check: its file, line (the header is 1), why, and the row as it stood."""

    file: str
    line: int
    fault: Fault
    verbatim: str
    account_no: str | None = None


@dataclass(frozen=True)
class Break:
    """Two things that should be equal and aren't; amounts in yuan or shares. Listed, never put right by itself."""

    kind: BreakKind
    account_no: str
    expected: Decimal
    reported: Decimal
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def difference(self) -> Decimal:
        """Give reported less expected."""
        return self.reported - self.expected


@dataclass(frozen=True)
class Outcome:
    """What a load came to."""

    state: State
    reason: Reason | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    business_date: date | None = None
    rows: int = 0
    batch_id: int | None = None
    quarantined: tuple[Quarantined, ...] = ()
    breaks: tuple[Break, ...] = ()


def refused(reason: Reason, **detail: Any) -> Outcome:
    """Say no to a whole day or file."""
    return Outcome(State.REFUSED, reason, detail)
