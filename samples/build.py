"""Build every sample's workbooks from their text sources; the same bytes every time.

A folder bears the id of its policy. It holds `sample.toml` (as-of date, period, and the books with
the rulings that each leaves open) and one CSV for each input sheet that the sample fills, named as
the sheet and with its heads. `python samples/build.py` writes the workbooks beside their sources; a
test holds them to it.
"""

import csv
import io
import re
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from xlplan import model, package
from xlplan.model import Choice, Head, Settings
from xlplan.policy import Policy, load_policy
from xlplan.sheets.description import PLAIN, CellSpec, Sheet, Value
from xlplan.sheets.forms import Form, form_sheets
from xlplan.sheets.inputs import Content, input_sheets, project_heads
from xlplan.sheets.listing import printed

SAMPLES = Path(__file__).parent
MARK = "示例数据"
PLACES = 2

MONEY_FIELDS = frozenset({"investment", "output", "agreement", "received"})

FIGURES = frozenset({"floor", "ceiling", "stretch", "value", "base", "points"})
"""Fields in which a clerk types a bare number, beside those that hold money."""


def main() -> None:
    """Write every sample beside its sources, or into folders of the same names elsewhere."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    for source in folders():
        build(source, target / source.name)
        if (source / "submissions" / "报送.toml").exists():
            hand_in(source / "submissions", target / source.name / "submissions" / "报送")


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


def hand_in(source: Path, folder: Path) -> None:
    """Write what the units of a sample hand in, as its `报送.toml` says, into a folder.

    A `[[form]]` is our form filled in; a `[[table]]` a clerk's own layout, of the kind that its
    file's name ends in; a `[[broken]]` the beginning of another file. `projects` are rows of the
    sample's ledger, `changed` what a unit writes otherwise in them, `new` what the ledger lacks.
    """
    asked = tomllib.loads((source / "报送.toml").read_text(encoding="utf-8"))
    policy = load_policy(source.parent.name)
    ledger = {row["project"]: row for row in told(source.parent, policy)}
    folder.mkdir(parents=True, exist_ok=True)
    for form in asked["form"]:
        rows_ = handed_rows(form, ledger)
        (folder / form["file"]).write_bytes(filled_form(policy, form, rows_))
    for table in asked["table"]:
        lines = own_layout(table, handed_rows(table, ledger))
        (folder / table["file"]).write_bytes(KINDS[Path(table["file"]).suffix](lines, table))
    for broken in asked["broken"]:
        (folder / broken["file"]).write_bytes(
            (folder / broken["of"]).read_bytes()[: broken["bytes"]]
        )


Told = dict[str, Value]


def told(source: Path, policy: Policy) -> list[Told]:
    """The ledger of a sample, field by field."""
    heads = project_heads(policy)
    fields = [head.field for head in heads]
    lines = records(source / f"{model.PROJECT_SHEET}.csv", heads)
    return [dict(zip(fields, line, strict=True)) for line in lines]


def handed_rows(asked: Mapping[str, Any], ledger: Mapping[str, Told]) -> list[Told]:
    """What a unit writes: rows of the ledger, some of them changed, then new ones."""
    changed = asked.get("changed", {})
    # The sample's codes are running numbers, which no check digit would let pass.
    kept = [{**ledger[name], "credit_code": None} for name in asked.get("projects", ())]
    known = [{**row, **changed.get(row["project"], {})} for row in kept]
    return [*known, *asked.get("new", ())]


def filled_form(policy: Policy, asked: Mapping[str, Any], rows_: Sequence[Told]) -> bytes:
    """Our form of a unit, filled in below the example rows."""
    form = Form(policy, asked["period"], asked["unit"])
    paid = [
        {"project": project, "name": name, "received": day, "amount": amount, "remark": remark}
        for project, name, day, amount, remark in asked.get("receipts", ())
    ]
    listed = {
        model.PROJECT_SHEET: (project_heads(policy), rows_),
        model.RECEIPT_SHEET: (model.FORM_RECEIPT_HEADS, paid),
    }
    sheets = []
    for sheet in form_sheets(form):
        if sheet.name in listed:
            sheets.append(with_rows(sheet, *listed[sheet.name]))
        elif sheet.name == model.FORM_SHEET:
            sheets.append(with_day(sheet, asked.get("filled_on")))
        else:
            sheets.append(sheet)
    return package.workbook_bytes(tuple(sheets))


def with_rows(sheet: Sheet, heads: Sequence[Head], rows_: Sequence[Told]) -> Sheet:
    """A list of a form with these rows below its example."""
    [body] = sheet.blocks
    columns = []
    for head, column in zip(heads, body.columns, strict=True):
        values = [column.values[0], *(row.get(head.field) for row in rows_)]
        rest = column.values[len(values) :]
        columns.append(replace(column, values=[*values, *rest]))
    return replace(sheet, blocks=(replace(body, columns=tuple(columns)),))


def with_day(sheet: Sheet, day: date | None) -> Sheet:
    """A form's cover, filled in on a day."""
    label = next(cell for cell in sheet.cells if cell.value == model.FORM_LABELS["filled_on"])
    place = label.row, label.column + 1
    cells = [
        replace(cell, value=day) if (cell.row, cell.column) == place else cell
        for cell in sheet.cells
    ]
    return replace(sheet, cells=tuple(cells))


def own_layout(asked: Mapping[str, Any], rows_: Sequence[Told]) -> list[list[Value]]:
    """A clerk's own table: what stands above, heads, rows, and what the clerk adds up."""
    heads = asked["heads"]
    lines: list[list[Value]] = [[text] for text in asked["above"]]
    lines.append(list(heads.values()))
    lines += [
        [in_unit(row.get(name), name, asked.get("times", 1)) for name in heads] for row in rows_
    ]
    if "total" in asked:
        lines.append([asked["total"].get(name) for name in heads])
    return lines


def in_unit(value: Value, name: str, times: int) -> Value:
    """A cell in the table's own unit of money."""
    is_money = name in MONEY_FIELDS and isinstance(value, int | float)
    return round(float(str(value)) * times, 4) if is_money else value


def as_workbook(lines: Sequence[Sequence[Value]], _asked: Mapping[str, Any]) -> bytes:
    """A workbook of one sheet, as a clerk makes one."""
    cells = tuple(
        CellSpec(row, column, value, PLAIN.but(number_format=DAY if is_day(value) else "General"))
        for row, line in enumerate(lines, start=1)
        for column, value in enumerate(line, start=1)
        if value is not None
    )
    return package.workbook_bytes(
        (Sheet("Sheet1", cells, widths=dict.fromkeys(range(1, 12), 18.0)),)
    )


def is_day(value: Value) -> bool:
    """Whether a cell holds a day."""
    return isinstance(value, date)


def as_text(lines: Sequence[Sequence[Value]], asked: Mapping[str, Any]) -> bytes:
    """A text table in the encoding that the clerk's program writes."""
    text = io.StringIO()
    csv.writer(text).writerows([["" if cell is None else cell for cell in line] for line in lines])
    return text.getvalue().encode(asked["encoding"])


KINDS = {".xlsx": as_workbook, ".csv": as_text}
DAY = "yyyy-mm-dd"


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
