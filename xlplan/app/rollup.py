"""Many counties' workbooks added up: each computed by its own policy, all by one roll-up policy."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import package
from xlplan.app import recalculation
from xlplan.app.batch.addresses import at_hand, local
from xlplan.app.batch.batch import Where
from xlplan.app.batch.books import Found, books
from xlplan.app.batch.pools import cluster
from xlplan.app.batch.running import Run
from xlplan.app.book import open_book
from xlplan.app.rows import Row, rows_of
from xlplan.counties import (
    Area,
    Own,
    Report,
    Scope,
    Stated,
    add_up,
    cohort_members,
    credit_members,
    line_frame,
    load_scope,
    shared_frame,
    total_frame,
)
from xlplan.diagnostics import Cell, Diagnostic, Diagnostics, File, InBook, RequestError, Severity
from xlplan.model import PROJECT_SHEET, STANDING_SHEET
from xlplan.policy.schema import MONEY_UNIT
from xlplan.quantity import exact_decimal
from xlplan.sheets.lines import HEADS, Line, standing_lines
from xlplan.sheets.primitives import primitive
from xlplan.sheets.rollup import rollup_sheets

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.app.book import FileBook
    from xlplan.app.recalculation import Request
    from xlplan.package import Written
    from xlplan.policy import Measure, Policy
    from xlplan.sheets.description import Sheet
    from xlplan.sheets.figures import Figures

Told = Callable[[str, bool, int, int], None]
"""Called with each book's name, whether it could be read, how many are done, and of how many."""


def _quiet(_label: str, _good: bool, _count: int, _all: int) -> None:  # noqa: FBT001 - as `Told`
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """What many books add up to; `failed` are those that could not be computed, and why."""

    area: Area
    failed: tuple[tuple[str, RequestError], ...]
    seconds: float
    books: int

    @property
    def diagnostics(self) -> Diagnostics:
        """Everything that is lacking or was set aside, each with its file."""
        return self.area.diagnostics

    @property
    def lines(self) -> "pd.DataFrame":
        """What every county, group and unit says; see `xlplan.model.ROLLUP_LINES`."""
        return line_frame(self.area)

    @property
    def counties(self) -> "pd.DataFrame":
        """What every county says as a whole: the lines of kind area."""
        lines = self.lines
        return lines[lines["kind"] == "area"].reset_index(drop=True)

    @property
    def totals(self) -> "pd.DataFrame":
        """The area, a row a measure; see `xlplan.model.ROLLUP_TOTALS`."""
        return total_frame(self.area)

    @property
    def shared(self) -> "pd.DataFrame":
        """The projects that several counties have; see `xlplan.model.ROLLUP_SHARED`."""
        return shared_frame(self.area)

    def as_json(self) -> dict[str, object]:
        """The whole roll-up as plain data; the keys are those of docs/多本.md."""
        frames = {"counties": self.counties, "units": self._units, "totals": self.totals}
        frames |= {"shared": self.shared}
        return {
            "rollup": self.area.scope.id or None,
            "period": self.area.period,
            "as_of": self.area.as_of.isoformat(),
            **{name: list(map(_plain, rows_of(frame))) for name, frame in frames.items()},
            "diagnostics": self.diagnostics.rows(),
        }

    @property
    def _units(self) -> "pd.DataFrame":
        lines = self.lines
        return lines[lines["kind"] != "area"].reset_index(drop=True)

    def sheets(self, beside: Path) -> "tuple[Sheet, ...]":
        """区县汇总, 汇总明细, 重复项目 and 诊断, with links that hold from that file on."""
        return rollup_sheets(self.area, beside)

    def save(self, path: Path | str) -> "Written":
        """Write the sheets into a new workbook, or into an existing one, whose other sheets stay.

        Raises:
            RequestError: as `write_sheets`.
        """
        out = Path(path).absolute()
        if out.exists():
            return package.write_sheets(out, self.sheets(out))
        return package.new_workbook(out, self.sheets(out))


