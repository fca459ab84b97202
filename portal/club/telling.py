"""What clients are told of the club: a decision, a place that became free, an event called off, a card that ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients
from portal.club.models import ClubApplication, ClubMembership, ClubRegistration
from portal.club.queries import has_not_left
from portal.club.rules import RENEW_BEFORE, TAKEN, Seat, State
from portal.inbox import Letter, Topic
from portal.kit.clock import local_date
from portal.kit.i18n import later

CHUNK = 200


def tell_decided(db: Session, made: ClubApplication, now: datetime) -> None:
    """Tell what became of an application that staff or time have ended."""
    titles = {
        State.GRANTED: later("您已成为衡庐俱乐部会员。"),
        State.REJECTED: later("您的入会申请没有通过。"),
        State.TIMED_OUT: later("您的入会申请到时没有办结，积分已退回。"),
    }
    letter = Letter(
        Topic.CLUB, titles[State(made.state)], later("申请 %(number)s 的经过和理由，见“衡庐俱乐部”。"),
        values={"number": made.number}, page="club.door", short=later("您的入会申请有了结果，请登录客户服务查看。"),
    )  # fmt: skip
    clients.tell(db, made.client_id, letter, key=f"club.decided:{made.number}", now=now)


def tell_moved_up(db: Session, event: Any, client_id: int, now: datetime) -> None:
    """Tell who waited that a place is his now."""
    letter = _about(
        event,
        later("您候补的活动有席位了。"),
        later("活动 %(number)s 在 %(day)s 举行，您已有席位，签到码见活动页。来不了请及早取消。"),
    )
    clients.tell(db, client_id, letter, key=f"club.moved_up:{event.number}:{client_id}:{now.isoformat()}", now=now)


def tell_cancelled(db: Session, event: Any, now: datetime) -> None:
    """Tell everybody who has a place or waits for one that an event is called off."""
    letter = _about(event, later("您报名的活动已取消。"), later("活动 %(number)s 原定 %(day)s 举行，现已取消。"))
    here = (ClubRegistration.event_id == event.id, ClubRegistration.state.in_((*TAKEN, Seat.WAITING)))
    for client_id in db.scalars(select(ClubRegistration.client_id).where(*here)):
        clients.tell(db, client_id, letter, key=f"club.cancelled:{event.number}:{client_id}", now=now)


def tell_ending(db: Session, now: datetime) -> int:
    """Tell members whose card can be renewed that it ends (a duty), each term once; gives how many run out."""
    today, told = local_date(now), 0
    last = ClubMembership.__table__.alias()
    is_last = (
        ~select(last.c.id)
        .where(last.c.card_no == ClubMembership.card_no, last.c.begins_on > ClubMembership.begins_on)
        .exists()
    )
    soon = (ClubMembership.ends_on >= today, ClubMembership.ends_on <= today + RENEW_BEFORE)
    found = select(ClubMembership.client_id, ClubMembership.card_no, ClubMembership.ends_on)
    for row in db.execute(found.where(*soon, is_last, has_not_left(today)).limit(CHUNK)).all():
        letter = Letter(
            Topic.CLUB, later("您的会员卡到 %(day)s 到期。"), later("现在可以续期，见“衡庐”的“续期和退出”。"),
            values={"day": row.ends_on.isoformat()}, page="club.inside", short=later("您的会员卡可以续期了。"),
        )  # fmt: skip
        clients.tell(db, row.client_id, letter, key=f"club.ending:{row.card_no}:{row.ends_on}", now=now)
        told += 1
    return told


def _about(event: Any, title: str, text: str) -> Letter:
    values = {"number": event.number, "day": str(local_date(event.starts_at))}
    return Letter(Topic.CLUB, title, text, values=values, page="club.event", place={"number": event.number})
