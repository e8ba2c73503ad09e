"""诊断: what is wrong, where, and what to do; errors first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostic, Severity
from xlplan.model import DIAGNOSTIC_SHEET
from xlplan.sheets import layout, looks
from xlplan.sheets.credit_rows import LINK_LIMIT
from xlplan.sheets.description import Area, Block, BlockColumn, CellSpec, Print, Sheet, Style
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

HEADS = ("级别", "代码", "位置", "问题", "怎么改")
WIDTHS = (9, 10, 20, 62, 58)

NAMES = {severity: severity.zh for severity in Severity}
FILLS = {Severity.ERROR: "F8CBAD", Severity.WARNING: "FFE699", Severity.NOTE: "DDEBF7"}
WORST_FIRST = tuple(NAMES)

NOTHING = "未发现问题"


def in_order(figures: "Figures") -> list[Diagnostic]:
    """The findings as the sheet lists them: the worst first, else as they were found."""
    return sorted(figures.diagnostics, key=lambda one: WORST_FIRST.index(one.severity))


def finding_at(figures: "Figures", row: int) -> Diagnostic | None:
    """The finding in a row of the sheet."""
    found = in_order(figures)
    return found[row - FIRST_ROW] if FIRST_ROW <= row < FIRST_ROW + len(found) else None


def finding_sheet(figures: "Figures") -> Sheet:
    """诊断, described; an empty list says so."""
    found = in_order(figures)
    cells, merges = layout.caption("诊断", _summary(figures, found), "", len(HEADS))
    cells += layout.head_cells(HEADS)
    if not found:
        cells += [CellSpec(FIRST_ROW, column, None, looks.TEXT) for column in range(1, 6)]
        cells[-2] = CellSpec(FIRST_ROW, 4, NOTHING, looks.CENTRED.but(color=looks.GOOD))
    last = FIRST_ROW + max(len(found), 1) - 1
    return Sheet(
        DIAGNOSTIC_SHEET,
        tuple(cells),
        blocks=(_block(figures, found),) if found else (),
        merges=tuple(merges),
        widths={column: float(width) for column, width in enumerate(WIDTHS, start=1)},
        heights=layout.CAPTION_HEIGHTS | _heights(found),
        freeze=(FIRST_ROW, 1),
        filter=Area(HEAD_ROW, 1, last, len(HEADS)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.FINDING_TAB,
    )


def _heights(found: Sequence[Diagnostic]) -> dict[int, float]:
    rows = [
        ("", "", str(one.place), one.message(), one.hint()) for one in found[: layout.HEIGHTS_LIMIT]
    ]
    return layout.row_heights(FIRST_ROW, rows or [()], dict(enumerate(WIDTHS, start=1)))


def _summary(figures: "Figures", found: Sequence[Diagnostic]) -> str:
    """How many of each severity, and up to which day."""
    numbers = "，".join(
        f"{name} {sum(one.severity is severity for one in found)} 条"
        for severity, name in NAMES.items()
    )
    return f"截止：{figures.shown_as_of}　{numbers}"


def _block(figures: "Figures", found: Sequence[Diagnostic]) -> Block:
    styles = {severity: looks.CENTRED.but(fill=fill) for severity, fill in FILLS.items()}
    places = [str(one.place) for one in found]
    columns = (
        BlockColumn(
            [NAMES[one.severity] for one in found], styles=[styles[one.severity] for one in found]
        ),
        BlockColumn([one.code for one in found], looks.CENTRED),
        _linked(figures, found, places),
        BlockColumn([one.message() for one in found], looks.TEXT),
        BlockColumn([one.hint() for one in found], looks.TEXT),
    )
    return Block(FIRST_ROW, 1, columns)


def _linked(figures: "Figures", found: Sequence[Diagnostic], places: Sequence[str]) -> BlockColumn:
    """The places, as links where they are cells of the book that was read."""
    plain = looks.CENTRED
    if not figures.beside:
        return BlockColumn(places, plain)
    links = [
        layout.target_of(one.place) if isinstance(one.place, Cell) and at < LINK_LIMIT else ""
        for at, one in enumerate(found)
    ]
    styles: list[Style] = [looks.LINK if link else plain for link in links]
    return BlockColumn(places, styles=styles, links=links)
