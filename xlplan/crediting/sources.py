"""The dated amounts of a period: one row for each agreement, count or receipt and its measure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import pandas as pd

from xlplan.crediting.columns import (
    FIELDS,
    Codes,
    Days,
    Flags,
    Places,
    Unreadable,
    amounts,
    days,
    texts,
)
from xlplan.crediting.entries import Entry
from xlplan.crediting.foreign import ForeignAmounts
from xlplan.crediting.tiers import Classified, Facts, classify
from xlplan.model import ONE, Ledger
from xlplan.policy import Case
from xlplan.policy.schema import Measure, Policy
from xlplan.quantity import CALENDAR, Period, Year


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are credited: those of the period, up to the as-of date.

    A level 水平 counts from the start of the assessment `year` on, a measure whose figures come
    late up to an earlier day. `levels` are the measures that are levels in this period.
    """

    period: Period
    as_of: date
    year: Year = CALENDAR
    levels: frozenset[str] = frozenset()

    def of(self, measure: Measure) -> "Window":
        """The days of a measure."""
        period = self.period
        if measure.name in self.levels:
            period = replace(period, start=self.year.first_day(period))
        return replace(self, period=period, as_of=measure.counted_to(self.as_of))

    def covers(self, dates: Days) -> Flags:
        """Which dates are credited; a missing one is not."""
        start, end = np.datetime64(self.period.start, "s"), np.datetime64(self.period.end, "s")
        return (dates >= start) & (dates < end) & ~self.passed_by(dates)

    def passed_by(self, dates: Days) -> Flags:
        """Which dates lie after the as-of date."""
        return dates >= np.datetime64(self.as_of, "s") + np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class Material:
    """The ledger as the engine reads it.

    `payer` is the index of the project of each receipt, -1 when there is none; `excluded` tells the
    projects that do not count for their status, `creditable` the others whose lead unit and origin
    are known, `paid` the receipts of such projects. Without a list of origins in the policy no
    project `needs_origin`.
    """

    ledger: Ledger
    window: Window
    tiers: Classified
    unreadable: Unreadable
    places: Places
    payer: Codes
    creditable: Flags
    excluded: Flags
    paid: Flags
    needs_origin: bool
    foreign: ForeignAmounts

    @property
    def signed(self) -> Flags:
        """The projects that can be credited and were signed within the window."""
        return self.creditable & self.window.covers(days(self.ledger.projects["signed"]))

    def dated(self, measure: Measure) -> Flags:
        """The projects that can be credited and of which the measure's date lies in its window."""
        window = self.window.of(measure)
        return self.creditable & window.covers(days(self.ledger.projects[measure.dated_by]))

    def received(self, measure: Measure) -> Flags:
        """The receipts of the measure's window, and in its currency, that can be credited."""
        receipts = self.ledger.receipts
        lacking = self.foreign.lacks(measure, receipts["amount"].isna().to_numpy())
        return self.paid & ~lacking & self.window.of(measure).covers(days(receipts["received"]))

    def receiving(self, measure: Measure) -> Flags:
        """The projects that they belong to."""
        projects = np.zeros(len(self.creditable), dtype=bool)
        projects[self.payer[self.received(measure)]] = True
        return projects


def material_of(ledger: Ledger, window: Window, facts: Facts, policy: Policy) -> Material:
    """Join the receipts to their projects, and tell which projects can be credited."""
    projects = ledger.projects
    payer = pd.Index(projects["project"]).get_indexer(pd.Index(ledger.receipts["project"]))
    known = (texts(projects["lead"]) != "") & (
        (texts(projects["origin"]) != "") | (not policy.origins)
    )
    excluded = projects["status"].isin(policy.not_counted).to_numpy()
    creditable = known.astype(bool) & ~excluded
    return Material(
        ledger,
        window,
        classify(facts, policy),
        facts.unreadable,
        Places.of(ledger),
        payer,
        creditable,
        excluded,
        # The index -1 of a receipt without a project finds the last one, which is False.
        paid=np.append(creditable, np.zeros(1, dtype=bool))[payer],
        needs_origin=bool(policy.origins),
        foreign=ForeignAmounts.of(ledger),
    )


