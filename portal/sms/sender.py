"""Send: claim in one transaction, hand over outside of any, record in another."""

import time
from collections.abc import Sequence
from datetime import datetime

import structlog

from portal.kit.db import Database
from portal.sms import actions, rules
from portal.sms.actions import Claim, Follower
from portal.sms.gateway import Gateway
from portal.sms.rules import Answer, Outcome

TRIES = 5
log = structlog.get_logger()


def send_next(database: Database, gateway: Gateway, followers: Sequence[Follower], now: datetime) -> bool:
    """Send the oldest due message; False when nothing is due or the gateway is down."""
    if not gateway.is_up:
        return False
    with database.reading() as db:
        if not actions.is_due(db, now):
            return False
    with database.writing() as db:
        mine = actions.claim(db, now)
    if mine is None:
        return False
    _record(database, mine, _hand_over(gateway, mine), followers, now)
    return True


def _hand_over(gateway: Gateway, mine: Claim) -> Answer:
    if not rules.is_mobile(mine.to):
        return Answer(Outcome.REFUSED, error_code="bad_number")
    return gateway.submit(mine.id, mine.to, mine.text)


def _record(database: Database, mine: Claim, answer: Answer, followers: Sequence[Follower], now: datetime) -> None:
    facts = {"message": mine.id, "outcome": answer.outcome, "error_code": answer.error_code}
    for attempt in range(1, TRIES + 1):
        try:
            with database.writing() as db:
                kept = actions.record(db, mine, answer, followers, now)
        except Exception as problem:  # noqa: BLE001 the answer is all we know: don't lose it to a passing fault
            log.error("sms.not_recorded", attempt=attempt, problem=type(problem).__name__, **facts)
            time.sleep(0.2 * attempt)
        else:
            log.info("sms.sent" if kept else "sms.overtaken", **facts)
            return
