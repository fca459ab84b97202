"""The staff's pages of special call-backs: what runs and how far it is, and a new one by tier, level or branch."""

from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal import bookings, callbacks, clients, identity, tiers
from portal.callbacks import Campaign, Plan
from portal.desk.campaign_forms import FIELDS, LEVELS, CampaignForm
from portal.doors import READS, Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role
from portal.kit.clock import local_date

MANAGES = staff_of(Role.MANAGER)
BOXES = ("tier", "level", "branch")  # each ticked one narrows the target


@get("/desk/campaigns", name="desk.campaigns", guard=READS)
def index(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the special call-backs with how far each is."""
    return _index(db, page, now, CampaignForm())


@post("/desk/campaigns", name="desk.begin_campaign", guard=MANAGES)
def begin_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Begin one, its calls stand in the queue at once; or only count whom it would reach."""
    form = sent.bind(CampaignForm)
    form.typed |= {name: text for name, text in sent.typed.items() if name.partition("_")[0] in BOXES}
    if not form.ok:
        return _index(db, page, now, form)
    plan = _plan(db, form, now)
    if sent.typed.get("only_count") == "yes":
        return _index(db, page, now, form, reached=callbacks.reaches(db, plan, local_date(now)))
    outcome = callbacks.begin(db, plan, by=staff.person, now=now)
    if isinstance(outcome, Campaign):
        return page.go("desk.campaigns")
    form.wrong(FIELDS.get(outcome, "target"), callbacks.REFUSALS[outcome])
    return _index(db, page, now, form)


def _plan(db: Session, form: CampaignForm, now: Now) -> Plan:
    chosen = form.chosen("tier", tiers.NAMES)
    return Plan(
        form.occasion, form.title, form.target, form.client_nos.replace(",", " ").replace("，", " ").split(),
        form.lines(), form.begins_on, form.ends_on, form.first, form.second, levels=form.chosen("level", LEVELS),
        branches=form.chosen("branch", [each.code for each in bookings.open_branches(db)]), tiers=chosen,
        among=_of_tiers(db, chosen, now) if chosen else None,
    )  # fmt: skip


def _of_tiers(db: Session, chosen: list[str], now: Now) -> set[int]:
    known = tiers.tiers_of(db, clients.active_ids(db), local_date(now))
    return {whom for whom, tier in known.items() if tier in chosen}


def _index(db: Session, page: PageMaker, now: Now, form: CampaignForm, *, reached: int | None = None) -> Response[str]:
    return page.show(
        "desk/campaigns.html", status=200 if form.ok else 422, rows=callbacks.newest(db), form=form, now=now,
        occasions=callbacks.OCCASIONS, targets=callbacks.TARGETS, staff=identity.staff_at_work(db),
        everybody=identity.staff_names(db), levels=LEVELS, tier_names=tiers.NAMES, branches=bookings.open_branches(db),
        reached=reached,
    )  # fmt: skip


pages = [index, begin_now]
