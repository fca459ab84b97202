"""Papers: what visitors send as evidence, judged by its content, whatever it says of itself."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.kit import pdfs, pictures
from portal.kit.i18n import later
from portal.kit.posted import File

ATTACHED_LIMIT = 5  # files of one request


class Kind(StrEnum):
    """What we keep: pictures that we painted anew, and PDF files as they came."""

    JPEG = "jpeg"
    PDF = "pdf"


class Fault(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    EMPTY = "empty"
    UNKNOWN_KIND = "unknown_kind"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    LOCKED = "locked"
    ACTIVE = "active"
    TOO_MANY = "too_many"
    ENOUGH_TODAY = "enough_today"


WORDS: Mapping[Fault, str] = {
    Fault.TOO_LARGE: later("文件太大：每个最多 10 MB。照片可以选“中等大小”再传。"),
    Fault.EMPTY: later("文件是空的，请重新选择。"),
    Fault.UNKNOWN_KIND: later("这个文件不是照片，也不是 PDF。请传 JPEG、PNG、WebP 图片或 PDF 文件。"),
    Fault.BROKEN: later("文件打不开，可能没有保存完整，请重新拍照或导出。"),
    Fault.TOO_MANY_PIXELS: later("照片的像素太多，请用普通清晰度再拍一张。"),
    Fault.LOCKED: later("PDF 设了密码，请另存一份没有密码的。"),
    Fault.ACTIVE: later("PDF 里有脚本、附件或表单，请打印成普通 PDF 再传。"),
    Fault.TOO_MANY: later("最多 5 个文件。"),
    Fault.ENOUGH_TODAY: later("今天传的文件已经很多，请明天再传，或到营业部办理。"),
}
TYPES: Mapping[str, str] = {Kind.JPEG: "image/jpeg", Kind.PDF: "application/pdf"}
ENDINGS: Mapping[str, str] = {Kind.JPEG: "jpg", Kind.PDF: "pdf"}
STARTS: Mapping[bytes, Kind] = {b"\xff\xd8\xff": Kind.JPEG, b"\x89PNG\r\n\x1a\n": Kind.JPEG, b"%PDF-": Kind.PDF}


@dataclass(frozen=True)
class Judged:
    """A file that may be kept, as it will be kept."""

    kind: Kind
    name: str
    body: bytes


def judge(file: File) -> Judged | Fault:
    """Look at what a file is, whatever it says of itself: a picture is painted anew, a PDF is looked through."""
    if file.is_too_large:
        return Fault.TOO_LARGE
    if not file.body:
        return Fault.EMPTY
    kind = _kind(file.body)
    match kind:
        case None:
            return Fault.UNKNOWN_KIND
        case Kind.JPEG:
            return _picture(file)
        case Kind.PDF:
            found = pdfs.trouble(file.body)
            return Fault(found.value) if found else Judged(kind, tidy(file.name, kind), file.body)


def judge_all(files: Sequence[File], kept: int = 0) -> list[Judged] | Fault:
    """Judge the files of one box, beside so many that are kept already; the first that will not do says why."""
    if len(files) + kept > ATTACHED_LIMIT:
        return Fault.TOO_MANY
    judged: list[Judged] = []
    for file in files:
        found = judge(file)
        if isinstance(found, Fault):
            return found
        judged.append(found)
    return judged


def tidy(name: str, kind: Kind) -> str:
    """Give a file's name as it may be shown and saved: no folders, no control characters, the ending of what it is."""
    last = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    plain = "".join(each for each in last if unicodedata.category(each)[0] != "C" and each not in '<>:"|?*')
    stem = plain.rpartition(".")[0] or plain
    return f"{stem.strip(' .')[:60] or 'file'}.{ENDINGS[kind]}"


def _kind(body: bytes) -> Kind | None:
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return Kind.JPEG
    return next((kind for start, kind in STARTS.items() if body.startswith(start)), None)


def _picture(file: File) -> Judged | Fault:
    try:
        return Judged(Kind.JPEG, tidy(file.name, Kind.JPEG), pictures.repainted(file.body))
    except pictures.TooManyPixels:
        return Fault.TOO_MANY_PIXELS
    except pictures.NoPicture:
        return Fault.BROKEN
