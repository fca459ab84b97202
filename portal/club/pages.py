"""The client's pages of the club: its door for everybody, what lies behind it for members alone, and events."""

import secrets
from datetime import date, timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import identity, points, queues, tiers
from portal.club import events, queries
from portal.club.actions import apply, leave, renew, standing, withdraw
from portal.club.forms import KINDS, SEATS, STATES, VERBS, WORDS, ApplicationForm, worded
from portal.club.ics import ics
from portal.club.models import ClubApplication
from portal.club.rules import OPEN, QUEUE, Refusal, Seat, may_renew, places_left
from portal.doors import CLIENT, CLIENT_AAL2, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Visitor
from portal.kit.clock import at, local_date


@get("/club", name="club.door", guard=CLIENT)
def door(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show what the club is, who may join, the client's own figures, his application; open to every client."""
    return _door(db, client, page, now)


@get("/club/applications/new", name="club.new", guard=CLIENT_AAL2)
def new(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show what an application asks before anything happens."""
    form = ApplicationForm()
    form.typed = {"key": secrets.token_urlsafe(24)}
    return _confirm(db, client, page, now, form)


@post("/club/applications", name="club.apply", guard=CLIENT_AAL2)
def apply_now(db: Db, client: SignedIn, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Ask to join; lead back to the door, where the progress stands."""
    form = sent.bind(ApplicationForm)
    if not form.ok:
        return _confirm(db, client, page, now, form, status=422)
    made = apply(db, client=client.person, client_id=_id(client), key=form.key, now=now)
    if isinstance(made, Refusal):
        form.wrong("key", WORDS[made])
        return _confirm(db, client, page, now, form, status=422)
    return page.go("club.door")


@post("/club/applications/{number:str}/withdrawal", name="club.withdraw", guard=CLIENT)
def withdraw_now(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take an application back that nobody has decided yet."""
    made = queries.by_number(db, number)
    if made is None or made.client_id != client.client_id:
        raise page.missing()
    outcome = withdraw(db, made, client=client.person, now=now)
    return (
        page.go("club.door") if isinstance(outcome, ClubApplication) else _door(db, client, page, now, outcome=outcome)
    )


@get("/club/inside", name="club.inside", guard=CLIENT)
def inside(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show the club from inside: adviser, events, benefits and how often they were used; 404 to who is no member."""
    return _inside(db, client, page, now)


@get("/club/inside/years/{year:int}", name="club.year", guard=CLIENT)
def show_year(db: Db, client: SignedIn, page: Page, year: FromPath[int], now: Now) -> Response[str]:
    """Show a member what a year in the club came to: answers in time, events, points, tiers; 404 to everybody else."""
    member, me, today = _member(db, client, page, now), _id(client), local_date(now)
    if not member.since.year <= year <= today.year:
        raise page.missing()
    begins, ends = at(date(year, 1, 1)), at(date(year + 1, 1, 1))
    answers, kept = tiers.promises_kept(db, me, begins, ends)
    over = [each for each in tiers.periods_of(db, me) if each.valid_from < date(year + 1, 1, 1)]
    return page.show(
        "club/year.html", year=year, years=range(today.year, member.since.year - 1, -1), member=member, now=now,
        answers=answers, kept=kept, came=[worded(event) for event in queries.attended(db, me, begins, ends)],
        invited=queries.invited(db, me, begins, ends), kinds=KINDS, points=points.year_of(db, me, year),
        ways=points.WAYS, periods=[each for each in over if each.valid_to > date(year, 1, 1)], day=timedelta(days=1),
    )  # fmt: skip


@post("/club/renewal", name="club.renew", guard=CLIENT_AAL2)
def renew_now(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Renew the membership for another period."""
    _member(db, client, page, now)
    outcome = renew(db, client=client.person, client_id=_id(client), now=now)
    return _inside(db, client, page, now, outcome=outcome) if isinstance(outcome, Refusal) else page.go("club.inside")


@post("/club/leaving", name="club.leave", guard=CLIENT)
def leave_now(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Leave the club."""
    _member(db, client, page, now)
    leave(db, client=client.person, client_id=_id(client), now=now)
    return page.go("club.door")


@get("/club/events/{number:str}", name="club.event", guard=CLIENT)
def show_event(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one event: aim, for whom, places left, the client's place and code."""
    return _event(db, client, page, number, now)


@post("/club/events/{number:str}/registration", name="club.register", guard=CLIENT)
def register_now(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a place, or stand in the waiting list."""
    event = _visible(db, client, page, number, now)
    outcome = events.register(db, event, client_id=_id(client), actor=client.actor, now=now)
    if isinstance(outcome, Refusal):
        return _event(db, client, page, number, now, outcome=outcome)
    return page.go("club.event", number=number)


@post("/club/events/{number:str}/cancellation", name="club.give_up", guard=CLIENT)
def give_up_now(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Give the place back; it goes to who waits longest."""
    event = _visible(db, client, page, number, now)
    outcome = events.give_up(db, event, client_id=_id(client), actor=client.actor, now=now)
    if isinstance(outcome, Refusal):
        return _event(db, client, page, number, now, outcome=outcome)
    return page.go("club.event", number=number)


@get("/club/events/{number:str}/calendar.ics", name="club.calendar", guard=CLIENT)
def calendar_file(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Give the event as a file for a calendar."""
    event = worded(_visible(db, client, page, number, now))
    text = ics(event, now)
    return Response(
        text,
        media_type="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{number}.ics"'},
    )


def _door(db: Db, client: Visitor, page: PageMaker, now: Now, *, outcome: Any = None) -> Response[str]:
    me, today = _id(client), local_date(now)
    made = queries.latest_of(db, me)
    coming = [event for event in queries.coming_events(db, now) if not event.members_only]
    return page.show(
        "club/door.html", status=422 if outcome else 200, outcome=outcome, here=standing(db, me, now), now=now,
        member=queries.membership(db, me, today), made=made, steps=queries.steps_of(db, made.id) if made else [],
        is_open=bool(made and made.state in OPEN), claim=queues.claim_on(db, QUEUE, made.id) if made else None,
        terms=tiers.terms_on(db, today).club, states=STATES, verbs=VERBS, words=WORDS, refusals=Refusal,
        events=_list(db, me, coming, now), kinds=KINDS, cards=queries.past_cards(db, me),
    )  # fmt: skip


def _confirm(
    db: Db, client: Visitor, page: PageMaker, now: Now, form: ApplicationForm, *, status: int = 200
) -> Response[str]:
    here = standing(db, _id(client), now)
    return page.show(
        "club/new.html", status=status, form=form, here=here, words=WORDS,
        terms=tiers.terms_on(db, local_date(now)).club,
        lots=points.lots_to_be_used(db, _id(client), here.points_asked, now) or [] if here.points_asked else [],
    )  # fmt: skip


def _inside(db: Db, client: Visitor, page: PageMaker, now: Now, *, outcome: Refusal | None = None) -> Response[str]:
    member, me, today = _member(db, client, page, now), _id(client), local_date(now)
    adviser, quarter = tiers.adviser_of(db, me), at(tiers.quarter_start(today))
    answers, kept = tiers.promises_kept(db, me, quarter)
    tier = tiers.tier_on(db, me, today)
    return page.show(
        "club/inside.html", status=422 if outcome else 200, outcome=outcome, words=WORDS, member=member, now=now,
        adviser=adviser, adviser_name=identity.name_of(db, adviser.adviser_id) if adviser else "", answers=answers,
        kept=kept, tier=tier, minutes=tiers.promised_minutes(db, tier, today), kinds=KINDS, today=today,
        events=_list(db, me, queries.coming_events(db, now), now), can_renew=may_renew(member.ends_on, today),
        used=queries.benefits_used(db, me, at(today.replace(month=1, day=1))), terms=tiers.terms_on(db, today).club,
    )  # fmt: skip


def _event(
    db: Db, client: Visitor, page: PageMaker, number: str, now: Now, *, outcome: Refusal | None = None
) -> Response[str]:
    event, me = _visible(db, client, page, number, now), _id(client)
    mine = queries.registrations_of(db, me).get(event.id)
    waiting = queries.waiting_counts(db, [event.id]).get(event.id, 0)
    is_waiting = bool(mine and mine.state == Seat.WAITING)
    return page.show(
        "club/event.html", status=422 if outcome else 200, outcome=outcome, words=WORDS, event=worded(event), mine=mine,
        waiting=waiting, left=places_left(event.capacity, event.taken), kinds=KINDS, seats=SEATS, now=now,
        refusal=None if mine and mine.state != Seat.CANCELLED else events.may_come(db, event, me, now),
        place=queries.place_in_line(db, event.id, mine.queued_at, me) if mine and is_waiting else 0,
        is_over=event.starts_at <= now, member=queries.membership(db, me, local_date(now)),
    )  # fmt: skip


def _visible(db: Db, client: Visitor, page: PageMaker, number: str, now: Now) -> Any:
    """Give an event that this client may know of; what is for members alone is not there for others."""
    event = queries.event_by_number(db, number)
    if event is None:
        raise page.missing()
    knows = not event.members_only or queries.membership(db, _id(client), local_date(now)) is not None
    if not knows and event.id not in queries.registrations_of(db, _id(client)):
        raise page.missing()
    return event


def _list(db: Db, me: int, coming: Any, now: Now) -> list[dict[str, Any]]:
    who = events.guest(db, me, now)
    mine, waits = queries.registrations_of(db, me), queries.waiting_counts(db, [event.id for event in coming])
    return [
        worded(event)
        | {
            "mine": mine.get(event.id),
            "left": places_left(event.capacity, event.taken),
            "waiting": waits.get(event.id, 0),
            "refusal": events.refusal_of(event, who, now),
        }
        for event in coming
    ]


def _member(db: Db, client: Visitor, page: PageMaker, now: Now) -> queries.Membership:
    member = queries.membership(db, _id(client), local_date(now))
    if member is None:
        raise page.missing()
    return member


def _id(client: Visitor) -> int:
    return client.client_id or 0


pages = [
    door, new, apply_now, withdraw_now, inside, renew_now, leave_now, show_event, register_now, give_up_now,
    calendar_file, show_year,
]  # fmt: skip
