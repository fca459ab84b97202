"""The doors: what every answer carries, what is refused before it is read, who may come in, and what an error tells."""

import gc
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from tempfile import TemporaryDirectory

import psycopg
import pytest
from litestar import Litestar, Response
from litestar._parsers import parse_url_encoded_form_data
from litestar.testing import TestClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import identity, settings
from portal.app import create
from portal.doors import PUBLIC, SIGNED_IN, Db, Page, Sent, SignedIn, get, post
from portal.identity.forms import SignInForm
from portal.kit.posted import BODY_LIMIT, FIELD_LIMIT
from tests.conftest import furnished, lay_schema
from tests.identity.people import PASSWORD, log_lines, token

HOME = {"Sec-Fetch-Site": "same-origin"}
SLOW, GOING = threading.Event(), threading.Event()
TRIES: list[int] = []


@get("/odd", name="odd.show", guard=PUBLIC)
def show(page: Page) -> Response[str]:
    return page.show("identity/sign_in.html", form=SignInForm(), next="")


@post("/odd/echo", name="odd.echo", guard=PUBLIC)
def echo(sent: Sent) -> Response[str]:
    return Response(f"{len(sent.typed)} fields")


@post("/odd/crash", name="odd.crash", guard=PUBLIC)
def crash(db: Db, sent: Sent) -> Response[str]:
    try:
        db.execute(text("SELECT :value FROM nowhere"), {"value": sent.typed["password"]})
    except Exception as error:
        raise ValueError(f"cannot take {sent.typed['password']}") from error
    return Response("")


@post("/odd/often", name="odd.often", guard=PUBLIC)
def often(page: Page) -> Response[str]:
    TRIES.append(1)
    if len(TRIES) < 3:
        raise OperationalError("UPDATE", {}, psycopg.errors.SerializationFailure())
    return page.go("odd.show")


@post("/odd/again", name="odd.again", guard=PUBLIC)
def again(page: Page) -> Response[str]:
    return page.again("errors/error.html", block="content", code=404, request_id="")


@get("/odd/slow", name="odd.slow", guard=SIGNED_IN)
def slow(client: SignedIn) -> Response[str]:
    GOING.set()
    SLOW.wait(60)
    return Response(client.name)


ODD = [show, echo, crash, often, again, slow]


@pytest.fixture
def odd(tmp_path, clock) -> Iterator[TestClient[Litestar]]:
    yield from odd_house(tmp_path, clock, {})


@pytest.fixture
def secure(tmp_path, clock) -> Iterator[TestClient[Litestar]]:
    yield from odd_house(tmp_path, clock, {"PORTAL_ORIGIN": "https://portal.example"})


@cache
def odd_walls(origin: str) -> Litestar:
    """Build the application with the odd pages, once for each address."""
    with TemporaryDirectory() as home:
        return create(settings.read({"PORTAL_HOME": home, "PORTAL_ORIGIN": origin}), extra_pages=ODD)


def odd_house(tmp_path, clock, environment: dict[str, str]) -> Iterator[TestClient[Litestar]]:
    """Open the portal with a few odd pages more, on SQLite alone: the database is not the point here."""
    read = settings.read({"PORTAL_HOME": str(tmp_path), **environment})
    if read.database_url.startswith("sqlite"):
        lay_schema(read.database_url)
    app = furnished(odd_walls(read.origin), read, clock)
    with TestClient(app, base_url=read.origin, raise_server_exceptions=False) as client:
        client.headers.update({**HOME, "Accept-Language": "zh-CN"})
        client.follow_redirects = False
        yield client
    app.state.house.database.engine.dispose()


def enter(client: TestClient[Litestar], clock, name: str = "newcomer") -> None:
    """Sign a new client in."""
    with client.app.state.house.database.writing() as db:
        user = identity.enter_client(db, client_id=len(name), name="王小满", personal=[], now=clock.at)
        code = identity.give_activation(db, user_id=user.id, by="system", now=clock.at)
    form = {"code": code, "user_name": name, "password": PASSWORD, "repeated": PASSWORD}
    assert client.post("/activate", data=form).status_code == 303


