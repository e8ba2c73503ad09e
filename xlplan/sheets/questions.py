"""疑似匹配: submitted projects that may be one of the ledger's, for somebody to say."""

from collections.abc import Mapping, Sequence

from xlplan.diagnostics import Cell
from xlplan.model import in_yi
from xlplan.reconciling import Candidate, Entry, Match
from xlplan.reconciling.decisions import (
    NUMBER_HEAD,
    QUESTION_SHEET,
    VERDICT_HEAD,
    VERDICTS,
    Question,
)
from xlplan.sheets import looks
from xlplan.sheets.description import Sheet, Value
from xlplan.sheets.report_lists import AMOUNT, CENTRED, FILLED_IN, Column, linked, listed

Asked = tuple[Question, Match, Candidate]
"""A question, the submitted project, and one that it may be."""


def question_sheet(rows: Sequence[Asked], paths: Mapping[str, str]) -> Sheet:
    """The sheet: both projects side by side, what speaks for and against, and the answer."""
    told = [match.entry for _, match, _ in rows]
    known = [candidate.entry for _, _, candidate in rows]
    columns = (
        Column(NUMBER_HEAD, 8, [question.number for question, _, _ in rows], CENTRED),
        Column("报送单位", 16, [question.unit for question, _, _ in rows], CENTRED),
        Column("报送的项目", 28, [entry.name for entry in told]),
        Column("台账的项目", 28, [f"{entry.project} {entry.name}".strip() for entry in known]),
        Column(VERDICT_HEAD, 14, [None] * len(rows), FILLED_IN, options=VERDICTS),
        Column("为什么像", 46, [candidate.because for _, _, candidate in rows]),
        Column("报送的投资主体", 24, [entry.investor for entry in told]),
        Column("台账的投资主体", 24, [entry.investor for entry in known]),
        _invested("报送投资额(亿元)", told),
        _invested("台账投资额(亿元)", known),
        Column("报送签约日期", 13, [entry.signed for entry in told], looks.DATE),
        Column("台账签约日期", 13, [entry.signed for entry in known], looks.DATE),
        linked("报送位置", 30, [(one.file, one.cell("name")) for one in told], paths),
        linked("台账位置", 24, [(one.file, _named(one)) for one in known], paths),
    )
    remark = (
        "逐行判断“同一项目”或“不是同一项目”，再运行 xlplan reconcile --apply；"
        "判断过的下次不再问。没有判断的不会合并，也不会新增。"
        if rows
        else "没有疑似匹配"
    )
    return listed(QUESTION_SHEET, remark, columns, looks.FINDING_TAB, frozen=4)


def _invested(head: str, entries: Sequence[Entry]) -> Column:
    values: list[Value] = [
        None if one.investment is None else in_yi(one.investment) for one in entries
    ]
    return Column(head, 13, values, AMOUNT)


def _named(entry: Entry) -> Cell:
    return entry.cell("project" if "project" in entry.columns else "name")
