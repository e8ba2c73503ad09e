"""A described sheet's rows as a stream: runs of rows, put together column by column."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from xlplan.diagnostics import column_letters
from xlplan.package import values
from xlplan.package.columns import Cells, Column, Host, Looks, numbered
from xlplan.package.styles import StyleBook
from xlplan.sheets.description import Block, CellSpec, Sheet, Style

Place = tuple[int, int]  # row, column

CELLS_A_CHUNK = 16_384  # some 800 KB of XML: large enough to be fast, small enough to forget


class Rows:
    """The `<sheetData>` of a sheet; may be iterated again and again.

    All styles are settled on construction. `cut` fills with (row, column) of texts that no cell
    can hold whole, as they are written.
    """

    def __init__(self, sheet: Sheet, styles: StyleBook, host: Host) -> None:
        self.cut: set[tuple[int, int]] = set()
        self._host = host
        self._heights = sheet.heights
        looks = Looks(styles)
        self._sparse = self._settle_cells(sheet, looks)
        self._blocks = [_settled(block, looks) for block in sheet.blocks if block.height]

    def __iter__(self) -> Iterator[bytes]:
        yield self._host.element("<sheetData>")
        for first, beyond in self._runs():
            yield from self._run(first, beyond)
        yield self._host.element("</sheetData>")

    def _settle_cells(self, sheet: Sheet, looks: Looks) -> dict[int, dict[int, bytes]]:
        """Single cells' XML by row and column, with the frames of merged areas filled up."""
        rows: dict[int, dict[int, bytes]] = {}
        for cell in sheet.cells:
            row = rows.setdefault(cell.row, {})
            assert cell.column not in row, f"two cells at {cell}"  # noqa: S101 - a bug, not data
            row[cell.column] = self._cell(cell, looks)
        tops = {(cell.row, cell.column): cell.style for cell in sheet.cells}
        for place, style in _frames(sheet, tops):
            if place[1] not in rows.setdefault(place[0], {}) and not _in_block(sheet, *place):
                rows[place[0]][place[1]] = self._cell(CellSpec(*place, None, style), looks)
        return rows

    def _cell(self, cell: CellSpec, looks: Looks) -> bytes:
        value = values.primitive(cell.value, date1904=self._host.date1904)
        if isinstance(value, str) and values.is_too_long(value):
            self.cut.add((cell.row, cell.column))
        kind, inner = values.result(value) if cell.formula else values.content(value)
        formula = f"<f>{values.escaped(cell.formula)}</f>" if cell.formula else ""
        place = (
            f'r="{column_letters(cell.column)}{cell.row}" s="{looks.of(cell.style, cell.value)}"'
        )
        body = f">{formula}{inner}</c>" if formula or inner else "/>"
        return self._host.bare(f"<c {place}{kind}{body}")

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Runs of rows of one height with the same blocks and no single cell, or single rows."""
        heights = self._heights
        edges = {edge for row in self._sparse for edge in (row, row + 1)}
        edges |= {row for row, height in heights.items() if heights.get(row - 1) != height}
        edges |= {row + 1 for row, height in heights.items() if heights.get(row + 1) != height}
        edges |= {edge for first, beyond, _ in self._blocks for edge in (first, beyond)}
        special = self._sparse.keys() | heights.keys()
        ordered = sorted(edges)
        for first, beyond in pairwise(ordered):
            if first in special or any(a <= first < b for a, b, _ in self._blocks):
                yield first, beyond

    def _run(self, first: int, beyond: int) -> Iterator[bytes]:
        columns = [
            column for top, end, block in self._blocks if top <= first < end for column in block
        ]
        single = self._sparse.get(first, {})
        numbers = sorted([*single, *(column.number for column in columns)])
        assert len(numbers) == len(set(numbers)), f"row {first} overlaps"  # noqa: S101 - a bug
        step = max(1, CELLS_A_CHUNK // (len(columns) or 1))
        for start in range(first, beyond, step):
            names = numbered(map(str, range(start, min(start + step, beyond))))
            parts: dict[int, Cells] = {number: [xml] for number, xml in single.items()}
            for column in columns:
                parts[column.number] = column.cells(names, self._host, self.cut)
            yield self._filled(names, [parts[number] for number in numbers])

    def _filled(self, names: list[bytes], parts: Sequence[Cells]) -> bytes:
        """One chunk of rows."""
        height = self._heights.get(int(names[0]))
        size = "" if height is None else f' ht="{height:g}" customHeight="1"'
        opening = self._host.bare(f'<row r="%"{size}>').split(b"%")
        cells = [part for some in parts for part in some]
        row = [opening[0], names, opening[1], *cells, self._host.bare("</row>")]
        return self._host.recoded(_joined(_merged(row), len(names)))


def _merged(cells: Cells) -> Cells:
    """The same with neighbours that stand in every row made one."""
    together: Cells = []
    for part in cells:
        if together and isinstance(part, bytes) and isinstance(together[-1], bytes):
            together[-1] += part
        else:
            together.append(part)
    return together


def _joined(cells: Cells, rows: int) -> bytes:
    """Row behind row; dealt out into one list, which is joined at once."""
    width = len(cells)
    dealt = [part if isinstance(part, bytes) else b"" for part in cells] * rows
    for at, part in enumerate(cells):
        if not isinstance(part, bytes):
            dealt[at::width] = part
    return b"".join(dealt)


def _settled(block: Block, looks: Looks) -> tuple[int, int, list[Column]]:
    """A block's first row, the row below it, and its columns with their styles settled."""
    for column in block.columns:
        assert len(column.values) == block.height, "columns differ in length"  # noqa: S101 - a bug
    columns = [
        Column.settle(block.column + at, block.row, column, looks)
        for at, column in enumerate(block.columns)
    ]
    return block.row, block.row + block.height, columns


def _frames(sheet: Sheet, tops: Mapping[Place, Style]) -> Iterator[tuple[Place, Style]]:
    """The cells of merged areas, each with the style of its area's first cell."""
    for area in sheet.merges:
        if (area.first_row, area.first_column) in tops:
            rows = range(area.first_row, area.last_row + 1)
            columns = range(area.first_column, area.last_column + 1)
            for place in product(rows, columns):
                yield place, tops[area.first_row, area.first_column]


def _in_block(sheet: Sheet, row: int, column: int) -> bool:
    return any(
        block.row <= row < block.row + block.height
        and block.column <= column < block.column + len(block.columns)
        for block in sheet.blocks
    )
