"""The compound file (MS-CFB) around a VBA project: storages and streams in sectors of 512 bytes."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR, MINI = 512, 64
CUTOFF = 4096
"""Streams shorter than this lie in the mini stream."""

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NONE = 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
BLACK = 1
HEADER = struct.Struct("<8s16s5H6xLLLLLLLLL")
ENTRY = struct.Struct("<64sHBBLLL16sL8s8sLQ")
UNUSED = ENTRY.pack(b"", 0, 0, 0, NONE, NONE, NONE, b"", 0, b"", b"", 0, 0)
IN_HEADER = 109  # FAT sectors that the header itself lists
_PER_SECTOR = SECTOR // 4


class Broken(Exception):  # noqa: N818 - it says what the bytes are
    """The bytes are not what the format allows; says in English which rule they break."""


@dataclass(slots=True)
class Entry:
    """One entry of the directory; numbers refer to entries, NONE where there is none."""

    name: str
    kind: int
    content: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = 0
    size: int = 0


@dataclass(slots=True)
class _Sectors:
    """Sectors being laid out, and the table that chains them."""

    size: int
    body: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def put(self, content: bytes) -> int:
        """Append a chain; gives its first sector, END for nothing."""
        count = -(-len(content) // self.size)
        first = len(self.table)
        self.table += [*range(first + 1, first + count), END][: count or 0]
        self.body += content.ljust(count * self.size, b"\0")
        return first if count else END


def order(name: str) -> tuple[int, str]:
    """How siblings are ordered: the shorter name first, then without case.

    >>> sorted(["_VBA_PROJECT", "dir", "Main"], key=order)
    ['dir', 'Main', '_VBA_PROJECT']
    """
    return len(name.encode("utf-16-le")), name.upper()


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, by path (`PROJECT`, `VBA/dir`); no clock in it."""
    entries = _tree(streams)
    mini, sectors = _Sectors(MINI), _Sectors(SECTOR)
    for entry in entries:
        if entry.kind == STREAM and len(entry.content) < CUTOFF:
            entry.start = mini.put(entry.content)
    for entry in entries:
        if entry.kind == STREAM and len(entry.content) >= CUTOFF:
            entry.start = sectors.put(entry.content)
    entries[0].start, entries[0].size = sectors.put(bytes(mini.body)), len(mini.body)
    mini_count = -(-len(mini.table) // _PER_SECTOR)
    mini_start = sectors.put(_table(mini.table))
    directory = sectors.put(b"".join(map(_packed, _padded(entries))))
    fat_count = _fat_sectors(len(sectors.table))
    fat_start = len(sectors.table)
    sectors.table += [FAT] * fat_count
    sectors.body += _table(sectors.table)
    listed = [*range(fat_start, fat_start + fat_count)]
    numbers = (fat_count, directory, 0, CUTOFF, mini_start, mini_count, END, 0)
    fixed = HEADER.pack(MAGIC, b"", 0x3E, 3, 0xFFFE, 9, 6, 0, *numbers)
    head = fixed + struct.pack(f"<{IN_HEADER}L", *listed, *[FREE] * (IN_HEADER - fat_count))
    return head + bytes(sectors.body)


def _fat_sectors(others: int) -> int:
    """How many sectors the table takes that lists those others and itself."""
    count = 1
    while count * _PER_SECTOR < others + count:
        count += 1
    assert count <= IN_HEADER, "a project of megabytes"  # noqa: S101 - a bug, not user data
    return count


def _table(numbers: Sequence[int]) -> bytes:
    count = -(-len(numbers) // _PER_SECTOR) * _PER_SECTOR
    return struct.pack(f"<{count}L", *numbers, *[FREE] * (count - len(numbers)))


def _tree(streams: Mapping[str, bytes]) -> list[Entry]:
    """Root, storages and streams, each storage's children as a search tree."""
    entries = [Entry("Root Entry", ROOT)]
    storages = {"": 0}
    members: dict[str, list[int]] = {"": []}
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        if folder not in storages:
            storages[folder] = len(entries)
            members[folder] = []
            members[""].append(len(entries))
            entries.append(Entry(folder, STORAGE))
        members[folder].append(len(entries))
        entries.append(Entry(name, STREAM, content, size=len(content)))
    for folder, children in members.items():
        ordered = sorted(children, key=lambda number: order(entries[number].name))
        entries[storages[folder]].child = _balanced(entries, ordered)
    return entries


def _balanced(entries: list[Entry], ordered: Sequence[int]) -> int:
    """A balanced tree of these entries; gives its top."""
    if not ordered:
        return NONE
    middle = len(ordered) // 2
    top = ordered[middle]
    entries[top].left = _balanced(entries, ordered[:middle])
    entries[top].right = _balanced(entries, ordered[middle + 1 :])
    return top


def _padded(entries: Sequence[Entry]) -> Iterator[Entry | None]:
    yield from entries
    yield from [None] * (-len(entries) % (SECTOR // ENTRY.size))


def _packed(entry: Entry | None) -> bytes:
    if entry is None:
        return UNUSED
    name = entry.name.encode("utf-16-le") + b"\0\0"
    links = entry.left, entry.right, entry.child
    head = name.ljust(64, b"\0"), len(name), entry.kind, BLACK, *links
    return ENTRY.pack(*head, b"", 0, b"", b"", entry.start, entry.size)
