"""Reads the short sheets: 单位, 口径 and 设置."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import cast

import pandas as pd

from xlplan.diagnostics import Cell, Diagnostics, Key
from xlplan.model import LETTERHEAD, NONE_WORDS, SETTING_NAMES, UNITS, Choice, Settings
from xlplan.policy.schema import Policy, Ruling
from xlplan.quantity import Day, Missing, parse_date, parse_period
from xlplan.tables.blocks import Block
from xlplan.tables.columns import Records, days, month_end, records, said, texts
from xlplan.tables.grid import Grid
from xlplan.tables.register import Entry, Register, make_register
from xlplan.tables.words import plain

_ALIAS_SEPARATOR = re.compile(r"[、，,；;\n]+")
_OPTION_END = re.compile(r"[\s|｜:：,，。（(—-]")
_POLICY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MOST_PLACES = 10
_NO_CHOICE = frozenset({"", "—", "-"})
_VALUE_HEADS = frozenset({"内容", "值", "设置值", "取值", "填写", "填写内容", "说明"})
_OWN_NOTES = frozenset({"备注", "说明", "注"})
_SETTING_WORDS: Mapping[str, tuple[str, ...]] = {
    "policy": ("考核方案", "方案", "考核办法", "方案编号"),
    "as_of": ("截止日期", "截至日期", "统计截止日期", "截止时间", "统计截止"),
    "period": ("期间", "考核期间", "统计期间", "考核年度"),
    "places": ("舍入", "小数位数", "保留小数", "保留位数", "舍入位数"),
}

_LABELS = {word: name for name, words in _SETTING_WORDS.items() for word in words} | {
    name: name for name in LETTERHEAD
}


def read_units(
    blocks: Sequence[Block], policy: Policy, found: Diagnostics
) -> tuple[pd.DataFrame, Register]:
    """The unit register: the sheet 单位, or the policy's units where there is no such sheet.

    For units of the sheet the policy's aliases hold too, unless the sheet gives them to another.
    """
    issued = {unit.name: unit.aliases for unit in policy.units}
    rows = [row for block in blocks for row in _unit_rows(block, policy, found)]
    if not blocks:
        rows = [_issued_row(policy, n) for n in range(len(policy.units))]
    units = _without_doubles(rows, found)
    _report_groups(units, policy, found)
    entries = [_entry(row, policy) for row in units]
    register = make_register(entries, issued, found)
    _resolve_successors(units, register, found)
    frame = UNITS.of({name: [row[name] for row in units] for name in UNITS.names})
    return frame, register


def _without_doubles(
    rows: Sequence[dict[str, object]], found: Diagnostics
) -> list[dict[str, object]]:
    """The first row of every unit; a later one is XP316."""
    first: dict[str, dict[str, object]] = {}
    for row in rows:
        known = first.setdefault(plain(row["unit"]), row)
        if known is not row:
            found.add("XP316", _place(row), unit=row["unit"], other=_place(known))
    return list(first.values())


def _report_groups(
    units: Sequence[Mapping[str, object]], policy: Policy, found: Diagnostics
) -> None:
    """A group that the document does not have is XP315, once, at its first unit."""
    groups = [str(row["group"]) for row in units]
    for group in dict.fromkeys(groups) if policy.groups else ():
        if group not in policy.groups:
            place = _place(units[groups.index(group)], "group")
            values = {"text": group or "（空白）", "count": groups.count(group)}
            found.add("XP315", place, known="、".join(policy.groups), **values)


def _resolve_successors(
    units: Sequence[dict[str, object]], register: Register, found: Diagnostics
) -> None:
    """Successors 并入 by their official names; one that cannot be followed is none (XP335)."""
    by_name = {str(row["unit"]): row for row in units}
    for row in units:
        text = str(row["successor"])
        row["successor"] = register.resolve(text) or "" if text else ""
        if text and not row["successor"]:
            _refuse_successor(row, text, "单位表里没有这个单位" + register.nearest(text), found)
        elif text and pd.isna(row["valid_to"]):  # type: ignore[call-overload]  # a date or NaT
            _refuse_successor(row, text, "没有填失效日期", found)
    for row in units:
        if row["successor"] and _leads_back(row, by_name):
            _refuse_successor(row, str(row["successor"]), "并入关系绕成一圈", found)


def _leads_back(start: Mapping[str, object], by_name: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether the successors of a unit end in a circle."""
    passed, unit = set(), str(start["unit"])
    while unit and unit not in passed:
        passed.add(unit)
        unit = str(by_name[unit]["successor"])
    return bool(unit)


