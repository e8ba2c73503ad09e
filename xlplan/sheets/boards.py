"""红黑榜: each list with its rule, who is on it, who hangs on what is pending, who nearly is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.model import BOARD_SHEET, OPTIONAL_SHEETS, STANDING_SHEET
from xlplan.policy.notices import Board
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, CellSpec, Highlight, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.lines import AT, GAP, Line, Row, records, standing_lines
from xlplan.sheets.standings import LEFT_OUT, OPEN, UNKNOWN, open_values

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

WIDTHS = {
    "类别": 10,
    "责任单位": 16,
    "指标": 22,
    "结论": 8,
    "完成": 11,
    "完成率": 10,
    GAP: 11,
    "位次": 7,
    "说明": 46,
    "计量单位": 10,
}
HEADS = tuple(WIDTHS)
Key = tuple[str, str, str]
"""Group, unit and measure."""

STATE_NAMES: Mapping[str, str] = {"listed": "上榜", "pending": "待定", "near": "接近"}
SHOWN = ("完成", "完成率", GAP, "位次")
NOBODY = "本期没有单位列入"

_RED = Style(font="黑体", bold=True, border="thin", color="C00000", fill="FDE9E7")
_BLACK = Style(font="黑体", bold=True, border="thin", color="FFFFFF", fill="404040")


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of the sheet below its heads: a list's own row, an entry, or that there is none."""

    row: int
    board: Board
    entry: Row | None = None
    is_head: bool = False


def listed_unit(figures: "Figures", row: int) -> tuple[Board, Row | None] | None:
    """The list that a row of 红黑榜 is about, and its entry; None where the sheet has nothing."""
    found = (placed for placed in _placed(figures) if placed.row == row)
    return next(((one.board, one.entry) for one in found), None)


def entry_rows(figures: "Figures") -> list[tuple[int, Row]]:
    """Every entry of every list with its row on the sheet."""
    return [(placed.row, placed.entry) for placed in _placed(figures) if placed.entry is not None]


def _placed(figures: "Figures") -> Iterator[Placed]:
    """The rows in order."""
    entries, row = records(figures.boards), FIRST_ROW
    for board in figures.policy.boards:
        mine = [entry for entry in entries if entry["board"] == board.id]
        yield Placed(row, board, is_head=True)
        for down, entry in enumerate(mine or [None], 1):
            yield Placed(row + down, board, entry)
        row += 1 + max(len(mine), 1)


def board_sheet(figures: "Figures") -> Sheet:
    """红黑榜, described; the figures are those of 完成情况, referred to."""
    remark = f"{figures.policy.title}　期间：{figures.shown_period}　截止：{figures.shown_as_of}"
    cells, merges = layout.caption(OPTIONAL_SHEETS[BOARD_SHEET], remark, "", len(HEADS))
    cells += layout.head_cells(HEADS)
    lines = {(line.group, line.unit, line.measure.name): line for line in standing_lines(figures)}
    rows, still_open = list(_placed(figures)), open_values(figures)
    for placed in rows:
        if placed.entry is None:
            cells += _across(placed)
            merges.append(Area(placed.row, 1, placed.row, len(HEADS)))
        else:
            cells += _cells(figures, placed.row, placed.entry, lines, still_open)
    widths = {column: float(width) for column, width in enumerate(WIDTHS.values(), 1)}
    texts = [
        [placed.entry and placed.entry.get(name) for name in ("group", "unit", "measure")]
        + [None] * 5
        + [placed.entry and placed.entry["because"]]
        for placed in rows
    ]
    return Sheet(
        BOARD_SHEET,
        tuple(cells),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, texts, widths),
        freeze=(FIRST_ROW, 3),
        highlights=tuple(_highlights(FIRST_ROW + max(len(rows), 1) - 1)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _across(placed: Placed) -> Iterator[CellSpec]:
    """A row that says one thing over the whole width."""
    board = placed.board
    said, style = NOBODY, looks.CENTRED.but(color=looks.REPEATED)
    if placed.is_head:
        said = f"{board.name}：{board.text}（{board.clause}）"
        style = _RED if board.colour == "red" else _BLACK
    yield CellSpec(placed.row, 1, said, style)
    for column in range(2, len(HEADS) + 1):
        yield CellSpec(placed.row, column, None, style)


def _cells(
    figures: "Figures",
    row: int,
    entry: Row,
    lines: Mapping[Key, Line],
    still_open: frozenset[Key],
) -> Iterator[CellSpec]:
    """An entry; where one measure decides, its figures are those of its row in 完成情况."""
    key = str(entry["group"]), str(entry["unit"]), str(entry["measure"])
    line = lines.get(key)
    measure = line.measure if line else None
    texts: dict[str, Value] = {
        "类别": key[0],
        "责任单位": key[1],
        "指标": key[2],
        "结论": STATE_NAMES[str(entry["state"])],
        "说明": str(entry["because"]),
        "计量单位": measure.unit if measure else looks.NONE,
    }
    gap = entry["gap"]
    shown: dict[str, object] = {
        "完成": entry["value"],
        "完成率": entry["rate"],
        GAP: gap * 100 if isinstance(gap, Fraction) else None,
        "位次": entry["rank"],
    }
    unknown = looks.NONE if line is None else OPEN if key in still_open else UNKNOWN
    for column, head in enumerate(HEADS, 1):
        if head in texts:
            style = looks.TEXT if head == "说明" else looks.CENTRED
            yield CellSpec(row, column, texts[head], style)
            continue
        value, blank = shown[head], unknown if head == "完成" else looks.NONE
        if head == "位次" and line is not None:
            ranking = figures.policy.ranking_of(line.measure.name)
            blank = LEFT_OUT if key[1] in ranking.left_out else blank
        formula = f"{layout.quoted(STANDING_SHEET)}!{AT[head]}{line.row}" if line else ""
        known = value if isinstance(value, Fraction | int) else blank
        yield CellSpec(row, column, known, _style(figures, head, line), formula)


def _style(figures: "Figures", head: str, line: Line | None) -> Style:
    formats = {"完成率": looks.RATE, GAP: looks.POINTS}
    if head == "完成" and line is not None and line.measure.is_money:
        formats["完成"] = looks.money(figures.settings.places)
    elif head == "完成" and line is not None and line.measure.is_share:
        formats["完成"] = looks.SHARE
    return looks.CENTRED.but(number_format=formats.get(head, "General"), wrap=False)


def _highlights(last: int) -> Iterator[Highlight]:
    column = HEADS.index("结论") + 1
    area = Area(FIRST_ROW, column, last, column)
    cell = f"$D{FIRST_ROW}"
    yield Highlight(area, f'{cell}="{STATE_NAMES["pending"]}"', fill=looks.PENDING_FILL, bold=True)
    yield Highlight(area, f'{cell}="{STATE_NAMES["near"]}"', color=looks.REPEATED)
