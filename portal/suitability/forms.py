"""What the pages of the questionnaire accept, and the words of every no."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal import identity, queues
from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.suitability.rules import Code, Insistence, Reason, Refusal, Source, State
from portal.suitability.soundness import Why

REFUSALS: Mapping[Refusal, str] = {
    Refusal.TOO_OFTEN_TODAY: later("今天的测评次数已经用完，请明天再来。"),
    Refusal.TOO_OFTEN: later("近十二个月的测评次数已经用完。情况有重大变化，请联系营业部。"),
    Refusal.NO_QUESTIONNAIRE: later("现在没有可用的问卷，请稍后再来。"),
    Refusal.DRAFT_LAPSED: later("这份问卷放得太久，已经失效，请重新开始。"),
    Refusal.VERSION_WITHDRAWN: later("这一版问卷已经停用，请用新的一版重新开始。"),
    Refusal.DRAFT_GONE: later("这份问卷已经提交，或在别处重新开始了。"),
    Refusal.NOT_AN_OPTION: later("请从列出的选项中选择。"),
    Refusal.EXCLUSIVE: later("选了“都没有”，就不能再选别的。"),
    Refusal.UNANSWERED: later("请选择一项再继续。"),
    Refusal.UNDECLARED: later("请阅读并勾选这一项声明。"),
    Refusal.BLOCKED: later("有两项答案互相矛盾，请改正其中一项。"),
    Refusal.UNCONFIRMED: later("有几处请您再确认一下。"),
    Refusal.NOT_YOURS_TO_CONFIRM: later("这份结果已经确认过，或已被新的测评代替。"),
    Refusal.NOT_CALLED: later("选这个理由，须先有一次通过的回访。"),
    Refusal.OWN_CALL: later("您给这位客户打过核实电话，须由另一个人决定。"),
    Refusal.NO_REASON: later("请选择理由；选“其他”时请写明。"),
    Refusal.NOT_YOUR_WISH: later("请先确认：这是您本人主动提出的。"),
    Refusal.READ_TOO_FAST: later("请把风险提示看完，至少 30 秒后再确认。"),
    Refusal.OTHER_WORDS: later("请照样输入这句话，一个字也不要改。"),
    Refusal.LOWEST_CLASS: later("风险承受能力最低类别只能匹配 R1。"),
    Refusal.NEEDS_ASSESSMENT: later("需要先做风险测评。"),
    Refusal.ASKED_ANEW: later("您的情况有变，请先重新做风险测评。"),
    Refusal.ALREADY_MATCHED: later("这项服务与您的等级相符，不需要这样办理。"),
}
VERDICTS: Mapping[Code, str] = {
    Code.MATCHED: later("与您的测评匹配"),
    Code.NEEDS_ASSESSMENT: later("需要先做风险测评。"),
    Code.ASSESSMENT_EXPIRED: later("风险测评已过期，请重新测评。"),
    Code.LOWEST_CLASS: later("风险承受能力最低类别只能匹配 R1。"),
    Code.ABOVE_LEVEL: later("高于您的风险承受能力等级。"),
    Code.BEYOND_HORIZON: later("期限比您打算投资的时间长。"),
    Code.OTHER_KIND: later("不在您打算投资的产品类别之内。"),
}
STATES: Mapping[State, str] = {
    State.HELD: later("等待工作人员核实"),
    State.UNCONFIRMED: later("等您确认"),
    State.EFFECTIVE: later("有效"),
    State.REJECTED: later("未通过核实"),
    State.STOPPED: later("请到柜台办理"),
}
STATES_TO_STAFF: Mapping[State, str] = {**STATES, State.UNCONFIRMED: later("等客户确认")}
INSISTENCES: Mapping[Insistence, str] = {
    Insistence.READING: later("等您读完风险提示"),
    Insistence.REVIEW: later("等待工作人员回访"),
    Insistence.GRANTED: later("已确认"),
    Insistence.REJECTED: later("未通过"),
}
INSISTENCES_TO_STAFF: Mapping[Insistence, str] = {
    **INSISTENCES,
    Insistence.READING: later("客户在读风险提示"),
    Insistence.REVIEW: later("待回访或核实"),
}
SOURCES: Mapping[Source, str] = {Source.PORTAL: later("线上问卷"), Source.COUNTER: later("柜台")}
REASONS: Mapping[Reason, str] = {
    Reason.CALLED_BACK: later("已回访，情况属实"),
    Reason.EVIDENCE_SEEN: later("已看过证明材料"),
    Reason.ANSWERS_WRONG: later("答案与事实不符"),
    Reason.NOT_REACHED: later("多次联系不上"),
    Reason.NOT_CONFIRMED: later("客户在电话里没有确认"),
    Reason.OTHER: later("其他"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (REFUSALS, queues.REFUSALS) for key, words in table.items()}
PROOFS: Mapping[identity.Refusal, str] = {
    identity.Refusal.WRONG: later("验证码不对，或已经换了新的一组。"),
    identity.Refusal.TOO_MANY: later("试得太多了，请过几分钟再试。"),
}
UNSOUND: Mapping[Why, str] = {
    Why.SHAPE: later("缺少必要的内容，或格式不对"),
    Why.TWICE: later("编号重复"),
    Why.BANDS: later("分数段有空缺或重叠"),
    Why.POINTS: later("满分与各项最高分不符"),
    Why.UNKNOWN: later("规则引用了问卷里没有的内容"),
    Why.WORDS: later("缺少中文或英文"),
    Why.VALIDITY: later("有效期或次数不在允许范围内"),
    Why.PERSONA: later("样例的结果与所附的预期不符"),
}
CONFIRMATION = later("答案由我本人填写，我已知晓上述结果。")


class ConfirmForm(Form):
    """The client's word that he has read the result, with a one-time code where he has a second factor."""

    words: ClassVar[Mapping[str, str]] = {
        "agreed": later("请先勾选：您已知晓结果。"),
        "code": later("验证码是六位数字。"),
    }
    agreed: Annotated[str, Meta(pattern=r"^1$")]
    code: Annotated[str, Meta(pattern=r"^(\d{3}\s?\d{3})?$")]

    @property
    def digits(self) -> str:
        """Give the code without its spaces."""
        return "".join(self.code.split())


