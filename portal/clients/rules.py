"""What we show of a person to whom, which indicators the core system keeps, and which step a change may take."""

from enum import StrEnum

CORE_KEYS = frozenset(
    """
    name gender birth_date nationality ethnic_group id_type id_number id_valid_from id_valid_to id_issuer id_address
    mobile client_code fund_account sh_account sz_account bj_account open_fund_account account_status open_date
    open_channel branch custody_bank bank_card commission_rate order_channels margin_enabled options_level gem_enabled
    star_enabled hkconnect_enabled total_assets market_value cash_balance avg_assets_20d turnover_12m commission_12m
    first_trade_date last_trade_date aml_rating
    """.split()
)


def masked_phone(number: str) -> str:
    """Keep three and four digits: 138****5678; a number too short for that is hidden whole."""
    return f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"


def masked_name(name: str) -> str:
    """Hide the first of two characters, or all but the first and the last: *三, 欧**明."""
    if len(name) < 3:
        return f"*{name[1:]}"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def masked_account(number: str) -> str:
    """Keep the last four: ****3071; a number too short for that is hidden whole."""
    return f"****{number[-4:]}" if len(number) > 4 else "****"


class Refusal(StrEnum):
    """Why a change can't be asked for or decided."""

    UNCHANGED = "unchanged"
    WAITS_ALREADY = "waits_already"
    NO_REASON = "no_reason"
    TOO_MANY = "too_many"
    LAPSED = "lapsed"
    WRONG_CODE = "wrong_code"
    NO_WAY = "no_way"
    NOT_THE_CALLER = "not_the_caller"
    NOT_BY_PHONE = "not_by_phone"


class CallState(StrEnum):
    """How a telephone call stands in which somebody says that he is a client."""

    OPEN = "open"
    PROVED = "proved"
    FAILED = "failed"
    ENDED = "ended"


class Way(StrEnum):
    """How a caller is proved: a code to the registered number, or two facts that we draw."""

    CODE = "code"
    FACTS = "facts"


class State(StrEnum):
    """Where a request for a change, or a report of an error, stands."""

    REQUESTED = "requested"
    ENDORSED = "endorsed"
    APPROVED = "approved"  # decided here; the counter does not know it yet
    EFFECTIVE = "effective"
    OVERDUE = "overdue"  # three trading days later the feed still brings something else
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What happens to it."""

    ENDORSE = "endorse"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    TAKE_EFFECT = "take_effect"
    FALL_OVERDUE = "fall_overdue"
    OBJECT = "object"


OPEN = (State.REQUESTED, State.ENDORSED)
AT_COUNTER = (State.APPROVED, State.OVERDUE)
STEPS = {
    (State.REQUESTED, Verb.ENDORSE): State.ENDORSED,
    **{(state, Verb.APPROVE): State.APPROVED for state in OPEN},
    **{(state, Verb.REJECT): State.REJECTED for state in OPEN},
    **{(state, Verb.WITHDRAW): State.WITHDRAWN for state in OPEN},
    **{(state, Verb.OBJECT): State.WITHDRAWN for state in OPEN},
    **{(state, Verb.TAKE_EFFECT): State.EFFECTIVE for state in AT_COUNTER},
    (State.APPROVED, Verb.FALL_OVERDUE): State.OVERDUE,
}
QUEUE = "client_changes"
BY_HIMSELF = ("web", "kiosk")  # the ways in on which the client himself is at the keys
OVERDUE_TRADING_DAYS = 3
ANSWER_WORKDAYS = 2
REVEALS_A_DAY = 30  # more than these in a day raise an alarm
CONSENTS = ("consent_marketing", "consent_care", "consent_sensitive", "consent_sharing")
CONSENT_TEXT = "2026.1"  # the version of the texts that the page shows


def after(state: State, verb: Verb) -> State | None:
    """Give the state that a verb leads to, or None where it does not apply."""
    return STEPS.get((state, verb))
