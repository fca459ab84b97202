"""What is known of a client's suitability, and the versions of the questionnaire."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.kit.clock import local_date
from portal.kit.db import ALL, Base
from portal.suitability import rules
from portal.suitability.models import (
    Assessment,
    AssessmentEvidence,
    OverLevelRequest,
    QuestionnaireDraft,
    QuestionnaireProposal,
    QuestionnaireVersion,
    QuestionnaireWithdrawal,
    Reassessment,
    SuitabilityBlock,
)
from portal.suitability.questionnaire import Definition
from portal.suitability.rules import DraftState, Insistence, Standing, State, Verdict

PAGE = 50


@dataclass(frozen=True)
class Published:
    """A published version with its definition."""

    id: int
    definition: Definition
    published_at: datetime
    is_withdrawn: bool


def published(db: Session) -> Published | None:
    """Give the version in force: the newest that was not taken back."""
    newest = _versions().where(QuestionnaireWithdrawal.id.is_(None))
    row = db.execute(newest.order_by(QuestionnaireVersion.id.desc()).limit(1)).first()
    return _published(row) if row else None


def version(db: Session, version_id: int) -> Published:
    """Give a version that a row of ours names."""
    return _published(db.execute(_versions().where(QuestionnaireVersion.id == version_id)).one())


def known_version(db: Session, code: str, name: str) -> Published | None:
    """Give the version of a questionnaire by its name, if it was ever published."""
    row = db.execute(_versions().where(QuestionnaireVersion.code == code, QuestionnaireVersion.version == name)).first()
    return _published(row) if row else None


def all_versions(db: Session) -> Sequence[Any]:
    """Give every version ever published, the newest first: who stands behind it, and why it was withdrawn."""
    version, gone = QuestionnaireVersion, QuestionnaireWithdrawal
    columns = (version.id, version.version, version.sha256, version.author, version.approver, version.published_at)
    found = select(*columns, gone.reason, gone.withdrawn_at).join(gone, gone.version_id == version.id, isouter=True)
    return db.execute(found.order_by(version.id.desc())).all()


def proposals(db: Session) -> Sequence[Any]:
    """Give the versions that wait for a second person, the oldest first."""
    waiting = select(*QuestionnaireProposal.__table__.c).where(QuestionnaireProposal.state == "open")
    return db.execute(waiting.order_by(QuestionnaireProposal.id)).all()


def open_draft(db: Session, client_id: int) -> QuestionnaireDraft | None:
    """Give the sheet that a client is filling in, lapsed or not, as an entity to change."""
    mine = (QuestionnaireDraft.client_id == client_id, QuestionnaireDraft.state == DraftState.OPEN)
    return db.scalar(select(QuestionnaireDraft).where(*mine).order_by(QuestionnaireDraft.id.desc()).limit(1))


def by_number(db: Session, number: str) -> Assessment | None:
    """Give an assessment by its number, as an entity to change."""
    return db.scalar(select(Assessment).where(Assessment.number == number))


def of_client(db: Session, client_id: int, number: str) -> Assessment | None:
    """Give one assessment of this client; another client's is not there."""
    return db.scalar(select(Assessment).where(Assessment.client_id == client_id, Assessment.number == number))


def list_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give a client's assessments, newest first."""
    newest = Assessment.assessed_at.desc(), Assessment.id.desc()
    return db.execute(_row().where(Assessment.client_id == client_id).order_by(*newest).limit(PAGE)).all()


def newest_of(db: Session, client_id: int) -> Any:
    """Give the newest assessment of any state that a client made himself, or None."""
    mine = (Assessment.client_id == client_id, Assessment.source == rules.Source.PORTAL)
    newest = Assessment.assessed_at.desc(), Assessment.id.desc()
    return db.execute(_row().where(*mine).order_by(*newest).limit(1)).first()


def submitted_on(db: Session, client_id: int) -> list[date]:
    """Give the Shanghai dates of a client's own submissions."""
    mine = (Assessment.client_id == client_id, Assessment.source == rules.Source.PORTAL)
    return [local_date(at) for at in db.scalars(select(Assessment.assessed_at).where(*mine))]


def standing(db: Session, client_id: int) -> Standing | None:
    """Give what a client's newest assessment says, run out or not; None where there never was one."""
    return standings(db, [client_id]).get(client_id)


def standings(db: Session, client_ids: Collection[int]) -> dict[int, Standing]:
    """Give what the newest assessment of each of many clients says, run out or not, in a few statements.

    A lower level holds from the moment it is known, even while staff still look at it.
    """
    rows = db.execute(_newest_effective().where(Assessment.client_id.in_(client_ids))).all()
    waiting = db.execute(_row().where(Assessment.client_id.in_(client_ids), Assessment.state == State.HELD)).all()
    definitions = {id: version(db, id).definition for id in {row.version_id for row in [*rows, *waiting]}}
    insisted = _insisted(db, [row.id for row in rows])
    found = {row.client_id: _standing(definitions[row.version_id], row, insisted.get(row.id, {})) for row in rows}
    for row in waiting:
        own = found.get(row.client_id)
        if own and row.assessed_at >= own.assessed_at:
            found[row.client_id] = _lowered(own, _standing(definitions[row.version_id], row, {}))
    return found


