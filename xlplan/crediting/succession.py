"""Merged units 并入: from its last day on, what the ledger writes for a unit is its successor's.

What lies before stays with the unit itself, unless the document says that the successor includes
its predecessors. Either way every amount is credited once, so that nothing is lost or doubled.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Codes, Days, Texts, days, texts
from xlplan.model import Ledger
from xlplan.policy.schema import Policy

_FROM_THE_FIRST = np.datetime64("0001-01-01", "s")


@dataclass(frozen=True, slots=True)
class Succession:
    """By the code of each unit: its successor's code, and the day from which on that holds.

    A unit without a successor is its own, from no day on (NaT).
    """

    heir: Codes
    since: Days
    steps: int

    @classmethod
    def of(cls, ledger: Ledger, policy: Policy, names: Texts) -> "Succession":
        """As the register says; the policy tells which successors include their predecessors."""
        register, units = ledger.units, pd.Index(names)
        place = units.get_indexer(pd.Index(register["unit"]))
        heir: Codes = np.arange(len(names))
        since = np.full(len(names), np.datetime64("NaT", "s"))
        successors = texts(register["successor"])
        merged = np.flatnonzero(successors != "")
        whole = {unit.name for unit in policy.units if unit.includes_predecessor}
        heir[place[merged]] = units.get_indexer(pd.Index(successors[merged]))
        includes = np.array([name in whole for name in successors[merged]], dtype=bool)
        ends = days(register["valid_to"])[merged]
        since[place[merged]] = np.where(includes, _FROM_THE_FIRST, ends)
        return cls(heir, since, len(merged))

    def on(self, units: Codes, day: Days) -> Codes:
        """Who stands in for each unit on each day; a successor may have one itself."""
        for _ in range(self.steps):
            due = day >= self.since[units]
            if not due.any():
                break
            units = np.where(due, self.heir[units], units)
        return units
