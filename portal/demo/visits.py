"""The demo's branches and visits, laid with the rooms' own verbs: a few bookings, each at another step."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal import bookings, callbacks, clients, identity, suitability
from portal.audit import Person
from portal.bookings import Asked, Booked, Booking, Case, Channel, Found, Kind, Line
from portal.demo.cast import BY_NAME, STAFF
from portal.kit.clock import local_date
from portal.kit.db import Database
from portal.kit.vault import Vault

ORIGIN = "http://127.0.0.1"
BRANCHES = (
    ("0101", "人民路营业部", "Renmin Road branch", "人民路 1 号一层", "Ground floor, 1 Renmin Road"),
    ("0102", "湖滨营业部", "Lakeside branch", "湖滨街 18 号", "18 Lakeside Street"),
)
HANDLES = ("周经办", "吴复核")
PAPERS = ("id", "bank_card", "tax")
# Who comes: name, telephone, channel, and how far the booking has gone.
VISITORS = (
    ("林晓舟", "13800000201", Channel.WEB, ""),
    ("何清川", "13800000202", Channel.PHONE, "precheck"),
    ("宋知夏", "13800000203", Channel.REFERRAL, "witness"),
    ("谭青禾", "13800000204", Channel.WEB, "sign"),
    ("孟长风", "13800000205", Channel.BRANCH, "cancel"),
)


def lay_visits(database: Database, vault: Vault, now: datetime) -> None:
    """Lay branches, staff, places and bookings; nothing where branches are already."""
    with database.writing() as db:
        if bookings.branch_by_code(db, BRANCHES[0][0]):
            return
        callbacks.publish_scripts(db, now)
        staff = _staff(db)
        for code, name, name_en, address, address_en in BRANCHES:
            branch = bookings.open_branch(
                db, code=code, name=name, name_en=name_en, address=address, address_en=address_en, capacity=3
            )
            for person in staff.values():
                bookings.place_clerk(
                    db, branch_id=branch.id, user_id=person.user_id or 0, name=person.name,
                    handles=person.name in HANDLES, sells=False,
                )  # fmt: skip
            if code == BRANCHES[1][0]:
                bookings.set_weekend_day(db, branch_id=branch.id, weekday=6, now=now)
        bookings.lay_slots(db, now)
        for number, (name, phone, channel, reach) in enumerate(VISITORS):
            _visit(db, vault, staff, _free(db, number, now), (name, phone, channel, reach), now)
        _client_visit(db, _free(db, len(VISITORS), now), now)
        _campaign(db, staff, now)


def _staff(db: Session) -> dict[str, Person]:
    found = {}
    for colleague in (each for each in STAFF if "handler" in each.roles):
        user_id = identity.user_by_name(db, colleague.user_name)
        if user_id is not None:
            found[colleague.name] = Person(f"staff:{user_id}", colleague.name, user_id)
    return found


def _free(db: Session, number: int, now: datetime) -> int:
    """Give a free place, spread over the next days of the first branch."""
    branch = bookings.branch_by_code(db, BRANCHES[0][0])
    days = [day for day in bookings.days(db, branch.id, now) if day.free and not day.is_weekend]
    slots = bookings.slots_on(db, branch.id, days[number % len(days)].day, now)
    return int(slots[number % len(slots)].id)


def _visit(
    db: Session, vault: Vault, staff: dict[str, Person], slot_id: int, who: tuple[str, str, Channel, str], now: datetime
) -> None:
    name, phone, channel, reach = who
    referrer = "6600010001" if channel is Channel.REFERRAL else ""
    asked = Asked(slot_id=slot_id, kind=Kind.NEW, case=Case.ADULT, name=name, phone=phone, referrer=referrer)
    handler, reviewer = staff["周经办"], staff["吴复核"]
    by = Person("visitor", name) if channel in (Channel.WEB, Channel.REFERRAL) else handler
    made = bookings.book(db, asked, by=by, channel=channel, origin=ORIGIN, now=now)
    if not isinstance(made, Booked) or not reach:
        return
    it = made.booking
    if reach == "cancel":
        bookings.cancel(db, it, by=by, now=now, reason="客户改到其他城市办理")
        return
    _fill_ahead(db, it, now)
    until = date(local_date(now).year + 5, 6, 30)
    found = Found(papers=PAPERS, id_number=f"99000019900101{phone[-4:]}", id_valid_to=until)
    bookings.precheck(db, vault, it, seen=it.version, staff=handler, found=found, now=now)
    if reach == "precheck":
        return
    witness = staff["方见证"].user_id or 0
    number = f"66000102{phone[-2:]}"
    bookings.witness(db, it, seen=it.version, staff=handler, witness_id=witness, client_no=number, now=now)
    if reach == "witness":
        return
    bookings.approve(db, it, seen=it.version, staff=reviewer, now=now)
    text = bookings.letter(db, it)
    bookings.sign(db, it, seen=it.version, signed_name=it.name, sha256=text.sha256, now=now)
    bookings.enter_line(db, it, Line(name, phone, number), staff=handler, now=now)


def _campaign(db: Session, staff: dict[str, Person], now: datetime) -> None:
    """Let two of the cast be called for a notice of the exchange."""
    today = local_date(now)
    plan = callbacks.Plan(
        callbacks.Occasion.EXCHANGE, "交易规则变更告知", callbacks.Target.LISTED,
        [BY_NAME[name].client_no for name in ("王小满", "李银川")],
        [("您知道新的交易规则了吗？", "Do you know the new trading rules?", "yes"),
         ("有没有人替您操作账户？", "Does anybody operate the account for you?", "no")],
        today, today + timedelta(days=14), staff["许回访"].user_id or 0, staff["方见证"].user_id or 0,
    )  # fmt: skip
    callbacks.begin(db, plan, by=staff["吴复核"], now=now)


def _fill_ahead(db: Session, it: Booking, now: datetime) -> None:
    form = suitability.published(db)
    if form is None:
        raise LookupError("the demo's visitors fill in the questionnaire: publish it first")
    given = {question.id: [question.options[-1].key] for question in form.definition.questions}
    bookings.fill(db, it, form.definition, given, now)


def _client_visit(db: Session, slot_id: int, now: datetime) -> None:
    """Let a client of the cast book a matter of the counter."""
    person = BY_NAME["白景云"]
    client = clients.client_by_no(db, person.client_no)
    if client is None:
        return
    asked = Asked(
        slot_id=slot_id, kind=Kind.CUSTODY, case=Case.ADULT, name=person.name, phone=person.mobile, client_id=client.id
    )
    by = Person(f"client:{client.id}", person.name)
    bookings.book(db, asked, by=by, channel=Channel.WEB, origin=ORIGIN, now=now)
