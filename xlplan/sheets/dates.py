"""日程: when each round is due in the assessment year, which are past and which comes next."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from xlplan.model import CALENDAR_SHEET, OPTIONAL_SHEETS
from xlplan.sheets import layout, looks
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    Highlight,
    Print,
    Sheet,
)
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW, REMARK_ROW
from xlplan.sheets.lines import Row, records

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

WIDTHS = {"到期日": 14, "日程": 16, "起": 14, "止": 14, "事项": 44, "状态": 10, "条款": 18}
HEADS = tuple(WIDTHS)
STATE_NAMES = {"past": "已过", "next": "下一次", "ahead": "未到"}
AS_OF_CELL = f"$G${REMARK_ROW}"


def date_sheet(figures: "Figures") -> Sheet:
    """日程, described; the states follow the as-of date in the sheet's own cell."""
    rows = records(figures.dates)
    last = FIRST_ROW + max(len(rows), 1) - 1
    cells, merges = layout.caption(OPTIONAL_SHEETS[CALENDAR_SHEET], "", "", len(HEADS))
    cells = [cell for cell in cells if cell.row != REMARK_ROW]
    cells += [
        CellSpec(REMARK_ROW, 1, _coming(rows), looks.REMARK),
        CellSpec(REMARK_ROW, 6, "截止日期：", looks.UNIT_REMARK),
        CellSpec(REMARK_ROW, 7, figures.as_of, looks.REMARK.but(number_format="yyyy-mm-dd")),
        *layout.head_cells(HEADS),
    ]
    widths = {column: float(width) for column, width in enumerate(WIDTHS.values(), 1)}
    said = [_coming(rows)]
    heights = layout.row_heights(REMARK_ROW, [said], {1: sum(list(WIDTHS.values())[:5])})
    texts = [[None] * 4 + [row["what"], None, row["clause"]] for row in rows]
    return Sheet(
        CALENDAR_SHEET,
        tuple(cells),
        blocks=(_body(rows, last),),
        merges=(*merges[:1], Area(REMARK_ROW, 1, REMARK_ROW, 5)),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | heights | layout.row_heights(FIRST_ROW, texts, widths),
        freeze=(FIRST_ROW, 3),
        filter=Area(HEAD_ROW, 1, last, len(HEADS)),
        highlights=tuple(_highlights(last)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _coming(rows: list[Row]) -> str:
    """What comes next of each calendar, in a line."""
    coming = [f"{row['name']} {_day(row['due'])}" for row in rows if row["state"] == "next"]
    return f"下一次：{'；'.join(coming)}" if coming else "本考核年度的日程都已过"


def _day(value: object) -> date:
    assert isinstance(value, datetime), value  # noqa: S101 - a date of the frame
    return value.date()


def _body(rows: list[Row], last: int) -> Block:
    due, name = (layout.absolute(column, (FIRST_ROW, last)) for column in "AB")
    earlier = f'COUNTIFS({name},$B{{r}},{due},">"&{AS_OF_CELL},{due},"<"&$A{{r}})'
    state = (
        f'IF($A{{r}}<={AS_OF_CELL},"{STATE_NAMES["past"]}",'
        f'IF({earlier}=0,"{STATE_NAMES["next"]}","{STATE_NAMES["ahead"]}"))'
    )
    columns = (
        BlockColumn([_day(row["due"]) for row in rows], looks.DATE),
        BlockColumn([str(row["name"]) for row in rows], looks.CENTRED),
        BlockColumn([_day(row["starts"]) for row in rows], looks.DATE),
        BlockColumn([_day(row["ends"]) for row in rows], looks.DATE),
        BlockColumn([str(row["what"]) for row in rows], looks.TEXT),
        BlockColumn([STATE_NAMES[str(row["state"])] for row in rows], looks.CENTRED, state),
        BlockColumn([str(row["clause"]) for row in rows], looks.CENTRED),
    )
    return Block(FIRST_ROW, 1, columns)


def _highlights(last: int) -> Iterator[Highlight]:
    area, cell = Area(FIRST_ROW, 1, last, len(HEADS)), f"$F{FIRST_ROW}"
    yield Highlight(area, f'{cell}="{STATE_NAMES["past"]}"', color=looks.REPEATED)
    yield Highlight(area, f'{cell}="{STATE_NAMES["next"]}"', fill=looks.PENDING_FILL, bold=True)
