"""全景: everything about one client on one page for staff: his days in one line, where he stands, notes."""

from portal.dossier import notes, words
from portal.dossier.forms import REFUSALS, CorrectionForm, NoteForm
from portal.dossier.own_data import GATHER, end_exports, gather
from portal.dossier.queries import Standing, standing_of
from portal.dossier.rules import Audience, Refusal
from portal.dossier.timeline import Timeline, kinds_for, timeline_of

__all__ = [
    "GATHER",
    "REFUSALS",
    "Audience",
    "CorrectionForm",
    "NoteForm",
    "Refusal",
    "Standing",
    "Timeline",
    "end_exports",
    "gather",
    "kinds_for",
    "notes",
    "standing_of",
    "timeline_of",
    "words",
]
