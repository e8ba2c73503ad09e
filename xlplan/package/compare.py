"""What a write-back would change, cell by cell, without writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlplan.sheets.description import Sheet, Value


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that would change; `cell` is "" where a whole sheet would be added."""

    sheet: str
    cell: str
    before: Value
    after: Value


def changes(path: str | Path, sheets: Sequence[Sheet]) -> list[Change]:
    """The cells that `write_sheets` would change, in sheet and row order; equal content is none."""
    raise NotImplementedError
