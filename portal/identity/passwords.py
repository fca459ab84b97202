"""Password hashes: argon2id in one thread with short queues, so that a flood of sign-ins slows nobody's page."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.identity.rules import LONGEST_BYTES

# 19 MiB, two passes, one lane: OWASP's figures, about 25 ms here.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_THREAD = [ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")]
# A forked process has the executor but not its thread, and would wait for ever.
os.register_at_fork(after_in_child=lambda: _THREAD.__setitem__(0, ThreadPoolExecutor(1, "argon2")))
PLACES = 20
# Two queues: strangers who flood theirs leave the one of the known devices free.
STRANGERS, KNOWN = BoundedSemaphore(PLACES), BoundedSemaphore(PLACES)
Outcome = TypeVar("Outcome")
_NOBODY = _HASHER.hash("nobody has this password")


class Busy(Exception):
    """The queue is full; the visitor is asked to come back."""


def hashed(password: str) -> str:
    """Hash a password; raises Busy."""
    return _queued(STRANGERS, _HASHER.hash, password)


def matches(password_hash: str | None, password: str, *, queue: BoundedSemaphore = STRANGERS) -> bool:
    """Check a password; without a user, or for more bytes than we take, the same work is done in vain. Raises Busy."""
    fits = len(password.encode()) <= LONGEST_BYTES
    right = _queued(queue, _verify, password_hash or _NOBODY, password if fits else "")
    return right and fits and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _queued(queue: BoundedSemaphore, work: Callable[..., Outcome], *values: str) -> Outcome:
    # The place is given back when the thread is done, not when the visitor has left.
    if not queue.acquire(blocking=False):
        raise Busy
    task = _THREAD[0].submit(work, *values)
    task.add_done_callback(lambda _: queue.release())
    return task.result()
