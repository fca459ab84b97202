"""What somebody has in hand here, for a colleague who takes over."""

from portal.kit.i18n import later
from portal.queues import claims_charge
from portal.suitability.models import Assessment
from portal.suitability.rules import QUEUE

CHARGES = (
    claims_charge(
        QUEUE, later("测评"), Assessment, label=Assessment.number, client_id=Assessment.client_id,
        page="suitability.review",
    ),
)  # fmt: skip
