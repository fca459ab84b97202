"""Send what a visitor is to know: by SMS to the number he left, and into the inbox of who is a client."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal import inbox, sms
from portal.bookings.models import Booking
from portal.inbox import Letter, Topic, Weight
from portal.kit.i18n import later

# Under the first word of what happened. Links and codes stay in the SMS.
TITLES: Mapping[str, str] = {
    "booked": later("预约 %(number)s 已约好"),
    "moved": later("预约 %(number)s 已改期"),
    "cancelled": later("预约 %(number)s 已取消"),
    "remind": later("预约 %(number)s 快到了"),
    "sign": later("预约 %(number)s 待您签署"),
}
OTHER = later("预约 %(number)s 有新消息")
TEXT = later("时间、地点和下一步见短信，已发到您预约时留的手机。")


def send(db: Session, booking: Booking, text: str, what: str, now: datetime) -> None:
    """Queue a message to the visitor, once for each thing that happened."""
    key = f"booking:{booking.number}:{what}"
    if booking.client_id is None:
        sms.queue(
            db, client_id=None, to=booking.phone, text=text, purpose="booking", ref_type="booking",
            ref_id=booking.id, key=key, now=now,
        )  # fmt: skip
        return
    # He asked for the visit and left this number for it: it goes out whatever channel he prefers elsewhere.
    title = TITLES.get(what.partition(":")[0], OTHER)
    values = {"number": booking.number}
    letter = Letter(Topic.BOOKING, title, TEXT, Weight.REQUIRED, values, page="bookings.index")
    inbox.deliver(
        db, letter, client_id=booking.client_id, to=booking.phone, sms_text=text, ref_type="booking",
        ref_id=booking.id, key=key, now=now,
    )  # fmt: skip
