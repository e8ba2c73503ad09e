"""What the terminal says of the changes since an earlier period."""

from collections.abc import Iterator
from fractions import Fraction

from xlplan.app.recalculation import Result
from xlplan.cli.door import Door
from xlplan.cli.terminal import table
from xlplan.policy import TOTAL
from xlplan.quantity import format_decimal
from xlplan.sheets.changes import PART_HEADS, Line, change_lines

_PLACES = 2
_HEADS = ("上期", "本期", "变动", *PART_HEADS.values(), "同比")


def change_table(door: Door, result: Result) -> Iterator[str]:
    """The totals then and now with the parts of each change; units stand in the sheet 变动."""
    figures = result.figures
    if not (figures.previous or figures.last_year):
        return
    yield door.text("changes", previous=figures.previous or "—", last_year=figures.last_year or "—")
    rows = [_row(line) for line in change_lines(figures) if line.key[1] == TOTAL]
    yield from table([door.text("head.group"), door.text("head.measure"), *_HEADS], rows)


def _row(line: Line) -> tuple[str, ...]:
    parts = (line.parts[name] for name in PART_HEADS)
    numbers = (line.before, line.after, line.change, *parts)
    growth = "—" if line.yearly is None else f"{format_decimal(line.yearly * 100, 1)}%"
    return (line.key[0], line.key[2], *(_said(line, number) for number in numbers), growth)


def _said(line: Line, number: Fraction | None) -> str:
    """An amount in the measure's unit; a dash where nothing is known, or nothing is."""
    if number is None or not number:
        return "—"
    value = number * 100 if line.measure.is_share else number
    said = format_decimal(value, _PLACES).rstrip("0").rstrip(".")
    return f"{said}%" if line.measure.is_share else said
