"""Ledgers for tests: written in 亿元 and unit names, as a clerk would say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pandas as pd
from hypothesis import strategies as st

from xlplan.diagnostics import Cell
from xlplan.model import (
    MORE_PROJECT_HEADS,
    PROJECT_HEADS,
    PROJECT_SHEET,
    PROJECTS,
    RECEIPT_HEADS,
    RECEIPT_SHEET,
    RECEIPTS,
    REPORTED,
    RULING_SHEET,
    STATISTIC_SHEET,
    TARGET_TABLE_SHEET,
    TARGETS,
    UNIT_SHEET,
    UNITS,
    YI,
    Choice,
    Ledger,
)
from xlplan.policy import Policy

FIRST_ROW = 4
"""The row of the first record on every sheet."""

COLUMNS = {
    (sheet, 0, head.field): column
    for sheet, heads in (
        (PROJECT_SHEET, PROJECT_HEADS + MORE_PROJECT_HEADS),
        (RECEIPT_SHEET, RECEIPT_HEADS),
    )
    for column, head in enumerate(heads, 1)
}

SIGNED = date(2021, 3, 15)


def yi(text: str | None) -> int | None:
    """Grains of an amount in 亿元; None stays missing."""
    return None if text is None else int(Fraction(text) * YI)


@dataclass(frozen=True)
class Project:
    """A row of 项目台账; amounts in grains, None = blank, `unreadable` fields hold rubbish."""

    project: str
    lead: str
    cooperating: tuple[str, ...] = ()
    origin: str = "市外"
    sector: str = "工业"
    investment: int | None = None
    output: int | None = None
    agreement: int | None = None
    signed: date | None = SIGNED
    unreadable: tuple[str, ...] = ()
    investor: str = ""
    team: str = ""
    industry: str = ""
    status: str = ""
    level: str = ""
    lists: tuple[str, ...] = ()
    started: date | None = None
    produced: date | None = None
    landing: str = ""


@dataclass(frozen=True)
class Receipt:
    """A row of 到位资金; the amount in grains."""

    project: str
    amount: int
    received: date | None = SIGNED


def ledger_of(
    policy: Policy,
    projects: Sequence[Project] = (),
    receipts: Sequence[Receipt] = (),
    choices: Mapping[str, str] | None = None,
) -> Ledger:
    """A ledger with the policy's own units and targets."""
    return Ledger(
        units=_units(policy),
        targets=_targets(policy),
        projects=_projects(projects),
        receipts=_receipts(receipts),
        choices=choices_of(policy, choices or {}),
        columns=COLUMNS,
    )


def reported_of(policy: Policy, rows: Sequence[tuple]) -> pd.DataFrame:
    """Rows of 统计数据: unit, measure, period, value and perhaps the base of a year before."""
    full = [(*row, *(None,) * (5 - len(row))) for row in rows]
    groups = {unit.name: unit.group for unit in policy.units}
    unit, measure, period, value, base = zip(*full, strict=True) if full else ((),) * 5
    size = len(full)
    return REPORTED.of(
        {
            "group": [groups.get(name, policy.area) for name in unit],
            "unit": list(unit),
            "measure": list(measure),
            "period": list(period),
            "value": [None if one is None else Fraction(one) for one in value],
            "base": [None if one is None else Fraction(one) for one in base],
            "text": [""] * size,
            "source": [""] * size,
            "sheet": [STATISTIC_SHEET] * size,
            "row": range(FIRST_ROW, FIRST_ROW + size),
            "column": [4] * size,
            "base_column": [5] * size,
        }
    )


def choices_of(policy: Policy, chosen: Mapping[str, str]) -> dict[str, Choice]:
    """The sheet 口径 with these options chosen, decided and dated, and the others left blank."""
    rulings = dict.fromkeys(ruling.id for ruling in policy.rulings) | dict(chosen)
    return {
        ruling: Choice(ruling, option or "", "示例", date(2021, 7, 12), Cell(RULING_SHEET, row, 5))
        for row, (ruling, option) in enumerate(rulings.items(), FIRST_ROW)
    }


def first_options(policy: Policy) -> dict[str, str]:
    """Every ruling closed by its first option."""
    return {ruling.id: ruling.options[0].id for ruling in policy.rulings}


def choosing(ledger: Ledger, policy: Policy, chosen: Mapping[str, str]) -> Ledger:
    """The same ledger under other choices."""
    return replace(ledger, choices=choices_of(policy, chosen))


def _units(policy: Policy) -> pd.DataFrame:
    size = len(policy.units)
    return UNITS.of(
        {
            "unit": [unit.name for unit in policy.units],
            "group": [unit.group for unit in policy.units],
            "aliases": [unit.aliases for unit in policy.units],
            "valid_from": _days([unit.valid_from for unit in policy.units]),
            "valid_to": _days([unit.valid_to for unit in policy.units]),
            "successor": [unit.successor for unit in policy.units],
            "sheet": [UNIT_SHEET] * size,
            "row": range(FIRST_ROW, FIRST_ROW + size),
        }
    )


