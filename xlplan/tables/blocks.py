"""Finds the tables of a sheet by the meaning of their heads, wherever they stand."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from itertools import compress, pairwise
from operator import itemgetter

from xlplan.tables.grid import Grid, Position
from xlplan.tables.words import (
    ADJUSTMENTS,
    GENERIC,
    PREFIXES,
    PROJECTS,
    RECEIPTS,
    ROW_NUMBERS,
    RULINGS,
    STATISTICS,
    TARGETS,
    TASK_PROGRESS,
    TASK_WORDS,
    TASKS,
    UNITS,
    Table,
    bare,
    money_unit,
    plain,
    remarked_unit,
)

LEDGER_TABLES = (
    PROJECTS,
    RECEIPTS,
    UNITS,
    TARGETS,
    STATISTICS,
    TASK_PROGRESS,
    RULINGS,
    ADJUSTMENTS,
)
"""The kinds of table that a workbook of ours may hold, beside wide tables of targets."""
_MOST_HEAD_ROWS = 3
_ROWS_ABOVE = 6
_SEARCHED = 1000
_HEADS_WITHIN = 20
_COLUMNS_BESIDE = 3
_HEAD_KINDS = frozenset({str, type(None)})
_STANDS_ALONE = re.compile("^[(]?(?:金额|计量|货币)?单位:")
_ABOUT_RESULTS = re.compile("完成|通报|统计|汇总|进度|排名")
_ABOUT_TASKS = re.compile("任务|目标|分解|计划")
_NOT_A_TARGET = re.compile("完成|进度|率|位次|排名|差距|待定|实际|得分|权重")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one sheet column: its levels from top to bottom in plain form."""

    column: int
    levels: tuple[str, ...]

    @property
    def text(self) -> str:
        """The head as a clerk would say it."""
        return "".join(dict.fromkeys(self.levels))

    @property
    def readings(self) -> tuple[str, ...]:
        """What it can be taken for, best first: all levels joined, the lowest, one above."""
        return _readings(self.levels)


@lru_cache(maxsize=1 << 13)
def _readings(levels: tuple[str, ...]) -> tuple[str, ...]:
    """The readings of a head; the same heads are asked for dozens of times a table."""
    said = [bare(level) for level in dict.fromkeys(levels) if level]
    if not said:
        return ()
    above = said[-2:-1] if said[-1] in GENERIC else []
    return tuple(dict.fromkeys(["".join(said), "".join(said[-2:]), *above, said[-1]]))


