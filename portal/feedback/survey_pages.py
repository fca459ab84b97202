"""The client's page of one question that he is asked, and what was taken up of all suggestions."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.feedback import adopting, formulas, surveys, words
from portal.feedback.follow_forms import VoteForm
from portal.feedback.formulas import Survey
from portal.feedback.rules import Refusal


@get("/voice/adopted", name="feedback.adopted", guard=CLIENT)
def adopted(db: Db, page: Page) -> Response[str]:
    """Show what clients suggested and the firm took up, with thanks and without names."""
    return page.show("feedback/adopted.html", rows=adopting.published(db))


@get("/voice/surveys/{invitation:int}", name="feedback.survey", guard=CLIENT)
def survey(db: Db, client: SignedIn, page: Page, invitation: FromPath[int], now: Now) -> Response[str]:
    """Ask the one question, or show what was answered."""
    return _survey(page, _asked(db, page, client.client_id, invitation), VoteForm(), now)


@post("/voice/surveys/{invitation:int}", name="feedback.vote", guard=CLIENT)
def vote(db: Db, client: SignedIn, page: Page, invitation: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Take the answer; a second one changes nothing."""
    form, asked = sent.bind(VoteForm), _asked(db, page, client.client_id, invitation)
    refusal: Refusal | None = None
    if form.ok:
        refusal = surveys.vote(db, client.person, asked, score=form.score, comment=form.comment, now=now)
    if form.ok and refusal is None:
        return page.go("feedback.survey", invitation=invitation)
    if refusal:
        form.wrong("score", words.REFUSALS[refusal])
    return _survey(page, asked, form, now, status=422)


def _asked(db: Session, page: PageMaker, client_id: int, invitation: int) -> Any:
    asked = surveys.of_client(db, client_id, invitation) if invitation < 2**53 else None
    if asked is None:
        raise page.missing()
    return asked


def _survey(page: PageMaker, asked: Any, form: VoteForm, now: Now, *, status: int = 200) -> Response[str]:
    low, high = formulas.SCALES[Survey(asked.survey)]
    return page.show(
        "feedback/survey.html", status=status, it=asked, form=form, words=words, scale=range(low, high + 1),
        is_over=asked.open_until <= now,
    )  # fmt: skip


pages = [adopted, survey, vote]
