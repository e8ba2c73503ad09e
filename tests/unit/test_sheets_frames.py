from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plain_workbook import assemble

from xlplan.diagnostics import RequestError
from xlplan.package.render import render
from xlplan.package.styles import StyleBook
from xlplan.sheets.description import Area, Sheet
from xlplan.sheets.frames import as_sheet, from_frame

moment = datetime.fromisoformat
REPORT = pd.DataFrame(
    {
        "项目编号": ["0017", "0018", None],
        "金额(亿元)": [1.25, 1234.5, np.nan],
        "个数": [3, 2021, 7],
        "签约日期": pd.to_datetime(["2021-07-10", "2021-09-30", None]),
        "落地": [True, False, True],
    }
)


def values(frame):
    """The body as lists of columns."""
    return [list(column.values) for column in from_frame("表", frame).blocks[0].columns]


def formats(frame):
    return [column.style.number_format for column in from_frame("表", frame).blocks[0].columns]


def head(frame):
    return [cell.value for cell in from_frame("表", frame).cells]


def test_a_frame_becomes_a_head_and_a_body_frozen_filtered_and_printed_with_its_head():
    sheet = from_frame("通报", REPORT)
    assert sheet.name == "通报"
    assert head(REPORT) == list(REPORT.columns)
    assert (sheet.blocks[0].row, sheet.blocks[0].height) == (2, 3)
    assert sheet.freeze == (2, 1)
    assert sheet.filter == Area(1, 1, 4, 5)
    assert sheet.print.title_rows == (1, 1)


def test_columns_look_like_what_they_hold():
    assert formats(REPORT) == ["@", "#,##0.00", "General", "yyyy-mm-dd", "General"]


def test_a_file_holds_the_values_of_the_frame(tmp_path):
    path = assemble(tmp_path / "通报.xlsx", from_frame("通报", REPORT))
    rows = list(openpyxl.load_workbook(path)["通报"].iter_rows(values_only=True))
    assert rows[1:] == [
        ("0017", 1.25, 3, moment("2021-07-10"), True),
        ("0018", 1234.5, 2021, moment("2021-09-30"), False),
        (None, None, 7, None, True),
    ]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([None, np.nan, pd.NA, pd.NaT], [None, None, None, None]),
        (pd.array([1, None], "Int64"), [1, None]),
        (pd.array([1.5, None], "Float64"), [1.5, None]),
        (pd.array([True, None], "boolean"), [True, None]),
        (pd.array(["甲", None], "string"), ["甲", None]),
        (pd.Categorical(["甲", None]), ["甲", None]),
        (pd.Categorical([2, None]), [2, None]),
        ([Decimal("0.10"), Fraction(1, 3)], [Decimal("0.10"), Fraction(1, 3)]),
        ([timedelta(hours=36), None], [1.5, None]),
        ([time(6), None], [0.25, None]),
        ([date(2021, 7, 10), None], [date(2021, 7, 10), None]),
        (pd.period_range("2021-01", periods=1, freq="M"), ["2021-01"]),
        ([[1, 2], {"a": 1}], ["[1, 2]", "{'a': 1}"]),
        ([b"x", 1j], ["b'x'", "1j"]),
        ([np.int64(3), np.float32(0.5), np.bool_(1)], [3, 0.5, True]),
        (["=1+1", ""], ["=1+1", ""]),
    ],
)
def test_every_kind_of_value_has_one_way_into_a_cell(given_, expected):
    (found,) = values(pd.DataFrame({"列": given_}))
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_a_moment_with_a_time_zone_is_text_that_keeps_the_zone(tmp_path):
    frame = pd.DataFrame({"时刻": [datetime(2021, 7, 10, 9, tzinfo=UTC)]})
    path = assemble(tmp_path / "表.xlsx", from_frame("表", frame))
    assert openpyxl.load_workbook(path)["表"]["A2"].value == "2021-07-10 09:00:00+00:00"


@pytest.mark.parametrize("number", [10**15, 2**63 - 1, -(10**18)])
@pytest.mark.parametrize("dtype", ["int64", "Int64", object])
def test_a_whole_number_that_excel_would_bend_is_text(number, dtype, tmp_path):
    frame = pd.DataFrame({"号": pd.Series([number], dtype=dtype)})
    path = assemble(tmp_path / "表.xlsx", from_frame("表", frame))
    assert openpyxl.load_workbook(path)["表"]["A2"].value == str(number)


