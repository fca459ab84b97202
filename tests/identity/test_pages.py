"""Signing in, activating and signing out as a browser meets them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from tests.identity.people import PASSWORD, STEP, invite, log_lines, token, typed

ACCOUNTS = ["unknown", "wrong password", "no password yet", "second factor, wrong password"]


@pytest.mark.parametrize("which", ACCOUNTS)
def test_every_no_at_the_sign_in_is_the_same_no(browser, database, clock, person, which: str) -> None:
    who = person(second_factor=which.startswith("second"))
    invite(database, clock, number=77)
    name = {"unknown": "nobody-at-all", "no password yet": "王小满"}.get(which, who.user_name)
    answer = browser.post("/signin", data={"user_name": name, "password": "not the password, no", "next": ""})
    assert answer.status_code == 422
    assert "用户名或密码不对。" in answer.text
    assert sorted(answer.headers) == sorted(EXPECTED_HEADERS)
    body = answer.text.replace(f'value="{name}"', "")
    assert body == SAME.setdefault("body", body)


EXPECTED_HEADERS = [
    "cache-control", "content-length", "content-security-policy", "content-type", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "permissions-policy", "referrer-policy", "server", "x-content-type-options",
    "x-request-id",
]  # fmt: skip
SAME: dict[str, str] = {}


def test_a_client_signs_in_and_stands_on_the_first_page(browser, person) -> None:
    answer = browser.post("/signin", data=typed(person()))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/me").status_code == 200


def test_an_empty_form_says_at_each_field_what_is_missing(browser) -> None:
    answer = browser.post("/signin", data={"user_name": " ", "password": ""})
    assert answer.status_code == 422
    assert "请填写用户名。" in answer.text
    assert "请填写密码。" in answer.text


def test_what_was_typed_stands_there_again_but_never_the_password(browser) -> None:
    answer = browser.post("/signin", data={"user_name": "xiao<man>", "password": PASSWORD, "next": "/points"})
    assert "xiao&lt;man&gt;" in answer.text
    assert PASSWORD not in answer.text
    assert 'name="next" value="/points"' in answer.text


def test_the_second_step_takes_full_width_digits_and_spaces(browser, person, clock) -> None:
    who = person(second_factor=True)
    asked = browser.post("/signin", data=typed(who, target="/points"))
    assert asked.headers["location"] == "/signin/code?next=%2Fpoints"
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in who.code(clock))
    answer = browser.post("/signin/code", data={"code": f" {wide[:3]} {wide[3:]} ", "next": "/points"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/points")


def test_a_code_that_opened_once_is_refused_the_second_time(browser, person, clock) -> None:
    who = person(second_factor=True)
    code = who.code(clock)
    for expected in (303, 422):
        browser.cookies.delete("session")
        browser.post("/signin", data=typed(who))
        assert browser.post("/signin/code", data={"code": code, "next": ""}).status_code == expected


def test_the_second_step_without_a_first_leads_back(browser) -> None:
    assert browser.get("/signin/code").headers["location"] == "/signin"
    answer = browser.post("/signin/code", data={"code": "123456", "next": "/points"})
    assert answer.status_code == 422
    assert "时间过了，请重新登录。" in answer.text


def test_each_door_that_opens_gives_a_new_session_and_ends_the_old_one(browser, person, clock) -> None:
    browser.cookies.set("session", "attacker-chosen-id", domain="127.0.0.1")
    who, seen = person(), ["attacker-chosen-id"]
    browser.post("/signin", data=typed(who))
    for _ in range(2):
        seen.append(browser.cookies["session"])
        clock.at += timedelta(minutes=1)
        browser.post("/signin", data={**typed(who), "_csrf": token(browser.get("/signin").text)})
    seen.append(browser.cookies["session"])
    assert len(set(seen)) == 4
    for old in seen[:-1]:
        browser.cookies.clear()
        browser.cookies.set("session", old)
        assert browser.get("/me").status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "evil.example", "javascript:alert(1)", "///evil.example", "/\r\nset-cookie: a=b", " //evil.example",
        "http:evil.example", "/a\\..\\evil.example",
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(browser, person, target: str) -> None:
    answer = browser.post("/signin", data=typed(person(), target=target))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_signing_in_leads_on_to_where_somebody_wanted_to_go(browser, person) -> None:
    wanted = browser.get("/redemptions?state=open&a=%E7%8E%8B")
    assert wanted.status_code == 303
    form = browser.get(wanted.headers["location"]).text
    target = re.search(r'name="next" value="([^"]*)"', form)[1].replace("&amp;", "&")
    assert target == "/redemptions?state=open&a=%E7%8E%8B"
    assert browser.post("/signin", data=typed(person(), target=target)).headers["location"] == target


def test_who_has_the_second_factor_but_has_not_shown_it_signs_in_again(
    browser, database, person, sign_in, clock
) -> None:
    who = person(second_factor=True)
    sign_in(who)
    with database.engine.begin() as connection:  # such a session can be left by a race alone
        connection.exec_driver_sql("UPDATE identity_session SET aal = 1")
    answer = browser.get("/redemptions/new?offer=3")
    assert answer.headers["location"].startswith("/me/second-factor?next=")
    answer = browser.get(answer.headers["location"])
    assert answer.headers["location"] == "/signin?next=%2Fredemptions%2Fnew%3Foffer%3D3"
    form = browser.get(answer.headers["location"])
    assert form.status_code == 200
    clock.at += STEP
    browser.post("/signin", data={**typed(who), "_csrf": token(form.text)})
    browser.post("/signin/code", data={"code": who.code(clock), "_csrf": token(form.text)})
    assert browser.get("/me/second-factor").headers["location"] == "/me"


def test_the_seed_in_force_is_not_shown_to_a_weaker_session(browser, database, person, sign_in) -> None:
    who = person(second_factor=True)
    sign_in(who)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE identity_session SET aal = 1")
    csrf = token(browser.get("/me").text)
    for code in ("", "000000"):
        answer = browser.post("/me/second-factor", data={"code": code, "next": "", "_csrf": csrf})
        assert (answer.status_code, answer.headers["location"]) == (303, "/signin")


def test_a_client_turns_the_second_factor_on_with_its_first_code(browser, person, sign_in, clock) -> None:
    sign_in(person())
    before = browser.cookies["session"]
    page = browser.get("/me/second-factor?next=/redemptions").text
    seed = re.search(r'<code class="n">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    form = {"code": "000000", "next": "/redemptions", "_csrf": token(page)}
    refused = browser.post("/me/second-factor", data=form)
    assert refused.status_code == 422
    assert seed[:4] in refused.text
    answer = browser.post("/me/second-factor", data={**form, "code": pyotp.TOTP(seed).at(clock.at)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/redemptions")
    assert browser.cookies["session"] != before
    assert "已开启" in browser.get("/me").text


def test_the_qr_code_obeys_the_policy_and_shows_on_white(browser, person, sign_in) -> None:
    sign_in(person())
    drawn = re.search(r"<svg.*?</svg>", browser.get("/me/second-factor").text, re.S)[0]
    assert "style" not in drawn
    assert 'fill="#fff"' in drawn
    assert "<title>二维码</title>" in drawn


def test_staff_without_a_second_factor_are_led_to_turn_it_on_and_can_do_nothing_else(
    browser, app, person, sign_in
) -> None:
    sign_in(person("staff"))
    csrf = token(browser.get("/me").text)
    for method, path in staff_addresses(app):
        answer = browser.request(method, path, data={"_csrf": csrf} if method == "POST" else None)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/me/second-factor"), path
    assert browser.get("/me/second-factor").status_code == 200


def test_staff_stand_at_the_desk_after_signing_in(browser, person, clock) -> None:
    who = person("staff", second_factor=True)
    browser.post("/signin", data=typed(who))
    answer = browser.post("/signin/code", data={"code": who.code(clock), "next": ""})
    assert answer.headers["location"] == "/desk"


def test_a_client_finds_no_page_of_the_staff(browser, app, person, sign_in) -> None:
    sign_in(person(second_factor=True))
    csrf = token(browser.get("/me").text)
    for method, path in staff_addresses(app):
        answer = browser.request(method, path, data={"_csrf": csrf} if method == "POST" else None)
        assert answer.status_code == 404, path


def test_staff_find_no_page_of_a_client(browser, app, person, sign_in) -> None:
    sign_in(person("staff", second_factor=True))
    csrf = token(browser.get("/me").text)
    for method, path in addresses(app, lambda guard: guard.startswith("client")):
        answer = browser.request(method, path, data={"_csrf": csrf} if method == "POST" else None)
        assert answer.status_code == 404, path


def staff_addresses(app) -> list[tuple[str, str]]:
    return addresses(app, lambda guard: guard.startswith("staff: "))


def addresses(app, guards: Callable[[str], bool]) -> list[tuple[str, str]]:
    """List method and an example path of every route with such a guard."""
    found = [
        (method, re.sub(r"\{[^}]*\}", "1", route.path))
        for route in app.routes
        for handler in route.route_handlers
        for method in handler.http_methods & {"GET", "POST"}
        if guards(handler.opt.get("guard", ""))
    ]
    assert found
    return found


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept_of_us(browser, person, sign_in) -> None:
    sign_in(person())
    browser.get("/me?lang=en")
    kept = {name: value for name, value in browser.cookies.items() if name != "session"}
    session = browser.cookies["session"]
    answer = browser.post("/signout", data={"_csrf": token(browser.get("/me").text)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    # Not "cookies": the language and the known device stay, or strangers could lock this client out.
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert {name: value for name, value in browser.cookies.items() if value} == kept
    assert set(kept) == {"device", "lang"}
    browser.cookies.set("session", session)
    assert browser.get("/me").status_code == 303


def test_a_session_ends_by_itself(browser, person, sign_in, clock) -> None:
    sign_in(person())
    for _ in range(25):
        clock.at += timedelta(minutes=29)
        last = browser.get("/me")
        if last.status_code != 200:
            break
    assert last.status_code == 303, "twelve hours are the end, however much it is used"
    sign_in(person())
    clock.at += timedelta(minutes=30)
    assert browser.get("/me").status_code == 303


def test_with_an_activation_code_a_client_sets_user_name_and_password(browser, database, clock) -> None:
    code, _ = invite(database, clock)
    form = {
        "code": f"{code[:5]}-{code[5:].lower()} ",
        "user_name": "XiaoMan",
        "password": PASSWORD,
        "repeated": PASSWORD,
    }
    answer = browser.post("/activate", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    browser.cookies.clear()
    assert browser.post("/signin", data={"user_name": "xiaoman", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "0000000000"}, "激活码不对、用过了，或已过十分钟。请向工作人员要一个新的。"),
        ({"code": "1"}, "激活码是 10 位字母和数字。"),
        ({"user_name": "a b"}, "用户名要 3 到 32 个字母、数字、汉字或 . _ - @。"),
        ({"user_name": "person1"}, "这个用户名已经有人用了，请换一个。"),
        ({"password": "short", "repeated": "short"}, "密码太短：请用至少 15 个字符，一句话最好记。"),
        ({"password": "x" * 1025, "repeated": "x" * 1025}, "密码太长，请缩短到一千个字节以内。"),
        ({"password": "a" * 15, "repeated": "a" * 15}, "这个密码太容易猜到，请换一个。"),
        ({"password": "xiaoman's river", "repeated": "xiaoman's river"}, "密码里有您的姓名、用户名或号码，请换一个。"),
        ({"repeated": "something else"}, "两次输入的密码不一样。"),
    ],
)
def test_what_is_wrong_with_an_activation_is_said_at_the_field(
    browser, database, clock, person, changed: dict[str, str], sentence: str
) -> None:
    person()
    code, _ = invite(database, clock, number=2)
    form = {"code": code, "user_name": "xiaoman", "password": PASSWORD, "repeated": PASSWORD}
    answer = browser.post("/activate", data=form | changed)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2, "in the summary and at the field"
    assert browser.post("/activate", data=form).status_code == 303, "the code was not spent"


def test_a_full_queue_is_said_in_a_sentence(browser, person) -> None:
    from portal.identity import passwords
    from tests.identity.test_actions import full

    who = person()
    with full(passwords.STRANGERS):
        answer = browser.post("/signin", data=typed(who))
    assert answer.status_code == 422
    assert "此刻登录的人很多，请过一会儿再试。" in answer.text


def test_nothing_secret_reaches_the_log(browser, database, clock, person, capsys) -> None:
    who = person(second_factor=True)
    code, _ = invite(database, clock, number=88)
    browser.post("/signin", data=typed(who, "not the password, no"))
    browser.post("/signin", data=typed(who))
    browser.post("/signin/code", data={"code": who.code(clock), "next": "/points?phone=13800000101"})
    browser.get("/me?phone=13800000101")
    browser.post("/activate", data={"code": code, "user_name": "n", "password": PASSWORD, "repeated": "x"})
    told = log_lines(capsys)
    assert len(told) == 5
    secrets = [PASSWORD, "not the password", who.seed, who.code(clock), who.user_name, code, "13800000101"]
    secrets += list(browser.cookies.values())
    assert [secret for secret in secrets if secret in str(told)] == []
