"""What the pages of the desk accept."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.kit.forms import Form
from portal.kit.i18n import later

NOBODY = later("没有这个客户号。")
NO_ROLE = later("您的岗位不能查看完整资料。")


class ClientForm(Form):
    """A client number to look for."""

    words: ClassVar[Mapping[str, str]] = {"client_no": later("客户号是 6 到 12 位数字。")}
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]


class RevealForm(Form):
    """Which value staff want to see in full, and why."""

    words: ClassVar[Mapping[str, str]] = {
        "key": later("请选择一项。"),
        "reason": later("请写明理由，4 到 200 字；客户会看到。"),
    }
    key: Annotated[str, Meta(pattern=r"^[a-z0-9_]{2,40}$")]
    reason: Annotated[str, Meta(min_length=4, max_length=200)]
