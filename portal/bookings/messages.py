"""What visitors get by SMS, in the language that they booked in."""

from datetime import datetime
from typing import Any

from portal.bookings.models import Booking
from portal.bookings.rules import OPENINGS
from portal.kit.i18n import say, speaking
from portal.kit.render import moment


def code(digits: str, language: str) -> str:
    """Give the code that proves a telephone."""
    with speaking(language):
        return say("预约验证码 %(code)s，5 分钟内有效。我们不会向您索要它。", code=digits)


def booked(booking: Booking, slot: Any, origin: str, secret: str) -> str:
    """Tell that the visit is booked, with the link that manages it."""
    told = {
        "when": moment(slot.starts_at), "where": where(slot, booking.language), "number": booking.number,
        "link": f"{origin}/bookings/mine/{secret}",
    }  # fmt: skip
    with speaking(booking.language):
        if booking.kind in OPENINGS:
            return say(
                "您已预约 %(when)s 到%(where)s，编号 %(number)s。来访前请填风险测评，也可改期或取消：%(link)s", **told
            )
        return say("您已预约 %(when)s 到%(where)s，编号 %(number)s。查看、改期或取消：%(link)s", **told)


def moved(booking: Booking, starts_at: datetime) -> str:
    """Tell the new time."""
    with speaking(booking.language):
        return say("您的预约 %(number)s 已改到 %(when)s。", number=booking.number, when=moment(starts_at))


def cancelled(booking: Booking) -> str:
    """Tell that the visit is off."""
    with speaking(booking.language):
        return say("您的预约 %(number)s 已取消。", number=booking.number)


def reminder(booking: Booking, slot: Any) -> str:
    """Remind of the visit."""
    with speaking(booking.language):
        return say(
            "提醒：您预约了 %(when)s 到%(where)s，请带齐材料。编号 %(number)s",
            when=moment(slot.starts_at), where=where(slot, booking.language), number=booking.number,
        )  # fmt: skip


def to_sign(booking: Booking) -> str:
    """Ask for the signature under the confirmation letter."""
    with speaking(booking.language):
        return say(
            "预约 %(number)s 已通过复核。请打开预约时收到的链接，阅读并签署服务关系确认书。", number=booking.number
        )


def welcome(booking: Booking) -> str:
    """Welcome whose account is open."""
    with speaking(booking.language):
        return say(
            "%(name)s，您的账户已经生效，客户号 %(client)s。请打开预约链接领取激活码，并办好三方存管、软件和首次转账。",
            name=booking.name, client=booking.client_no,
        )  # fmt: skip


def offer(when: datetime, until: datetime, language: str, link: str) -> str:
    """Offer a place that came free to the one who waits."""
    with speaking(language):
        return say(
            "您候补的 %(when)s 有了空位，为您保留到 %(until)s：%(link)s",
            when=moment(when), until=moment(until), link=link,
        )  # fmt: skip


def activation(digits: str, language: str) -> str:
    """Give the activation code of the portal."""
    with speaking(language):
        return say("激活码 %(code)s，10 分钟内有效，只能用一次。", code=digits)


def where(slot: Any, language: str) -> str:
    """Name a branch in a language."""
    return str(slot.name_en if language == "en" else slot.name)
