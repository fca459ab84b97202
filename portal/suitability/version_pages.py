"""The staff's page of the questionnaire itself: one brings a version, another publishes it; one can be withdrawn."""

import json
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity, queues
from portal.doors import READS, Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role
from portal.suitability import publishing, queries
from portal.suitability.forms import UNSOUND, WORDS, WithdrawForm
from portal.suitability.soundness import Unsound, differences

COMPLIANCE = staff_of(Role.COMPLIANCE)  # wording, bands and rules are theirs to adopt
BRINGS = staff_of(Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE)
SHOWN = 60  # differences of a proposal; how many more there are is said


@get("/desk/questionnaires/versions", name="suitability.versions", guard=READS)
def versions(db: Db, page: Page) -> Response[str]:
    """Show every version with who stands behind it, and what waits for a second person."""
    return _versions(db, page)


@post("/desk/questionnaires/versions", name="suitability.propose", guard=BRINGS, uploads=True)
def propose_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Take a definition from a file, if it holds together, for another person to publish."""
    files = sent.files_of("definition")
    made = publishing.propose(db, _read(files[0].body if files else b""), author=staff.actor, now=now)
    return page.go("suitability.versions") if isinstance(made, int) else _versions(db, page, unsound=made)


@post("/desk/questionnaires/versions/{proposal:int}/publication", name="suitability.publish", guard=COMPLIANCE)
def publish_now(db: Db, staff: Staff, page: Page, proposal: FromPath[int], now: Now) -> Response[Any]:
    """Publish what another person has brought, for good."""
    outcome = publishing.approve(db, proposal, approver=staff.actor, now=now)
    if isinstance(outcome, queues.Refusal):
        return _versions(db, page, outcome=outcome)
    return page.go("suitability.versions")


@post("/desk/questionnaires/versions/{proposal:int}/taking-back", name="suitability.take_back", guard=BRINGS)
def take_back_now(db: Db, staff: Staff, page: Page, proposal: FromPath[int], now: Now) -> Response[Any]:
    """Take back what nobody has published yet."""
    publishing.take_back(db, proposal, actor=staff.actor, now=now)
    return page.go("suitability.versions")


@post("/desk/questionnaires/versions/{version:int}/withdrawal", name="suitability.withdraw", guard=COMPLIANCE)
def withdraw_now(db: Db, staff: Staff, page: Page, version: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Withdraw a published version, with the reason: open sheets of it end, what rests on it stays."""
    form = sent.bind(WithdrawForm)
    known = {row.id: row for row in queries.all_versions(db)}
    if version not in known:
        raise page.missing()
    if not form.ok:
        return _versions(db, page, form=form, at=version)
    if known[version].withdrawn_at is None:
        publishing.withdraw(db, version, by=staff.actor, reason=form.reason, now=now)
    return page.go("suitability.versions")


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _versions(
    db: Session, page: PageMaker, *, unsound: list[Unsound] | None = None, outcome: queues.Refusal | None = None,
    form: WithdrawForm | None = None, at: int = 0,
) -> Response[str]:  # fmt: skip
    rows, waiting, in_force = queries.all_versions(db), queries.proposals(db), queries.published(db)
    before = in_force.definition.body if in_force else {}
    found = {row.id: differences({**before, "status": None}, {**row.body, "status": None}) for row in waiting}
    return page.show(
        "suitability/versions.html", status=422 if unsound or outcome or form else 200, rows=rows, proposals=waiting,
        in_force=in_force, changes=found, shown=SHOWN, unsound=unsound or [], words=WORDS, why=UNSOUND,
        outcome=outcome, form=form or WithdrawForm(), at_version=at,
        names=_names(db, {who for row in rows for who in (row.author, row.approver)} | {row.author for row in waiting}),
    )  # fmt: skip


def _names(db: Session, actors: set[str]) -> dict[str, str]:
    """Name the staff behind the versions; the ones that came with the portal have none."""
    ids = {actor: actor.removeprefix("staff:") for actor in actors}
    return {actor: identity.name_of(db, int(id)) if id.isdecimal() else "" for actor, id in ids.items()}


pages = [versions, propose_now, publish_now, take_back_now, withdraw_now]
