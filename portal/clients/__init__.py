"""客户: who our clients are, as the core system and they themselves tell us."""

from portal.clients.actions import take_over
from portal.clients.queries import client_by_id, client_by_no, fact, has_id_number, ids_by_no, lock, mobile, names_of
from portal.clients.rules import CORE_KEYS, masked_account, masked_name, masked_phone

__all__ = [
    "CORE_KEYS",
    "client_by_id",
    "client_by_no",
    "fact",
    "has_id_number",
    "ids_by_no",
    "lock",
    "masked_account",
    "masked_name",
    "masked_phone",
    "mobile",
    "names_of",
    "take_over",
]