@dataclass(frozen=True, slots=True)
class Block:
    """A table found in a sheet: what its columns are, and between which rows its data stand.

    `number` counts the tables of the sheet from 0. `columns` maps fields (for 任务分解: measures
    too) to sheet columns, `units` money columns to the unit their head states; `remark` is the
    unit stated above the table, or above those before it on the sheet. `titles` are the texts
    above, nearest first. `unplaced` are heads that fit nothing, `doubled` columns set aside.
    """

    kind: str
    grid: Grid
    heads: tuple[Head, ...]
    first_head: int
    last_head: int
    columns: Mapping[str, int]
    last_row: int = 0
    units: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    titles: tuple[str, ...] = ()
    unplaced: tuple[Head, ...] = ()
    doubled: tuple[tuple[str, int, int], ...] = ()
    number: int = 0

    @property
    def span(self) -> tuple[int, int]:
        """First and last sheet column."""
        return self.heads[0].column, self.heads[-1].column

    @property
    def head_rows(self) -> str:
        """The head rows for a message: 3-4."""
        first, last = self.first_head, self.last_head
        return str(first) if first == last else f"{first}-{last}"


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a run of heads is understood: as which kind of table, and which column is what."""

    kind: str
    columns: Mapping[str, int]
    unplaced: tuple[Head, ...]
    doubled: tuple[tuple[str, int, int], ...]


class Finder:
    """Finds blocks in the grids of one workbook, knowing the names of a policy's measures.

    `printed` are the heads that the document's own tables have for them, as `printed_head` says;
    `known` the kinds of table that are looked for.
    """

    def __init__(
        self,
        measures: Sequence[str],
        printed: Mapping[str, str] | None = None,
        known: Sequence[Table] = LEDGER_TABLES,
    ) -> None:
        self._printed = printed or {}
        self._tables = known
        self._measures = sorted(((plain(name), name) for name in measures), key=_longest_first)
        self._words = {table.sheet: _fields(table) for table in known}
        self._task_words = {word: name for name, words in TASK_WORDS.items() for word in words}
        vocabulary = {word for words in self._words.values() for word in words}
        self._vocabulary = vocabulary | set(self._task_words)
        self._is_word = cache(self._means_something)
        # The forms of four hundred units have the same heads.
        self._known_fit = lru_cache(maxsize=1 << 12)(self._best_fit)

    def blocks(self, grid: Grid) -> list[Block]:
        """All tables of a sheet, from top to bottom and left to right."""
        merged, found = _Merged(grid), list[Block]()
        row = grid.first_row
        while here := self._first_from(merged, row, found):
            found.extend(here)
            row = max(block.last_head for block in here) + 1
        found = [merged.with_remark(block, found) for block in found]
        return _bounded(found, grid.first_row + len(grid.rows) - 1)

    def likest(self, grid: Grid, sheet: str) -> tuple[str, tuple[frozenset[str], ...]]:
        """The rows of a sheet that come nearest to the heads of a kind of table: 1 or 1-2.

        And what they lack to be that: for each thing lacking the fields that would do.
        """
        merged, table = _Merged(grid), next((t for t in self._tables if t.sheet == sheet), None)
        words = self._words.get(sheet, self._task_words)
        measures = frozenset(name for _, name in self._measures)
        anchors = table.anchors if table else (frozenset({"unit"}), measures)
        best: tuple[int, str, tuple[frozenset[str], ...]] = (-1, "", anchors)
        for first in range(grid.first_row, grid.first_row + min(len(grid.rows), _HEADS_WITHIN)):
            for last in range(first, first + _MOST_HEAD_ROWS):
                heads = merged.heads(first, last)
                known = _place(
                    heads, sheet, lambda t: words.get(t) or (not table and self._measure(t)) or ""
                ).columns
                if len(known) > best[0]:
                    lacking = tuple(one for one in anchors if not one & known.keys())
                    best = len(known), str(first) if first == last else f"{first}-{last}", lacking
        return best[1:]

    def _first_from(self, merged: "_Merged", row: int, found: Sequence[Block]) -> list[Block]:
        """The next blocks from a row on; of head rows that say as much, the lowest."""
        grid = merged.grid
        for candidate in _candidates(grid, row, found):
            if self._may_head(grid.rows[candidate - grid.first_row]):
                here, next_row = self._at(merged, candidate), candidate + 1
                while here and (later := self._at(merged, next_row)):
                    if _worth(later) < _worth(here) or next_row > here[0].last_head:
                        break
                    here, next_row = later, next_row + 1
                if here:
                    return [self._completed(merged, block) for block in here]
        return []

    def _means_something(self, text: str) -> bool:
        return any(
            reading in self._vocabulary or self._measure(reading)
            for reading in Head(0, (plain(text),)).readings
        )

    def _measure(self, head: str) -> str:
        """The policy's measure that a head names, the longest name first; "" = none.

        What is said beside the name tells whether the column holds its targets.
        """
        if head in self._printed:
            return self._printed[head]
        found = ((known, name) for known, name in self._measures if known in head)
        known, name = next(found, ("", ""))
        return "" if _NOT_A_TARGET.search(head.replace(known, "")) else name

    def _may_head(self, cells: Sequence[object]) -> bool:
        texts = [cell for cell in cells if isinstance(cell, str) and cell]
        return any(map(self._is_word, texts)) if texts else False

    def _at(self, merged: "_Merged", row: int) -> list[Block]:
        """The blocks whose heads begin in this row: the fewest head rows that say the most."""
        best: list[Block] = []
        for last in range(row, row + _MOST_HEAD_ROWS):
            blocks = self._understood(merged, row, last)
            if _worth(blocks) > _worth(best):
                best = blocks
        return best

    def _understood(self, merged: "_Merged", first: int, last: int) -> list[Block]:
        """The heads of some rows, cut into tables side by side."""
        blocks = []
        for run in self._runs(merged.heads(first, last)):
            span = run[0].column, run[-1].column
            # Asked first: heads taken together with rows of data are like no others, and no fit of
            # theirs is known yet.
            if merged.has_numbers(range(first, last + 1), span):
                continue
            fit = self._fit(run)
            if fit is not None:
                block = Block(fit.kind, merged.grid, tuple(run), first, last, fit.columns)
                blocks.append(replace(block, unplaced=fit.unplaced, doubled=fit.doubled))
        return blocks

    def _runs(self, heads: Sequence[Head]) -> list[list[Head]]:
        """Heads that belong together: cut where a table begins anew.

        A run that is no table by itself belongs to the table on its left, past a headless column.
        """
        runs: list[list[Head]] = []
        for part in _apart(heads):
            for run in self._cut_at_repeats(part):
                if runs and self._fit(run) is None and self._fit([*runs[-1], *run]):
                    runs[-1].extend(run)
                else:
                    runs.append(run)
        return runs

    def _cut_at_repeats(self, heads: Sequence[Head]) -> list[list[Head]]:
        """Cut before a head that repeats the run's first, and gives a table on both sides."""
        first = heads[0].readings[-1]
        if first in ROW_NUMBERS and len(heads) > 1:
            repeats = [n for n, head in enumerate(heads) if n and head.readings[-1] == first]
        else:
            repeats = [n for n, head in enumerate(heads) if n and head.text == heads[0].text]
        if not repeats:
            return [list(heads)]
        edges = [0, *repeats, len(heads)]
        runs = [list(heads[a:b]) for a, b in pairwise(edges)]
        return runs if all(self._fit(run) for run in runs) else [list(heads)]

    def _fit(self, heads: Sequence[Head]) -> _Fit | None:
        """The kind of table that the heads fit best."""
        return self._known_fit(tuple(heads))

    def _best_fit(self, heads: tuple[Head, ...]) -> _Fit | None:
        fits = [self._fit_table(heads, table) for table in self._tables]
        fits.append(self._fit_task(heads))
        known = [fit for fit in fits if fit is not None]
        return max(known, key=lambda fit: len(fit.columns), default=None)

    def _fit_table(self, heads: Sequence[Head], table: Table) -> _Fit | None:
        words = self._words[table.sheet]
        fit = _place(heads, table.sheet, lambda text: words.get(text, ""))
        has_anchors = all(alternatives & fit.columns.keys() for alternatives in table.anchors)
        return fit if has_anchors else None

    def _fit_task(self, heads: Sequence[Head]) -> _Fit | None:
        """A wide target table: units down, measures across, and no projects."""
        fit = _place(heads, TASKS, lambda text: self._task_words.get(text) or self._measure(text))
        is_ledger = any(
            self._words[PROJECTS.sheet].get(reading) in ("project", "name")
            for head in heads
            for reading in head.readings
        )
        has_measures = len(fit.columns.keys() - TASK_WORDS.keys()) > 0
        return fit if "unit" in fit.columns and has_measures and not is_ledger else None

    def _completed(self, merged: "_Merged", block: Block) -> Block:
        """The block with the head rows above that belong to it, its titles and units."""
        first = merged.top_of(block)
        if first < block.first_head:
            heads = merged.heads(first, block.last_head)
            inside = [head for head in heads if block.span[0] <= head.column <= block.span[1]]
            fit = self._fit(inside)
            if fit is not None and fit.kind == block.kind:
                block = replace(
                    block,
                    heads=tuple(inside),
                    first_head=first,
                    columns=fit.columns,
                    unplaced=fit.unplaced,
                    doubled=fit.doubled,
                )
        titles = tuple(merged.texts_above(block))
        units = _units(block)
        remark = next((unit for text in titles if (unit := remarked_unit(text))), "")
        return replace(block, titles=titles, units=units, remark=remark)


