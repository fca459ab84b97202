"""What somebody has in hand here, for a colleague who takes over."""

from portal.kit.i18n import later
from portal.queues import claims_charge
from portal.redemptions.models import Redemption
from portal.redemptions.rules import QUEUE

CHARGES = (
    claims_charge(
        QUEUE, later("兑换"), Redemption, label=Redemption.number,
        client_id=Redemption.client_id, due_at=Redemption.promised_at,
        page="redemptions.review",
    ),
)  # fmt: skip
