"""演示: the demo brokerage 青衡证券: its cast, and its days generated as feed days and loaded like any other."""

from portal.demo.cast import CLIENTS, FIRM, PASSWORD, STAFF, Client, Colleague
from portal.demo.feed_days import write_days
from portal.demo.laying import NotADemo, is_laid, lay
from portal.demo.people import SignIn, code_of, sign_ins
from portal.demo.phone_pages import telephones
from portal.demo.smsc import Smsc, journal_in

__all__ = [
    "CLIENTS",
    "FIRM",
    "PASSWORD",
    "STAFF",
    "Client",
    "Colleague",
    "NotADemo",
    "SignIn",
    "Smsc",
    "code_of",
    "is_laid",
    "journal_in",
    "lay",
    "sign_ins",
    "telephones",
    "write_days",
]
