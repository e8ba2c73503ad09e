"""The columns of a block's data rows: whole at once where plain, cell by cell where not.

A column whose cells are all numbers, dates or short texts never passes through the parser; what a
clerk has written out goes through `xlplan.quantity` cell by cell, and is reported by its address.
"""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, cast

import numpy as np

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import YI
from xlplan.quantity import (
    MONEY_WORDS,
    Day,
    Missing,
    Quantity,
    Unreadable,
    exact_decimal,
    fen,
    parse_date,
    parse_quantity,
    to_grains,
    unit_named,
)
from xlplan.tables.blocks import Block
from xlplan.tables.grid import Position
from xlplan.tables.words import SUBTOTALS, plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBERS = frozenset({float, int})
_EXACT_BELOW = 2.0**50
_NEAR_WHOLE = 1e-3
_NO_DAY = np.datetime64("NaT", "s")
_SLIPS = ((1000 * YI, 200), (100 * YI, 1000))
"""From which amount on, and how many times the median; 万元 read as 亿元 is 10,000 times."""
_LONGEST_SUBTOTAL = 12
_LONGEST_FOOTNOTE = 2
_YUAN = re.compile("元|人民币|[¥￥]|RMB|CNY", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^[(]?(?:注|备注|说明|填表|填报|制表|审核|联系)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of data: `cells[i]` stands in sheet row `rows[i]`."""

    name: str
    sheet: str
    number: int
    rows: "NDArray[np.int64]"
    cells: Sequence[object]
    unit: str = "亿元"

    def place(self, at: int) -> Cell:
        """The place of one of its cells."""
        return Cell(self.sheet, int(self.rows[at]), self.number)


@dataclass(frozen=True, slots=True)
class Records:
    """The data rows of a block by field.

    `broken` are the (row, field) that hold a formula without a result or an error value: reported
    already, read as unreadable and never as blank.
    """

    block: Block
    rows: "NDArray[np.int64]"
    cells: Mapping[str, Sequence[object]]
    broken: frozenset[tuple[int, str]]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str, unit: str = "亿元") -> Column | None:
        """A field's column; None when the table has none."""
        if name not in self.cells:
            return None
        sheet, number = self.block.grid.name, self.block.columns[name]
        return Column(name, sheet, number, self.rows, self.cells[name], unit)

    def is_broken(self, at: int, name: str) -> bool:
        """Whether that cell was reported as unreadable for what it is rather than what it says."""
        return (int(self.rows[at]), name) in self.broken


@dataclass(frozen=True, slots=True)
class Money:
    """A column of money: 分, whether there is an amount, which rows hold something unreadable.

    `foreign` tells by row the currency and hundredths of amounts written in another one, which
    have no 分; `names_yuan` the rows whose cell says itself that it is in 元.
    """

    grains: "NDArray[np.int64]"
    known: "NDArray[np.bool_]"
    names_yuan: "NDArray[np.bool_]"
    unreadable: tuple[int, ...] = ()
    foreign: Mapping[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Days:
    """A column of dates, NaT where there is none, and which rows hold something unreadable."""

    days: "NDArray[np.datetime64]"
    unreadable: tuple[int, ...] = ()


def records(block: Block, key: str, spread: Iterable[str], found: Diagnostics) -> Records:
    """The data rows of a block, without blank rows, subtotals (XP204) and footnotes.

    `key` is the field that every record fills; merged areas of the `spread` fields stand for each
    of their rows. Reports XP105, XP106, and the hidden rows XP205 and filtered rows XP206.
    """
    first = block.last_head + 1
    grid = block.grid
    inside = grid.rows[max(first - grid.first_row, 0) : block.last_row - grid.first_row + 1]
    numbers = np.arange(first, first + len(inside), dtype=np.int64)
    cells = _by_field(block, inside)
    broken = _broken(block, found)
    for name in set(spread) & cells.keys():
        cells[name] = _spread(block, name, cells[name])
    kept = _filled(cells, numbers, broken)
    whole = Records(block, numbers, cells, broken)
    left_out = _left_out(whole, key, kept, found)
    kept = kept & ~np.isin(numbers, left_out)
    report_hidden(block, numbers[kept].tolist(), found)
    return whole if kept.all() else _taken(whole, kept)


def _by_field(block: Block, rows: Sequence[Sequence[object]]) -> dict[str, Sequence[object]]:
    """Each known column's cells."""
    start = block.grid.first_column
    at = {name: column - start for name, column in block.columns.items()}
    if not rows:
        return dict.fromkeys(at, ())
    widest = max(at.values()) + 1
    if min(map(len, rows)) < widest:
        rows = [[*row, *([""] * (widest - len(row)))] for row in rows]
    return {name: list(map(itemgetter(index), rows)) for name, index in at.items()}


def _taken(whole: Records, kept: "NDArray[np.bool_]") -> Records:
    """Only the records that are kept."""
    at = np.flatnonzero(kept).tolist()
    cells = {name: [column[i] for i in at] for name, column in whole.cells.items()}
    return replace(whole, rows=whole.rows[kept], cells=cells)


def _filled(
    cells: Mapping[str, Sequence[object]],
    numbers: "NDArray[np.int64]",
    broken: frozenset[tuple[int, str]],
) -> "NDArray[np.bool_]":
    """Rows with anything in a known column; text of nothing but spaces is nothing."""
    filled = np.isin(numbers, [row for row, _ in broken])
    for column in cells.values():
        if filled.all():
            break
        plain_texts = set(map(type, column)) == {str}
        says = map(str.strip, column) if plain_texts else map(_says_something, column)  # type: ignore[arg-type]  # all are texts
        filled |= np.fromiter(map(bool, says), np.bool_, len(numbers))
    return filled


def _says_something(cell: object) -> bool:
    return not (cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()))


def _broken(block: Block, found: Diagnostics) -> frozenset[tuple[int, str]]:
    """Rows and fields of the data that hold no value for what they are; said."""
    names = {column: name for name, column in block.columns.items()}
    return frozenset((row, names[column]) for row, column in broken_cells(block, found))


def broken_cells(block: Block, found: Diagnostics) -> frozenset[Position]:
    """Formulas without a saved result (XP105) and error values (XP106) in known columns."""
    grid, columns = block.grid, frozenset(block.columns.values())
    inside = range(block.last_head + 1, block.last_row + 1)
    broken = [(cell, "") for cell in grid.uncached] + list(grid.errors)
    ours = [(cell, text) for cell, text in broken if cell[1] in columns and cell[0] in inside]
    for cell, text in sorted(ours):
        if text:
            found.add("XP106", grid.cell(*cell), text=text)
        else:
            found.add("XP105", grid.cell(*cell))
    return frozenset(cell for cell, _ in ours)


def _spread(block: Block, name: str, cells: Sequence[object]) -> Sequence[object]:
    """A column in which a merged area stands for each of its rows."""
    column, first = block.columns[name], block.last_head + 1
    spans = [
        span
        for span in block.grid.merged
        if span.first_column <= column <= span.last_column
        and span.first_row >= first
        and span.last_row > span.first_row
    ]
    if not spans:
        return cells
    spread = list(cells)
    for span in spans:
        last = min(span.last_row - first + 1, len(spread))
        if span.first_row - first < len(spread) and span.first_column == column:
            spread[span.first_row - first : last] = [spread[span.first_row - first]] * (
                last - (span.first_row - first)
            )
    return spread


def _left_out(whole: Records, key: str, kept: "NDArray[np.bool_]", found: Diagnostics) -> list[int]:
    """Rows that are no records: subtotals and footnotes. A record fills its key."""
    keys = whole.cells.get(key, [""] * len(whole))
    if set(map(type, keys)) == {str} and all(keys) and all(map(str.isascii, keys)):  # type: ignore[arg-type]  # all are texts
        return []
    suspects = [at for at, cell in enumerate(keys) if not _is_plain_key(cell) and kept[at]]
    rows = []
    for at in suspects:
        if _looks_left_out(keys[at]):
            texts = {name: plain(column[at]) for name, column in whole.cells.items()}
            texts = {name: text for name, text in texts.items() if text}
            subtotal = next((name for name, text in texts.items() if is_subtotal(text)), "")
            row = int(whole.rows[at])
            if subtotal:
                place = whole.block.grid.cell(row, whole.block.columns[subtotal])
                found.add("XP204", place, text=texts[subtotal])
            if subtotal or _is_footnote(whole, at, list(texts.values())):
                rows.append(row)
    return rows


def _is_plain_key(cell: object) -> bool:
    return type(cell) is float or (type(cell) is str and cell.isascii() and cell != "")


def _looks_left_out(key: object) -> bool:
    text = plain(key)
    return not _says_something(key) or is_subtotal(text) or bool(_FOOTNOTE.match(text))


def is_subtotal(text: str) -> bool:
    """Whether a plain text heads a row of sums.

    >>> is_subtotal("合计"), is_subtotal("园区小计"), is_subtotal("合计咨询公司")
    (True, True, False)
    """
    short = len(text) <= _LONGEST_SUBTOTAL
    return text in SUBTOTALS or (short and text.endswith(("小计", "合计", "总计")))


def _is_footnote(whole: Records, at: int, texts: Sequence[str]) -> bool:
    """A text or two that begin as notes under a table do, and nothing else."""
    filled = sum(_says_something(column[at]) for column in whole.cells.values())
    is_note = bool(texts) and bool(_FOOTNOTE.match(texts[0]))
    return is_note and filled == len(texts) <= _LONGEST_FOOTNOTE


def report_hidden(block: Block, rows: Sequence[int], found: Diagnostics) -> None:
    """Rows of data that are hidden (XP205) or filtered away (XP206), once a table."""
    for code, hidden in (("XP205", block.grid.hidden_rows), ("XP206", block.grid.filtered_rows)):
        inside = sorted(hidden.intersection(rows)) if hidden else []
        if inside:
            place = block.grid.cell(inside[0])
            found.add(code, place, count=len(inside), rows=runs(inside))


def runs(numbers: Sequence[int], most: int = 5) -> str:
    """Row numbers in few words.

    >>> runs([3, 4, 5, 9])
    '3-5、9'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [str(a) if a == b else f"{a}-{b}" for a, b in spans[:most]]
    return "、".join(said) + ("等" if len(spans) > most else "")


def texts(column: Column | None, length: int) -> list[str]:
    """A column of texts without the spaces around them; whole numbers have no decimals."""
    if column is None:
        return [""] * length
    cells = column.cells
    if set(map(type, cells)) == {str}:
        return list(map(str.strip, cast("Sequence[str]", cells)))
    return [cell.strip() if type(cell) is str else said(cell) for cell in cells]


def said(cell: object) -> str:
    """What a cell shows, as text.

    >>> said(1001.0), said(None), said(0.5)
    ('1001', '', '0.5')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else str(cell)
    return str(cell).strip()


def identities(column: Column | None, length: int) -> list[str]:
    """A column of ids: full width as half width, no spaces inside."""
    found = texts(column, length)
    together = "".join(found)
    if together.isascii() and " " not in together:
        return found
    return [text if text.isascii() and " " not in text else plain(text) for text in found]


def days(column: Column | None, length: int, found: Diagnostics) -> Days:
    """A column of dates; every different cell is read once.

    A month without a day means its last day, and is said (XP104); what cannot be read is XP103.
    """
    if column is None or not length:
        return Days(np.full(length, _NO_DAY))
    known = {cell: parse_date(cell) for cell in set(column.cells)}
    codes = {cell: code for code, cell in enumerate(known)}
    different = np.array([_ordinal(day) for day in known.values()], "datetime64[D]")
    numbers = different[np.fromiter(map(codes.__getitem__, column.cells), np.intp, length)]
    faults = {cell for cell, day in known.items() if _is_odd(day)}
    unreadable = []
    for at in [n for n, cell in enumerate(column.cells) if cell in faults] if faults else []:
        day = known[column.cells[at]]
        if isinstance(day, Unreadable):
            found.add("XP103", column.place(at), text=day.text, reason=day.reason)
            unreadable.append(at)
        elif isinstance(day, Day):
            value = month_end(day.date).isoformat()
            found.add("XP104", column.place(at), text=day.text, qualifier="没有写日", value=value)
    return Days(numbers.astype("datetime64[s]"), tuple(unreadable))


def _is_odd(day: Day | Missing | Unreadable) -> bool:
    return isinstance(day, Unreadable) or (isinstance(day, Day) and day.precision == "month")


def _ordinal(day: Day | Missing | Unreadable) -> np.datetime64:
    if not isinstance(day, Day):
        return np.datetime64("NaT", "D")
    return np.datetime64(month_end(day.date) if day.precision == "month" else day.date, "D")


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def money(
    column: Column | None, length: int, found: Diagnostics, currencies: Iterable[str] = ()
) -> Money:
    """A column of money in 分; bare numbers are in the column's unit, which may be 万美元.

    Amounts in one of the `currencies`, such as 美元, stand apart; in another they are XP108.
    Numbers are scaled all at once, which is exact up to 15 significant digits; texts are read one
    by one. Reports XP102, XP104, XP107, XP108, XP109.
    """
    grains, known = np.zeros(length, np.int64), np.zeros(length, np.bool_)
    names_yuan = known.copy()
    if column is None or not length:
        return Money(grains, known, names_yuan)
    accepted, unit = frozenset(currencies), unit_named(column.unit)
    if unit is not None and unit.currency == "CNY":
        _scale_numbers(column, int(unit.scale) * 100, grains, known)
    unreadable, bare, foreign = [], known.copy(), {}
    for at in np.flatnonzero(~known).tolist():
        if _says_something(column.cells[at]):
            amount = _amount(column, at, found, accepted)
            if amount is None:
                unreadable.append(at)
            elif isinstance(amount, Quantity) and fen(amount) is None:
                foreign[at] = MONEY_WORDS[amount.currency], to_grains(amount.value)
            elif isinstance(amount, Quantity):
                grains[at], known[at] = fen(amount) or 0, True
                bare[at] = not amount.unit_is_written
                names_yuan[at] = bool(_YUAN.search(amount.text))
    _report_slips(column, np.where(known & bare, grains, 0), found)
    return Money(grains, known, names_yuan, tuple(unreadable), foreign)


def _scale_numbers(
    column: Column, per_unit: int, grains: "NDArray[np.int64]", known: "NDArray[np.bool_]"
) -> None:
    """Fill in the plain numbers of a column all at once, as far as that is certain."""
    plain_ones = list(map(_NUMBERS.__contains__, map(type, column.cells)))
    number, cells = np.array(plain_ones, np.bool_), list(compress(column.cells, plain_ones))
    grains[number], known[number] = scale(np.array(cells, np.float64), per_unit)


def scale(
    numbers: "NDArray[np.float64]", per_unit: int
) -> "tuple[NDArray[np.int64], NDArray[np.bool_]]":
    """Numbers in whole grains, and which of them came out for certain.

    A number of at most 15 significant digits times the grains of its unit lies within a quarter of
    the whole number meant, so rounding finds it; whatever is not near a whole number, or is too
    large for that, is left to exact arithmetic.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        product = numbers * per_unit
        whole, size = np.rint(product), np.abs(product)
        off = np.abs(product - whole)
        certain = (size < _EXACT_BELOW) & (off < _NEAR_WHOLE + size * np.finfo(np.float64).eps)
    return np.where(certain, whole, 0).astype(np.int64), certain


def _amount(
    column: Column, at: int, found: Diagnostics, currencies: frozenset[str]
) -> Quantity | Missing | None:
    """One amount that is not a plain number; None = unreadable, which is reported."""
    cell, place = column.cells[at], column.place(at)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        cell = repr(cell)
    amount = parse_quantity(cell, column.unit)
    if isinstance(amount, Unreadable):
        found.add("XP102", place, text=amount.text)
        return None
    if isinstance(amount, Missing):
        return amount
    if amount.kind != "money":
        found.add("XP102", place, text=amount.text)
        return None
    name = MONEY_WORDS[amount.currency]
    if fen(amount) is None and name not in currencies:
        found.add("XP108", place, currency=name, text=amount.text)
        return None
    report_manner(amount, place, f"{exact_decimal(amount.value / 10**8)}亿{name}", found)
    return amount


def report_manner(amount: Quantity, place: Cell, value: str, found: Diagnostics) -> None:
    """Say when an amount is not an exact figure, or doubtful (XP104), or carries a note (XP109)."""
    if not amount.is_exact:
        label = amount.qualifier.label
        found.add("XP104", place, text=amount.text, qualifier=label, value=value)
    if amount.doubt:
        found.add("XP104", place, text=amount.text, qualifier=amount.doubt, value=value)
    if amount.note:
        found.add("XP109", place, note=amount.note)


def _report_slips(column: Column, grains: "NDArray[np.int64]", found: Diagnostics) -> None:
    """Bare numbers so far above the column's others that 万元 or 元 was probably meant (XP107)."""
    sizes = np.abs(grains)
    if not (sizes >= min(least for least, _ in _SLIPS)).any():
        return
    middle = np.median(sizes[sizes > 0])
    slips = [(sizes >= least) & (sizes >= times * middle) for least, times in _SLIPS]
    for at in np.flatnonzero(np.logical_or.reduce(slips)).tolist():
        value = f"{int(sizes[at]) / YI:g}亿元"
        text = said(column.cells[at])
        found.add("XP107", column.place(at), text=text, unit=column.unit, value=value)
