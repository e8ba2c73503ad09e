"""The rows of a template's sheet that hold tags for rows: where loops begin and end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlplan.documents.growth import Plan, Span
from xlplan.documents.sheet_cells import Cell, Row

ROW_TAG = re.compile(r"\{%-?\s*tr\s+(.*?)\s*-?%\}", re.DOTALL)
FOREIGN_TAG = re.compile(r"\{%-?\s*(p|tc|r)\s+.*?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One tag for rows, without its braces: `for u in 单位`, `endfor`, `else`."""

    text: str
    cell: Cell

    @property
    def word(self) -> str:
        """What it begins with: for, endfor, if, elif, else, endif or set."""
        return self.text.split(maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class TagRows:
    """The tags for rows of a sheet, by row, and the loops and conditions that they make."""

    statements: dict[int, tuple[Statement, ...]]
    plan: Plan
    numbers: dict[tuple[int, int], int]
    """The loop's number of each for, else and endfor, by its row and place in the row."""

    def loop(self, row: int, place: int) -> int:
        """The number of the loop that a statement belongs to; 0 for a condition."""
        return self.numbers.get((row, place), 0)


def tag_rows(rows: Sequence[Row]) -> TagRows:
    """The tags for rows of a sheet; what does not match is left for lint to say."""
    statements = {row.number: found for row in rows if (found := tuple(_statements(row)))}
    spans: list[Span] = []
    numbers: dict[tuple[int, int], int] = {}
    opened: list[tuple[int, int]] = []  # first row, number of the loop
    for row, found in statements.items():
        for place, statement in enumerate(found):
            if statement.word in ("for", "if"):
                loop = len(numbers) + 1 if statement.word == "for" else 0
                opened.append((row, loop))
            if opened:
                numbers[row, place] = opened[-1][1]
            if statement.word in ("endfor", "endif") and opened:
                first, loop = opened.pop()
                spans.append(Span(first, row, loop))
    return TagRows(statements, Plan(tuple(spans)), numbers)


def _statements(row: Row) -> Iterator[Statement]:
    for cell in row.cells:
        for found in ROW_TAG.finditer(cell.text):
            yield Statement(" ".join(found[1].split()), cell)


def beside_tags(row: Row) -> Iterator[Cell]:
    """The cells of a row of tags whose content would vanish with it."""
    for cell in row.cells:
        value = cell.element.one("v")
        held = bool(cell.formula) or (value is not None and cell.words is None)
        if held or ROW_TAG.sub("", cell.text).strip():
            yield cell
