"""One row of a sheet part as elements, and what becomes of it when cells get values."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape

from xlplan.diagnostics import column_letters
from xlplan.package import values
from xlplan.package.columns import DATE_FORMAT
from xlplan.package.own import Piece, areas
from xlplan.package.styles import StyleBook, prefixed
from xlplan.package.xml_offsets import Edit, Element, appended, attribute, spliced
from xlplan.sheets.description import Value


@dataclass(frozen=True, slots=True)
class Dressing:
    """What new cells must fit into: the namespace's prefix, the calendar, the styles."""

    prefix: str
    date1904: bool
    styles: StyleBook


@dataclass(slots=True)
class Row:
    """A row; `put` and its like note what shall stand in its cells, `xml` writes it all."""

    number: int
    dressing: Dressing
    held: Piece | None = None
    element: Element | None = None
    cells: dict[int, Element] = field(default_factory=dict)
    new: dict[int, str] = field(default_factory=dict)
    tag: bytes = b""  # the start tag of a row that is not there yet
    shown: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything of it will be written."""
        return bool(self.new) or self.shown

    @property
    def own_style(self) -> int:
        """The style that the row itself gives to cells that are not there."""
        element = self.element
        return element.whole("s") if element is not None and element.on("customFormat") else 0

    def style(self, column: int) -> int:
        """The style number of a cell; 0 where it has none or is not there."""
        cell = self.cells.get(column)
        return cell.whole("s") if cell is not None else 0

    def has_formula(self, column: int) -> bool:
        """Whether a cell holds a formula."""
        return self.formula(column) is not None

    def formula(self, column: int) -> tuple[str, str] | None:
        """A cell's formula as text, and the number by which it is shared, "" where it is not."""
        cell = self.cells.get(column)
        found = cell.one("f") if cell is not None else None
        if found is None or self.held is None:
            return None
        text = unescape(self.held.body[found.inner : found.close].decode())
        shared = found.attributes.get("si", "") if found.attributes.get("t") == "shared" else ""
        return text, shared

    def shares_formula(self, column: int) -> bool:
        """Whether other cells read their formula from this one's."""
        said = self.formula(column)
        return said is not None and bool(said[0] and said[1])

    def is_rich(self, column: int) -> bool:
        """Whether a cell holds more than a value: a data type, a picture."""
        cell = self.cells.get(column)
        return cell is not None and bool({"vm", "cm"} & cell.attributes.keys())

    def says_something(self, column: int) -> bool:
        """Whether a cell holds a value or a formula, or will."""
        cell = self.cells.get(column)
        there = cell is not None and any(c.name in ("v", "is", "f") for c in cell.children)
        return there or column in self.new

    def put(self, column: int, value: Value, otherwise: int) -> None:
        """Give a cell a value; one without a style of its own looks like `otherwise`."""
        primitive = values.primitive(value, date1904=self.dressing.date1904)
        kind, inner = values.content(primitive)
        style = self.style(column) or otherwise
        styles = self.dressing.styles
        if isinstance(value, date) and not isinstance(primitive, str):
            style = styles.dated(style, DATE_FORMAT)
        elif isinstance(primitive, (int, float)) and not isinstance(primitive, bool):
            style = styles.undated(style)
        self.new[column] = self._cell(column, style, kind, inner)

    def put_formula(self, column: int, formula: str, otherwise: int) -> None:
        """Give a cell a formula, its value left for the program that calculates it."""
        inner = f"<f>{values.escaped(formula)}</f>"
        self.new[column] = self._cell(column, self.style(column) or otherwise, "", inner)

    def dress(self, column: int, style: int) -> None:
        """Let a blank cell look like that, unless it has a look already."""
        if not self.style(column):
            self.new[column] = self._cell(column, style, "", "")

    def size_like(self, other: "Row") -> None:
        """Give a row that is not there yet the height and style of another."""
        if self.element is not None or other.element is None or other.held is None:
            return
        element = other.element
        tag = other.held.body[element.start : element.inner]
        end = len(tag) if element.empty else 0
        alone = replace(element, start=0, inner=len(tag), close=0, end=end)
        edits = [attribute(tag, alone, "r", str(self.number))]
        if element.on("hidden"):
            edits.append(attribute(tag, alone, "hidden", "0"))
        tag = b"".join(spliced(tag, edits))
        self.tag = tag.removesuffix(b">").removesuffix(b"/").rstrip() + b">"

    def size(self, height: float) -> None:
        """Give a row that is not there yet its height in points."""
        if self.element is None:
            tag = self.tag
            alone = Element("", "row", "", {}, 0, inner=len(tag))
            sizes = (("ht", f"{height:g}"), ("customHeight", "1"))
            edits = [attribute(tag, alone, name, said) for name, said in sizes]
            self.tag = b"".join(spliced(tag, edits))

    def show(self) -> None:
        """Show the row if it was hidden: what stands in it now shall be seen."""
        self.shown = self.element is not None and self.element.on("hidden")

    def xml(self) -> bytes:
        """The row as it will stand in the part."""
        if self.element is None or self.held is None:
            name = prefixed("</row>", self.dressing.prefix).encode()
            cells = "".join(self.new[column] for column in sorted(self.new))
            return self.tag + cells.encode() + name
        body, row = self.held.body, self.element
        whole = b"".join(spliced(body, self._edits(body, row)))
        return whole[row.start : len(whole) - (len(body) - row.end)]

    def _edits(self, body: bytes, row: Element) -> Iterator[Edit]:
        if self.shown:
            yield attribute(body, row, "hidden", "0")
        yield from self._spans(body, row)
        if row.empty:
            yield appended(row, "".join(self.new[at] for at in sorted(self.new)).encode())
            return
        for column, xml in sorted(self.new.items()):
            cell = self.cells.get(column)
            if cell is not None:
                yield Edit(cell.start, cell.end, [xml.encode()])
            else:
                before = [c.end for at, c in self.cells.items() if at < column]
                at = max(before, default=row.inner)
                yield Edit(at, at, [xml.encode()], column)

    def _spans(self, body: bytes, row: Element) -> Iterator[Edit]:
        """The row's own note of its first and last column, where it keeps one."""
        first, _, last = row.attributes.get("spans", "").partition(":")
        if not (first.isdecimal() and last.isdecimal()) or not self.new:
            return
        now = min(int(first), *self.new), max(int(last), *self.new)
        if now != (int(first), int(last)):
            yield attribute(body, row, "spans", f"{now[0]}:{now[1]}")

    def _cell(self, column: int, style: int, kind: str, inner: str) -> str:
        look = f' s="{style}"' if style else ""
        place = f'r="{column_letters(column)}{self.number}"'
        end = f">{inner}</c>" if inner else "/>"
        return prefixed(f"<c {place}{look}{kind}{end}", self.dressing.prefix)


def row_of(number: int, held: Piece, dressing: Dressing) -> Row:
    """A row that is there."""
    element = next(child for child in held.root.children if child.name == "row")
    cells: dict[int, Element] = {}
    column = 0
    for cell in element.all("c"):
        place = list(areas(cell.attributes.get("r", "")))
        column = place[0].first_column if place else column + 1
        cells[column] = cell
    return Row(number, dressing, held, element, cells)


def new_row(number: int, dressing: Dressing) -> Row:
    """A row that is not there yet, without cells."""
    return Row(number, dressing, tag=prefixed(f'<row r="{number}">', dressing.prefix).encode())
