"""The words of the client record: options, sources, ways in, steps, and why something will not do."""

from collections.abc import Mapping
from enum import StrEnum

from portal import queues
from portal.clients.indicators import Indicator
from portal.clients.rules import CallState, Refusal, State
from portal.clients.values import Fault, masked
from portal.kit.i18n import language, later, say

FAULTS: Mapping[Fault, str] = {
    Fault.EMPTY: later("请填写这一项。"),
    Fault.TOO_LONG: later("最多 120 个字。"),
    Fault.NOT_TEXT: later("请只用文字和数字，不要用表情符号。"),
    Fault.NO_OPTION: later("请从列出的选项中选择。"),
    Fault.CONTRADICTORY: later("选了“无”，就不能再选别的。"),
    Fault.NO_PHONE: later("请填写手机号，或带区号的固定电话，如 0571-12345678。"),
    Fault.NO_MOBILE: later("请填写 11 位手机号。"),
    Fault.NO_EMAIL: later("请填写完整的邮箱地址，如 name@example.com。"),
    Fault.NO_POSTCODE: later("邮政编码是六位数字。"),
    Fault.NO_DATE: later("请填写日期，如 2036-12-31；长期有效请填“长期”。"),
    Fault.NO_PROVINCE: later("请从省、自治区或直辖市写起，如“浙江省杭州市……”。"),
    Fault.ID_LENGTH: later("身份证号是 18 位；其他证件是 6 到 15 位字母和数字。"),
    Fault.ID_CHECK: later("身份证号的校验位不对，请对照证件再看一遍。"),
    Fault.STUDENT_AGE: later("“学生”与您的年龄不大相符，请到营业部说明，或选择别的职业。"),
    Fault.RETIRED_AGE: later("“退休”与您的年龄不大相符，请到营业部说明，或选择别的职业。"),
    Fault.AT_COUNTER: later("这种情况要当面核对，请带证件到营业部办理。"),
}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.UNCHANGED: later("与现在登记的一样，不用更改。"),
    Refusal.WAITS_ALREADY: later("这一项已经有一件在办，请等它办完，或先撤回。"),
    Refusal.NO_REASON: later("请写明理由，客户会看到。"),
    Refusal.TOO_MANY: later("发得太多了，请过二十分钟再试。"),
    Refusal.LAPSED: later("时间过了，或试得太多，请重新申请。"),
    Refusal.WRONG_CODE: later("验证码不对，请对照两条短信再输一次。"),
    Refusal.NO_WAY: later("没有登记手机号，或登记的资料太少，不能这样核实。请客户到营业部。"),
    Refusal.NOT_THE_CALLER: later("核实没有通过。不要告诉来电的人哪里不对。"),
    Refusal.NOT_BY_PHONE: later("这一项不能在电话里申请。"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (REFUSALS, queues.REFUSALS) for key, words in table.items()}
