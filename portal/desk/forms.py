"""What the pages of the desk accept."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.kit.forms import Form
from portal.kit.i18n import later

NOBODY = later("没有这个客户号。")


class ClientForm(Form):
    """A client number to look for."""

    words: ClassVar[Mapping[str, str]] = {"client_no": later("客户号是 6 到 12 位数字。")}
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