# What every answer carries


def answers(client: TestClient[Litestar]) -> dict[str, object]:
    """Give one answer of each kind."""
    static = re.search(r'href="(/static/[^"]*css)"', client.get("/odd").text)[1]
    return {
        "page": client.get("/signin"),
        "static": client.get(static),
        "leads on": client.get("/points"),
        "wrong form": client.post("/signin", data={}),
        "no such page": client.get("/nowhere"),
        "no such file": client.get("/static/0/nothing.css"),
        "wrong method": client.put("/signin"),
        "head": client.head("/signin"),
        "options": client.options("/points"),
        "another site": client.post("/signin", headers={"Sec-Fetch-Site": "cross-site"}),
        "too large": client.post("/odd/echo", content=b"a=" + b"x" * BODY_LIMIT),
        "too many": client.post("/odd/echo", content=b"a=1&" * (FIELD_LIMIT + 1)),
        "crash": client.post("/odd/crash", data={"password": PASSWORD}),
    }


def test_every_answer_carries_every_header(secure) -> None:
    for kind, answer in answers(secure).items():
        told = answer.headers
        assert "default-src 'none'" in told["content-security-policy"], kind
        assert "frame-ancestors 'none'" in told["content-security-policy"], kind
        assert "unsafe" not in told["content-security-policy"], kind
        assert told["x-content-type-options"] == "nosniff", kind
        assert told["strict-transport-security"] == "max-age=31536000; includeSubDomains", kind
        assert told["cross-origin-opener-policy"] == "same-origin", kind
        assert told["cross-origin-resource-policy"] == "same-origin", kind
        assert told["referrer-policy"] == "same-origin", kind
        assert "camera=()" in told["permissions-policy"], kind
        assert told.get_list("server") == [""], kind  # the server under us adds its name only where there is none
        assert told.get("content-type", "").count("charset") <= 1, kind
        expected = "public, max-age=31536000, immutable" if kind == "static" else "no-store"
        assert told["cache-control"] == expected, kind


def test_the_kinds_of_answers_have_their_status(odd) -> None:
    assert {kind: answer.status_code for kind, answer in answers(odd).items()} == {
        "page": 200, "static": 200, "leads on": 303, "wrong form": 422, "no such page": 404, "no such file": 404,
        "wrong method": 405, "head": 405, "options": 204, "another site": 403, "too large": 413, "too many": 400,
        "crash": 500,
    }  # fmt: skip


def test_by_https_every_cookie_is_bound_to_this_host(secure, clock) -> None:
    enter(secure, clock)
    cookies = secure.get("/me?lang=en&size=large&theme=dark").headers.get_list("set-cookie")
    cookies += secure.post("/signin", data={"_csrf": token(secure.get("/me").text)}).headers.get_list("set-cookie")
    signed = secure.post("/signout", data={"_csrf": token(secure.get("/me").text)}).headers.get_list("set-cookie")
    assert len(cookies) == 3
    assert len(signed) == 1
    for cookie in cookies + signed:
        assert cookie.startswith("__Host-"), cookie
        for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
            assert attribute in cookie
        assert "Domain" not in cookie


def test_on_loopback_without_https_the_cookies_still_shun_scripts(odd, clock) -> None:
    enter(odd, clock)
    for cookie in odd.get("/me?lang=en").headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert not cookie.startswith("__Host-")


# What is refused before it is read


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_what_another_site_sends_is_refused(odd, site: str) -> None:
    answer = odd.post("/odd/echo", data={"a": "1"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8000", 200),
        ("http://evil.example", 403),
        ("http://127.0.0.1:8000.evil.example", 403),
        ("null", 403),
        (None, 403),
    ],
)
def test_a_browser_that_does_not_say_the_site_must_say_our_origin(odd, origin: str | None, status: int) -> None:
    del odd.headers["Sec-Fetch-Site"]
    headers = {"Origin": origin} if origin else {}
    assert odd.post("/odd/echo", data={"a": "1"}, headers=headers).status_code == status


