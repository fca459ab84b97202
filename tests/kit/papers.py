"""Files as visitors send them: photographs, PDF files, and what only pretends to be one."""

import zlib
from io import BytesIO

from PIL import Image

from portal.kit.posted import File

SCRIPT = b"<script>alert(1)</script>"


def photo(form="JPEG", size=(60, 40), *, place=False, mode="RGB"):
    """Take a photograph: red above, blue below; with `place` it says where it was taken."""
    picture = Image.new(mode, size, "red")
    picture.paste("blue", (0, size[1] // 2, size[0], size[1]))
    exif = Image.Exif()
    if place:
        exif[0x010F] = "a camera in Hangzhou"
        exif[0x0112] = 6  # held upright: to be turned by a quarter
    body = BytesIO()
    picture.save(body, form, **({"exif": exif.tobytes()} if place else {}))
    return body.getvalue()


def pdf(inside=b"", *, packed=b""):
    """Make a small PDF; `inside` stands in its catalogue, `packed` in a compressed stream."""
    stream = zlib.compress(packed)
    parts = [
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R ", inside, b" >>\nendobj\n2 0 obj\n",
        b"<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n3 0 obj\n<< /Filter /FlateDecode /Length %d >>" % len(stream),
        b"\nstream\n", stream, b"\nendstream\nendobj\n", b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n",
    ]  # fmt: skip
    return b"".join(parts)


def sent(body, name="card.jpg"):
    """Send it in a box named evidence."""
    return File("evidence", name, body)
