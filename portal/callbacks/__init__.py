"""回访: who is to be called, with which script, every try, and what the client confirmed."""

from portal.audit import Person
from portal.callbacks.actions import open_task, publish_scripts, record_try, withdraw
from portal.callbacks.campaigns import Plan, begin, newest, reaches
from portal.callbacks.charges import CHARGES
from portal.callbacks.forms import OCCASIONS, REFUSALS, STATES, TARGETS
from portal.callbacks.models import Campaign
from portal.callbacks.of_client import DATA, MOMENTS, WAITING
from portal.callbacks.queries import Share, newest_about, share_called, task_of, tries_of
from portal.callbacks.regular import is_drawn, plan_regular
from portal.callbacks.rules import Kind, Occasion, Refusal, State, Target
from portal.callbacks.watch import WATCH

__all__ = [
    "CHARGES",
    "DATA",
    "MOMENTS",
    "OCCASIONS",
    "REFUSALS",
    "STATES",
    "TARGETS",
    "WAITING",
    "WATCH",
    "Campaign",
    "Kind",
    "Occasion",
    "Person",
    "Plan",
    "Refusal",
    "Share",
    "State",
    "Target",
    "begin",
    "is_drawn",
    "newest",
    "newest_about",
    "open_task",
    "plan_regular",
    "publish_scripts",
    "reaches",
    "record_try",
    "share_called",
    "task_of",
    "tries_of",
    "withdraw",
]
