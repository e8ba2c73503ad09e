"""核对底稿: the hidden sheet of a report, which says what adopting each of its rows writes."""

from collections.abc import Sequence

from xlplan.reconciling.decisions import (
    DRAFT_SHEET,
    DRAFT_TITLE,
    FACT_HEADS,
    FAULT_HEADS,
    FAULTS_TITLE,
    QUESTION_HEADS,
    QUESTIONS_TITLE,
    WRITE_HEADS,
    WRITES_TITLE,
    Draft,
    fault_row,
    question_row,
    write_row,
)
from xlplan.sheets import layout, looks
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Sheet

_FACTS = 2
_TEXT = looks.TEXT.but(number_format="@", wrap=False)


def draft_sheet(draft: Draft) -> Sheet:
    """The sheet; everything in it is text, so that nothing is rounded on the way."""
    cells = [CellSpec(1, 1, DRAFT_TITLE, looks.REMARK.but(wrap=False))]
    known = (draft.book, draft.digest, draft.made, draft.policy, draft.period)
    facts = zip(FACT_HEADS, known, strict=True)
    for row, (head, said) in enumerate(facts, start=_FACTS):
        cells += [CellSpec(row, 1, head, looks.HEAD), CellSpec(row, 2, said, _TEXT)]
    row, blocks = _FACTS + len(FACT_HEADS) + 1, list[Block]()
    for title, heads, rows in (
        (WRITES_TITLE, WRITE_HEADS, [write_row(one) for one in draft.writes]),
        (QUESTIONS_TITLE, QUESTION_HEADS, [question_row(one) for one in draft.questions]),
        (FAULTS_TITLE, FAULT_HEADS, [fault_row(one) for one in draft.faults]),
    ):
        cells.append(CellSpec(row, 1, title, looks.REMARK.but(wrap=False)))
        cells += layout.head_cells(heads, row + 1)
        blocks += [_block(row + 2, rows)] if rows else []
        row += len(rows) + 3
    return Sheet(
        DRAFT_SHEET, tuple(cells), blocks=tuple(blocks), widths={1: 14.0, 2: 20.0}, hidden=True
    )


def _block(row: int, rows: Sequence[Sequence[str]]) -> Block:
    columns = tuple(BlockColumn(list(column), _TEXT) for column in zip(*rows, strict=True))
    return Block(row, 1, columns)
