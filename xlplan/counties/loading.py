"""Reads a roll-up policy 汇总方案 from a TOML file, or refuses it with every fault and its key."""

import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from xlplan.counties.nouns import IDENTITIES, County, Different, How, Scope, Sought
from xlplan.diagnostics import RequestError
from xlplan.policy.reading import NO_DATE, Faults, Reading, Table
from xlplan.quantity import Quantity, parse_period, parse_quantity

_HOWS: tuple[How, ...] = get_args(How)
_DIFFERENT: tuple[Different, ...] = ("largest", "smallest", "add")
_YUAN = 10**8  # 元 in one 亿元, in which measures of money are told


def load_scope(path: Path | str) -> Scope:
    """The roll-up policy of a file.

    Raises:
        RequestError: XP001 no such file, XP006 it cannot be read, XP601 it has faults.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise RequestError("XP001", path=file) from error
    except UnicodeDecodeError as error:
        reading = Reading(file.stem)
        reading.fault("XP602", "", line=1, reason="不是 UTF-8 编码")
        raise _refusal(reading) from error
    except OSError as error:
        raise RequestError("XP006", path=file, reason=error.strerror) from error
    return parse_scope(text, file.stem)


def parse_scope(text: str, name: str) -> Scope:
    """The roll-up policy that a text in TOML says; `name` stands for the file in messages."""
    reading = Reading(name)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        at = int(line[1]) if line else text.count("\n") + 1
        reading.fault("XP602", "", line=at, reason=reason)
        raise _refusal(reading) from error
    scope = _scope(Table(reading, values))
    if len(reading.found):
        raise _refusal(reading)
    return scope


def _refusal(reading: Reading) -> RequestError:
    faults = Faults(reading.name, tuple(reading.found))
    return RequestError("XP601", count=len(faults.found), faults=faults)


def _scope(top: Table) -> Scope:
    counties = top.each("county", _county)
    measures = top.each("measure", _measure)
    _once(top, "county", [county.name for county in counties])
    _once(top, "measure", [measure.name for measure in measures])

    def head(table: Table) -> Scope:
        period, as_of = table.text("period", ""), table.day("as_of")
        if period and parse_period(period) is None:
            table.fault("XP610", "period", what="期间", text=period, example="2021、2021Q3")
        return Scope(
            id=table.text("id"),
            title=table.text("title"),
            area=table.text("area"),
            period=period,
            as_of=None if as_of == NO_DATE else as_of,
            counties=counties,
            measures=measures,
            same=_same(table),
            when_different=_when_different(table),
            is_declared=True,
        )

    top.has("rollup")
    scope = top.one("rollup", head)
    top.close()
    return scope


def _same(table: Table) -> tuple[tuple[str, ...], ...]:
    """The alternatives of fields that tell that two projects are one."""
    if not table.has("same_project"):
        return Scope().same
    rows = table.text_rows("same_project")
    for row in rows:
        for field in row:
            if field not in IDENTITIES:
                known = "、".join(IDENTITIES)
                table.fault("XP606", "same_project", text=field, what="same_project", known=known)
    return tuple(row for row in rows if row)


def _when_different(table: Table) -> Different:
    """What counts of a project whose amounts differ; "" = it is not ruled."""
    return table.choice("when_different", _DIFFERENT) if table.has("when_different") else ""


def _county(table: Table) -> County:
    return County(table.text("name"), table.one_or_more("books", ()))


def _measure(table: Table) -> Sought:
    name = table.text("name")
    how: How | Literal[""] = table.choice("how", _HOWS) if table.has("how") else ""
    unit = table.text("unit", "")
    return Sought(
        name,
        how,
        unit,
        table.mapping("from") if table.has("from") else {},
        table.one_or_more("without", ()),
        _target(table, unit) if table.has("target") else None,
    )


def _target(table: Table, unit: str) -> Fraction | None:
    """The area's own target, in the unit of its measure."""
    text = table.text("target")
    found = parse_quantity(text, unit=unit or "亿元")
    if not isinstance(found, Quantity) or not found.is_exact:
        table.fault("XP610", "target", what=f"数量（{unit or '亿元'}）", text=text, example="500")
        return None
    return found.value / _YUAN if found.kind == "money" else found.value


def _once(top: Table, key: str, names: list[str]) -> None:
    """Every name stands once."""
    for at, name in enumerate(names, 1):
        if name and name in names[: at - 1]:
            first = f"{key}[{names.index(name) + 1}].name"
            top.fault("XP609", f"{key}[{at}].name", what="名称", text=name, other=first)
