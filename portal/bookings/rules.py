"""Decisions about a booking: its course, who may take which step, how long a place is kept, when one may move."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from portal.bookings.terms import Case, Kind, Paper, PromiseKind, Refusal, State, Verb

# House defaults of the service: what is promised, and for how long something is kept.
FIRST_RESPONSE_MINUTES = 30  # working minutes until a member of staff has looked at a booking
REVIEW_MINUTES = 120  # working minutes for the second person
SIGN_WORKDAYS, CALL_WORKDAYS, RETURN_WORKDAYS = 2, 2, 1
HOLD_FOR = timedelta(minutes=5)
CODE_LASTS, CODE_TRIES = timedelta(minutes=5), 5
OFFER_FOR = timedelta(minutes=30)
AHEAD = timedelta(hours=1)  # a place can be booked until an hour before
MOVES_LIMIT, MOVE_UNTIL = 2, timedelta(hours=2)
DAYS_SHOWN = 14
SLOT_TIMES = (time(9), time(9, 30), time(10), time(10, 30), time(13), time(14), time(15), time(16))
WEEKEND_TIMES = (time(10), time(11), time(14), time(15))
SATURDAY = 5
SLOT_LASTS = timedelta(minutes=30)
NO_SHOW_AFTER = timedelta(hours=1)
ID_VALID_DAYS = 30
MISSING_AFTER_TRADING_DAYS = 3
EFFECT_AT = time(17, 30)
REFERRAL_POINTS = 300
REMIND_EVENING, REMIND_HOURS = time(17), timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
BANNER_DAYS = 60
PREPARE_DAYS = 3  # how far ahead papers are looked through: from Saturday to Tuesday


OPENINGS = (Kind.NEW, Kind.TRANSFER_IN)
ENDED = (State.EFFECTIVE, State.DONE, State.CANCELLED, State.NO_SHOW, State.DENIED)
UNFINISHED = (State.NO_SHOW, State.RETURNED, State.UNREACHED, State.APPROVED)
FOLLOW_UPS, FOLLOW_UP_WORKDAYS = 2, 5
SPOT_CHECK_PERCENT = 10
BEFORE_VISIT = (State.BOOKED, State.PRECHECKED)
AT_STAFF = (State.BOOKED, State.PRECHECKED, State.IN_REVIEW, State.RETURNED, State.UNREACHED, State.TAKEN_IN)
STEPS: dict[tuple[State, Verb], State] = {
    (State.BOOKED, Verb.CONTACT): State.BOOKED,
    (State.BOOKED, Verb.PRECHECK): State.PRECHECKED,
    (State.PRECHECKED, Verb.WITNESS): State.IN_REVIEW,
    (State.RETURNED, Verb.WITNESS): State.IN_REVIEW,
    (State.IN_REVIEW, Verb.RETURN): State.RETURNED,
    (State.IN_REVIEW, Verb.APPROVE): State.APPROVED,
    (State.APPROVED, Verb.SIGN): State.CALLING,
    (State.CALLING, Verb.CONFIRM): State.CONFIRMED,
    (State.CALLING, Verb.DENY): State.DENIED,
    (State.CALLING, Verb.MISS): State.UNREACHED,
    (State.UNREACHED, Verb.CALL_AGAIN): State.CALLING,
    (State.CONFIRMED, Verb.TAKE_EFFECT): State.EFFECTIVE,
    (State.EFFECTIVE, Verb.DENY): State.DENIED,  # a spot check ends the relation on record
    (State.BOOKED, Verb.TAKE_IN): State.TAKEN_IN,
    (State.BOOKED, Verb.FINISH): State.DONE,
    (State.TAKEN_IN, Verb.FINISH): State.DONE,
    (State.BOOKED, Verb.NO_SHOW): State.NO_SHOW,
    (State.PRECHECKED, Verb.NO_SHOW): State.NO_SHOW,
    **{(state, Verb.MOVE): state for state in BEFORE_VISIT},
    **{
        (state, Verb.CANCEL): State.CANCELLED
        for state in (*BEFORE_VISIT, State.RETURNED, State.APPROVED, State.UNREACHED)
    },
}
KEEPS: dict[Verb, PromiseKind] = {
    Verb.CONTACT: PromiseKind.ANSWER,
    Verb.PRECHECK: PromiseKind.ANSWER,
    Verb.TAKE_IN: PromiseKind.ANSWER,
    Verb.FINISH: PromiseKind.ANSWER,
    Verb.RETURN: PromiseKind.REVIEW,
    Verb.APPROVE: PromiseKind.REVIEW,
    Verb.CONFIRM: PromiseKind.CALL,
    Verb.DENY: PromiseKind.CALL,
    Verb.MISS: PromiseKind.CALL,
}  # which promise a step keeps
SIGNED = (State.CALLING, State.UNREACHED, State.CONFIRMED)
ONLY_OPENINGS = {Verb.PRECHECK, Verb.WITNESS}
ONLY_COUNTER = {Verb.TAKE_IN, Verb.FINISH}
PAPERS: dict[Case, tuple[Paper, ...]] = {
    Case.ADULT: (Paper.ID, Paper.BANK_CARD, Paper.TAX),
    Case.MINOR: (Paper.ID, Paper.BANK_CARD, Paper.TAX, Paper.INCOME, Paper.GUARDIAN),
    Case.AGENT: (Paper.ID, Paper.BANK_CARD, Paper.TAX, Paper.POWER, Paper.AGENT_ID),
    Case.COMPANY: (Paper.LICENCE, Paper.ID, Paper.POWER, Paper.CONTROLLER, Paper.TAX, Paper.RISK),
}
TRACK = {
    State.BOOKED: 2, State.PRECHECKED: 3, State.RETURNED: 3, State.IN_REVIEW: 4, State.APPROVED: 5, State.CALLING: 6,
    State.UNREACHED: 6, State.CONFIRMED: 7, State.EFFECTIVE: 8,
}  # fmt: skip
SHORT_TRACK = {State.BOOKED: 2, State.TAKEN_IN: 3, State.DONE: 4}


def after(state: State, verb: Verb, kind: Kind) -> State | None:
    """Give the state that follows, or None where the step does not exist for this kind of visit."""
    is_opening = kind in OPENINGS
    if (verb in ONLY_OPENINGS and not is_opening) or (verb in ONLY_COUNTER and is_opening):
        return None
    return STEPS.get((state, verb))


def papers_for(case: Case, kind: Kind) -> tuple[Paper, ...]:
    """Give the materials checklist of a case."""
    if kind not in OPENINGS:
        return (Paper.ID, Paper.BANK_CARD) if kind is Kind.CUSTODY else (Paper.ID,)
    return (*PAPERS[case], Paper.TRANSFER) if kind is Kind.TRANSFER_IN else PAPERS[case]


def steps_of(kind: Kind) -> int:
    """Give how many steps the client's tracker has."""
    return 7 if kind in OPENINGS else 3


