"""What adopting each difference would change in the credits of each unit.

The ledger is credited again with differences adopted in it, exactly as it would be afterwards. Two
differences of one project may hang together, so they are tried one at a time; differences of
different projects do not, so they are tried together: there are as many runs as the project with
the most differences has.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlplan import crediting
from xlplan.model import PROJECTS, RECEIPTS
from xlplan.policy.schema import Policy
from xlplan.quantity import Period
from xlplan.reconciling.decisions import After, Write
from xlplan.reconciling.effects import Effect
from xlplan.tables.ledgers import Law, together

if TYPE_CHECKING:
    from xlplan.model import FrameKind, Ledger

Place = tuple[str, int]
"""Sheet and row of a record of the ledger."""

_LISTS = frozenset({"cooperating", "lists"})
_DAYS = frozenset({"signed", "started", "produced", "received"})


@dataclass(frozen=True, slots=True)
class Computed:
    """A ledger as it is credited: all that crediting it again takes."""

    ledger: "Ledger"
    law: Law
    period: Period
    as_of: date

    @property
    def policy(self) -> Policy:
        """The policy that it is credited by."""
        return self.law.policy


def effects(
    computed: Computed, writes: Mapping[str, Sequence[Write]]
) -> Mapping[str, tuple[Effect, ...]]:
    """The effects of adopting each number alone, its rows being `writes`.

    A number whose row the ledger's frames do not have, since it was set aside, is left out: what
    becomes of it cannot be told before it is mended.
    """
    known = _Rows.of(computed.ledger)
    possible = {number: rows for number, rows in writes.items() if known.has(rows)}
    if not possible:
        return {}
    before = _sums(computed, computed.ledger)
    found: dict[str, tuple[Effect, ...]] = {}
    for run in _runs(possible, known):
        adopted = {number: possible[number] for number in run.values()}
        after = _sums(computed, _adopting(computed, adopted, known))
        found |= _by_number(before, after, run)
    return {number: found.get(number, ()) for number in possible}


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where each record of the ledger is in its frames, and which project it belongs to."""

    projects: Mapping[Place, int]
    receipts: Mapping[Place, int]
    ids: Mapping[Place, str]
    sheets: frozenset[str]

    @classmethod
    def of(cls, ledger: "Ledger") -> "_Rows":
        places = [_places(frame) for frame in (ledger.projects, ledger.receipts)]
        ids = {
            place: project
            for frame, known in zip((ledger.projects, ledger.receipts), places, strict=True)
            for place, project in zip(known, frame["project"], strict=True)
        }
        at = [{place: n for n, place in enumerate(known)} for known in places]
        return cls(at[0], at[1], ids, frozenset(ledger.receipts["sheet"]))

    def has(self, writes: Sequence[Write]) -> bool:
        """Whether every cell that is changed belongs to a record of the frames."""
        return all(one.is_new or (one.sheet, one.row) in self.ids for one in writes)

    def project_of(self, number: str, writes: Sequence[Write]) -> str:
        """The project that the writes are about; a new one goes by its number."""
        first = next((one for one in writes if not one.is_new), writes[0])
        if not first.is_new:
            return self.ids[first.sheet, first.row]
        return number if any(one.kind == "project" for one in writes) else first.project


def _places(frame: pd.DataFrame) -> list[Place]:
    return list(zip(frame["sheet"], frame["row"].tolist(), strict=True))


