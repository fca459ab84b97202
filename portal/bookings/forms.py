"""What the pages of bookings accept."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.bookings.terms import Case, Channel, Kind, Refusal, Way
from portal.bookings.words import REFUSALS
from portal.kit.forms import Form
from portal.kit.i18n import later

NAME = Annotated[str, Meta(pattern=r"^[^\d\s<>][^<>\n]{0,38}[^\s<>]$")]
MOBILE = Annotated[str, Meta(pattern=r"^1[3-9]\d{9}$")]


class VisitForm(Form):
    """Who comes, for what."""

    words: ClassVar[Mapping[str, str]] = {
        "name": later("姓名 2 到 40 个字，与证件一致。"),
        "phone": later("手机号是 1 开头的 11 位数字。"),
        "kind": later("请选择要办的事。"),
        "case": later("请选择办理人。"),
        "referrer": later("介绍人码最多 12 位字母或数字，没有就留空。"),
        "consent": later("请先同意我们为这次预约使用您的姓名和手机号。"),
    }
    kind: Kind
    case: Case
    name: NAME
    phone: MOBILE
    referrer: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{0,12}$")]
    consent: Annotated[str, Meta(pattern=r"^yes$")]


class DeskVisitForm(VisitForm):
    """The same, taken down by staff from a caller or a walk-in."""

    words: ClassVar[Mapping[str, str]] = {
        **VisitForm.words,
        "slot": later("请选择时间。"),
        "channel": later("请选择渠道。"),
        "language": later("请选择短信用哪种语言。"),
        "consent": later("请确认客户已当面或在电话里同意。"),
    }
    slot: Annotated[int, Meta(ge=1, le=2**53)]
    channel: Channel
    language: Annotated[str, Meta(pattern=r"^(zh|en)$")]


class PlaceForm(Form):
    """A time that is chosen."""

    words: ClassVar[Mapping[str, str]] = {"slot": later("请选择时间。")}
    slot: Annotated[int, Meta(ge=1, le=2**53)]


class ProofForm(Form):
    """The code from the SMS."""

    words: ClassVar[Mapping[str, str]] = {"code": later("验证码是 6 位数字。")}
    code: Annotated[str, Meta(pattern=r"^\d{6}$")]


class SignForm(Form):
    """A signature under the very text that was shown."""

    words: ClassVar[Mapping[str, str]] = {
        "name": later("请写下您的全名。"),
        "sha256": later("这一页不完整，请重新打开再试。"),
        "agree": later("请先勾选：已经阅读并且同意。"),
    }
    name: NAME
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    agree: Annotated[str, Meta(pattern=r"^yes$")]


class StepForm(Form):
    """A step that staff take on a version of the booking."""

    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "note": later("说明最多 300 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    note: Annotated[str, Meta(max_length=300)]


class PrecheckForm(StepForm):
    """What was found before the visit."""

    words: ClassVar[Mapping[str, str]] = {
        **StepForm.words,
        "id_number": later("证件号码 6 到 20 位字母或数字。"),
        "id_valid_to": later("日期写成 2030-12-31。"),
    }
    id_number: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{6,20}$")]
    id_valid_to: date


class WitnessForm(StepForm):
    """Who witnessed, and the number that the counter's system gave."""

    words: ClassVar[Mapping[str, str]] = {
        **StepForm.words,
        "witness": later("请选择见证人。"),
        "client_no": later("客户号是 6 到 12 位数字。"),
    }
    witness: Annotated[int, Meta(ge=1, le=2**53)]
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]


class MoveForm(StepForm):
    """A new time, with the reason."""

    words: ClassVar[Mapping[str, str]] = {**StepForm.words, "slot": later("请选择时间。")}
    slot: Annotated[int, Meta(ge=1, le=2**53)]


class LineForm(Form):
    """A line of the relation ledger, from the papers before the handler."""

    words: ClassVar[Mapping[str, str]] = {
        "name": later("姓名 2 到 40 个字，与证件一致。"),
        "phone": later("手机号是 1 开头的 11 位数字。"),
        "client_no": later("客户号是 6 到 12 位数字。"),
        "referrer": later("介绍人码最多 12 位字母或数字，没有就留空。"),
        "note": later("说明最多 300 字。"),
    }
    name: NAME
    phone: MOBILE
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    referrer: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{0,12}$")]
    note: Annotated[str, Meta(max_length=300)]


