"""Why a figure is what it is: what was asked for → the rows that answer it, as sentences."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from xlplan.app.publicity import coming, entry, listing
from xlplan.app.reading_story import fed_by, readings_said
from xlplan.app.rows import rows_of
from xlplan.app.score_story import decided, measure_scored, score_said
from xlplan.app.sentences import Explanation, Sentence, Speaker
from xlplan.app.task_story import task_said
from xlplan.diagnostics import Cell, RequestError
from xlplan.model import (
    BOARD_SHEET,
    CALENDAR_SHEET,
    CREDIT_SHEET,
    DIAGNOSTIC_SHEET,
    READING_SHEET,
    SCORE_SHEET,
    STANDING_SHEET,
    TIER_SHEET,
)
from xlplan.sheets import results
from xlplan.sheets.duties import BUILDERS

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.sheets.figures import Figures

Way = Callable[[Speaker, Cell], Iterator[Sentence]]
"""How the cells of a sheet are explained."""

__all__ = ["Explanation", "Sentence", "explain", "explain_standing"]


SCORE_NAMES = ("考核得分", "总分", "得分")
"""What a clerk may call a unit's total score."""


def explain(figures: "Figures", what: str) -> Explanation:
    """Explain a cell (`完成情况!D7`), a project id, a task id, or `单位/指标`, or `单位/总分`.

    A cell may be one of a result sheet, of the ledger, the receipts or the target tables; the
    name of a red or black list, and `单位/规则` of a score, are explained too.

    Raises:
        RequestError: XP013 when there is nothing of that name.
    """
    speaker = Speaker(figures)
    asked = what.strip().replace("！", "!").replace("／", "/")
    project = {known.casefold(): known for known in speaker.tiers}.get(asked.casefold())
    if project is not None:
        return Explanation(tuple(speaker.project(project)))
    if asked.casefold() in {str(task).casefold() for task in figures.tasks["task"]}:
        return Explanation(tuple(task_said(figures, asked)))
    sheet, _, address = asked.rpartition("!")
    cell = Cell.parse(sheet.strip("'") or STANDING_SHEET, address)
    if cell:
        said = tuple(_cell(speaker, cell))
    else:
        said = tuple(_board(speaker, asked) or _in_measure(speaker, asked))
    if not said:
        raise RequestError("XP013", what=what)
    return Explanation(said)


def explain_standing(figures: "Figures", unit: str, measure: str) -> Explanation:
    """Explain where a unit stands in a measure; the unit may be given by an alias.

    Raises:
        RequestError: XP013 when the unit has no such figure.
    """
    return explain(figures, f"{unit}/{measure}")


def _in_measure(speaker: Speaker, asked: str) -> list[Sentence]:
    """What is said of `单位/指标`, of `单位/总分`, or of `单位/规则` of a score."""
    unit, measure = _pair(asked)
    if measure in SCORE_NAMES:
        return list(score_said(speaker, speaker.official(unit)))
    return list(_standing(speaker, unit, measure)) or list(
        _score(speaker, speaker.official(unit), measure)
    )


def _score(speaker: Speaker, unit: str, score: str) -> Iterator[Sentence]:
    """One score, bonus or gate of a unit, then the figure that it is of."""
    yield from score_said(speaker, unit, score)
    measure = measure_scored(speaker, unit, score)
    yield from _standing(speaker, unit, measure) if measure else ()


def _pair(asked: str) -> tuple[str, str]:
    unit, _, measure = asked.partition("/")
    return unit.strip(), measure.strip()


def _standing(speaker: Speaker, unit: str, measure: str, group: str = "") -> Iterator[Sentence]:
    """Where a unit or total stands in a measure, and how it came about."""
    yield from speaker.standing(unit, measure, group)
    yield from readings_said(speaker, unit, measure, group)


