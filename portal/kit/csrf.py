"""Cross-site request forgery: a token bound to the session, and the browser's word on where a request comes from."""

import hashlib
import hmac

from markupsafe import Markup

FIELD = "_csrf"


def token(secret: str) -> str:
    """Give the token of a session's secret; nothing is stored, and a new session makes a new one."""
    return hmac.new(secret.encode(), b"portal csrf", hashlib.sha256).hexdigest()


def matches(secret: str, given: str) -> bool:
    """Tell whether a form carries the token of this session."""
    return hmac.compare_digest(token(secret).encode(), given.encode())


def hidden_input(secret: str | None) -> Markup:
    """Give the hidden input that every form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token(secret) if secret else "")


def is_from_elsewhere(method: str, headers: dict[str, str], origin: str) -> bool:
    """Tell from the headers alone, before a byte of the body is read, that another site sent this request."""
    if method in {"GET", "HEAD", "OPTIONS"}:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    return headers.get("origin") != origin
