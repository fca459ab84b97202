"""What the clients of the demo have asked for with their points: one waits, one and a talk are approved."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients, identity, products, redemptions
from portal.audit import Person
from portal.demo.cast import BY_NAME, STAFF
from portal.kit.db import Database

WHO = "陈金波"
WAITING, APPROVED = ("account_sms",), ("ipo_sms", "account_talk")


def lay_wishes(database: Database, now: datetime) -> None:
    """Let him have asked, and staff have endorsed and decided; the same keys again change nothing."""
    with database.writing() as db:
        offers = {offer.code: offer for offer in products.on_shelf(db, now)}
        client_id = clients.ids_by_no(db)[BY_NAME[WHO].client_no]
        user = identity.user_of_client(db, client_id)
        client = Person(f"client:{user.id}" if user else "system", WHO)
        for code in (*WAITING, *APPROVED):
            key = f"k-demo-wish-{code}"
            asked = redemptions.request(db, client=client, client_id=client_id, offer=offers[code], key=key, now=now)
            if code in APPROVED and not isinstance(asked, redemptions.Refusal) and asked.version == 1:
                handler, reviewer = _staff(db)
                redemptions.endorse(db, asked, seen=1, staff=handler, note="", now=now)
                redemptions.approve(db, asked, seen=2, staff=reviewer, reason="", note="", now=now)


def _staff(db: Session) -> list[Person]:
    colleagues = [next(each for each in STAFF if role in each.roles) for role in ("handler", "reviewer")]
    numbers = [identity.user_by_name(db, each.user_name) for each in colleagues]
    return [Person(f"staff:{number}", each.name, number) for number, each in zip(numbers, colleagues, strict=True)]
