"""Why a unit has the points that it has: its total, then every score with its arithmetic."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.app.rows import Row, rows_of
from xlplan.app.sentences import Sentence, Speaker
from xlplan.diagnostics import Cell
from xlplan.quantity import exact_decimal
from xlplan.sheets.scores import KINDS, STATES

if TYPE_CHECKING:
    import pandas as pd


def score_said(speaker: Speaker, unit: str, score: str = "") -> Iterator[Sentence]:
    """A unit's total and all that makes it up; of one score only, its own line."""
    figures = speaker.figures
    items = _of(figures.scores, unit)
    if score:
        items = items[items["score"] == score]
    else:
        for row in rows_of(_of(figures.score_totals, unit)):
            yield _total(speaker, row)
    for row in rows_of(items):
        yield _item(speaker, row, detail=not score)
    if not score:
        yield from decided(_of(figures.adjustments, unit), detail=True)


def measure_scored(speaker: Speaker, unit: str, score: str) -> str:
    """The measure that one of a unit's scores is of; "" where it is of none, or not known."""
    items = _of(speaker.figures.scores, unit)
    return next((str(row["measure"]) for row in rows_of(items[items["score"] == score])), "")


def decided(rows: "pd.DataFrame", *, detail: bool = False) -> Iterator[Sentence]:
    """Rows of 加减分, each with its grounds and its cell."""
    for row in rows_of(rows):
        yield _decision(row, detail=detail)


def _of(frame: "pd.DataFrame", unit: str) -> "pd.DataFrame":
    return frame[frame["unit"] == unit]


def _total(speaker: Speaker, row: Row) -> Sentence:
    unit, said = row["unit"], [_placed(row), _graded(speaker, row)]
    zh = "，".join([f"{unit} 考核得分：{row['because']}", *(zh for zh, _ in said if zh)])
    if row["state"] == "left-out":
        return Sentence(
            f"{unit} 考核得分：没有可计的分数，不排位次。", f"{unit}: scored by nothing."
        )
    en = ", ".join([f"{unit}: {_range_en(row)} in all", *(en for _, en in said if en)])
    return Sentence(f"{zh}。", f"{en} ({row['because']}).")


def _placed(row: Row) -> tuple[str, str]:
    """The place in the group, or the places that are possible."""
    group, best, worst = row["group"], row["best_rank"], row["worst_rank"]
    if best is None:
        return "不排位次", "not ranked"
    if best == worst:
        return f"在{group}中列第 {best} 位", f"ranked {best} in {group}"
    return (
        f"在{group}中列第 {best}～{worst} 位，待定",
        f"ranked {best} to {worst} in {group}, pending",
    )


def _graded(speaker: Speaker, row: Row) -> tuple[str, str]:
    """The grade with its clause."""
    grades = speaker.figures.policy.scoring.grades_of(str(row["group"]))
    if not row["graded"]:
        return "等次待定", "grade pending"
    grade = next((one for one in grades if one.name == row["grade"]), None)
    if grade is None:
        return "", ""
    cited = speaker.gist(grade.clause)
    return f"等次 {grade.name}，依据 {cited}", f"grade {grade.name} ({grade.clause})"


def _item(speaker: Speaker, row: Row, *, detail: bool) -> Sentence:
    """One score, bonus or gate, with its clause; the clause restated in the policy's words."""
    clause = speaker.gist(str(row["clause"]))
    kind, state = KINDS[str(row["kind"])], STATES[str(row["state"])]
    what = f"{kind} {row['measure']}".strip()
    zh = f"{what}（{row['score']}，{clause}）：{row['because']}；{state}。"
    said = [] if row["points"] is None else [_points_en(row["points"])]
    said += [] if row["state"] == "settled" else [str(row["state"])]
    cited = f"{row['kind']} {row['score']} ({row['clause']})"
    return Sentence(zh, f"{cited}: {', '.join([*said, str(row['because'])])}.", detail=detail)


def _decision(row: Row, *, detail: bool) -> Sentence:
    """One row of 加减分, with its grounds and its cell."""
    given = row["points"] is not None
    used, used_en = ("", "") if row["counts"] else ("，没有计入", ", not counted")
    place = Cell(str(row["sheet"]), int(str(row["row"])), int(str(row["column"])))
    grounds = "，".join(
        f"{name} {row[field] or '未写'}"
        for name, field in (("理由", "reason"), ("依据", "basis"), ("决定人", "decided_by"))
    )
    zh = f"加减分 {_points(row['points']) if given else row['word']}{used}：{grounds}（{place}）。"
    en = _points_en(row["points"]) if given else str(row["word"])
    return Sentence(zh, f"adjustment {en}{used_en}: {grounds} ({place}).", detail=detail)


def _points(value: object) -> str:
    return f"{exact_decimal(value, 4)}分" if isinstance(value, Fraction) else "待定"


def _points_en(value: object) -> str:
    """Points in English.

    >>> _points_en(Fraction(5, 2)), _points_en(None)
    ('2.5 points', 'no limit')
    """
    return f"{exact_decimal(value, 4)} points" if isinstance(value, Fraction) else "no limit"


def _range_en(row: Row) -> str:
    """A total, or the least and the most that it can be."""
    if row["total"] is not None:
        return _points_en(row["total"])
    return f"pending, {_points_en(row['least'])} to {_points_en(row['most'])}"
