"""What may be put again cell by cell, and what is remembered of sheets between clicks."""

import os
import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from support import sample

from xlplan.live.painted import (
    Painted,
    note,
    packed_sheets,
    standing,
    stored,
    unpacked,
)
from xlplan.live.rewriting import changed
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    DropDown,
    Highlight,
    Sheet,
    Style,
)
from xlplan.sheets.results import result_sheets

BOLD = Style(bold=True)
COLUMNS = (
    BlockColumn(["甲", "乙", "丙"], links=["", "", "'表'!A1"]),
    BlockColumn([1.0, 2.0, Decimal("0.1")], formula="SUM(A{r})"),
    BlockColumn([date(2021, 9, 30), None, "—"], sparse=True),
)
FIRST = Sheet("表", (CellSpec(1, 1, "标题", BOLD),), (Block(3, 1, COLUMNS),), widths={1: 9})


def with_column(at, **changes):
    columns = [*COLUMNS]
    columns[at] = replace(columns[at], **changes)
    return replace(FIRST, blocks=(Block(3, 1, tuple(columns)),))


@pytest.mark.parametrize(
    ("second", "cells"),
    [
        (FIRST, []),
        (replace(FIRST, cells=(CellSpec(1, 1, "新", BOLD),)), [(1, 1, 1, 1)]),
        (with_column(0, values=["甲", "己", "丙"]), [(4, 1, 4, 1)]),
        (with_column(1, formula="SUM(B{r})"), [(3, 2, 5, 2)]),
        (with_column(2, values=[date(2021, 9, 29), None, "有"]), [(3, 3, 3, 3), (5, 3, 5, 3)]),
    ],
)
def test_cells_that_hold_something_else_are_told_as_rectangles(second, cells):
    assert changed(second, FIRST) == cells


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(replace(FIRST, cells=(CellSpec(1, 1, "标题"),)), id="a style"),
        pytest.param(replace(FIRST, cells=(CellSpec(1, 2, "标题", BOLD),)), id="a place"),
        pytest.param(replace(FIRST, widths={1: 10}), id="a width"),
        pytest.param(replace(FIRST, merges=(Area(1, 1, 1, 2),)), id="a merged area"),
        pytest.param(replace(FIRST, highlights=(Highlight(Area(1, 1, 1, 1), "A1"),)), id="a rule"),
        pytest.param(
            replace(FIRST, drop_downs=(DropDown(Area(1, 1, 1, 1), ("甲",)),)), id="a list"
        ),
        pytest.param(with_column(0, styles=[BOLD] * 3), id="styles of rows"),
        pytest.param(with_column(0, links=["", "'表'!A1", ""]), id="a link"),
        pytest.param(with_column(0, values=["甲", "乙", "丁"]), id="a text that is linked"),
        pytest.param(with_column(2, values=[None, None, "—"]), id="a cell of a sparse column"),
        pytest.param(with_column(2, values=["x", None, "—"]), id="a day no more"),
        pytest.param(with_column(0, values=["甲", "=A1", "丙"]), id="a text like a formula"),
        pytest.param(replace(FIRST, blocks=()), id="fewer rows"),
    ],
)
def test_a_sheet_that_looks_otherwise_is_painted_whole(second):
    assert changed(second, FIRST) is None


def test_many_single_cells_are_written_as_the_rectangle_around_them():
    def board(numbers):
        return Sheet("表", blocks=(Block(1, 1, tuple(BlockColumn(one) for one in numbers)),))

    first = [[0.0] * 20 for _ in range(20)]
    second = [[float((at + by) % 2) for at in range(20)] for by in range(20)]
    assert changed(board(second), board(first)) == [(1, 1, 20, 20)]


class Held:
    """A workbook as far as notes look at one."""

    def __init__(self, sheets, instance="1"):
        self.impl = self
        self.instance = instance
        self.sheets = sheets


class Cells:
    """Its sheets as the engine tells of them: their names, and the marks of some."""

    def __init__(self, known):
        self.known = known

    @property
    def names(self):
        return [*self.known]

    def marks(self, names):
        return {name: self.known[name] for name in names}


@pytest.fixture
def marked():
    marks = {"表": "一", "别的": "二"}
    return Held(Cells(marks)), marks


def test_what_was_put_stands_until_a_cell_or_the_document_is_another(marked, tmp_path):
    book, marks = marked
    note(book, tmp_path, packed_sheets([with_column(1, values=np.array([1.0, 2.0, 3.0]))]))
    found = unpacked(standing(book, tmp_path)["表"])
    assert found.blocks[0].columns[1].values == [1.0, 2.0, 3.0]
    assert standing(Held(book.sheets, "2"), tmp_path) == {}
    marks["表"] = "改过"
    assert standing(book, tmp_path) == {}


def test_every_result_sheet_is_remembered_as_it_was():
    sheets = result_sheets(sample.figures())
    values = [Fraction(1, 3), Decimal("0.1"), date(2021, 9, 30), None, True]
    everything = [*sheets, Sheet("值", blocks=(Block(1, 1, (BlockColumn(values),)),))]
    again = [unpacked(held) for held in packed_sheets(everything).values()]
    assert [changed(one, two) for one, two in zip(again, everything, strict=True)] == [
        [] for _ in everything
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80",
        b"nonsense",
        pickle.dumps(os.getcwd),
        pickle.dumps(Painted("1"))[:-3],
        pickle.dumps(([["other"]], Painted("1"))),
    ],
    ids=["empty", "cut", "text", "a function", "broken off", "of another version"],
)
def test_a_file_that_holds_anything_else_is_as_good_as_none(tmp_path, content):
    path = tmp_path / "x.sheets"
    path.write_bytes(content)
    assert stored(path) is None
    assert unpacked(content) is None
