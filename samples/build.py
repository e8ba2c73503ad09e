"""Build every sample's workbooks from their text sources; the same bytes every time.

A folder bears the id of its policy. It holds `sample.toml` (as-of date, period, and the books with
the rulings that each leaves open) and one CSV for each input sheet that the sample fills, named as
the sheet and with its heads. `python samples/build.py` writes the workbooks beside their sources; a
test holds them to it.
"""

import csv
import re
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xlplan import model, package
from xlplan.model import Choice, Head, Settings
from xlplan.policy import Policy, load_policy
from xlplan.sheets.description import Value
from xlplan.sheets.inputs import Content, input_sheets, project_heads
from xlplan.sheets.listing import printed

SAMPLES = Path(__file__).parent
MARK = "示例数据"
PLACES = 2

FIGURES = frozenset({"floor", "ceiling", "stretch", "value", "base", "points"})
"""Fields in which a clerk types a bare number, beside those that hold money."""


def main() -> None:
    """Write every sample beside its sources, or into folders of the same names elsewhere."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    for source in folders():
        build(source, target / source.name)


def folders() -> list[Path]:
    """The folder of each sample, in the order of their policies' ids."""
    return sorted(path.parent for path in SAMPLES.glob("*/sample.toml"))


def build(source: Path, folder: Path) -> None:
    """Write the books of one sample into a folder."""
    policy, asked = load_policy(source.name), plan(source)
    folder.mkdir(parents=True, exist_ok=True)
    for book in asked["book"]:
        content = content_of(source, policy, left_open=book.get("open", ()))
        path = folder / book["file"]
        path.unlink(missing_ok=True)
        package.new_workbook(
            path, input_sheets(policy, settings=settings_of(source), content=content)
        )


def plan(source: Path) -> dict[str, Any]:
    """What `sample.toml` says."""
    return tomllib.loads((source / "sample.toml").read_text(encoding="utf-8"))


def settings_of(source: Path) -> Settings:
    """The sheet 设置 of a sample."""
    asked = plan(source)
    return Settings(source.name, asked["as_of"], asked["period"], PLACES)


def content_of(source: Path, policy: Policy, left_open: Collection[str] = ()) -> Content:
    """What stands under the heads: the rows of the text sources, all choices but those left open.

    Targets are the document's own; they come with the policy.
    """
    filled: dict[str, Any] = {
        field: records(source / f"{sheet}.csv", heads)
        for sheet, (field, heads) in lists_of(policy).items()
        if (source / f"{sheet}.csv").exists()
    }
    choices = without(chosen(source / f"{model.RULING_SHEET}.csv"), left_open)
    return Content(**filled, choices=choices, mark=MARK)


def lists_of(policy: Policy) -> dict[str, tuple[str, Sequence[Head]]]:
    """The sheets that hold a list: whose rows of `Content` they are, and their heads."""
    return {
        model.TARGET_SHEET: ("targets", model.TARGET_HEADS),
        model.PROJECT_SHEET: ("projects", project_heads(policy)),
        model.RECEIPT_SHEET: ("receipts", model.RECEIPT_HEADS),
        model.STATISTIC_SHEET: ("statistics", model.STATISTIC_HEADS),
        model.TASK_PROGRESS_SHEET: ("task_progress", model.TASK_PROGRESS_HEADS),
        model.ADJUSTMENT_SHEET: ("adjustments", model.ADJUSTMENT_HEADS),
    }


def chosen(path: Path) -> dict[str, Choice]:
    """What the sample decides on each ruling; nothing where the policy has none."""
    return {
        ruling: Choice(ruling, option, decided_by, date.fromisoformat(day))
        for ruling, option, decided_by, day in (rows(path)[1:] if path.exists() else ())
    }


def without(choices: Mapping[str, Choice], left: Collection[str]) -> dict[str, Choice]:
    """The same choices but for those left open."""
    return {ruling: choice for ruling, choice in choices.items() if ruling not in left}


def records(path: Path, heads: Sequence[Head]) -> list[list[Value]]:
    """The rows as a clerk typed them: numbers, dates, and text where text was written.

    Raises:
        ValueError: when the source's heads are not those of the sheet.
    """
    said, *written = rows(path)
    wanted = [printed(head) for head in heads]
    if said != wanted:
        raise ValueError(f"{path}: {said} != {wanted}")
    return [[typed(text, head) for text, head in zip(row, heads, strict=True)] for row in written]


def rows(path: Path) -> list[list[str]]:
    """The rows of a text source, its heads first."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def typed(text: str, head: Head) -> Value:
    """A cell: a number or a date where the column holds them and the text is one, else text."""
    is_figure = head.holds == "money" or head.field in FIGURES
    if is_figure and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text)
    if head.holds == "date" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    return text or None


if __name__ == "__main__":
    main()
