from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.imports.dates import BadValue, DateHints, read_date, read_period
from people.partial_date import PartialDate

MAY_1980 = PartialDate(date(1980, 5, 1))


@pytest.mark.parametrize(
    "written",
    [
        "1980.05", "1980.5", "1980年5月", "198005", "1980-05", "1980/5", "１９８０．０５", "1980年05月生",
        "1980.05（45岁）", " 1980 . 05 ", "1980。5", 1980.05, 1980.5, 198005, 198005.0, 29342.0, "29342",
        datetime(1980, 5, 1), date(1980, 5, 1),
    ],
)  # fmt: skip
def test_every_style_of_a_month(written):
    assert read_date(written) == MAY_1980


@pytest.mark.parametrize(
    "written",
    [
        "1980.05.20",
        "1980-5-20",
        "19800520",
        19800520,
        "1980年5月20日",
        "1980-05-20 00:00:00",
        date(1980, 5, 20),
    ],
)
def test_every_style_of_a_day(written):
    assert read_date(written) == PartialDate(date(1980, 5, 20), exact=True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1980.13", "bad_month"), ("198013", "bad_month"), ("1980年0月", "bad_month"),
        ("19801301", "bad_month"),
        ("1980.02.30", "bad_date"), ("1980", "bad_date"), (1980, "bad_date"), ("80.5", "bad_date"),
        ("不详", "bad_date"), ("1880.05", "bad_date"), (True, "bad_date"), (1980.1, "ambiguous_month"),
    ],
)  # fmt: skip
def test_what_is_no_date_says_why(written, code):
    with pytest.raises(BadValue) as refusal:
        read_date(written)
    assert refusal.value.code == code
    assert "请" in refusal.value.message


def test_the_number_format_settles_what_a_number_shows():
    assert read_date(1980.1, DateHints(two_decimals=True)) == PartialDate(date(1980, 10, 1))


def test_a_date_shown_without_its_day_is_a_month():
    assert read_date(datetime(1980, 5, 17), DateHints(month_only=True)) == MAY_1980


def test_a_workbook_that_counts_from_1904():
    assert read_date(29342.0 - 1462, DateHints(epoch_1904=True)) == MAY_1980


@given(
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d"]),
)
def test_a_written_day_reads_back(day, style):
    assert read_date(day.strftime(style)) == PartialDate(day, exact=True)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026.5.2", (5, 2), (5, 2)),
        ("2026年1月8日", (1, 8), (1, 8)),
        ("2026.6.1-6.5", (6, 1), (6, 5)),
        ("2026.6.1-5", (6, 1), (6, 5)),
        ("2026.02.02—2026.02.03", (2, 2), (2, 3)),
        ("2026年3月13日至3月15日", (3, 13), (3, 15)),
        ("2026年3月13日—15日", (3, 13), (3, 15)),
        ("2026-06-01-2026-06-05", (6, 1), (6, 5)),
        ("2026/6/1～6/5", (6, 1), (6, 5)),
        ("20260601-20260605", (6, 1), (6, 5)),
        ("6月1日-5日", (6, 1), (6, 5)),
        ("2026年6月1日 上午", (6, 1), (6, 1)),
        ("2026年6月1日—5日（共5天）", (6, 1), (6, 5)),
        ("2026年2月", (2, 1), (2, 28)),
        (datetime(2026, 5, 2), (5, 2), (5, 2)),
        (datetime(2026, 5, 1), (5, 1), (5, 1)),
    ],
)
def test_periods(written, first, last):
    assert read_period(written, year=2026) == (date(2026, *first), date(2026, *last))


def test_a_period_may_cross_the_new_year():
    assert read_period("2025.12.28-1.3") == (date(2025, 12, 28), date(2026, 1, 3))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026.6.5-6.1", "end_before_start"),
        ("2026.13.1", "bad_month"),
        ("2026.6.31", "bad_date"),
        ("6.1-6.5", "missing_year"),
        ("6月上旬", "bad_period"),
        ("2026.6.1、6.8", "bad_period"),
    ],
)
def test_what_is_no_period_says_why(written, code):
    with pytest.raises(BadValue) as refusal:
        read_period(written)
    assert refusal.value.code == code
