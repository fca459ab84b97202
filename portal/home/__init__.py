"""首页: what a client sees first."""

from portal.home.actions import reward_complete

__all__ = ["reward_complete"]