AWAY_LIMIT = timedelta(days=366)
BAD_UNTIL = later("到哪一天请写成 2030-12-31，只今天就留空。")
NO_SLOT = later("请选择时间。")


class HandoverForm(Form):
    """How the client wants to have what belongs to his account."""

    words: ClassVar[Mapping[str, str]] = {
        "way": later("请选择怎么领取。"),
        "slot": later("请选择时间。"),
        "address": later("地址最多 120 字。"),
        "bring_on": later("日期写成 2030-12-31。"),
    }
    way: Way
    slot: Annotated[str, Meta(pattern=r"^\d{0,15}$")]
    address: Annotated[str, Meta(max_length=120)]
    bring_on: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]

    def check(self) -> None:
        """See that what the chosen way needs is there."""
        if self.way is Way.COLLECT and not self.slot:
            self.wrong("slot", NO_SLOT)
        if self.way is Way.BRING and not (self.address and self.bring_on):
            self.wrong("address", REFUSALS[Refusal.BAD_DAY])


class BranchForm(Form):
    """A branch that is to be opened for visits."""

    words: ClassVar[Mapping[str, str]] = {
        "code": later("代码 2 到 8 位字母或数字。"),
        "name": later("名称 2 到 40 个字。"),
        "name_en": later("英文名称 2 到 60 个字。"),
        "address": later("地址 2 到 80 个字。"),
        "address_en": later("英文地址 2 到 120 个字。"),
        "capacity": later("窗口数是 1 到 50。"),
    }
    code: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{2,8}$")]
    name: Annotated[str, Meta(min_length=2, max_length=40)]
    name_en: Annotated[str, Meta(min_length=2, max_length=60)]
    address: Annotated[str, Meta(min_length=2, max_length=80)]
    address_en: Annotated[str, Meta(min_length=2, max_length=120)]
    capacity: Annotated[int, Meta(ge=1, le=50)]


class ClerkForm(Form):
    """A member of staff who is to work at a branch."""

    words: ClassVar[Mapping[str, str]] = {"user_name": later("没有这个登录名的员工。")}
    user_name: Annotated[str, Meta(min_length=1, max_length=60)]
    handles: Annotated[str, Meta(pattern=r"^(yes)?$")]
    sells: Annotated[str, Meta(pattern=r"^(yes)?$")]


class AwayForm(Form):
    """That somebody is there, or away: today alone, or up to a day."""

    words: ClassVar[Mapping[str, str]] = {
        "present": later("这一页不完整，请重新打开再试。"),
        "until": BAD_UNTIL,
    }
    present: Annotated[str, Meta(pattern=r"^(yes|no)$")]
    until: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]

    def day(self, today: date) -> date | None:
        """Give the last day away, None for who is there; wrong where it is no day from today to a year on."""
        if self.present == "yes":
            return None
        try:
            until = date.fromisoformat(self.until) if self.until else today
        except ValueError:
            until = date.min
        if not today <= until <= today + AWAY_LIMIT:
            self.wrong("until", BAD_UNTIL)
        return until


class ClosureForm(Form):
    """A day on which a branch receives nobody."""

    words: ClassVar[Mapping[str, str]] = {
        "day": later("日期写成 2030-12-31。"),
        "reason": later("原因 2 到 60 个字，来访的人看得到。"),
    }
    day: date
    reason: Annotated[str, Meta(min_length=2, max_length=60)]


class CountersForm(Form):
    """How many a branch receives at a time, and its weekend day."""

    words: ClassVar[Mapping[str, str]] = {
        "capacity": later("窗口数是 1 到 50。"),
        "weekday": later("请选择周六或周日。"),
    }
    capacity: Annotated[int, Meta(ge=1, le=50)]
    weekday: Annotated[int, Meta(ge=5, le=6)]
