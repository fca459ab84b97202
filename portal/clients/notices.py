"""Tell clients what changed in how they sign in: identity leaves word, we know the telephone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal import identity
from portal.clients.telling import tell
from portal.identity import Told
from portal.inbox import Letter, Topic, Weight
from portal.kit.i18n import later, say, speaking

TEXTS: Mapping[Told, str] = {
    Told.PASSWORD_CHANGED: later("您的登录密码已修改。"),
    Told.SECOND_FACTOR_ON: later("您已开启动态验证码。"),
    Told.SECOND_FACTOR_OFF: later("您已关闭动态验证码。"),
    Told.SECOND_FACTOR_NEW: later("您已更换身份验证器。"),
    Told.CODES_MADE: later("您已生成新的恢复码。"),
    Told.CODE_USED: later("有人用您的一个恢复码通过了验证。"),
    Told.RECOVERY_OPENED: later("工作人员开始为您找回登录。"),
    Told.RECOVERY_CONFIRMED: later("找回登录已确认，24 小时后可领取激活码。"),
    Told.RECOVERY_GIVEN: later("找回登录的激活码已给出。"),
    Told.RECOVERED: later("您的登录已重新设置。"),
}
NOT_YOU = later("如非本人操作，请致电 000-0000-0000。")


def send_notices(db: Session, now: datetime) -> int:
    """Tell what identity has left word of (a duty): by SMS whatever the client prefers. Gives how many."""
    due = identity.notices_due(db)
    for notice in due:
        notice.handed_on_at = now
        what = TEXTS[Told(notice.what)]
        letter = Letter(Topic.SECURITY, what, NOT_YOU, Weight.REQUIRED, page="identity.me")
        tell(
            db, notice.client_id, letter, key=f"identity.notice:{notice.id}", ref_type="identity.notice",
            ref_id=notice.id, sms_text=_text(Told(notice.what)), now=now,
        )  # fmt: skip
    db.flush()
    return len(due)


def _text(what: Told) -> str:
    # Nobody's language is known here, so each message says it in both.
    said = []
    for language in ("zh", "en"):
        with speaking(language):
            said.append(say(TEXTS[what]) + (" " if language == "en" else "") + say(NOT_YOU))
    return "\n".join(said)
