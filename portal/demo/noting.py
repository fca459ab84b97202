"""What staff of the demo have noted about a client: one thing for themselves, one for her to read."""

from datetime import datetime

from portal import clients, dossier, identity
from portal.audit import Person
from portal.demo.cast import BY_NAME, STAFF
from portal.kit.db import Database

NOTES = (
    (dossier.Audience.INTERNAL, "习惯上午十点以后接电话；谈产品前先说费用。"),
    (dossier.Audience.CLIENT, "约好下周三下午三点到人民路营业部更新证件，请带身份证原件。"),
)


def lay_notes(database: Database, now: datetime) -> None:
    """Let them have noted it; the same keys again change nothing."""
    with database.writing() as db:
        writer = next(each for each in STAFF if "handler" in each.roles)
        user_id = identity.user_by_name(db, writer.user_name)
        who = Person(f"staff:{user_id}", writer.name, user_id)
        client = clients.client_by_no(db, BY_NAME["白景云"].client_no)
        if client is None:
            return
        for audience, text in NOTES:
            key = f"k-demo-note-{audience}"
            dossier.notes.write(db, who=who, client_id=client.id, audience=audience, text=text, key=key, now=now)