def _targets(policy: Policy) -> pd.DataFrame:
    size = len(policy.targets)
    names = ("group", "unit", "measure", "period", "bound", "of_which", "value", "text", "basis")
    return TARGETS.of(
        {name: [getattr(target, name) for target in policy.targets] for name in names}
        | {
            "sheet": [TARGET_TABLE_SHEET] * size,
            "row": range(FIRST_ROW, FIRST_ROW + size),
            "column": [2] * size,
        }
    )


def _projects(projects: Sequence[Project]) -> pd.DataFrame:
    size = len(projects)
    given = {
        name: [getattr(project, name) for project in projects]
        for name in Project.__dataclass_fields__
    }
    blank = {name: [""] * size for name in ("credit_code", "remark")}
    return PROJECTS.of(
        given
        | blank
        | {
            "name": [f"项目{project.project}" for project in projects],
            **{
                name: _days([getattr(project, name) for project in projects])
                for name in ("signed", "started", "produced")
            },
            "sheet": [PROJECT_SHEET] * size,
            "row": range(FIRST_ROW, FIRST_ROW + size),
        }
    )


def _receipts(receipts: Sequence[Receipt]) -> pd.DataFrame:
    size = len(receipts)
    return RECEIPTS.of(
        {
            "project": [receipt.project for receipt in receipts],
            "received": _days([receipt.received for receipt in receipts]),
            "amount": [receipt.amount for receipt in receipts],
            "remark": [""] * size,
            "sheet": [RECEIPT_SHEET] * size,
            "row": range(FIRST_ROW, FIRST_ROW + size),
        }
    )


def _days(days: Sequence[date | None]) -> pd.Series:
    return pd.Series([pd.NaT if day is None else pd.Timestamp(day) for day in days]).astype(
        "datetime64[s]"
    )


AMOUNTS = (0, 1, 2, 3, 4, 7, 10**9 - 1, 10**9, 333_333_333_333, 90_000_000_000_001, 9 * 10**16 + 5)
"""Grains that divide badly, and some that are far too large for a float."""

BOUNDS = tuple(yi(text) for text in ("0.05", "0.2", "1", "10", "19.98", "20", "30", "50"))
"""The bounds of tiers, and one just below."""

DAYS = (None, date(2020, 12, 31), date(2021, 1, 1), SIGNED, date(2021, 9, 30), date(2021, 10, 1))


def amounts() -> st.SearchStrategy[int]:
    """Grains of all sizes, awkward ones more often."""
    return st.sampled_from(AMOUNTS) | st.integers(0, 10**13)


def projects(policy: Policy, **fixed: st.SearchStrategy) -> st.SearchStrategy[Project]:
    """Projects of every kind: each origin and sector, up to three partners, fields missing."""
    units = [unit.name for unit in policy.units]
    bounds = st.sampled_from((None, *BOUNDS)) | st.none() | amounts()
    drawn = {
        "units": st.lists(st.sampled_from(units), min_size=1, max_size=4, unique=True),
        "origin": st.sampled_from((*policy.origins, policy.origins[0], "")),
        "sector": st.sampled_from((*policy.sectors, "")),
        "investment": bounds,
        "output": bounds,
        "agreement": st.none() | amounts(),
        "signed": st.sampled_from((*DAYS, SIGNED, SIGNED)),
        "unreadable": st.sampled_from(((), (), (), ("output",), ("sector",))),
    }
    return st.fixed_dictionaries(drawn | fixed).map(_project)


def _project(drawn: dict) -> Project:
    lead, *partners = drawn.pop("units")
    if "output" in drawn["unreadable"]:
        drawn["output"] = None
    if "sector" in drawn["unreadable"]:
        drawn["sector"] = ""
    return Project("", lead, tuple(partners), **drawn)


def numbered(found: Sequence[Project]) -> list[Project]:
    """The same projects with ids of their own."""
    return [replace(project, project=f"P{n:03}") for n, project in enumerate(found, 1)]


def receipts_of(found: Sequence[Project]) -> st.SearchStrategy[list[Receipt]]:
    """Receipts of these projects, corrections among them."""
    if not found:
        return st.just([])
    grains = amounts() | amounts().map(lambda amount: -amount)
    ids = st.sampled_from([project.project for project in found])
    days = st.sampled_from((*DAYS, SIGNED, SIGNED))
    return st.lists(st.builds(Receipt, ids, grains, days), max_size=6)


@st.composite
def ledgers(draw: st.DrawFn, policy: Policy) -> tuple[list[Project], list[Receipt]]:
    """Projects and their receipts."""
    found = numbered(draw(st.lists(projects(policy), max_size=6)))
    return found, draw(receipts_of(found))


def choices_made(policy: Policy, *, open_too: bool = True) -> st.SearchStrategy[dict[str, str]]:
    """An option for every ruling, or for some of them."""
    options = {
        ruling.id: st.sampled_from([option.id for option in ruling.options])
        for ruling in policy.rulings
    }
    return (
        st.fixed_dictionaries({}, optional=options) if open_too else st.fixed_dictionaries(options)
    )
