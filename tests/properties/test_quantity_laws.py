"""Laws of quantities: reading never raises, writing reads back, rounding errs by half a grain."""

import time
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.quantity import (
    Day,
    Missing,
    Part,
    Period,
    Qualifier,
    Quantity,
    Unreadable,
    exact_decimal,
    format_decimal,
    format_quantity,
    parse_date,
    parse_period,
    parse_quantity,
    to_grains,
)

UNITS = {
    ("money", "CNY"): ["亿元", "万元", "元", "万亿元", "百万元", ""],
    ("money", "USD"): ["亿美元", "万美元", "美元", ""],
    ("money", "EUR"): ["万欧元"],
    ("money", "HKD"): ["港元"],
    ("money", "JPY"): ["亿日元"],
    ("count", ""): ["个", "家", "户", "万户", "个项目", ""],
    ("rate", ""): ["%", "‰", "个百分点", "成", ""],
    ("number", ""): ["", "万", "亿", "个工作日", "亩"],
}
COLUMNS = ["", "亿元", "万元", "元", "亿美元", "个", "%", "小数", "百分数", "斗"]


def is_label(text):
    """What a part may be called: not a number, nor an amount with a word behind it."""
    return isinstance(parse_quantity(text), Unreadable)


decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=4).map(Fraction)
qualifiers = st.sampled_from(Qualifier)
labels = st.text("非工业服务项目大较约超500强三", min_size=1, max_size=8).filter(is_label)
notes = st.text("含土地款期，、a3 ", max_size=10).map(str.strip)


@st.composite
def quantities(draw):
    (kind, currency), units = draw(st.sampled_from(list(UNITS.items())))
    parts = st.builds(Part, labels, decimals.map(abs), st.just(""), qualifiers)
    stretch = draw(st.none() | decimals)
    return Quantity(
        draw(decimals),
        kind,
        "",
        currency,
        draw(st.sampled_from(units)),
        qualifier=draw(qualifiers),
        stretch=stretch,
        stretch_qualifier=Qualifier.EXACT if stretch is None else draw(qualifiers),
        of_which=tuple(draw(st.lists(parts, max_size=3))),
        note=draw(notes),
    )


def meaning(quantity):
    parts = [(part.label, part.value, part.qualifier) for part in quantity.of_which]
    stretch = (quantity.stretch, quantity.stretch_qualifier)
    return (quantity.value, quantity.kind, quantity.currency, quantity.qualifier, stretch, parts)


@given(quantities())
def test_a_written_quantity_reads_back_to_the_same(quantity):
    written = format_quantity(quantity)
    read = parse_quantity(written)
    assert isinstance(read, Quantity), (written, read)
    assert meaning(read) == meaning(quantity)
    assert read.note == quantity.note
    assert read.text == written


@given(quantities())
def test_canonical_writing_is_stable(quantity):
    written = format_quantity(quantity)
    assert format_quantity(parse_quantity(written)) == written


CLERKS = (
    "0123456789０１２．.,，、；;（）()〔:：%％‰-—–~+约近超过余多来以上下左右不低于其中力争达到 \n"
)
NUMERALS = (
    "零〇一二两三四五六七八九十百千万亿廿卅点负壹萬圆元美$￥¥人民币欧港个家户条项目成年月日/eE"
)


@given(
    st.text()
    | st.text(CLERKS + NUMERALS, max_size=30)
    | st.text("0123456789.-/年月日 :T", max_size=24),
    st.sampled_from(COLUMNS) | st.text(max_size=5),
)
def test_no_text_makes_reading_raise_and_every_text_is_kept(text, column):
    for read in (parse_quantity(text, column), parse_date(text)):
        assert isinstance(read, Quantity | Day | Missing | Unreadable)
        assert read.text == text
    assert isinstance(parse_period(text), Period | None)


@given(
    st.floats()
    | st.integers()
    | st.booleans()
    | st.none()
    | st.fractions()
    | st.decimals()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.binary()
    | st.complex_numbers(),
    st.sampled_from(COLUMNS),
)
def test_no_cell_makes_reading_raise(cell, column):
    assert isinstance(parse_quantity(cell, column), Quantity | Missing | Unreadable)
    assert isinstance(parse_date(cell), Day | Missing | Unreadable)
    assert isinstance(parse_period(cell), Period | None)


@given(st.text(CLERKS + NUMERALS, max_size=20))
def test_what_holds_no_numeral_never_becomes_a_number(text):
    numerals = set("0123456789０１２零〇一二两三四五六七八九十百千万亿廿卅壹萬")
    if not numerals & set(text):
        assert not isinstance(parse_quantity(text, "亿元"), Quantity)


