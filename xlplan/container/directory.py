"""The directory of a zip file: every member, its raw record, and what is refused in it."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from xlplan.diagnostics import RequestError

# What no real workbook met (of 3,546): more is a bomb, or too large for what a clerk's desk has.
MOST_MEMBERS = 20_000
MOST_UNPACKED = 1 << 30
MOST_RATIO = 1000
_SMALL = 1 << 20  # below this size a high ratio harms nobody: blanks compress well

CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_UTF8_NAME, _ENCRYPTED = 0x800, 0x2041
_OFFSET_AT = 42  # where a record keeps its member's offset, unless zip64 keeps it


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the directory; `record` is its raw bytes there, `offset` its local header's."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    record: bytes
    offset_at: int  # where in `record` the offset stands
    wide: bool  # whether it is a zip64 offset

    @property
    def key(self) -> str:
        """The name by which parts are looked up: slashes, lower case."""
        return part_key(self.name)

    @property
    def raw_name(self) -> bytes:
        """The name's bytes as the directory has them."""
        length = struct.unpack_from("<H", self.record, 28)[0]
        return self.record[CENTRAL.size : CENTRAL.size + length]


def part_key(name: str) -> str:
    r"""A part's name as the packaging rules compare it: without case, with slashes.

    >>> part_key(r"/XL\Workbook.xml")
    'xl/workbook.xml'
    """
    return name.replace("\\", "/").lstrip("/").casefold()


@dataclass(frozen=True, slots=True)
class Directory:
    """All members in the directory's own order; `start` is where it begins in the file."""

    members: tuple[Member, ...]
    comment: bytes
    start: int


def damaged(label: str, reason: str) -> RequestError:
    """XP004 for a file that is no longer whole."""
    return RequestError("XP004", path=label, reason=reason)


def read_directory(file: BinaryIO, label: str) -> Directory:
    """Read and check a zip file's directory (XP003, XP004, XP008)."""
    count, size, offset, end, comment = _end_record(file, label)
    start = end - size
    if start < offset:
        raise damaged(label, "文件不完整，可能没有下载完或传输中断")
    if count > MOST_MEMBERS:
        raise RequestError("XP008", path=label, reason=f"部件多达 {count} 个")
    file.seek(start)
    raw = file.read(size)
    members = tuple(_records(raw, start - offset, label))
    if len(members) != count:
        raise damaged(label, "部件目录不完整")
    _check_members(members, label)
    return Directory(members, comment, start)


def _end_record(file: BinaryIO, label: str) -> tuple[int, int, int, int, bytes]:
    """Number of entries, length and offset of the directory, where it ends, the comment."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - _END.size - _FULL16))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) >= at + _END.size:
            fields = _END.unpack_from(tail, at)
            if at + _END.size + fields[7] <= len(tail):
                comment = tail[at + _END.size : at + _END.size + fields[7]]
                place = length - len(tail) + at
                return (*_widened(file, fields, place, label), comment)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    raise damaged(label, "文件不完整，可能没有下载完或传输中断")


def _widened(
    file: BinaryIO, fields: tuple[int, ...], place: int, label: str
) -> tuple[int, int, int, int]:
    """The end record's numbers, from its zip64 twin where they do not fit."""
    disk, count, size, offset = fields[1], fields[4], fields[5], fields[6]
    if disk not in (0, _FULL16):
        raise damaged(label, "分卷压缩的一部分")
    if place < _LOCATOR.size or (_FULL16 not in (count, disk) and _FULL32 not in (size, offset)):
        return count, size, offset, place
    file.seek(place - _LOCATOR.size)
    mark, _, at, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if mark != b"PK\x06\x07":
        return count, size, offset, place
    file.seek(min(at, place))
    wide = file.read(_END64.size)
    if len(wide) < _END64.size or wide[:4] != b"PK\x06\x06":
        raise damaged(label, "部件目录不完整")
    *_, count, size, offset = _END64.unpack(wide)
    return count, size, offset, at


def _records(raw: bytes, shift: int, label: str) -> Iterator[Member]:
    at = 0
    while at + CENTRAL.size <= len(raw) and raw[at : at + 4] == b"PK\x01\x02":
        fields = CENTRAL.unpack_from(raw, at)
        length = CENTRAL.size + sum(fields[10:13])
        if at + length > len(raw):
            raise damaged(label, "部件目录不完整")
        yield _member(raw[at : at + length], fields, shift, label)
        at += length


def _member(record: bytes, fields: tuple[int, ...], shift: int, label: str) -> Member:
    flags, method, crc = fields[3], fields[4], fields[7]
    name_end = CENTRAL.size + fields[10]
    name = record[CENTRAL.size : name_end].decode(
        "utf-8" if flags & _UTF8_NAME else "cp437", "replace"
    )
    wide = _wide_fields(record, name_end, name_end + fields[11])
    values: list[int] = []
    places: list[int] = []
    for narrow, place in ((fields[9], 24), (fields[8], 20), (fields[16], _OFFSET_AT)):
        if narrow != _FULL32:
            values.append(narrow)
            places.append(place)
        elif wide:
            place, value = wide.pop(0)  # noqa: PLW2901 - the wide place stands for the narrow
            values.append(value)
            places.append(place)
        else:
            raise damaged(label, "部件目录不完整")
    size, packed, offset = values
    at = places[2]
    return Member(
        name, flags, method, crc, packed, size, offset + shift, record, at, at != _OFFSET_AT
    )


def _wide_fields(record: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """The places and values of a record's zip64 extra field."""
    while start + 4 <= end:
        kind, length = struct.unpack_from("<2H", record, start)
        if kind == 1:
            inside = range(start + 4, min(start + 4 + length, end) - 7, 8)
            return [(at, struct.unpack_from("<Q", record, at)[0]) for at in inside]
        start += 4 + length
    return []


def _check_members(members: tuple[Member, ...], label: str) -> None:
    """Refuse names and sizes that no spreadsheet program writes (XP008), and passwords (XP003)."""
    seen: set[str] = set()
    for member in members:
        if member.flags & _ENCRYPTED:
            raise RequestError("XP003", path=label)
        _check_name(member.name, label)
        if member.key in seen:
            raise RequestError("XP008", path=label, reason=f"有两个名为“{member.name}”的部件")
        seen.add(member.key)
        if member.size > max(_SMALL, member.packed * MOST_RATIO):
            raise RequestError("XP008", path=label, reason=f"“{member.name}”解压后膨胀超过千倍")
    if sum(member.size for member in members) > MOST_UNPACKED:
        raise RequestError("XP008", path=label, reason="解压后超过 1GB")


def _check_name(name: str, label: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if any(ord(sign) < ord(" ") for sign in name):
        raise RequestError("XP008", path=label, reason=f"部件名 {name!r} 含有控制字符")
    if ".." in parts or name[:1] in ("/", "\\") or name[1:2] == ":":
        raise RequestError("XP008", path=label, reason=f"部件名 {name!r} 指向压缩包之外")
