"""The floor under writing: the very rows that a finished book holds, as f-strings, nothing else.

`floor(finished)` reads the large sheets of a finished workbook back into columns and makes of each
sheet one f-string per row, compiled once, as somebody would write it who knows the sheet by heart:
no escaping, no styles to settle, no decisions. What it writes is the same XML, byte for byte, which
is checked once; what it costs is what any writer in Python has to pay.
"""

import functools
import gc
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

LARGE = 1 << 20  # bytes of XML: smaller parts cost nothing either way
LEVEL = 2  # of deflate: what a part of this size gets from xlplan
PIECE = 512  # rows put together before they are encoded

_CELL = re.compile(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)')
_INNER = re.compile(r"(.*<(?:v|t)>)(.*)(</(?:v|t)>.*)")
_HEAD, _FOOT = b"<sheetData>", b"</sheetData>"

Column = list[object]


def uncollected(work):
    """Spare millions of small values the search for cycles: they hold none."""

    @functools.wraps(work)
    def spared(*arguments):
        gc.disable()
        try:
            return work(*arguments)
        finally:
            gc.enable()

    return spared


class Part(NamedTuple):
    """A sheet part as columns, and the function that writes its rows again."""

    name: str
    head: bytes
    foot: bytes
    first: int
    columns: list[Column]
    rows: Callable[..., Iterator[bytes]]


@uncollected
def parts(source: Path, finished: Path) -> list[Part]:
    """The large sheets that a finished workbook has beyond its source, each checked to be equal."""
    with zipfile.ZipFile(finished) as book, zipfile.ZipFile(source) as before:
        old = {one.filename for one in before.infolist()}
        large = [
            one.filename
            for one in book.infolist()
            if one.filename.startswith("xl/worksheets/")
            and one.file_size > LARGE
            and one.filename not in old
        ]
        found = []
        for name in large:
            content = book.read(name)
            part = _part(name, content)
            assert _digest(part) == sha256(content).hexdigest(), name
            found.append(part)
    return found


def write(found: list[Part], target: Path, deflater) -> None:
    """Write the parts' XML into a zip file; `deflater` makes an object as `zlib.compressobj`."""
    with target.open("wb") as file:
        for part in found:
            deflate = deflater()
            crc = 0
            for piece in _pieces(part):
                crc = zlib.crc32(piece, crc)
                file.write(deflate.compress(piece))
            file.write(deflate.flush())


def _pieces(part: Part) -> Iterator[bytes]:
    yield part.head
    yield from part.rows(part.first, *part.columns)
    yield part.foot


def _digest(part: Part) -> str:
    seen = sha256()
    for piece in _pieces(part):
        seen.update(piece)
    return seen.hexdigest()


def _part(name: str, content: bytes) -> Part:
    """Rows of one height become columns; what stands above them stays as it is."""
    start = content.index(_HEAD)
    first = _plain_row(content, start)
    end = content.index(_FOOT)
    table: dict[str, dict[int, tuple[str, str, str]]] = {}
    top = int(content[first + 8 : content.index(b'"', first + 8)])
    height = 0
    for number, row in enumerate(_rows(content, first, end), start=top):
        height += 1
        for letters, said, inner in _CELL.findall(row):
            table.setdefault(letters, {})[number] = _form(number, said, inner)
    order = sorted(table, key=lambda letters: (len(letters), letters))
    return _written(name, (content[:first], content[end:]), (top, height), table, order)


def _plain_row(content: bytes, start: int) -> int:
    """Where the long run of rows without a height of their own begins."""
    last = content.rfind(b' customHeight="1">', start, content.index(_FOOT))
    return content.index(b'<row r="', max(last, start))


def _rows(content: bytes, start: int, end: int) -> Iterator[str]:
    while start < end:
        beyond = content.index(b"</row>", start) + 6
        yield content[start:beyond].decode()
        start = beyond


def _form(number: int, said: str, inner: str) -> tuple[str, str, str]:
    """What stands before a cell's value, the value, and what stands after it."""
    found = _INNER.match(inner) if inner else None
    if found is None:
        return f"{said}/>", "", ""  # a blank with a style
    before, value, after = found.groups()
    before = before.replace(f'"{value}"', '"\0v"').replace(f'"#{value}"', '"#\0v"')
    before = re.sub(rf"(?<=[A-Z]){number}\b", "\0r", before)
    return f"{said}>{before}", value, f"{after}</c>"


def _written(name, ends, span, table, order) -> Part:
    """The function of one f-string a row, and the columns that it takes."""
    (top, height), columns, names, cells = span, [], [], []
    for letters in order:
        cell, taken = _column(letters, table[letters], range(top, top + height), len(columns))
        cells.append(cell)
        names += [f"v{len(columns) + at}" for at in range(len(taken))]
        columns += taken
    line = f'<row r="{{r}}">{"".join(cells)}</row>'
    code = (
        f"def rows(first, {', '.join(name.replace('v', 'c') for name in names)}):\n"
        f"    count = len(c0)\n"
        f"    for start in range(0, count, {PIECE}):\n"
        f"        some = zip({', '.join(f'c{n[1:]}[start:start+{PIECE}]' for n in names)})\n"
        f"        yield ''.join([f'''{line}''' for r, ({', '.join(names)},)"
        f" in enumerate(some, first + start)]).encode()\n"
    )
    space: dict[str, Callable] = {}
    exec(code, space)
    return Part(name, ends[0], ends[1], top, columns, space["rows"])


def _column(letters, held, numbers, at) -> tuple[str, list[Column]]:
    """One cell of the f-string; a column that looks different from row to row brings its looks."""
    forms = {(before, after) for before, _, after in held.values()}
    values: Column = [held[n][1] if n in held else None for n in numbers]
    texts = {text: _number(text) for text in set(values) if text is not None}
    if all(number is not None for number in texts.values()):
        values = [None if text is None else texts[text] for text in values]
    value = f"{{v{at}!r}}" if any(type(one) is float for one in values) else f"{{v{at}}}"
    if len(forms) == 1:
        before, after = next(iter(forms))
        filled = before.replace("\0r", "{r}").replace("\0v", value)
        cell = f'<c r="{letters}{{r}}"{filled}{value}{after}'
        taken = [values]
    else:
        assert not any("\0" in before for before, _ in forms), letters
        known: dict[str, str] = {}
        share = lambda text: known.setdefault(text, text)  # noqa: E731
        nothing = ("", "", "")
        cell = f'<c r="{letters}{{r}}"{{v{at + 1}}}{value}{{v{at + 2}}}'
        befores: Column = [share(held.get(n, nothing)[0]) for n in numbers]
        taken = [values, befores, [share(held.get(n, nothing)[2]) for n in numbers]]
    if None in values:
        cell = f'{{"" if v{at} is None else f"""{cell}"""}}'
    return cell, taken


def _number(text: str) -> float | int | None:
    """A text that is a number as we print it."""
    for kind in (int, float):
        try:
            if repr(kind(text)) == text:
                return kind(text)
        except ValueError:
            pass
    return None
