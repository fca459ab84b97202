"""回访: who is to be called, with which script, every try, and what the client confirmed."""

from portal.audit import Person
from portal.callbacks.actions import open_task, publish_scripts, record_try, withdraw
from portal.callbacks.queries import Share, share_called, task_of, tries_of
from portal.callbacks.regular import is_drawn, plan_regular
from portal.callbacks.rules import Kind, Refusal, State

__all__ = [
    "Kind",
    "Person",
    "Refusal",
    "Share",
    "State",
    "is_drawn",
    "open_task",
    "plan_regular",
    "publish_scripts",
    "record_try",
    "share_called",
    "task_of",
    "tries_of",
    "withdraw",
]
