"""变更记录 and 核对记录: lists in the ledger's own workbook that only ever grow."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlplan.sheets import layout, looks
from xlplan.sheets.description import Area, Block, BlockColumn, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.listing import Row

_STYLE = looks.TEXT.but(number_format="@")


@dataclass(frozen=True, slots=True)
class Log:
    """Such a list: its sheet, what stands above it, its heads and their widths."""

    name: str
    title: str
    remark: str
    heads: Sequence[str]
    widths: Sequence[float]


CHANGE_LOG_HEADS = (
    *("时间", "操作人", "动作", "项目编号", "项目名称", "字段", "原值", "新值"),
    *("台账单元格", "报送单位", "报送文件", "报送单元格", "核对编号"),
)


def log_sheet(log: Log, rows: Sequence[Row]) -> Sheet:
    """The sheet with its first rows; later ones are added below, these never change."""
    cells, merges = layout.caption(log.title, log.remark, "", len(log.heads))
    cells += layout.head_cells(log.heads)
    widths = dict(enumerate(log.widths, start=1))
    columns = tuple(BlockColumn(list(column), _style(column)) for column in zip(*rows, strict=True))
    return Sheet(
        log.name,
        tuple(cells),
        blocks=(Block(FIRST_ROW, 1, columns),) if rows else (),
        merges=tuple(merges),
        widths=widths,
        heights=layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, rows, widths),
        freeze=(FIRST_ROW, 1),
        filter=Area(HEAD_ROW, 1, HEAD_ROW + max(len(rows), 1), len(log.heads)),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.FINDING_TAB,
    )


def _style(column: Sequence[Value]) -> Style:
    """Texts stay texts, also those that look like numbers."""
    texts = all(isinstance(value, str) or value is None for value in column)
    return _STYLE if texts else looks.DATE
