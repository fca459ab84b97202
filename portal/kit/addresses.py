"""Addresses: written from a page's name alone, and never leading off this site."""

import re
from typing import Any
from urllib.parse import quote, urlencode

# One slash and no second one; no backslash and no control character, which browsers read as a slash or leave out.
OURS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class Addresses:
    """Writes the address of a page from its name: `url("points.line", number=7)`; other parameters become the query."""

    def __init__(self) -> None:
        """Start without pages; app.py tells it every one."""
        self.paths: dict[str, tuple[str, list[tuple[str, str]]]] = {}

    def learn(self, name: str, path: str) -> None:
        """Learn a page's path, with its {name:type} places."""
        places = [(part, part[1:-1].split(":")[0]) for part in path.split("/") if part.startswith("{")]
        self.paths[name] = (path, places)

    def __call__(self, name: str, **params: Any) -> str:
        """Write the address; a page that does not exist is an error at once."""
        path, places = self.paths[name]
        for written, place in places:
            path = path.replace(written, quote(str(params.pop(place)), safe=""))
        query = urlencode({key: value for key, value in params.items() if value is not None})
        return f"{path}?{query}" if query else path


def is_ours(target: str) -> bool:
    """Tell whether an address that came from outside may be gone to: one of our own pages, never another host."""
    return OURS.fullmatch(target) is not None
