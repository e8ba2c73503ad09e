"""The facts of .xls sheets: hidden rows and error values, from the records of the Workbook stream.

Records and their layout: [MS-XLS] 2.4 (BoundSheet8, BoolErr, Formula, Row, FilterMode); the
container: [MS-CFB]. Anything that does not follow them yields no facts.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from xlplan.files.facts import Facts

if TYPE_CHECKING:
    from xlplan.tables.grid import Position

_FREE = 0xFFFFFFFA
_FORMULA, _EOF, _SHEET, _FILTER, _TEXTS = 0x06, 0x0A, 0x85, 0x9B, 0xFC
_DIMENSIONS, _BOOL_ERR, _ROW = 0x200, 0x205, 0x208
_ROW_HIDDEN = 0x20
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_SHIFTS, _IN_HEADER = (9, 12), 109
_MINI_CUTOFF, _MINI_SECTOR = 4096, 64
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass(frozen=True, slots=True)
class _Chains:
    """Sectors of equal size, the first at `start`, and the table that chains them."""

    data: bytes
    start: int
    size: int
    table: tuple[int, ...]

    def content(self, sector: int) -> bytes:
        """The content that begins in a sector; a chain that runs in a circle ends."""
        parts, seen = [], set[int]()
        while sector < _FREE and sector not in seen and sector < len(self.table):
            seen.add(sector)
            at = self.start + sector * self.size
            parts.append(self.data[at : at + self.size])
            sector = self.table[sector]
        return b"".join(parts)


def _chains(data: bytes) -> _Chains:
    """The sectors of a compound file."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in _SHIFTS:
        raise ValueError(shift)
    size = 1 << shift
    first, count = struct.unpack_from("<II", data, 68)
    sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    while count and first < _FREE and len(sectors) * size <= len(data) + _IN_HEADER * size:
        more = struct.unpack_from(f"<{size // 4}I", data, (first + 1) * size)
        sectors.extend(more[:-1])
        first, count = more[-1], count - 1
    table = b"".join(data[(n + 1) * size : (n + 2) * size] for n in sectors if n < _FREE)
    return _Chains(data, size, size, _numbers(table))


def _numbers(table: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _workbook(data: bytes) -> bytes:
    """The Workbook stream; short streams lie in small sectors inside the root entry's stream."""
    chains = _chains(data)
    entries = chains.content(struct.unpack_from("<I", data, 48)[0])
    root = struct.unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", entries, at + 116)
        if name == "Workbook" and size >= _MINI_CUTOFF:
            return chains.content(start)[:size]
        if name == "Workbook":
            table = _numbers(chains.content(struct.unpack_from("<I", data, 60)[0]))
            return _Chains(chains.content(root), 0, _MINI_SECTOR, table).content(start)[:size]
    return b""


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records from an offset on, up to the end of their substream."""
    at = start
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _EOF:
            return


def scan_stream(data: bytes) -> dict[str, Facts] | None:
    """The facts of every sheet of an .xls file, {} when it is not laid out as they are.

    None when it claims more texts or cells than there can be: a reader would make room for them.
    """
    try:
        stream = _workbook(data)
        records = list(_records(stream, 0))
        sheets = [body for kind, body in records if kind == _SHEET]
        starts = [struct.unpack_from("<I", body)[0] for body in sheets]
        everything = chain(records, *(_records(stream, start) for start in starts))
        if any(_is_impossible(kind, body, len(stream)) for kind, body in everything):
            return None
        return {_name(body): _facts(stream, body) for body in sheets}
    except (struct.error, ValueError, IndexError):
        return {}


def _is_impossible(kind: int, body: bytes, length: int) -> bool:
    """Whether a record claims more texts than bytes, or more rows and columns than .xls has."""
    if kind == _TEXTS:
        return bool(struct.unpack_from("<I", body, 4)[0] > length)
    if kind == _DIMENSIONS:
        row, rows, column, columns = struct.unpack_from("<IIHH", body)
        return not (row <= rows <= _MOST_ROWS and column <= columns <= _MOST_COLUMNS)
    return False


def _name(body: bytes) -> str:
    """A sheet's name: its length, a flag for two bytes a character, its characters."""
    length, is_wide = body[6], body[7] & 1
    raw = body[8 : 8 + length * (1 + is_wide)]
    return raw.decode("utf-16-le" if is_wide else "latin-1")


def _facts(stream: bytes, body: bytes) -> Facts:
    hidden: set[int] = set()
    errors: list[tuple[Position, str]] = []
    is_filtered = False
    for kind, record in _records(stream, struct.unpack_from("<I", body, 0)[0]):
        is_filtered |= kind == _FILTER
        if kind == _ROW and record[12] & _ROW_HIDDEN:
            hidden.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind in (_BOOL_ERR, _FORMULA):
            code = _error(kind, record)
            if code is not None:
                row, column = struct.unpack_from("<HH", record)
                errors.append(((row + 1, column + 1), ERRORS.get(code, "#N/A")))
    rows, none = frozenset(hidden), frozenset[int]()
    kept, filtered = (none, rows) if is_filtered else (rows, none)
    return Facts(kept, filtered, errors=tuple(errors))


def _error(kind: int, record: bytes) -> int | None:
    """The error code that a cell's record holds."""
    if kind == _BOOL_ERR:
        return record[6] if record[7] == 1 else None
    is_error = record[6] == 2 and record[12:14] == b"\xff\xff"  # noqa: PLR2004 - [MS-XLS] 2.5.133
    return record[8] if is_error else None