@given(st.text(CLERKS + NUMERALS, max_size=12), st.sampled_from(COLUMNS))
def test_blanks_at_the_ends_change_nothing(text, column):
    plain, padded = parse_quantity(text, column), parse_quantity(f" \u3000{text}\u3000 ", column)
    assert type(plain) is type(padded)
    if isinstance(plain, Quantity):
        assert meaning(plain) == meaning(padded)


@given(
    st.decimals(-99_999_999, 99_999_999, places=4).map(Fraction),
    st.sampled_from(["亿元", "万元", "元", "个", "%", "亿美元"]),
)
def test_a_number_means_the_same_in_its_column_as_with_the_unit_written(value, unit):
    number = exact_decimal(value)
    bare, written = parse_quantity(number, unit), parse_quantity(number + unit)
    assert meaning(bare) == meaning(written)
    assert (bare.unit_is_written, written.unit_is_written) == (False, True)


@given(st.integers(1, 10**12 - 1), st.sampled_from(["个", "家"]))
def test_full_width_digits_and_thousands_separators_change_nothing(number, unit):
    full_width = f"{number:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,"})
    assert parse_quantity(full_width + unit).value == number


def in_words(number):
    """A whole number below 10**12 in Chinese words, by the school's rule."""
    for scale, word in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, scale)
        if high:
            gap = "零" if 0 < low < scale // 10 else ""
            return in_words(high) + word + (gap + in_words(low) if low else "")
    digits, said = f"{number:04}", ""
    for place, digit in zip("千百十 ", digits, strict=True):
        if digit != "0":
            gap = "零" if said and said[-1] in "一二三四五六七八九" else ""
            said += gap + "零一二三四五六七八九"[int(digit)] + place.strip()
        elif said and said[-1] != "零":
            said += "零"
    return said.rstrip("零") or "零"


@given(st.integers(0, 10**12 - 1) | st.integers(0, 20_000))
def test_numbers_in_words_read_like_numbers_in_figures(number):
    assert parse_quantity(in_words(number)).value == number


@given(st.floats(min_value=-(10**7), max_value=10**7))
def test_a_float_is_taken_by_its_shortest_writing(number):
    assert parse_quantity(number, "亿元").value == Fraction(repr(number)) * 10**8
    assert float(parse_quantity(number).value) == number


@given(st.fractions(), st.integers(0, 6))
def test_rounding_errs_by_half_a_last_place_at_most(value, places):
    written = Fraction(format_decimal(value, places))
    assert abs(written - value) * 2 <= Fraction(1, 10**places)
    assert to_grains(-value) == -to_grains(value)


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=5), st.integers(0, 4))
def test_rounding_agrees_with_the_decimal_modules_half_up(value, places):
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert Fraction(format_decimal(Fraction(value), places)) == Fraction(expected)


@given(decimals)
def test_an_exact_decimal_is_the_value(value):
    assert Fraction(exact_decimal(value)) == value


@given(st.fractions(), st.integers(1, 12))
def test_a_cut_decimal_lies_between_zero_and_the_value(value, cut):
    gap = abs(value) - abs(Fraction(exact_decimal(value, cut)))
    assert 0 <= gap < Fraction(1, 10**cut)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_writing_of_a_date_reads_to_it(day):
    serial = (day - date(1899, 12, 30)).days
    formats = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d")
    written = [day.strftime(form) for form in formats]
    for cell in (*written, f"{day.year}年{day.month}月{day.day}日", serial, serial + 0.5, day):
        assert parse_date(cell).date == day


@given(st.dates(date(1990, 1, 1), date(2100, 12, 30)))
def test_a_day_lies_in_exactly_one_of_the_years_quarters(day):
    quarters = [parse_period(f"{day.year}Q{n}") for n in range(1, 5)]
    assert sum(quarter.contains(day) for quarter in quarters) == 1
    assert quarters[0].start == parse_period(day.year).start
    assert quarters[3].end == parse_period(str(day.year)).end
    month = parse_period(f"{day:%Y-%m}")
    assert month.contains(day)
    assert (month.end - timedelta(1)).month == day.month


@pytest.mark.parametrize(
    "piece", ["1", "1,", "（", "亿", "1亿", "其中", "、1", "- ", "1 ", "零", "约", "1年至"]
)
def test_no_repetition_makes_reading_slow(piece):
    began = time.perf_counter()
    for length in (300, 100_000):
        text = (piece * length)[:length]
        for written in (text, f"160（其中：工业{text}）", f"12%，力争{text}"):
            parse_quantity(written, "亿元")
            parse_date(written)
            parse_period(written)
    assert time.perf_counter() - began < 1
