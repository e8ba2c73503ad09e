"""The facts of .xlsb sheets: hidden rows and error values, from the records of a sheet part.

Records and their layout: [MS-XLSB] 2.1.4, BrtBundleSh, BrtRowHdr, BrtCellError, BrtFmlaError.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlplan.files.facts import MOST_CELLS, Facts
from xlplan.files.old_binary import ERRORS

if TYPE_CHECKING:
    from xlplan.tables.grid import Position

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_CELLS = range(1, 12)
_ROW_HIDDEN = 0x10
_MORE = 0x80


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & _MORE:
            kind, at = (kind & ~_MORE) | (part[at] & ~_MORE) << 7, at + 1
        length, at = _length(part, at)
        yield kind, part[at : at + length]
        at += length


def _length(part: bytes, at: int) -> tuple[int, int]:
    """A record's length, seven bits a byte, and where its body begins."""
    length = 0
    for shift in (0, 7, 14, 21):
        length |= (part[at] & ~_MORE) << shift
        at += 1
        if not part[at - 1] & _MORE:
            break
    return length, at


def sheet_relations(workbook: bytes) -> dict[str, str]:
    """The relationship id of each sheet by name; those that can be made out."""
    try:
        bodies = [body for kind, body in _records(workbook) if kind == _SHEET]
        return dict(map(_name_and_relation, bodies))
    except (IndexError, struct.error):
        return {}


def _name_and_relation(body: bytes) -> tuple[str, str]:
    relation, at = _text(body, 8)
    return _text(body, at)[0], relation


def _text(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def scan_records(part: bytes) -> Facts | None:
    """The facts of one sheet part; None when its rectangle would not fit into memory.

    Raises IndexError or struct.error when a record is shorter than its layout.
    """
    walk = _Walk()
    for kind, body in _records(part):
        walk.take(kind, body)
    return walk.facts if walk.deepest * walk.widest <= MOST_CELLS else None


@dataclass(slots=True)
class _Walk:
    """A sheet part while its records pass."""

    row: int = 0
    deepest: int = 0
    widest: int = 0
    hidden: set[int] = field(default_factory=set)
    errors: "list[tuple[Position, str]]" = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        """What was found."""
        return Facts(frozenset(self.hidden), errors=tuple(self.errors))

    def take(self, kind: int, body: bytes) -> None:
        """Look at one record."""
        if kind == _ROW:
            self.row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & _ROW_HIDDEN:
                self.hidden.add(self.row)
        elif kind in _CELLS:
            column = struct.unpack_from("<I", body)[0] + 1
            self.deepest, self.widest = max(self.deepest, self.row), max(self.widest, column)
            if kind in (_CELL_ERROR, _FORMULA_ERROR):
                self.errors.append(((self.row, column), ERRORS.get(body[8], "#N/A")))
