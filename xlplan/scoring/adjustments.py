"""Points given and taken by decision 加减分: which count, within which caps, and what is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import ADJUSTMENTS
from xlplan.policy.marks import Adjustments, Scoring
from xlplan.quantity import Period
from xlplan.scoring.points import NOUGHT
from xlplan.scoring.writing import number

if TYPE_CHECKING:
    import pandas as pd

_REASONS = {"reason": "理由", "basis": "依据", "decided_by": "决定人"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the sheet 加减分 that can be read."""

    group: str
    unit: str
    points: Fraction | None
    word: str
    lacking: tuple[str, ...]
    day: date | None
    place: Cell

    @property
    def said(self) -> str:
        """What it gives or takes, or the gate's word."""
        return self.word if self.points is None else f"{number(self.points)} 分"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the sheet 加减分 comes to: points by unit within the caps, words by unit, the rows."""

    points: Mapping[str, Fraction]
    words: Mapping[str, frozenset[str]]
    frame: "pd.DataFrame"


@dataclass(frozen=True, slots=True)
class Time:
    """The period, and the last day that counts."""

    period: Period
    as_of: date


def decided(
    frame: "pd.DataFrame", scoring: Scoring, scored: Sequence[str], time: Time, found: Diagnostics
) -> Decided:
    """Which rows count (`model.ADJUSTMENTS`), and what they come to; `scored` are the groups.

    A row counts when the policy knows of such decisions, its unit is scored, and its day lies
    within the period and not after the as-of date; whatever does not count is said.
    """
    rows = list(_decisions(frame))
    counts = [_counts(row, scoring, scored, time, found) for row in rows]
    kept = [row for row, counted in zip(rows, counts, strict=True) if counted]
    for row in kept:
        for field in row.lacking:
            found.add("XP340", row.place, field=field, unit=row.unit, points=row.said)
    units = dict.fromkeys(row.unit for row in kept)
    return Decided(
        {unit: _within(unit, kept, scoring.adjustments, found) for unit in units},
        {unit: frozenset(row.word for row in kept if row.unit == unit) for unit in units},
        ADJUSTMENTS.of({name: frame[name] for name in ADJUSTMENTS.names} | {"counts": counts}),
    )


def _decisions(frame: "pd.DataFrame") -> Iterator[Decision]:
    for row in frame.to_dict("records"):
        day = row["decided_on"]
        yield Decision(
            str(row["group"]),
            str(row["unit"]),
            row["points"],
            str(row["word"]),
            tuple(said for field, said in _REASONS.items() if not row[field]),
            None if day != day else day.date(),  # noqa: PLR0124 - NaT
            Cell(str(row["sheet"]), int(row["row"]), int(row["column"])),
        )


def _counts(
    row: Decision, scoring: Scoring, scored: Sequence[str], time: Time, found: Diagnostics
) -> bool:
    """Whether a row is used; if not, why not is said."""
    if row.points is not None and not scoring.adjustments.allowed:
        found.add("XP345", row.place, unit=row.unit, points=row.said)
    elif row.group not in scored:
        known = "、".join(scored) or "（无）"
        found.add("XP344", row.place, unit=row.unit, group=row.group, known=known)
    elif row.day is None:
        return False  # said when it was read
    elif not (time.period.start <= row.day < time.period.end) or row.day > time.as_of:
        said = {"unit": row.unit, "points": row.said, "date": row.day}
        found.add("XP342", row.place, period=time.period, as_of=time.as_of, **said)
    else:
        return True
    return False


def _within(unit: str, rows: Sequence[Decision], rule: Adjustments, found: Diagnostics) -> Fraction:
    """A unit's points given and taken, each within its cap; what is cut is said."""
    mine = [row for row in rows if row.unit == unit and row.points is not None]
    total = NOUGHT
    for sign, cap in ((1, rule.plus_at_most), (-1, rule.minus_at_most)):
        side = [row for row in mine if (row.points or NOUGHT) * sign > 0]
        size = abs(sum((row.points or NOUGHT for row in side), NOUGHT))
        if cap is not None and size > cap:
            values = {"unit": unit, "sum": number(size * sign), "cap": number(cap * sign)}
            found.add("XP343", side[-1].place, **values)
            size = cap
        total += size * sign
    return total
