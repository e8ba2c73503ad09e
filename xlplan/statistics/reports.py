"""What has been reported of a measure, unit by unit: a flow tiled together, or the latest level."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from xlplan.diagnostics import Cell
from xlplan.model import Ledger
from xlplan.policy import TOTAL
from xlplan.policy.schema import Basis, Policy
from xlplan.quantity import Period

State = Literal["settled", "missing", "open"]


class Owner(NamedTuple):
    """Whose figure it is: a unit, or 合计 of a group or of the area."""

    group: str
    unit: str

    @property
    def name(self) -> str:
        """How it is called in a sentence."""
        return f"{self.group}{TOTAL}" if self.unit == TOTAL else self.unit

    @property
    def key(self) -> "Owner":
        """A unit is the same in whatever group; a total belongs to its group."""
        return self if self.unit == TOTAL else Owner("", self.unit)


@dataclass(frozen=True, slots=True)
class Row:
    """One reported figure of one owner and measure."""

    period: Period
    value: Fraction | None
    base: Fraction | None
    cell: Cell
    base_cell: Cell


@dataclass(frozen=True, slots=True)
class Found:
    """A figure, how it came about, and from which rows.

    `hole` names a period that is missing between others, `until` the last day reported when that
    lies before the as-of date; `parts` is what shorter periods add up to where that is another sum.
    """

    value: Fraction | None
    state: State
    because: str
    rows: tuple[Row, ...] = ()
    hole: str = ""
    until: str = ""
    parts: Fraction | None = None

    @property
    def cell(self) -> Cell:
        """The first source cell; a place without a row when there is none."""
        return self.rows[0].cell if self.rows else Cell("")


NOTHING = Found(None, "missing", "没有报送")


@dataclass(frozen=True)
class Reports:
    """Everything that 统计数据 says, by measure and owner."""

    rows: Mapping[tuple[str, Owner], Sequence[Row]] = field(default_factory=dict)

    def of(self, measure: str, owner: Owner) -> Sequence[Row]:
        """What an owner has reported of a measure, in the order of the sheet."""
        return self.rows.get((measure, owner.key), ())

    def owners(self, measure: str) -> list[Owner]:
        """Who has reported a measure at all."""
        return [owner for known, owner in self.rows if known == measure]


def reports_of(ledger: Ledger, policy: Policy) -> Reports:
    """The reported figures of a ledger by measure and owner."""
    rows: dict[tuple[str, Owner], list[Row]] = {}
    frame = ledger.reported
    columns = [*("group", "unit", "measure", "period", "value", "base"), "sheet", "row"]
    columns += ["column", "base_column"]
    for group, unit, measure, text, value, base, sheet, row, column, base_column in zip(
        *(frame[name].tolist() for name in columns), strict=True
    ):
        period = policy.period_named(text)
        if period is not None:
            cells = Cell(sheet, row, column), Cell(sheet, row, base_column)
            found = Row(period, value, base, *cells)
            rows.setdefault((measure, Owner(group, unit).key), []).append(found)
    return Reports(rows)


def figure_of(rows: Sequence[Row], basis: Basis, period: Period, as_of: date) -> Found:
    """The figure of a period as reported up to the as-of date."""
    own = [row for row in rows if row.period.text == period.text]
    inside = [row for row in rows if _lies_in(row.period, period) and row.period.start <= as_of]
    if own:
        found = _said(own[:1])
        is_flow = basis == "flow"
        return (
            replace(found, parts=_parts(inside, found.value, period, as_of)) if is_flow else found
        )
    if basis == "level":
        latest = max(inside, key=_end, default=None)
        return NOTHING if latest is None else _said([latest])
    return _tiled(inside, period, as_of) if inside else NOTHING


def _parts(
    rows: Iterable[Row], value: Fraction | None, period: Period, as_of: date
) -> Fraction | None:
    """What the shorter periods up to the as-of date add up to, where it is not what is reported."""
    shorter = [row for row in rows if row.period.months < period.months]
    added = _tiled(shorter, period, as_of) if shorter else NOTHING
    if value is None or added.value is None or added.rows[-1].period.end <= as_of:
        return None
    return None if added.value == value else added.value


def _lies_in(inner: Period, outer: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _end(row: Row) -> date:
    return row.period.end


def _said(rows: Sequence[Row]) -> Found:
    """Rows added up; one that cannot be read was reported when it was read."""
    values = [row.value for row in rows if row.value is not None]
    named = "、".join(row.period.text for row in rows)
    if len(values) < len(rows):
        return Found(None, "missing", f"{named} 的数没有填或看不懂", tuple(rows))
    said = "报送" if len(rows) == 1 else "各期报送之和"
    return Found(sum(values, Fraction(0)), "settled", f"{named} {said}", tuple(rows))


def _tiled(rows: Iterable[Row], period: Period, as_of: date) -> Found:
    """The rows that follow each other from the period's first day on, the longest ones first."""
    left = sorted(rows, key=lambda row: (row.period.start, -row.period.months))
    taken: list[Row] = []
    cursor = period.start
    while tile := next((row for row in left if row.period.start == cursor), None):
        taken.append(tile)
        cursor = tile.period.end
    beyond = [row for row in left if row.period.start > cursor]
    if beyond or not taken:
        first = min(row.period.start for row in (beyond or left))
        return Found(None, "missing", "中间缺期", tuple(left[:1]), hole=f"{cursor}至{first}之前")
    found = _said(taken)
    if cursor <= as_of and _is_due(taken, cursor, as_of):
        last = taken[-1].period.text
        return Found(found.value, found.state, found.because, found.rows, until=last)
    return found


def _is_due(taken: Sequence[Row], cursor: date, as_of: date) -> bool:
    """Whether the next period of the same length has ended by the as-of date."""
    months = taken[-1].period.months
    years, month = divmod(cursor.month - 1 + months, 12)
    return date(cursor.year + years, month + 1, 1) <= date.fromordinal(as_of.toordinal() + 1)
