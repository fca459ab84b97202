"""What the pages about one client say."""

from collections.abc import Mapping

from portal.dossier.rules import Reason, Stage, Warn
from portal.kit.i18n import later

KINDS: Mapping[str, str] = {
    "money": later("资金与交易"),
    "points": later("积分"),
    "redemptions": later("兑换与订阅"),
    "suitability": later("适当性"),
    "tiers": later("等级"),
    "visits": later("预约"),
    "calls": later("电话与回访"),
    "voice": later("心声"),
    "talk": later("对话"),
    "record": later("资料更改"),
    "consents": later("同意"),
    "letters": later("消息"),
    "club": later("俱乐部"),
    "library": later("投教与关怀"),
    "sign_in": later("登录"),
    "looks": later("谁看过"),
}
STAGES: Mapping[Stage, str] = {
    Stage.LEFT: later("已离开"),
    Stage.POTENTIAL: later("潜在"),
    Stage.LEAVING: later("有流失迹象"),
    Stage.NEW: later("新客户"),
    Stage.ACTIVE: later("活跃"),
    Stage.DORMANT: later("休眠"),
    Stage.QUIET: later("沉默"),
}
REASONS: Mapping[Reason, str] = {
    Reason.CLOSED: later("账户已停用或销户"),
    Reason.NOTHING_YET: later("开户后还没有入金和成交"),
    Reason.TURNOVER_DOWN: later("%(days)s 天成交额下降 %(percent)s%%"),
    Reason.MONEY_OUT: later("%(days)s 天净转出占资产 %(percent)s%%"),
    Reason.OPENED: later("开户 %(days)s 天"),
    Reason.TRADED: later("最近一次成交在 %(days)s 天前"),
    Reason.NOT_TRADED: later("已 %(days)s 天没有成交"),
}
WARNINGS: Mapping[Warn, str] = {
    Warn.DO_NOT_CALL: later("客户要求勿扰：不要打营销电话"),
    Warn.NO_MOBILE: later("没有登记手机号"),
    Warn.ID_EXPIRED: later("证件已过期"),
    Warn.ID_ENDS: later("证件还有 %(days)s 天到期"),
    Warn.NO_LEVEL: later("还没有风险测评"),
    Warn.LEVEL_EXPIRED: later("风险测评已过期"),
    Warn.LEVEL_ENDS: later("风险测评还有 %(days)s 天到期"),
    Warn.FIGURES_CHECKED: later("柜台与我们的记录正在核对，持仓数字可能不全"),
    Warn.OVERDUE_WORK: later("%(n)s 件在办的事已超过承诺时间"),
}