class WishForm(Form):
    """Which service above his level a client asks for, by himself."""

    words: ClassVar[Mapping[str, str]] = {
        "service": later("请选择一项服务。"),
        "own_wish": REFUSALS[Refusal.NOT_YOUR_WISH],
    }
    service: Annotated[str, Meta(pattern=r"^\w{1,40}$")]
    own_wish: Annotated[str, Meta(pattern=r"^1$")]


class InsistForm(Form):
    """The phrase as it is printed, and a one-time code."""

    words: ClassVar[Mapping[str, str]] = {
        "phrase": REFUSALS[Refusal.OTHER_WORDS],
        "code": later("验证码是六位数字。"),
    }
    phrase: Annotated[str, Meta(min_length=1, max_length=200)]
    code: Annotated[str, Meta(pattern=r"^\d{3}\s?\d{3}$")]

    @property
    def digits(self) -> str:
        """Give the code without its spaces."""
        return "".join(self.code.split())


class DecisionForm(Form):
    """What staff decided, on which version of the result."""

    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "note": later("说明最多 500 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    reason: Annotated[
        str, Meta(pattern=r"^(called_back|evidence_seen|answers_wrong|not_reached|not_confirmed|other)?$")
    ]
    note: Annotated[str, Meta(max_length=500)]


class WithdrawForm(Form):
    """Why a published version is withdrawn."""

    words: ClassVar[Mapping[str, str]] = {"reason": later("请写明停用的理由，最多 200 字。")}
    reason: Annotated[str, Meta(min_length=2, max_length=200)]