def step_now(state: State, kind: Kind) -> int:
    """Give the number of the step that the booking is at; one more than the last when all is done."""
    return (TRACK if kind in OPENINGS else SHORT_TRACK).get(state, steps_of(kind) + 1)


def move_refusal(*, moves: int, starts_at: datetime, now: datetime) -> Refusal | None:
    """Say why the client may not move or cancel any more: twice at most, until two hours before."""
    if starts_at - now < MOVE_UNTIL:
        return Refusal.TOO_LATE
    return Refusal.MOVED_TWICE if moves >= MOVES_LIMIT else None


def papers_refusal(
    *, needed: Collection[str], brought: Collection[str], id_days: int, is_duplicate: bool, has_questionnaire: bool
) -> Refusal | None:
    """Say what stands against the visit: a duplicate first, then the document, the papers, the questionnaire."""
    if is_duplicate:
        return Refusal.DUPLICATE
    if id_days <= ID_VALID_DAYS:
        return Refusal.ID_LAPSES
    if set(needed) - set(brought):
        return Refusal.PAPERS_MISSING
    return None if has_questionnaire else Refusal.NO_QUESTIONNAIRE


def witness_refusal(*, handler: int | None, witness: int, sells: bool) -> Refusal | None:
    """Say why somebody can't witness: not the handler, and nobody of the sales staff."""
    if witness == handler:
        return Refusal.OWN_WITNESS
    return Refusal.MARKETING_WITNESS if sells else None


def review_refusal(*, reviewer: int | None, concerned: Collection[int | None]) -> Refusal | None:
    """Say why somebody can't review: he handled, witnessed or referred it himself."""
    return Refusal.OWN_WORK if reviewer is None or reviewer in concerned else None


def ledger_step(
    *, closed_by: int | None, signed_by: int | None, received_by: int | None, staff: int
) -> tuple[str, Refusal | None]:
    """Give the next hand of a day's ledger, or why this member of staff can't be it: three hands, three persons."""
    if received_by is not None:
        return "", Refusal.ALL_DONE
    step = "closed" if closed_by is None else "signed" if signed_by is None else "received"
    return step, Refusal.OWN_WORK if staff in (closed_by, signed_by) else None


def reminders(starts_at: datetime, local_midnight: datetime) -> tuple[datetime, datetime]:
    """Give the two instants at which to remind, the day before at 17:00 and two hours before, out of quiet hours.

    `local_midnight` is the first instant of the visit's Shanghai day.
    """
    evening = local_midnight - timedelta(days=1) + timedelta(hours=REMIND_EVENING.hour)
    morning = local_midnight + timedelta(hours=QUIET_UNTIL.hour)
    return evening, max(starts_at - REMIND_HOURS, morning)


def least_loaded(loads: Collection[tuple[int, int]]) -> int | None:
    """Give who has the least to do, by (person, open bookings); of equals the one who came first."""
    return min(loads, key=lambda each: (each[1], each[0]))[0] if loads else None
