"""Which projects a measure counts: its filter on the ledger's columns, three-valued.

A filter admits a project, does not, or that cannot be told because a cell is blank. What cannot be
told is not counted, and is said with its cell; unreadable cells were reported when they were read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Flags, Unreadable, amounts, days, texts
from xlplan.crediting.entries import Entry
from xlplan.crediting.sources import Material
from xlplan.crediting.tiers import COMPARISONS, Answer
from xlplan.policy.schema import Measure, Threshold


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
    missing = _missing(measure, projects)
    untold: dict[str, Flags] = {}
    for field, part in parts:
        blank = whole.untold & part.untold & ~missing
        untold[field] = blank | untold[field] if field in untold else blank
    enters = whole.holds & ~missing
    if _is_reported_here(measure):
        lacking = missing & (whole.holds | whole.untold)
        untold[measure.amount] = lacking & ~material.unreadable[measure.amount]
    if measure.distinct_by:
        enters, blank = _first_of_each(measure, projects, enters)
        untold[measure.distinct_by] = blank & ~material.unreadable[measure.distinct_by]
    return Selection(enters, {field: which for field, which in untold.items() if which.any()})


def _within(material: Material, entry: Entry) -> Flags:
    """The projects of the window, by the measure's date; of the entry's tier, if it has one."""
    measure = entry.measure
    if measure.amount == "receipts":
        return material.receiving
    dated = material.dated(measure.dated_by)
    return dated & (material.tiers.tier == entry.tier) if measure.amount == "tier" else dated


def _missing(measure: Measure, projects: pd.DataFrame) -> Flags:
    """Which projects have no amount to count."""
    if measure.amount in ("agreement", "investment", "output"):
        return projects[measure.amount].isna().to_numpy()
    return np.zeros(len(projects), dtype=bool)


def _is_reported_here(measure: Measure) -> bool:
    """A blank agreement of a project signed in the window is said once for all measures."""
    signed = measure.amount == "agreement" and measure.dated_by == "signed"
    return measure.amount in ("agreement", "investment", "output") and not signed


def _parts(
    measure: Measure, projects: pd.DataFrame, unreadable: Unreadable
) -> Iterator[tuple[str, Answer]]:
    """The answer of each field that the measure's filter asks for."""
    for field, words in measure.where.words.items():
        told = _on_lists if field == "lists" else _worded
        yield field, _answer(*told(projects[field], words), unreadable[field])
    bounds: dict[Literal["investment", "output"], list[Threshold]] = {}
    for bound in measure.where.thresholds:
        bounds.setdefault(bound.field, []).append(bound)
    for name, thresholds in bounds.items():
        holds = np.ones(len(projects), dtype=bool)
        for bound in thresholds:
            holds &= COMPARISONS[bound.comparison](amounts(projects[name]), bound.value)
        yield name, _answer(holds, projects[name].isna().to_numpy(), unreadable[name])
    if measure.except_sectors:
        holds, blank = _worded(projects["sector"], measure.except_sectors)
        yield "sector", _answer(~holds, blank, unreadable["sector"])


def _answer(holds: Flags, blank: Flags, unreadable: Flags) -> Answer:
    return Answer(holds & ~blank, blank & ~unreadable)


def _worded(column: pd.Series, words: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Where the word is one of these, and where there is none."""
    return column.isin(words).to_numpy(), (texts(column) == "").astype(bool)


def _on_lists(column: pd.Series, lists: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Where a project stands on one of these lists, and where nothing is said."""
    codes, distinct = pd.factorize(column)
    stands = np.array([not set(lists).isdisjoint(found) for found in distinct], dtype=bool)
    blank = np.array([not found for found in distinct], dtype=bool)
    return stands[codes], blank[codes]


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
