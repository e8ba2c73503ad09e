"""Rows that grow: which rows of a template become which rows of the filled sheet.

A template's sheet has loops and conditions, each between two rows of tags that vanish. A reference
to template rows means, seen from a place in the filled sheet, the rows that they became within the
same turn of every loop around both: a quotient in a repeated row refers to its own row, a subtotal
to the rows of its own group, a total below to all of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LAST_ROW = 1_048_576

Path = tuple[tuple[int, int], ...]
"""The loops around a filled row, outermost first: (number of the loop, number of the turn)."""


class GrowthError(Exception):
    """A reference cannot follow the rows that grew; the message says so to a clerk."""


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of one loop or condition, tag rows included; `loop` is its number, 0 for neither."""

    first: int
    last: int
    loop: int

    def around(self, first: int, last: int) -> bool:
        """Whether it encloses these rows without its own tag rows."""
        return self.first < first and last < self.last


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of the filled sheet: the template's row, the turns of loops around it, its place."""

    row: int
    path: Path
    at: int


@dataclass(frozen=True)
class Plan:
    """The loops and conditions of a template's sheet."""

    spans: tuple[Span, ...] = ()

    @cached_property
    def first(self) -> int:
        """The first row of tags; 0 where there is none."""
        return min((span.first for span in self.spans), default=0)

    @cached_property
    def last(self) -> int:
        """The last row of tags; 0 where there is none."""
        return max((span.last for span in self.spans), default=0)

    @cached_property
    def _loops(self) -> Mapping[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for span in sorted(self.spans, key=_outermost):
            if span.loop:
                for row in range(span.first + 1, span.last):
                    found[row] = (*found.get(row, ()), span.loop)
        return found

    def loops(self, row: int) -> tuple[int, ...]:
        """The loops around a row, outermost first."""
        return self._loops.get(row, ())

    def common(self, first: int, last: int) -> tuple[int, ...]:
        """The loops around both rows."""
        shared = []
        for one, other in zip(self.loops(first), self.loops(last), strict=False):
            if one != other:
                break
            shared.append(one)
        return tuple(shared)

    def enclosing(self, first: int, last: int) -> Span | None:
        """The innermost loop or condition around these rows."""
        around = [span for span in self.spans if span.around(first, last)]
        return max(around, key=_outermost, default=None)


def _outermost(span: Span) -> tuple[int, int, int]:
    """Orders what encloses before what is enclosed."""
    return span.first, -span.last, span.loop


Stretch = tuple[int, int]
"""First and last row of neighbours in the filled sheet."""


class Rows:
    """The rows of one filled sheet, asked by the template's rows."""

    def __init__(self, plan: Plan, placed: Iterable[Placed] = ()) -> None:
        self.plan = plan
        self._placed: dict[int, list[Placed]] = defaultdict(list)
        first, last = plan.first, plan.last
        for row in placed:
            if first <= row.row <= last:
                self._placed[row.row].append(row)
        filled = sum(map(len, self._placed.values()))
        self.growth = filled - (plan.last - plan.first + 1) if plan.spans else 0
        self._turns: dict[tuple[int, int, int], dict[tuple[int, ...], list[Stretch]]] = {}

    def stretches(self, first: int, last: int, path: Path, *, fixed: bool) -> list[Stretch]:
        """What template rows became, seen from a place: one stretch a turn of their common loops.

        `fixed`: rows written with $ are the same in every turn of the innermost loop around both
        the place and them, so they are the rows of all of its turns.

        Where nothing was written of them, what stands in their place instead: the `else` of their
        loop or condition.

        Raises:
            GrowthError: when there is nothing in their place either.
        """
        found = self.written(first, last, path, fixed=fixed)
        around = self.plan.enclosing(first, last)
        while not found and around is not None:
            found = self.written(around.first, around.last, path, fixed=fixed)
            around = self.plan.enclosing(around.first, around.last)
        if not found:
            raise GrowthError(f"第{first}行没有写出，不能引用")
        return found

    def path(self, row: int) -> Path:
        """The turns around the first row that a template row became."""
        placed = self._placed.get(row)
        return placed[0].path if placed else ()

    def turns(self, first: int, last: int) -> Iterator[Path]:
        """The turns of all loops around both rows, as paths: one `()` outside of loops."""
        depth = len(self.plan.common(first, last))
        if not depth:
            yield ()
            return
        seen = dict.fromkeys(
            row.path[:depth] for one in range(first, last + 1) for row in self._placed.get(one, ())
        )
        yield from seen

    def written(self, first: int, last: int, path: Path, *, fixed: bool = False) -> list[Stretch]:
        """The same, but nothing where nothing was written of these very rows."""
        loops = self.plan.common(first, last)
        if not loops:
            return self._outside(first, last)
        shared = 0
        for loop, (number, _) in zip(loops, path, strict=False):
            if loop != number:
                break
            shared += 1
        if fixed and shared == len(loops) == len(path):
            shared -= 1
        turn = tuple(number for _, number in path[:shared])
        return self._by_turn(first, last, shared).get(turn, [])

    def _by_turn(
        self, first: int, last: int, shared: int
    ) -> Mapping[tuple[int, ...], list[Stretch]]:
        """The stretches of each turn of the loops, by the turns of the first `shared` of them."""
        key = (first, last, shared)
        if key not in self._turns:
            depth = len(self.plan.common(first, last))
            ends: dict[tuple[int, ...], list[int]] = defaultdict(list)
            for one in range(first, last + 1):
                for row in self._placed.get(one, ()):
                    ends[tuple(number for _, number in row.path[:depth])].append(row.at)
            found: dict[tuple[int, ...], list[Stretch]] = defaultdict(list)
            for turn, rows in ends.items():
                found[turn[:shared]].append((min(rows), max(rows)))
            self._turns[key] = {turn: sorted(stretches) for turn, stretches in found.items()}
        return self._turns[key]

    def _outside(self, first: int, last: int) -> list[Stretch]:
        """A stretch with no loop around both ends."""
        inside = range(max(first, self.plan.first), min(last, self.plan.last) + 1)
        rows = [row.at for one in inside for row in self._placed.get(one, ())]
        if not self.plan.spans or first < self.plan.first:
            rows.append(first)
        if not self.plan.spans or last < self.plan.first:
            rows.append(last)
        elif last > self.plan.last:
            rows.append(min(last + self.growth, LAST_ROW))
            if first > self.plan.last:
                rows.append(min(first + self.growth, LAST_ROW))
        return [(min(rows), max(rows))] if rows else []


@dataclass(frozen=True, slots=True)
class Here:
    """A place in the filled workbook: the sheet, and the turns of loops around it."""

    sheet: str
    path: Path = ()


Value = str | tuple[str] | None


@dataclass(frozen=True, slots=True)
class Growth:
    """The rows of every sheet of a filled workbook that has loops or conditions.

    `value` gives what a cell of a filled sheet (sheet, row, column letters) shows: a number as XML
    writes it in a tuple of one, a text, or None for neither.
    """

    rows: Mapping[str, Rows]
    value: Callable[[str, int, str], Value] = lambda *_: None

    def stretches(self, sheet: str, rows: Stretch, here: Here, *, fixed: bool) -> list[Stretch]:
        """What rows of a sheet became, as a place in the workbook means them."""
        grown = self.rows.get(sheet)
        if grown is None:
            return [rows]
        return grown.stretches(*rows, here.path if here.sheet == sheet else (), fixed=fixed)

    def written(self, sheet: str, rows: Stretch, here: Here) -> list[Stretch]:
        """The same for what hangs on these very rows; GrowthError when none of them is left."""
        grown = self.rows.get(sheet)
        if grown is None:
            return [rows]
        found = grown.written(*rows, here.path if here.sheet == sheet else ())
        if not found:
            raise GrowthError(f"第{rows[0]}行没有写出")
        return found

    def turns(self, sheet: str, first: int, last: int) -> Iterator[Here]:
        """A place in each turn of the loops around rows of a sheet."""
        grown = self.rows.get(sheet)
        for path in grown.turns(first, last) if grown else [()]:
            yield Here(sheet, path)

    def first(self, sheet: str, row: int) -> Here:
        """The place of the first row that a template row became."""
        grown = self.rows.get(sheet)
        return Here(sheet, grown.path(row) if grown else ())


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The same rows with neighbouring stretches made one.

    >>> joined([(5, 6), (7, 7), (9, 9)])
    [(5, 7), (9, 9)]
    """
    found: list[Stretch] = []
    for first, last in stretches:
        if found and found[-1][1] + 1 >= first:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def hull(stretches: Sequence[Stretch]) -> list[Stretch]:
    """One stretch from the first row to the last.

    >>> hull([(5, 6), (9, 9)])
    [(5, 9)]
    """
    return [(stretches[0][0], stretches[-1][1])]
