"""A sheet of records that a clerk fills in: head row, prepared rows, drop-downs."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlplan import model
from xlplan.model import Head
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, Block, BlockColumn, DropDown, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW

Row = Sequence[Value]

LAST_PREPARED = 5000
"""Drop-downs reach to this row; a ledger of one area and year is shorter."""

BLANK_ROWS = 200
"""Rows that stand ready, formatted, under what is already filled in."""

LITERAL_LIMIT = 255
"""Excel's limit for a list written into a drop-down itself, separators included."""


CODES = frozenset({"project", "credit_code", "period", "task"})
PROSE = frozenset({"name", "investor", "cooperating", "remark", "aliases"})


@dataclass(frozen=True, slots=True)
class Listing:
    """A sheet of records: head row, rows as filled in, formatted blank rows, drop-downs."""

    name: str
    title: str
    remark: str
    heads: Sequence[Head]
    widths: Sequence[float]
    rows: Sequence[Row] = ()
    unit: str = ""
    drop_downs: tuple[DropDown, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.heads)

    def sheet(self) -> Sheet:
        """The sheet: title, remark, head in row 3, frozen and filtered, printed on A4 landscape."""
        cells, merges = layout.caption(self.title, self.remark, self.unit, self.width)
        cells += layout.head_cells([printed(head) for head in self.heads])
        last = FIRST_ROW + len(self.rows) + BLANK_ROWS - 1
        return Sheet(
            self.name,
            tuple(cells),
            blocks=(self._body(),),
            merges=tuple(merges),
            widths=dict(enumerate(self.widths, start=1)),
            heights=layout.CAPTION_HEIGHTS | self._heights(),
            freeze=(FIRST_ROW, min(3, self.width)),
            filter=Area(HEAD_ROW, 1, last, self.width),
            drop_downs=self.drop_downs,
            print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
            tab_color=looks.INPUT_TAB,
        )

    def _heights(self) -> dict[int, float]:
        blank: list[Row] = [()] * BLANK_ROWS
        widths = dict(enumerate(self.widths, start=1))
        return layout.row_heights(FIRST_ROW, [*self.rows, *blank], widths)

    def _body(self) -> Block:
        blank: Row = (None,) * self.width
        rows = [*self.rows, *(blank for _ in range(BLANK_ROWS))]
        columns = (
            BlockColumn([row[across] for row in rows], style_of(head))
            for across, head in enumerate(self.heads)
        )
        return Block(FIRST_ROW, 1, tuple(columns))


def printed(head: Head) -> str:
    """A head as printed: money columns say their unit.

    >>> printed(Head("investment", "投资额", "money"))
    '投资额(亿元)'
    """
    return f"{head.head}(亿元)" if head.holds == "money" else head.head


def style_of(head: Head) -> Style:
    """How the cells under a head look; codes stay text even when they look like numbers."""
    if head.holds == "money":
        return looks.NUMBER.but(number_format=looks.EXACT)
    if head.holds == "date":
        return looks.DATE
    if head.field in CODES:
        return looks.CODE
    return looks.TEXT if head.field in PROSE else looks.CENTRED


def under(heads: Sequence[Head], name: str) -> Area:
    """The prepared cells under the head of a field."""
    column = next(at for at, head in enumerate(heads, start=1) if head.field == name)
    return Area(FIRST_ROW, column, LAST_PREPARED, column)


def choose(area: Area, name: str, options: Sequence[str], *, strict: bool = True) -> DropDown:
    """A drop-down of a closed list; a list too long for Excel is kept in the sheet 设置."""
    if is_literal(options):
        return DropDown(area, options=tuple(options), strict=strict)
    return DropDown(area, source=f"{layout.quoted(model.SETTING_SHEET)}!{name}", strict=strict)


def is_literal(options: Sequence[str]) -> bool:
    """Whether a list fits into a drop-down itself: short enough, no comma inside a choice.

    >>> is_literal(["市外", "区内"]), is_literal(["一,二"])
    (True, False)
    """
    return len(",".join(options)) <= LITERAL_LIMIT and not any("," in said for said in options)
