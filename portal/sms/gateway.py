"""The port to a gateway: whatever carries our messages looks like this."""

from typing import Protocol

from portal.sms.rules import Answer


class Gateway(Protocol):
    """Carries messages; delivery reports come back through the function it was given when it was made."""

    @property
    def is_up(self) -> bool:
        """Tell whether it could take a message now."""
        ...

    def submit(self, message_id: int, to: str, text: str) -> Answer:
        """Hand over one message under our id and wait for the answer; never raises for what a network does."""
        ...
