"""What the desk's page of tiers accepts, and the words of every no."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.tiers.rules import Tier
from portal.tiers.terms import BadTerms, Get, Service, Terms

REFUSALS: Mapping[BadTerms, str] = {
    BadTerms.NOT_A_NUMBER: later("门槛须是大于零的数。"),
    BadTerms.OVERLAPS: later("门槛重叠：较高一级须比较低一级要求更多。"),
    BadTerms.SLOWER: later("较高一级的答复时限不能比较低一级长。"),
    BadTerms.NOT_LATER: later("生效日须在今天之后，并晚于已公布的每一版。"),
    BadTerms.SAME_PERSON: later("起草人不能自己公布，须由他人复核。"),
}
SERVICES: Mapping[Service, str] = {
    Service.CARE: later("柜台、客服、网上和关怀服务"),
    Service.FIRST: later("电话和各类办理先办"),
    Service.TEAM: later("服务专号，一对一团队"),
    Service.SMS: later("收费短信"),
    Service.COMMISSION: later("佣金变现产品"),
    Service.CLUB: later("衡庐俱乐部"),
}
GETS: Mapping[Get, str] = {
    Get.YES: later("有"),
    Get.APPLY: later("可申请"),
    Get.POINTS: later("积分申请"),
    Get.JOIN: later("加入"),
    Get.NONE: "–",
}
OUTCOMES = {"up": later("升级"), "kept": later("保持"), "warned": later("已提示降级")}
AMOUNT = later("请填写大于零的金额，最多两位小数。")
Amount = Annotated[str, Meta(pattern=r"^\d{1,12}(\.\d{1,2})?$")]


NOT_YET = later("这一天还没有已公布的积分规则。")


class PreviewForm(Form):
    """A net commission, a day and a tier to work out points for."""

    words: ClassVar[Mapping[str, str]] = {
        "commission": AMOUNT,
        "on": later("请填写日期，如 2027-01-05。"),
        "tier": later("请选择一项。"),
    }
    commission: Amount
    on: date
    tier: Annotated[str, Meta(pattern="^(normal|silver|gold|platinum)$")]

    @property
    def fen(self) -> int:
        """Give the commission in fen."""
        return int(Decimal(self.commission).scaleb(2))


MINUTES = later("请填写 1 到 4800 的整数。")
Minutes = Annotated[int, Meta(ge=1, le=4800)]
CHOICE = Annotated[str, Meta(pattern="^(yes|apply|points|join|none)$")]
CELLS = {f"{service}_{tier}": CHOICE for service in Service for tier in Tier}


class TermsForm(Form):
    """New thresholds, promises and the table of who gets what, and the day from which they hold."""

    words: ClassVar[Mapping[str, str]] = {
        "valid_from": later("请填写生效日，如 2027-01-01。"),
        **{f"{tier}_{what}": AMOUNT for tier in ("silver", "gold", "platinum") for what in ("assets", "commission")},
        **{f"{tier}_minutes": MINUTES for tier in Tier},
        **dict.fromkeys(CELLS, later("请选择一项。")),
    }
    valid_from: date
    silver_assets: Amount
    gold_assets: Amount
    platinum_assets: Amount
    silver_commission: Amount
    gold_commission: Amount
    platinum_commission: Amount

    normal_minutes: Minutes
    silver_minutes: Minutes
    gold_minutes: Minutes
    platinum_minutes: Minutes

    @classmethod
    def fields(cls) -> dict[str, Any]:
        """Name the form's fields: a cell of the table is one too."""
        return {**super().fields(), **CELLS}

    @classmethod
    def filled(cls, body: Mapping[str, Any], known: Terms) -> "TermsForm":
        """Give the form with what holds now, to be changed."""
        form = cls()
        form.typed = {f"{tier}_{what}": amount for tier, bar in body["bars"].items() for what, amount in bar.items()}
        form.typed |= {f"{tier}_minutes": str(minutes) for tier, minutes in known.minutes.items()}
        form.typed |= {f"{service}_{tier}": known.services[service][tier] for service in Service for tier in Tier}
        return form

    def body(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Give terms with what was typed, all else as it was before."""
        bars = {
            tier: {what: getattr(self, f"{tier}_{what}") for what in ("assets", "commission")}
            for tier in ("silver", "gold", "platinum")
        }
        services = {
            str(service): {str(tier): getattr(self, f"{service}_{tier}") for tier in Tier} for service in Service
        }
        minutes = {str(tier): getattr(self, f"{tier}_minutes") for tier in Tier}
        return {**before, "bars": bars, "services": services, "minutes": minutes}
