"""What a report keeps for the day when it is applied, in a sheet and read back from it."""

import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xlplan import package
from xlplan.diagnostics import Cell
from xlplan.reconciling.decisions import (
    QUESTION_HEADS,
    WRITE_HEADS,
    Draft,
    Question,
    Write,
    question_of,
    question_row,
    seen,
    write_of,
    write_row,
)
from xlplan.sheets.decisions import draft_sheet

WRITE = Write(
    *("D1", "change", "investment", 160_000_000_00, "项目台账", 5, 12, "1.5"),
    *(0, "P001", "某某基地", "东园", "东园.xlsx", Cell("项目台账", 6, 12)),
)
QUESTION = Question("Q1", "东园", "华兰厂", "P007", "华峰厂", source=Cell("项目台账", 4, 2))


@given(st.none() | st.integers() | st.dates() | st.text(min_size=1))
def test_a_value_comes_back_as_what_it_was(after):
    one = Write("D1", "project", "name", after, "项目台账")
    assert write_of(write_row(one)) == one


def test_each_row_has_a_cell_for_each_head():
    assert len(write_row(WRITE)) == len(WRITE_HEADS)
    assert len(question_row(QUESTION)) == len(QUESTION_HEADS)
    assert question_of(question_row(QUESTION)) == QUESTION


def test_a_readers_ways_to_give_one_content_are_one():
    assert seen(3) == seen(3.0) == seen("3 ") == "3"
    assert seen(date(2021, 3, 1)) == seen("2021-03-01 00:00:00")
    assert seen("") == seen(None) != seen(0)


def test_the_hidden_sheet_holds_each_row_as_text():
    draft = Draft("台账.xlsx", "ab12", "2021-10-08 09:30", (WRITE,), (QUESTION,))
    data = package.workbook_bytes([draft_sheet(draft)])
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = [tuple(row) for row in book.get_sheet_by_index(0).to_python()]
    assert rows[1][:2] == ("台账文件", "台账.xlsx")
    assert write_row(WRITE) in rows
    assert question_row(QUESTION) in [row[: len(QUESTION_HEADS)] for row in rows]
