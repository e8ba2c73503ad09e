"""Reads [[measure]] whatever its kind: a sum over the ledger, or a statistic."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal, get_args

from xlplan.policy.amounts import factor, period
from xlplan.policy.document import measure as sum_of
from xlplan.policy.document import where
from xlplan.policy.reading import Table
from xlplan.policy.schema import (
    COHORT_PERIODS,
    Base,
    Basis,
    Better,
    Cohort,
    CohortAmount,
    CountedAmount,
    Dated,
    Fulfilled,
    Kind,
    Measure,
    Statistic,
)

_KINDS: tuple[Kind, ...] = get_args(Kind)
_BETTER: tuple[Better, ...] = get_args(Better)
_BASES: tuple[Basis, ...] = get_args(Basis)
_COUNTS_FOR: tuple[Literal["lead", "all-units"], ...] = ("lead", "all-units")
_GROWN_FROM: tuple[Base, ...] = get_args(Base)
_COHORT_AMOUNTS: tuple[CohortAmount, ...] = get_args(CohortAmount)
_COUNTED_AMOUNTS: tuple[CountedAmount, ...] = get_args(CountedAmount)
_DATES: tuple[Dated, ...] = get_args(Dated)
_ANY_DATE: tuple[Literal["", "signed", "started", "produced"], ...] = ("", *_DATES)

_OF_SUMS = (
    *("amount", "tier", "part_of", "except_sectors", "dated_by", "where", "distinct_by"),
    *("currency", "lag"),
)
_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "rate": ("cohort", "counted", "counts_for"),
    "reported": ("unit",),
    "growth": ("of",),
    "ratio": ("numerator", "denominator"),
    "combined": ("terms", "unit"),
}
_POSSIBLE: Mapping[Kind, tuple[str, ...]] = {
    "sum": ("unit", "basis", "better"),
    "rate": ("better",),
    "reported": ("basis", "feeds_only", "better"),
    "growth": ("base", "better"),
    "ratio": ("unit", "better"),
    "combined": ("better",),
}
_OWN = (
    *("unit", "basis", "better", "cohort", "counted", "counts_for", "of", "base"),
    *("numerator", "denominator", "feeds_only", "terms"),
)
"""The keys that mean something for some kinds only; `_NEEDED` and `_POSSIBLE` say for which."""

_TERM = 2
_DEFAULT_UNITS: Mapping[Kind, str] = {"rank": "名"}


def measure(table: Table) -> Measure:
    """What is counted: of the ledger's projects and receipts, or by a statistic."""
    kind = table.choice("kind", _KINDS, "sum")
    _refuse_idle(table, kind)
    if kind == "sum":
        found = sum_of(table)
        # Every key is asked for, so that the schema that the loader tells knows them all.
        _statistic(table, kind)
        better, clause = table.choice("better", _BETTER, "higher"), table.text("clause", "")
        return replace(found, better=better, clause=clause)
    return Measure(
        table.text("id"),
        table.text("name"),
        "",
        kind=kind,
        statistic=_statistic(table, kind),
        better="lower" if kind == "rank" else table.choice("better", _BETTER, "higher"),
        basis=table.choice("basis", _BASES, "level" if kind == "rank" else "flow"),
        clause=table.text("clause"),
    )


def _refuse_idle(table: Table, kind: Kind) -> None:
    """Keys that mean nothing for the kind, and those that it cannot be without."""
    if table.reading.faulty(table.at("kind")):
        return
    needed = _NEEDED.get(kind, ())
    known = (*needed, *_POSSIBLE.get(kind, ()), *(_OF_SUMS if kind == "sum" else ()))
    for key in (*_OF_SUMS, *_OWN):
        if table.has(key) and key not in known:
            table.fault("XP627", key, key=key, reason=f'kind = "{kind}"')
    for key in needed:
        if not table.has(key):
            table.fault("XP604", key, key=key)


def _statistic(table: Table, kind: Kind) -> Statistic:
    """What a statistic is computed from."""
    has_cohort, has_counted = table.has("cohort"), table.has("counted")
    return Statistic(
        unit=table.text("unit", "") or _DEFAULT_UNITS.get(kind, "%"),
        cohort=table.one("cohort", _cohort) if has_cohort else Cohort(),
        fulfilled=table.one("counted", _fulfilled) if has_counted else Fulfilled(),
        counts_for=table.choice("counts_for", _COUNTS_FOR, "lead"),
        of=table.text("of", ""),
        base=table.choice("base", _GROWN_FROM, "previous-year"),
        numerator=table.text("numerator", ""),
        denominator=table.text("denominator", ""),
        feeds_only=table.flag("feeds_only", default=False) is True,
        terms=_terms(table) if table.has("terms") else (),
    )


def _terms(table: Table) -> tuple[tuple[str, Fraction], ...]:
    """The measures that are added up, each with its factor 折算系数."""
    found = []
    if not (rows := table.text_rows("terms")):
        table.fault("XP604", "terms", key="terms")
    for n, row in enumerate(rows, 1):
        path = f"{table.at('terms')}[{n}]"
        if len(row) != _TERM:
            table.reading.fault("XP622", path, count=len(row), expected=_TERM)
            continue
        found.append((row[0], factor(table.reading, f"{path}[2]", row[1]) or Fraction(1)))
    return tuple(found)


def _cohort(table: Table) -> Cohort:
    """The projects in the denominator: by which day, of which period, and what of each."""
    when = table.text("period")
    if when and when not in COHORT_PERIODS:
        when = period(table.reading, table.at("period"), when)
    return Cohort(
        table.choice("amount", _COHORT_AMOUNTS, "project"),
        table.choice("dated_by", _DATES, "signed"),
        when,
        table.one("where", where),
    )


def _fulfilled(table: Table) -> Fulfilled:
    """Which of them count in the numerator, and what of each."""
    return Fulfilled(
        table.choice("amount", _COUNTED_AMOUNTS, "project"),
        table.choice("dated_by", _ANY_DATE, ""),
        table.one("where", where),
    )