def printed_head(upper: str, lower: str) -> str:
    """Both levels of a printed head as they are read: joined, in plain form, without units.

    >>> printed_head("引进项目", "亿元以上（个）"), printed_head("协议资金（亿元）", "")
    ('引进项目亿元以上', '协议资金')
    """
    levels = dict.fromkeys(filter(None, (plain(upper), plain(lower))))
    return "".join(bare(level) for level in levels)


def is_about_targets(block: Block) -> bool:
    """Whether a wide table sets targets rather than showing results, by its titles and sheet.

    A table named neither way is one of targets when it has at least two measures.
    """
    said = "".join((block.grid.name, *block.titles, *(head.levels[0] for head in block.heads)))
    if _ABOUT_TASKS.search(said):
        return True
    measures = len(block.columns.keys() - TASK_WORDS.keys())
    return not _ABOUT_RESULTS.search(said) and measures > 1


class _Merged:
    """A grid whose merged areas answer with their first cell's value, for reading heads."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._widest = max((len(row) for row in grid.rows[: _SEARCHED * 2]), default=0)
        self._rows: dict[int, list[str]] = {}
        self._first: dict[Position, Position] = {}
        for span in grid.merged:
            if span.last_row - span.first_row < _MOST_HEAD_ROWS:
                for row in range(span.first_row, span.last_row + 1):
                    for column in range(span.first_column, span.last_column + 1):
                        self._first[row, column] = span.first_row, span.first_column

    def text(self, row: int, column: int) -> str:
        """The plain text of a cell or of the merged area it lies in."""
        return plain(self.grid.at(*self._first.get((row, column), (row, column))))

    def has_numbers(self, rows: Iterable[int], span: tuple[int, int]) -> bool:
        """Whether rows hold a number or a date within some columns, as no heads do."""
        cells = (self.grid.at(row, column) for row in rows for column in _columns(span))
        return any(map(_is_number, cells))

    def heads(self, first: int, last: int) -> list[Head]:
        """The heads that some rows make, columns without any left out."""
        spread = [self._spread(row) for row in range(first, last + 1)]
        columns = enumerate(zip(*spread, strict=True), start=self.grid.first_column)
        levels = ((column, tuple(filter(None, texts))) for column, texts in columns)
        return [Head(column, said) for column, said in levels if said]

    def _texts(self, row: int) -> list[str]:
        """One row's texts as far as the widest row reaches; the same rows are asked for again."""
        if row not in self._rows:
            start = self.grid.first_column
            columns = range(start, start + self._widest)
            self._rows[row] = [self.text(row, column) for column in columns]
        return self._rows[row]

    def _spread(self, row: int) -> list[str]:
        """One row's texts; where a sheet tells of no merged areas, a head covers what follows.

        It covers a column to its right only when that has a head below and none here.
        """
        if self.grid.merged:
            return self._texts(row)
        texts, below = [*self._texts(row)], self._texts(row + 1)
        for at in range(1, self._widest):
            if not texts[at] and below[at] and below[at - 1] and texts[at - 1]:
                texts[at] = texts[at - 1]
        return texts

    def top_of(self, block: Block) -> int:
        """The first head row, looking up along merged areas that reach over part of the heads."""
        first, (left, right) = block.first_head, block.span
        for span in self.grid.merged:
            inside = span.first_column >= left and span.last_column <= right
            is_part = inside and span.last_column - span.first_column < right - left
            reaches = span.first_row < first and span.last_row >= first - 1
            if is_part and reaches and span.first_row > block.last_head - _MOST_HEAD_ROWS:
                first = min(first, span.first_row)
        return first

    def with_remark(self, block: Block, found: Sequence[Block]) -> Block:
        """The block with the unit of money that was last stated above it, by itself or by others.

        A remark that stands alone, or in the title of a table higher up, holds for all that follows
        on the sheet; one in the title of a table beside it does not.
        """
        if block.remark:
            return block
        above = [
            (other, row, unit)
            for other in found
            for row, text in self._rows_above(other)
            if row < block.first_head and (unit := remarked_unit(text))
            if other.first_head < block.first_head or _STANDS_ALONE.match(text)
        ]
        nearest = max(above, key=partial(_nearness, block), default=None)
        return replace(block, remark=nearest[2]) if nearest else block

    def texts_above(self, block: Block) -> Iterator[str]:
        """The texts above the heads, nearest row first."""
        return (text for _, text in self._rows_above(block))

    def _rows_above(self, block: Block) -> Iterator[tuple[int, str]]:
        """Rows and texts above the heads, the nearest first, up to the next numbers or six."""
        for row in range(block.first_head - 1, block.first_head - 1 - _ROWS_ABOVE, -1):
            if row < self.grid.first_row:
                return
            left, right = block.span
            if self.has_numbers([row], block.span):
                return
            texts = (self.text(row, column) for column in range(left, right + _COLUMNS_BESIDE))
            yield from ((row, text) for text in dict.fromkeys(texts) if text)


