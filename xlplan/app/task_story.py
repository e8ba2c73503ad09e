"""Why somebody is responsible for a task, and how far it is: rows of the frames as sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlplan.app.rows import Row, rows_of
from xlplan.app.sentences import Sentence
from xlplan.diagnostics import Cell
from xlplan.sheets.duties import VERDICTS

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

_MENTIONED = 20
"""So many of those whom one general name stands for are named."""


def task_said(figures: "Figures", task: str) -> Iterator[Sentence]:
    """The task with its deadline and standing; then who must do it, by which words and clause."""
    found = figures.tasks[figures.tasks["task"].str.casefold() == task.casefold()]
    for row in rows_of(found):
        yield _standing(figures, row)
        duties = list(rows_of(figures.duties[figures.duties["task"] == row["task"]]))
        for words in dict.fromkeys((str(duty["role"]), str(duty["words"])) for duty in duties):
            yield _named(words, duties)
        yield from _reports(figures, [duty for duty in duties if duty["state"]])


def _standing(figures: "Figures", row: Row) -> Sentence:
    gist = figures.policy.clauses.get(str(row["clause"]), "")
    verdict = VERDICTS[str(row["verdict"])]
    zh = f"{row['task']} {row['name']}（{row['clause']}：{gist}）：{verdict}"
    en = f"{row['task']} {row['name']} ({row['clause']}): {row['verdict'] or 'not reported'}"
    if row["days"] is not None:
        days = int(str(row["days"]))
        due = str(row["due"])[:10]
        zh += f"，时限 {due}，{'还有' if days >= 0 else '已过'} {abs(days)} 天"
        en += f", due {due}, {abs(days)} days {'left' if days >= 0 else 'ago'}"
    return Sentence(f"{zh}。", f"{en}.")


def _named(key: tuple[str, str], duties: list[Row]) -> Sentence:
    """One name as the document writes it, and whom it stands for."""
    role, words = key
    mine = [duty for duty in duties if (duty["role"], duty["words"]) == (role, words)]
    clause = str(mine[0]["wildcard"])
    if not clause:
        return Sentence(f"{role}：{words}。", f"{role}: {words}.", detail=True)
    names = [str(duty["who"]) for duty in mine[:_MENTIONED]]
    who = ("；" if any("、" in name for name in names) else "、").join(names)
    more = f"等 {len(mine)} 个" if len(mine) > _MENTIONED else ""
    zh = f"{role}“{words}”按统称展开（{clause}）：{who}{more}。"
    return Sentence(zh, f"{role} “{words}” stands for ({clause}): {who}{more}.", detail=True)


def _reports(figures: "Figures", duties: list[Row]) -> Iterator[Sentence]:
    """What was reported, row by row of 任务进展, with the cell; one row may speak for all."""
    for progress in rows_of(figures.ledger.task_progress):
        place = Cell(
            str(progress["sheet"]), int(str(progress["row"])), int(str(progress["column"]))
        )
        mine = [duty for duty in duties if (duty["sheet"], duty["row"]) == (place.sheet, place.row)]
        if not mine:
            continue
        who, who_en = (str(progress["unit"]),) * 2 if progress["unit"] else ("全部单位", "for all")
        finished = progress["finished"]
        day = f"，完成日期 {str(finished)[:10]}" if finished is not None else ""
        zh = f"{who} 报“{progress['state']}”{day}（{place}）。"
        yield Sentence(zh, f"{who_en} reported: {progress['state']} ({place}).", detail=True)
