"""首页: what a client sees first."""

from portal.home.actions import ask_guests, reward_complete

__all__ = ["ask_guests", "reward_complete"]
