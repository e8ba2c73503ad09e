from datetime import date
from decimal import Decimal

import pytest
from support.zips import packed, parts

from xlplan.package import Change, changes, write_sheets
from xlplan.sheets.description import CellSpec, Sheet, Style


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    path = tmp_path / "任务.xlsx"
    path.write_bytes(packed(parts()))
    return path


def sheet(*values: object, style: Style | None = None) -> Sheet:
    style = style or Style(number_format="General")
    return Sheet("结果", cells=tuple(CellSpec(n, 1, v, style) for n, v in enumerate(values, 1)))


def test_a_dry_run_lists_cells_and_writes_nothing(book):
    before = book.read_bytes()
    assert changes(book, [sheet("甲", 2, None)]) == [
        Change("结果", "A1", 9.0, "甲"),
        Change("结果", "A2", None, 2.0),
    ]
    assert book.read_bytes() == before
    assert [left.name for left in book.parent.iterdir()] == [book.name]


def test_a_sheet_that_would_be_added_is_one_change(book):
    assert changes(book, [Sheet("诊断", cells=(CellSpec(1, 1, 1),))]) == [
        Change("诊断", "", None, None)
    ]


@pytest.mark.parametrize("value", ["甲", 2, 2.5, Decimal("0.1"), True, False, date(2021, 7, 10)])
def test_what_was_just_written_would_change_nothing(value, book):
    style = Style(number_format="yyyy-mm-dd" if isinstance(value, date) else "General")
    write_sheets(book, [sheet(value, style=style)])
    assert changes(book, [sheet(value, style=style)]) == []


def test_another_colour_is_no_change_of_content(book):
    write_sheets(book, [sheet(9)])
    assert changes(book, [sheet(9, style=Style(fill="FFEE00"))]) == []


def test_true_and_one_are_different(book):
    yes = True
    write_sheets(book, [sheet(1)])
    assert changes(book, [sheet(yes)]) == [Change("结果", "A1", 1.0, yes)]


def test_rows_that_go_away_are_listed(book):
    write_sheets(book, [sheet(1, 2, 3)])
    assert [change.cell for change in changes(book, [sheet(1)])] == ["A2", "A3"]
