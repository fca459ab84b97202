"""工作台: where staff work: queues and the client's file."""

from collections.abc import Sequence

from portal import redemptions
from portal.desk.actions import lay_week
from portal.desk.overdue import tell_late
from portal.sms import Follower

# Who hears of each change of a message, whether the worker brings it or staff at the desk.
FOLLOWERS: Sequence[Follower] = (redemptions.follow,)

__all__ = ["FOLLOWERS", "lay_week", "tell_late"]
