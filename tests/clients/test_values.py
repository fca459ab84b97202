"""Typed values: what is taken, what is refused with a sentence, what of it is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clients.indicators import Held, by_key, every
from portal.clients.values import MASKS, Fault, check_digit, cross_fault, masked, needs_review, province, read
from portal.clients.words import FAULTS, OPTIONS, WITHIN

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("name", " 王　小满 ", "王 小满"),
        ("name", "𠮷野田", "𠮷野田"),
        ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("mobile", "１３８ 0000 0001", "13800000001"),
        ("mobile", "+8613800000001", "13800000001"),
        ("phone_home", "0571-12345678", "0571-12345678"),
        ("email", "z.w+a@example.com", "z.w+a@example.com"),
        ("postcode", "３１００００", "310000"),
        ("address_home", "浙江省杭州市西湖区文三路 1 号", "浙江省杭州市西湖区文三路 1 号"),
        ("occupation", "retired", "retired"),
        ("interests", "funds,stocks", "stocks,funds"),
        ("do_not_call", "0", "0"),
        ("id_valid_to", "2036年12月31日", "20361231"),
        ("id_valid_to", "长期", "99991231"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("id_number", "E12345678", "E12345678"),
    ],
)
def test_what_is_typed_is_kept_in_its_plain_form(key: str, typed: str, kept: str) -> None:
    assert read(by_key()[key], typed) == kept


@pytest.mark.parametrize(
    ("key", "typed", "fault"),
    [
        ("name", "  ", Fault.EMPTY),
        ("name", "王" * 121, Fault.TOO_LONG),
        ("name", "王小满😀", Fault.NOT_TEXT),
        ("name", "王\u200b小满", Fault.NOT_TEXT),
        ("mobile", "12800000001", Fault.NO_MOBILE),
        ("phone_home", "12345", Fault.NO_PHONE),
        ("email", "name@localhost", Fault.NO_EMAIL),
        ("email", "a b@example.com", Fault.NO_EMAIL),
        ("postcode", "31000", Fault.NO_POSTCODE),
        ("address_home", "文三路 1 号", Fault.NO_PROVINCE),
        ("address_home", "浙江省", Fault.NO_PROVINCE),
        ("occupation", "pilot", Fault.NO_OPTION),
        ("interests", "stocks,gold", Fault.NO_OPTION),
        ("integrity_record", "none,tax", Fault.CONTRADICTORY),
        ("do_not_call", "maybe", Fault.NO_OPTION),
        ("id_valid_to", "2036-02-30", Fault.NO_DATE),
        ("id_number", "110105194912310021", Fault.ID_CHECK),
        ("id_number", "11010519491331002", Fault.ID_LENGTH),
    ],
)
def test_what_will_not_do_is_refused_with_its_own_reason(key: str, typed: str, fault: Fault) -> None:
    assert read(by_key()[key], typed) is fault


def test_every_fault_has_its_sentence_and_every_option_its_word() -> None:
    assert set(FAULTS) == set(Fault)
    editable = [each for each in every() if each.is_for_client and each.edit != "no"]
    codes = {(each.key, code) for each in editable for code in each.options}
    assert {code for key, code in codes if code not in OPTIONS and code not in WITHIN.get(key, {})} == set()


@given(st.text(max_size=200))
def test_nothing_typed_breaks_a_reader(typed: str) -> None:
    for each in every():
        assert isinstance(read(each, typed), str)  # a Fault is a str too


@given(st.text(min_size=1, max_size=60))
def test_no_mask_breaks_and_none_tells_a_long_value_whole(value: str) -> None:
    for name, mask in MASKS.items():
        shown = mask(value)
        assert len(value) < 9 or shown != value or name in {"year_only", "email"}


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("mobile", "13800005678", "138****5678"),
        ("id_number", "11010519491231002X", "1****************X"),
        ("name", "张三", "*三"),
        ("name", "欧阳小明", "欧**明"),
        ("bank_card", "6222020000001234", "**** **** **** 1234"),
        ("email", "zhang@example.com", "z***@example.com"),
        ("address_home", "浙江省杭州市西湖区文三路 1 号", "浙江省杭州市****"),
        ("address_home", "北京市朝阳区幸福路 1 号", "北京市****"),
        ("address_home", "Somewhere 1", "****"),
        ("client_code", "36123404", "36****04"),
        ("wechat", "wxid_1a2b", "****1a2b"),
        ("birth_date", "19840102", "1984-**-**"),
    ],
)
def test_masks_are_those_of_the_list(key: str, value: str, shown: str) -> None:
    assert masked(by_key()[key], value) == shown


def test_the_check_digit_of_the_standard_s_own_example() -> None:
    assert check_digit("11010519491231002") == "X"  # GB 11643-1999, annex A


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert check_digit(wrong) != check_digit(number)


def test_a_move_within_the_province_needs_nobody_and_another_province_does() -> None:
    home = {"address_home": Held("浙江省杭州市西湖区 1 号", TODAY)}
    address = by_key()["address_home"]
    assert not needs_review(address, "浙江省宁波市海曙区 2 号", home)
    assert needs_review(address, "江苏省南京市 3 号", home)
    assert needs_review(address, "浙江省宁波市海曙区 2 号", {})
    assert province("新疆维吾尔自治区乌鲁木齐市") == "新疆维吾尔自治区"


@pytest.mark.parametrize(
    ("key", "value", "born", "fault"),
    [
        ("occupation", "student", date(1981, 11, 24), Fault.STUDENT_AGE),
        ("occupation", "student", date(1981, 11, 25), None),
        ("occupation", "retired", date(1986, 11, 25), Fault.RETIRED_AGE),
        ("occupation", "retired", date(1986, 11, 24), None),
        ("occupation", "retired", None, None),
        ("tax_residency", "both", None, Fault.AT_COUNTER),
        ("integrity_record", "tax", None, Fault.AT_COUNTER),
        ("integrity_record", "none", None, None),
    ],
)
def test_fields_are_checked_against_each_other(key: str, value: str, born: date | None, fault: Fault | None) -> None:
    assert cross_fault(key, value, {}, TODAY, born) is fault
