"""Who takes part in each project: roles = projects × (lead, cooperating…), the lead first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Codes, Flags, Texts, texts
from xlplan.crediting.lookup import Party
from xlplan.crediting.succession import Succession
from xlplan.model import Ledger
from xlplan.policy.schema import Policy


@dataclass(frozen=True, slots=True)
class Roles:
    """The units of all projects, flat: project p has `members[start[p] : start[p] + size[p]]`.

    `members` are codes into `names` and `groups`; `across` tells projects whose units belong to
    several groups.
    """

    names: Texts
    groups: Texts
    members: Codes
    start: Codes
    size: Codes
    across: Flags
    succession: Succession

    @property
    def parties(self) -> tuple[Party, ...]:
        """The units by their codes, as the rules see them."""
        return tuple(map(Party, self.names, self.groups))


def roles_of(ledger: Ledger, policy: Policy) -> Roles:
    """Every project's units, by the ledger's lead and cooperating columns."""
    cooperating = ledger.projects["cooperating"]
    size = 1 + np.fromiter(map(len, cooperating), dtype=np.int64, count=len(cooperating))
    start = np.cumsum(size) - size
    codes, names = _unit_codes(ledger, list(chain.from_iterable(cooperating)))
    lead, partners = codes[: len(size)], codes[len(size) :]
    members = np.empty(len(codes), dtype=np.int64)
    is_lead = np.zeros(len(codes), dtype=bool)
    is_lead[start] = True
    members[is_lead] = lead
    members[~is_lead] = partners
    groups = _groups(ledger, names)
    group_of = pd.factorize(groups)[0][members]
    differs = group_of != np.repeat(group_of[start], size)
    across = np.zeros(len(size), dtype=bool)
    across[np.repeat(np.arange(len(size)), size)[differs]] = True
    return Roles(names, groups, members, start, size, across, Succession.of(ledger, policy, names))


def _unit_codes(ledger: Ledger, partners: Sequence[str]) -> tuple[Codes, Texts]:
    """Codes of the lead units, then of all cooperating units; the register's units come first."""
    register = texts(ledger.units["unit"])
    lead = texts(ledger.projects["lead"])
    named = np.concatenate([register, lead, np.array(partners, dtype=object)])
    codes, names = pd.factorize(named)
    return codes[len(register) :].astype(np.int64), names


def _groups(ledger: Ledger, names: Texts) -> Texts:
    known = dict(zip(ledger.units["unit"], ledger.units["group"], strict=True))
    return np.array([known.get(name, "") for name in names], dtype=object)


def kinds_of(parties: Sequence[Party], policy: Policy) -> tuple[Codes, tuple[Party, ...]]:
    """Units that no scope of any option tells apart: the kind of each, one unit for each kind."""
    scopes = [
        *policy.rules.scopes,
        *(s for ruling in policy.rulings for option in ruling.options for s in option.rules.scopes),
    ]
    kinds: dict[tuple[bool, ...], int] = {}
    found: list[Party] = []
    codes = []
    for party in parties:
        signature = tuple(party.is_in(scope) for scope in scopes)
        if signature not in kinds:
            kinds[signature] = len(found)
            found.append(party)
        codes.append(kinds[signature])
    return np.array(codes, dtype=np.int64), tuple(found)
