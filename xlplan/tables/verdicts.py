"""Reads 核对记录: what somebody said earlier about projects that may be the same."""

from xlplan.model import VERDICT_SHEET
from xlplan.quantity import Day, parse_date
from xlplan.reconciling import VERDICT_HEADS, Verdict
from xlplan.tables.columns import said
from xlplan.tables.grid import Grid, Source

_HEAD_WITHIN = 20
_NEEDED = frozenset({"name", "answer"})


def read_verdicts(source: Source) -> list[Verdict]:
    """The verdicts in their order, each with its cell; none without such a sheet."""
    if VERDICT_SHEET not in source.sheet_names():
        return []
    grid = source.grid(VERDICT_SHEET)
    head, columns = _head(grid)
    last = grid.first_row + len(grid.rows)
    rows = (_verdict(grid, row, columns) for row in range(head + 1, last)) if head else ()
    return [one for one in rows if one.name or one.answer]


def _head(grid: Grid) -> tuple[int, dict[str, int]]:
    """The row of the heads and the column of each field; row 0 where there is none."""
    fields = {head: field for field, head in VERDICT_HEADS.items()}
    for at, cells in enumerate(grid.rows[:_HEAD_WITHIN]):
        columns = {
            fields[text]: column
            for column, text in enumerate(map(said, cells), start=grid.first_column)
            if text in fields
        }
        if columns.keys() >= _NEEDED:
            return grid.first_row + at, columns
    return 0, {}


def _verdict(grid: Grid, row: int, columns: dict[str, int]) -> Verdict:
    texts = dict.fromkeys(VERDICT_HEADS, "")
    texts |= {name: said(grid.at(row, column)) for name, column in columns.items()}
    day = parse_date(texts["day"])
    return Verdict(
        unit=texts["unit"],
        name=texts["name"],
        project=texts["project"],
        answer=texts["answer"],
        project_name=texts["project_name"],
        submitted_project=texts["submitted_project"],
        credit_code=texts["credit_code"],
        who=texts["who"],
        day=day.date if isinstance(day, Day) else None,
        source=texts["source"],
        cell=grid.cell(row, columns["name"]),
    )
