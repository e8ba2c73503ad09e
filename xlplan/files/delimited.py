"""Text tables (.csv, tab or semicolon between cells) as a workbook of one sheet.

Every cell is text from outside: none is ever a formula, whatever sign it begins with. Numbers that
a spreadsheet would show just as they are written become numbers; all else stays as written, so that
a code such as 0071 keeps its zeros.
"""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterable
from pathlib import Path

from xlplan.container import damaged
from xlplan.diagnostics import RequestError
from xlplan.tables.grid import Grid

MOST_BYTES = 1 << 28
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,14})?")
_DELIMITERS = (",", "\t", ";")
_LOOKED_AT = 50
_MOST_DIGITS = 15


class Delimited:
    """A text table on disk; its one sheet is named as the file without its ending."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.digest = hashlib.sha256(data).hexdigest()
        self._grid = Grid(path.stem or "表", _rows(data, str(path)))

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def sheet_names(self) -> list[str]:
        """The name of its only sheet."""
        return [self._grid.name]

    def grid(self, name: str) -> Grid:
        """The sheet; KeyError for any other name."""
        if name != self._grid.name:
            raise KeyError(name)
        return self._grid


def _rows(data: bytes, label: str) -> list[list[object]]:
    if len(data) > MOST_BYTES:
        raise RequestError("XP008", path=label, reason="文本超过 256 MB")
    text = decoded(data)
    if text is None:
        raise RequestError("XP002", path=label, reason="文字既不是 UTF-8 也不是 GB18030")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return [list(map(_value, row)) for row in lines]
    except csv.Error as fault:
        raise damaged(label, f"第 {lines.line_num} 行不合 CSV 格式") from fault


def decoded(data: bytes) -> str | None:
    r"""The text of a file as Chinese offices save it; None when it is no text.

    >>> decoded("单位".encode("gb18030")), decoded("\ufeff单位".encode()), decoded(b"\xff\x80")
    ('单位', '单位', None)
    """
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], codec)
    return _strictly(data, "utf-8") or _strictly(data, "gb18030")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _delimiter(text: str) -> str:
    r"""The sign that cuts most of the first lines alike.

    >>> _delimiter("编号\t名称\n1\t甲,乙")
    '\t'
    """
    first = text.splitlines()[:_LOOKED_AT]
    return max(_DELIMITERS, key=lambda sign: _agreement(line.count(sign) for line in first))


def _agreement(counts: Iterable[int]) -> tuple[int, int]:
    """How many lines a sign cuts, and into how many cells at most."""
    filled = [count for count in counts if count]
    return len(filled), max(filled, default=0)


def _value(text: str) -> object:
    """A number where the text is one as a spreadsheet shows it, else the text."""
    if _NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) <= _MOST_DIGITS:
        number = float(text)
        if text in (repr(number), repr(number).removesuffix(".0")):
            return number
    return text
