"""The nouns of a roll-up 汇总: what is asked for, what each book says, and what it adds up to.

Values are exact fractions in the unit of their measure (亿元, 个; 100% is 1). None = not known, or
there is none; never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from xlplan.diagnostics import Cell, Diagnostic, Diagnostics

if TYPE_CHECKING:
    import pandas as pd

How = Literal["once", "sum", "rate", "growth"]
"""How a measure becomes that of the area.

once: added up, a project that several counties have counted once; sum: added up; rate: sum of
numerators over sum of denominators; growth: the same, less one.
"""

Different = Literal["largest", "smallest", "add", ""]
"""What counts of a project whose amounts differ between counties; "" = not ruled: pending."""

IDENTITIES = ("credit_code", "name", "project", "investor")
"""The fields of the ledger that can tell that two projects are one."""


@dataclass(frozen=True, slots=True)
class County:
    """A county 区县 that is to report; `books` are patterns of the names of its workbook."""

    name: str
    books: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """A measure of the area.

    `how` "" = as the measure is by its own policy, `unit` "" = any. `sources` names the measure of
    a policy that is its counterpart, by the policy's id; elsewhere it has the same name. `without`
    are policies that have none, which is as it should be. `target` is the area's own.
    """

    name: str
    how: How | Literal[""] = ""
    unit: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    target: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What is rolled up 汇总方案: of whom, which measures, and when two projects are one.

    `same` are alternatives: the fields of one of them are all filled in and equal. `is_declared` =
    somebody wrote it; otherwise the counties are whoever reports, and the measures all there are.
    """

    id: str = ""
    title: str = ""
    area: str = ""
    period: str = ""
    as_of: date | None = None
    counties: tuple[County, ...] = ()
    measures: tuple[Sought, ...] = ()
    same: tuple[tuple[str, ...], ...] = (("credit_code", "name"),)
    when_different: Different = ""
    is_declared: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A measure by a book's own policy; `how` "" = it cannot be added up.

    `part_unit` is that of the numerator and denominator of a rate.
    """

    name: str
    unit: str
    how: How | Literal[""]
    part_unit: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """One line of a book's 完成情况: of a unit, the total of a group, or the whole county.

    `cell` is that of the value there.
    """

    kind: Literal["unit", "total", "area"]
    group: str
    unit: str
    measure: str
    cell: Cell
    target: Fraction | None = None
    done: Fraction | None = None
    pending: Fraction = Fraction(0)
    numerator: Fraction | None = None
    denominator: Fraction | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What one book says, computed by its own policy.

    `members` are the projects behind its measures (`model.MEMBERS`), `found` its findings of
    severity error. `is_shown` = its result sheets hold these very figures, so that cells of theirs
    can be cited.
    """

    address: str
    label: str
    policy: str
    title: str
    area: str
    period: str
    span: tuple[date, date]
    as_of: date
    measures: tuple[Own, ...]
    lines: tuple[Stated, ...]
    members: "pd.DataFrame"
    found: tuple[Diagnostic, ...] = ()
    is_shown: bool = True

    def own(self, name: str) -> Own | None:
        """Its measure of that name."""
        return next((measure for measure in self.measures if measure.name == name), None)


@dataclass(frozen=True, slots=True)
class Added:
    """A measure as it is rolled up."""

    name: str
    how: How
    unit: str
    part_unit: str = ""
    target: Fraction | None = None

    @property
    def is_sum(self) -> bool:
        """Whether amounts are added up, rather than the parts of a rate."""
        return self.how in ("once", "sum")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of the detail 汇总明细: of a unit, a group or the whole of a county, and its source.

    `county` is who it is of, `own` the measure as its policy calls it. `state` says why a county
    has no value: missing (no book), none (no such measure), unit (in another unit), unknown.
    """

    county: str
    measure: Added
    kind: Literal["unit", "total", "area"]
    report: Report | None = None
    own: str = ""
    group: str = ""
    unit: str = ""
    target: Fraction | None = None
    done: Fraction | None = None
    pending: Fraction = Fraction(0)
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    cell: Cell | None = None
    state: Literal["", "missing", "none", "unit", "unknown"] = ""

    @property
    def rate(self) -> Fraction | None:
        """Done over target; of a rate the rate itself.

        >>> Line(
        ...     "甲区",
        ...     Added("履约率", "rate", "%"),
        ...     "area",
        ...     numerator=Fraction(3),
        ...     denominator=Fraction(4),
        ... ).rate
        Fraction(3, 4)
        """
        if self.measure.is_sum:
            return quotient(self.done, self.target)
        of_parts = quotient(self.numerator, self.denominator)
        return of_parts - 1 if of_parts is not None and self.measure.how == "growth" else of_parts


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A project that several counties have, as one of them has it: what of it counts for the area.

    `number` is that of the project among those shared by the measure. `part` says which of the
    figures it is of: value, numerator, denominator. `pending` is what hangs on a ruling.
    """

    number: int
    measure: Added
    part: Literal["value", "numerator", "denominator"]
    county: str
    report: Report
    project: str
    name: str
    credit_code: str
    amount: Fraction
    counted: Fraction
    pending: Fraction
    cell: Cell

    @property
    def taken_off(self) -> Fraction:
        """What is taken off the sum of the counties."""
        return self.amount - self.counted


@dataclass(frozen=True, slots=True)
class Total:
    """A measure of the whole area; `lacking` are the counties of which there is no figure.

    `added` is what the counties add up to, `taken_off` what they count twice, and likewise of the
    parts of a rate; `open` is what is pending of projects that they share.
    """

    measure: Added
    target: Fraction | None
    added: Fraction | None
    taken_off: Fraction
    done: Fraction | None
    pending: Fraction
    numerator: Fraction | None
    denominator: Fraction | None
    lacking: tuple[str, ...]
    open: Fraction = Fraction(0)
    numerator_off: Fraction = Fraction(0)
    denominator_off: Fraction = Fraction(0)

    @property
    def rate(self) -> Fraction | None:
        """Done over target; of a rate what its sums make, never an average."""
        if self.measure.is_sum:
            return quotient(self.done, self.target)
        return self.done


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """What many books add up to."""

    scope: Scope
    period: str
    as_of: date
    measures: tuple[Added, ...]
    counties: tuple[str, ...]
    lines: tuple[Line, ...]
    shared: tuple[Shared, ...]
    totals: tuple[Total, ...]
    diagnostics: Diagnostics

    @property
    def whole(self) -> Mapping[tuple[str, str], tuple[int, Line]]:
        """The line of each county as a whole, by county and measure, and where it is in `lines`."""
        return {
            (line.county, line.measure.name): (at, line)
            for at, line in enumerate(self.lines)
            if line.kind == "area"
        }


def quotient(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    """A part of a whole; None where either is not known, or the whole is nothing."""
    return part / whole if part is not None and whole is not None and whole > 0 else None
