"""Why a unit has the points that it has: its total, then every score with its arithmetic."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.app.rows import Row, rows_of
from xlplan.app.sentences import Sentence
from xlplan.quantity import exact_decimal
from xlplan.sheets.scores import KINDS, STATES

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures


def score_said(figures: "Figures", unit: str, score: str = "") -> Iterator[Sentence]:
    """A unit's total and all that makes it up; of one score only, its own line."""
    if not score:
        totals = figures.score_totals
        for row in rows_of(totals[totals["unit"] == unit]):
            yield _total(row)
    items = figures.scores[figures.scores["unit"] == unit]
    for row in rows_of(items[items["score"] == score] if score else items):
        yield _item(figures, row)
    if not score:
        decisions = figures.adjustments
        for row in rows_of(decisions[decisions["unit"] == unit]):
            yield _decision(row)


def _total(row: Row) -> Sentence:
    grade = f"，{row['grade']}" if row["grade"] else ""
    place = f"，在{row['group']}中列第 {row['rank']} 位" if row["rank"] is not None else ""
    zh = f"{row['unit']} 考核得分：{row['because']}{place}{grade}。"
    total = _points(row["total"])
    return Sentence(zh, f"{row['unit']}: {total} points in all ({row['because']}).")


def _item(figures: "Figures", row: Row) -> Sentence:
    """One score, bonus or gate, with its clause; the clause restated in the policy's words."""
    gist = figures.policy.clauses.get(str(row["clause"]), "")
    kind, state = KINDS[str(row["kind"])], STATES[str(row["state"])]
    what = f"{kind} {row['measure'] or row['score']}（{row['score']}，{row['clause']}：{gist}）"
    zh = f"{what}：{row['because']}；{state}。"
    en = (
        f"{row['kind']} {row['score']} ({row['clause']}): {_points(row['points'])}, {row['state']}."
    )
    return Sentence(zh, en, detail=True)


def _decision(row: Row) -> Sentence:
    """One row of 加减分, with its grounds and its cell."""
    points = _points(row["points"]) if row["points"] is not None else str(row["word"])
    used = "" if row["counts"] else "，没有计入"
    place = f"{row['sheet']}!{row['row']}:{row['row']}"
    grounds = "，".join(
        f"{name} {row[field] or '未写'}"
        for name, field in (("理由", "reason"), ("依据", "basis"), ("决定人", "decided_by"))
    )
    zh = f"加减分 {points}{used}：{grounds}（{place}）。"
    return Sentence(zh, f"adjustment {points} at {place}.", detail=True)


def _points(value: object) -> str:
    return f"{exact_decimal(value, 4)}分" if isinstance(value, Fraction) else "待定"
