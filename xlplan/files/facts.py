"""What a sheet part says beyond its values: hidden rows, formulas without results, error cells.

The part is scanned as bytes: a search for the few tell-tale marks costs a tenth of inflating it,
and only a part that shows one is looked at more closely. The part's prefix for the main namespace
is taken from its `sheetData` element.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.diagnostics import column_letters
from xlplan.tables.grid import Position, Span

_SHEET_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(rb"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
MOST_CELLS = 60_000_000
_LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class Facts:
    """Positions count from 1; `errors` are values such as #N/A.

    `merged` is filled for those formats of which the reader of values does not tell it. `reach` is
    the last row that the part has, were it only formatted; 0 = not known.
    """

    hidden_rows: frozenset[int] = frozenset()
    filtered_rows: frozenset[int] = frozenset()
    uncached: frozenset[Position] = frozenset()
    errors: tuple[tuple[Position, str], ...] = ()
    merged: tuple[Span, ...] = ()
    reach: int = 0


def position(reference: bytes) -> Position | None:
    """Row and column of a reference such as N19.

    >>> position(b"N19"), position(b"$AA$3"), position(b"")
    ((19, 14), (3, 27), None)
    """
    found = _REFERENCE.match(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]), column


def scan(part: bytes) -> Facts:
    """The facts of one sheet part of an .xlsx file."""
    body = _SHEET_DATA.search(part)
    if body is None:
        return Facts()
    prefix = body[1]
    hidden, filtered = _hidden_rows(part, prefix)
    uncached, errors = frozenset(_uncached(part, prefix)), tuple(_errors(part, prefix))
    return Facts(hidden, filtered, uncached, errors, reach=_last_row(part, prefix))


def _last_row(part: bytes, prefix: bytes) -> int:
    """The number of the last row element; 0 where it does not tell."""
    last = part.rfind(b"<" + prefix + b"row ")
    reference = _attributes(part, last).get(b"r", b"") if last >= 0 else b""
    return int(reference) if reference.isdigit() else 0


def too_sparse(part: bytes) -> bool:
    """Whether the sheet's used rectangle is so large that a dense reader would run out of memory.

    A stray cell in XFD1048576 makes a rectangle of 17 thousand million cells.
    """
    body = _SHEET_DATA.search(part)
    prefix = body[1] if body else b""
    rows = _last_row(part, prefix) or part.count(b"<" + prefix + b"row")
    widest = MOST_CELLS // max(rows, 1)
    return widest < _LAST_COLUMN and re.search(_beyond(max(widest, 1)), part) is not None


def _beyond(widest: int) -> bytes:
    r"""A pattern for references to columns right of the widest allowed one.

    >>> _beyond(200)
    b' r=["\'](?:[A-Z]{3}|[H-Z][A-Z]{1}|G[S-Z][A-Z]{0})'
    """
    letters = column_letters(widest)
    after = [
        f"{letters[:n]}[{chr(ord(letter) + 1)}-Z][A-Z]{{{len(letters) - n - 1}}}"
        for n, letter in enumerate(letters)
        if letter != "Z"
    ]
    longer = [f"[A-Z]{{{len(letters) + 1}}}"] if len(letters) < len("XFD") else []
    return f""" r=["'](?:{"|".join([*longer, *after])})""".encode()


def _attributes(part: bytes, start: int) -> dict[bytes, bytes]:
    """The attributes of the tag that begins at `start`."""
    tag = part[start : part.find(b">", start)]
    return {name: one or other for name, one, other in _ATTRIBUTE.findall(tag)}


def _hidden_rows(part: bytes, prefix: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Rows hidden by hand, and rows that the sheet's own filter hides."""
    if b"hidden" not in part:
        return frozenset(), frozenset()
    rows = frozenset(_marked_rows(part, prefix))
    span = _filtered_span(part, prefix) if rows else None
    filtered = frozenset(row for row in rows if span and span[0] < row <= span[1])
    return rows - filtered, filtered


def _marked_rows(part: bytes, prefix: bytes) -> Iterator[int]:
    tags = re.compile(rb"<%srow\b[^>]*>" % re.escape(prefix))
    row = 0
    for tag in tags.finditer(part):
        said = re.search(rb"""\sr\s*=\s*["'](\d+)""", tag[0])
        row = int(said[1]) if said else row + 1
        if _HIDDEN.search(tag[0]):
            yield row


def _filtered_span(part: bytes, prefix: bytes) -> tuple[int, int] | None:
    """Head row and last row of an active filter."""
    start = part.find(b"<" + prefix + b"autoFilter")
    if start < 0 or part.find(b"filterColumn", start) < 0:
        return None
    first, _, last = _attributes(part, start).get(b"ref", b"").partition(b":")
    corners = position(first), position(last or first)
    return (corners[0][0], corners[1][0]) if corners[0] and corners[1] else None


def _uncached(part: bytes, prefix: bytes) -> Iterator[Position]:
    """Cells with a formula and no saved result; a saved empty text is a result."""
    # A single byte is found ten times as fast as two, and rows without formulas hold none.
    body = _SHEET_DATA.search(part)
    first = part.find(b"f", body.end() if body else 0)
    if first < 0 or part.find(b"<" + prefix + b"f", max(first - len(prefix) - 1, 0)) < 0:
        return
    pattern = (
        rb"(?:</{p}f>|<{p}f\b[^>]*/>)\s*(?:<{p}v\s*/>|<{p}v\s*>\s*</{p}v>)?\s*</{p}c>".replace(
            b"{p}", re.escape(prefix)
        )
    )
    for found in re.finditer(pattern, part):
        attributes = _attributes(part, _cell_before(part, prefix, found.start()))
        place = position(attributes.get(b"r", b""))
        if place is not None and not _is_saved_text(attributes, found[0]):
            yield place


def _is_saved_text(attributes: dict[bytes, bytes], ending: bytes) -> bool:
    return attributes.get(b"t") == b"str" and b"v" in ending.replace(b"f", b"")


def _cell_before(part: bytes, prefix: bytes, end: int) -> int:
    """Where the cell that holds the byte at `end` begins."""
    return max(
        part.rfind(b"<" + prefix + b"c" + gap, 0, end) for gap in (b" ", b"\t", b"\r", b"\n")
    )


def _errors(part: bytes, prefix: bytes) -> Iterator[tuple[Position, str]]:
    if b't="e"' not in part and not (b"'" in part and b"t='e'" in part):
        return
    value = re.compile(rb"<%sv\s*>([^<]*)<" % re.escape(prefix))
    for found in _ERROR.finditer(part):
        start = _cell_before(part, prefix, found.end())
        place = position(_attributes(part, start).get(b"r", b""))
        said = value.search(part, found.end(), part.find(b"</" + prefix + b"c>", found.end()))
        if place is not None and said is not None:
            yield place, said[1].decode("utf-8", "replace")
