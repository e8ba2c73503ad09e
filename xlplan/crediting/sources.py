"""The dated amounts of a period: one row for each agreement, count or receipt and its measure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
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
from xlplan.crediting.tiers import Classified, Facts
from xlplan.model import ONE, Ledger
from xlplan.policy import Case
from xlplan.quantity import Period


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are credited: those of the period, up to the as-of date."""

    period: Period
    as_of: date

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

    `payer` is the index of the project of each receipt, -1 when there is none; `creditable` tells
    the projects whose lead unit and origin are known, `paid` the receipts of such projects.
    """

    ledger: Ledger
    window: Window
    tiers: Classified
    unreadable: Unreadable
    places: Places
    payer: Codes
    creditable: Flags
    paid: Flags

    @property
    def signed(self) -> Flags:
        """The projects that can be credited and were signed within the window."""
        return self.creditable & self.window.covers(days(self.ledger.projects["signed"]))


def material_of(ledger: Ledger, window: Window, facts: Facts, tiers: Classified) -> Material:
    """Join the receipts to their projects, and tell which projects can be credited."""
    projects = ledger.projects
    payer = pd.Index(projects["project"]).get_indexer(pd.Index(ledger.receipts["project"]))
    known = (texts(projects["lead"]) != "") & (texts(projects["origin"]) != "")
    creditable = known.astype(bool)
    return Material(
        ledger,
        window,
        tiers,
        facts.unreadable,
        Places.of(ledger),
        payer,
        creditable,
        # The index -1 of a receipt without a project finds the last one, which is False.
        paid=np.append(creditable, np.zeros(1, dtype=bool))[payer],
    )


@dataclass(frozen=True, slots=True)
class Sources:
    """One row per amount that is credited, and where it stands.

    `project` and `entry` are indices, `sheet` and `field` codes (see `Places`).
    """

    project: Codes
    entry: Codes
    amount: Codes
    day: Days
    sheet: Codes
    row: Codes
    field: Codes

    def take(self, rows: Codes) -> "Sources":
        """These rows in this order."""
        return Sources(*(getattr(self, part.name)[rows] for part in fields(Sources)))


_NO_CODES: Codes = np.zeros(0, dtype=np.int64)
_NOTHING = Sources(*(_NO_CODES,) * 3, _NO_CODES.astype("datetime64[s]"), *(_NO_CODES,) * 3)


def sources_of(material: Material, entries: Sequence[Entry]) -> Sources:
    """All amounts of the window by project, then by entry, then in the order of the ledger."""
    blocks = [_NOTHING, *(_block(material, entry, i) for i, entry in enumerate(entries))]
    found = Sources(
        *(np.concatenate([getattr(b, part.name) for b in blocks]) for part in fields(Sources))
    )
    return found.take(np.argsort(found.project * len(entries) + found.entry, kind="stable"))


def _block(material: Material, entry: Entry, index: int) -> Sources:
    if entry.measure.amount == "receipts":
        return _receipts(material, index)
    if entry.measure.amount == "agreement":
        return _agreements(material, entry, index)
    return _counts(material, entry, index)


def _receipts(material: Material, index: int) -> Sources:
    """Received funds 到位资金 belong to the date of each receipt."""
    receipts = material.ledger.receipts
    kept = np.flatnonzero(material.paid & material.window.covers(days(receipts["received"])))
    return Sources(
        material.payer[kept],
        np.full(len(kept), index),
        amounts(receipts["amount"])[kept],
        days(receipts["received"])[kept],
        material.places.of_receipts[kept],
        amounts(receipts["row"])[kept],
        np.full(len(kept), FIELDS.index("amount")),
    )


def _agreements(material: Material, entry: Entry, index: int) -> Sources:
    """Agreement funds 协议资金 belong to the date of signing."""
    projects = material.ledger.projects
    enters = material.signed & projects["agreement"].notna().to_numpy()
    if entry.measure.part_of:
        excepted = ("", *entry.measure.except_sectors)
        enters &= ~projects["sector"].isin(excepted).to_numpy()
    kept = np.flatnonzero(enters)
    field = np.full(len(kept), FIELDS.index("agreement"))
    return _of_projects(material, index, kept, amounts(projects["agreement"])[kept], field)


def _counts(material: Material, entry: Entry, index: int) -> Sources:
    """One project of the entry's tier, in the cell that made it one, by the date of signing."""
    kept = np.flatnonzero(material.signed & (material.tiers.tier == entry.tier))
    field = np.array([FIELDS.index(_deciding(case)) for case in material.tiers.cases])
    grains = np.full(len(kept), ONE)
    return _of_projects(material, index, kept, grains, field[material.tiers.case[kept]])


def _deciding(case: Case) -> str:
    return next((bound.field for bound in case.thresholds), "sector")


def _of_projects(
    material: Material, index: int, kept: Codes, grains: Codes, field: Codes
) -> Sources:
    projects = material.ledger.projects
    return Sources(
        kept,
        np.full(len(kept), index),
        grains,
        days(projects["signed"])[kept],
        material.places.of_projects[kept],
        amounts(projects["row"])[kept],
        field,
    )
