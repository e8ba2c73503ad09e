"""Every writing of an amount that a clerk's table holds, read to value, unit and qualifier."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from xlplan.quantity import Missing, Part, Qualifier, Quantity, Unreadable, parse_quantity

YI, WAN = 10**8, 10**4

PLAIN = [
    ("20", "", 20, "number", ""),
    ("１２．５", "", "12.5", "number", ""),
    ("0.5", "", "0.5", "number", ""),
    (".5", "", "0.5", "number", ""),
    ("0", "", 0, "number", ""),
    ("零", "", 0, "number", ""),
    ("007", "", 7, "number", ""),
    ("  20\u3000", "", 20, "number", ""),
    ("\ufeff20\u200b", "", 20, "number", ""),
    ("1,234.5", "", "1234.5", "number", ""),
    ("１，２３４", "", 1234, "number", ""),
    ("1,234,567", "", 1234567, "number", ""),
    ("-3.2", "", "-3.2", "number", ""),
    ("－3.2", "", "-3.2", "number", ""),
    ("−3.2", "", "-3.2", "number", ""),
    ("负三点二", "", "-3.2", "number", ""),
    ("+5", "", 5, "number", ""),
    ("1e5", "", 100000, "number", ""),
    ("1.5E-2", "", "0.015", "number", ""),
    ("一百二十", "", 120, "number", ""),
    ("一百零二", "", 102, "number", ""),
    ("十五", "", 15, "number", ""),
    ("廿三", "", 23, "number", ""),
    ("卅", "", 30, "number", ""),
    ("一万零五十", "", 10050, "number", "万"),
    ("一亿零三", "", 100000003, "number", "亿"),
    ("三千二百一十", "", 3210, "number", ""),
    ("13个", "", 13, "count", "个"),
    ("50家", "", 50, "count", "家"),
    ("200户", "", 200, "count", "户"),
    ("10条", "", 10, "count", "条"),
    ("30个项目", "", 30, "count", "个项目"),
    ("3万户", "", 30000, "count", "万户"),
    ("45个工作日", "", 45, "number", "个工作日"),
    ("580亿元", "", 580 * YI, "money", "亿元"),
    ("1亿8千万元", "", 18 * 10**7, "money", "亿元"),
    ("1亿500万元", "", 105 * 10**6, "money", "亿元"),
    ("1万5000元", "", 15000, "money", "万元"),
    ("两亿元", "", 2 * YI, "money", "亿元"),
    ("一点五亿元", "", 15 * 10**7, "money", "亿元"),
    ("三十六点五亿元", "", 365 * 10**7, "money", "亿元"),
    ("1.6万亿元", "", 16 * 10**11, "money", "万亿元"),
    ("一万二千亿元", "", 12 * 10**11, "money", "亿元"),
    ("5百万元", "", 5 * 10**6, "money", "万元"),
    ("1千5百万元", "", 15 * 10**6, "money", "万元"),
    ("一千零五十万元", "", 1050 * WAN, "money", "万元"),
    ("1亿元人民币", "", YI, "money", "亿元"),
    ("人民币5000万元", "", 5000 * WAN, "money", "万元"),
    ("￥3,000万", "", 3000 * WAN, "money", "万元"),
    ("￥3,000万元", "", 3000 * WAN, "money", "万元"),
    ("¥-12.34", "", "-12.34", "money", "元"),
    ("-¥12.34", "", "-12.34", "money", "元"),
    ("5 亿 元", "", 5 * YI, "money", "亿元"),
    ("20亿\n元", "", 20 * YI, "money", "亿元"),
    ("壹仟萬圓整", "", 1000 * WAN, "money", "万元"),
    ("20（亿元）", "", 20 * YI, "money", "亿元"),
    ("8000万（元）", "", 8000 * WAN, "money", "万元"),
    ("12%", "", "0.12", "rate", "%"),
    ("１２％", "", "0.12", "rate", "%"),
    ("百分之十二", "", "0.12", "rate", "%"),
    ("百分之12.5", "", "0.125", "rate", "%"),
    ("12百分点", "", "0.12", "rate", "百分点"),
    ("12个百分点", "", "0.12", "rate", "个百分点"),
    ("千分之三", "", "0.003", "rate", "‰"),
    ("3‰", "", "0.003", "rate", "‰"),
    ("两成", "", "0.2", "rate", "成"),
    ("8000万", "", 8000 * WAN, "number", "万"),
    ("3.5亿", "", 35 * 10**7, "number", "亿"),
    ("2千万", "", 2000 * WAN, "number", "万"),
    ("十二亿", "", 12 * YI, "number", "亿"),
    # the column's unit, for cells that write none
    ("8000", "万元", 8000 * WAN, "money", "万元"),
    ("8000", "元", 8000, "money", "元"),
    ("20", "亿元", 20 * YI, "money", "亿元"),
    ("一百二十", "亿元", 120 * YI, "money", "亿元"),
    ("2十万元", "", 20 * WAN, "money", "万元"),
    ("2", "十万元", 20 * WAN, "money", "十万元"),
    ("2", "千元", 2000, "money", "千元"),
    ("2", "百万元", 2 * 10**6, "money", "百万元"),
    ("13", "个", 13, "count", "个"),
    ("2千", "个", 2000, "count", "个"),
    ("12", "%", "0.12", "rate", "%"),
    ("0.5", "%", "0.005", "rate", "%"),
    ("0.5", "小数", "0.5", "rate", "%"),
    # what the cell writes wins over the column
    ("8000万", "亿元", 8000 * WAN, "money", "万元"),
    ("8000万元", "亿元", 8000 * WAN, "money", "万元"),
    ("1万亿", "亿元", 10**12, "money", "万亿元"),
    ("13个", "亿元", 13, "count", "个"),
    ("12%", "亿元", "0.12", "rate", "%"),
    ("2万", "个", 20000, "count", "万个"),
    ("达9.5%", "", "0.095", "rate", "%"),
    ("12亿元", "斗", 12 * YI, "money", "亿元"),
]


@pytest.mark.parametrize(("cell", "column", "value", "kind", "unit"), PLAIN)
def test_a_plain_writing_reads_to_its_value_kind_and_unit(cell, column, value, kind, unit):
    read = parse_quantity(cell, column)
    assert isinstance(read, Quantity), read
    assert (read.value, read.kind, read.unit) == (Fraction(value), kind, unit)
    assert (read.text, read.qualifier, read.stretch) == (cell, Qualifier.EXACT, None)
    assert read.currency == ("CNY" if kind == "money" else "")
    assert read.is_exact


@pytest.mark.parametrize(
    ("cell", "column", "is_written"),
    [
        ("20", "亿元", False),
        ("5千", "个", False),
        ("20亿元", "亿元", True),
        ("8000万", "亿元", True),
        ("￥20", "亿元", True),
        ("20（万元）", "亿元", True),
        ("20%", "%", True),
        (20, "亿元", False),
    ],
)
def test_it_is_known_whether_the_cell_wrote_the_unit(cell, column, is_written):
    assert parse_quantity(cell, column).unit_is_written is is_written


@pytest.mark.parametrize(
    ("cell", "column", "value", "currency", "unit"),
    [
        ("700万美元", "", 700 * WAN, "USD", "万美元"),
        ("0.06亿美元", "", 6 * 10**6, "USD", "亿美元"),
        ("$700万", "", 700 * WAN, "USD", "万美元"),
        ("US$700万", "", 700 * WAN, "USD", "万美元"),
        ("700万usd", "", 700 * WAN, "USD", "万美元"),
        ("100万欧元", "", 100 * WAN, "EUR", "万欧元"),
        ("€5", "", 5, "EUR", "欧元"),
        ("港币5000万", "", 5000 * WAN, "HKD", "万港元"),
        ("港币5000万元", "", 5000 * WAN, "HKD", "万港元"),
        ("HK$50", "", 50, "HKD", "港元"),
        ("3亿日元", "", 3 * YI, "JPY", "亿日元"),
        ("700", "万美元", 700 * WAN, "USD", "万美元"),
        ("700万", "亿美元", 700 * WAN, "USD", "万美元"),
        ("700万元", "亿美元", 700 * WAN, "CNY", "万元"),
        ("700万美元", "亿元", 700 * WAN, "USD", "万美元"),
    ],
)
def test_money_keeps_its_own_currency(cell, column, value, currency, unit):
    read = parse_quantity(cell, column)
    assert (read.value, read.kind, read.currency, read.unit) == (value, "money", currency, unit)


QUALIFIED = [
    ("约448亿元", 448 * YI, "about"),
    ("大约448亿元", 448 * YI, "about"),
    ("約448億元", 448 * YI, "about"),
    ("约三亿左右", 3 * YI, "about"),
    ("5亿元上下", 5 * YI, "about"),
    ("300（约）", 300, "about"),
    ("2000余万元", 2000 * WAN, "more"),
    ("2000多万元", 2000 * WAN, "more"),
    ("2000万余元", 2000 * WAN, "more"),
    ("2000万元余", 2000 * WAN, "more"),
    ("十多亿元", 10 * YI, "more"),
    ("十来个", 10, "more"),
    ("百余家", 100, "more"),
    ("万余元", WAN, "more"),
    ("千余万元", 1000 * WAN, "more"),
    ("30多个", 30, "more"),
    ("12余%", "0.12", "more"),
    ("约2000余万元", 2000 * WAN, "about"),
    ("近30亿元", 30 * YI, "near"),
    ("将近30亿元", 30 * YI, "near"),
    ("超3920亿元", 3920 * YI, "over"),
    ("超过3920亿元", 3920 * YI, "over"),
    (">3920亿元", 3920 * YI, "over"),
    ("5亿元以上", 5 * YI, "at_least"),
    ("5亿以上", 5 * YI, "at_least"),
    ("5亿元及以上", 5 * YI, "at_least"),
    ("5亿元（含）以上", 5 * YI, "at_least"),
    ("5亿元(以上)", 5 * YI, "at_least"),
    ("≥90%", "0.9", "at_least"),
    ("＞＝90%", "0.9", "at_least"),
    ("不低于90%", "0.9", "at_least"),
    ("力争5家以上", "5", "strive"),
    ("力争达到15%", "0.15", "strive"),
    ("突破50亿元", "5000000000", "over"),
    ("不少于50家", 50, "at_least"),
    ("≤45个工作日", 45, "at_most"),
    ("45个工作日以内", 45, "at_most"),
    ("不超过3%", "0.03", "at_most"),
    ("3%以下", "0.03", "at_most"),
    ("不足3亿元", 3 * YI, "below"),
    ("<3%", "0.03", "below"),
]


@pytest.mark.parametrize(("cell", "value", "qualifier"), QUALIFIED)
def test_a_qualified_amount_is_read_and_never_becomes_exact(cell, value, qualifier):
    read = parse_quantity(cell)
    assert (read.value, read.qualifier) == (Fraction(value), Qualifier(qualifier))
    assert not read.is_exact


def test_every_qualifier_has_its_own_chinese_label():
    labels = {qualifier.label for qualifier in Qualifier}
    assert len(labels) == len(Qualifier)
    assert all("一" <= character <= "鿿" for label in labels for character in label)


@pytest.mark.parametrize(
    ("cell", "column", "parts"),
    [
        ("160（其中：非工业60）", "", [("非工业", 60)]),
        ("80(其中:非工业30)", "", [("非工业", 30)]),
        ("80（其中：甲30、乙0）", "", [("甲", 30), ("乙", 0)]),
        ("160 \n （其中：非工业 60）", "", [("非工业", 60)]),
        ("160〔其中非工业为60〕", "", [("非工业", 60)]),
        ("160，其中：非工业60", "", [("非工业", 60)]),
        ("160，其中：非工业60，服务业20", "", [("非工业", 60), ("服务业", 20)]),
        ("160（其中：非工业60 ，服务业 20 ）", "", [("非工业", 60), ("服务业", 20)]),
        ("160（其中：非工业：60；服务业：20）", "", [("非工业", 60), ("服务业", 20)]),
        ("160（其中：非工业1,060、大陸企業20）", "", [("非工业", 1060), ("大陸企業", 20)]),
        ("30个（其中：5000万元以上10个）", "", [("5000万元以上", 10)]),
        ("160（其中：非工业60）", "亿元", [("非工业", 60 * YI)]),
        ("160亿元（其中：非工业60）", "", [("非工业", 60 * YI)]),
        ("160亿元（其中：非工业6000万元）", "", [("非工业", 6000 * WAN)]),
    ],
)
def test_an_of_which_part_is_read_in_the_unit_of_the_whole(cell, column, parts):
    read = parse_quantity(cell, column)
    assert [(part.label, part.value) for part in read.of_which] == parts
    assert read.note == ""


def test_a_part_keeps_its_text_and_its_qualifier():
    read = parse_quantity("160（其中：非工业约６０）")
    assert read.of_which == (Part("非工业", Fraction(60), "非工业约６０", Qualifier.ABOUT),)
    assert read.qualifier is Qualifier.EXACT
    assert not read.is_exact


@pytest.mark.parametrize(
    ("cell", "value", "stretch", "qualifier"),
    [
        ("12%，力争15%", "0.12", "0.15", "exact"),
        ("12%,力争达到15%", "0.12", "0.15", "exact"),
        ("12%（力争15%）", "0.12", "0.15", "exact"),
        ("12%，力争15", "0.12", "0.15", "exact"),
        ("20亿元；力争25亿元", 20 * YI, 25 * YI, "exact"),
        ("20亿元，力争25", 20 * YI, 25 * YI, "exact"),
        ("8000万元，力争1亿", 8000 * WAN, YI, "exact"),
        ("12%，力争15%以上", "0.12", "0.15", "at_least"),
    ],
)
def test_a_stretch_goal_stands_beside_the_floor(cell, value, stretch, qualifier):
    read = parse_quantity(cell)
    assert (read.value, read.stretch) == (Fraction(value), Fraction(stretch))
    assert read.stretch_qualifier is Qualifier(qualifier)


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("300（含土地款）", "含土地款"),
        ("300（含 土地款，1期）", "含 土地款，1期"),
        ("300（含土地款（一期））", "含土地款（一期）"),
        ("300（含土地款）（一期）", "含土地款；一期"),
        ("5亿元以上（含5亿元）", "含5亿元"),
        ("1亿元（预计）", "预计"),
        ("300（十）", "十"),
        ("300[A]", "A"),
    ],
)
def test_a_remark_in_brackets_is_kept_as_a_note(cell, note):
    read = parse_quantity(cell)
    assert isinstance(read, Quantity)
    assert read.note == note


def test_stretch_parts_and_note_may_stand_together():
    read = parse_quantity("约20亿元，力争25亿元（其中：工业15亿元）（含土地款）")
    assert (read.qualifier, read.stretch, read.note) == ("about", 25 * YI, "含土地款")
    assert [(part.label, part.value) for part in read.of_which] == [("工业", 15 * YI)]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        *((cell, "blank") for cell in (None, "", " ", "\u3000", "\t\n", "\u200b\ufeff", "\xa0")),
        *((cell, "dash") for cell in ("-", "—", "–", "－", "——", "--", " — ", "/", "─", "−")),
        *((cell, "none") for cell in ("无", " 无 ", "暂无", "没有", "無", "不涉及")),
    ],
)
def test_a_cell_that_says_nothing_is_missing_and_not_zero(cell, reason):
    assert parse_quantity(cell, "亿元") == Missing(reason, cell or "")


UNREADABLE = [
    ("20亿元、30亿元", "像是几个数"),
    ("20亿元\n30亿元", "像是几个数"),
    ("20 30", "数字之间有空格"),
    ("1亿 8千万", "数字之间有空格"),
    ("20 ,300", "数字之间有空格"),
    ("160（其中：工业1 00）", "数字之间有空格"),
    ("20+30", "像是几个数"),
    ("3-5亿元", "是区间"),
    ("3~5亿", "是区间"),
    ("３～５亿", "是区间"),
    ("3亿—5亿", "是区间"),
    ("3至5亿元", "是区间"),
    ("10%-12%", "是区间"),
    ("2021-7-10", "像是日期"),
    ("2021/7/10", "像是日期"),
    ("2021年7月10日", "像是日期"),
    ("7月10日", "像是日期"),
    ("2021年", "像是日期"),
    ("一季度", "像是日期"),
    ("约三亿左右吧", "不是认得的写法"),
    ("近3亿元以上", "限定词互相矛盾"),
    ("5亿元以上（以内）", "限定词互相矛盾"),
    ("2.3.4", "不是认得的写法"),
    ("12亿3", "不是认得的写法"),
    ("一万五", "不是认得的写法"),
    ("一百二", "不是认得的写法"),
    ("1亿20000万", "不是认得的写法"),
    ("1.5亿8千万", "不是认得的写法"),
    ("1万20", "不是认得的写法"),
    ("亿元", "不是认得的写法"),
    ("百", "不是认得的写法"),
    ("二点", "不是认得的写法"),
    ("二点十", "不是认得的写法"),
    ("点五", "不是认得的写法"),
    ("1,23", "像是几个数"),
    ("20、", "不是认得的写法"),
    ("5.", "不是认得的写法"),
    ("-+5", "不是认得的写法"),
    ("①20", "不是认得的写法"),
    ("5²", "不是认得的写法"),
    ("٥", "没有数字"),
    ("20亿元/年", "不是认得的写法"),
    ("300 含土地款", "不是认得的写法"),
    ("总投资20亿元", "不是认得的写法"),
    ("几十亿", "不是认得的写法"),
    ("数亿元", "不是认得的写法"),
    ("2万%", "比率不用万、亿"),
    ("（3.2）", "括号里的数含义不明"),
    ("300（含土地款", "括号不成对"),
    ("300）", "括号不成对"),
    ("300（）", "不是认得的写法"),
    ("300（含土地款）元", "不是认得的写法"),
    ("$700万欧元", "币种前后不一"),
    ("20亿元（美元）", "前后单位不同"),
    ("20万（亿元）", "前后单位不同"),
    ("12%，力争15亿元", "前后单位不同"),
    ("12%，力争15%，力争18%", "力争数写了两次"),
    ("160亿元（其中：工业3个）", "前后单位不同"),
    ("160（其中：非工业-60）", "其中项看不懂"),
    ("160（其中：60）", "其中项看不懂"),
    ("160（其中）", "其中项看不懂"),
    ("160（其中：非工业）", "其中项看不懂"),
    ("#REF!", "没有数字"),
    ("待定", "没有写出数值"),
    ("不详", "没有写出数值"),
    ("1e99", "数值过大"),
    ("9" * 30, "数值过大"),
    ("9" * 60, "数字过长"),
    ("文" * 100_000, "文字过长"),
    ("9" * 100_000, "文字过长"),
    ("（" * 100_000, "文字过长"),
]


@pytest.mark.parametrize(("cell", "reason"), UNREADABLE, ids=lambda text: text[:20])
def test_what_is_not_sure_is_unreadable_and_says_why(cell, reason):
    read = parse_quantity(cell)
    assert isinstance(read, Unreadable), read
    assert read.text == cell
    assert read.reason.startswith(reason)


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        ("5千", "亿元", "缺少量级"),
        ("5百", "万元", "缺少量级"),
        ("1万5000", "亿元", "缺少量级"),
        ("一亿零三", "万元", "缺少量级"),
        ("2万", "%", "比率不用万、亿"),
        ("2万", "小数", "比率不用万、亿"),
        ("12", "斗", "不认得本栏的单位"),
        ("12万", "斗", "不认得本栏的单位"),
        (12, "斗", "不认得本栏的单位"),
        (True, "亿元", "是逻辑值"),
        (False, "", "是逻辑值"),
        (float("nan"), "亿元", "不是有效的数"),
        (float("inf"), "亿元", "不是有效的数"),
        (float("-inf"), "亿元", "不是有效的数"),
        (Decimal("NaN"), "", "不是有效的数"),
        (Decimal("1e999999999"), "", "不是有效的数"),
        pytest.param(10**5000, "", "数值过大", id="more digits than Python writes"),
        (1e300, "亿元", "数值过大"),
        (10**8, "亿元", "数值过大"),
        (date(2021, 7, 10), "亿元", "是日期或时间"),
        (datetime(2021, 7, 10, 8), "亿元", "是日期或时间"),
        (time(8), "亿元", "是日期或时间"),
        (timedelta(1), "亿元", "是日期或时间"),
        (b"20", "亿元", "不是数字，也不是文字"),
        ([20], "亿元", "不是数字，也不是文字"),
    ],
)
def test_a_cell_that_does_not_suit_its_column_is_unreadable(cell, column, reason):
    read = parse_quantity(cell, column)
    assert isinstance(read, Unreadable), read
    assert read.reason.startswith(reason)


@pytest.mark.parametrize(
    ("cell", "column", "value", "text"),
    [
        (20, "亿元", 20 * YI, "20"),
        (20.0, "亿元", 20 * YI, "20"),
        (19.98, "亿元", 1998 * 10**6, "19.98"),
        (0.1, "", "0.1", "0.1"),
        (-1.5, "万元", -15000, "-1.5"),
        (0, "亿元", 0, "0"),
        (Decimal("0.10"), "", "0.1", "0.10"),
        (Fraction(1, 3), "", "1/3", "1/3"),
        (99_999_999, "亿元", 99_999_999 * YI, "99999999"),
    ],
)
def test_a_number_cell_is_taken_by_its_shortest_writing(cell, column, value, text):
    read = parse_quantity(cell, column)
    assert (read.value, read.text, read.qualifier) == (Fraction(value), text, "exact")


def test_integers_of_numpy_are_numbers_too():
    numpy = pytest.importorskip("numpy")
    assert parse_quantity(numpy.int64(20), "亿元").value == 20 * YI
    assert parse_quantity(numpy.float64(0.1), "亿元").value == YI // 10


@pytest.mark.parametrize(
    ("cell", "column", "value"),
    [
        (12, "%", "0.12"),
        (2.5, "%", "0.025"),
        (-12, "%", "-0.12"),
        (0, "%", 0),
        (12, "百分数", "0.12"),
        (0.5, "百分数", "0.005"),
        (0.12, "小数", "0.12"),
        (1.2, "小数", "1.2"),
    ],
)
def test_a_bare_number_under_per_cent_is_read_when_it_is_sure(cell, column, value):
    read = parse_quantity(cell, column)
    assert (read.value, read.kind, read.unit) == (Fraction(value), "rate", "%")


@pytest.mark.parametrize("column", ["%", "％"])
@pytest.mark.parametrize("cell", [0.12, 1, 2, 2.0, -0.5])
def test_a_bare_number_that_may_be_a_share_or_per_cent_is_unreadable(cell, column):
    read = parse_quantity(cell, column)
    assert isinstance(read, Unreadable)
    assert "百分号" in read.reason


def test_an_amount_that_is_read_fits_the_ledgers_64_bit_grains():
    largest = parse_quantity("9999999999999999.99元")
    assert abs(largest.value * 100) < 2**63
    assert isinstance(parse_quantity("10000000000000000元"), Unreadable)
    assert parse_quantity("9999999999999999").value == 10**16 - 1
    assert isinstance(parse_quantity("10000000000000000"), Unreadable)
    assert parse_quantity("99999999999999%").value < 10**12
    assert isinstance(parse_quantity("100000000000000%"), Unreadable)
    assert parse_quantity("999999999999个").value * 10**6 < 2**63
    assert isinstance(parse_quantity("-1000000000000个"), Unreadable)
