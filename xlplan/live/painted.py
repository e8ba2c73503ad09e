"""What the last clicks put into a document that is still open, and whether it still stands there.

A second click mostly changes a few figures on sheets that look as before. So after each click it is
noted, in the user's own folder, what was put where, with a mark of what the program then held; as
long as the mark is the same nobody changed those cells since. It holds for one document as long as
it is open: a file that is opened again may be another one.
"""

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from xlplan.sheets import description
from xlplan.sheets.description import Block, BlockColumn, Sheet, Value

if TYPE_CHECKING:
    import xlwings as xw

MOST_CELLS = 300_000
"""Cells of a sheet beyond which nothing is noted."""

NOTES = "painted.sheets"
"""The name of the file with the notes."""

_CLASSES = {
    "xlplan.sheets.description": {
        *("Area", "Block", "BlockColumn", "Button", "CellSpec", "DataBar", "DropDown"),
        *("Highlight", "Print", "Sheet", "Style"),
    },
    "datetime": {"date", "datetime"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
}


_SHAPE = [
    [one.name for one in fields(getattr(description, name))]
    for name in sorted(_CLASSES["xlplan.sheets.description"])
]
"""What descriptions consist of: those that another version wrote are not read."""


@dataclass(frozen=True, slots=True)
class Painted:
    """Sheets of a document as they were described, each with the mark of what then stood there."""

    document: str
    sheets: Mapping[str, tuple[Sheet, str]] = field(default_factory=dict)


def standing(book: "xw.Book", folder: Path) -> dict[str, Sheet]:
    """What was put there last and stands there unchanged, by the sheet's name."""
    document = getattr(book.impl, "instance", None)
    if document is None:
        return {}
    noted = _noted(folder)
    if noted is None or noted.document != document:
        return {}
    names = {sheet.name for sheet in book.sheets}
    return {
        name: sheet
        for name, (sheet, mark) in noted.sheets.items()
        if name in names and book.sheets[name].impl.mark() == mark
    }


def note(book: "xw.Book", folder: Path, sheets: Iterable[Sheet]) -> None:
    """Note what stands there now; of the other sheets what was noted before stays noted."""
    document = getattr(book.impl, "instance", None)
    if document is None:
        return
    before = _noted(folder)
    known = dict(before.sheets) if before is not None and before.document == document else {}
    for sheet in sheets:
        known.pop(sheet.name, None)
        if _cells(sheet) <= MOST_CELLS:
            known[sheet.name] = plain(sheet), book.sheets[sheet.name].impl.mark()
    store(folder / NOTES, Painted(document, known))


def _noted(folder: Path) -> Painted | None:
    found = stored(folder / NOTES)
    return found if isinstance(found, Painted) else None


def _cells(sheet: Sheet) -> int:
    return len(sheet.cells) + sum(block.height * len(block.columns) for block in sheet.blocks)


def store(path: Path, what: object) -> None:
    """Write it in one step."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(pickle.dumps((_SHAPE, what), pickle.HIGHEST_PROTOCOL))
    new.replace(path)


def stored(path: Path) -> object:
    """What was written; None where there is nothing, or nothing that this version reads."""
    try:
        with path.open("rb") as held:
            shape, what = _Reader(held).load()
            return what if shape == _SHAPE else None
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError):
        return None


class _Reader(pickle.Unpickler):
    """Reads descriptions and nothing else, whoever wrote the file."""

    def __init__(self, held: BinaryIO) -> None:
        super().__init__(held)

    def find_class(self, module: str, name: str) -> object:
        if name in _CLASSES.get(module, ()) or (module, name) == (__name__, "Painted"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def plain(sheet: Sheet) -> Sheet:
    """The sheet, its columns as lists of Python's own values."""
    return replace(
        sheet,
        blocks=tuple(_plain_block(block) for block in sheet.blocks),
        widths=dict(sheet.widths),
        heights=dict(sheet.heights),
    )


def _plain_block(block: Block) -> Block:
    return replace(block, columns=tuple(map(_plain_column, block.columns)))


def _plain_column(column: BlockColumn) -> BlockColumn:
    return replace(
        column,
        values=[_plain_value(value) for value in column.values],
        styles=None if column.styles is None else [*column.styles],
        links=None if column.links is None else [*column.links],
    )


def _plain_value(value: Value) -> Value:
    item = getattr(value, "item", None)  # a scalar of numpy's
    return value if item is None else item()
