"""红黑榜: whom a declared rule puts on a list, who hangs on what is pending, who is nearly there.

A verdict is three-valued: a condition that does not hold alike in every case of the field is open,
and so is the list for that unit (待定); it is never put on it, or left off, in silence.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from xlplan.model import BOARDS
from xlplan.policy import Policy
from xlplan.policy.marks import Bound, covers
from xlplan.policy.notices import Board, ReachedWord
from xlplan.progress import misses
from xlplan.progress.cases import Facts, Field
from xlplan.progress.misses import Miss
from xlplan.progress.standings import Standing
from xlplan.quantity import format_decimal

if TYPE_CHECKING:
    import pandas as pd

State = Literal["listed", "pending", "near"]


class Judged(NamedTuple):
    """A unit judged in one measure: how it stands, the verdict (None = open), what is missing."""

    facts: Facts
    verdict: bool | None
    misses: tuple[Miss | None, ...] = ()

    def is_near(self, board: Board) -> bool:
        """Whether all that is missing is little."""
        if self.verdict is not False or board.near is None or not self.misses:
            return False
        near = board.near
        return all(miss is not None and miss.is_near(near) for miss in self.misses)

    @property
    def lacking(self) -> str:
        """All that is missing, in words."""
        return "，且".join(miss.text for miss in self.misses if miss)


class Entry(NamedTuple):
    """A unit on a list, or beside it, by one measure or by several."""

    board: Board
    judged: Sequence[Judged]
    state: State
    because: str

    @property
    def only(self) -> Standing | None:
        """The standing that decides; None where several are counted."""
        return None if self.board.at_least else self.judged[0].facts.standing


def board_frame(standings: Sequence[Standing], policy: Policy) -> "pd.DataFrame":
    """Every list in the policy's order: who is on it, who may be, who nearly is (`BOARDS`)."""
    import pandas as pd  # noqa: PLC0415 - this module holds plain values; only its frame needs it

    found = [entry for board in policy.boards for entry in entries_of(board, standings, policy)]
    firsts = [entry.judged[0].facts.standing for entry in found]
    ranks = [None if entry.board.at_least else entry.judged[0].facts.rank for entry in found]
    return BOARDS.of(
        {
            **{
                name: [getattr(entry.board, key) for entry in found]
                for name, key in _OF_BOARD.items()
            },
            "group": [standing.group for standing in firsts],
            "unit": [standing.unit for standing in firsts],
            "measure": [
                "、".join(one.facts.standing.measure.name for one in entry.judged)
                for entry in found
            ],
            "state": [entry.state for entry in found],
            "because": [entry.because for entry in found],
            **{
                name: [getattr(entry.only, name) if entry.only else None for entry in found]
                for name in ("value", "rate", "gap")
            },
            "rank": pd.array(ranks, dtype="Int64"),
        }
    )


_OF_BOARD = {"board": "id", "name": "name", "colour": "colour", "clause": "clause"}


def entries_of(board: Board, standings: Sequence[Standing], policy: Policy) -> Iterator[Entry]:
    """The entries of one list: those on it first, then the open ones, then the near misses."""
    units: dict[tuple[str, str], list[Judged]] = {}
    for judged in _judged(board, standings, policy):
        standing = judged.facts.standing
        units.setdefault((standing.group, standing.unit), []).append(judged)
    found = [
        entry
        for of_unit in units.values()
        for entry in (_counted(board, of_unit) if board.at_least else _each(board, of_unit))
    ]
    measures = [measure.name for measure in policy.measures]
    return iter(sorted(found, key=lambda entry: _order(entry, measures)))


_STATES: tuple[State, ...] = ("listed", "pending", "near")


def _order(entry: Entry, measures: Sequence[str]) -> tuple[int, int, int]:
    """By state and measure, then on a red list from the best, on a black one from the worst."""
    facts = entry.judged[0].facts
    name = facts.standing.measure.name
    place = facts.rank if entry.board.colour == "red" else facts.last
    nth = measures.index(name) if name in measures else len(measures)
    return _STATES.index(entry.state), nth, place or 0


def _judged(board: Board, standings: Sequence[Standing], policy: Policy) -> Iterator[Judged]:
    """Everybody whom the list is about, in each of its measures."""
    fields: dict[tuple[str, str], list[Standing]] = {}
    for standing in standings:
        fields.setdefault((standing.group, standing.measure.name), []).append(standing)
    for (group, name), field in fields.items():
        if not covers(board.groups, group) or (board.measures and name not in board.measures):
            continue
        known = Field.of(field, policy.ranking_of(name))
        for at, standing in enumerate(field):
            if standing.unit not in board.left_out and not _is_aimless(standing):
                yield _judge(board, known.cases(at))