@dataclass(frozen=True, slots=True)
class Sources:
    """One row per amount that is credited, and where it stands.

    `project` and `entry` are indices, `sheet` and `field` codes (see `Places`), `foreign` those of
    `ForeignAmounts.vocabulary`.
    """

    project: Codes
    entry: Codes
    amount: Codes
    day: Days
    sheet: Codes
    row: Codes
    field: Codes
    foreign: Codes

    def take(self, rows: Codes) -> "Sources":
        """These rows in this order."""
        return Sources(*(getattr(self, part.name)[rows] for part in fields(Sources)))


_NO_CODES: Codes = np.zeros(0, dtype=np.int64)
_NOTHING = Sources(*(_NO_CODES,) * 3, _NO_CODES.astype("datetime64[s]"), *(_NO_CODES,) * 4)


def sources_of(material: Material, entries: Sequence[Entry], enters: Sequence[Flags]) -> Sources:
    """All amounts of the window by project, then by entry, then in the order of the ledger.

    `enters` tells for each entry the projects that it counts.
    """
    blocks = [
        _NOTHING,
        *(
            _block(material, entry, index, flags)
            for index, (entry, flags) in enumerate(zip(entries, enters, strict=True))
        ),
    ]
    found = Sources(
        *(np.concatenate([getattr(b, part.name) for b in blocks]) for part in fields(Sources))
    )
    return found.take(np.argsort(found.project * len(entries) + found.entry, kind="stable"))


def _block(material: Material, entry: Entry, index: int, enters: Flags) -> Sources:
    if entry.measure.amount == "receipts":
        return _receipts(material, entry, index, enters)
    return _of_projects(material, entry, index, np.flatnonzero(enters))


def _receipts(material: Material, entry: Entry, index: int, enters: Flags) -> Sources:
    """Received funds 到位资金 belong to the date of each receipt."""
    receipts = material.ledger.receipts
    kept = np.flatnonzero(material.received(entry.measure))
    kept = kept[enters[material.payer[kept]]]
    grains = material.foreign.grains(entry.measure, amounts(receipts["amount"]))
    return Sources(
        material.payer[kept],
        np.full(len(kept), index),
        grains[kept],
        days(receipts["received"])[kept],
        material.places.of_receipts[kept],
        amounts(receipts["row"])[kept],
        np.full(len(kept), FIELDS.index("amount")),
        material.foreign.shown(entry.measure, len(receipts))[kept],
    )


def _of_projects(material: Material, entry: Entry, index: int, kept: Codes) -> Sources:
    """An amount of the project or one for it, by the day that dates the measure."""
    projects, measure = material.ledger.projects, entry.measure
    counts = measure.amount in ("project", "tier")
    if counts:
        grains = np.full(len(kept), ONE)
    else:
        grains = material.foreign.grains(measure, amounts(projects[measure.amount]))[kept]
    return Sources(
        kept,
        np.full(len(kept), index),
        grains,
        days(projects[measure.dated_by])[kept],
        material.places.of_projects[kept],
        amounts(projects["row"])[kept],
        _fields(material, measure, kept),
        material.foreign.shown(measure, len(projects))[kept],
    )


def _fields(material: Material, measure: Measure, kept: Codes) -> Codes:
    """The field of each amount; of a count the one that made the tier, a bound, or the date."""
    if measure.amount == "tier":
        field = np.array([FIELDS.index(_deciding(case)) for case in material.tiers.cases])
        return field[material.tiers.case[kept]]
    bounded = next((bound.field for bound in measure.where.thresholds), measure.dated_by)
    read = bounded if measure.amount == "project" else measure.amount
    return np.full(len(kept), FIELDS.index(read))


def _deciding(case: Case) -> str:
    return next((bound.field for bound in case.thresholds), "sector")
