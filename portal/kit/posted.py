"""What a request brings: fields and files of a form, bounded in bytes and number before anything looks at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from portal.kit.forms import Form

BODY_LIMIT = 64 * 1024
FIELD_LIMIT = 200
UPLOAD_LIMIT = 40 * 1024 * 1024  # a whole form, where files are asked for
FILE_LIMIT = 10 * 1024 * 1024  # more of a file is not kept: its field says so
FILES_LIMIT = 6
F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class File:
    """A file as it was sent; nothing that it says of itself is believed. Too large a one has lost its bytes."""

    field: str
    name: str
    body: bytes
    is_too_large: bool = False


@dataclass(frozen=True)
class Fields:
    """The fields that a form sent, and its files where the page asks for some."""

    typed: Mapping[str, str]
    files: tuple[File, ...] = ()

    def files_of(self, name: str) -> list[File]:
        """Give the files of one box."""
        return [each for each in self.files if each.field == name]

    def bind(self, form: type[F]) -> F:
        """Read the fields as a form."""
        return form.bind(self.typed)


async def read_form(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Read the posted form; raises ClientException when it is none, or holds too many fields."""
    request: Request[Any, Any, Any] = connection  # type: ignore[assignment]
    connection.scope["state"]["fields"] = Fields(fields(await request.body()))


async def read_upload(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Read a form with files as it comes in, never keeping more than the limits; raises ClientException when none."""
    request: Request[Any, Any, Any] = connection  # type: ignore[assignment]
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data":
        body = await request.body()
        if len(body) > BODY_LIMIT:
            raise ClientException("form")
        connection.scope["state"]["fields"] = Fields(fields(body))
        return
    draft = _Draft()
    try:
        with PushMultipartParser(options.get("boundary", ""), max_segment_count=FIELD_LIMIT, strict=True) as parser:
            async for chunk in request.stream():
                for event in parser.parse(chunk) if chunk else ():
                    draft.take(event)
    except (MultipartError, UnicodeDecodeError) as error:
        raise ClientException("form") from error
    refuse_nul(*draft.typed, *draft.typed.values(), *(each.name for each in draft.files))
    connection.scope["state"]["fields"] = Fields(draft.typed, tuple(draft.files))


@dataclass
class _Draft:
    """What has come in of a form with files so far."""

    typed: dict[str, str] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    _open: MultipartSegment | None = None
    _body: bytearray = field(default_factory=bytearray)
    _texts: int = 0

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """Take the beginning of a part, some of its bytes, or its end."""
        if isinstance(event, MultipartSegment):
            self._open, self._body = event, bytearray()
        elif event is None:
            self._close()
        elif len(self._body) <= FILE_LIMIT and len(self.files) < FILES_LIMIT:  # the rest is read past
            self._body += event

    def _close(self) -> None:
        part = self._open
        if part is None or not part.name:
            return
        if part.filename is None:
            self._texts += len(self._body)
            if self._texts > BODY_LIMIT:
                raise ClientException("form")
            self.typed[part.name] = self._body.decode()
        elif (part.filename or self._body) and len(self.files) < FILES_LIMIT:  # a box left empty sends an empty name
            is_too_large = len(self._body) > FILE_LIMIT
            self.files.append(File(part.name, part.filename, b"" if is_too_large else bytes(self._body), is_too_large))


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
