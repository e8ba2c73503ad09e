"""Workbooks for tests, written as small text tables.

    == 项目台账 ==                  a sheet (== 项目台账 == hidden: a hidden one)
    项目编号 | 牵头单位 | 签约日期
    P001     | 白涛园区 | 2021-07-10

Numbers are numbers, 2021-07-10 is a date, anything after ' is text as written (\\n = line break).
`<` belongs to the merged area on its left, `^` to the one above; `=?` is a formula without a saved
result, `#N/A` an error value; a line `---` is a blank row; `(hidden)` and `(filtered)` before a row
hide it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xlplan.tables.grid import Grid, Span

_SHEET = re.compile(r"== *(\S+) *==( *hidden)?$")
_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d$")


@dataclass
class Book:
    """A workbook in memory; it notes which sheets were asked for."""

    grids: dict[str, Grid]
    name: str = "测试.xlsx"
    loaded: list[str] = field(default_factory=list)

    def sheet_names(self):
        return list(self.grids)

    def grid(self, name):
        self.loaded.append(name)
        return self.grids[name]


def book(text):
    """A workbook from a text with one or more sheets."""
    grids, lines, name, visible = {}, [], "", True
    for line in [*text.splitlines(), "== END =="]:
        found = _SHEET.match(line.strip())
        if found:
            if name:
                grids[name] = grid(name, lines, visible=visible)
            lines, name, visible = [], found[1], not found[2]
        elif line.strip():
            lines.append(line.strip())
    return Book(grids)


def grid(name, lines: Iterable[str], *, visible=True):
    """One sheet from its lines."""
    marks: dict[str, set] = {"hidden": set(), "filtered": set()}
    raw = []
    for number, line in enumerate(lines, 1):
        mark = re.match(r"\((hidden|filtered)\) ?", line)
        if mark:
            marks[mark[1]].add(number)
        body = line[mark.end() :] if mark else line
        raw.append([] if body == "---" else [cell.strip() for cell in body.split("|")])
    widest = max(map(len, raw), default=0)
    raw = [row + [""] * (widest - len(row)) for row in raw]
    places = [(r, c, cell) for r, row in enumerate(raw, 1) for c, cell in enumerate(row, 1)]
    return Grid(
        name,
        [[_value(cell) for cell in row] for row in raw],
        merged=tuple(_merged(raw)),
        hidden_rows=frozenset(marks["hidden"]),
        filtered_rows=frozenset(marks["filtered"]),
        uncached=frozenset((r, c) for r, c, cell in places if cell == "=?"),
        errors=tuple(((r, c), cell) for r, c, cell in places if cell.startswith("#")),
        visible=visible,
    )


def _value(cell):
    if cell.startswith("'"):
        return cell[1:].replace("\\n", "\n")
    if cell in ("", "<", "^", "=?") or cell.startswith("#"):
        return ""
    if _NUMBER.match(cell):
        return float(cell)
    return date.fromisoformat(cell) if _DATE.match(cell) else cell.replace("\\n", "\n")


def _merged(raw):
    """The areas whose first cell is followed by < to the right or ^ below."""
    for r, row in enumerate(raw):
        for c, cell in enumerate(row):
            if cell not in ("<", "^"):
                right, down = c, r
                while right + 1 < len(row) and row[right + 1] == "<":
                    right += 1
                while down + 1 < len(raw) and raw[down + 1][c] == "^":
                    down += 1
                if (right, down) != (c, r):
                    yield Span(r + 1, c + 1, down + 1, right + 1)


def write(source: Book, path: Path):
    """The same workbook as a real .xlsx file, written by openpyxl."""
    import openpyxl

    out = openpyxl.Workbook()
    out.remove(out.active)
    for one in source.grids.values():
        sheet = out.create_sheet(one.name)
        sheet.sheet_state = "visible" if one.visible else "hidden"
        for r, row in enumerate(one.rows, one.first_row):
            for c, value in enumerate(row, one.first_column):
                if value != "":
                    sheet.cell(r, c, value)
        for r, c in one.uncached:
            sheet.cell(r, c, "=1+1")
        for (r, c), text in one.errors:
            sheet.cell(r, c, text)
        for span in one.merged:
            sheet.merge_cells(
                None, span.first_row, span.first_column, span.last_row, span.last_column
            )
        for row in one.hidden_rows | one.filtered_rows:
            sheet.row_dimensions[row].hidden = True
        if one.filtered_rows:
            sheet.auto_filter.ref = sheet.dimensions
            sheet.auto_filter.add_filter_column(0, ["x"])
    out.save(path)
    return path