def _nearness(block: Block, above: tuple[Block, int, str]) -> tuple[bool, int]:
    """How near a remark stands above a block: over its columns first, then the lowest."""
    return _overlap(block, above[0]), above[1]


def _columns(span: tuple[int, int]) -> range:
    return range(span[0], span[1] + 1)


def _candidates(grid: Grid, row: int, found: Sequence[Block]) -> Iterable[int]:
    """Rows that may hold heads: below a ledger only those without any of its numbers or dates.

    So a ledger of any length is passed quickly; a sheet without tables is not searched to its end.
    """
    end = grid.first_row + (len(grid.rows) if found else min(len(grid.rows), _SEARCHED))
    rows: Sequence[int] = range(row, end)
    for column in _number_columns(found):
        at = column - grid.first_column
        held = [grid.rows[n - grid.first_row] for n in rows]
        if min(map(len, held), default=0) <= at:
            held = [[*cells, *[None] * (at + 1 - len(cells))] for cells in held]
        kinds = map(type, map(itemgetter(at), held))
        rows = list(compress(rows, map(_HEAD_KINDS.__contains__, kinds)))
    return rows


def _units(block: Block) -> dict[str, str]:
    """The unit of money that each column's head states, the lowest level first."""
    heads = {head.column: head for head in block.heads}
    found = {}
    for name, column in block.columns.items():
        stated = (money_unit(level) for level in reversed(heads[column].levels))
        found[name] = next(filter(None, stated), "")
    return {name: unit for name, unit in found.items() if unit}


