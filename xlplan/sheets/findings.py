"""诊断: what is wrong, where, and what to do; errors first."""

from collections.abc import Iterable, Sequence
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
PLACE_COLUMN = 3

NAMES = {severity: severity.zh for severity in Severity}
FILLS = {Severity.ERROR: "F8CBAD", Severity.WARNING: "FFE699", Severity.NOTE: "DDEBF7"}
WORST_FIRST = tuple(NAMES)

NOTHING = "未发现问题"


def in_order(figures: "Figures") -> list[Diagnostic]:
    """The findings as the sheet lists them: the worst first, else as they were found."""
    return worst_first(figures.diagnostics)


def worst_first(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Findings in the order of a list."""
    return sorted(found, key=lambda one: WORST_FIRST.index(one.severity))


def finding_at(figures: "Figures", row: int) -> Diagnostic | None:
    """The finding in a row of the sheet."""
    found = in_order(figures)
    return found[row - FIRST_ROW] if FIRST_ROW <= row < FIRST_ROW + len(found) else None


def finding_sheet(figures: "Figures") -> Sheet:
    """诊断, described; an empty list says so."""
    found = in_order(figures)
    remark = f"截止：{figures.shown_as_of}　{summary(found)}"
    return listed_sheet(found, remark, _links(figures, found))


def listed_sheet(
    found: Sequence[Diagnostic], remark: str, links: Sequence[str], place_width: float = WIDTHS[2]
) -> Sheet:
    """Findings as a sheet, each with the link of its place ("" = none)."""
    cells, merges = layout.caption("诊断", remark, "", len(HEADS))
    cells += layout.head_cells(HEADS)
    if not found:
        cells += [CellSpec(FIRST_ROW, column, None, looks.TEXT) for column in range(1, 6)]
        cells[-2] = CellSpec(FIRST_ROW, 4, NOTHING, looks.CENTRED.but(color=looks.GOOD))
    last = FIRST_ROW + max(len(found), 1) - 1
    return Sheet(
        DIAGNOSTIC_SHEET,
        tuple(cells),
        blocks=(_block(found, links),) if found else (),
        merges=tuple(merges),
        widths={column: float(width) for column, width in enumerate(WIDTHS, start=1)}
        | {PLACE_COLUMN: place_width},
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


def summary(found: Sequence[Diagnostic]) -> str:
    """How many there are of each severity."""
    return "，".join(
        f"{name} {sum(one.severity is severity for one in found)} 条"
        for severity, name in NAMES.items()
    )


def _block(found: Sequence[Diagnostic], links: Sequence[str]) -> Block:
    styles = {severity: looks.CENTRED.but(fill=fill) for severity, fill in FILLS.items()}
    places = [str(one.place) for one in found]
    linked: list[Style] = [looks.LINK if link else looks.CENTRED for link in links]
    columns = (
        BlockColumn(
            [NAMES[one.severity] for one in found], styles=[styles[one.severity] for one in found]
        ),
        BlockColumn([one.code for one in found], looks.CENTRED),
        BlockColumn(places, styles=linked, links=links if any(links) else None),
        BlockColumn([one.message() for one in found], looks.TEXT),
        BlockColumn([one.hint() for one in found], looks.TEXT),
    )
    return Block(FIRST_ROW, 1, columns)


def _links(figures: "Figures", found: Sequence[Diagnostic]) -> list[str]:
    """The places as link targets, where they are cells of the book that was read."""
    return [
        layout.target_of(one.place)
        if figures.beside and isinstance(one.place, Cell) and at < LINK_LIMIT
        else ""
        for at, one in enumerate(found)
    ]
