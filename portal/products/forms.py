"""What the desk's page of the catalogue accepts, and the words of every no."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.products.rules import Refusal

WORDS: Mapping[Refusal, str] = {
    Refusal.SAME_PERSON: later("提出的人不能自己确认，须由他人确认。"),
    Refusal.NO_REASON: later("请写明理由，最多 300 字。"),
    Refusal.PROPOSED_ALREADY: later("已经有人提出，正在等确认。"),
    Refusal.NOTHING_TO_DO: later("它已经变了，请看最新的情况。"),
}


class SwitchForm(Form):
    """Why a plan is to be turned on or off."""

    words: ClassVar[Mapping[str, str]] = {"reason": WORDS[Refusal.NO_REASON]}
    reason: Annotated[str, Meta(min_length=1, max_length=300)]
