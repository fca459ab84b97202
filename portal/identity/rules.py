"""Decisions at the door: passwords, limits, sessions; on plain values only."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from itertools import pairwise

ALONE_LENGTH = 15  # a password that is the only factor (NIST SP 800-63B-4)
WITH_SECOND_LENGTH = 8
LONGEST_BYTES = 1024
ACTIVATION_LASTS = timedelta(minutes=10)
ATTEMPT_LASTS = timedelta(minutes=5)
ATTEMPT_TRIES = 5
SESSION_LASTS = timedelta(hours=12)
IDLE = {"client": timedelta(minutes=30), "staff": timedelta(minutes=15)}
SEEN_EVERY = timedelta(minutes=1)
CODE_WINDOW = 1  # steps before and after the present one that are still taken
RECOVERY_CODES = 10
RECOVERY_LENGTH = 26  # 130 bits of CROCKFORD: enough for a plain hash (ASVS 6.5.2)
RECOVERY_RESTS = timedelta(hours=24)  # between the second person's word and the code: time to object
RENEWAL_LASTS = timedelta(minutes=10)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Role(StrEnum):
    """What a member of staff is; one person may be several."""

    ADVISER = "adviser"  # 投顾: looks after clients of his own
    HANDLER = "handler"  # 经办: works on requests
    REVIEWER = "reviewer"  # 复核: the other one, who decides
    COMPLIANCE = "compliance"  # 合规: reads everything
    MANAGER = "manager"  # 主管: answers for the work of others
    ADMINISTRATOR = "administrator"  # 系统管理: enters staff; reads no client


ALL_BRANCHES = frozenset({Role.COMPLIANCE, Role.MANAGER})  # whoever has one of these reaches every branch


class Refusal(StrEnum):
    """Why somebody is not let in, or a credential not taken."""

    WRONG = "wrong"  # user name, password or code: never which
    TOO_MANY = "too_many"
    BUSY = "busy"
    LAPSED = "lapsed"
    NAME_TAKEN = "name_taken"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"
    HOLDS_NUMBERS = "holds_numbers"
    NOT_FOR_STAFF = "not_for_staff"
    OPEN_ALREADY = "open_already"
    OWN_WORK = "own_work"
    TOO_EARLY = "too_early"
    GONE = "gone"


class Told(StrEnum):
    """The changes of credentials that a client is told of."""

    PASSWORD_CHANGED = "password_changed"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_NEW = "second_factor_new"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    RECOVERY_OPENED = "recovery_opened"
    RECOVERY_CONFIRMED = "recovery_confirmed"
    RECOVERY_GIVEN = "recovery_given"
    RECOVERED = "recovered"


def password_refusal(
    password: str, *, second_factor: bool, common: frozenset[str], personal: Iterable[str]
) -> Refusal | None:
    """Say why a password will not do, or None: length, a blocklist, runs and repeats, one's own numbers and names."""
    if len(password) < (WITH_SECOND_LENGTH if second_factor else ALONE_LENGTH):
        return Refusal.TOO_SHORT
    if len(password.encode()) > LONGEST_BYTES:
        return Refusal.TOO_LONG
    plain = password.casefold()
    if plain in common or is_run_or_repeat(plain):
        return Refusal.TOO_COMMON
    if any(len(word) >= 4 and word.casefold() in plain for word in personal):
        return Refusal.HOLDS_NUMBERS
    return None


def is_run_or_repeat(text: str) -> bool:
    """Tell whether a text is a run such as 123456789 or one short piece over and over."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1}) or re.fullmatch(r"(.{1,4}?)\1+.{0,3}", text) is not None


@dataclass(frozen=True)
class Bucket:
    """A token bucket: so many tries at once, one more each `refill`."""

    size: int
    refill: timedelta


LIMITS = {
    "account": Bucket(5, timedelta(minutes=1)),  # never more than ten guesses in any five minutes
    "in_a_row": Bucket(100, timedelta(days=36500)),  # NIST SP 800-63B-4; full again with the right answer
    "device": Bucket(20, timedelta(seconds=6)),
    "network": Bucket(60, timedelta(seconds=1)),
    "activation": Bucket(10, timedelta(seconds=30)),
    "booking_place": Bucket(15, timedelta(seconds=30)),
    "booking_network": Bucket(20, timedelta(minutes=1)),
    "booking_phone": Bucket(3, timedelta(minutes=20)),  # codes sent to one number
    "voice": Bucket(10, timedelta(minutes=30)),  # a client's complaints, enquiries and suggestions
    "phone_change": Bucket(3, timedelta(minutes=20)),  # a client, before staff are asked
    "email_link": Bucket(3, timedelta(minutes=20)),  # links that a client lets us send
    "call_proof": Bucket(3, timedelta(minutes=20)),  # a client, of whom somebody on the telephone says he is it
}


def drawn(bucket: Bucket, *, tokens: float, updated_at: datetime, now: datetime) -> float | None:
    """Take one token: give what is left, or None when the bucket is empty. A clock that ran back adds nothing."""
    passed = max(now - updated_at, timedelta(0))
    held = min(float(bucket.size), tokens + passed / bucket.refill)
    return held - 1 if held >= 1 else None


def is_alive(*, created_at: datetime, seen_at: datetime, revoked_at: datetime | None, kind: str, now: datetime) -> bool:
    """Tell whether a session still opens the door."""
    return revoked_at is None and now - seen_at < IDLE[kind] and now - created_at < SESSION_LASTS


def fresh_secret() -> str:
    """Make a 256-bit secret for a session, a device or a challenge."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Give the hash under which a secret is kept; the secret itself never is."""
    return hashlib.sha256(secret.encode()).hexdigest()


def activation_code() -> str:
    """Make a code of 50 bits that can be read aloud: no I, L, O or U."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(10))


def recovery_code() -> str:
    """Make a recovery code of 130 bits in the same letters."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(RECOVERY_LENGTH))


def normal_code(typed: str) -> str:
    """Bring a typed code to the form that was given out: spaces and dashes gone, look-alikes mended."""
    bare = re.sub(r"[\s-]", "", typed).upper()
    return bare.translate(str.maketrans("OIL", "011"))


def network_of(address: str) -> str:
    """Give the network that counts as one visitor: /24 of IPv4, /64 of IPv6; whatever is no address counts as one."""
    try:
        host = ip_address(address)
    except ValueError:
        return "unknown"
    host = getattr(host, "ipv4_mapped", None) or host
    return str(ip_network((host, 24 if host.version == 4 else 64), strict=False))
