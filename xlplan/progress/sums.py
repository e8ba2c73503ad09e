"""Credits added up, exactly: by unit and measure, and with each joint project counted once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlplan.model import Ledger

Codes: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """Grains by unit and measure, and with each amount at most once by group and measure.

    `overall` is that sum over all units; `groups` is the group of every unit, in order.
    """

    done: Mapping[tuple[str, str], int]
    pending: Mapping[tuple[str, str], int]
    distinct: Mapping[tuple[str, str], int]
    overall: Mapping[str, int]
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Credits:
    """What is credited of each amount: one row for each amount and unit, or amount and group.

    `amount` is a number for the project's amount, `party` the unit or group, `measure` its
    measure; `credit` and `whole` are grains.
    """

    amount: Codes
    party: Codes
    measure: Codes
    credit: Codes
    whole: Codes

    def joined(self, parent: Codes) -> "Credits":
        """One row for each amount and parent of its parties: credits add up, the whole stands."""
        party = parent[self.party]
        keys = self.amount * max(len(parent), 1) + party
        order = np.argsort(keys, kind="stable")  # lines come by project: nearly sorted already
        begins = np.flatnonzero(_begins(keys[order]))
        first = order[begins]
        credit = np.add.reduceat(self.credit[order], begins)
        whole = np.maximum.reduceat(np.abs(self.whole)[order], begins)
        return Credits(self.amount[first], party[first], self.measure[first], credit, whole)

    def at_most_whole(self) -> Codes:
        """What each row counts when no amount may count for more than its whole."""
        return np.sign(self.credit) * np.minimum(np.abs(self.credit), np.abs(self.whole))


@dataclass(frozen=True, slots=True)
class Coded:
    """The names behind codes of units and measures, and the codes of each line."""

    units: list[str]
    measures: list[str]
    unit: Codes
    measure: Codes

    def sums(self, grains: Codes) -> dict[tuple[str, str], int]:
        """The grains of each unit and measure that occur together."""
        pairs, total = _added(self.unit * len(self.measures) + self.measure, grains)
        unit, measure = np.divmod(pairs, max(len(self.measures), 1))
        return {
            (self.units[u], self.measures[m]): int(grains)
            for u, m, grains in zip(unit, measure, total, strict=True)
        }


def sum_credits(frame: pd.DataFrame, ledger: Ledger) -> Sums:
    """Add up the credits (`model.CREDITS`) of units, of groups and of the whole area."""
    coded = _coded(frame)
    groups = _groups(frame, ledger, coded)
    group, names = pd.factorize(np.array([groups[unit] for unit in coded.units], dtype=object))
    by_group = _credits(frame, coded).joined(group)
    overall = by_group.joined(np.zeros(len(names), dtype=np.int64))
    return Sums(
        coded.sums(_grains(frame, "credit")),
        coded.sums(_grains(frame, "pending")),
        _distinct(by_group, list(names), coded.measures),
        {
            measure: grains
            for (_, measure), grains in _distinct(overall, [""], coded.measures).items()
        },
        groups,
    )


def _coded(frame: pd.DataFrame) -> Coded:
    unit, units = pd.factorize(frame["unit"].to_numpy(dtype=object))
    measure, measures = pd.factorize(frame["measure"].to_numpy(dtype=object))
    return Coded(list(units), list(measures), unit, measure)


def _grains(frame: pd.DataFrame, name: str) -> Codes:
    return frame[name].to_numpy(dtype="int64")


def _groups(frame: pd.DataFrame, ledger: Ledger, coded: Coded) -> dict[str, str]:
    """The group of each registered unit in the register's order, then of any other unit."""
    known = dict(zip(ledger.units["unit"], ledger.units["group"], strict=True))
    if set(coded.units) <= known.keys():
        return known
    every = frame.drop_duplicates("unit")
    return known | dict(zip(every["unit"], every["group"], strict=True)) | known


def _credits(frame: pd.DataFrame, coded: Coded) -> Credits:
    """The lines that credit anything; an amount is told by its measure, project and cell."""
    counted = np.flatnonzero(_grains(frame, "credit"))
    project, sheet = (_run_codes(frame[name].to_numpy()[counted]) for name in ("project", "sheet"))
    row, column = (_grains(frame, name)[counted] for name in ("row", "column"))
    amount = project
    for part in (sheet, row, column, coded.measure[counted]):
        amount = amount * (int(part.max(initial=0)) + 1) + part
    return Credits(
        amount,
        coded.unit[counted],
        coded.measure[counted],
        _grains(frame, "credit")[counted],
        _grains(frame, "whole")[counted],
    )


def _run_codes(column: npt.NDArray[Any]) -> Codes:
    """A code for each value of a column in which equal values mostly stand together."""
    begins = _begins(column)
    of_runs: Codes = pd.factorize(column[begins])[0].astype(np.int64)
    codes: Codes = of_runs[np.cumsum(begins) - 1]
    return codes


def _begins(column: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a value differs from the one before it."""
    begins = np.ones(len(column), dtype=bool)
    begins[1:] = column[1:] != column[:-1]
    return begins


def _distinct(
    joined: Credits, parties: list[str], measures: list[str]
) -> dict[tuple[str, str], int]:
    return Coded(parties, measures, joined.party, joined.measure).sums(joined.at_most_whole())


def _added(keys: Codes, grains: Codes) -> tuple[Codes, Codes]:
    """Each distinct key, and the sum of its grains."""
    codes, distinct = pd.factorize(keys)
    total = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(total, codes, grains)
    return distinct, total
