"""Amounts written in another currency than 元: which record has which, and in what it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Codes, Flags
from xlplan.model import Foreign, Ledger
from xlplan.policy.schema import Measure


@dataclass(frozen=True, slots=True)
class ForeignAmounts:
    """Each such amount once; by field, its index for each record, -1 for an amount in 元."""

    amounts: tuple[Foreign, ...]
    of_projects: Mapping[str, Codes]
    of_receipts: Codes

    @classmethod
    def of(cls, ledger: Ledger) -> "ForeignAmounts":
        """As the readers noted it."""
        amounts: list[Foreign] = []
        projects = _index(ledger.projects["foreign"], amounts)
        receipts = _index(ledger.receipts["foreign"], amounts)
        nowhere = np.full(len(ledger.receipts), -1)
        return cls(tuple(amounts), projects, receipts.get("amount", nowhere))

    def written(self, measure: Measure, size: int) -> Codes:
        """For each record that the measure reads its amount from: the index of what is written."""
        if measure.amount == "receipts":
            return self.of_receipts
        return self.of_projects.get(measure.amount, np.full(size, -1))

    def lacks(self, measure: Measure, blank: Flags) -> Flags:
        """Which records have no amount that the measure could count.

        `blank` are those without an amount in 元; a measure in a currency of its own wants that.
        """
        if not measure.currency:
            return blank
        own = [amount.currency == measure.currency for amount in self.amounts]
        lacking: Flags = ~np.array([*own, False], dtype=bool)[self.written(measure, len(blank))]
        return lacking

    def grains(self, measure: Measure, yuan: Codes) -> Codes:
        """What each record counts: hundredths of the measure's own currency, else 分."""
        if not measure.currency:
            return yuan
        known = np.array([*(amount.grains for amount in self.amounts), 0], dtype=np.int64)
        grains: Codes = known[self.written(measure, len(yuan))]
        return grains

    def shown(self, measure: Measure, size: int) -> Codes:
        """For each record the place in `vocabulary` of what is to be shown of it."""
        written = self.written(measure, size)
        own = written + len(self.amounts)
        return np.where(written < 0, -1, own) if measure.currency else written

    @property
    def vocabulary(self) -> list[Foreign | None]:
        """The amounts with their rates, then as they are written; None, for 元, comes last."""
        return [*self.amounts, *(replace(amount, rate=None) for amount in self.amounts), None]


def _index(column: pd.Series, amounts: list[Foreign]) -> dict[str, Codes]:
    """The index of each record's amount by field; the amounts are added to those known."""
    records = column.tolist()
    found: dict[str, Codes] = {}
    if not any(records):
        return found
    for at in [n for n, record in enumerate(records) if record]:
        for amount in records[at]:
            codes = found.setdefault(amount.field, np.full(len(records), -1))
            codes[at] = len(amounts)
            amounts.append(amount)
    return found
