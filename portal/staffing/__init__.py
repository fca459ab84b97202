"""人员: who works here and as what, who is away or has left, and who has taken their clients and open work over."""

from portal.staffing.handing import Plan, approve, ask, keep, preview, refuse, withdraw
from portal.staffing.rules import Kind, Refusal, State
from portal.staffing.work import CHARGES, held_by

__all__ = [
    "CHARGES",
    "Kind",
    "Plan",
    "Refusal",
    "State",
    "approve",
    "ask",
    "held_by",
    "keep",
    "preview",
    "refuse",
    "withdraw",
]