def _cell(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """Explain a cell of a result sheet, or a source cell; a clerk's own sheet holds sources."""
    ways: dict[str, Way] = {
        CREDIT_SHEET: _credited,
        DIAGNOSTIC_SHEET: _finding,
        SCORE_SHEET: _scored,
        READING_SHEET: _reading,
        **dict.fromkeys((STANDING_SHEET, TIER_SHEET), _result),
        **dict.fromkeys((BOARD_SHEET, CALENDAR_SHEET), _publicity),
        **dict.fromkeys(BUILDERS, _tasks),
    }
    is_theirs = cell.sheet in speaker.figures.theirs
    yield from (_source if is_theirs else ways.get(cell.sheet, _source))(speaker, cell)


def _credited(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """A row of 计入明细."""
    at = cell.row - results.FIRST_CREDIT_ROW
    yield from speaker.credits(speaker.figures.credits.iloc[max(at, 0) : at + 1])


def _finding(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """A row of 诊断."""
    found = results.finding_at(speaker.figures, cell.row)
    if found is not None:
        yield speaker.finding(found)


def _scored(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """A row of 考核得分: a total, one score with the figure that it is of, or a decision."""
    found = results.scored_at(speaker.figures, cell)
    if found is not None:
        unit, score = found
        yield from _score(speaker, unit, score) if score else score_said(speaker, unit)
    yield from decided(results.decision_at(speaker.figures, cell))


def _reading(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """A value of 指标明细, or a project of the list below the values."""
    key = results.reading_cells(speaker.figures).get((cell.row, cell.column))
    if key is not None:
        group, unit, measure = key
        yield from _standing(speaker, unit, measure, group)


def _tasks(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """The tasks that a row of a list is about."""
    for task in results.tasks_at(speaker.figures, cell):
        yield from task_said(speaker.figures, task)


def _board(speaker: Speaker, name: str) -> list[Sentence]:
    """The list of that name with everybody on it; nothing when there is none."""
    figures = speaker.figures
    board = next((one for one in figures.policy.boards if name in (one.id, one.name)), None)
    if board is None:
        return []
    rows = rows_of(figures.boards[figures.boards["board"] == board.id])
    return [listing(board, speaker), *(entry(row) for row in rows)]


def _publicity(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """A row of 红黑榜: the rule, the unit's entry, its figure; or one of 日程."""
    figures = speaker.figures
    if cell.sheet == CALENDAR_SHEET:
        at = cell.row - results.FIRST_DATE_ROW
        for row in rows_of(figures.dates.iloc[at : at + 1]) if at >= 0 else ():
            yield coming(row)
        return
    found = results.listed_unit(figures, cell.row)
    if found is None:
        return
    board, listed = found
    yield listing(board, speaker)
    if listed is not None:
        yield entry(listed)
        for measure in str(listed["measure"]).split("、"):
            yield from _standing(speaker, str(listed["unit"]), measure, str(listed["group"]))


def _result(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """A figure of 完成情况 or 档次统计, or a project of the latter's list."""
    key = results.standing_cells(speaker.figures, cell.sheet).get((cell.row, cell.column))
    project = results.listed_project(speaker.figures, cell.row)
    if key is None:
        if cell.sheet == TIER_SHEET and project is not None:
            yield from speaker.project(project)
    elif key.column == results.TIER_COUNT:
        yield from speaker.tier_count(key.unit, key.measure)
    else:
        yield from _standing(speaker, key.unit, key.measure, key.group)


def _source(speaker: Speaker, cell: Cell) -> Iterator[Sentence]:
    """The project or receipt that stands in a row, or the target in a cell."""
    ledger, lines = speaker.figures.ledger, speaker.figures.credits
    for row in rows_of(_at(ledger.projects, cell)):
        yield from speaker.project(str(row["project"]))
    targets = _at(ledger.targets, cell)
    for row in rows_of(targets[targets["column"] == cell.column]):
        yield from _standing(speaker, str(row["unit"]), str(row["measure"]), str(row["group"]))
    for row in rows_of(_at(ledger.reported, cell)):
        for measure in fed_by(speaker.figures.policy, str(row["measure"])):
            yield from _standing(speaker, str(row["unit"]), measure, str(row["group"]))
    yield from decided(_at(speaker.figures.adjustments, cell))
    for row in rows_of(_at(ledger.receipts, cell)):
        mine = lines[(lines["sheet"] == cell.sheet) & (lines["row"] == cell.row)]
        yield from speaker.credits(mine) if len(mine) else speaker.receipt(row)


def _at(frame: "pd.DataFrame", cell: Cell) -> "pd.DataFrame":
    return frame[(frame["sheet"] == cell.sheet) & (frame["row"] == cell.row)]
