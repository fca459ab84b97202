"""What this room knows of one client: what happened at his sign-in that matters."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal import audit
from portal.identity.models import User
from portal.kit.i18n import later
from portal.kit.timeline import Piece

WORDS = {
    "signed_in": later("登录"), "sign_in.refused": later("登录未通过"), "code.refused": later("动态验证码不对"),
    "activation.given": later("发出激活码"), "activated": later("设置登录"), "second_factor.on": later("开启二次验证"),
    "second_factor.off": later("关闭二次验证"), "second_factor.new": later("更换二次验证"),
    "password.changed": later("更改密码"), "password.refused": later("更改密码时原密码不对"),
    "recovery_code.used": later("用备用码登录"), "recovery_codes.made": later("生成备用码"),
    "recovery.opened": later("开启找回"), "recovery.confirmed": later("确认找回"),
    "recovery.cancelled": later("取消找回"), "device.forgotten": later("移除可信设备"),
    "recovery.given": later("找回的激活码已给出"),
}  # fmt: skip


def _events(client_id: int) -> Select[Any]:
    whose = select(literal("user:").concat(User.id)).where(User.client_id == client_id).scalar_subquery()
    return audit.moments_of(whose, list(WORDS))


MOMENTS = (Piece("sign_in", "sign_in", later("登录"), _events, WORDS),)