def _plain(row: Row) -> dict[str, object]:
    """A row as JSON has it: exact decimals, its place as a cell, nothing empty but null."""
    told: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Fraction):
            told[name] = exact_decimal(value)
        elif isinstance(value, tuple):
            told[name] = list(value)
        else:
            told[name] = None if value == "" else value
    if "sheet" in told:
        row_, column = (int(str(told.pop(name))) for name in ("row", "column"))
        told["cell"] = Cell("", row_, column).address or None
    return told


@dataclass(frozen=True, slots=True)
class Order:
    """What is rolled up: the roll-up policy (None = none), and for which period and day."""

    scope: Scope | str | Path | None = None
    as_of: date | str | None = None
    period: str | None = None

    @property
    def settled(self) -> Scope:
        """The roll-up policy that is meant."""
        if self.scope is None:
            return Scope()
        return self.scope if isinstance(self.scope, Scope) else load_scope(self.scope)


@dataclass(frozen=True, slots=True)
class Job:
    """A book to be computed."""

    found: Found
    request: "Request"


def rollup(
    asked: Sequence[str | Path],
    order: Order,
    out: str = "",
    where: Where | None = None,
    told: Told = _quiet,
) -> Rollup:
    """Compute every book by its own policy and add them up; nothing is written.

    `out`, where the result will go, is no book. A book that fails leaves the others, and is said.

    Raises:
        RequestError: XP601 the roll-up policy has faults, XP970 no workbook where one was asked
            for, XP974 to XP976 the cluster cannot be used, XP987 the books are of different periods
            or days; the trouble of the first book where none could be computed.
    """
    began, scope = time.monotonic(), order.settled
    request = recalculation.Request(
        order.as_of or scope.as_of, order.period or scope.period or None
    )
    jobs = [Job(one, request) for one in books(asked, local(out))]
    gathered: dict[str, Report | RequestError] = {}

    def tell(job: Job, came: Report | RequestError) -> None:
        gathered[job.found.address] = came
        good = isinstance(came, Report)
        told(job.found.label, good, len(gathered), len(jobs))

    run = Run(report, _lost, tell)
    place = where or Where()
    there = cluster(place.cluster) if place.cluster else nullcontext(place.executor)
    with there as executor:
        run.over(jobs, executor, place.jobs)
    ordered = [(job.found, gathered[job.found.address]) for job in jobs]
    return _added(scope, ordered, began)


def _added(
    scope: Scope, gathered: Sequence[tuple[Found, Report | RequestError]], began: float
) -> Rollup:
    """The books that could be computed, added up; the trouble of the others said."""
    failed = [(found.label, came) for found, came in gathered if isinstance(came, RequestError)]
    reports = [came for _, came in gathered if isinstance(came, Report)]
    if not reports:
        raise failed[0][1]
    said = Diagnostics()
    for label, why in failed:
        said.add(why.kind.code, File(label), **why.values)
    area = add_up(scope, reports, said)
    return Rollup(area, tuple(failed), time.monotonic() - began, len(gathered))


def _lost(_job: Job, why: RequestError) -> RequestError:
    return why


def report(job: Job) -> Report | RequestError:
    """What one book says, computed; its trouble where it cannot be. Runs in another process."""
    try:
        with at_hand(job.found.address) as path:
            book = open_book(path)
            result = recalculation.recalculate(book, job.request)
            return _report(job.found, book, result.figures)
    except RequestError as impossible:
        return impossible


def _report(found: Found, book: "FileBook", figures: "Figures") -> Report:
    lines = standing_lines(figures)
    is_shown = _holds(book, lines)
    period = figures.period
    return Report(
        found.address,
        found.label,
        figures.policy.id,
        figures.policy.title,
        figures.policy.area,
        str(period),
        (period.start, period.end),
        figures.as_of,
        tuple(_own(figures.policy, measure) for measure in figures.policy.measures),
        tuple(_stated(figures, lines, is_shown=is_shown)),
        _members(figures),
        tuple(_moved(found.label, one) for one in figures.diagnostics if _is_error(one)),
        is_shown,
    )


