"""较上期变动: what of each figure is new since an earlier result, and what made the rest change.

Amounts are matched one by one: a project's agreement or count with what it was, a receipt with one
of the same day and size. What is matched changes by corrections of the ledger, by rulings, or by
units that were merged or renamed; what is not matched is new, or gone. The parts of a figure add up
to its change, to the last grain.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlplan.model import GROWTHS, PERIOD_CHANGES
from xlplan.policy import TOTAL, Policy
from xlplan.quantity import to_grains

if TYPE_CHECKING:
    import pandas as pd

Part = Literal["new", "receipts", "corrections", "rulings", "units", "others"]
PARTS: tuple[Part, ...] = ("new", "receipts", "corrections", "rulings", "units", "others")


@dataclass(frozen=True, slots=True)
class Side:
    """A computed period, the earlier or the later one.

    `credits`, `standings` and `totals` as in `xlplan.model`; `options` is the option of each
    ruling, `projects` everything that its ledger knew, `start` the period's first day.
    """

    policy: str
    start: date
    as_of: date
    options: Mapping[str, str]
    credits: "pd.DataFrame"
    standings: "pd.DataFrame"
    totals: "pd.DataFrame"
    projects: frozenset[str]


class Party(NamedTuple):
    """Who is credited."""

    group: str
    unit: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of the ledger, and what each party is credited of it, in grains."""

    project: str
    measure: str
    date: date | None
    amount: int
    whole: int
    rulings: frozenset[str]
    credits: Mapping[Party, int]

    @property
    def distinct(self) -> int:
        """What it counts for the whole area: never more than its weighted whole."""
        added = sum(self.credits.values())
        counted = min(abs(added), abs(self.whole))
        return counted if added >= 0 else -counted


Pair = tuple[Amount | None, Amount | None]
Key = tuple[str, str, str]
"""Group, unit and measure."""


def changes(before: Side, after: Side, policy: Policy, heirs: Mapping[str, str]) -> "pd.DataFrame":
    """What changed, by unit, by group and for the area, with its parts (`PERIOD_CHANGES`).

    `heirs` maps a unit that was merged or renamed to the one that stands for it now.
    """
    parts = _parts(before, after, policy, heirs)
    ours, theirs = values_of(before), values_of(after)
    known = {measure.name for measure in policy.measures}
    rows = [
        _row(key, (ours.get(key), theirs.get(key)), parts.get(key, {}), policy)
        for key in dict.fromkeys((*theirs, *ours))
        if key[2] in known
    ]
    return PERIOD_CHANGES.of({name: [row[name] for row in rows] for name in PERIOD_CHANGES.names})


