"""A compound file read strictly: every rule that Excel may hold it to is held here."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xlplan.vba.compound import (
    BLACK,
    CUTOFF,
    END,
    ENTRY,
    FAT,
    FREE,
    HEADER,
    IN_HEADER,
    MAGIC,
    MINI,
    NONE,
    ROOT,
    SECTOR,
    STORAGE,
    STREAM,
    UNUSED,
    Broken,
    Entry,
    order,
)

_FIXED = (0x3E, 3, 0xFFFE, 9, 6, 0)  # versions, byte order, sector sizes, directory sectors


def open_compound(raw: bytes) -> dict[str, bytes]:
    """The streams of a compound file by path.

    Raises: Broken at the first rule that it breaks: header, sector chains (no loop, no sector used
    twice, none lost), directory (names, order, colours, every entry reached once).
    """
    return _Reader(raw).streams()


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What the header says."""

    fats: int
    directory: int
    mini: int
    minis: int


class _Reader:
    """The sectors of one file and which of them were used."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) < SECTOR or len(raw) % SECTOR:
            raise Broken("the file's length is no multiple of a sector")
        self._raw = raw
        self._count = len(raw) // SECTOR - 1
        self._used: set[int] = set()
        self._numbers = self._header()
        self._table = self._fat()
        self._entries = self._directory()
        self._mini_table = self._words(self._chain(self._numbers.mini))
        if self._numbers.minis * (SECTOR // 4) != len(self._mini_table):
            raise Broken("the header miscounts the sectors of the mini table")
        self._mini = self._chain(self._entries[0].start)
        short = sum(number != FREE for number in self._mini_table) * MINI
        if self._entries[0].size != short or len(self._mini) < short:
            raise Broken("the mini stream is not as long as the root says")
        self._mini_used: set[int] = set()

    def _header(self) -> _Numbers:
        magic, clsid, *numbers = HEADER.unpack_from(self._raw)
        fixed, (fats, directory, transaction, cutoff) = numbers[:6], numbers[6:10]
        mini, minis, first_list, lists = numbers[10:]
        sound = (
            magic == MAGIC
            and not any(clsid + self._raw[34:40])
            and tuple(fixed) == _FIXED
            and (transaction, cutoff, first_list, lists) == (0, CUTOFF, END, 0)
        )
        if not sound:
            raise Broken("the header is not one of a compound file of version 3")
        return _Numbers(fats, directory, mini, minis)

    def _fat(self) -> Sequence[int]:
        listed = struct.unpack_from(f"<{IN_HEADER}L", self._raw, HEADER.size)
        places, rest = listed[: self._numbers.fats], listed[self._numbers.fats :]
        if any(number != FREE for number in rest) or not places:
            raise Broken("the header miscounts the sectors of the sector table")
        table = self._words(b"".join(map(self._sector, places)))
        if any(number < len(table) and table[number] != FAT for number in places):
            raise Broken("a sector of the sector table is not marked as such")
        if table.count(FAT) != len(places) or len(table) < self._count:
            raise Broken("the sector table does not fit the file")
        return table

    def _sector(self, number: int) -> bytes:
        if number >= self._count:
            raise Broken("a chain leads behind the end of the file")
        if number in self._used:
            raise Broken("a sector belongs to two chains, or a chain is a loop")
        self._used.add(number)
        at = (number + 1) * SECTOR
        return self._raw[at : at + SECTOR]

    @staticmethod
    def _words(body: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(body) // 4}L", body)

    def _chain(self, start: int) -> bytes:
        body = bytearray()
        while start != END:
            body += self._sector(start)
            start = self._table[start]
        return bytes(body)

    def _directory(self) -> list[Entry]:
        body = self._chain(self._numbers.directory)
        entries = [_entry(body[at : at + ENTRY.size]) for at in range(0, len(body), ENTRY.size)]
        if not entries or (entries[0].kind, entries[0].name) != (ROOT, "Root Entry"):
            raise Broken("the directory does not begin with the root")
        lonely = entries[0].left == entries[0].right == NONE
        if not lonely or any(entry.kind == ROOT for entry in entries[1:]):
            raise Broken("the root has a sibling, or there is a second one")
        return entries

    def streams(self) -> dict[str, bytes]:
        """Every stream by path; all that the file holds must have been reached."""
        reached = {0}
        found = dict(self._below(0, "", reached))
        left = [n for n, entry in enumerate(self._entries) if entry.kind and n not in reached]
        if left:
            raise Broken(f"the directory's entry {self._entries[left[0]].name} is not reached")
        self._check_nothing_lost()
        return found

    def _below(self, number: int, path: str, reached: set[int]) -> Iterator[tuple[str, bytes]]:
        children = list(self._in_order(self._entries[number].child, reached))
        names = [order(self._entries[child].name) for child in children]
        if any(one >= two for one, two in pairwise(names)):
            raise Broken(f"the directory's tree under “{path}” is out of order")
        for child in children:
            entry = self._entries[child]
            if entry.kind == STREAM:
                yield f"{path}{entry.name}", self._content(entry)
            else:
                yield from self._below(child, f"{path}{entry.name}/", reached)

    def _in_order(self, number: int, reached: set[int]) -> Iterator[int]:
        if number == NONE:
            return
        if number >= len(self._entries) or not self._entries[number].kind:
            raise Broken("the directory's tree leads to no entry")
        if number in reached:
            raise Broken("the directory's tree reaches an entry twice")
        reached.add(number)
        entry = self._entries[number]
        yield from self._in_order(entry.left, reached)
        yield number
        yield from self._in_order(entry.right, reached)

    def _content(self, entry: Entry) -> bytes:
        body = self._chain(entry.start) if entry.size >= CUTOFF else self._mini_chain(entry.start)
        unit = SECTOR if entry.size >= CUTOFF else MINI
        if len(body) != -(-entry.size // unit) * unit:
            raise Broken(f"the chain of “{entry.name}” is not as long as its size says")
        if any(body[entry.size :]):
            raise Broken(f"something is hidden behind the end of “{entry.name}”")
        return body[: entry.size]

    def _mini_chain(self, start: int) -> bytes:
        body = bytearray()
        while start != END:
            if start >= len(self._mini) // MINI or start in self._mini_used:
                raise Broken("a chain of the mini stream is damaged")
            self._mini_used.add(start)
            body += self._mini[start * MINI : (start + 1) * MINI]
            start = self._mini_table[start]
        return bytes(body)

    def _check_nothing_lost(self) -> None:
        lost = [n for n, one in enumerate(self._table) if one != FREE and n not in self._used]
        mini = [
            n for n, one in enumerate(self._mini_table) if one != FREE and n not in self._mini_used
        ]
        freed = [n for n in self._used if self._table[n] == FREE]
        if lost or mini or freed:
            raise Broken("the sector tables and the chains do not agree")


def _entry(packed: bytes) -> Entry:
    """One entry of the directory; an unused one has the kind 0."""
    raw, length, kind, color, left, right, child, clsid, *rest = ENTRY.unpack(packed)
    state, created, modified, start, size = rest
    if kind == 0:
        if packed != UNUSED:
            raise Broken("an unused entry of the directory is not empty")
        return Entry("", 0)
    name = raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
    plain = name and not set(name) & set("/\\:!\0") and not any(raw[length - 2 :])
    if kind not in (STORAGE, STREAM, ROOT) or length % 2 or not plain:
        raise Broken("an entry of the directory has no proper name or kind")
    # All nodes black is the simplest tree that the format allows (MS-CFB 2.6.4), and ours.
    if color != BLACK or any(clsid) or state or any(created + modified):
        raise Broken(f"the directory's entry “{name}” has a colour, class or clock of its own")
    if kind == STREAM and child != NONE:
        raise Broken(f"the stream “{name}” has children")
    if kind == STORAGE and (start or size):
        raise Broken(f"the storage “{name}” has content")
    return Entry(name, kind, b"", left, right, child, start, size)
