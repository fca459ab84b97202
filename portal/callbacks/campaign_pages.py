"""The staff's pages of special call-backs: what runs and how far it is, and a new one."""

from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal import identity
from portal.audit import Person
from portal.callbacks import campaigns, forms
from portal.callbacks.campaigns import Plan
from portal.callbacks.forms import CampaignForm
from portal.callbacks.models import Campaign
from portal.callbacks.rules import Refusal
from portal.doors import READS, Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role

MANAGES = staff_of(Role.MANAGER)
FIELDS = {
    Refusal.SAME_PERSON: "second", Refusal.BAD_PERIOD: "ends_on", Refusal.TOO_MANY_QUESTIONS: "questions",
    Refusal.UNKNOWN_CLIENT: "client_nos",
}  # fmt: skip


@get("/desk/campaigns", name="callbacks.campaigns", guard=READS)
def index(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the special call-backs with how far each is."""
    return _index(db, page, now, CampaignForm())


@post("/desk/campaigns", name="callbacks.begin", guard=MANAGES)
def begin_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Begin one: its calls stand in the queue at once."""
    form = sent.bind(CampaignForm)
    if form.ok:
        plan = Plan(
            form.occasion, form.title, form.target, form.client_nos.replace(",", " ").split(), form.lines(),
            form.begins_on, form.ends_on, form.first, form.second,
        )  # fmt: skip
        outcome = campaigns.begin(db, plan, by=Person(staff.actor, staff.name, staff.user_id), now=now)
        if isinstance(outcome, Campaign):
            return page.go("callbacks.campaigns")
        form.wrong(FIELDS.get(outcome, "target"), forms.REFUSALS[outcome])
    return _index(db, page, now, form)


def _index(db: Session, page: PageMaker, now: Now, form: CampaignForm) -> Response[str]:
    return page.show(
        "callbacks/campaigns.html", status=200 if form.ok else 422, rows=campaigns.newest(db), form=form, now=now,
        occasions=forms.OCCASIONS, targets=forms.TARGETS, staff=identity.staff_at_work(db),
        everybody=identity.staff_names(db),
    )  # fmt: skip


pages = [index, begin_now]
