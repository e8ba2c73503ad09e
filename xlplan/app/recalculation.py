"""The corridor: a book's grids → ledger → credits → standings → result sheets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import crediting, duties, progress, scoring, statistics, tables
from xlplan.diagnostics import Diagnostic, Diagnostics, RequestError
from xlplan.policy import Policy, load_policy, shipped_policies
from xlplan.quantity import Day, Period, parse_date
from xlplan.sheets.figures import Figures
from xlplan.sheets.results import kept_back, result_sheets, sheet_builders

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.app.book import Book
    from xlplan.app.explanation import Explanation
    from xlplan.model import Ledger, Settings
    from xlplan.sheets.description import Sheet

STAGES = ("settings", "ledger", "credits", "standings", "sheets", "write")
"""The stages of a recalculation that is written back, in order."""

Step = Callable[[str], None]
"""Called with each of `STAGES` as it begins."""


def quiet(_stage: str) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a recalculation is asked for; None = as the sheet 设置 says, else the policy.

    `policy` is a shipped id or the path of a policy file. `previous` is what to hold the result
    against: an earlier workbook or sealed result, or a day or period of the same book; `last_year`
    is a workbook or sealed result of the year before. None = nothing.
    """

    as_of: date | str | None = None
    period: str | None = None
    policy: str | Path | None = None
    previous: str | Path | None = None
    last_year: str | Path | None = None

    @property
    def compares(self) -> bool:
        """Whether the result is to be held against an earlier one."""
        return self.previous is not None or self.last_year is not None


@dataclass(frozen=True)
class Result:
    """What a recalculation found: frames with the columns documented in `xlplan.model`."""

    figures: Figures

    @property
    def standings(self) -> "pd.DataFrame":
        """One row per unit and measure; see `xlplan.model.STANDINGS`."""
        return self.figures.standings

    @property
    def totals(self) -> "pd.DataFrame":
        """One row per group and measure, then the whole area; see `xlplan.model.TOTALS`."""
        return self.figures.totals

    @property
    def credits(self) -> "pd.DataFrame":
        """One row per amount and unit credited; see `xlplan.model.CREDITS`."""
        return self.figures.credits

    @property
    def tiers(self) -> "pd.DataFrame":
        """One row per project; see `xlplan.model.TIERS`."""
        return self.figures.tiers

    @property
    def scores(self) -> "pd.DataFrame":
        """One row per unit and score, bonus or gate; see `xlplan.model.SCORES`."""
        return self.figures.scores

    @property
    def score_totals(self) -> "pd.DataFrame":
        """One row per unit that is scored; see `xlplan.model.SCORE_TOTALS`."""
        return self.figures.score_totals

    @property
    def readings(self) -> "pd.DataFrame":
        """One row per unit or total and measure that is no sum; see `xlplan.model.READINGS`."""
        return self.figures.readings

    @property
    def cohorts(self) -> "pd.DataFrame":
        """One row per project in a rate; see `xlplan.model.COHORTS`."""
        return self.figures.cohorts

    @property
    def changes(self) -> "pd.DataFrame":
        """What changed since the previous period, with its parts; see `model.PERIOD_CHANGES`."""
        return self.figures.changes

    @property
    def diagnostics(self) -> Diagnostics:
        """Everything that could not be read or is not ruled, in the order it was found."""
        return self.figures.diagnostics

    @cached_property
    def sheets(self) -> "tuple[Sheet, ...]":
        """The result sheets, described."""
        return result_sheets(self.figures)

    @property
    def sheet_builders(self) -> "dict[str, Callable[[], Sheet]]":
        """What describes each of them when it is called, by its name."""
        return sheet_builders(self.figures)

    def explain(self, unit: str, measure: str) -> "Explanation":
        """Why a unit stands where it stands in a measure, down to source cells and clauses.

        Raises:
            RequestError: when the unit has no such figure.
        """
        from xlplan.app.explanation import explain_standing  # noqa: PLC0415 - explanations import us

        return explain_standing(self.figures, unit, measure)


def recalculate(book: "Book", request: Request, step: Step = quiet) -> Result:
    """Compute a book's credits, tiers and standings by its policy; nothing is written.

    Raises:
        RequestError: when the book names no policy, or holds nothing that can be computed; as
            `compared` for what it is to be held against.
    """
    basis = read(book, request, step)
    if isinstance(book, tables.Stored):
        book.forget()  # a large ledger's cells would lie there until the end
    result = credit(basis, step)
    if not request.compares:
        return result
    from xlplan.app.earlier import compared  # noqa: PLC0415 - it computes earlier periods by us

    return compared(basis, request, result)


