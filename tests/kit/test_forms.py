"""Forms: every field at once, what was typed kept, one sentence where something is wrong."""

from decimal import Decimal
from typing import Annotated, ClassVar

import pytest
from litestar.exceptions import ClientException
from msgspec import Meta

from portal.kit import i18n
from portal.kit.forms import NEEDED, Form, narrow, plain
from portal.kit.posted import FIELD_LIMIT, Fields, fields


class Order(Form):
    verbatim: ClassVar[frozenset[str]] = frozenset({"secret"})
    words: ClassVar[dict[str, str]] = {"points": "积分要是整数。"}
    points: Annotated[int, Meta(ge=1, le=100)]
    price: Decimal
    note: Annotated[str, Meta(max_length=5)]
    secret: str

    def check(self) -> None:
        if self.points > 50 and not self.note:
            self.wrong("note", "超过 %(n)s 分要写明原因。", n=50)


def bound(**typed: str) -> Order:
    return Fields({"points": "7", "price": "1.10", "note": "", "secret": "", **typed}).bind(Order)


def test_every_field_is_read_as_its_type() -> None:
    form = bound()
    assert form.ok
    assert (form.points, form.price) == (7, Decimal("1.10"))


def test_full_width_digits_and_spaces_are_understood_except_where_the_text_counts() -> None:
    form = bound(points="　４２ ", secret=" ４２ ")
    assert (form.points, form.secret) == (42, " ４２ ")
    assert form.typed["points"] == "　４２ "


def test_all_that_is_wrong_is_said_at_once_and_all_that_was_typed_stays() -> None:
    form = bound(points="many", price="dear", note="far too long")
    assert form.errors == {"points": "积分要是整数。", "price": NEEDED, "note": NEEDED}
    assert (form.typed["points"], form.typed["price"]) == ("many", "dear")


def test_a_missing_field_is_an_empty_one_and_an_unknown_one_is_nothing() -> None:
    form = Fields({"other": "1"}).bind(Order)
    assert not form.ok
    assert form.typed["points"] == ""
    assert "other" not in form.typed


def test_fields_are_held_against_each_other_only_when_each_is_right() -> None:
    assert bound(points="60").errors == {"note": "超过 50 分要写明原因。"}
    assert list(bound(points="600").errors) == ["points"]


def test_what_is_wrong_is_said_in_the_readers_language() -> None:
    with i18n.speaking("en"):
        assert bound(price="dear").errors["price"] == "Fill this in."


@pytest.mark.parametrize("typed", ["1e3", "0x10", "1.5", "NaN", "", "٣", "9" * 5000])
def test_a_number_is_digits_and_nothing_else(typed: str) -> None:
    assert "points" in bound(points=typed).errors


def test_a_chinese_sentence_keeps_its_punctuation_and_a_code_does_not() -> None:
    assert plain("您好，账号（１２３）对吗？") == "您好，账号（123）对吗？"
    assert plain("１３８，Ａ：b") == "138,A:b"
    assert narrow("好，") == "好,"


def test_plain_text_is_narrow_and_trimmed() -> None:
    assert plain("　Ａｂ１－\n") == "Ab1-"


def test_of_a_repeated_field_the_last_counts_and_empty_ones_stay() -> None:
    assert fields(b"a=1&a=2&b=&c=%E7%8E%8B+x") == {"a": "2", "b": "", "c": "王 x"}


@pytest.mark.parametrize("body", [b"a=1&" * FIELD_LIMIT + b"a=1", b"\xff", b"a=%00", b"a%00b=1"])
def test_a_body_that_is_no_form_of_ours_is_refused(body: bytes) -> None:
    with pytest.raises(ClientException):
        fields(body)
