"""What somebody has in hand here, for a colleague who takes over."""

from portal.kit.i18n import later
from portal.library.models import Piece
from portal.library.rules import QUEUE
from portal.queues import claims_charge

CHARGES = (claims_charge(QUEUE, later("投教与资讯"), Piece, label=Piece.number, page="library.edit"),)