def _refuse_successor(row: dict[str, object], text: str, reason: str, found: Diagnostics) -> None:
    place = _place(row, "successor")
    found.add("XP335", place, unit=row["unit"], text=text, reason=reason)
    row["successor"] = ""


def _place(row: Mapping[str, object], field: str = "unit") -> Cell:
    """The cell of a unit's row that holds a field; its name where there is no such column."""
    places = row["places"]
    assert isinstance(places, dict)  # noqa: S101 - made by _unit_rows alone
    return cast("Cell", places.get(field, places["unit"]))


def _entry(row: Mapping[str, object], policy: Policy) -> Entry:
    aliases = row["aliases"] if isinstance(row["aliases"], tuple) else ()
    place = _place(row, "aliases") if row["sheet"] else Key(policy.id, "unit")
    return Entry(str(row["unit"]), str(row["group"]), aliases, place)


def _unit_rows(block: Block, policy: Policy, found: Diagnostics) -> list[dict[str, object]]:
    data = records(block, "unit", ("group",), found)
    length = len(data)
    valid = {
        name: days(data.column(name), length, found).days for name in ("valid_from", "valid_to")
    }
    units, aliases = (texts(data.column(name), length) for name in ("unit", "aliases"))
    successors = _successors(data, units, policy)
    groups = _groups(texts(data.column("group"), length), units, policy)
    for at in [n for n, unit in enumerate(units) if not unit and aliases[n]]:
        place = block.grid.cell(int(data.rows[at]), block.columns["unit"])
        values = {"field": "单位名称", "project": aliases[at], "effect": "该行未用"}
        found.add("XP309", place, **values)
    return [
        {
            "unit": unit,
            "group": groups[at],
            "aliases": tuple(filter(None, map(str.strip, _ALIAS_SEPARATOR.split(aliases[at])))),
            "valid_from": valid["valid_from"][at],
            "valid_to": valid["valid_to"][at],
            "successor": successors[at],
            "sheet": block.grid.name,
            "row": int(data.rows[at]),
            "places": {
                name: block.grid.cell(int(data.rows[at]), column)
                for name, column in block.columns.items()
            },
        }
        for at, unit in enumerate(units)
        if unit
    ]


def _successors(data: Records, units: Sequence[str], policy: Policy) -> list[str]:
    """Successors as written; those of the document where the table has no such column."""
    if "successor" in data.cells:
        written = texts(data.column("successor"), len(data))
        return ["" if plain(text) in NONE_WORDS else text for text in written]
    issued = {plain(unit.name): unit.successor for unit in policy.units}
    return [issued.get(plain(unit), "") for unit in units]


def _groups(written: Sequence[str], units: Sequence[str], policy: Policy) -> list[str]:
    """Groups by the document's names; a blank one is that of the document's unit."""
    known = {plain(group): group for group in policy.groups}
    issued = {plain(unit.name): unit.group for unit in policy.units}
    return [
        known.get(plain(group), group) or issued.get(plain(unit), "")
        for group, unit in zip(written, units, strict=True)
    ]


