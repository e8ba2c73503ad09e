"""Red and black lists as fields: who is on each, who hangs on what is pending, who nearly is."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell
from xlplan.documents.numbers import Number
from xlplan.model import BOARD_SHEET
from xlplan.sheets import boards
from xlplan.sheets.lines import GAP, whole

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures
    from xlplan.sheets.lines import Row

Fields = dict[str, object]

_COLOURS = {"red": "红", "black": "黑"}
_STATES = {"listed": "上榜", "pending": "待定", "near": "差一点"}


def listed(figures: "Figures") -> list[Fields]:
    """The lists of the policy in its order, each with its entries as 红黑榜 has them."""
    found: dict[str, Fields] = {}
    for board in figures.policy.boards:
        found[board.id] = {
            "名称": board.name,
            "颜色": _COLOURS[board.colour],
            "规则": board.text,
            "条款": board.clause,
            **{name: [] for name in _STATES.values()},
        }
    for at, row in boards.entry_rows(figures):
        entries = found[str(row["board"])][_STATES[str(row["state"])]]
        assert isinstance(entries, list)  # noqa: S101 - made above
        entries.append(_entry(row, at))
    return [{**fields, "上榜指标": list(_by_measure(fields["上榜"]))} for fields in found.values()]


def _entry(row: "Row", at: int) -> Fields:
    """One row of 红黑榜 as fields."""
    unit, measure = str(row["unit"]), str(row["measure"])

    def number(name: str, head: str, of: str) -> Number:
        value = whole(row[name]) if name == "rank" else row[name]
        exact = Fraction(value) if isinstance(value, int | Fraction) else None
        return Number(exact, of, _cell(at, head), f"{unit}{measure}{head}")

    return {
        "名称": unit,
        "类别": str(row["group"]),
        "指标": measure,
        "完成率": number("rate", "完成率", "%"),
        "序时差": number("gap", GAP, "%"),
        "位次": number("rank", "位次", "位"),
        "说明": str(row["because"]),
        "单元格": _cell(at, "说明"),
    }


def _cell(at: int, head: str) -> str:
    return str(Cell(BOARD_SHEET, at, boards.HEADS.index(head) + 1))


def _by_measure(entries: object) -> Iterator[Fields]:
    """The units on a list, measure by measure."""
    assert isinstance(entries, list)  # noqa: S101 - made by `listed`
    for measure in dict.fromkeys(entry["指标"] for entry in entries):
        units = [entry["名称"] for entry in entries if entry["指标"] == measure]
        yield {"指标": measure, "单位": units}