def _parts(
    before: Side, after: Side, policy: Policy, heirs: Mapping[str, str]
) -> dict[Key, dict[Part, int]]:
    """The grains of each part, by unit, group and area."""
    found: dict[Key, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    receipts = frozenset(one.name for one in policy.measures if one.amount == "receipts")
    judge = Judge(before, after, receipts, heirs)
    for pair in _pairs(_amounts(before.credits), _amounts(after.credits)):
        measure = next(one.measure for one in pair if one)
        for party, part, grains in judge.entries(pair):
            found[party.group, party.unit, measure][part] += grains
            found[party.group, TOTAL, measure][part] += grains
        part, grains = judge.of_area(pair)
        found[policy.area, TOTAL, measure][part] += grains
    return found


# Matching


def _amounts(credits_: "pd.DataFrame") -> dict[tuple[str, str], list[Amount]]:
    """The amounts of each project and measure; the rows of one cell are one amount."""
    names = ("project", "measure", "sheet", "row", "column", "date", "amount")
    more = ("group", "unit", "credit", "whole", "ruling")
    columns = [credits_[name].tolist() for name in (*names, *more)]
    rows: dict[tuple[object, ...], list[tuple[object, ...]]] = defaultdict(list)
    for row in zip(*columns, strict=True):
        rows[row[: len(names)]].append(row[len(names) :])
    found: dict[tuple[str, str], list[Amount]] = defaultdict(list)
    for key, parties in rows.items():
        one = _amount(key, parties)
        found[one.project, one.measure].append(one)
    return found


def _amount(key: tuple[object, ...], parties: Sequence[tuple[object, ...]]) -> Amount:
    project, measure, _, _, _, day, amount = key
    credited: dict[Party, int] = defaultdict(int)
    whole, rulings = 0, set[str]()
    for group, unit, credit, weighted, ruling in parties:
        grains = int(str(credit))
        credited[Party(str(group), str(unit))] += grains
        whole = max(whole, abs(int(str(weighted)))) if grains else whole
        rulings |= set(filter(None, str(ruling).split("、")))
    dated = day.date() if isinstance(day, datetime) and day == day else None  # noqa: PLR0124 - NaT
    return Amount(
        str(project), str(measure), dated, int(str(amount)), whole, frozenset(rulings), credited
    )


def _pairs(
    before: Mapping[tuple[str, str], list[Amount]], after: Mapping[tuple[str, str], list[Amount]]
) -> Iterator[Pair]:
    """Each amount with its like on the other side, once; None where there is none."""
    for key in dict.fromkeys((*after, *before)):
        yield from _matched(before.get(key, []), after.get(key, []))


def _matched(before: list[Amount], after: list[Amount]) -> Iterator[Pair]:
    """Equal amounts of one day first, then amounts of one day, then what is left, if it is one."""
    left, right = list(before), list(after)
    for name in (lambda one: (one.date, one.amount), lambda one: one.date):
        for one in list(right):
            other = next((other for other in left if name(other) == name(one)), None)
            if other is not None:
                left.remove(other)
                right.remove(one)
                yield other, one
    if len(before) == len(after) == len(left) == 1:
        yield left[0], right[0]
        return
    yield from ((one, None) for one in left)
    yield from ((None, one) for one in right)


# Causes


@dataclass(frozen=True, slots=True)
class Judge:
    """Says why the credits of an amount are not what they were."""

    before: Side
    after: Side
    receipts: frozenset[str]
    heirs: Mapping[str, str]

    def entries(self, pair: Pair) -> Iterator[tuple[Party, Part, int]]:
        """The grains that each party gained or lost, by part; they add up to all of its change."""
        one, other = pair
        old = dict(one.credits) if one else {}
        new = dict(other.credits) if other else {}
        if one and other:
            yield from self._moved(old, new)
        cause = self.cause(pair)
        for party in dict.fromkeys((*new, *old)):
            grains = new.get(party, 0) - old.get(party, 0)
            if grains:
                yield party, cause, grains

    def of_area(self, pair: Pair) -> tuple[Part, int]:
        """The same for the area, where a joint project counts once and no unit is another's."""
        one, other = pair
        grains = (other.distinct if other else 0) - (one.distinct if one else 0)
        return self.cause(pair), grains

    def _moved(
        self, old: dict[Party, int], new: Mapping[Party, int]
    ) -> Iterator[tuple[Party, Part, int]]:
        """What went over to a unit's successor or new name or group; `old` then says it so."""
        for party in [party for party in old if party not in new]:
            heir = self._heir(party, new)
            if heir is not None and heir not in old:
                grains = old.pop(party)
                old[heir] = grains
                yield party, "units", -grains
                yield heir, "units", grains

    def _heir(self, party: Party, new: Mapping[Party, int]) -> Party | None:
        """The party that stands for one that is gone: of its name in another group, or its heir."""
        names = {party.unit, self.heirs.get(party.unit, "")}
        return next((one for one in new if one.unit in names), None)

    def cause(self, pair: Pair) -> Part:
        """Why an amount counts otherwise."""
        one, other = pair
        if one and other:
            if (one.date, one.amount) != (other.date, other.amount):
                return "corrections"
            return "rulings" if self._is_ruled(one, other) else "corrections"
        if other:
            return self._cause_of_new(other)
        assert one is not None  # noqa: S101 - a pair has one of them
        if one.date and one.date < self.after.start:
            return "others"  # it belongs to the earlier period alone
        return (
            "rulings"
            if self._is_ruled(one) and one.project in self.after.projects
            else ("corrections")
        )

    def _cause_of_new(self, amount: Amount) -> Part:
        if amount.date and amount.date < self.before.start:
            return "others"
        if amount.measure in self.receipts:
            return "receipts" if amount.amount >= 0 else "corrections"
        late = amount.date is not None and amount.date > self.before.as_of
        if late or amount.project not in self.before.projects:
            return "new"
        return "rulings" if self._is_ruled(amount) else "corrections"

    def _is_ruled(self, *amounts: Amount) -> bool:
        """Whether another policy, or a ruling chosen otherwise, can be the cause."""
        if self.before.policy != self.after.policy:
            return True
        named = {name for one in amounts for name in one.rulings}
        ours, theirs = self.before.options, self.after.options
        return any(ours.get(name, "") != theirs.get(name, "") for name in named)


# Figures


def _row(
    key: Key,
    values: tuple[Fraction | None, Fraction | None],
    parts: Mapping[Part, int],
    policy: Policy,
) -> dict[str, object]:
    """One row of `PERIOD_CHANGES`; what no amount explains is `others`."""
    measure = policy.measure(key[2])
    nothing = Fraction(0) if measure.is_sum else None  # a sum that a side does not know is nothing
    one, other = (
        None if value is None else to_grains(value, measure.grains)
        for value in (nothing if value is None else value for value in values)
    )
    change = None if one is None or other is None else other - one
    said: dict[str, int | None] = {name: parts.get(name, 0) for name in PARTS}
    if change is None:
        said = dict.fromkeys(PARTS)
    else:
        said["others"] = change - sum(parts.get(name, 0) for name in PARTS if name != "others")
    return {
        "group": key[0],
        "unit": key[1],
        "measure": key[2],
        "before": one,
        "after": other,
        "change": change,
        **said,
    }


def values_of(side: Side) -> dict[Key, Fraction | None]:
    """The exact value of every figure: of units, then of groups, and of the area counted once."""
    return {**_values(side.standings), **_values(side.totals)}


def _values(frame: "pd.DataFrame") -> dict[Key, Fraction | None]:
    units = frame["unit"].tolist() if "unit" in frame else [TOTAL] * len(frame)
    columns = (frame["group"], units, frame["measure"], frame["value"])
    return {
        (str(group), str(unit), str(measure)): value if isinstance(value, Fraction) else None
        for group, unit, measure, value in zip(*columns, strict=True)
    }


def growth_rows(before: Side, after: Side) -> "pd.DataFrame":
    """By how much each figure grew over that of the earlier side (`GROWTHS`), where both are known.

    Growth from nothing is no rate: None.
    """
    ours = values_of(before)
    rows = [
        (*key, base, value, value / base - 1 if base else None)
        for key, value in values_of(after).items()
        if value is not None and (base := ours.get(key)) is not None
    ]
    return GROWTHS.of({name: [row[n] for row in rows] for n, name in enumerate(GROWTHS.names)})
