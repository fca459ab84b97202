"""Every page, as everybody who may see it, in both languages, light and dark, on a phone and on a desk.

Each page is loaded once a language and person, and then shown in all four of light/dark × phone/desktop. Chromium's
console, the policy's reports, requests to other hosts and the width are watched in all eight; axe runs in four of them,
chosen so that every two of the three choices meet (zh light phone, zh dark desktop, en light desktop, en dark phone).
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import addresses
from tests.journeys.addresses import CLIENT, NEWCOMER, STAFF, VISITOR, Address
from tests.journeys.conftest import ROOT, House, free_port, open_house

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
PHONE, DESK, SMALL = {"width": 375, "height": 812}, {"width": 1280, "height": 900}, {"width": 320, "height": 568}
STATES = {
    "zh": (
        ("light", PHONE, True),
        ("light", DESK, False),
        ("dark", DESK, True),
        ("dark", PHONE, False),
        ("light", SMALL, False),
    ),
    "en": (
        ("light", DESK, True),
        ("light", PHONE, False),
        ("dark", PHONE, True),
        ("dark", DESK, False),
        ("light", SMALL, False),
    ),
}
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}});
  return found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '));
}"""
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
STORED = "() => localStorage.length + sessionStorage.length"
BARE_FORMS = "() => [...document.querySelectorAll('form[method=post]')].filter(f => !f.elements._csrf).length"
NODE = ROOT / ".venv/bin/node"
HTML_CHECK = ROOT / "tests/html/node_modules/html-validate/bin/html-validate.mjs"


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a portal that no journey has changed."""
    home = tmp_path_factory.mktemp("sweep")
    yield from open_house(House(home, f"sqlite:///{home / 'portal.sqlite'}", free_port()))


@pytest.fixture(scope="module")
def furnished(own_house: House) -> House:
    """Give the portal with a request of this client's, so that every page has something to show."""
    if "/redemptions/DH-" not in addresses.read(own_house, "/redemptions", CLIENT).text:
        new = addresses.read(own_house, addresses.first_link(own_house, "/redemptions", "/redemptions/new"), CLIENT)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', new.text.split('action="/redemptions"')[1]))
        cookies = {"session": own_house.session(CLIENT)}
        headers = {"Sec-Fetch-Site": "same-origin"}
        sent = httpx.post(f"{own_house.address}/redemptions", data=fields, cookies=cookies, headers=headers)
        assert sent.status_code == 303, own_house.log()
    return own_house


def test_every_address_with_parameters_has_an_example(tmp_path: Path) -> None:
    assert addresses.unknown(tmp_path) == [], "say in tests/journeys/addresses.py where a link to it is found"


@pytest.mark.parametrize("person", [VISITOR, CLIENT, NEWCOMER, STAFF], ids=["visitor", "client", "newcomer", "staff"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_stands_up_to_axe_and_the_policy(
    furnished: House, chromium: Browser, person: str, language: str
) -> None:
    faults: list[str] = []
    context = _context(chromium, furnished, person, language)
    for address in addresses.every(furnished):
        if address.person == person:
            faults += _look(context, furnished, address, language)
    context.close()
    assert not faults, "\n".join(faults)


def test_every_page_is_valid_html(furnished: House, tmp_path: Path) -> None:
    for number, (address, language) in enumerate(_pages(furnished)):
        answer = addresses.read(furnished, address.path, address.person, language)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        (tmp_path / f"{number:03}-{address.name}-{language}.html").write_text(answer.text)
    # Into a file: Node drops what a pipe has not taken yet when it ends.
    check = [NODE, HTML_CHECK, f"--formatter=text={tmp_path}/found", "--config", ROOT / "tests/html/htmlvalidate.json"]
    done = subprocess.run([*check, tmp_path], capture_output=True, text=True, check=False)
    found = (tmp_path / "found").read_text() if (tmp_path / "found").exists() else done.stdout + done.stderr
    assert done.returncode == 0, found.replace(f"{tmp_path}/", "")


def test_an_address_that_does_not_exist_is_told_on_a_page(own_house: House) -> None:
    for language in ("zh", "en"):
        answer = addresses.read(own_house, "/no-such-page", "", language)
        assert answer.status_code == 404
        assert "<h1" in answer.text


def _pages(house: House) -> Iterator[tuple[Address, str]]:
    for address in addresses.every(house):
        yield from ((address, language) for language in ("zh", "en"))


def _context(chromium: Browser, house: House, person: str, language: str) -> BrowserContext:
    context = chromium.new_context(locale={"zh": "zh-CN", "en": "en-GB"}[language], viewport=PHONE)
    cookies = {"lang": language} | ({"session": house.session(person)} if person else {})
    context.add_cookies([{"name": name, "value": value, "url": house.address} for name, value in cookies.items()])
    return context


def _look(context: BrowserContext, house: House, address: Address, language: str) -> list[str]:
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"{address}: the console says {said.text}"))
    page.on("pageerror", lambda error: faults.append(f"{address}: a script failed: {error}"))
    page.on("request", lambda sent: _note_stranger(faults, address, sent.url, house.address))
    answer = page.goto(f"{house.address}{address.path}")
    if (
        answer is None
        or answer.status != 200
        or page.url.split("?")[0] != f"{house.address}{address.path}".split("?")[0]
    ):
        faults.append(f"{address}: answered {answer and answer.status}, shows {page.url}")
    if page.evaluate(STORED):
        faults.append(f"{address}: something is stored in the browser")
    if bare := page.evaluate(BARE_FORMS):
        faults.append(f"{address}: {bare} forms without a token")
    page.evaluate(AXE)
    for theme, size, with_axe in STATES[language]:
        faults += [
            f"{address}, {language} {theme} {size['width']} px: {fault}" for fault in _show(page, theme, size, with_axe)
        ]
    page.close()
    return faults


def _show(page: Page, theme: str, size: dict[str, int], with_axe: bool) -> list[str]:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(size)
    wide, there = page.evaluate(WIDTHS)
    faults = [f"scrolls sideways, {wide} > {there}"] if wide > there else []
    return faults + (page.evaluate(RUN_AXE) if with_axe else [])


def _note_stranger(faults: list[str], address: Address, url: str, own: str) -> None:
    if not url.startswith((own, "data:")):
        faults.append(f"{address}: asks another host: {url}")
