"""The rows of a table that a unit hands in, or of the ledger, as entries that can be compared.

Nothing is left out for being incomplete: what a row lacks or what cannot be read is said, and the
rest of the row is kept. Only a row that names no project at all is none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

import numpy as np

from xlplan.diagnostics import Diagnostics
from xlplan.model import EXAMPLE
from xlplan.policy.schema import Policy
from xlplan.reconciling.heads import FIELD_NAMES
from xlplan.reconciling.nouns import Entry, Payment, StatedTotal
from xlplan.tables.blocks import Block
from xlplan.tables.columns import (
    Column,
    Records,
    days,
    identities,
    is_subtotal,
    money,
    records,
    said,
    texts,
)
from xlplan.tables.ledgers import NONE, Law, known_word, split_lists, together
from xlplan.tables.words import RECEIPTS, SUBMITTED, plain

BROKEN = "（公式没有结果）"
"""What stands in an entry's texts for a cell that holds no value for what it is."""

HEADS: Mapping[str, str] = {**FIELD_NAMES, "amount": "金额"}
"""What each field is called."""

_TEXTS = ("name", "investor", "remark", "tier")
_IDS = ("project", "credit_code")
_MONEY = ("investment", "output", "agreement", "received")
_DATES = ("signed", "started", "produced")
_WORDS = ("origin", "sector", "team", "industry", "status", "level")
_PART = re.compile("小计|本页")
_COUNT = re.compile(r"(\d+)个")
_SHOWN = 8
_LABELS = 3
"""Among how many texts at the left of a row its 合计 stands."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What one table holds: its projects, its own totals."""

    entries: tuple[Entry, ...]
    totals: tuple[StatedTotal, ...] = ()


def project_rows(block: Block, file: str, law: Law, found: Diagnostics) -> Rows:
    """The projects of a table, each value with its cell.

    Reports what `records` and the columns of money and days do; XP317 for words outside the
    policy's lists, XP916 for amounts merged over several rows, XP917 for rows without a project.
    """
    _report_merged(block, SUBMITTED.money, found)
    key = "name" if "name" in block.columns else "project"
    data = records(block, key, block.columns.keys() - SUBMITTED.money, found)
    values = _values(data, law, found)
    sums = _total_rows(block)
    entries = tuple(_entries(data, file, values, frozenset(sums), found))
    return Rows(entries, tuple(_totals(block, sums, law)))


def _entries(
    data: Records,
    file: str,
    values: Mapping[str, Sequence[object]],
    sums: frozenset[int],
    found: Diagnostics,
) -> Iterator[Entry]:
    block, names = data.block, tuple(values)
    written = _written(data)
    first = min(block.columns.values())
    for at, row in enumerate(zip(*values.values(), strict=True)):
        number, fields = int(data.rows[at]), dict(zip(names, row, strict=True))
        if number in sums or fields.get("project") == EXAMPLE:
            continue
        if not fields.get("name") and not fields.get("project"):
            found.add("XP917", block.grid.cell(number, block.columns.get("name", first)))
            continue
        place = (file, block.grid.name, number)
        yield Entry(*place, **fields, columns=block.columns, texts=written[at])


def _values(data: Records, law: Law, found: Diagnostics) -> dict[str, Sequence[object]]:
    """Every field that the table has a column for, understood."""
    length, has = len(data), data.cells.keys()
    values: dict[str, Sequence[object]] = {}
    for name in _TEXTS:
        if name in has:
            values[name] = texts(data.column(name), length)
    for name in _IDS:
        if name in has:
            values[name] = identities(data.column(name), length)
    for name in _MONEY:
        if name in has:
            values[name] = _amounts(data, name, law, found)
    for name in _DATES:
        if name in has:
            values[name] = _days(data, name, found)
    return values | _named(data, law, found)


def _named(data: Records, law: Law, found: Diagnostics) -> dict[str, Sequence[object]]:
    """The fields whose words are those of the register or of the policy's lists."""
    register, policy = law.register, law.policy
    units = frozenset(register.names.values())
    listed = {plain(word): word for word in policy.words("lists")}
    readers: dict[str, Callable[[str], object]] = {
        "lead": lambda text: register.resolve(text) or text,
        "landing": lambda text: register.resolve(text) or text,
        "cooperating": lambda text: tuple(dict.fromkeys(together(text, register))),
        "lists": lambda text: tuple(split_lists(text, listed)),
    }
    known = {"lead": units, "cooperating": units}
    for name in _WORDS:
        words = _list_of(policy, name)
        if words:
            readers[name] = partial(known_word, known={plain(word): word for word in words})
        else:
            readers[name] = str
        known[name] = frozenset(words)
    values: dict[str, Sequence[object]] = {}
    for name in readers.keys() & data.cells.keys():
        cells = texts(data.column(name), len(data))
        meant = {text: readers[name](text) for text in set(cells)}
        values[name] = [meant[text] for text in cells]
        if known.get(name):
            _report_strange(data, name, values[name], known[name], found)
    return values


def _list_of(policy: Policy, name: str) -> tuple[str, ...]:
    """The policy's closed list of words for a field; () = any word."""
    if name == "status":
        return (*policy.statuses, *policy.not_counted) if policy.statuses else ()
    lists = {"origin": policy.origins, "sector": policy.sectors}
    return lists[name] if name in lists else policy.words(name)


