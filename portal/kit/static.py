"""Static files: the hash of the content stands in the address, so a browser may keep them for ever."""

from pathlib import Path

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.kit.render import ROOT, static

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HELD = {
    static(str(file.relative_to(ROOT / "static"))): file
    for file in sorted((ROOT / "static").rglob("*"))
    if file.suffix in TYPES
}


@get("/static/{digest:str}/{place:path}", name="static", sync_to_thread=False, opt={"guard": "public", "room": "kit"})
def files(digest: FromPath[str], place: FromPath[str]) -> Response[bytes]:
    """Give a file by the hash of its content; any other address is a 404."""
    file: Path | None = HELD.get(f"/static/{digest}/{place.lstrip('/')}")
    if file is None:
        raise NotFoundException
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(file.read_bytes(), media_type=TYPES[file.suffix], headers=kept)
