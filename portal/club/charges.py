"""What somebody has in hand here, for a colleague who takes over."""

from portal.club.models import ClubApplication
from portal.club.rules import QUEUE
from portal.kit.i18n import later
from portal.queues import claims_charge

CHARGES = (
    claims_charge(
        QUEUE, later("俱乐部申请"), ClubApplication, label=ClubApplication.number,
        client_id=ClubApplication.client_id, due_at=ClubApplication.promised_at,
        page="club.case",
    ),
)  # fmt: skip
