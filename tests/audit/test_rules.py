"""A seal covers all that it vouches for."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.audit.rules import GENESIS, Body, seal_hash

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
BODY = Body(1, 7, NOON, "staff:7", "redemption.approved", "redemption:DH-20261123-0001", '{"points":200}', NOON)


@pytest.mark.parametrize("field", [field.name for field in fields(Body)])
def test_a_change_in_any_field_changes_the_hash(field: str) -> None:
    value = getattr(BODY, field)
    step = {int: 1, str: "x", datetime: timedelta(microseconds=1)}[type(value)]
    assert seal_hash(GENESIS, replace(BODY, **{field: value + step})) != seal_hash(GENESIS, BODY)


def test_words_that_slide_between_fields_change_the_hash() -> None:
    slid = replace(BODY, actor="staff:7r", event="edemption.approved")
    assert seal_hash(GENESIS, slid) != seal_hash(GENESIS, BODY)


def test_another_past_is_another_hash() -> None:
    assert seal_hash("1" * 64, BODY) != seal_hash(GENESIS, BODY)


def test_the_hash_is_written_down_once_and_for_all() -> None:
    assert seal_hash(GENESIS, BODY) == "59b5a8058c9b63efd5fb513114e05d8d62c5cf2c7814f1673483abd8ccc60e5f"
