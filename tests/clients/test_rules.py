"""Masks: what of a person is shown."""

import pytest

from portal.clients import masked_account, masked_name, masked_phone


def test_a_phone_keeps_three_and_four_digits():
    assert masked_phone("13812345678") == "138****5678"


@pytest.mark.parametrize(("name", "shown"), [("张三", "*三"), ("林建平", "林*平"), ("欧阳小明", "欧**明"), ("李", "*")])
def test_a_name_keeps_its_ends(name, shown):
    assert masked_name(name) == shown


def test_an_account_keeps_its_last_four():
    assert masked_account("2000003071") == "****3071"


@pytest.mark.parametrize("number", ["", "1", "1234"])
def test_a_number_too_short_to_mask_is_hidden_whole(number):
    assert masked_phone(number) == masked_account(number) == "****"