def current(db: Session, client_id: int, now: datetime) -> Standing | None:
    """Give a client's assessment while it holds; None where he has none or it has run out."""
    found = standing(db, client_id)
    return found if found and found.is_current(local_date(now)) else None


def match(
    db: Session, client_id: int, *, risk_class: str, now: datetime, service_kind: str | None = None,
    product_class: str | None = None, term_months: int | None = None,
) -> Verdict:  # fmt: skip
    """Say whether a product matches a client; a service is named by its key, its kind stands in the definition."""
    found = standing(db, client_id)
    return judged(
        db, found, now, risk_class=risk_class, service_kind=service_kind, product_class=product_class,
        term_months=term_months,
    )  # fmt: skip


def judged(
    db: Session, found: Standing | None, now: datetime, *, risk_class: str, service_kind: str | None = None,
    product_class: str | None = None, term_months: int | None = None,
) -> Verdict:  # fmt: skip
    """Say whether a product matches what is known already: for pages that ask about many."""
    service = services(db).get(service_kind or "", {})
    number, holds_from = (found.insisted if found else {}).get(service_kind or "", (None, now))
    return rules.verdict(
        found, local_date(now), risk_class=risk_class, insisted=number if holds_from <= now else None,
        product_class=product_class or service.get("product_class"),
        term_months=term_months if term_months is not None else service.get("term_months"),
    )  # fmt: skip


def core_levels(db: Session) -> Sequence[Any]:
    """Give id, risk_level and risk_valid_to of every client for whom the core system names both."""
    columns = Base.metadata.tables["client"].c
    named = (columns.risk_level.is_not(None), columns.risk_valid_to.is_not(None))
    wanted = (columns.id, columns.risk_level, columns.risk_valid_to)
    return db.execute(select(*wanted).where(*named).order_by(columns.id)).all()


def services(db: Session) -> dict[str, Any]:
    """Give the firm's services by key, as the version in force names them."""
    found = published(db)
    given = found.definition.body["matching"]["service_products"] if found else []
    return {service["key"]: service for service in given}


def evidence_of(db: Session, assessment_id: int) -> Sequence[Any]:
    """Give the sealed records of one assessment, oldest first."""
    columns = (AssessmentEvidence.kind, AssessmentEvidence.at, AssessmentEvidence.body, AssessmentEvidence.hash)
    here = AssessmentEvidence.assessment_id == assessment_id
    return db.execute(select(*columns).where(here).order_by(AssessmentEvidence.seq)).all()


def last_block(db: Session, client_id: int) -> datetime | None:
    """Give the instant at which a client's level last stood against a request of his."""
    return db.scalar(select(func.max(SuitabilityBlock.at)).where(SuitabilityBlock.client_id == client_id))


def queue(db: Session, tab: str, claimed: Collection[int], within: ColumnElement[bool] = ALL) -> Sequence[Any]:
    """Give one tab of the staff's queue: held results, the oldest first; decided ones newest first."""
    if tab == "done":
        decided = Assessment.decided_at.is_not(None)
        return db.execute(_row().where(decided, within).order_by(Assessment.decided_at.desc()).limit(PAGE)).all()
    where = [_waits(), within]
    if tab == "mine":
        where.append(Assessment.id.in_(claimed))
    if tab == "unclaimed":
        where.append(Assessment.id.not_in(claimed))
    return db.execute(_row().where(*where).order_by(Assessment.assessed_at, Assessment.id).limit(PAGE)).all()


def held_count(db: Session, within: ColumnElement[bool] = ALL) -> int:
    """Count the results that wait for staff."""
    return db.scalar(select(func.count()).select_from(Assessment).where(_waits(), within)) or 0


def over_level(db: Session, client_id: int, number: str) -> OverLevelRequest | None:
    """Give a client's wish for something above his level, as an entity to change; another's is not there."""
    here = (OverLevelRequest.client_id == client_id, OverLevelRequest.number == number)
    return db.scalar(select(OverLevelRequest).where(*here))


def over_level_by_number(db: Session, number: str) -> OverLevelRequest | None:
    """Give a wish by its number, for staff."""
    return db.scalar(select(OverLevelRequest).where(OverLevelRequest.number == number))


def over_level_of(db: Session, client_id: int) -> Sequence[OverLevelRequest]:
    """Give a client's wishes, newest first."""
    mine = select(OverLevelRequest).where(OverLevelRequest.client_id == client_id)
    return db.scalars(mine.order_by(OverLevelRequest.id.desc()).limit(PAGE)).all()


