"""计入明细: one row a credit, its arithmetic live; every other result sheet sums these rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd

from xlplan.diagnostics import RequestError, column_letters
from xlplan.model import CREDIT_SHEET, ROLE_NAMES
from xlplan.sheets import layout, looks
from xlplan.sheets.columns import dates, int64, listed, named, where
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    Highlight,
    Print,
    Sheet,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xlplan.sheets.figures import Figures

HEAD_ROW, FIRST_ROW = 1, 2

LINK_LIMIT = 65_000
"""Excel keeps 65,530 links a sheet; beyond this many rows formulas link, blanks have no cells."""

_CHINESE = re.compile("[\u4e00-\u9fff]+")  # a sheet's name that a link may write without quotes

INT64_ROOM = 2.0**62
"""Products up to here are exact in int64; larger ones take Python's own whole numbers."""

WIDTHS = {
    "项目编号": 9,
    "项目名称": 25,
    "单位": 15,
    "角色": 6,
    "指标": 19,
    "原值": 11,
    "权重": 7,
    "份额": 8,
    "计入": 11,
    "条款": 16,
    "口径": 16,
    "来源单元格": 14,
    "待定": 10,
    "状态": 16,
    "日期": 11,
    "规则": 24,
    "类别": 10,
    "尾差": 9,
    "本类重复": 9,
    "全区重复": 9,
}
HEADS = tuple(WIDTHS)
LETTERS = layout.letters(HEADS)

FOREIGN_HEAD, FOREIGN_WIDTH = "原币", 20
"""The last column, which stands there only when an amount is in another currency."""

STATE_NAMES = {
    "settled": "计入",
    "open": "待定：口径未定",
    "silent": "待定：文件未规定",
    "conflict": "待定：规则冲突",
}


ROOM = 2**20 - HEAD_ROW
"""Rows that one sheet has for credits."""


def check_room(figures: "Figures") -> None:
    """Refuse more credits than a sheet has rows, before any of them is written out.

    Raises:
        RequestError: XP702, which says what to do.
    """
    number = len(figures.credits)
    if number > ROOM:
        reason = f"共 {number} 笔计入，最多 {ROOM} 行"
        raise RequestError("XP702", sheet=CREDIT_SHEET, reason=reason)


def rows_of(figures: "Figures") -> tuple[int, int]:
    """First and last row of the credits; one blank row when there are none."""
    return FIRST_ROW, FIRST_ROW + max(len(figures.credits), 1) - 1


def reference(figures: "Figures", head: str) -> str:
    """All cells under a head, anchored, for a sum on another sheet."""
    return f"{layout.quoted(CREDIT_SHEET)}!{layout.absolute(LETTERS[head], rows_of(figures))}"


