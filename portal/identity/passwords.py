"""Password hashes: argon2id in one thread with a short queue, so that a flood of sign-ins slows nobody's page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB, two passes, one lane: OWASP's figures, about 25 ms here.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")
_PLACES = BoundedSemaphore(20)
Outcome = TypeVar("Outcome")
_NOBODY = _HASHER.hash("nobody has this password")


class Busy(Exception):
    """The queue is full; the visitor is asked to come back."""


def hashed(password: str) -> str:
    """Hash a password; raises Busy."""
    return _queued(_HASHER.hash, password)


def matches(password_hash: str | None, password: str) -> bool:
    """Check a password; without a user the same work is done for nothing. Raises Busy."""
    return _queued(_verify, password_hash or _NOBODY, password) and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _queued(work: Callable[..., Outcome], *values: str) -> Outcome:
    # The place is given back when the thread is done, not when the visitor has left.
    if not _PLACES.acquire(blocking=False):
        raise Busy
    task = _THREAD.submit(work, *values)
    task.add_done_callback(lambda _: _PLACES.release())
    return task.result()
