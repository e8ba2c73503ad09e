"""The lines: amounts ⋈ units of the project, one for each, and the class that the rules see."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlplan.crediting.classes import Class
from xlplan.crediting.columns import Codes, Days, Flags, texts
from xlplan.crediting.entries import Entry
from xlplan.crediting.lookup import Joint, Party
from xlplan.crediting.roles import Roles, kinds_of
from xlplan.crediting.sources import Sources
from xlplan.model import Ledger
from xlplan.policy.schema import Policy
from xlplan.policy.validity import rule_epochs


@dataclass(frozen=True, slots=True)
class Lines:
    """One line for each amount and unit of its project, the lead unit first.

    `source` is the index of the amount, `named` the code of the unit that the ledger names, `unit`
    of the one that is credited, which may have succeeded it; `kind` is the index of the line's
    class, `lead` the index of the line of the same amount's lead unit.
    """

    source: Codes
    named: Codes
    unit: Codes
    kind: Codes
    lead: Codes

    @property
    def cooperates(self) -> Flags:
        """Which lines are those of cooperating units."""
        itself: Codes = np.arange(len(self.lead))
        return np.not_equal(self.lead, itself)


@dataclass(frozen=True, slots=True)
class Dimensions:
    """All that a line's class is made of, as codes and the values they stand for."""

    entries: Sequence[Entry]
    origins: Sequence[str]
    origin: Codes
    parties: Sequence[Party]
    party: Codes
    epochs: Days

    @classmethod
    def of(
        cls, ledger: Ledger, policy: Policy, entries: Sequence[Entry], roles: Roles
    ) -> "Dimensions":
        """The origins in the ledger, and the units as far as the rules tell them apart."""
        origin, origins = pd.factorize(texts(ledger.projects["origin"]))
        party, parties = kinds_of(roles.parties, policy)
        epochs = np.array(rule_epochs(policy), dtype="datetime64[s]")
        return cls(entries, list(origins), origin, parties, party, epochs)

    def classes(self, shape: tuple[int, ...], codes: Codes) -> list[Class]:
        """The classes of these codes, which `np.ravel_multi_index` made in that shape."""
        return [
            Class(
                self.entries[entry],
                self.origins[origin],
                self.parties[party],
                Joint(int(partners), bool(across)),
                "cooperating" if cooperates else "lead",
                int(epoch),
            )
            for epoch, entry, origin, party, partners, across, cooperates in zip(
                *np.unravel_index(codes, shape), strict=True
            )
        ]


def lines_of(sources: Sources, roles: Roles, by: Dimensions) -> tuple[Lines, list[Class]]:
    """Join each amount to the units of its project; the classes that occur come beside."""
    size = roles.size[sources.project]
    source = np.repeat(np.arange(len(size)), size)
    lead = (np.cumsum(size) - size)[source]
    position = np.arange(len(source)) - lead
    project = sources.project[source]
    named = roles.members[roles.start[project] + position]
    unit = roles.succession.on(named, sources.day[source])
    most = int(roles.size.max(initial=1))
    shape = (len(by.epochs), len(by.entries), len(by.origins), len(by.parties), most, 2, 2)
    parts = (
        np.searchsorted(by.epochs, sources.day, side="right")[source] - 1,
        sources.entry[source],
        by.origin[project],
        by.party[unit],
        roles.size[project] - 1,
        roles.across[project].astype(np.int64),
        (position > 0).astype(np.int64),
    )
    if not len(source):
        return Lines(source, named, unit, source, lead), []
    kind, codes = pd.factorize(np.ravel_multi_index(parts, shape))
    return Lines(source, named, unit, kind, lead), by.classes(shape, codes)
