"""A sheet described as data; renderers (a file's sheet part, a live sheet) perform it.

Rows and columns count from 1. A body of many rows is a `Block` of columns, never cell by cell.
Values are None, str, bool, int, float, Decimal, Fraction, date or datetime. A formula has no
leading "=", English function names and comma separators, and always travels with its cached value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Value = str | bool | int | float | Decimal | Fraction | date | None

Line = Literal["", "hair", "thin", "medium"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks; equal styles are one style in the file.

    `font` is an East Asian font's name, `size` in points, colours are RRGGBB or "".
    `number_format` is Excel's code; "@" keeps text that looks like a number as text.
    """

    font: str = "宋体"
    size: float = 11
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = ""
    fill: str = ""
    border: Line = ""
    border_color: str = ""
    horizontal: Literal["", "left", "center", "right"] = ""
    vertical: Literal["", "top", "center", "bottom"] = "center"
    wrap: bool = False
    indent: int = 0
    number_format: str = "General"
    unlocked: bool = False

    def but(self, **changes: object) -> "Style":
        """The same style with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # field names are checked at run time


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both corners included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class CellSpec:
    """One cell; `link` is an internal target such as `'项目台账'!N19`, a URL, or a file's place.

    A file's place is written `file:甲区/表.xlsx#'完成情况'!G7`, relative to the workbook.
    """

    row: int
    column: int
    value: Value = None
    style: Style = PLAIN
    formula: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class BlockColumn:
    """One column of a block.

    `formula` is a template in which "{r}" stands for the row's number; a row whose value is None
    has no formula either, so that a column may compute some rows and leave others blank. Within
    a literal of the template "{v}" stands for the row's value, a text: `HYPERLINK("#{v}","{v}")`.
    `styles`, when given, holds one style per row and wins over `style`; `links` likewise holds one
    link per row ("" = none). A `sparse` column has cells only where it has values: elsewhere not
    even a border, which in a long list saves more than it shows. `undated` says that no value is a
    date, so that none is looked for.
    """

    values: Sequence[Value]
    style: Style = PLAIN
    formula: str = ""
    styles: Sequence[Style] | None = None
    links: Sequence[str] | None = None
    sparse: bool = False
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Adjacent columns of equal length whose first cells stand in `row`, from `column` on."""

    row: int
    column: int
    columns: tuple[BlockColumn, ...]

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.columns[0].values) if self.columns else 0


@dataclass(frozen=True, slots=True)
class DropDown:
    """A closed list for an area: literal `options`, or `source`, a reference `单位!$A$4:$A$40`.

    `strict` refuses anything else; otherwise Excel only warns.
    """

    area: Area
    options: tuple[str, ...] = ()
    source: str = ""
    strict: bool = True
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class DataBar:
    """A bar in each cell as long as its value, from `low` to `high`."""

    area: Area
    color: str = "9DC3E6"
    low: float = 0
    high: float = 1


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: where `formula` (relative to the area's first cell) holds."""

    area: Area
    formula: str
    color: str = ""
    fill: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button that starts a macro of the workbook; it lies `left` and `top` points into a cell."""

    row: int
    column: int
    caption: str
    macro: str
    left: float = 0
    top: float = 0
    width: float = 44
    height: float = 22


@dataclass(frozen=True, slots=True)
class Print:
    """A4; as wide as one page; header rows repeat; page number in the footer."""

    landscape: bool = True
    title_rows: tuple[int, int] | None = None
    footer: str = "&C第 &P 页，共 &N 页"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet. `widths` in characters by column, `heights` in points by row.

    `freeze` is the first cell that scrolls, as (row, column). `buttons` and `code_name`, by which
    macros know the sheet, are for a new sheet: an existing one keeps its own. Of a `protected`
    sheet, which asks for no password, only unlocked cells can be written.
    """

    name: str
    cells: tuple[CellSpec, ...] = ()
    blocks: tuple[Block, ...] = ()
    merges: tuple[Area, ...] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    freeze: tuple[int, int] | None = None
    filter: Area | None = None
    drop_downs: tuple[DropDown, ...] = ()
    data_bars: tuple[DataBar, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    print: Print = field(default_factory=Print)
    tab_color: str = ""
    gridlines: bool = False
    zoom: int = 100
    buttons: tuple[Button, ...] = ()
    code_name: str = ""
    hidden: bool = False
    protected: bool = False