def _report_strange(
    data: Records, name: str, values: Sequence[object], known: frozenset[str], found: Diagnostics
) -> None:
    """Words outside a closed list (XP317), each once, in its first cell."""
    column, seen = data.block.columns[name], set[str]()
    for at, value in enumerate(values):
        for word in value if isinstance(value, tuple) else (value,):
            if word and word not in known and word not in seen and word != NONE:
                seen.add(word)
                place = data.block.grid.cell(int(data.rows[at]), column)
                said_known = "、".join(sorted(known)[:_SHOWN]) + ("等" * (len(known) > _SHOWN))
                found.add("XP317", place, field=HEADS[name], text=word, known=said_known)


def _amounts(data: Records, name: str, law: Law, found: Diagnostics) -> list[int | None]:
    """A column of money in 分; None is blank, unreadable, or in another currency."""
    accepted = [currency.name for currency in law.policy.currencies]
    read = money(_money_column(data, name, law), len(data), found, accepted)
    pairs = zip(read.grains.tolist(), read.known.tolist(), strict=True)
    return [grains if known else None for grains, known in pairs]


def _money_column(data: Records, name: str, law: Law) -> Column | None:
    block = data.block
    return data.column(name, block.units.get(name) or block.remark or law.default_unit)


def _days(data: Records, name: str, found: Diagnostics) -> list[date | None]:
    """A column of days; None is blank or unreadable."""
    read = days(data.column(name), len(data), found).days
    return list(read.astype("datetime64[D]").tolist())


def _written(data: Records) -> list[dict[str, str]]:
    """The filled cells of every row as written."""
    written: list[dict[str, str]] = [{} for _ in range(len(data))]
    for name, cells in data.cells.items():
        for row, text in zip(written, map(said, cells), strict=True):
            if text:
                row[name] = text
    at = {int(row): n for n, row in enumerate(data.rows)} if data.broken else {}
    for number, name in data.broken:
        if number in at:
            written[at[number]].setdefault(name, BROKEN)
    return written


def _report_merged(block: Block, names: Iterable[str], found: Diagnostics) -> None:
    """Amounts that stand for several rows at once (XP916); they belong to the first of these."""
    fields = {block.columns[name]: name for name in names if name in block.columns}
    for span in block.grid.merged:
        inside = block.last_head < span.first_row <= block.last_row
        rows = span.last_row - span.first_row + 1
        if inside and rows > 1 and span.first_column in fields:
            place = block.grid.cell(span.first_row, span.first_column)
            field = HEADS[fields[span.first_column]]
            found.add("XP916", place, count=rows, field=field, row=span.first_row)


def _total_rows(block: Block) -> dict[int, bool]:
    """The rows of sums of a table, and whether each sums up all of it."""
    found: dict[int, bool] = {}
    grid, (left, right) = block.grid, block.span
    for row in range(block.last_head + 1, block.last_row + 1):
        cells = (grid.at(row, column) for column in range(max(left - 1, 1), right + 1))
        labels = islice((cell for cell in cells if isinstance(cell, str) and cell), _LABELS)
        said_sum = next((word for word in map(plain, labels) if _sums(word)), "")
        if said_sum:
            found[row] = not _PART.search(said_sum)
    return found


def _sums(word: str) -> bool:
    if "计" not in word:
        return False
    return is_subtotal(word) or (word.startswith(("合计", "总计")) and bool(_COUNT.search(word)))


def _totals(block: Block, rows: Mapping[int, bool], law: Law) -> Iterator[StatedTotal]:
    """The sums that a table states of itself, where it states them once."""
    whole = [row for row, is_whole in rows.items() if is_whole]
    if len(whole) != 1:
        return
    (row,) = whole
    grid, quiet = block.grid, Diagnostics()
    for name in sorted(SUBMITTED.money & block.columns.keys()):
        number = block.columns[name]
        unit = block.units.get(name) or block.remark or law.default_unit
        cells = (grid.at(row, number),)
        read = money(Column(name, grid.name, number, np.array([row]), cells, unit), 1, quiet)
        if read.known[0]:
            yield StatedTotal(name, int(read.grains[0]), grid.cell(row, number))
    for column in range(max(block.span[0] - 1, 1), block.span[1] + 1):
        count = _COUNT.search(plain(grid.at(row, column)))
        if count:
            yield StatedTotal("project", int(count[1]), grid.cell(row, column))
            return


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment, and the project whose it is, by id, else by name."""

    project: str
    name: str
    payment: Payment


def receipt_rows(block: Block, law: Law, found: Diagnostics) -> tuple[Receipt, ...]:
    """The receipts of a table; XP917 for those that name no project."""
    _report_merged(block, RECEIPTS.money, found)
    key = "name" if "name" in block.columns else "project"
    if "project" in block.columns:
        key = "project"
    data = records(block, key, block.columns.keys() - RECEIPTS.money - {"project"}, found)
    length, sums = len(data), _total_rows(block)
    ids = identities(data.column("project"), length)
    names, remarks = (texts(data.column(name), length) for name in ("name", "remark"))
    received = _days(data, "received", found)
    amounts = _amounts(data, "amount", law, found)
    receipts = []
    for at in range(length):
        number = int(data.rows[at])
        if number in sums or ids[at] == EXAMPLE:
            continue
        if not ids[at] and not names[at]:
            found.add("XP917", block.grid.cell(number, block.columns[key]))
            continue
        where = (block.grid.name, number, block.columns, remarks[at])
        receipts.append(Receipt(ids[at], names[at], Payment(received[at], amounts[at], *where)))
    return tuple(receipts)
