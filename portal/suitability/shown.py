"""What several of the client's pages of the questionnaire share: his sheet, his overview, the words of a part."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal.doors import Now, PageMaker
from portal.identity import Seat, Visitor
from portal.kit import i18n
from portal.kit.clock import local_date
from portal.suitability import queries, rules
from portal.suitability.actions import Person, usable_draft
from portal.suitability.forms import SOURCES, STATES, WORDS
from portal.suitability.models import QuestionnaireDraft
from portal.suitability.queries import Published
from portal.suitability.questionnaire import Question, words
from portal.suitability.rules import Refusal, State
from portal.suitability.wording import why_anew


@dataclass(frozen=True)
class OnSheet:
    """The sheet that a client is at, with its pinned questionnaire."""

    draft: QuestionnaireDraft
    form: Published

    @property
    def next_question(self) -> Question | None:
        """Give the first question without an answer, or None: where a client goes on, on any device."""
        left = (question for question in self.form.definition.questions if question.id not in self.draft.answers)
        return next(left, None)


def sheet_of(db: Session, client: Visitor, now: Now) -> OnSheet | Refusal:
    """Give the sheet that a client is at, or why there is none to go on with."""
    return on_sheet(usable_draft(db, client.client_id, now))


def on_sheet(found: tuple[QuestionnaireDraft, Published] | Refusal | None) -> OnSheet | Refusal:
    """Put an open sheet together with its questionnaire."""
    return OnSheet(*found) if isinstance(found, tuple) else found or Refusal.DRAFT_GONE


def onward(page: PageMaker, sheet: OnSheet) -> Response[Any]:
    """Lead on to the first question without an answer, or to the check."""
    if sheet.next_question is None:
        return page.go("suitability.check")
    return page.go("suitability.question", question=sheet.next_question.id)


def index_page(
    db: Session, client: Visitor, page: PageMaker, now: Now, *, refusal: Refusal | None = None
) -> Response[str]:
    """Make the client's overview; a refusal of the step that led here stands on top."""
    sheet = sheet_of(db, client, now)
    form = sheet.form if isinstance(sheet, OnSheet) else queries.published(db)
    found, rows = queries.standing(db, client.client_id), queries.list_of(db, client.client_id)
    mine = queries.newest_of(db, client.client_id)
    return page.show(
        "suitability/index.html", status=422 if refusal else 200, refusal=refusal, words=WORDS, form=form,
        sheet=sheet if isinstance(sheet, OnSheet) else None, standing=found, rows=rows, now=now,
        today=local_date(now), states=STATES, sources=SOURCES, text=text, source=rules.Source,
        left=_attempts_left(db, client, form, now) if form else 0,
        anew=queries.asked_anew_of(db, client.client_id), why_anew=why_anew,
        waits=mine if mine and waits_for_client(mine) else None,
    )  # fmt: skip


def _attempts_left(db: Session, client: Visitor, form: Published, now: Now) -> int:
    asked = form.definition.rules
    today = local_date(now)
    made = queries.submitted_on(db, client.client_id)
    since = rules.last_day(today, -12)
    within = int(asked["max_attempts_per_rolling_12_months"]) - sum(day > since for day in made)
    return max(0, min(int(asked["max_attempts_per_day"]) - made.count(today), within))


def waits_for_client(row: Any) -> bool:
    """Tell whether a result waits for its client's word that he has read it."""
    return row.source == rules.Source.PORTAL and row.confirmed_at is None and row.state in (
        State.UNCONFIRMED, State.EFFECTIVE,
    )  # fmt: skip


def text(given: Any) -> str:
    """Give the words of a part of the definition in the reader's language."""
    return words(getattr(given, "given", given), i18n.language())


def person_of(client: Visitor, seat: Seat) -> Person:
    """Give the client with how he came in, for the evidence."""
    came = {"network": seat.network, "agent": seat.agent, "aal": client.aal, "session": client.session_hash}
    return Person(client.actor, client.name, client.user_id, came)
