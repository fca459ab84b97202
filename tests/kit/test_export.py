"""Files for spreadsheets: what Excel opens is what we wrote, and nothing in it runs."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.export import csv_of


def cells(*row) -> list[str]:
    return list(csv.reader(StringIO(csv_of(["头"], [row]).decode("utf-8-sig"), newline="")))[1]


def test_a_file_begins_with_the_mark_and_ends_its_lines_as_windows_does():
    assert csv_of(["日期", "金额"], [[date(2026, 11, 20), Decimal("-45.00")]]) == (
        b"\xef\xbb\xbf" + "日期,金额\r\n2026-11-20,-45.00\r\n".encode()
    )


@pytest.mark.parametrize("first", list("=+-@\t\r＝＋－＠"))
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(first):
    assert cells(f"{first}cmd()") == [f"'{first}cmd()"]


def test_figures_and_plain_text_stay_as_they_are():
    assert cells(Decimal("-1.50"), "白鹭食品 000763", None, 'a "b", c') == ["-1.50", "白鹭食品 000763", "", 'a "b", c']


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_ever_begins_like_a_formula(text):
    assert not cells(text)[0].startswith(tuple("=+-@\t\r\n＝＋－＠"))
