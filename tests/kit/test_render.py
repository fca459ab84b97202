"""Templates: escaped always, strict about names, figures exact and in the reader's way of writing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from jinja2 import UndefinedError

from portal.kit import i18n, render

D = Decimal
AT = datetime(2026, 11, 18, 16, 5, tzinfo=UTC)  # past midnight in Shanghai


@pytest.fixture
def env(tmp_path):
    (tmp_path / "sheet.html").write_text("<title>{% block title %}{% endblock %}</title>{% block part %}{% endblock %}")
    (tmp_path / "page.html").write_text(
        "{% extends 'sheet.html' %}{% block title %}T{% endblock %}"
        "{% block part %}<p>{{ name }}{{ self.title() }}</p>{% endblock %}"
    )
    env = render.environment(lambda name: f"/{name}", folders=[tmp_path])
    env.loader.searchpath.reverse()  # the test's own sheet first
    return env


def test_what_people_typed_is_escaped(env) -> None:
    page = render.render(env, "page.html", {"name": "<script>alert(1)</script>"})
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_a_part_of_a_page_is_its_block_alone(env) -> None:
    assert render.render(env, "page.html", {"name": "王"}, "part") == "<p>王T</p>"


def test_an_unknown_name_is_an_error(env) -> None:
    with pytest.raises(UndefinedError):
        render.render(env, "page.html", {})


def test_values_in_sentences_are_escaped(env) -> None:
    said = env.from_string("{{ _('联系客服时请报编号 %(id)s。', id=value) }}").render(value="<b>")
    assert said == "联系客服时请报编号 &lt;b&gt;。"
    with i18n.speaking("en"):
        said = env.from_string("{{ _('联系客服时请报编号 %(id)s。', id=value) }}").render(value="<b>")
    assert said == "When you contact client service, please quote &lt;b&gt;."


def test_a_count_is_said_in_the_readers_way(env) -> None:
    said = env.from_string("{{ ngettext('请更正一处', '请更正 %(num)s 处', n) }}")
    assert [said.render(n=n) for n in (1, 3)] == ["请更正一处", "请更正 3 处"]
    with i18n.speaking("en"):
        assert [said.render(n=n) for n in (1, 3)] == ["Please correct one thing", "Please correct 3 things"]


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (D("1234567.895"), 2, "1,234,567.90"),
        (D("-1234.5"), 2, "−1,234.50"),
        (D("0.105"), 2, "0.11"),
        (D("-0.001"), 2, "0.00"),
        (1200, 0, "1,200"),
        (None, 2, "—"),
    ],
)
def test_a_figure_has_commas_and_a_real_minus(value, places: int, written: str) -> None:
    assert render.num(value, places) == written


def test_a_result_has_a_sign_a_direction_and_its_exact_value() -> None:
    assert render.money(D("2835")) == '<data class="n up" value="2835.00">+2,835.00</data>'
    assert render.money(D("-870")) == '<data class="n down" value="-870.00">−870.00</data>'
    assert render.money(D("0")) == '<data class="n flat" value="0.00">0.00</data>'


def test_a_result_that_rounds_to_nothing_has_no_direction() -> None:
    assert render.money(D("-0.004")) == '<data class="n flat" value="0.00">0.00</data>'
    assert render.sign(D("0.004")) == "0.00"


def test_the_pages_one_figure_has_small_cents() -> None:
    assert render.split(D("-12.5")) == '<data class="big" value="-12.50">−12<small>.50</small></data>'


def test_an_amount_on_an_axis_is_short_in_the_readers_way() -> None:
    assert render.compact(D("1178100")) == "117.81 万"
    with i18n.speaking("en"):
        assert render.compact(D("1178100")) == "1.18M"


def test_days_are_shanghais() -> None:
    assert render.day(AT) == "2026-11-19"
    assert render.moment(AT) == "2026-11-19 00:05"
    assert render.day_long(AT) == "2026 年 11 月 19 日"
    assert render.day_week(date(2026, 10, 9)) == "10-09 周五"
    with i18n.speaking("en"):
        assert render.day_long(date(2026, 11, 18)) == "18 November 2026"
        assert render.day_week(date(2026, 10, 9)) == "Fri 10-09"


def test_a_static_file_is_named_by_its_content() -> None:
    assert render.static("icon.svg").startswith("/static/")
    assert render.static("icon.svg").split("/")[2] != render.static("css/base.css").split("/")[2]