def _issued_row(policy: Policy, n: int) -> dict[str, object]:
    unit = policy.units[n]
    return {
        "unit": unit.name,
        "group": unit.group,
        "aliases": unit.aliases,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "successor": unit.successor,
        "sheet": "",
        "row": 0,
        "places": {"unit": Cell("")},
    }


def read_choices(blocks: Sequence[Block], policy: Policy, found: Diagnostics) -> dict[str, Choice]:
    """What the sheet 口径 says of each ruling; an option that nobody knows stays as it is.

    A choice without an id is XP409, a second row of a ruling XP410; neither is used.
    """
    choices: dict[str, Choice] = {}
    for block in blocks:
        data = records(block, "ruling", (), found)
        for at, name in enumerate(texts(data.column("ruling"), len(data))):
            if name in choices:
                place = block.grid.cell(int(data.rows[at]), block.columns["ruling"])
                found.add("XP410", place, ruling=name, other=choices[name].cell)
            elif name:
                choices[name] = _choice(data, at, policy.ruling(name), found)
            elif (text := said(data.cells["option"][at])) not in _NO_CHOICE:
                place = block.grid.cell(int(data.rows[at]), block.columns["ruling"])
                known = "、".join(ruling.id for ruling in policy.rulings)
                found.add("XP409", place, text=text, known=known)
    return choices


def _choice(data: Records, at: int, ruling: Ruling | None, found: Diagnostics) -> Choice:
    block, row = data.block, int(data.rows[at])
    written = {name: said(cells[at]) for name, cells in data.cells.items()}
    place = block.grid.cell(row, block.columns["option"])
    option = option_id(written["option"], ruling)
    decided_on = _date(data, at, found)
    return Choice(written["ruling"], option, written.get("decided_by", ""), decided_on, place)


def _date(data: Records, at: int, found: Diagnostics) -> date | None:
    """The day of a decision; an unreadable one is XP103."""
    column = data.column("decided_on")
    if column is None:
        return None
    day = parse_date(column.cells[at])
    if isinstance(day, Day):
        return month_end(day.date) if day.precision == "month" else day.date
    if not isinstance(day, Missing):
        found.add("XP103", column.place(at), text=day.text, reason=day.reason)
    return None


def option_id(text: str, ruling: Ruling | None) -> str:
    """The id of the option that a cell chooses: an id, a label, or an id with its label behind it.

    Text that names no option is returned as it is, for the engine to report.
    """
    if ruling is None or text in _NO_CHOICE:
        return "" if text in _NO_CHOICE else text
    for option in sorted(ruling.options, key=lambda option: -len(option.id)):
        rest = text.removeprefix(option.id)
        if rest != text and (not rest or _OPTION_END.match(rest)):
            return option.id
    labels = {plain(option.label): option.id for option in ruling.options}
    return labels.get(plain(text), _by_number(text, ruling))


def _by_number(text: str, ruling: Ruling) -> str:
    """0.2 as Excel stores 20% means the option 20%."""
    try:
        share = f"{float(text):.0%}"
    except ValueError:
        return text
    return share if ruling.option(share) else text


def settings_of(grid: Grid, found: Diagnostics) -> Settings:
    """Settings from label and value side by side; an unusable value is XP209 and counts as none.

    A label that nobody knows, or that stands twice, is XP210.
    """
    values = _labelled(grid)
    _report_strangers(grid, values, found)
    read: dict[str, object] = {"given": tuple(_given(values))}
    for name, (cell, place) in values.items():
        if name == "as_of":
            _report_month(cell, place, found)
        value = _SETTING_READERS.get(name, said)(cell)
        if value is None and said(cell):
            known = _SETTING_HELP[name]
            text = said(cell)
            shown = SETTING_NAMES.get(name, name)
            found.add("XP209", place, name=shown, text=text, known=known)
        elif value is not None and name not in LETTERHEAD:
            read[name] = value
    return Settings(**read)  # type: ignore[arg-type]  # each reader gives its field's type


