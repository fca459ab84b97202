"""The telephones of the cast: what each received. These pages exist only where the demo is laid."""

from litestar import Response
from litestar.params import FromPath

from portal.demo.cast import BY_NAME, CLIENTS
from portal.demo.smsc import journal_in, read_journal
from portal.doors import PUBLIC, Page, get
from portal.settings import Settings


@get("/demo/phone", name="demo.phones", guard=PUBLIC)
def phones(page: Page, settings: Settings) -> Response[str]:
    """List the cast's telephones, each with how many messages it received."""
    journal = journal_in(settings.home)
    return page.show("demo/phones.html", phones=[(one, len(read_journal(journal, one.mobile))) for one in CLIENTS])


@get("/demo/phone/{owner:str}", name="demo.phone", guard=PUBLIC)
def phone(page: Page, settings: Settings, owner: FromPath[str]) -> Response[str]:
    """Show what one telephone received, newest first."""
    if owner not in BY_NAME:
        raise page.missing()
    received = read_journal(journal_in(settings.home), BY_NAME[owner].mobile)
    return page.show("demo/phone.html", owner=BY_NAME[owner], received=received)


telephones = [phones, phone]
