"""Which projects a measure counts: its filter on the ledger's columns, three-valued.

A filter admits a project, does not, or that cannot be told because a cell is blank. What cannot be
told is not counted, and is said with its cell; unreadable cells were reported when they were read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Flags, Unreadable, amounts, days, texts
from xlplan.crediting.entries import Entry
from xlplan.crediting.sources import Material
from xlplan.crediting.tiers import COMPARISONS, Answer
from xlplan.policy.schema import Bounded, Measure, Threshold, Words

_AMOUNTS = ("agreement", "investment", "output")


@dataclass(frozen=True, slots=True)
class Selection:
    """The projects that enter a measure, and by field those of which a blank leaves that open.

    For received funds these are the projects whose receipts of the window count.
    """

    enters: Flags
    untold: Mapping[str, Flags]

    def but(self, concerned: Flags) -> "Selection":
        """The same, with blanks only of these projects."""
        untold = {field: which & concerned for field, which in self.untold.items()}
        return replace(self, untold=untold)


def select(material: Material, entry: Entry) -> Selection:
    """The projects of the window that a way into a measure counts."""
    measure, projects = entry.measure, material.ledger.projects
    within = _within(material, entry)
    parts = list(_parts(measure, projects, material.unreadable))
    whole = Answer(within, np.zeros(len(within), dtype=bool))
    for _, part in parts:
        whole = whole.both(part)
    missing = _missing(measure, material)
    untold: dict[str, Flags] = {}
    for field, part in parts:
        blank = whole.untold & part.untold & ~missing
        untold[field] = blank | untold[field] if field in untold else blank
    enters = whole.holds & ~missing
    if measure.amount in _AMOUNTS and not measure.currency:
        lacking = missing & (whole.holds | whole.untold) & ~_said_for_all(measure, material)
        untold[measure.amount] = lacking & ~material.unreadable[measure.amount]
    if measure.distinct_by:
        enters, blank = _first_of_each(measure, projects, enters)
        untold[measure.distinct_by] = blank & ~material.unreadable[measure.distinct_by]
    return Selection(enters, {field: which for field, which in untold.items() if which.any()})


def _within(material: Material, entry: Entry) -> Flags:
    """The projects of the window, by the measure's date; of the entry's tier, if it has one."""
    measure = entry.measure
    if measure.amount == "receipts":
        return material.receiving(measure)
    dated = material.dated(measure)
    return dated & (material.tiers.tier == entry.tier) if measure.amount == "tier" else dated


def _missing(measure: Measure, material: Material) -> Flags:
    """Which projects have no amount to count, or none in the measure's own currency."""
    projects = material.ledger.projects
    if measure.amount in _AMOUNTS:
        return material.foreign.lacks(measure, projects[measure.amount].isna().to_numpy())
    return np.zeros(len(projects), dtype=bool)


def _said_for_all(measure: Measure, material: Material) -> Flags:
    """A blank agreement of a project signed in the window is said once for all measures."""
    if measure.amount == "agreement" and measure.dated_by == "signed":
        return material.signed
    return np.zeros(len(material.creditable), dtype=bool)


def _parts(
    measure: Measure, projects: pd.DataFrame, unreadable: Unreadable
) -> Iterator[tuple[str, Answer]]:
    """The answer of each field that the measure's filter asks for."""
    for words in measure.where.words:
        yield words.field, _answer(*_worded(projects[words.field], words), unreadable[words.field])
    for bound in measure.where.days:
        dates = days(projects[bound.field])
        holds = COMPARISONS[bound.comparison](dates, np.datetime64(bound.day, "s"))
        yield bound.field, _answer(holds, np.isnat(dates), unreadable[bound.field])
    yield from _bounded(measure, projects, unreadable)
    if measure.except_sectors:
        words = Words("sector", measure.except_sectors, excluded=True)
        yield "sector", _answer(*_worded(projects["sector"], words), unreadable["sector"])


def _bounded(
    measure: Measure, projects: pd.DataFrame, unreadable: Unreadable
) -> Iterator[tuple[str, Answer]]:
    """The answer of each amount that the filter bounds."""
    bounds: dict[Bounded, list[Threshold]] = {}
    for bound in measure.where.thresholds:
        bounds.setdefault(bound.field, []).append(bound)
    for name, thresholds in bounds.items():
        holds = np.ones(len(projects), dtype=bool)
        for bound in thresholds:
            holds &= COMPARISONS[bound.comparison](amounts(projects[name]), bound.value)
        yield name, _answer(holds, projects[name].isna().to_numpy(), unreadable[name])


def _answer(holds: Flags, blank: Flags, unreadable: Flags) -> Answer:
    return Answer(holds & ~blank, blank & ~unreadable)


def _worded(column: pd.Series, words: Words) -> tuple[Flags, Flags]:
    """Where the word, or one of those of a list, fits; and where there is none."""
    codes, distinct = pd.factorize(column)
    answers = [words.admits(said) for said in distinct]
    fits = np.array([answer is True for answer in answers], dtype=bool)
    blank = np.array([answer is None for answer in answers], dtype=bool)
    return fits[codes], blank[codes]


def _first_of_each(measure: Measure, projects: pd.DataFrame, enters: Flags) -> tuple[Flags, Flags]:
    """The earliest of each investor's projects, of a day the first in the ledger; the blanks."""
    blank = enters & (texts(projects["investor"]) == "").astype(bool)
    candidates = np.flatnonzero(enters & ~blank)
    order = candidates[np.argsort(days(projects[measure.dated_by])[candidates], kind="stable")]
    investors = pd.Series(texts(projects["investor"])[order])
    first = np.zeros(len(enters), dtype=bool)
    first[order[~investors.duplicated().to_numpy()]] = True
    return first, blank


def answers_of(measure: Measure, projects: pd.DataFrame) -> tuple[tuple[str, Answer], ...]:
    """The answer of each field that a measure's filter asks for, for projects of any day."""
    return tuple(_parts(measure, projects, Unreadable.of(projects)))