@dataclass(frozen=True, slots=True)
class Basis:
    """A book read under a policy: what can be credited, again and again with other choices.

    `found` is what reading it and its targets had to say; `beside`, `ours` and `theirs` as in
    `Figures`.
    """

    policy: Policy
    period: Period
    as_of: date
    ledger: "Ledger"
    settings: "Settings"
    found: tuple[Diagnostic, ...]
    beside: bool
    ours: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()


def read(book: "Book", request: Request, step: Step = quiet) -> Basis:
    """Read a book under its policy, for the period and up to the day asked for.

    Raises:
        RequestError: as `recalculate`.
    """
    step("settings")
    settings, diagnostics = tables.read_settings(book)
    policy = policy_of(book.name, request, settings)
    period = period_of(request, settings, policy)
    as_of = as_of_of(request, settings, period)
    step("ledger")
    reading = tables.read_ledger(book, policy)
    diagnostics.extend(reading.diagnostics)
    ledger = reading.ledger
    diagnostics.extend(progress.audit_targets(ledger.targets, policy, ledger.unset))
    found = tuple(diagnostics)
    beside = book.takes_results
    ours, theirs = tables.optional_sheets(book) if beside else (frozenset(), frozenset())
    return Basis(policy, period, as_of, ledger, settings, found, beside, ours, theirs)


def credit(basis: Basis, step: Step = quiet) -> Result:
    """Credit what was read and set it against the targets; pure."""
    policy, period, as_of, ledger = basis.policy, basis.period, basis.as_of, basis.ledger
    diagnostics = Diagnostics(basis.found)
    step("credits")
    credited = crediting.credit(ledger, policy, period, as_of)
    diagnostics.extend(credited.diagnostics)
    step("standings")
    known = statistics.statistics(credited.credits, ledger, policy, period, as_of)
    diagnostics.extend(known.diagnostics)
    counted = progress.Counted(credited.credits, known.readings)
    done = progress.progress(counted, ledger, policy, period, as_of)
    diagnostics.extend(done.diagnostics)
    figures = Figures(
        policy=policy,
        period=period,
        as_of=as_of,
        credits=credited.credits,
        tiers=credited.tiers,
        readings=known.readings,
        cohorts=known.cohorts,
        standings=done.standings,
        totals=done.totals,
        pace=done.pace,
        boards=done.boards,
        dates=done.dates,
        diagnostics=diagnostics,
        ledger=ledger,
        settings=basis.settings,
        beside=basis.beside,
        ours=basis.ours,
        theirs=basis.theirs,
    )
    figures = _with_duties(_with_scores(figures))
    diagnostics.extend(kept_back(figures))
    return Result(figures)


def _with_scores(figures: Figures) -> Figures:
    """The figures with the points, totals and grades that the standings earn."""
    scored = scoring.score(
        figures.standings, figures.ledger, figures.policy, figures.period, figures.as_of
    )
    figures.diagnostics.extend(scored.diagnostics)
    return replace(
        figures,
        scores=scored.scores,
        score_totals=scored.totals,
        adjustments=scored.adjustments,
    )


def _with_duties(figures: Figures) -> Figures:
    """The figures with who must do what by when, and what each team brought."""
    owed = duties.duties(
        figures.ledger, figures.tiers, figures.policy, figures.period, figures.as_of
    )
    figures.diagnostics.extend(owed.diagnostics)
    return replace(figures, duties=owed.duties, tasks=owed.tasks, teams=owed.teams)


def policy_of(book: str, request: Request, settings: "Settings") -> Policy:
    """The policy asked for, else the one that the book names."""
    wanted = request.policy or settings.policy
    if not wanted:
        raise RequestError("XP010", path=book, known="、".join(shipped_policies()))
    return load_policy(wanted)


def period_of(request: Request, settings: "Settings", policy: Policy) -> Period:
    """The period asked for, else the book's, else the policy's."""
    wanted = request.period or settings.period or policy.period
    period = policy.period_named(wanted)
    if period is None:
        raise RequestError("XP012", text=wanted)
    return period


def as_of_of(request: Request, settings: "Settings", period: Period) -> date:
    """The as-of date asked for, else the book's, else today or the period's last day if past."""
    if isinstance(request.as_of, str):
        day = parse_date(request.as_of)
        if not isinstance(day, Day) or day.precision != "day":
            raise RequestError("XP011", text=request.as_of)
        return day.date
    today = date.today()  # noqa: DTZ011 - the clerk's own calendar day is meant
    return request.as_of or settings.as_of or min(today, period.end - timedelta(days=1))
