"""What is told to browsers, what is refused, and tokens; the whole of it is in tests/test_doors.py."""

import pytest

from portal.kit import csrf
from portal.kit.addresses import Addresses, is_ours
from portal.kit.browser import CSP

ORIGIN = "https://portal.example"


def test_the_policy_allows_nothing_but_our_own() -> None:
    policy = dict(part.strip().split(" ", 1) for part in CSP.split(";"))
    assert policy["default-src"] == "'none'"
    assert {source for sources in policy.values() for source in sources.split()} == {"'none'", "'self'"}
    for closed in ("base-uri", "object-src", "frame-ancestors"):
        assert policy[closed] == "'none'"


@pytest.mark.parametrize(
    ("method", "headers", "elsewhere"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("HEAD", {}, False),
        ("POST", {"sec-fetch-site": "same-origin", "origin": "https://other.example"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"sec-fetch-site": "same-site", "origin": ORIGIN}, True),
        ("POST", {"sec-fetch-site": "cross-site", "origin": ORIGIN}, True),
        ("POST", {"origin": ORIGIN}, False),
        ("POST", {"origin": "http://portal.example"}, True),
        ("POST", {"origin": "null"}, True),
        ("POST", {}, True),
        ("DELETE", {}, True),
    ],
)
def test_where_a_request_comes_from(method: str, headers: dict[str, str], elsewhere: bool) -> None:
    assert csrf.is_from_elsewhere(method, headers, ORIGIN) is elsewhere


def test_a_token_is_one_sessions_own_and_not_its_secret() -> None:
    assert csrf.matches("secret", csrf.token("secret"))
    assert not csrf.matches("other", csrf.token("secret"))
    assert not csrf.matches("secret", "令牌")
    assert "secret" not in csrf.hidden_input("secret")
    assert csrf.hidden_input(None) == '<input type="hidden" name="_csrf" value="">'


def test_an_address_is_written_from_a_name() -> None:
    url = Addresses()
    url.learn("points.line", "/points/lines/{number:int}")
    assert url("points.line", number=7) == "/points/lines/7"
    assert url("points.line", number="a/b?", back="王", none=None) == "/points/lines/a%2Fb%3F?back=%E7%8E%8B"
    with pytest.raises(KeyError):
        url("points.gone")


@pytest.mark.parametrize("target", ["/", "/points?before=7&q=%E7%8E%8B", "/a//b", "/points#line-7"])
def test_a_path_of_ours_may_be_gone_to(target: str) -> None:
    assert is_ours(target)


@pytest.mark.parametrize("target", ["", "points", "//x", "/\\x", "\\x", "/\tx", "/\r\nx", "/ x", "https://x", "/\x00"])
def test_anything_else_may_not(target: str) -> None:
    assert not is_ours(target)
