"""报送情况: which unit handed in what, and which of it is reconciled.

Every file has a row, and every unit of the period that handed in nothing. Only what is of the right
period, readable, of a known unit, and not overtaken by a later file of the same projects counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from xlplan.diagnostics import Diagnostics, File
from xlplan.policy import Policy
from xlplan.quantity import Period
from xlplan.reconciling.nouns import Entry, Submission

State = Literal[
    "missing",
    "failed",
    "no-unit",
    "wrong-period",
    "overtaken",
    "copied",
    "empty",
    "late",
    "columns",
    "another",
    "received",
]

STATE_NAMES: Mapping[State, str] = {
    "missing": "未报",
    "failed": "读不了",
    "no-unit": "单位不明",
    "wrong-period": "期间不对",
    "overtaken": "已另报",
    "copied": "内容雷同",
    "empty": "空表",
    "late": "迟报",
    "columns": "缺列",
    "another": "单位存疑",
    "received": "已报",
}
"""What each state is called, the worst first."""

_SET_ASIDE = frozenset({"failed", "no-unit", "wrong-period", "overtaken"})
_NEVER = datetime.min.replace(tzinfo=UTC)
_LEAST_COPIED = 2
"""From how many projects on the same content is no joint project."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for: of which units, under which policy, for which period, by which day."""

    units: tuple[str, ...]
    policy: Policy
    period: Period
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row of the board: a file, or "" for a unit that handed in none.

    `day` is when it was filled in, by its own words, else when the file was saved. `states` come
    worst first. `used` = its projects are reconciled. `found` is all that was found in it.
    """

    unit: str
    file: str = ""
    states: tuple[State, ...] = ("received",)
    day: date | None = None
    period: str = ""
    projects: int = 0
    used: bool = False
    found: Diagnostics = field(default_factory=Diagnostics)

    @property
    def shown(self) -> str:
        """Its states in words.

        >>> Arrival("甲镇", states=("late", "columns")).shown
        '迟报、缺列'
        """
        return "、".join(STATE_NAMES[state] for state in self.states)


@dataclass(frozen=True, slots=True)
class Board:
    """All rows in the order of the units, and the submissions that are reconciled."""

    rows: tuple[Arrival, ...]
    used: tuple[Submission, ...]

    @property
    def counts(self) -> dict[State, int]:
        """How many rows are in each state that occurs, the worst first."""
        counted = {s: sum(s in row.states for row in self.rows) for s in STATE_NAMES}
        return {state: count for state, count in counted.items() if count}


def board(submissions: Sequence[Submission], call: Call) -> Board:
    """The board of what came in; its findings go by file."""
    marked = [_Marked(one) for one in submissions]
    for one in marked:
        _mark_itself(one, call)
    _mark_overtaken([one for one in marked if one.counts])
    _mark_copied([one for one in marked if one.counts])
    rows = [one.row() for one in marked]
    came = {row.unit for row in rows}
    rows += [_absent(unit) for unit in call.units if unit not in came]
    order = {unit: at for at, unit in enumerate(call.units)}
    rows.sort(key=lambda row: (order.get(row.unit, len(order)), row.file))
    return Board(tuple(rows), tuple(one.submission for one in marked if one.counts))


@dataclass(slots=True)
class _Marked:
    """A submission while it is looked at."""

    submission: Submission
    states: set[State] = field(default_factory=set)
    found: Diagnostics = field(default_factory=Diagnostics)

    @property
    def counts(self) -> bool:
        """Whether it is reconciled."""
        return not self.states & _SET_ASIDE and bool(self.submission.entries)

    @property
    def day(self) -> date | None:
        """When it was filled in, else saved."""
        one = self.submission
        return one.filled_on or (one.saved.date() if one.saved else None)

    @property
    def time(self) -> tuple[date, datetime]:
        """What tells which of two is later."""
        return self.day or date.min, self.submission.saved or _NEVER

    def say(self, code: str, state: State, **values: object) -> None:
        """Note a state, and report why."""
        self.states.add(state)
        self.found.add(code, File(self.submission.file), **values)

    def row(self) -> Arrival:
        """Its row of the board."""
        one = self.submission
        states = tuple(state for state in STATE_NAMES if state in self.states) or ("received",)
        projects = len(one.entries)
        told = (one.unit, one.file, states, self.day, one.period, projects, self.counts)
        return Arrival(*told, Diagnostics([*one.found, *self.found]))


def _absent(unit: str) -> Arrival:
    found = Diagnostics()
    found.add("XP922", File(unit))
    return Arrival(unit, states=("missing",), found=found)


def _mark_itself(one: _Marked, call: Call) -> None:
    """What can be told of a submission by itself (XP910, XP911, XP920, XP921, XP925, XP926)."""
    it = one.submission
    if it.failed:
        one.say("XP910", "failed", reason=it.failed)
        return
    if not it.unit:
        one.say("XP911", "no-unit", said=f"（写的是“{it.unit_said}”）" if it.unit_said else "")
    if it.unit and it.otherwise:
        where, other = it.otherwise
        one.say("XP912", "another", unit=it.unit, where=where, other=other)
    if not it.entries:
        one.say("XP925", "empty")
    if it.missing:
        one.states.add("columns")
    if it.policy and it.policy != call.policy.id:
        one.found.add("XP926", File(it.file), policy=it.policy, wanted=call.policy.id)
    _mark_time(one, call)


def _mark_time(one: _Marked, call: Call) -> None:
    """Whether it is about the period asked for, and came in time."""
    it = one.submission
    period = call.policy.period_named(it.period) if it.period else None
    if period and not (period.start < call.period.end and call.period.start < period.end):
        one.say("XP920", "wrong-period", period=period.text, wanted=call.period.text)
    if call.due and one.day and one.day > call.due:
        basis = "填报日期" if it.filled_on else "文件的保存时间"
        one.say("XP921", "late", day=one.day, due=call.due, basis=basis)


def _mark_overtaken(marked: Sequence[_Marked]) -> None:
    """Of files of one unit that share a project, only the latest counts (XP923, XP928)."""
    for group in _by_unit(marked):
        ordered = sorted(group, key=lambda one: one.time)
        for at, one in enumerate(ordered):
            names = _names(one.submission.entries)
            later = [two for two in ordered[at + 1 :] if names & _names(two.submission.entries)]
            if later:
                last = later[-1]
                code = "XP928" if last.time == one.time else "XP923"
                one.say(code, "overtaken", other=last.submission.file)


def _by_unit(marked: Sequence[_Marked]) -> list[list[_Marked]]:
    groups: dict[str, list[_Marked]] = {}
    for one in marked:
        groups.setdefault(one.submission.unit, []).append(one)
    return list(groups.values())


def _names(entries: Sequence[Entry]) -> frozenset[str]:
    """What the projects are called, and their ids."""
    ids = (entry.project for entry in entries)
    return frozenset(filter(None, (*ids, *("".join(one.name.split()) for one in entries))))


def _mark_copied(marked: Sequence[_Marked]) -> None:
    """The same projects with the same figures under several units (XP924)."""
    groups: dict[object, list[_Marked]] = {}
    for one in marked:
        if len(one.submission.entries) >= _LEAST_COPIED:
            groups.setdefault(_content(one.submission), []).append(one)
    for group in groups.values():
        for one in group:
            other = next((o for o in group if o.submission.unit != one.submission.unit), None)
            if other is not None:
                twin = other.submission
                one.say("XP924", "copied", other=twin.unit, file=twin.file)


def _content(submission: Submission) -> object:
    """What makes two submissions the same, whoever leads."""
    return frozenset(_facts(submission.entries))


def _facts(entries: Sequence[Entry]) -> Iterator[object]:
    for one in entries:
        name = "".join(one.name.split())
        money = (one.investment, one.output, one.agreement, one.received)
        paid = tuple((payment.received, payment.amount) for payment in one.payments)
        yield (name or one.project, one.investor, *money, one.signed, paid)