def _fields(table: Table) -> dict[str, str]:
    """Head → field, prefixes such as 项目签约日期 included."""
    found = {
        prefix + word: name
        for name, words in table.words.items()
        for word in words
        for prefix in PREFIXES
    }
    return found | {word: name for name, words in table.words.items() for word in words}


def _place(heads: Sequence[Head], kind: str, meaning: Callable[[str], str]) -> _Fit:
    """Which head is which field; of two alike the first is taken."""
    columns: dict[str, int] = {}
    unplaced, doubled = [], []
    for head in heads:
        name = next((said for text in head.readings if (said := meaning(text))), "")
        if not name:
            unplaced.append(head)
        elif name in columns:
            doubled.append((name, columns[name], head.column))
        else:
            columns[name] = head.column
    strange = tuple(head for head in unplaced if head.readings[-1].lower() not in ROW_NUMBERS)
    return _Fit(kind, columns, strange, tuple(doubled))


def _apart(heads: Sequence[Head]) -> list[list[Head]]:
    """Heads in runs of adjacent columns."""
    runs: list[list[Head]] = []
    for head in heads:
        if runs and runs[-1][-1].column == head.column - 1:
            runs[-1].append(head)
        else:
            runs.append([head])
    return runs


def _bounded(blocks: list[Block], end: int) -> list[Block]:
    """Each block with its number and last data row: before the next heads in its columns."""
    return [
        replace(
            block,
            number=number,
            last_row=min(
                (
                    other.first_head - 1
                    for other in blocks
                    if other.first_head > block.last_head and _overlap(block, other)
                ),
                default=end,
            ),
        )
        for number, block in enumerate(blocks)
    ]


def _overlap(one: Block, other: Block) -> bool:
    return one.span[0] <= other.span[1] and other.span[0] <= one.span[1]


def _worth(blocks: Sequence[Block]) -> int:
    return sum(len(block.columns) for block in blocks)


def _number_columns(found: Sequence[Block]) -> list[int]:
    """The sheet columns that hold numbers or dates in the lowest ledger."""
    holding = {*PROJECTS.money, *RECEIPTS.money, "signed", "received"}
    ledgers = [block for block in found if block.kind in (PROJECTS.sheet, RECEIPTS.sheet)]
    lowest = ledgers[-1:]
    return [block.columns[name] for block in lowest for name in holding & block.columns.keys()]


def _is_number(cell: object) -> bool:
    return cell is not None and not isinstance(cell, str)


def _longest_first(pair: tuple[str, str]) -> int:
    return -len(pair[0])
