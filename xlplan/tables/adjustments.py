"""Reads the sheet 加减分: points given and taken by decision, and words such as 一票否决."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from xlplan.diagnostics import Diagnostics
from xlplan.model import ADJUSTMENTS
from xlplan.quantity import Quantity, exact_decimal, parse_quantity
from xlplan.tables.blocks import Block
from xlplan.tables.columns import Records, days, records, report_manner, said, texts
from xlplan.tables.ledgers import Law
from xlplan.tables.words import plain

_SIGNS = {"加": "", "+": "", "扣": "-", "减": "-"}
"""What a clerk writes before the points: 加2分, 扣1分."""

_TEXTS = ("reason", "basis", "decided_by")
_EFFECT = "该行未计"


def read_adjustments(blocks: Sequence[Block], law: Law, found: Diagnostics) -> pd.DataFrame:
    """The rows that can be used (`model.ADJUSTMENTS`); what cannot is said with its cell.

    A row without a day has no period: it is kept, so that it is seen, but never counts (XP309).
    """
    rows = [row for block in blocks for row in _rows(block, law, found)]
    names = [name for name in ADJUSTMENTS.names if name != "counts"]
    return ADJUSTMENTS.of({name: [row[name] for row in rows] for name in names})


def _rows(block: Block, law: Law, found: Diagnostics) -> Iterator[dict[str, object]]:
    data = records(block, "unit", ("unit",), found)
    length = len(data)
    read = days(data.column("decided_on"), length, found)
    written = {name: texts(data.column(name), length) for name in ("unit", *_TEXTS)}
    for at in range(length):
        place = data.block.grid.cell(int(data.rows[at]), block.columns["points"])
        unit = _unit(data, at, law, found)
        points, word = _points(data, at, law, found)
        if not unit or (points is None and not word):
            continue
        if np.isnat(read.days[at]) and at not in read.unreadable:
            day = block.columns.get("decided_on", 0)
            values = {"field": "日期", "project": f"{unit}的加减分", "effect": _EFFECT}
            found.add("XP309", block.grid.cell(int(data.rows[at]), day), **values)
        yield {
            "group": law.register.groups.get(unit, ""),
            "unit": unit,
            "points": points,
            "word": word,
            **{name: written[name][at] for name in _TEXTS},
            "decided_on": read.days[at],
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
        }


def _unit(data: Records, at: int, law: Law, found: Diagnostics) -> str:
    """The unit by its official name; "" = none or unknown, which is said."""
    text = said(data.cells["unit"][at])
    place = data.block.grid.cell(int(data.rows[at]), data.block.columns["unit"])
    unit = law.register.resolve(text) if text else None
    if not text:
        values = {"field": "责任单位", "project": "加减分", "effect": _EFFECT}
        found.add("XP309", place, **values)
    elif not unit:
        found.add("XP302", place, text=text, nearest=law.register.nearest(text))
    return unit or ""


def _points(data: Records, at: int, law: Law, found: Diagnostics) -> tuple[Fraction | None, str]:
    """Points, or the word of a gate; neither when the cell cannot be read, which is said."""
    cell = data.cells["points"][at]
    words = {plain(gate.word): gate.word for gate in law.policy.scoring.gates if gate.word}
    word = words.get(plain(cell), "")
    if word or data.is_broken(at, "points"):
        return None, word
    read = parse_quantity(cell if isinstance(cell, int | float) else _signed(cell), "分")
    place = data.block.grid.cell(int(data.rows[at]), data.block.columns["points"])
    if isinstance(read, Quantity) and (read.kind, read.unit) == ("number", "分"):
        report_manner(read, place, f"{exact_decimal(read.value)}分", found)
        return read.value, ""
    known = "、".join(words.values()) or "（无）"
    found.add("XP341", place, text=said(cell), known=known)
    return None, ""


def _signed(cell: object) -> str:
    """The points as written, a word before them as their sign.

    >>> _signed("扣1.5分"), _signed("+2")
    ('-1.5分', '2')
    """
    text = plain(cell)
    return _SIGNS[text[0]] + text[1:] if text[:1] in _SIGNS else text