@pytest.mark.parametrize("infinity", [np.inf, -np.inf])
def test_an_infinity_is_text(infinity, tmp_path):
    path = assemble(tmp_path / "表.xlsx", from_frame("表", pd.DataFrame({"率": [infinity, 1.5]})))
    assert openpyxl.load_workbook(path)["表"]["A2"].value == str(infinity)


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ([1, 2], "General"),
        ([123_456_789_012], "0"),
        ([1.5, 2.25], "#,##0.00"),
        ([0.125], "General"),
        ([1.0, 2.0], "General"),
        ([1.0, 1.5] * 1000 + [0.125], "General"),
        ([1, 2.5, None, np.inf], "#,##0.00"),
        (pd.array([1.5, None], "Float64"), "#,##0.00"),
        ([Decimal("1.50")], "#,##0.00"),
        ([Fraction(1, 3)], "General"),
        ([timedelta(hours=30)], "[h]:mm:ss"),
        ([time(9)], "hh:mm:ss"),
        (pd.to_datetime(["2021-07-10", None]), "yyyy-mm-dd"),
        (pd.to_datetime(["2021-07-10T00:00", "2021-07-10T09:30"]), "yyyy-mm-dd hh:mm:ss"),
        ([date(2021, 7, 10)], "General"),
        ([10**12, date(2021, 7, 10)], "General"),
        (["甲", "乙"], "General"),
        (["甲", "007"], "@"),
        (["12%"], "@"),
        (["007", date(2021, 7, 10)], "General"),
        ([None], "General"),
        ([], "General"),
    ],
)
def test_number_formats_hide_no_digit(column, code):
    assert formats(pd.DataFrame({"列": column})) == [code]


def test_labels_may_repeat_and_be_of_any_type():
    frame = pd.DataFrame([[1, 2, 3, 4, 5]], columns=["a", "a", 2021, None, date(2021, 7, 1)])
    assert head(frame) == ["a", "a", "2021", None, "2021-07-01"]
    assert values(frame) == [[1], [2], [3], [4], [5]]


def test_several_levels_of_columns_are_several_head_rows_with_equal_neighbours_merged():
    columns = [("引进项目", "重大"), ("引进项目", "较大"), ("经济贡献", "协议资金"), ("备注", "")]
    frame = pd.DataFrame([[1, 2, 3, 4]], columns=pd.MultiIndex.from_tuples(columns))
    sheet = from_frame("表", frame)
    assert sheet.merges == (Area(1, 1, 1, 2),)
    assert {(cell.row, cell.column): cell.value for cell in sheet.cells} == {
        (1, 1): "引进项目",
        (1, 2): None,
        (1, 3): "经济贡献",
        (1, 4): "备注",
        (2, 1): "重大",
        (2, 2): "较大",
        (2, 3): "协议资金",
        (2, 4): None,
    }
    assert (sheet.freeze, sheet.filter) == ((3, 1), Area(2, 1, 3, 4))


@pytest.mark.parametrize(
    ("index", "labels"),
    [
        (None, ["值"]),
        (pd.Index([7, 9]), ["值"]),
        (pd.Index([7, 9], name="行"), ["行", "值"]),
        (pd.Index(["甲", "乙"]), [None, "值"]),
        (
            pd.MultiIndex.from_tuples([("甲", 1), ("乙", 2)], names=["单位", None]),
            ["单位", None, "值"],
        ),
    ],
)
def test_an_index_is_written_where_it_says_something(index, labels):
    frame = pd.DataFrame({"值": [1, 2]}, index=index)
    assert head(frame) == labels
    assert from_frame("表", frame).freeze == (2, len(labels))


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame(columns=["a", "b"]), pd.DataFrame(index=[1, 2, 3])]
)
def test_an_empty_frame_is_a_sheet_all_the_same(frame, tmp_path):
    path = assemble(tmp_path / "表.xlsx", from_frame("表", frame))
    assert openpyxl.load_workbook(path).sheetnames == ["表"]


def test_columns_are_as_wide_as_their_contents_within_reason():
    frame = pd.DataFrame({"a": ["白涛工业园区管委会"], "b": ["x" * 500], "c": [1]})
    assert from_frame("表", frame).widths == {1: 19, 2: 50, 3: 6}


def test_a_frame_longer_than_a_sheet_is_refused():
    frame = pd.DataFrame({"a": np.zeros(1_048_576)})
    with pytest.raises(RequestError, match="XP702"):
        render(from_frame("表", frame), StyleBook.parse(None))


def test_a_described_sheet_is_taken_as_it_is_under_the_name_that_was_asked_for():
    sheet = as_sheet("新", Sheet("旧", zoom=85))
    assert (sheet.name, sheet.zoom) == ("新", 85)
    assert as_sheet("新", REPORT).cells == from_frame("新", REPORT).cells


@pytest.mark.parametrize("wrong", [None, [[1]], {"a": [1]}])
def test_anything_else_is_no_sheet(wrong):
    with pytest.raises(TypeError, match="DataFrame"):
        as_sheet("新", wrong)


def test_the_frame_is_left_as_it_was():
    before = REPORT.copy(deep=True)
    values(REPORT)
    pd.testing.assert_frame_equal(REPORT, before)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(categories=["L", "N", "P"], exclude_characters="_"), min_size=1),
    st.dates(date(1900, 3, 1)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_frame_is_read_back_as_it_was(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("f") / "表.xlsx"
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=object)
    assemble(path, from_frame("表", frame))
    sheet = openpyxl.load_workbook(path)["表"]
    found = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    as_read = [[moment(v.isoformat()) if type(v) is date else v for v in row] for row in rows]
    assert found == as_read
