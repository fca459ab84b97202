"""The terms of bookings: states and steps, kinds and cases, papers, promises, and every reason for a no."""

from enum import StrEnum


class State(StrEnum):
    """Where a booking stands."""

    BOOKED = "booked"
    PRECHECKED = "prechecked"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    CALLING = "calling"
    UNREACHED = "unreached"
    CONFIRMED = "confirmed"
    EFFECTIVE = "effective"
    TAKEN_IN = "taken_in"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    DENIED = "denied"


class Verb(StrEnum):
    """What can happen to a booking."""

    CONTACT = "contact"
    PRECHECK = "precheck"
    WITNESS = "witness"
    RETURN = "return"
    APPROVE = "approve"
    SIGN = "sign"
    CONFIRM = "confirm"
    DENY = "deny"
    MISS = "miss"
    CALL_AGAIN = "call_again"
    TAKE_EFFECT = "take_effect"
    TAKE_IN = "take_in"
    FINISH = "finish"
    MOVE = "move"
    CANCEL = "cancel"
    NO_SHOW = "no_show"


class Kind(StrEnum):
    """What the visit is for."""

    NEW = "new"
    TRANSFER_IN = "transfer_in"
    ID_UPDATE = "id_update"
    CUSTODY = "custody"
    OTHER = "other"


class Case(StrEnum):
    """Who comes: it decides which papers are needed."""

    ADULT = "adult"
    MINOR = "minor"
    AGENT = "agent"
    COMPANY = "company"


class Channel(StrEnum):
    """How the booking came in."""

    WEB = "web"
    PHONE = "phone"
    BRANCH = "branch"
    STAFF = "staff"
    REFERRAL = "referral"


class SlotKind(StrEnum):
    """What a place is good for; on a weekend papers are taken in and finished on the next workday."""

    VISIT = "visit"
    WEEKEND = "weekend"


class Paper(StrEnum):
    """What is brought along."""

    ID = "id"
    BANK_CARD = "bank_card"
    TAX = "tax"
    INCOME = "income"
    GUARDIAN = "guardian"
    POWER = "power"
    AGENT_ID = "agent_id"
    LICENCE = "licence"
    CONTROLLER = "controller"
    TRANSFER = "transfer"
    RISK = "risk"


class Refusal(StrEnum):
    """Why a place can't be had, or a step not be taken."""

    FULL = "full"
    TOO_LATE = "too_late"
    TOO_SOON = "too_soon"
    NOT_BOOKABLE = "not_bookable"
    ALREADY_BOOKED = "already_booked"
    NO_CALENDAR = "no_calendar"
    NO_STAFF = "no_staff"
    TOO_MANY = "too_many"
    WRONG_CODE = "wrong_code"
    CODE_LAPSED = "code_lapsed"
    MOVED_TWICE = "moved_twice"
    SAME_SLOT = "same_slot"
    NO_REASON = "no_reason"
    PAPERS_MISSING = "papers_missing"
    ID_LAPSES = "id_lapses"
    DUPLICATE = "duplicate"
    NO_QUESTIONNAIRE = "no_questionnaire"
    OWN_WITNESS = "own_witness"
    MARKETING_WITNESS = "marketing_witness"
    OWN_WORK = "own_work"
    NOT_SIGNED = "not_signed"
    ALREADY_WAITING = "already_waiting"
    OFFER_LAPSED = "offer_lapsed"
    STALE = "stale"
    HAS_SIGN_IN = "has_sign_in"
    ALL_DONE = "all_done"
    LINES_MISSING = "lines_missing"
    NOT_HANDLER = "not_handler"
    NOT_DIRECTOR = "not_director"
    NOT_SIGNED_YET = "not_signed_yet"
    NOT_OPEN_YET = "not_open_yet"
    HANDED_ALREADY = "handed_already"
    NOT_HANDED = "not_handed"
    BAD_DAY = "bad_day"


class Copy(StrEnum):
    """Who keeps a copy of the confirmation."""

    OPERATIONS = "operations"
    REGISTRAR = "registrar"
    CLIENT = "client"


class PromiseKind(StrEnum):
    """What the service promises by a time."""

    ANSWER = "answer"
    REVIEW = "review"
    CALL = "call"


class Way(StrEnum):
    """How the client has what belongs to his new account."""

    COLLECT = "collect"
    BRING = "bring"


class Item(StrEnum):
    """What is handed over once an account is open."""

    CARD = "card"
    CUSTODY = "custody"


class Why(StrEnum):
    """Why a day has no places."""

    UNCONFIRMED = "unconfirmed"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    FULL = "full"
    OVER = "over"
    CLOSED = "closed"
