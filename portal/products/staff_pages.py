"""The desk's pages of products: the catalogue with the switches of compliance, services that no longer match."""

from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import clients
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role
from portal.products import switching
from portal.products.forms import WORDS, SwitchForm
from portal.products.held import held_above
from portal.products.matching import mismatches
from portal.products.queries import PERIODS, SERVICES, on_offer, on_shelf, switches
from portal.products.rules import Refusal
from portal.suitability import VERDICTS

COMPLIANCE = staff_of(Role.COMPLIANCE)
HELD_SHOWN = 200
EITHER = staff_of(Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE)


@get("/desk/catalogue", name="products.catalogue", guard=READS)
def catalogue(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the catalogue, what is switched off, and who turned what on and when."""
    return _catalogue(db, page, now)


@post("/desk/catalogue/{code:str}/proposals", name="products.propose", guard=WORKS)
def propose_now(db: Db, staff: Staff, page: Page, code: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Ask that a plan be turned on: somebody of compliance decides."""
    form = sent.bind(SwitchForm)
    if not form.ok:
        return _catalogue(db, page, now, form=form, code=code)
    outcome = switching.propose(db, code, reason=form.reason, staff=staff.person, now=now)
    return _told(db, page, now, form, code, outcome)


@post("/desk/catalogue/{code:str}/off", name="products.turn_off", guard=COMPLIANCE)
def turn_off_now(db: Db, staff: Staff, page: Page, code: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Turn a plan off at once."""
    form = sent.bind(SwitchForm)
    if not form.ok:
        return _catalogue(db, page, now, form=form, code=code)
    outcome = switching.turn_off(db, code, reason=form.reason, staff=staff.person, now=now)
    return _told(db, page, now, form, code, outcome)


@post("/desk/catalogue/proposals/{switch:int}/confirmation", name="products.turn_on", guard=COMPLIANCE)
def turn_on_now(db: Db, staff: Staff, page: Page, switch: FromPath[int], now: Now) -> Response[Any]:
    """Put another person's proposal in force."""
    return _told(db, page, now, SwitchForm(), "", switching.turn_on(db, switch, staff=staff.person, now=now))


@post("/desk/catalogue/proposals/{switch:int}/withdrawal", name="products.withdraw", guard=EITHER)
def withdraw_now(db: Db, staff: Staff, page: Page, switch: FromPath[int], now: Now) -> Response[Any]:
    """Take a proposal off the table."""
    done = switching.withdraw(db, switch, staff=staff.person, now=now)
    return _told(db, page, now, SwitchForm(), "", done or Refusal.NOTHING_TO_DO)


@get("/desk/questionnaires/mismatched", name="products.mismatched", guard=READS)
def mismatched(db: Db, page: Page, now: Now) -> Response[str]:
    """Show who has a service that does not match any more, and who holds securities above his level."""
    rows = clients.within_reach(db, page.visitor, mismatches(db, now))
    held = clients.within_reach(db, page.visitor, held_above(db, now))
    people = clients.names_of(db, {row.client_id for row in (*rows, *held)})
    return page.show(
        "products/mismatched.html", rows=rows, held=held[:HELD_SHOWN], more=max(0, len(held) - HELD_SHOWN),
        people=people, masked=clients.masked_name, verdicts=VERDICTS, now=now,
    )  # fmt: skip


def _told(db: Db, page: PageMaker, now: Now, form: SwitchForm, code: str, outcome: int | Refusal) -> Response[Any]:
    if not isinstance(outcome, Refusal):
        return page.go("products.catalogue")
    form.wrong("reason", WORDS[outcome])
    return _catalogue(db, page, now, form=form, code=code)


def _catalogue(db: Db, page: PageMaker, now: Now, *, form: SwitchForm | None = None, code: str = "") -> Response[str]:
    shelf, turns = on_shelf(db, now), switches(db)
    return page.show(
        "products/catalogue.html", status=422 if form and form.errors else 200, form=form or SwitchForm(), code=code,
        shelf=shelf, open={offer.item_id for offer in on_offer(db, now)}, turns=turns, services=SERVICES,
        names={offer.item_id: offer.name for offer in shelf}, by_code={offer.code: offer for offer in shelf},
        proposed={turn.item_id: turn for turn in turns if turn.state == "proposed"}, periods=PERIODS,
    )  # fmt: skip


pages = [catalogue, propose_now, turn_off_now, turn_on_now, withdraw_now, mismatched]
