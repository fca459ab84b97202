"""PDF files: whether one is whole, can be read without a password, and carries nothing that acts by itself.

We don't repaint a PDF. So it never opens inside one of our pages: it is handed out as a file to save, and what would
act when it is opened refuses it here. Names may be written with escapes (`/J#61vaScript`) and hidden in packed streams:
both are undone before anything is looked for. This is no virus scanner.
"""

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

HEAD = re.compile(rb"%PDF-[12]\.\d")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"\bstream\r?\n")
ACTS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA)(?![A-Za-z0-9])")
LOCK = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
TAIL = 2048  # bytes in which the end mark must stand
UNPACKED_LIMIT, ALL_UNPACKED_LIMIT = 8 << 20, 96 << 20
STREAMS_LIMIT = 5000
PIECE = 16 << 10


class Trouble(StrEnum):
    """Why a PDF is not taken."""

    BROKEN = "broken"
    LOCKED = "locked"
    ACTIVE = "active"


def trouble(raw: bytes) -> Trouble | None:
    """Say what is the matter with a PDF, or None."""
    if not HEAD.match(raw) or b"%%EOF" not in raw[-TAIL:] or b"startxref" not in raw[-TAIL:]:
        return Trouble.BROKEN
    plain = _unescaped(raw)
    if LOCK.search(plain):
        return Trouble.LOCKED
    if ACTS.search(plain):
        return Trouble.ACTIVE
    return _of_streams(raw)


def _of_streams(raw: bytes) -> Trouble | None:
    total = 0
    for count, unpacked in enumerate(_unpacked(raw)):
        total += len(unpacked)
        if count >= STREAMS_LIMIT or total > ALL_UNPACKED_LIMIT:
            return Trouble.BROKEN
        if ACTS.search(_unescaped(unpacked)):
            return Trouble.ACTIVE
    return None


def _unpacked(raw: bytes) -> Iterator[bytes]:
    whole = memoryview(raw)
    for begin in STREAM.finditer(raw):
        yield _inflated(whole[begin.end() :])


def _inflated(packed: memoryview) -> bytes:
    # Fed in pieces: what the packer leaves over is copied each time, and a file may begin thousands of streams.
    unpacker, found = zlib.decompressobj(), bytearray()
    for at in range(0, len(packed), PIECE):
        try:
            found += unpacker.decompress(packed[at : at + PIECE], UNPACKED_LIMIT - len(found) + 1)
        except zlib.error:
            break  # not packed this way: a picture's own bytes, or text that was looked at already
        if unpacker.eof or len(found) > UNPACKED_LIMIT:
            break
    return bytes(found)


def _unescaped(raw: bytes) -> bytes:
    return ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), raw)
