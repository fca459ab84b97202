"""What a client is told of his case, and where: the words themselves stand on the page behind his sign-in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients
from portal.feedback.formulas import Survey
from portal.feedback.models import Case
from portal.feedback.rules import Verb
from portal.inbox import Letter, Topic, Weight
from portal.kit.i18n import LANGUAGES, later, say, speaking

# The reason for more time and the answer itself are owed by rule: they go out whatever the client prefers.
LETTERS: Mapping[Verb, tuple[str, str, Weight]] = {
    Verb.RECEIVE: (
        later("已收到 %(number)s"),
        later("我们收到了您的意见：%(title)s。编号 %(number)s，进度随时可查。"),
        Weight.NOTICE,
    ),
    Verb.ACKNOWLEDGE: (
        later("%(number)s 已受理"),
        later("%(handler)s 已受理您的“%(title)s”，会以书面答复您。"),
        Weight.NOTICE,
    ),
    Verb.TELL: (
        later("%(number)s 有新进展"),
        later("%(handler)s 告知了“%(title)s”的进展，请看这一件的经过。"),
        Weight.NOTICE,
    ),
    Verb.ASK: (
        later("%(number)s 需要您补充"),
        later("%(handler)s 想向您了解“%(title)s”的情况。您补充之前，答复时限暂停计算。"),
        Weight.NOTICE,
    ),
    Verb.EXTEND: (
        later("%(number)s 需要更长时间"),
        later("“%(title)s”情况复杂，答复时限已延长，理由写在这一件的经过里。"),
        Weight.REQUIRED,
    ),
    Verb.ANSWER: (
        later("%(number)s 已答复"),
        later("%(handler)s 已书面答复您的“%(title)s”。请看是否满意；不满意可以说明理由，我们重新处理。"),
        Weight.REQUIRED,
    ),
    Verb.LAPSE: (
        later("%(number)s 已办结"),
        later("答复后十个工作日没有收到您的异议，“%(title)s”已办结。"),
        Weight.QUIET,
    ),
}


def tell(db: Session, case: Case, verb: Verb, now: datetime) -> None:
    """Tell the client of a step that concerns him."""
    if verb not in LETTERS:
        return
    title, text, weight = LETTERS[verb]
    values = {"number": case.number, "title": case.title, "handler": case.handler_name or ""}
    letter = Letter(
        Topic.VOICE, title, text, weight, values, page="feedback.show", place={"number": case.number}
    )  # fmt: skip
    clients.tell(
        db, case.client_id, letter, key=f"voice:{case.number}:{verb}:{case.version}", ref_type="voice",
        ref_id=case.id, now=now,
    )  # fmt: skip


ASKED: Mapping[Survey, tuple[str, str]] = {
    Survey.CSAT: (
        later("请评价 %(about)s 的处理"),
        later("%(about)s 已办结。您满意吗？只有一题，一分钟，不评也没有关系。"),
    ),
    Survey.NPS: (
        later("您愿意推荐我们吗"),
        later("每半年问您一次，只有一题：您愿意向朋友推荐我们吗？不评也没有关系。"),
    ),
    Survey.CES: (
        later("办这件事容易吗"),
        later("您最近办的业务，容易吗？只有一题，一分钟，不评也没有关系。"),
    ),
    Survey.EVENT: (
        later("您参加的活动怎么样"),
        later("“%(about)s”已经结束，您觉得怎么样？只有一题，一分钟，不评也没有关系。"),
    ),
}


def ask(
    db: Session, client_id: int, survey: Survey, *, invitation: int, about: str, now: datetime,
    called: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Ask a client in his inbox; a survey is never worth an SMS. `called` names the thing in each language."""
    zh, en = (_asked(survey, (called or {}).get(tag, about), tag) for tag in LANGUAGES)
    letter = Letter(
        Topic.SURVEY, *zh, Weight.QUIET, page="feedback.survey", place={"invitation": str(invitation)},
        english={"title": en[0], "text": en[1]},
    )  # fmt: skip
    clients.tell(db, client_id, letter, key=f"survey:{invitation}", now=now)


def _asked(survey: Survey, about: str, tag: str) -> tuple[str, str]:
    title, text = ASKED[survey]
    with speaking(tag):
        return say(title, about=about), say(text, about=about)


def thank(db: Session, case: Case, points: int, now: datetime) -> None:
    """Thank for a suggestion that was taken up, with the points that it earned."""
    title = later("谢谢您：%(number)s 已采纳")
    text = later("您的建议“%(title)s”已采纳，奖励 %(points)s 积分，并已公开致谢，不写姓名。")
    values = {"number": case.number, "title": case.title, "points": points}
    letter = Letter(
        Topic.VOICE, title, text, Weight.NOTICE, values, page="feedback.show", place={"number": case.number}
    )  # fmt: skip
    clients.tell(db, case.client_id, letter, key=f"voice:{case.number}:thanks", now=now)


def improved(db: Session, case: Case, task: str, told: str, now: datetime) -> None:
    """Tell who complained what has changed because of it."""
    title = later("因 %(number)s 我们改进了")
    letter = Letter(
        Topic.VOICE, title, later("我们做的改变：%(told)s"), Weight.NOTICE, {"number": case.number, "told": told},
        page="feedback.show", place={"number": case.number},
    )  # fmt: skip
    clients.tell(db, case.client_id, letter, key=f"voice:{case.number}:{task}", now=now)
