"""Dates and periods as clerks write them; a date without its year is an error, not a guess."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from xlplan.quantity import Day, Missing, Period, Unreadable, parse_date, parse_period

TENTH = date(2021, 7, 10)


@pytest.mark.parametrize(
    "cell",
    [
        "2021-7-10",
        "2021-07-10",
        "2021.7.10",
        "2021/07/10",
        "2021年7月10日",
        "2021年7月10号",
        "2021年07月10日 08:30",
        "2021年7月10日08:30:15",
        "2021-07-10 00:00:00",
        "2021-07-10T08:30:00.125Z",
        "2021-07-10T08:30:00+08:00",
        "２０２１年７月１０日",
        "２０２１－７－１０",
        " 2021 年 7 月 10 日 ",
        "2021 - 7 - 10",
        "二〇二一年七月十日",
        "二○二一年七月十日",
        "二零二一年七月十日",
        "20210710",
        "44387",
        "44387.35",
        20210710,
        20210710.0,
        44387,
        44387.999,
        Decimal(44387),
        TENTH,
        datetime(2021, 7, 10, 23, 59),
    ],
)
def test_every_writing_of_a_day_reads_to_that_day(cell):
    read = parse_date(cell)
    assert isinstance(read, Day), read
    assert (read.date, read.precision) == (TENTH, "day")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("二〇二三年十二月三十一日", date(2023, 12, 31)),
        ("二〇二三年十月廿一日", date(2023, 10, 21)),
        ("2024-2-29", date(2024, 2, 29)),
        ("1990.1.1", date(1990, 1, 1)),
        ("2100.12.31", date(2100, 12, 31)),
        (32874, date(1990, 1, 1)),
        (73415, date(2100, 12, 31)),
    ],
)
def test_the_ends_of_months_and_years_are_days_too(cell, day):
    assert parse_date(cell).date == day


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2021年7月", 7),
        ("2021年7月份", 7),
        ("2021-7", 7),
        ("2021.7", 7),
        ("2021.10", 10),
        ("2021.1", 1),
        ("202107", 7),
        ("202112", 12),
        (202107, 7),
        (2021.7, 7),
        (2021.07, 7),
        (2021.01, 1),
        (2021.09, 9),
        (2021.2, 2),
        (2021.9, 9),
        (2021.11, 11),
        (2021.12, 12),
    ],
)
def test_a_month_keeps_its_precision(cell, month):
    read = parse_date(cell)
    assert (read.date, read.precision) == (date(2021, month, 1), "month")


def test_six_digits_are_a_month_when_they_cannot_be_a_day():
    assert parse_date("201301").date == date(2013, 1, 1)
    assert parse_date("201200").reason == "没有这一天"
    assert parse_date("200932").reason == "没有这一天"


def test_a_workbook_of_the_1904_system_counts_from_another_day():
    assert parse_date(42925, date1904=True).date == TENTH
    assert parse_date("42925", date1904=True).date == TENTH


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (None, "blank"),
        ("", "blank"),
        ("\u3000", "blank"),
        ("—", "dash"),
        ("/", "dash"),
        ("无", "none"),
    ],
)
def test_a_cell_without_a_date_is_missing(cell, reason):
    assert parse_date(cell) == Missing(reason, cell or "")


def test_the_missing_date_of_a_pandas_column_is_blank():
    pandas = pytest.importorskip("pandas")
    assert parse_date(pandas.NaT) == Missing("blank", "")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("7月10日", "缺少年份"),
        ("7.10", "缺少年份"),
        ("7/10", "缺少年份"),
        ("7-10", "缺少年份"),
        ("七月十日", "缺少年份"),
        ("7月", "缺少年份"),
        ("21年7月10日", "年份不全"),
        ("21年7月", "年份不全"),
        ("21.7.10", "年份不全"),
        ("'21-7-10", "年份不全"),
        ("2021", "只有年份"),
        ("2021年", "只有年份"),
        (2021, "只有年份"),
        (2021.0, "只有年份"),
        ("2021-02-30", "没有这一天"),
        ("2021-13-1", "没有这一天"),
        ("2021-7-0", "没有这一天"),
        ("2023-2-29", "没有这一天"),
        ("20210732", "没有这一天"),
        (20210732, "没有这一天"),
        (20210700, "没有这一天"),
        ("1989-12-31", "年份不在1990—2100之间"),
        ("2101-1-1", "年份不在1990—2100之间"),
        (date(1900, 1, 1), "年份不在1990—2100之间"),
        ("2021.7-2021.9", "是时间段"),
        ("2021年7-9月", "是时间段"),
        ("2021年7月10日至12日", "是时间段"),
        ("2021.7.10-7.12", "是时间段"),
        ("2021年三季度", "是时间段"),
        ("2021年上半年", "是时间段"),
        ("10/7/2021", "日月先后不明"),
        ("201012", "六位数字分不清"),
        ("200105", "六位数字分不清"),
        ("201201", "六位数字分不清"),
        ("201231", "六位数字分不清"),
        ("２０１０１２", "六位数字分不清"),
        (201012, "六位数字分不清"),
        (2021.1, "分不清是1月还是10月"),
        (2021.13, "不是日期"),
        (2021.123, "不是日期"),
        ("2021 7 10", "数字之间有空格"),
        ("2021-7/10", "不是认得的日期写法"),
        ("2021年7月中旬", "不是认得的日期写法"),
        ("待定", "没有写出日期"),
        ("abc", "不是认得的日期写法"),
        (60, "不是日期"),
        (0, "不是日期"),
        (-5, "不是日期"),
        (32873, "不是日期"),
        (73416, "不是日期"),
        ("12345", "不是日期"),
        (1e300, "不是日期"),
        (float("nan"), "不是日期"),
        (float("inf"), "不是日期"),
        (True, "是逻辑值"),
        (time(8), "不是日期，也不是文字"),
        ("9" * 100_000, "文字过长"),
        ("2021" + "-" * 100_000, "文字过长"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_sure_day_is_unreadable_and_says_why(cell, reason):
    read = parse_date(cell)
    assert isinstance(read, Unreadable), read
    assert read.reason.startswith(reason)


def test_an_absurdly_long_number_is_no_date():
    assert isinstance(parse_date(10**5000), Unreadable)
    assert isinstance(parse_date(Decimal("1e999999999")), Unreadable)


@pytest.mark.parametrize(
    ("text", "canonical", "kind", "first", "last"),
    [
        ("2021", "2021", "year", (2021, 1), (2021, 12)),
        (2021, "2021", "year", (2021, 1), (2021, 12)),
        (2021.0, "2021", "year", (2021, 1), (2021, 12)),
        ("1990", "1990", "year", (1990, 1), (1990, 12)),
        ("2100", "2100", "year", (2100, 1), (2100, 12)),
        ("2021年", "2021", "year", (2021, 1), (2021, 12)),
        ("2021年度", "2021", "year", (2021, 1), (2021, 12)),
        ("2021全年", "2021", "year", (2021, 1), (2021, 12)),
        ("２０２１年", "2021", "year", (2021, 1), (2021, 12)),
        ("2021H1", "2021H1", "half", (2021, 1), (2021, 6)),
        ("2021年上半年", "2021H1", "half", (2021, 1), (2021, 6)),
        ("2021年下半年", "2021H2", "half", (2021, 7), (2021, 12)),
        ("2021Q3", "2021Q3", "quarter", (2021, 7), (2021, 9)),
        (" 2021 q3 ", "2021Q3", "quarter", (2021, 7), (2021, 9)),
        ("2021-Q3", "2021Q3", "quarter", (2021, 7), (2021, 9)),
        ("2021年第三季度", "2021Q3", "quarter", (2021, 7), (2021, 9)),
        ("2021年三季度", "2021Q3", "quarter", (2021, 7), (2021, 9)),
        ("2021年一季度", "2021Q1", "quarter", (2021, 1), (2021, 3)),
        ("2021年第二季度", "2021Q2", "quarter", (2021, 4), (2021, 6)),
        ("2021年四季度", "2021Q4", "quarter", (2021, 10), (2021, 12)),
        ("2021年4季度", "2021Q4", "quarter", (2021, 10), (2021, 12)),
        ("2021-03", "2021-03", "month", (2021, 3), (2021, 3)),
        ("2021.3", "2021-03", "month", (2021, 3), (2021, 3)),
        ("202112", "2021-12", "month", (2021, 12), (2021, 12)),
        ("2021年3月", "2021-03", "month", (2021, 3), (2021, 3)),
        (date(2021, 3, 1), "2021-03", "month", (2021, 3), (2021, 3)),
        ("2021-2025", "2021-2025", "years", (2021, 1), (2025, 12)),
        ("2021—2025年", "2021-2025", "years", (2021, 1), (2025, 12)),
        ("2021年至2025年", "2021-2025", "years", (2021, 1), (2025, 12)),
        ("2021～2022", "2021-2022", "years", (2021, 1), (2022, 12)),
    ],
)
def test_a_period_is_its_months_however_it_is_written(text, canonical, kind, first, last):
    period = parse_period(text)
    assert (str(period), period.text, period.kind) == (canonical, canonical, kind)
    assert period.start == date(*first, 1)
    assert period.contains(date(*last, 28))
    assert period.end.day == 1
    assert period.months == (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    assert period == parse_period(canonical)


def test_a_period_begins_on_its_first_day_and_ends_before_the_next():
    period = parse_period("2021Q4")
    assert period == Period("2021Q4", date(2021, 10, 1), date(2022, 1, 1))
    assert period.contains(date(2021, 10, 1))
    assert period.contains(date(2021, 12, 31))
    assert not period.contains(date(2022, 1, 1))
    assert not period.contains(date(2021, 9, 30))


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "年", "21", "1989", "2101", "2021Q5", "2021Q0", "2021H3", "2021-00", "2021-13"),
        *("2025-2021", "2021-2021", "2021年1-9月", "Q3", "三季度", "2021年7月10日", "2021Q3x"),
        *(True, 2021.7, 21, float("nan"), float("inf"), 10**30, date(2021, 3, 2), b"2021", []),
        "2021" * 100_000,
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_names_no_period_is_none(text):
    assert parse_period(text) is None
