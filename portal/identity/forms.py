"""What the pages of the door accept, and the words of every no."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.identity.rules import Refusal, normal_code
from portal.kit.forms import Form
from portal.kit.i18n import later

WORDS: Mapping[Refusal, str] = {
    Refusal.WRONG: later("用户名或密码不对。"),
    Refusal.TOO_MANY: later("试得太多了，请过几分钟再试。"),
    Refusal.BUSY: later("此刻登录的人很多，请过一会儿再试。"),
    Refusal.LAPSED: later("时间过了，请重新登录。"),
    Refusal.NAME_TAKEN: later("这个用户名已经有人用了，请换一个。"),
    Refusal.TOO_SHORT: later("密码太短：请用至少 15 个字符，一句话最好记。"),
    Refusal.TOO_LONG: later("密码太长，请缩短到一千个字节以内。"),
    Refusal.TOO_COMMON: later("这个密码太容易猜到，请换一个。"),
    Refusal.HOLDS_NUMBERS: later("密码里有您的姓名、用户名或号码，请换一个。"),
    Refusal.NOT_FOR_STAFF: later("工作人员必须有动态验证码，只能更换。"),
}
WRONG_CODE = later("验证码不对，或已经换了新的一组。")
WRONG_ACTIVATION = later("激活码不对、用过了，或已过十分钟。请向工作人员要一个新的。")
WRONG_OLD = later("现在的密码不对。")
WRONG_RECOVERY = later("恢复码不对，或已经用过。")
UNLIKE = later("两次输入的密码不一样。")


class SignInForm(Form):
    """User name and password."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})
    words: ClassVar[Mapping[str, str]] = {
        "user_name": later("请填写用户名。"),
        "password": later("请填写密码。"),
    }
    user_name: Annotated[str, Meta(min_length=1, max_length=64)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]
    next: str


class CodeForm(Form):
    """A one-time code: six digits, however they were typed."""

    words: ClassVar[Mapping[str, str]] = {"code": later("验证码是六位数字。")}
    code: Annotated[str, Meta(pattern=r"^\d{3}\s?\d{3}$")]
    next: str

    @property
    def digits(self) -> str:
        """Give the code without its spaces."""
        return "".join(self.code.split())


class AnyCodeForm(Form):
    """A one-time code, or a recovery code in its stead."""

    words: ClassVar[Mapping[str, str]] = {"code": later("请填写六位验证码，或一个恢复码。")}
    code: Annotated[str, Meta(min_length=6, max_length=60)]
    next: str

    @property
    def plain(self) -> str:
        """Give the code as it was given out, however it was typed."""
        return normal_code(self.code)


class PasswordForm(Form):
    """The password of now, and the one to be."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"old", "password", "repeated"})
    words: ClassVar[Mapping[str, str]] = {
        "old": later("请填写现在的密码。"),
        "password": later("请填写密码。"),
        "repeated": later("请再输一次密码。"),
    }
    old: Annotated[str, Meta(min_length=1, max_length=1024)]
    password: Annotated[str, Meta(min_length=1)]
    repeated: Annotated[str, Meta(min_length=1)]

    def check(self) -> None:
        """Both new passwords are the same."""
        if self.password != self.repeated:
            self.wrong("repeated", UNLIKE)


class ActivationForm(Form):
    """An activation code, and the user name and password to be."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"password", "repeated"})
    words: ClassVar[Mapping[str, str]] = {
        "code": later("激活码是 10 位字母和数字。"),
        "user_name": later("用户名要 3 到 32 个字母、数字、汉字或 . _ - @。"),
        "password": later("请填写密码。"),
        "repeated": later("请再输一次密码。"),
    }
    code: Annotated[str, Meta(min_length=8, max_length=40)]
    user_name: Annotated[str, Meta(pattern=r"^[\w.@-]{3,32}$")]
    password: Annotated[str, Meta(min_length=1)]
    repeated: Annotated[str, Meta(min_length=1)]

    def check(self) -> None:
        """Both passwords are the same."""
        if self.password != self.repeated:
            self.wrong("repeated", UNLIKE)
