"""The list of projects under 档次统计: each with its tier, and the condition that made it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xlplan.diagnostics import Cell
from xlplan.model import YI
from xlplan.sheets import layout, looks
from xlplan.sheets.columns import dates, where
from xlplan.sheets.credit_rows import LINK_LIMIT
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Value

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

HEADS = (
    "项目编号",
    "项目名称",
    "牵头单位",
    "档次",
    "认定条件",
    "条款",
    "投资额(亿元)",
    "年产值(亿元)",
    "签约日期",
    "本期",
    "来源单元格",
)
AT = layout.letters(HEADS)

BELOW = "未入档"
"""What is said of a project below every tier, or of which the tier cannot be told."""

NO_TIERS = "不分档次"
"""What is said where the policy has no tiers at all."""

WORDS = {"investment": "投资额", "output": "年产值", ">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}


def in_chinese(because: str) -> str:
    """A condition of the policy file as a clerk reads it.

    >>> in_chinese("investment >= 10亿元"), in_chinese("行业为工业 且 investment >= 2000万元")
    ('投资额≥10亿元', '行业为工业且投资额≥2000万元')
    """
    said = re.sub(r"investment|output|>=|<=|>|<", lambda found: WORDS[found.group()], because)
    return said.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Listing:
    """The list and where it stands; `title_row` holds its title, the next row its heads."""

    figures: "Figures"
    title_row: int

    @property
    def rows(self) -> tuple[int, int]:
        """First and last row of projects; one blank row when there are none."""
        first = self.title_row + 2
        return first, first + max(len(self.figures.tiers), 1) - 1

    def reference(self, head: str) -> str:
        """All cells under a head, anchored."""
        return layout.absolute(AT[head], self.rows)

    def cells(self) -> list[CellSpec]:
        """The title and the head row."""
        title = CellSpec(self.title_row, 1, "项目档次认定清单", looks.SECTION)
        return [title, *layout.head_cells(HEADS, self.title_row + 1)]

    def texts(self) -> list[tuple[Value, ...]]:
        """What each row says, as far as the heights of rows are concerned."""
        shown = self.figures.tiers.head(layout.HEIGHTS_LIMIT)
        because = (in_chinese(said) for said in shown["because"])
        return [
            (None, name, unit, None, said)
            for name, unit, said in zip(shown["name"], shown["unit"], because, strict=True)
        ]

    def block(self) -> Block:
        """The projects in the ledger's order."""
        columns = _columns(self.figures)
        return Block(self.rows[0], 1, tuple(columns[head] for head in HEADS))


def numbers(figures: "Figures") -> dict[tuple[str, str], int]:
    """How many of this period's projects each unit leads, by (unit, tier)."""
    tiers = figures.tiers[is_current(figures).to_numpy(dtype=bool)]
    return dict(Counter(zip(tiers["unit"], tiers["tier"], strict=True)))


def is_current(figures: "Figures") -> "pd.Series[bool]":
    """Whether each listed project was signed within the period and not after the as-of date."""
    signed = _ledger(figures)["signed"]
    start, end, as_of = map(pd.Timestamp, (figures.period.start, figures.period.end, figures.as_of))
    return (signed >= start) & (signed < end) & (signed <= as_of)


def _ledger(figures: "Figures") -> pd.DataFrame:
    """The ledger's rows in the order of the tiers."""
    return figures.ledger.projects.set_index("project").reindex(figures.tiers["project"])


def _columns(figures: "Figures") -> dict[str, BlockColumn]:
    tiers, ledger = figures.tiers, _ledger(figures)
    centred = looks.CENTRED
    money = looks.NUMBER.but(number_format=looks.EXACT)
    none = BELOW if figures.policy.tiers else NO_TIERS
    because = {said: in_chinese(said) or None for said in tiers["because"].unique()}
    return {
        "项目编号": BlockColumn(tiers["project"].tolist(), looks.CODE),
        "项目名称": BlockColumn(tiers["name"].tolist(), looks.TEXT),
        "牵头单位": BlockColumn(tiers["unit"].tolist(), centred),
        "档次": BlockColumn([tier or none for tier in tiers["tier"].tolist()], centred),
        "认定条件": BlockColumn([because[said] for said in tiers["because"].tolist()], centred),
        "条款": BlockColumn([clause or None for clause in tiers["clause"].tolist()], centred),
        "投资额(亿元)": BlockColumn(yi_of(ledger["investment"]), money),
        "年产值(亿元)": BlockColumn(yi_of(ledger["output"]), money),
        "签约日期": BlockColumn(dates(ledger["signed"]), looks.DATE),
        "本期": BlockColumn(["是" if now else "否" for now in is_current(figures)], centred),
        "来源单元格": _places(figures),
    }


def yi_of(column: "pd.Series[Any]") -> Sequence[Value]:
    """亿元, blank where the ledger has no readable amount."""
    return where(column.notna().to_numpy(), column.fillna(0).to_numpy(dtype=np.int64) / YI)


def _places(figures: "Figures") -> BlockColumn:
    """The project's row in the ledger, linked where it is in reach."""
    rows = zip(figures.tiers["sheet"].tolist(), figures.tiers["row"].tolist(), strict=True)
    if not figures.beside or len(figures.tiers) > LINK_LIMIT:
        return BlockColumn([f"{sheet}!A{row}" for sheet, row in rows], looks.CENTRED)
    cells = [Cell(sheet, row, 1) for sheet, row in rows]
    said = [str(cell) for cell in cells]
    return BlockColumn(said, looks.LINK, links=[layout.target_of(cell) for cell in cells])