def test_the_token_is_bound_to_the_session(odd, clock) -> None:
    enter(odd, clock, "somebody")
    foreign = token(odd.get("/me").text)
    odd.cookies.clear()
    enter(odd, clock, "another1x")
    own = token(odd.get("/me").text)
    assert own != foreign
    for given in (foreign, "", "x" * 64, "令牌", None):
        answer = odd.post("/signout", data={} if given is None else {"_csrf": given})
        assert answer.status_code == 403
        assert "这一页打开太久了" in answer.text
    assert odd.get("/me").status_code == 200
    assert odd.post("/signout", data={"_csrf": own}).status_code == 303


def test_a_planted_cookie_is_no_token(odd, clock) -> None:
    enter(odd, clock)
    odd.cookies.set("_csrf", "planted")
    odd.cookies.set("csrftoken", "planted")
    assert odd.post("/signout", data={"_csrf": "planted"}).status_code == 403


def test_a_body_of_more_than_64_kib_is_refused_with_a_page(odd) -> None:
    assert odd.post("/odd/echo", content=b"a=" + b"x" * (BODY_LIMIT - 2)).text == "1 fields"
    answer = odd.post("/odd/echo", content=b"a=" + b"x" * (BODY_LIMIT - 1))
    assert answer.status_code == 413
    assert "发送的内容太大" in answer.text


def test_a_body_that_hides_its_length_is_refused_too(odd) -> None:
    parts = (b"x" * 4096 for _ in range(17))
    assert odd.post("/odd/echo", content=parts).status_code == 413


def test_a_form_of_more_than_200_fields_is_refused_with_a_page(odd) -> None:
    assert odd.post("/odd/echo", data={f"f{n}": "" for n in range(FIELD_LIMIT)}).text == f"{FIELD_LIMIT} fields"
    answer = odd.post("/odd/echo", data={f"f{n}": "" for n in range(FIELD_LIMIT + 1)})
    assert answer.status_code == 400
    assert "没有看懂这个请求" in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"a=%00", b"%00=a", b'{"a": 1'])
def test_hostile_bytes_are_never_an_error_of_ours(odd, body: bytes) -> None:
    assert odd.post("/odd/echo", content=body).status_code in {200, 400}


@pytest.mark.parametrize("name", ["a\x00b", "\ud7ff\ufffd", "'; --", "%", "x" * 60000])
def test_a_hostile_user_name_is_refused_on_both_databases(browser, name: str) -> None:
    assert browser.post("/signin", data={"user_name": name, "password": "p"}).status_code in {400, 422}


@pytest.mark.parametrize("path", ["/signin?next=%00", "/%00", "/redemptions/%00", "/points/lines/9" + "9" * 400])
def test_a_hostile_address_is_never_an_error_of_ours(browser, path: str) -> None:
    assert browser.get(path).status_code < 500


def test_no_form_is_kept_in_memory(odd) -> None:
    for number in range(50):
        odd.post("/odd/echo", data={"password": f"unforgotten-{number}"})
    gc.collect()
    kept = [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, dict | list | tuple) and any(str(item) == "unforgotten-7" for item in _texts(thing))
    ]
    assert len(kept) <= 1  # at most the last one's own
    assert parse_url_encoded_form_data.cache_info().currsize == 0


def _texts(thing) -> list[object]:
    items = list(thing.values()) if isinstance(thing, dict) else list(thing)
    return [item for item in items if isinstance(item, str)]


def test_the_schema_of_the_framework_is_not_there(odd) -> None:
    for path in ("/schema", "/schema/openapi.json", "/schema/swagger", "/docs"):
        assert odd.get(path).status_code == 404


# Who may come in


def test_head_and_options_tell_a_stranger_nothing(odd) -> None:
    for path in ("/", "/points", "/holdings", "/desk", "/me"):
        assert odd.head(path).status_code == 405
        answer = odd.options(path)
        assert (answer.status_code, answer.text) == (204, "")


