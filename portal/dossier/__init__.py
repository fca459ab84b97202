"""全景: everything about one client on one page for staff: his days in one line, where he stands, what is open."""

from portal.dossier import words
from portal.dossier.queries import Standing, standing_of
from portal.dossier.timeline import Timeline, kinds_for, timeline_of

__all__ = ["Standing", "Timeline", "kinds_for", "standing_of", "timeline_of", "words"]
