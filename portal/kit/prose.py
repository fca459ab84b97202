"""Prose: what staff write, in a small Markdown, as safe HTML. The one place where a text of theirs becomes markup.

HTML in the text stays text, there are no images, and a link leads to a page of ours or to an official site, by https.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from portal.kit.addresses import is_ours

# Regulators, exchanges, the clearing house, the association, their papers: none of them sells anything.
OFFICIAL = frozenset(
    """
    csrc.gov.cn sse.com.cn szse.cn bse.cn chinaclear.cn sac.net.cn amac.org.cn cfachina.org cninfo.com.cn
    investor.org.cn isc.com.cn pbc.gov.cn gov.cn
    """.split()
)
FIRST_LEVEL, LAST_LEVEL = 2, 4  # of headings: the page's own title stands above them
NESTING_LIMIT = 8


def prose(text: str) -> Markup:
    """Render a text; whatever is no plain paragraph, heading, list, table, quotation or permitted link stays text."""
    tokens = _ENGINE.parse(text)
    _settle_headings(tokens)
    _settle_tables(tokens)
    return Markup(_ENGINE.renderer.render(tokens, _ENGINE.options, {}))


def foreign_links(text: str) -> list[str]:
    """List the addresses in a text that are shown as text only, because a reader must not be led there."""
    return sorted({href for href in _hrefs(_ANY.parse(text)) if not may_lead_to(href)})


def may_lead_to(address: str) -> bool:
    """Tell whether a link may lead there: a page of ours, or an official site by https."""
    if address.startswith("/"):
        return is_ours(address)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = any(host == site or host.endswith(f".{site}") for site in OFFICIAL)
    return parts.scheme == "https" and named and port is None and parts.username is None


class _Any(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return True


class _Ours(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return may_lead_to(url)


def _engine(kind: type[MarkdownIt]) -> MarkdownIt:
    made = kind("commonmark", {"html": False, "maxNesting": NESTING_LIMIT}).enable("table")
    return made.disable(["image", "code", "html_block", "html_inline", "reference"])


def _settle_headings(tokens: Sequence[Token]) -> None:
    # A page's headings go down one step at a time, whatever the writer typed.
    before, level = FIRST_LEVEL - 1, FIRST_LEVEL
    for token in tokens:
        if token.type == "heading_open":
            level = max(FIRST_LEVEL, min(int(token.tag[1:]) + 1, before + 1, LAST_LEVEL))
            before = level
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


def _settle_tables(tokens: Sequence[Token]) -> None:
    # Our policy forbids inline style: a column on the right says so by its class, as every table of ours.
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "t")
        elif token.attrs.pop("style", "") == "text-align:right":
            token.attrSet("class", "r")


def _hrefs(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrGet("href") or "")
        yield from _hrefs(token.children or ())


_ENGINE, _ANY = _engine(_Ours), _engine(_Any)
