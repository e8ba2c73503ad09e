"""Build the Fuling sample workbooks from their text sources; the same bytes every time.

`python samples/build_fuling.py` writes them beside the sources; a test holds them to it.
"""

import csv
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from xlplan import package
from xlplan.model import PROJECT_HEADS as PROJECTS
from xlplan.model import RECEIPT_HEADS as RECEIPTS
from xlplan.model import Choice, Head, Settings
from xlplan.policy import load_policy
from xlplan.sheets.description import Value
from xlplan.sheets.inputs import Content, input_sheets

SOURCE = Path(__file__).parent / "fuling-2021"
POLICY = "fuling-2021"
MARK = "示例数据"
SETTINGS = Settings(policy=POLICY, as_of=date(2021, 9, 30), period="2021", places=2)

CHOSEN = "任务分解表.xlsx"
OPEN = "口径未定.xlsx"
LEFT_OPEN = frozenset({"home-weight", "joint-received", "cooperating-share"})
"""What `OPEN` leaves undecided, so that pending amounts can be seen."""


def main() -> None:
    """Write both workbooks into the folder given, else beside their sources."""
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE)


def build(folder: Path) -> None:
    """Write the workbook with every ruling chosen, and the one that leaves some open."""
    choices = chosen(SOURCE / "口径.csv")
    write(folder / CHOSEN, choices)
    write(folder / OPEN, without(choices, LEFT_OPEN))


def write(path: Path, choices: Mapping[str, Choice]) -> None:
    """One standard workbook: the document's own targets, the sample's projects and receipts."""
    content = Content(
        projects=records(SOURCE / "项目台账.csv", PROJECTS),
        receipts=records(SOURCE / "到位资金.csv", RECEIPTS),
        choices=choices,
        mark=MARK,
    )
    sheets = input_sheets(load_policy(POLICY), settings=SETTINGS, content=content)
    path.unlink(missing_ok=True)
    package.new_workbook(path, sheets)


def chosen(path: Path) -> dict[str, Choice]:
    """What the sample decides on each ruling."""
    return {
        ruling: Choice(ruling, option, decided_by, date.fromisoformat(day))
        for ruling, option, decided_by, day in rows(path)
    }


def without(choices: Mapping[str, Choice], left: Collection[str]) -> dict[str, Choice]:
    """The same choices but for those left open."""
    return {ruling: choice for ruling, choice in choices.items() if ruling not in left}


def records(path: Path, heads: Sequence[Head]) -> list[list[Value]]:
    """The rows as a clerk typed them: numbers, dates, and text where text was written."""
    return [
        [typed(text, head) for text, head in zip(row, heads, strict=True)] for row in rows(path)
    ]


def rows(path: Path) -> list[list[str]]:
    """The rows under the head of a text source."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def typed(text: str, head: Head) -> Value:
    """A cell: a number or a date where the column holds them and the text is one, else text."""
    if head.holds == "money" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text)
    if head.holds == "date" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    return text or None


if __name__ == "__main__":
    main()
