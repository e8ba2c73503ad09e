"""What the targets of a period leave in doubt once they are measured."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import TARGET_TABLE_SHEET, Ledger
from xlplan.progress.pace import Clock
from xlplan.progress.standings import Standing
from xlplan.quantity import Period

if TYPE_CHECKING:
    import pandas as pd


def findings_of(
    credits: "pd.DataFrame",  # noqa: A002 - the glossary's word; the builtin is a site's banner
    standings: Sequence[Standing],
    ledger: Ledger,
    clock: Clock,
) -> Diagnostics:
    """XP510, XP521 and XP522 of one period."""
    return Diagnostics(
        [
            *_audit_period(credits, ledger, clock.period),
            *_audit_bounds(ledger, clock.period),
            *_audit_paces(standings, ledger, clock),
        ]
    )


def _audit_period(
    credits: "pd.DataFrame",  # noqa: A002 - as above
    ledger: Ledger,
    period: Period,
) -> Diagnostics:
    """XP510 for a period that has neither targets nor credits, which is hardly the one meant."""
    diagnostics = Diagnostics()
    periods = sorted(set(ledger.targets["period"]))
    if credits.empty and period.text not in periods:
        sheet = next((name for name in ledger.targets["sheet"] if name), TARGET_TABLE_SHEET)
        known = "、".join(periods) or "（没有目标）"
        diagnostics.add("XP510", Cell(sheet), period=period.text, known=known)
    return diagnostics


def _audit_bounds(ledger: Ledger, period: Period) -> Diagnostics:
    """XP521 for a ceiling beside a floor: only one of them is the target."""
    diagnostics = Diagnostics()
    rows = ledger.targets[ledger.targets["period"] == period.text]
    floors = {(row.unit, row.group, row.measure) for row in _bounds(rows, "floor")}
    for row in _bounds(rows, "ceiling"):
        if (row.unit, row.group, row.measure) in floors:
            cell = Cell(row.sheet, row.row, row.column)
            diagnostics.add("XP521", cell, unit=row.unit, measure=row.measure)
    return diagnostics


class Written(NamedTuple):
    """Where a target is written."""

    group: str
    unit: str
    measure: str
    sheet: str
    row: int
    column: int


def _bounds(rows: "pd.DataFrame", bound: str) -> Iterator[Written]:
    used = rows[rows["bound"] == bound]
    for group, unit, measure, sheet, row, column in zip(
        *(used[name] for name in Written._fields), strict=True
    ):
        yield Written(group, unit, measure, sheet, int(row), int(column))


def _audit_paces(standings: Sequence[Standing], ledger: Ledger, clock: Clock) -> Diagnostics:
    """XP522 for a floor whose pace the quarters' targets should tell, but do not."""
    diagnostics = Diagnostics()
    rows = ledger.targets[ledger.targets["period"] == clock.period.text]
    cells = {
        (row.unit, row.measure): Cell(row.sheet or TARGET_TABLE_SHEET, row.row, row.column)
        for row in _bounds(rows, "floor")
    }
    for standing in standings:
        key = standing.unit, standing.measure.name
        if clock.is_told_by_quarters(standing.measure, standing.aim) and standing.pace is None:
            cell = cells.get(key, Cell(TARGET_TABLE_SHEET))
            diagnostics.add("XP522", cell, unit=key[0], measure=key[1])
    return diagnostics
