"""What the desk's page of tiers accepts, and the words of every no."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.tiers.terms import HOUSE, BadTerms

REFUSALS: Mapping[BadTerms, str] = {
    BadTerms.NOT_A_NUMBER: later("门槛须是大于零的数。"),
    BadTerms.OVERLAPS: later("门槛重叠：较高一级须比较低一级要求更多。"),
    BadTerms.NOT_LATER: later("生效日须在今天之后，并晚于已公布的每一版。"),
    BadTerms.SAME_PERSON: later("起草人不能自己公布，须由他人复核。"),
}
OUTCOMES = {"up": later("升级"), "kept": later("保持"), "warned": later("已提示降级")}
AMOUNT = later("请填写大于零的金额，最多两位小数。")
Amount = Annotated[str, Meta(pattern=r"^\d{1,12}(\.\d{1,2})?$")]


class TermsForm(Form):
    """New thresholds and the day from which they hold."""

    words: ClassVar[Mapping[str, str]] = {
        "valid_from": later("请填写生效日，如 2027-01-01。"),
        **{f"{tier}_{what}": AMOUNT for tier in ("silver", "gold", "platinum") for what in ("assets", "commission")},
    }
    valid_from: date
    silver_assets: Amount
    gold_assets: Amount
    platinum_assets: Amount
    silver_commission: Amount
    gold_commission: Amount
    platinum_commission: Amount

    def body(self) -> dict[str, Any]:
        """Give the terms with these thresholds, all else as the house has it."""
        bars = {
            tier: {what: getattr(self, f"{tier}_{what}") for what in ("assets", "commission")}
            for tier in ("silver", "gold", "platinum")
        }
        return {**HOUSE, "bars": bars}