NO_WHY = later("请写明原因，最多 500 字。")
NO_PAPERS = later("请附上证件的照片或扫描件，正反两面。")
NO_WORD = later("请先确认所填属实。")
NOBODY = later("没有这样的客户，或这个手机号不止一人登记。")
CALL_STATES: Mapping[CallState, str] = {
    CallState.OPEN: later("等待核实"),
    CallState.PROVED: later("已核实"),
    CallState.FAILED: later("核实未通过"),
    CallState.ENDED: later("已结束"),
}
WAYS: Mapping[str, str] = {"code": later("向登记的手机号发验证码"), "facts": later("问两项登记的资料")}
FACTS: Mapping[str, str] = {
    "id_tail": later("证件号码的最后四位"),
    "birth_date": later("出生日期（如 19800131）"),
    "open_year": later("哪一年开的户"),
    "email": later("登记的邮箱"),
    "emergency_tail": later("紧急联系人电话的最后四位"),
}
STATES: Mapping[State, str] = {
    State.REQUESTED: later("审核中"),
    State.ENDORSED: later("已初审，待复核"),
    State.APPROVED: later("已批准，待柜台生效"),
    State.EFFECTIVE: later("已生效"),
    State.OVERDUE: later("柜台超时未生效，正在追查"),
    State.REJECTED: later("未通过"),
    State.WITHDRAWN: later("已撤回"),
}
VERBS: Mapping[str, str] = {
    "request": later("提交"),
    "prove": later("新旧号码均以短信验证码证实"),
    "declare": later("客户声明所填属实"),
    "object": later("客户说不是他申请的"),
    "endorse": later("初审支持"),
    "approve": later("批准"),
    "reject": later("退回"),
    "withdraw": later("客户撤回"),
    "take_effect": later("生效"),
    "fall_overdue": later("三个交易日仍未生效，转人工追查"),
    "feed_differs": later("柜台数据仍是别的值，批准不受影响"),
    "export": later("发往柜台"),
}
SOURCES: Mapping[str, str] = {
    "core": later("柜台系统"),
    "client": later("您自己填写"),
    "system": later("系统记录"),
    "questionnaire": later("风险测评"),
    "staff": later("工作人员登记"),
}
CHANNELS: Mapping[str, str] = {
    "system": later("系统读取"),
    "web": later("网站"),
    "kiosk": later("服务终端"),
    "phone": later("客服电话"),
    "desk": later("中台"),
    "adviser": later("投顾"),
    "counter": later("柜台"),
}
GROUPS: Mapping[str, str] = {
    "web": later("客户自助"),
    "kiosk": later("客户自助"),
    **dict.fromkeys(("phone", "desk", "adviser", "counter"), later("人工补充")),
}
LOOKS: Mapping[str, str] = {
    "file": later("查看了您的客户页（号码均遮盖）"),
    "change": later("查看了您的更改申请"),
    "value": later("查看了完整的一项"),
    "evidence": later("打开了您附上的证明材料"),
    "request": later("查看了您的兑换申请"),
    "sheet": later("查看了您的风险测评"),
    "visit": later("查看了您的预约"),
    "callback": later("查看了给您的回访"),
    "case": later("查看了您反映的问题"),
    "talk": later("查看了您和团队的对话"),
    "club": later("查看了您的俱乐部申请"),
    "call": later("在电话中核对您的身份后查看了资料（号码均遮盖）"),
}
CONSENTS: Mapping[str, tuple[str, str]] = {
    "consent_marketing": (
        later("营销信息"),
        later("我们可以用您登记的联系方式，向您发送产品、活动和服务的介绍。不同意不影响任何服务。"),
    ),
    "consent_care": (
        later("节日和生日问候"),
        later("我们可以在生日、开户周年、节日和证件将要到期时问候或提醒您：一个月最多一次，不介绍产品，夜里不发。"),
    ),
    "consent_sensitive": (
        later("敏感个人信息"),
        later("为履行开户、交易和适当性义务，我们处理您的证件、账户和财务信息，只给办理的人看，平时遮盖。"),
    ),
    "consent_sharing": (
        later("向第三方提供"),
        later("办理您要的业务时，我们把必要的几项提供给存管银行等合作方，并逐次记录。法律要求的报送不在此列。"),
    ),
}
YES_NO = {"1": later("是"), "0": later("否")}
OPTIONS: Mapping[str, str] = {
    "male": later("男"), "female": later("女"), "CN": later("中国"), "resident_id": later("居民身份证"),
    "passport": later("护照"), "hk_macao_permit": later("港澳居民来往内地通行证"),
    "taiwan_permit": later("台湾居民来往大陆通行证"), "foreigner_pr": later("外国人永久居留身份证"),
    "employee": later("企业职工"), "civil_servant": later("公务员或事业单位人员"),
    "professional": later("专业技术人员"), "owner": later("企业主"), "farmer": later("农林牧渔人员"),
    "student": later("学生"), "retired": later("退休"),
    "freelance": later("自由职业"), "military": later("军人"), "unemployed": later("无业"), "other": later("其他"),
    "agriculture": later("农林牧渔"), "mining": later("采矿"), "manufacturing": later("制造"),
    "energy": later("电力、热力和燃气"), "construction": later("建筑"), "retail": later("批发和零售"),
    "transport": later("交通运输"), "hospitality": later("住宿和餐饮"), "it": later("信息技术"),
    "finance": later("金融"), "property": later("房地产"), "business": later("商务服务"),
    "research": later("科学研究"), "public_services": later("公共设施"), "health": later("卫生"),
    "culture": later("文化体育"), "government": later("公共管理"), "junior_or_less": later("初中及以下"),
    "high_school": later("高中或中专"), "college": later("大专"), "bachelor": later("本科"),
    "master_up": later("硕士及以上"), "single": later("未婚"), "married": later("已婚"),
    "undisclosed": later("不便透露"), "china_only": later("仅为中国税收居民"), "non_resident": later("仅为非居民"),
    "both": later("既是中国又是其他税收居民"), "none": later("无"), "pboc_credit": later("征信不良"),
    "court_dishonest": later("失信被执行"), "tax": later("税务违法"), "csrc_or_exchange": later("证监会或交易所处分"),
    "overdue_loan": later("贷款逾期"), "normal": later("正常"), "frozen": later("冻结"), "dormant": later("休眠"),
    "restricted": later("限制"), "closed": later("已销户"), "branch": later("营业部"), "witness": later("见证"),
    "online": later("网上"), "transfer_in": later("转入"), "app": later("手机"), "pc": later("电脑"),
    "phone": later("电话"), "counter": later("柜台"), "sms": later("短信"), "email": later("电子邮件"),
    "wechat": later("微信"), "site_message": later("站内消息"), "trading_hours": later("交易时间"),
    "noon": later("午间"), "evening": later("晚上"), "weekend": later("周末"), "site": later("网站查看"),
    "post": later("邮寄"), "stocks": later("股票"), "funds": later("基金"), "bonds": later("债券"),
    "ipo": later("新股"), "hk": later("港股"), "options": later("期权"), "education": later("投资者教育"),
    "reading": later("阅读"), "running": later("跑步"), "hiking": later("徒步"), "tea": later("茶"),
    "calligraphy": later("书法"), "photography": later("摄影"), "music": later("音乐"), "travel": later("旅行"),
    "chess": later("棋类"), "sport": later("球类"), "large_text": later("大字"), "high_contrast": later("高对比"),
    "screen_reader": later("读屏"), "sign_language": later("手语"), "self": later("本人"),
    "ordinary": later("普通投资者"),
}  # fmt: skip
WITHIN: Mapping[str, Mapping[str, str]] = {
    "industry": {"education": later("教育")},
    "account_status": {"closed": later("已销户")},
}