def _given(values: Mapping[str, tuple[object, Cell]]) -> Iterator[tuple[str, str]]:
    """What is written of head and foot of documents, as text; a day that is none is not given."""
    for name in LETTERHEAD:
        cell = values[name][0] if name in values else ""
        day = _as_of(cell) if name == _PRINTED else None
        text = day.isoformat() if day else "" if name == _PRINTED else said(cell)
        if text:
            yield name, text


_PRINTED = "印发日期"


def _report_month(cell: object, place: Cell, found: Diagnostics) -> None:
    """A day written as a month is taken as its last day, which is said (XP104)."""
    day = parse_date(cell)
    if isinstance(day, Day) and day.precision == "month":
        value = month_end(day.date).isoformat()
        found.add("XP104", place, text=day.text, qualifier="没有写日", value=value)


def _report_strangers(
    grid: Grid, values: Mapping[str, tuple[object, Cell]], found: Diagnostics
) -> None:
    """Filled rows of the labels' column that set nothing (XP210), but for heads and notes."""
    taken = {(place.row, place.column) for _, place in values.values()}
    columns = {place.column - 1 for _, place in values.values()} or {grid.first_column}
    for row in range(grid.first_row, grid.first_row + len(grid.rows)):
        for column in sorted(columns):
            label, right = plain(grid.at(row, column)).rstrip(":"), _right_of(grid, row, column)
            value = grid.at(row, right)
            is_head = plain(value) in _VALUE_HEADS or label in _OWN_NOTES
            if label and said(value) and (row, right) not in taken and not is_head:
                doubled = values.get(_LABELS.get(label, ""))
                reason = f"另见 {doubled[1]}" if doubled else "不认识这一项"
                known = "、".join([*SETTING_NAMES.values(), *LETTERHEAD])
                place = grid.cell(row, column)
                found.add("XP210", place, text=label, reason=reason, known=known)


def _labelled(grid: Grid) -> dict[str, tuple[object, Cell]]:
    """The value of each known label: the cell next to it, past the label's own merged area."""
    found: dict[str, tuple[object, Cell]] = {}
    for row, cells in enumerate(grid.rows, grid.first_row):
        for column, cell in enumerate(cells, grid.first_column):
            name = _LABELS.get(plain(cell).rstrip(":"))
            if name and name not in found:
                right = _right_of(grid, row, column)
                found[name] = grid.at(row, right), grid.cell(row, right)
    return found


def _right_of(grid: Grid, row: int, column: int) -> int:
    ends = (s.last_column for s in grid.merged if (s.first_row, s.first_column) == (row, column))
    return next(ends, column) + 1


def _policy_id(cell: object) -> str | None:
    text = said(cell)
    found = _POLICY_ID.match(text)
    return (found[0] if found else text) or None


def _as_of(cell: object) -> date | None:
    day = parse_date(cell)
    if not isinstance(day, Day):
        return None
    return month_end(day.date) if day.precision == "month" else day.date


def _period(cell: object) -> str | None:
    period = parse_period(said(cell))
    return period.text if period else None


def _places(cell: object) -> int | None:
    found = re.search(r"[0-9]+", said(cell))
    numerals = {"两": 2, "二": 2, "一": 1, "三": 3, "四": 4, "整": 0}
    places = (
        int(found[0])
        if found
        else next((number for sign, number in numerals.items() if sign in said(cell)), None)
    )
    return places if places is not None and places <= _MOST_PLACES else None


_SETTING_READERS = {
    "policy": _policy_id,
    "as_of": _as_of,
    "period": _period,
    "places": _places,
    _PRINTED: _as_of,
}
_SETTING_HELP = {
    "policy": "方案编号，如 xlplan policies 所列",
    "as_of": "完整日期，如 2021-09-30",
    "period": "2021、2021Q3、2021-09、2021-2025",
    "places": "0 至 10 的整数",
    _PRINTED: "完整日期，如 2021-10-08",
}
