"""Evidence is judged by what it is: pictures painted anew, PDF files looked through, everything else refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from portal.kit.papers import Fault, Judged, Kind, judge, judge_all, tidy
from portal.kit.posted import File
from tests.kit.papers import SCRIPT, pdf, photo, sent


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_back_as_a_fresh_jpeg(form):
    found = judge(sent(photo(form), "身份证正面.PNG"))
    assert (found.kind, found.name) == (Kind.JPEG, "身份证正面.jpg")
    with Image.open(BytesIO(found.body)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (60, 40))


def test_nothing_that_the_camera_said_or_that_was_hung_behind_survives_and_the_picture_stands_upright():
    found = judge(sent(photo(place=True) + SCRIPT))
    assert b"Hangzhou" not in found.body
    assert SCRIPT not in found.body
    with Image.open(BytesIO(found.body)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((40, 60), {})


def test_a_large_picture_is_made_smaller_and_a_clear_one_gets_a_white_ground():
    with Image.open(BytesIO(judge(sent(photo(size=(5000, 2500)))).body)) as picture:
        assert picture.size == (2400, 1200)
    clear = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(BytesIO(judge(sent(clear.getvalue())).body)) as picture:
        assert picture.getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (SCRIPT, Fault.UNKNOWN_KIND),  # a script named card.jpg
        (b"", Fault.EMPTY),
        (b"GIF89a" + bytes(40), Fault.UNKNOWN_KIND),
        (b"\xff\xd8\xff\xe0" + SCRIPT, Fault.BROKEN),
        (photo()[:-200], Fault.BROKEN),
        (b"PK\x03\x04" + bytes(60), Fault.UNKNOWN_KIND),
    ],
)
def test_what_only_pretends_to_be_a_picture_is_refused(body, fault):
    assert judge(sent(body)) == fault


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header():
    # 60,000 × 60,000 pixels of nothing: a few kilobytes on the wire, eleven gigabytes unpacked.
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    body = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    assert judge(sent(body)) == Fault.TOO_MANY_PIXELS


def test_a_plain_pdf_is_kept_as_it_came():
    body = pdf(packed=b"BT (hello) Tj ET")
    assert judge(sent(body, "declaration.pdf")) == Judged(Kind.PDF, "declaration.pdf", body)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), Fault.ACTIVE),
        (pdf(b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>"), Fault.ACTIVE),
        (pdf(packed=b"<< /S /Launch /F (calc.exe) >>"), Fault.ACTIVE),
        (pdf(packed=b"x" * 5_000_000 + b"<< /Type /EmbeddedFile >>"), Fault.ACTIVE),
        (pdf(b"/Encrypt 9 0 R"), Fault.LOCKED),
        (pdf()[:-10], Fault.BROKEN),
        (b"%PDF-1.7\n" + SCRIPT, Fault.BROKEN),
    ],
)
def test_a_pdf_that_acts_is_locked_or_is_cut_off_is_refused(body, fault):
    assert judge(sent(body, "declaration.pdf")) == fault


def test_thousands_of_streams_that_unpack_without_end_are_refused():
    bomb = zlib.compress(bytes(9_000_000), 9)
    assert judge(sent(pdf()[:-6] + (b"\nstream\n" + bomb) * 20 + b"startxref\n0\n%%EOF", "a.pdf")) == Fault.BROKEN


def test_six_files_are_too_many_and_so_is_one_beside_five_that_are_kept():
    assert judge_all([sent(photo())] * 6) == Fault.TOO_MANY
    assert judge_all([sent(photo())], kept=5) == Fault.TOO_MANY
    assert judge_all([sent(photo()), sent(SCRIPT)]) == Fault.UNKNOWN_KIND


def test_a_file_too_large_to_be_read_says_so():
    assert judge(File("evidence", "a.jpg", b"", is_too_large=True)) == Fault.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\王\\身份证.jpeg", "身份证.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ('"><img src=x>.jpg', "img src=x.jpg"),
        ("...", "file.jpg"),
        ("很" * 90 + ".jpg", "很" * 60 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(name, shown):
    assert tidy(name, Kind.JPEG) == shown
