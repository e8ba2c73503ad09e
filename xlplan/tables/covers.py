"""What a submission says of itself, on a cover or above a table: unit, policy, period, day."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from xlplan.diagnostics import Cell
from xlplan.model import FORM_LABELS, FORM_SHEET
from xlplan.policy.schema import Policy
from xlplan.quantity import Day, Period, parse_date
from xlplan.tables.columns import month_end, said
from xlplan.tables.grid import Grid
from xlplan.tables.words import plain

_WORDS: Mapping[str, tuple[str, ...]] = {
    "unit": (FORM_LABELS["unit"], "报送单位", "上报单位", "填表单位", "填报部门", "报送部门"),
    "policy": (FORM_LABELS["policy"],),
    "period": (FORM_LABELS["period"], "报送期间", "统计期间", "所属期间", "所属期", "报告期"),
    "filled_on": (FORM_LABELS["filled_on"], "报送日期", "填报时间", "报送时间", "上报日期"),
}
_FIELDS = {word: name for name, words in _WORDS.items() for word in words}
_LABEL = re.compile(rf"({'|'.join(_FIELDS)})(?:[(（][^)）]*[)）])?\s*(?:[:：]|$)")
_IN_TITLE = re.compile(
    r"20\d\d年?(?:第?[一二三四1-4]季度|(?:1[0-2]|0?[1-9])月(?!\d)|[上下]半年|度)?"
)
_TOP, _FOOT, _BESIDE = 20, 5, 3


@dataclass(frozen=True, slots=True)
class Cover:
    """What was found, as written, with its cells; `is_form` = it is a form that we made."""

    texts: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    filled_on: date | None = None
    is_form: bool = False


def cover_of(grids: Mapping[str, Grid]) -> Cover:
    """The first saying of each thing: the form's own cover first, then sheet by sheet."""
    texts: dict[str, str] = {}
    cells: dict[str, Cell] = {}
    filled_on = None
    ordered = sorted(grids.values(), key=lambda grid: grid.name != FORM_SHEET)
    for grid in ordered:
        for name, value, cell in _sayings(grid):
            if name not in texts and said(value):
                texts[name], cells[name] = said(value), cell
                filled_on = _day(value) if name == "filled_on" else filled_on
    form = grids.get(FORM_SHEET)
    is_form = form is not None and {"unit", "period"} <= cells.keys()
    return Cover(texts, cells, filled_on, is_form)


def _sayings(grid: Grid) -> Iterator[tuple[str, object, Cell]]:
    """Labels and what they label: in the same cell behind a colon, or in one to the right."""
    count = len(grid.rows)
    edges = sorted({*range(min(_TOP, count)), *range(max(count - _FOOT, 0), count)})
    for at in edges:
        for across, cell in enumerate(grid.rows[at]):
            if isinstance(cell, str) and (found := list(_LABEL.finditer(cell.strip()))):
                place = grid.cell(grid.first_row + at, grid.first_column + across)
                yield from _labelled(grid, place, cell.strip(), found)


def _labelled(
    grid: Grid, place: Cell, text: str, found: list[re.Match[str]]
) -> Iterator[tuple[str, object, Cell]]:
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=True):
        inside = text[match.end() : end].strip(" \u3000、,，;；")
        if inside:
            yield _FIELDS[match[1]], inside, place
        elif end == len(text):
            columns = range(place.column + 1, place.column + 1 + _BESIDE)
            filled = (column for column in columns if said(grid.at(place.row, column)))
            column = next(filled, place.column + 1)
            yield _FIELDS[match[1]], grid.at(place.row, column), grid.cell(place.row, column)


def _day(value: object) -> date | None:
    day = parse_date(value)
    if not isinstance(day, Day):
        return None
    return month_end(day.date) if day.precision == "month" else day.date


def is_label(text: str) -> bool:
    """Whether a text says something under a label, as 填报日期：2021年10月8日 does."""
    return _LABEL.search(text) is not None


def period_in(text: str, policy: Policy) -> Period | None:
    """The period that a label or a title names, in the document's own years; None = none."""
    whole = policy.period_named(text)
    if whole is not None:
        return whole
    found = _IN_TITLE.search(plain(text))
    return policy.period_named(found[0]) if found else None