def _is_aimless(standing: Standing) -> bool:
    """Whether nothing is known and nothing is asked for."""
    return standing.value is None and standing.aim is None


def _judge(board: Board, cases: tuple[Facts, ...]) -> Judged:
    """What the rule says of a unit in a measure; a value that is not known leaves it open."""
    now = cases[0]
    if now.standing.value is None:
        return Judged(now, None)
    verdicts = [(one, {_holds(one, facts) for facts in cases}) for one in _conditions(board)]
    failing = tuple(_miss(one, now) for one, found in verdicts if found == {False})
    if failing:
        return Judged(now, verdict=False, misses=failing)
    is_open = any(len(found) > 1 for _, found in verdicts)
    return Judged(now, None if is_open else True)


# Conditions


class First(NamedTuple):
    """To be among the first."""

    places: int


class Last(NamedTuple):
    """To be among the last."""

    places: int


class OneOf(NamedTuple):
    """To have reached one of these."""

    words: tuple[ReachedWord, ...]


Condition = First | Last | OneOf | Bound


def _conditions(board: Board) -> list[Condition]:
    found: list[Condition] = [First(board.top)] if board.top else []
    found += [Last(board.bottom)] if board.bottom else []
    found += board.when
    return [*found, OneOf(board.reached)] if board.reached else found


def _holds(condition: Condition, facts: Facts) -> bool:
    match condition:
        case First(places):
            return facts.rank is not None and facts.rank <= places
        case Last(places):
            return facts.last is not None and facts.last <= places
        case OneOf(words):
            return facts.standing.reached in words
        case Bound():
            figure = facts.figure(condition.of)
            return figure is not None and condition.holds(figure)


def _miss(condition: Condition, facts: Facts) -> Miss | None:
    match condition:
        case First(places):
            return misses.of_top(facts, places)
        case Last(places):
            return misses.of_bottom(facts, places)
        case OneOf(words):
            return misses.of_reached(facts, words)
        case Bound():
            return misses.of_bound(facts, condition)


# Entries


def _each(board: Board, judged: Sequence[Judged]) -> Iterator[Entry]:
    """An entry for each measure."""
    for one in judged:
        if one.verdict:
            yield Entry(board, [one], "listed", _shown(one.facts))
        elif one.verdict is None:
            yield Entry(board, [one], "pending", _open(one.facts))
        elif one.is_near(board):
            yield Entry(board, [one], "near", one.lacking)


def _counted(board: Board, judged: Sequence[Judged]) -> Iterator[Entry]:
    """One entry where the rule holds of enough measures."""
    holds = [one for one in judged if one.verdict]
    is_open = [one for one in judged if one.verdict is None]
    near = [one for one in judged if one.is_near(board)]
    count = f"{len(holds)} 项符合"
    if len(holds) >= board.at_least:
        yield Entry(board, holds, "listed", count)
    elif len(holds) + len(is_open) >= board.at_least:
        said = "；".join(f"{_named(one)}{_open(one.facts)}" for one in is_open)
        yield Entry(board, [*holds, *is_open], "pending", f"{count}；{said}")
    elif len(holds) + len(is_open) + len(near) >= board.at_least:
        said = "；".join(f"{_named(one)}{one.lacking}" for one in near)
        yield Entry(board, [*holds, *near], "near", f"{count}；{said}")


def _named(judged: Judged) -> str:
    return f"{judged.facts.standing.measure.name}："


def _shown(facts: Facts) -> str:
    """The figures by which a unit is listed."""
    rate, gap = facts.standing.rate, facts.standing.gap
    said = [] if facts.rank is None else [f"第 {facts.rank} 名"]
    said += [] if rate is None else [f"完成率 {_points(rate)}%"]
    said += [] if gap is None else [f"序时差 {_points(gap)} 个百分点"]
    return "，".join(said)


def _points(share: Fraction) -> str:
    return format_decimal(share * 100, 1)


def _open(facts: Facts) -> str:
    """Why it cannot be told yet."""
    standing = facts.standing
    if standing.value is None:
        return "没有数据（未报或未定），无法判定"
    if standing.pending:
        amount = Fraction(standing.pending, standing.measure.grains)
        return f"另有待定 {misses.in_words(amount, standing.measure)}，是否计入会改变结论"
    return "本类别其他单位有待定数，位次未定"