def test_every_page_but_the_public_ones_leads_a_stranger_to_the_sign_in(odd) -> None:
    for route in odd.app.routes:
        for handler in route.route_handlers:
            guard, path = handler.opt.get("guard"), re.sub(r"\{[^}]*\}", "1", route.path)
            for method in handler.http_methods & {"GET", "POST"}:
                answer = odd.request(method, path, data={} if method == "POST" else None)
                if guard == "public":
                    # A public page leads nobody away, or to another public one.
                    assert (
                        answer.headers.get("location", "/signin") in {"/signin", "/bookings"} or path == "/odd/often"
                    ), path
                else:
                    assert answer.status_code == 303, path
                    assert answer.headers["location"].startswith("/signin"), path


def test_a_part_of_a_page_never_holds_the_sign_in(odd) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for answer in (odd.get("/points", headers=headers), odd.post("/signout", headers=headers)):
        assert answer.status_code == 401
        assert answer.headers["hx-redirect"].startswith("/signin")
        assert answer.text == ""


def test_a_request_under_way_does_not_bring_a_signed_out_session_back(odd, clock) -> None:
    enter(odd, clock)
    csrf, session = token(odd.get("/me").text), odd.cookies["session"]
    clock.at += timedelta(minutes=2)  # old enough for the slow page to note its use
    SLOW.clear()
    GOING.clear()
    with ThreadPoolExecutor(1) as pool, TestClient(odd.app, base_url="http://127.0.0.1:8000") as other:
        other.cookies.set("session", session)
        under_way = pool.submit(other.get, "/odd/slow")
        assert GOING.wait(60)
        assert odd.post("/signout", data={"_csrf": csrf}).status_code == 303
        SLOW.set()
        assert under_way.result(60).text == "王小满"
        other.follow_redirects = False
        assert other.get("/me").status_code == 303


def test_the_name_of_the_host_is_not_trusted(odd) -> None:
    hostile = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert odd.get("/points", headers=hostile).headers["location"] == "/signin?next=%2Fpoints"
    assert "evil" not in odd.get("/signin", headers=hostile).text


def test_behind_our_proxy_a_visitor_counts_by_the_address_that_the_proxy_saw(secure, odd) -> None:
    def networks(client, header: str) -> list[str]:
        client.post("/signin", data={"user_name": "a", "password": "b"}, headers={"X-Forwarded-For": header})
        with client.app.state.house.database.reading() as db:
            found = db.scalars(text("SELECT key FROM identity_limit WHERE key LIKE 'network:%'"))
            return sorted(key.removeprefix("network:") for key in found)

    assert networks(secure, "198.51.100.7, 203.0.113.9") == ["203.0.113.0/24"]
    without_proxy = set(networks(odd, "198.51.100.7, 203.0.113.9")) - {"203.0.113.0/24"}
    assert without_proxy == {"unknown"}, "without a proxy nobody may name himself"


# Pages, parts of them, their looks


def test_a_look_chosen_in_the_address_is_kept_and_leaves_the_rest_of_the_address_alone(odd) -> None:
    page = odd.get("/odd?offer=3&q=%E7%8E%8B&q=b&lang=zh").text
    assert 'href="/odd?offer=3&amp;q=%E7%8E%8B&amp;q=b&amp;lang=en"' in page
    assert 'lang="en"' in odd.get("/odd?offer=3&lang=en").text
    assert '<html lang="en">' in odd.get("/odd").text
    assert 'data-size="large"' in odd.get("/odd?size=large").text
    assert 'data-theme="dark"' in odd.get("/odd?theme=dark").text
    assert "data-theme" not in odd.get("/odd?theme=system").text


def test_a_look_that_does_not_exist_is_not_kept(odd) -> None:
    answer = odd.get('/odd?lang=xx&theme="><script>&size=huge')
    assert "set-cookie" not in answer.headers
    assert "<script>" not in answer.text


def test_after_a_form_with_errors_the_links_lead_back_to_its_page(odd) -> None:
    sent = odd.post("/signin", data={}, headers={"Referer": "http://127.0.0.1:8000/signin?next=%2Fpoints"})
    assert 'href="/signin?next=%2Fpoints&amp;lang=en"' in sent.text


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example"])
def test_no_link_of_a_page_leads_to_another_site(odd, path: str) -> None:
    text = odd.get(f"http://127.0.0.1:8000{path}").text
    assert 'href="//' not in text
    assert "evil" not in text.replace(r"/%5Cevil.example", "")


