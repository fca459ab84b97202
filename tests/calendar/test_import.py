"""Next year's notice is imported whole, or not at all."""

from datetime import date, timedelta

import pytest

from portal import calendar

HEAD = "day,is_trading,is_workday,note,source,confirmed\n"


def year(tmp_path, number=2027, holidays=("2027-01-01",), **change):
    lines = []
    day = date(number, 1, 1)
    while day.year == number:
        works = day.weekday() < 5 and str(day) not in holidays
        lines.append(change.get(f"d{day:%m%d}", f"{day},{int(works)},{int(works)},,notice,1"))
        day += timedelta(days=1)
    file = tmp_path / "days.csv"
    file.write_text(HEAD + "\n".join(line for line in lines if line) + "\n", "utf-8")
    return file.read_bytes()


def test_a_year_s_notice_confirms_its_days(database, tmp_path):
    with database.writing() as db:
        calendar.seed(db)
        assert calendar.known_until(db) == date(2026, 12, 31)
        with pytest.raises(calendar.DayUnknown):
            calendar.is_trading(db, date(2027, 1, 4))
        assert calendar.import_year(db, year(tmp_path)) == 365
        assert calendar.import_year(db, year(tmp_path)) == 0
        assert calendar.known_until(db) == date(2027, 12, 31)
        assert calendar.is_trading(db, date(2027, 1, 4))
        assert not calendar.is_trading(db, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"d0302": ""}, "expected 2027-03-02, found 2027-03-03"),
        ({"d0302": "2027-03-02,1,0,,notice,1"}, "trades and is no workday"),
        ({"d0302": "2027-03-02,1,1,,weekday,0"}, "is not confirmed"),
        ({"d1231": ""}, "ends with 2027-12-30"),
        ({"d0302": "second of March,1,1,,notice,1"}, "columns"),
        ({"d0302": "2027-03-02"}, "columns"),
    ],
)
def test_a_bad_file_changes_nothing(database, tmp_path, change, told):
    with database.writing() as db:
        calendar.seed(db)
        with pytest.raises(calendar.BadCalendar, match=told):
            calendar.import_year(db, year(tmp_path, **change))
        assert calendar.known_until(db) == date(2026, 12, 31)


def test_what_is_confirmed_is_not_rewritten(database, tmp_path):
    with database.writing() as db:
        calendar.seed(db)
        with pytest.raises(calendar.BadCalendar, match="otherwise"):
            calendar.import_year(db, year(tmp_path, 2026))