def _runs(writes: Mapping[str, Sequence[Write]], known: _Rows) -> Iterator[Mapping[str, str]]:
    """Which number of each project is tried in each run."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for number, rows in writes.items():
        waiting[known.project_of(number, rows)].append(number)
    longest = max(map(len, waiting.values()), default=0)
    for turn in range(longest):
        yield {project: those[turn] for project, those in waiting.items() if turn < len(those)}


Sums = Mapping[tuple[str, str, str], tuple[int, int]]
"""By project, unit and measure: grains credited, and grains 待定."""


def _sums(computed: Computed, ledger: "Ledger") -> Sums:
    credited = crediting.credit(ledger, computed.policy, computed.period, computed.as_of).credits
    keys = zip(credited["project"], credited["unit"], credited["measure"], strict=True)
    done: Counter[tuple[str, str, str]] = Counter()
    pending: Counter[tuple[str, str, str]] = Counter()
    amounts = zip(keys, credited["credit"].tolist(), credited["pending"].tolist(), strict=True)
    for key, settled, open_ in amounts:
        done[key] += settled
        pending[key] += open_
    return {key: (done[key], pending[key]) for key in done}


def _by_number(before: Sums, after: Sums, run: Mapping[str, str]) -> dict[str, tuple[Effect, ...]]:
    """What differs between two computations, for the number that each project was tried with."""
    found: dict[str, list[Effect]] = defaultdict(list)
    for key in dict.fromkeys((*after, *before)):
        project, unit, measure = key
        old, new = before.get(key, (0, 0)), after.get(key, (0, 0))
        if old != new and project in run:
            found[run[project]].append(Effect(unit, measure, new[0] - old[0], new[1] - old[1]))
    return {number: tuple(each) for number, each in found.items()}


def _adopting(computed: Computed, adopted: Mapping[str, Sequence[Write]], known: _Rows) -> "Ledger":
    """The ledger with these rows of a report adopted."""
    ledger, every = computed.ledger, [one for rows in adopted.values() for one in rows]
    changes = [one for one in every if not one.is_new]
    projects = _changed(ledger.projects, changes, known.projects, computed)
    receipts = _changed(ledger.receipts, changes, known.receipts, computed)
    new = [(number, one) for number, rows in adopted.items() for one in rows if one.is_new]
    projects = _lengthened(PROJECTS, projects, _records(new, "project", adopted), computed)
    receipts = _lengthened(RECEIPTS, receipts, _records(new, "receipt", adopted), computed)
    return replace(ledger, projects=projects, receipts=receipts)


def _changed(
    frame: pd.DataFrame, changes: Iterable[Write], at: Mapping[Place, int], computed: Computed
) -> pd.DataFrame:
    """A frame with cells changed; what was unreadable there is no longer."""
    columns: dict[str, list[object]] = {}
    for one in changes:
        row = at.get((one.sheet, one.row))
        if row is not None and one.field in frame:
            values = columns.setdefault(one.field, frame[one.field].tolist())
            values[row] = _value(one.field, one.after, computed.law)
            if "unreadable" in frame:
                marks = columns.setdefault("unreadable", frame["unreadable"].tolist())
                marks[row] = tuple(name for name in _names(marks[row]) if name != one.field)
    series = {
        name: pd.Series(values, dtype=frame[name].dtype, index=frame.index)
        for name, values in columns.items()
    }
    return frame.assign(**series) if series else frame


def _names(marks: object) -> tuple[str, ...]:
    return marks if isinstance(marks, tuple) else ()


def _records(
    new: Sequence[tuple[str, Write]], kind: str, adopted: Mapping[str, Sequence[Write]]
) -> list[dict[str, After]]:
    """New records, field by field; those of a new project go by its number."""
    records: dict[tuple[str, int], dict[str, After]] = defaultdict(dict)
    for number, one in new:
        if one.kind == kind:
            is_new = any(other.kind == "project" for other in adopted[number])
            project = number if is_new else one.project
            records[number, one.record]["project"] = project
            if one.field not in ("project", "name") or kind == "project":
                records[number, one.record].setdefault(one.field, one.after)
    return list(records.values())


def _lengthened(
    kind: "FrameKind", frame: pd.DataFrame, records: Sequence[Mapping[str, After]], c: Computed
) -> pd.DataFrame:
    """A frame with new records below."""
    if not records:
        return frame
    columns = {
        column.name: [_value(column.name, one.get(column.name), c.law) for one in records]
        for column in kind.columns
        if column.default is None
    }
    blank = {"sheet": [""] * len(records), "row": [0] * len(records)}
    if "unreadable" in columns:
        blank["unreadable"] = [()] * len(records)
    added = kind.of(columns | blank)
    return pd.concat([frame, added], ignore_index=True)


def _value(field: str, after: After, law: Law) -> object:
    """A value as the frames hold it; blank as they hold what is missing."""
    if field in _DAYS:
        return np.datetime64("NaT") if after is None else np.datetime64(str(after))
    if isinstance(after, int):
        return after
    if field in _LISTS:
        return together(str(after or ""), law.register) if field == "cooperating" else _split(after)
    if field in ("lead", "landing"):
        return law.register.resolve(str(after or "")) or str(after or "")
    if after is None:
        return pd.NA if field in ("investment", "output", "agreement", "amount") else ""
    return after


def _split(after: After) -> tuple[str, ...]:
    return tuple(filter(None, str(after or "").split("、")))