def credit_sheet(figures: "Figures") -> Sheet:
    """计入明细, described; credits stand in the order of the frame from `FIRST_ROW` on."""
    first, last = rows_of(figures)
    columns = _columns(figures)
    widths = list(_widths(figures).values())
    whole = Area(first, 1, last, len(columns))
    return Sheet(
        CREDIT_SHEET,
        tuple(layout.head_cells(tuple(_widths(figures)), HEAD_ROW)),
        blocks=(Block(FIRST_ROW, 1, columns),),
        widths={column: float(width) for column, width in enumerate(widths, start=1)},
        heights={HEAD_ROW: layout.HEAD_HEIGHT} | _heights(len(figures.credits)),
        freeze=(FIRST_ROW, 3),
        filter=Area(HEAD_ROW, 1, last, len(columns)),
        highlights=(
            Highlight(whole, f'LEFT(${LETTERS["状态"]}{first},2)="待定"', fill=looks.PENDING_FILL),
            Highlight(
                Area(first, 6, last, 9), f"AND(ISNUMBER(F{first}),F{first}<0)", color=looks.BAD
            ),
        ),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def _widths(figures: "Figures") -> dict[str, int]:
    """The heads and how wide their columns are."""
    is_foreign = figures.credits["foreign"].notna().any()
    return WIDTHS | ({FOREIGN_HEAD: FOREIGN_WIDTH} if is_foreign else {})


def _heights(rows: int) -> dict[int, float]:
    """Rows of a list that fits on a few pages are as high as in the other sheets."""
    if rows > layout.HEIGHTS_LIMIT:
        return {}
    return layout.row_heights(FIRST_ROW, [()] * rows, {})


def _columns(figures: "Figures") -> tuple[BlockColumn, ...]:
    """The block's columns in the order of their heads."""
    frame = figures.credits
    per = _grains(figures)
    columns = {**_words(frame), **_sums(frame, per), **_repeats(frame, per), **_source(figures)}
    heads = _widths(figures)
    if FOREIGN_HEAD in heads:
        said = [one and one.text for one in frame["foreign"]]
        columns[FOREIGN_HEAD] = BlockColumn(said, looks.CENTRED.but(wrap=False))
    sparse = len(frame) > LINK_LIMIT
    return tuple(replace(columns[head], sparse=sparse, undated=head != "日期") for head in heads)


def _words(frame: pd.DataFrame) -> dict[str, BlockColumn]:
    """What is said of a credit rather than computed."""
    text, centred = looks.TEXT.but(wrap=False), looks.CENTRED.but(wrap=False)
    return {
        "项目编号": BlockColumn(listed(frame["project"]), looks.CODE.but(wrap=False)),
        "项目名称": BlockColumn(listed(frame["name"]), text),
        "单位": BlockColumn(listed(frame["unit"]), centred),
        "角色": BlockColumn(named(frame["role"], ROLE_NAMES), centred),
        "指标": BlockColumn(listed(frame["measure"]), centred),
        "条款": BlockColumn(listed(frame["clause"]), text),
        "口径": BlockColumn(listed(frame["ruling"]), text),
        "状态": BlockColumn(named(frame["state"], STATE_NAMES), centred),
        "日期": BlockColumn(dates(frame["date"]), looks.DATE),
        "规则": BlockColumn(listed(frame["rule"]), text),
        "类别": BlockColumn(listed(frame["group"]), centred),
    }


def _sums(frame: pd.DataFrame, per: "NDArray[np.float64]") -> dict[str, BlockColumn]:
    """原值 × 权重 × 份额; a pending amount stands in its own column and never under 计入.

    Shares that do not divide evenly leave hundredths of a yuan to the lead unit; when there are
    any, 尾差 is part of the formula, so that it gives the exact credit.
    """
    weight, share = (_ratio(frame, name) for name in ("weight", "share"))
    settled = (frame["state"] == "settled").to_numpy(dtype=bool)
    credit, pending = int64(frame["credit"]), int64(frame["pending"])
    tails = _tails(frame, np.where(settled, credit, pending)) / per
    formula = "F{r}*G{r}*H{r}" + ("+R{r}" if tails.any() else "")
    exact, every = looks.NUMBER.but(number_format=looks.MIXED), np.ones(len(frame), dtype=bool)
    return {
        "原值": BlockColumn(where(every, int64(frame["amount"]) / per), exact),
        "权重": BlockColumn(where(every, weight), looks.NUMBER.but(number_format="0%")),
        "份额": BlockColumn(where(every, share), looks.NUMBER.but(number_format=looks.SHARE)),
        "计入": BlockColumn(where(settled, credit / per), exact.but(bold=True), formula),
        "待定": BlockColumn(where(~settled, pending / per), exact, formula),
        "尾差": BlockColumn(where(tails != 0, tails), looks.NUMBER.but(number_format="0.0E+00")),
    }


def _tails(frame: pd.DataFrame, counted: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """What rounding to whole grains left or took, in grains: counted - amount × weight × share."""
    parts = [int64(frame[name]) for name in ("amount", "weight_num", "share_num")]
    parts += [int64(frame[name]) for name in ("weight_den", "share_den")]
    bounds = [float(np.abs(part).max(initial=1)) for part in parts]
    fits = bounds[0] * max(bounds[1] * bounds[2], bounds[3] * bounds[4]) < INT64_ROOM
    kind = np.int64 if fits else object
    amount, weight, share, weight_den, share_den = (part.astype(kind) for part in parts)
    bottom = weight_den * share_den
    uneven = counted.astype(kind) * bottom - amount * weight * share
    tails: NDArray[np.float64] = (uneven / bottom).astype(np.float64)
    return tails


def _repeats(frame: pd.DataFrame, per: "NDArray[np.float64]") -> dict[str, BlockColumn]:
    """What of each credit a total leaves out, lest an amount count for more than its whole."""
    number = looks.NUMBER.but(number_format=looks.MIXED)
    columns = {}
    amount = amounts(frame)
    for head, keys in (("本类重复", ("group",)), ("全区重复", ())):
        beyond = repeated(frame, apart(amount, frame, keys))
        columns[head] = BlockColumn(where(beyond != 0, beyond / per), number)
    return columns


def repeated(credit: pd.DataFrame, amount: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """What of each credit, in grains, goes beyond the whole of its amount, the later units' first.

    `amount` numbers the amounts of the rows; each may count once.
    """
    beyond = np.zeros(len(credit), dtype=np.int64)
    at = np.flatnonzero(int64(credit["credit"]))
    amount = amount[at]
    order = np.argsort(amount, kind="stable")
    at = at[order]
    first = np.flatnonzero(np.diff(amount[order], prepend=-1))
    if not len(first):
        return beyond
    sizes = np.diff(first, append=len(at))
    own, whole = (np.abs(int64(credit[name])[at]) for name in ("credit", "whole"))
    whole = np.repeat(np.maximum.reduceat(whole, first), sizes)
    # A sum that overflows wraps around, and so does the difference of two: each stays exact.
    running = np.cumsum(own)
    so_far = running - np.repeat(running[first] - own[first], sizes)
    counted = np.minimum(so_far, whole) - np.minimum(so_far - own, whole)
    beyond[at] = np.sign(int64(credit["credit"])[at]) * (own - counted)
    return beyond


def amounts(credit: pd.DataFrame) -> "NDArray[np.int64]":
    """A number from 0 on for each row: the same for what one cell says for one measure."""
    return apart(int64(credit["row"]), credit, ("measure", "sheet"))


def apart(
    number: "NDArray[np.int64]", credit: pd.DataFrame, keys: Sequence[str]
) -> "NDArray[np.int64]":
    """The same numbers, told apart by what further columns say in each row."""
    for key in keys:
        codes, _ = pd.factorize(credit[key].to_numpy())
        number = number + codes.astype(np.int64) * (int(number.max(initial=0)) + 1)
    return number


def _source(figures: "Figures") -> dict[str, BlockColumn]:
    """The address of the cell that a credit was read from, as a link where the cell is in reach."""
    frame = figures.credits
    sheets = frame["sheet"].unique().tolist()
    names = {sheet: sheet for sheet in sheets}
    quoted = {sheet: layout.quoted(sheet) for sheet in sheets}
    if not figures.beside:
        column = BlockColumn(_places(frame, names), looks.CENTRED.but(wrap=False))
    elif len(frame) <= LINK_LIMIT:
        column = BlockColumn(_places(frame, names), looks.LINK, links=_places(frame, quoted))
    else:
        plain = {sheet: sheet if _CHINESE.fullmatch(sheet) else quoted[sheet] for sheet in sheets}
        column = BlockColumn(_places(frame, plain), looks.LINK, 'HYPERLINK("#{v}","{v}")')
    return {"来源单元格": column}


@dataclass(frozen=True, slots=True, eq=False)
class _Places(Sequence[str]):
    """Addresses of cells, written out only for the rows that are asked for.

    `heads` are the beginnings up to the column's letters, `which` the number of each row's.
    """

    heads: Sequence[str]
    which: "NDArray[np.int64]"
    rows: "NDArray[np.int64]"

    def __len__(self) -> int:
        return len(self.which)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, int):
            return f"{self.heads[self.which[at]]}{self.rows[at]}"
        pairs = zip(self.which[at].tolist(), self.rows[at].tolist(), strict=True)
        return [f"{self.heads[head]}{row}" for head, row in pairs]


def _places(frame: pd.DataFrame, sheets: Mapping[str, str]) -> Sequence[str]:
    """The address of every source cell, the sheet under the name given; a row without column."""
    codes, names = pd.factorize(frame["sheet"].to_numpy(dtype=object))
    columns = int64(frame["column"])
    width = int(columns.max(initial=0)) + 1
    letters = ["", *map(column_letters, range(1, width))]
    heads = [f"{sheets[name]}!{column}" for name in names for column in letters]
    places = _Places(heads, codes * width + columns, int64(frame["row"]))
    if columns.all():
        return places
    rows = zip(places[:], frame["row"].tolist(), columns.tolist(), strict=True)
    return [said if column else f"{said}:{row}" for said, row, column in rows]


def _grains(figures: "Figures") -> "NDArray[np.float64]":
    """Grains in one 亿元 or one 个, by row; both are exact as floats, so a quotient rounds once."""
    grains = {measure.name: float(measure.grains) for measure in figures.policy.measures}
    codes, names = pd.factorize(figures.credits["measure"].to_numpy(dtype=object))
    per: NDArray[np.float64] = np.array([grains[name] for name in names], dtype=np.float64)[codes]
    return per


def _ratio(frame: pd.DataFrame, name: str) -> "NDArray[np.float64]":
    return np.divide(int64(frame[f"{name}_num"]), int64(frame[f"{name}_den"]), dtype=np.float64)
