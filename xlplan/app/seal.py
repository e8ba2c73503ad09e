"""A sealed result: the JSON of an earlier recalculation, read back exactly."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from xlplan.container import reachable
from xlplan.diagnostics import RequestError
from xlplan.model import CREDITS, STANDINGS, TOTALS
from xlplan.policy import Policy
from xlplan.progress.changes import Side
from xlplan.quantity import Period, to_grains

Rows = list[Mapping[str, Any]]

NO_SEAL = "不是 xlplan recalculate --json 写出的结果"
OLD_SEAL = "是旧版本写出的，缺少“{key}”；请用本版本对那一期重新写一份"


def is_seal(path: Path) -> bool:
    """Whether a file is JSON rather than a workbook."""
    with reachable(path), path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_seal(path: Path, policy: Policy) -> tuple[Side, Period]:
    """The side and the period that a sealed result holds; amounts in grains of this policy.

    Raises:
        RequestError: XP896 when it is no result, or one of an older version.
    """
    with reachable(path):
        data = path.read_bytes()
    try:
        told = json.loads(data)
        period = policy.period_named(str(told["period"]))
        if period is None:
            _refuse(path, NO_SEAL)
        return _side(told, policy, period), period
    except KeyError as missing:
        known = isinstance(told, dict) and {"policy", "standings", "credits"} <= told.keys()
        _refuse(path, OLD_SEAL.format(key=missing.args[0]) if known else NO_SEAL, missing)
    except (ValueError, TypeError, AttributeError) as wrong:
        _refuse(path, NO_SEAL, wrong)


def _refuse(path: Path, reason: str, cause: Exception | None = None) -> NoReturn:
    raise RequestError("XP896", path=path, reason=reason) from cause


def _side(told: Mapping[str, Any], policy: Policy, period: Period) -> Side:
    grains = {measure.name: measure.grains for measure in policy.measures}
    groups = {str(row["unit"]): str(row["group"]) for row in told["standings"]}
    return Side(
        policy=str(told["policy"]),
        start=period.start,
        as_of=date.fromisoformat(told["as_of"]),
        options={name: option or "" for name, option in told["rulings"].items()},
        credits=_credits(told["credits"], grains, groups),
        standings=_figures(told["standings"], STANDINGS.names),
        totals=_figures(told["totals"], TOTALS.names),
        projects=frozenset(str(row["project"]) for row in told["tiers"]),
    )


def _figures(rows: Rows, names: Iterable[str]) -> pd.DataFrame:
    """Group, unit, measure and exact value of each row: all that a comparison asks for."""
    columns = [name for name in ("group", "unit", "measure") if name in names]
    values = [None if row["value"] is None else Fraction(row["value"]) for row in rows]
    frame = {name: [str(row[name]) for row in rows] for name in columns}
    return pd.DataFrame({**frame, "value": pd.Series(values, dtype="object")})


def _credits(rows: Rows, grains: Mapping[str, int], groups: Mapping[str, str]) -> pd.DataFrame:
    """The credits of measures that are still known, by their cells."""
    known = [row for row in rows if row["measure"] in grains]
    per = [grains[row["measure"]] for row in known]
    columns: dict[str, list[object]] = {
        name: [str(row[name] or "") for row in known]
        for name in ("project", "measure", "unit", "ruling")
    }
    columns["group"] = [groups.get(str(row["unit"]), "") for row in known]
    columns["sheet"] = [str(row["source"]) for row in known]
    for name in ("amount", "credit", "whole"):
        columns[name] = [
            to_grains(Fraction(row[name]), one) for row, one in zip(known, per, strict=True)
        ]
    columns["date"] = [
        None if row["date"] is None else datetime.fromisoformat(row["date"]) for row in known
    ]
    columns["row"] = columns["column"] = [0] * len(known)
    assert columns.keys() <= set(CREDITS.names)  # noqa: S101 - columns of credits, and no others
    return pd.DataFrame(
        {name: pd.Series(column, dtype="object") for name, column in columns.items()}
    )
