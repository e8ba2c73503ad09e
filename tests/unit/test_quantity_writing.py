"""Figures written out: exact where a machine reads, rounded half up where a person does."""

from fractions import Fraction

import pytest

from xlplan.quantity import (
    Part,
    Qualifier,
    Quantity,
    exact_decimal,
    fen,
    fits_grains,
    format_decimal,
    format_quantity,
    format_yi,
    parse_quantity,
    to_grains,
)


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        ("0", 2, "0.00"),
        ("0.005", 2, "0.01"),
        ("0.00499999", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1.005", 2, "1.01"),
        ("0.125", 2, "0.13"),
        ("0.135", 2, "0.14"),
        ("1/3", 4, "0.3333"),
        ("2/3", 4, "0.6667"),
        ("99.995", 2, "100.00"),
        ("1234567.5", 1, "1234567.5"),
    ],
)
def test_half_is_rounded_up_and_never_to_even(value, places, written):
    assert format_decimal(Fraction(value), places) == written


def test_thousands_may_be_grouped():
    assert format_decimal(Fraction("-1234567.5"), 2, grouped=True) == "-1,234,567.50"


def test_money_is_written_in_yi():
    assert format_yi(Fraction(1_600_000_000_000)) == "16000.00"
    assert format_yi(Fraction(123_456_789), 4) == "1.2346"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("150", "150"),
        ("1.60", "1.6"),
        ("-12.34", "-12.34"),
        ("100", "100"),
        ("0.001", "0.001"),
        ("617/7500", "0.082266666666"),
        ("2/3", "0.666666666666"),
        ("-2/3", "-0.666666666666"),
        ("1/30000000000000", "0"),
        ("-1/30000000000000", "0"),
        ("1/8192", "0.0001220703125"),
        ("0.0000000000000001", "0.0000000000000001"),
        ("1e30", "1" + "0" * 30),
        ("40/3", "13.333333333333"),
    ],
)
def test_an_exact_decimal_is_whole_and_only_a_repeating_one_is_cut(value, written):
    assert exact_decimal(Fraction(value)) == written


def test_a_repeating_decimal_is_cut_where_asked():
    assert exact_decimal(Fraction(2, 3), cut=3) == "0.666"


@pytest.mark.parametrize(
    ("cell", "column", "grains"),
    [
        ("1.6亿元", "", 160_000_000_00),
        ("0.005元", "", 1),
        ("0.004元", "", 0),
        ("-0.005元", "", -1),
        (0.1, "亿元", 10_000_000_00),
        ("700万美元", "", None),
        ("13个", "", None),
        ("12%", "", None),
    ],
)
def test_chinese_money_counts_fen_and_nothing_else_does(cell, column, grains):
    assert fen(parse_quantity(cell, column)) == grains


def test_grains_know_whether_they_lost_anything():
    assert fits_grains(Fraction("12.34"))
    assert not fits_grains(Fraction("12.345"))
    assert fits_grains(Fraction("0.2"), 10**6)
    assert not fits_grains(Fraction(1, 3), 10**6)
    assert to_grains(Fraction("0.2"), 10**6) == 200_000


@pytest.mark.parametrize(
    ("cell", "column", "written"),
    [
        ("20", "", "20"),
        ("20", "亿元", "20亿元"),
        ("1亿8千万元", "", "1.8亿元"),
        ("8000万", "亿元", "8000万元"),
        ("￥3,000", "", "3000元"),
        ("700万美元", "", "700万美元"),
        ("百分之十二", "", "12%"),
        ("千分之三", "", "3‰"),
        ("0.12", "小数", "12%"),
        ("大约448亿元", "", "约448亿元"),
        ("2000多万元", "", "2000余万元"),
        ("3亿多元", "", "3亿余元"),
        ("30多家", "", "30余家"),
        ("超3920亿元", "", "超过3920亿元"),
        ("≥90%", "", "90%以上"),
        ("≤45个工作日", "", "45个工作日以内"),
        ("不到3%", "", "不足3%"),
        ("12%(力争15%以上)", "", "12%，力争15%以上"),
        ("160(其中:非工业约60)(含土地款)", "", "160（其中：非工业：约60）（含土地款）"),
    ],
)
def test_a_quantity_is_written_in_one_canonical_way(cell, column, written):
    assert format_quantity(parse_quantity(cell, column)) == written


@pytest.mark.parametrize(
    ("value", "kind", "currency", "written"),
    [
        (160_000_000, "money", "CNY", "1.6亿元"),
        (-160_000_000, "money", "CNY", "-1.6亿元"),
        (100_000_000, "money", "CNY", "1亿元"),
        (99_990_000, "money", "CNY", "9999万元"),
        (10_000, "money", "CNY", "1万元"),
        (9_999, "money", "CNY", "9999元"),
        (7_000_000, "money", "USD", "700万美元"),
        (13, "count", "", "13个"),
        ("0.12", "rate", "", "12%"),
        (20000, "number", "", "20000"),
    ],
)
def test_a_quantity_without_a_unit_gets_the_usual_one(value, kind, currency, written):
    assert format_quantity(Quantity(Fraction(value), kind, "", currency)) == written


def test_a_unit_that_does_not_fit_the_kind_is_not_written():
    odd = Quantity(
        Fraction(13),
        "count",
        "",
        unit="亿元",
        qualifier=Qualifier.NEAR,
        of_which=(Part("工业", Fraction(3), ""),),
    )
    assert format_quantity(odd) == "近13个（其中：工业3个）"