def way_in(channel: str) -> str:
    """Say by which way a value came in: 系统读取; 客户自助（网站）; 人工补充（客服电话）."""
    way = say(CHANNELS.get(channel, CHANNELS["system"]))
    if channel not in GROUPS:
        return way
    group = say(GROUPS[channel])
    return f"{group}（{way}）" if language() == "zh" else f"{group} ({way})"


def option(indicator: Indicator, code: str) -> str:
    """Say an option in the reader's language; a code nobody has named stands as it is."""
    words = WITHIN.get(indicator.key, {}).get(code) or OPTIONS.get(code)
    return say(words) if words else code


def shown(indicator: Indicator, value: str | None, *, in_full: bool = False) -> str:
    """Give what a page shows of a value: in words, masked, unless somebody may see it in full."""
    if not value:
        return ""
    match indicator.kind:
        case "bool" | "consent":
            return say(YES_NO.get(value, value))
        case "enum":
            return option(indicator, value)
        case "multi_enum":
            return ("、" if language() == "zh" else ", ").join(option(indicator, code) for code in value.split(","))
        case "date":
            return _day(value) if in_full or not indicator.mask else masked(indicator, value)
    if value == "self":
        return option(indicator, value)
    return value if in_full else masked(indicator, value)


def _day(value: str) -> str:
    if value == "99991231":
        return say(later("长期"))
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}" if len(value) == 8 else value
