"""The lists of a reconciliation's report: heads, cells, and places that open their file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from xlplan.diagnostics import Cell
from xlplan.sheets import layout, looks
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    DropDown,
    Print,
    Sheet,
    Style,
    Value,
)
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW

TEXT = looks.TEXT.but(number_format="@")
CENTRED = looks.CENTRED.but(number_format="@")
AMOUNT = looks.NUMBER.but(number_format=looks.EXACT)
FILLED_IN = CENTRED.but(fill="FFF2CC")

_LINK = looks.LINK.but(horizontal="left", wrap=True)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: its head, width and cells; `options` makes it one to choose from."""

    head: str
    width: float
    values: Sequence[Value]
    style: Style = TEXT
    styles: Sequence[Style] | None = None
    links: Sequence[str] | None = None
    options: tuple[str, ...] = ()


Place = tuple[str, Cell | None] | None
"""A cell of a file, or the file as a whole; the file "" is the ledger; None = nowhere."""


def linked(head: str, width: float, places: Sequence[Place], paths: Mapping[str, str]) -> Column:
    """Files, or cells in them, as links that open them; what has no path is only named."""
    told = [place and _told(*place, paths.get(place[0], "")) for place in places]
    links = [_link(place[1], paths.get(place[0], "")) if place else "" for place in places]
    return Column(head, width, told, _LINK, links=links)


def _told(file: str, cell: Cell | None, path: str) -> str:
    """A place as a clerk reads it: the file without its folders, and the cell in it.

    >>> _told("a.xlsx", Cell("项目台账", 5, 4), "报送/a.xlsx")
    'a.xlsx 项目台账!D5'
    """
    at = f" {_reference(cell)}" if cell and cell.sheet else ""
    return f"{PurePosixPath(path).name or file}{at}"


def _link(cell: Cell | None, path: str) -> str:
    """The same as a link beside the report; "" without a path.

    >>> _link(Cell("项目台账", 5, 4), "报送/a.xlsx")
    "file:%E6%8A%A5%E9%80%81/a.xlsx#'项目台账'!D5"
    """
    at = f"#{layout.quoted(cell.sheet)}!{cell.address or 'A1'}" if cell and cell.sheet else ""
    return f"file:{quote(path)}{at}" if path else ""


def _reference(cell: Cell) -> str:
    """A cell as a reference, its sheet quoted where it must be."""
    sheet = cell.sheet if cell.sheet.isidentifier() else layout.quoted(cell.sheet)
    return f"{sheet}!{cell.address or 'A1'}"


def listed(name: str, remark: str, columns: Sequence[Column], tab: str, frozen: int = 2) -> Sheet:
    """A sheet of one list: title, remark, heads in row 3, filtered, `frozen` the first that moves.

    Its rows take the height of their texts, and those to choose from have their drop-downs.
    """
    cells, merges = layout.caption(name, remark, "", len(columns))
    cells += layout.head_cells([column.head for column in columns])
    count = len(columns[0].values)
    widths = {at: float(column.width) for at, column in enumerate(columns, start=1)}
    body = tuple(
        BlockColumn(one.values, one.style, styles=one.styles, links=one.links) for one in columns
    )
    shown = list(zip(*(column.values for column in columns), strict=True))
    last = HEAD_ROW + max(count, 1)
    return Sheet(
        name,
        tuple(cells),
        blocks=(Block(FIRST_ROW, 1, body),) if count else (),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, shown or [()], widths),
        freeze=(FIRST_ROW, frozen),
        filter=Area(HEAD_ROW, 1, last, len(columns)),
        drop_downs=tuple(
            DropDown(Area(FIRST_ROW, at, last, at), options=column.options)
            for at, column in enumerate(columns, start=1)
            if column.options
        ),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=tab,
    )