def wishes(db: Session, tab: str, claimed: Collection[int]) -> Sequence[Any]:
    """Give one tab of the staff's queue of wishes: those that wait, the oldest first; decided ones newest first."""
    found = select(*OverLevelRequest.__table__.c)
    if tab == "done":
        decided = OverLevelRequest.decided_at.is_not(None)
        return db.execute(found.where(decided).order_by(OverLevelRequest.decided_at.desc()).limit(PAGE)).all()
    where = [OverLevelRequest.state == Insistence.REVIEW]
    if tab == "mine":
        where.append(OverLevelRequest.id.in_(claimed))
    if tab == "unclaimed":
        where.append(OverLevelRequest.id.not_in(claimed))
    return db.execute(found.where(*where).order_by(OverLevelRequest.id).limit(PAGE)).all()


def wishes_waiting(db: Session) -> int:
    """Count the wishes that wait for staff."""
    waiting = OverLevelRequest.state == Insistence.REVIEW
    return db.scalar(select(func.count()).select_from(OverLevelRequest).where(waiting)) or 0


def newest_effective(db: Session) -> Sequence[Any]:
    """Give every client's newest effective assessment, the one that runs out first at the top."""
    return db.execute(_newest_effective().order_by(Assessment.valid_to, Assessment.id)).all()


def newest_effective_of(db: Session, client_id: int) -> Any:
    """Give a client's newest effective assessment, or None."""
    return db.execute(_newest_effective().where(Assessment.client_id == client_id)).first()


def asked_anew(db: Session, assessment_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Give what has happened since each of these assessments and asks for a new one: rows by cause, oldest first."""
    found: dict[int, dict[str, Any]] = {}
    mine = select(*Reassessment.__table__.c).where(Reassessment.assessment_id.in_(assessment_ids))
    for row in db.execute(mine.order_by(Reassessment.id)):
        found.setdefault(row.assessment_id, {})[row.cause] = row
    return found


def asked_anew_of(db: Session, client_id: int) -> list[Any]:
    """Give what asks a client for a new assessment, oldest first."""
    row = newest_effective_of(db, client_id)
    return list(asked_anew(db, [row.id]).get(row.id, {}).values()) if row else []


def _newest_effective() -> Select[Any]:
    rank = func.row_number().over(
        partition_by=Assessment.client_id, order_by=(Assessment.assessed_at.desc(), Assessment.id.desc())
    )
    ranked = select(Assessment.id, rank.label("place")).where(Assessment.state == State.EFFECTIVE).subquery()
    return _row().join(ranked, ranked.c.id == Assessment.id).where(ranked.c.place == 1)


def _waits() -> ColumnElement[bool]:
    unread = and_(Assessment.differs, Assessment.decided_at.is_(None), Assessment.state != State.STOPPED)
    return or_(Assessment.state == State.HELD, unread)


def _standing(definition: Definition, row: Any, insisted: Mapping[str, tuple[str, datetime]]) -> Standing:
    return Standing(
        number=row.number, level=row.level, lowest_class=row.lowest_class, source=row.source,
        assessed_at=row.assessed_at, valid_to=row.valid_to, horizon_months=row.horizon_months,
        classes=None if row.classes is None else tuple(row.classes),
        allowed=tuple(definition.allowed(row.level, lowest_class=row.lowest_class)), insisted=insisted,
    )  # fmt: skip


def _insisted(db: Session, assessment_ids: Collection[int]) -> dict[int, dict[str, tuple[str, datetime]]]:
    request = OverLevelRequest
    granted = (request.assessment_id.in_(assessment_ids), request.state == Insistence.GRANTED)
    found: dict[int, dict[str, tuple[str, datetime]]] = {}
    for row in db.execute(
        select(request.assessment_id, request.service, request.number, request.holds_from).where(*granted)
    ):
        found.setdefault(row.assessment_id, {})[row.service] = (row.number, row.holds_from)
    return found


def _lowered(found: Standing, held: Standing) -> Standing:
    if set(held.allowed) < set(found.allowed) or (held.lowest_class and not found.lowest_class):
        return replace(found, level=held.level, lowest_class=held.lowest_class, allowed=held.allowed)
    return found


def _versions() -> Select[Any]:
    columns = (QuestionnaireVersion.id, QuestionnaireVersion.body, QuestionnaireVersion.published_at)
    gone = QuestionnaireWithdrawal.id.is_not(None).label("is_withdrawn")
    joined = QuestionnaireWithdrawal.version_id == QuestionnaireVersion.id
    return select(*columns, gone).join(QuestionnaireWithdrawal, joined, isouter=True)


def _published(row: Any) -> Published:
    return Published(row.id, Definition(row.body), row.published_at, bool(row.is_withdrawn))


def _row() -> Select[Any]:
    return select(*Assessment.__table__.c)
