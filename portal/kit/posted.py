"""What a request brings: the fields of a posted form, bounded in bytes and number before anything looks at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler

from portal.kit.forms import Form

BODY_LIMIT = 64 * 1024
FIELD_LIMIT = 200
F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Fields:
    """The fields that a form sent."""

    typed: Mapping[str, str]

    def bind(self, form: type[F]) -> F:
        """Read the fields as a form."""
        return form.bind(self.typed)


async def read_form(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Read the posted form; raises ClientException when it is none, or holds too many fields."""
    request: Request[Any, Any, Any] = connection  # type: ignore[assignment]
    connection.scope["state"]["fields"] = Fields(fields(await request.body()))


def fields(body: bytes) -> dict[str, str]:
    """Take a form's body apart; of a repeated field the last counts."""
    try:
        # Our own parser: the framework's keeps every body it has seen, passwords included, and knows no limit.
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELD_LIMIT)
    except ValueError as error:
        raise ClientException("form") from error
    refuse_nul(*(text for pair in pairs for text in pair))
    return dict(pairs)


def refuse_nul(*texts: str) -> None:
    """Refuse the one character that no text of ours holds and PostgreSQL can't keep."""
    if any("\x00" in text for text in texts):
        raise ClientException("nul")
