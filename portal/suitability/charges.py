"""What somebody has in hand here, for a colleague who takes over."""

from portal.kit.i18n import later
from portal.queues import claims_charge
from portal.suitability.models import Assessment, OverLevelRequest
from portal.suitability.rules import QUEUE, WISH_QUEUE

CHARGES = (
    claims_charge(
        QUEUE, later("测评"), Assessment, label=Assessment.number, client_id=Assessment.client_id,
        page="suitability.review",
    ),
    claims_charge(
        WISH_QUEUE, later("高于等级的服务"), OverLevelRequest, label=OverLevelRequest.number,
        client_id=OverLevelRequest.client_id, page="suitability.wish_review",
    ),
)  # fmt: skip