def _own(policy: "Policy", measure: "Measure") -> Own:
    """A measure, and how it can be added up."""
    if measure.is_sum:
        return Own(measure.name, measure.unit, "once")
    said = measure.statistic
    if measure.kind == "rate":
        return Own(measure.name, measure.unit, "rate", "个" if said.counts_projects else MONEY_UNIT)
    parts = [policy.measure(name) for name in said.sources] if measure.is_share else []
    units = {part.unit for part in parts}
    if len(units) == 1 and all(part.adds_up for part in parts):
        if measure.kind == "growth":
            return Own(measure.name, measure.unit, "growth", units.pop())
        if measure.kind == "ratio":
            return Own(measure.name, measure.unit, "rate", units.pop())
    return Own(measure.name, measure.unit, "sum" if measure.adds_up else "")


def _stated(figures: "Figures", lines: Sequence[Line], *, is_shown: bool) -> Iterator[Stated]:
    """The lines of 完成情况, each with its cell there; where they are not shown, in the ledger."""
    parts = {(row["group"], row["unit"], row["measure"]): row for row in rows_of(figures.readings)}
    sources = {} if is_shown else _sources(figures)
    for line in lines:
        part = parts.get((line.group, line.unit, line.measure.name), {})
        shown = Cell(STANDING_SHEET, line.row, HEADS.index(_head(line)) + 1)
        key = ("" if line.kind != "unit" else line.unit, line.measure.name)
        yield Stated(
            line.kind,
            line.group,
            "" if line.kind == "area" else line.unit,
            line.measure.name,
            shown if is_shown else sources.get(key, Cell(PROJECT_SHEET)),
            None if line.bound == "ceiling" else line.target,
            _value(line),
            line.pending or Fraction(0),
            _fraction(part.get("numerator")),
            _fraction(part.get("denominator")),
        )


def _head(line: Line) -> str:
    """The column in which the value of a line stands: the area counts joint projects once."""
    return "去重完成" if line.kind == "area" and line.measure.is_sum else "完成"


def _value(line: Line) -> Fraction | None:
    return line.distinct if _head(line) == "去重完成" else line.done


def _fraction(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def _sources(figures: "Figures") -> dict[tuple[str, str], Cell]:
    """The first cell that makes a unit's figure, or ("") anybody's, by unit and measure."""
    found: dict[tuple[str, str], Cell] = {}
    for frame in (figures.credits, figures.readings):
        first = frame[frame["row"] > 0].drop_duplicates(["unit", "measure"])
        for row in rows_of(first):
            cell = Cell(str(row["sheet"]), int(str(row["row"])), int(str(row["column"])))
            for unit in (str(row["unit"]), ""):
                found.setdefault((unit, str(row["measure"])), cell)
    return found


def _holds(book: "FileBook", lines: Sequence[Line]) -> bool:
    """Whether the book's own 完成情况 shows these very figures."""
    if STANDING_SHEET not in book.sheet_names():
        return False
    grid = book.grid(STANDING_SHEET)
    return all(
        grid.at(line.row, HEADS.index("指标") + 1) == line.measure.name
        and (value is None or grid.at(line.row, HEADS.index(_head(line)) + 1) == primitive(value))
        for line in lines
        for value in (_value(line),)
    )


def _members(figures: "Figures") -> "pd.DataFrame":
    """The projects behind sums and rates."""
    import pandas as pd  # noqa: PLC0415 - paid when a book is computed

    projects = figures.ledger.projects
    sums = credit_members(figures.credits, projects)
    return pd.concat([sums, cohort_members(figures.cohorts, projects)], ignore_index=True)


def _is_error(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR


def _moved(label: str, found: Diagnostic) -> Diagnostic:
    """A finding as it is told of one of many books."""
    cell = found.place if isinstance(found.place, Cell) else None
    return replace(found, place=InBook(label, cell) if cell else File(f"{label} {found.place}"))
