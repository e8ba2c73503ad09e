"""Cohorts of a rate: which projects are in the denominator, and which of them count."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Codes, Days, Flags, amounts, days, spots, texts
from xlplan.crediting.selection import answers_of
from xlplan.crediting.tiers import Answer
from xlplan.diagnostics import Diagnostics
from xlplan.model import (
    COHORTS,
    MORE_PROJECT_HEADS,
    ONE,
    PROJECT_HEADS,
    Ledger,
    in_yi,
)
from xlplan.policy.schema import Measure, Policy, Where
from xlplan.quantity import Period, exact_decimal
from xlplan.statistics.windows import days_of

_HEADS = {head.field: head.head for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS)}
_SINGLE = "project"
_AMOUNTS = frozenset({"agreement", "investment", "output"})


@dataclass(slots=True)
class Blanks:
    """The blank cells that leave open whether a project is in a rate, each said once."""

    ledger: Ledger
    cells: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def note(self, measure: Measure, name: str, which: Flags) -> None:
        """Projects of which a blank field leaves a rate open."""
        for index in np.flatnonzero(which).tolist():
            self.cells.setdefault((name, index), []).append(measure.name)

    def report(self, found: Diagnostics) -> None:
        """XP309, once for each cell, naming every rate that turns on it."""
        projects = self.ledger.projects
        for (name, index), measures in self.cells.items():
            only = np.zeros(len(projects), dtype=bool)
            only[index] = True
            for spot in spots(self.ledger, projects, name, only):
                effect = f"无法判断是否计入{'、'.join(dict.fromkeys(measures))}，暂未计入"
                values = {"field": _HEADS[name], "project": spot.project, "effect": effect}
                found.add("XP309", spot.cell, **values)


@dataclass(frozen=True, slots=True)
class _Field:
    """The projects of a ledger as a rate sees them."""

    ledger: Ledger
    measure: Measure
    period: Period
    as_of: date
    blanks: Blanks

    @property
    def projects(self) -> pd.DataFrame:
        return self.ledger.projects

    def answer(self, where: Where, within: Flags) -> tuple[Flags, list[tuple[str, Answer]]]:
        """Which projects a filter admits; blanks within the cohort are noted."""
        asked = Measure("", "", "project", where=where)
        parts = list(answers_of(asked, self.projects))
        whole = Answer(np.ones(len(within), dtype=bool), np.zeros(len(within), dtype=bool))
        for _, part in parts:
            whole = whole.both(part)
        for name, part in parts:
            self.blanks.note(self.measure, name, whole.untold & part.untold & within)
        return whole.holds, parts

    def amount(self, name: str, within: Flags) -> tuple[Codes, Flags]:
        """Grains of each project, and which have none; a blank amount is noted."""
        if name == _SINGLE:
            return np.full(len(within), ONE, dtype=np.int64), np.zeros(len(within), dtype=bool)
        if name == "receipts":
            return self._received(), np.zeros(len(within), dtype=bool)
        column = self.projects[name]
        missing = column.isna().to_numpy()
        unreadable = np.array([name in said for said in self.projects["unreadable"]], dtype=bool)
        foreign = np.array(
            [any(one.field == name for one in said) for said in self.projects["foreign"]],
            dtype=bool,
        )
        told = unreadable | foreign | (self._signed_now() if name == "agreement" else False)
        self.blanks.note(self.measure, name, missing & within & ~told)
        return amounts(column), missing

    def _signed_now(self) -> Flags:
        """The projects signed in the period: a blank agreement of these is said by crediting."""
        signed = days(self.projects["signed"])
        return self.by_then(signed) & (signed >= np.datetime64(self.period.start, "s"))

    def _received(self) -> Codes:
        """What each project received up to the as-of date."""
        receipts = self.ledger.receipts
        payer = pd.Index(self.projects["project"]).get_indexer(pd.Index(receipts["project"]))
        dates = days(receipts["received"])
        counted = (payer >= 0) & self.by_then(dates) & receipts["amount"].notna().to_numpy()
        total = np.zeros(len(self.projects), dtype=np.int64)
        np.add.at(total, payer[counted], amounts(receipts["amount"])[counted])
        return total

    def by_then(self, dates: Days) -> Flags:
        """Which days are not after the as-of date; a missing one is not."""
        end = np.datetime64(self.as_of, "s") + np.timedelta64(1, "D")
        return (dates < end) & ~np.isnat(dates)


def cohort_of(
    ledger: Ledger, measure: Measure, policy: Policy, when: tuple[Period, date], blanks: Blanks
) -> pd.DataFrame:
    """The cohort of a rate: one row a project and unit whose rate it is in (`model.COHORTS`).

    `when` is the period and the as-of date.
    """
    period, as_of = when[0], measure.counted_to(when[1])
    cohort, fulfilled = measure.statistic.cohort, measure.statistic.fulfilled
    seen = _Field(ledger, measure, period, as_of, blanks)
    dates = days(ledger.projects[cohort.dated_by])
    first, end = (np.datetime64(day, "s") for day in days_of(cohort, policy, period, as_of))
    known = texts(ledger.projects["lead"]) != ""
    within = (dates >= first) & (dates < end) & known.astype(bool)
    inside, _ = seen.answer(cohort.where, within)
    grains, missing = seen.amount(cohort.amount, within & inside)
    members = within & inside & ~missing
    admitted, parts = seen.answer(fulfilled.where, members)
    reasons = [(name, ~part.holds) for name, part in parts]
    if fulfilled.dated_by:
        by_then = seen.by_then(days(ledger.projects[fulfilled.dated_by]))
        admitted, reasons = admitted & by_then, [*reasons, (fulfilled.dated_by, ~by_then)]
    counted, without = seen.amount(fulfilled.amount, members & admitted)
    counted = np.where(admitted & ~without, counted, 0)
    at = np.flatnonzero(members).tolist()
    rows = [_row(seen, index, reasons) for index in at]
    frame = pd.DataFrame(rows, columns=["index", "name", "because", "decides"])
    return _frame(seen, frame, _Values(grains, counted, dates))


def _row(seen: _Field, index: int, reasons: list[tuple[str, Flags]]) -> tuple[int, str, str, str]:
    """A member: why it counts or does not, and the field that decides."""
    failed = [name for name, fails in reasons if fails[index]]
    asked = failed or [name for name, _ in reasons]
    said = "、".join(_said(seen, index, name) for name in dict.fromkeys(asked))
    because = f"{'未计' if failed else '计'}：{said}" if asked else "计"
    own = seen.measure.statistic.fulfilled
    decides = asked[0] if asked else ("agreement" if own.amount == "receipts" else "project")
    return index, str(seen.projects["name"].iloc[index]), because, decides


def _said(seen: _Field, index: int, name: str) -> str:
    """What the ledger says in a field of a project, under its head."""
    value = seen.projects[name].iloc[index]
    if isinstance(value, tuple):
        text = "、".join(value)
    elif name in _AMOUNTS and not pd.isna(value):
        text = f"{exact_decimal(in_yi(int(value)))}亿元"
    elif isinstance(value, pd.Timestamp):
        text = f"{value:%Y-%m-%d}"
    else:
        text = "" if pd.isna(value) else str(value)
    return f"{_HEADS[name]}{text or '空白'}"


@dataclass(frozen=True, slots=True)
class _Values:
    """Grains in the denominator and numerator, and the day of each project of the ledger."""

    amount: Codes
    counted: Codes
    day: Days


def _frame(seen: _Field, members: pd.DataFrame, values: _Values) -> pd.DataFrame:
    """One row for each unit whose rate a member is in."""
    ledger, projects = seen.ledger, seen.projects
    groups = dict(zip(ledger.units["unit"], ledger.units["group"], strict=True))
    rows: dict[str, list[object]] = {name: [] for name in COHORTS.names}
    for index, name, because, decides in members.itertuples(index=False):
        sheet, row = str(projects["sheet"].iloc[index]), int(projects["row"].iloc[index])
        cell = ledger.cell(sheet, row, decides, int(projects["block"].iloc[index]))
        for number, unit in enumerate(_units(seen, index)):
            said: dict[str, object] = {
                "measure": seen.measure.name,
                "group": groups.get(unit, ""),
                "unit": unit,
                "project": projects["project"].iloc[index],
                "name": name,
                "date": pd.Timestamp(values.day[index]),
                "amount": int(values.amount[index]),
                "counted": int(values.counted[index]),
                "first": number == 0,
                "because": because,
                "sheet": sheet,
                "row": row,
                "column": cell.column,
            }
            for key, value in said.items():
                rows[key].append(value)
    return COHORTS.of(rows)


def _units(seen: _Field, index: int) -> Iterator[str]:
    """The units whose rate a project is in, the lead unit first."""
    yield str(seen.projects["lead"].iloc[index])
    if seen.measure.statistic.counts_for == "all-units":
        yield from seen.projects["cooperating"].iloc[index]
