"""Pictures: whatever a camera or a phone sends is opened within bounds and painted anew.

What leaves here is a JPEG of our own making: no place and time of the camera, no second file behind the first, nothing
that a viewer could run.
"""

import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

FORMATS: Final = ("JPEG", "PNG", "WEBP")
PIXELS_LIMIT = 120_000_000  # a phone's largest; a JPEG is then opened at an eighth of its size
PLAIN_PIXELS_LIMIT = 25_000_000  # of formats that can only be opened whole: 100 MB of memory
EDGE = 2400  # pixels of the longer side: small print on an A4 page is still read
QUALITY = 85
BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, struct.error, zlib.error)


class TooManyPixels(Exception):
    """A picture that would fill the memory."""


class NoPicture(Exception):
    """Bytes that can't be opened as one of our formats to their end."""


def repainted(raw: bytes) -> bytes:
    """Give a picture as a fresh JPEG, upright, at most EDGE long; raises TooManyPixels and NoPicture."""
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as picture:
            _bound(picture)
            picture.draft("RGB", (EDGE, EDGE))
            return _painted(picture)
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except BROKEN as error:
        raise NoPicture from error


def _bound(picture: Image.Image) -> None:
    # The size stands in the header: nothing has been unpacked yet.
    limit = PIXELS_LIMIT if picture.format == "JPEG" else PLAIN_PIXELS_LIMIT
    if picture.width * picture.height > limit:
        raise TooManyPixels


def _painted(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((EDGE, EDGE))
    canvas = Image.new("RGB", upright.size, "white")
    clear = upright.convert("RGBA") if upright.mode in {"RGBA", "LA", "PA", "P"} else None
    canvas.paste(clear or upright.convert("RGB"), mask=clear)
    body = BytesIO()
    canvas.save(body, "JPEG", quality=QUALITY, optimize=True)
    return body.getvalue()