def test_to_a_part_of_a_page_an_error_speaks_in_the_middle_of_the_page(odd) -> None:
    answer = odd.get("/nowhere", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 404
    assert answer.headers["hx-retarget"] == "#main"
    assert "<html" not in answer.text
    assert "没有这一页" in answer.text


def test_a_form_comes_back_whole_to_a_browser_and_as_its_part_to_htmx(odd) -> None:
    whole = odd.post("/odd/again")
    part = odd.post("/odd/again", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (whole.status_code, part.status_code) == (422, 422)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert part.text.strip() in whole.text


def test_after_a_verb_htmx_opens_the_next_page_itself(odd) -> None:
    TRIES[:] = [1, 1, 1]
    answer = odd.post("/odd/often", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (answer.status_code, answer.headers["hx-redirect"], answer.text) == (200, "/odd", "")


# Errors


def test_an_error_tells_its_number_and_the_log_tells_the_lines_but_no_value(odd, capsys) -> None:
    answer = odd.post("/odd/crash", data={"password": "marker-of-a-password"})
    assert answer.status_code == 500
    number = re.search(r"编号 (\w+)", answer.text)[1]
    assert answer.headers["x-request-id"] == number
    told = [line for line in log_lines(capsys) if line["id"] == number]
    assert [line["event"] for line in told] == ["unexpected", "request"]
    assert "in crash" in told[0]["exception"]
    assert "builtins.ValueError" in told[0]["exception"]
    assert "sqlalchemy.exc.OperationalError" in told[0]["exception"]
    assert "marker-of-a-password" not in str(told)
    assert "marker" not in answer.text


def test_an_error_keeps_the_navigation_of_who_is_signed_in(odd, clock) -> None:
    enter(odd, clock)
    csrf = token(odd.get("/me").text)
    for answer in (
        odd.get("/nowhere"),
        odd.get("/desk"),
        odd.post("/signout", data={}),
        odd.post("/odd/echo", content=b"a=" + b"x" * BODY_LIMIT),
        odd.post("/odd/crash", data={"password": "x", "_csrf": csrf}),
    ):
        assert answer.status_code >= 400
        assert 'aria-label="主导航"' in answer.text
        assert "王小满" in answer.text


def test_when_even_the_page_of_an_error_fails_there_is_a_sentence_and_a_line(odd, capsys, monkeypatch) -> None:
    monkeypatch.setattr(odd.app.state.house.url, "paths", {})
    answer = odd.get("/odd")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["content-security-policy"]
    assert "unexpected" in [line["event"] for line in log_lines(capsys)]


def test_a_database_out_of_reach_is_said_so_and_when_to_come_back(tmp_path, clock) -> None:
    for client in odd_house(tmp_path, clock, {"PORTAL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}):
        client.cookies.set("session", "somebody")
        for answer in (client.get("/me"), client.post("/signin", data={"user_name": "a", "password": "b"})):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "30"
            assert "请半分钟后再试" in answer.text
        assert client.get("/nowhere").status_code == 404


def test_a_transaction_that_the_database_wants_again_is_tried_again(odd) -> None:
    TRIES.clear()
    assert odd.post("/odd/often").status_code == 303
    assert len(TRIES) == 3


def test_reading_goes_on_while_nothing_can_be_written(odd, clock) -> None:
    enter(odd, clock)
    clock.at += timedelta(minutes=2)
    engine = odd.app.state.house.database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON identity_session BEGIN SELECT * FROM a_full_disk; END"
        )
    assert odd.get("/me").status_code == 200


def test_the_debug_page_of_the_framework_cannot_be_switched_on(monkeypatch, tmp_path, clock) -> None:
    monkeypatch.setenv("LITESTAR_DEBUG", "1")
    with pytest.raises(settings.BadSetting):
        settings.read()
    for client in odd_house(tmp_path, clock, {}):
        assert "Traceback" not in client.post("/odd/crash", data={"password": "x"}).text
