"""What the last clicks put into a document that is still open, and whether it still stands there.

A second click mostly changes a few figures on sheets that look as before. So after each click it is
noted, in the user's own folder, what was put where, with a mark of what the program then held; as
long as the mark is the same nobody changed those cells since. It holds for one document as long as
it is open: a file that is opened again may be another one.
"""

import io
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from xlplan.live.at_once import names_of
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
    """Packed sheets of a document, each with the mark of what then stood there."""

    document: str
    sheets: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)


def standing(book: "xw.Book", folder: Path) -> dict[str, bytes]:
    """What was put there last and stands there unchanged, packed, by the sheet's name."""
    document = getattr(book.impl, "instance", None)
    if document is None:
        return {}
    noted = _noted(folder)
    if noted is None or noted.document != document:
        return {}
    names = names_of(book)
    marks = book.impl.sheets.marks([name for name in noted.sheets if name in names])
    return {name: sheet for name, (sheet, mark) in noted.sheets.items() if marks.get(name) == mark}


def packed_sheets(sheets: Iterable[Sheet]) -> dict[str, bytes]:
    """Sheets as they are noted, by name; nothing for one that is too large for that."""
    return {
        sheet.name: packed(plain(sheet)) if _cells(sheet) <= MOST_CELLS else b"" for sheet in sheets
    }


def note(book: "xw.Book", folder: Path, put: Mapping[str, bytes]) -> None:
    """Note what stands there now; of the other sheets what was noted before stays noted."""
    document = getattr(book.impl, "instance", None)
    if document is None:
        return
    before = _noted(folder)
    known = dict(before.sheets) if before is not None and before.document == document else {}
    marks = book.impl.sheets.marks([name for name, held in put.items() if held])
    known = {name: held for name, held in known.items() if name not in put}
    known |= {name: (put[name], mark) for name, mark in marks.items()}
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


def packed(sheet: Sheet) -> bytes:
    """A description as bytes."""
    out = io.BytesIO()
    writer = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    writer.dispatch_table = _REDUCERS
    writer.dump(sheet)
    return out.getvalue()


def unpacked(held: bytes) -> Sheet | None:
    """The description; None for what is none that this version reads."""
    found = _loaded(io.BytesIO(held))
    return found if isinstance(found, Sheet) else None


def _reducer(kind: type) -> Callable[[Any], tuple[type, tuple[object, ...]]]:
    """How one of a kind is made again; what dataclasses do by themselves takes three times as long.

    >>> _reducer(description.Area)(description.Area(1, 2, 3, 4))[1]
    (1, 2, 3, 4)
    """
    held = attrgetter(*(one.name for one in fields(kind)))
    return lambda one: (kind, held(one))


_REDUCERS = {
    kind: _reducer(kind)
    for name in sorted(_CLASSES["xlplan.sheets.description"])
    for kind in (getattr(description, name),)
}


def stored(path: Path) -> object:
    """What was written; None where there is nothing, or nothing that this version reads."""
    try:
        with path.open("rb") as held:
            shape, what = _loaded(held) or (None, None)
    except (OSError, TypeError, ValueError):
        return None
    return what if shape == _SHAPE else None


def _loaded(held: BinaryIO) -> Any:  # noqa: ANN401 - whoever asks looks at what it is
    try:
        return _Reader(held).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError):
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
