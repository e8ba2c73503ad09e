"""A zip file being written: members copied as they are, and new ones without a clock."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from xlplan.container.archive import DEFLATED, LOCAL, Container
from xlplan.container.deflate import LARGE, crc32, deflater
from xlplan.container.directory import CENTRAL, MOST_UNPACKED, Member, part_key
from xlplan.diagnostics import RequestError

_CHUNK = 1 << 18
_END = struct.Struct("<4s4H2LH")
_UTF8_NAME = 0x800
_EPOCH = 0x21  # 1980-01-01, the first day a zip knows: what we write carries no clock
_VERSION = 20  # deflate needs a reader of 2.0
_OFFSET_AT = 42


class Packer:
    """A zip file being written: copied members first to last, then the directory."""

    def __init__(self, into: BinaryIO) -> None:
        self._into = into
        self._records: dict[str, bytes] = {}
        self._sizes: dict[str, int] = {}

    def copy(self, container: Container, member: Member) -> None:
        """Take a member over as it is."""
        offset = self._into.tell()
        for chunk in container.raw(member):
            self._into.write(chunk)
        record = bytearray(member.record)
        struct.pack_into("<Q" if member.wide else "<L", record, member.offset_at, offset)
        self._records[member.key] = bytes(record)
        self._sizes[member.key] = member.size

    def add(self, name: str, chunks: Iterable[bytes], *, level: int = 6) -> tuple[int, int]:
        """Deflate a new member without a clock; gives its checksum and size."""
        raw = name.encode()
        naming = _Naming(part_key(name), raw, 0 if raw.isascii() else _UTF8_NAME)
        return self._deflated(naming, chunks, level)

    def renew(self, member: Member, chunks: Iterable[bytes], *, level: int = 6) -> tuple[int, int]:
        """Deflate new content for a member under its very name."""
        naming = _Naming(member.key, member.raw_name, member.flags & _UTF8_NAME)
        return self._deflated(naming, chunks, level)

    def take_back(self, key: str) -> None:
        """Forget the member that was written last, as if it had never been."""
        record = self._records.pop(key)
        del self._sizes[key]
        self._into.seek(struct.unpack_from("<L", record, _OFFSET_AT)[0])
        self._into.truncate()

    def close(self, order: Iterable[str], comment: bytes) -> None:
        """Write the directory: the keys of `order` first, then what came new."""
        start = self._into.tell()
        known = [key for key in order if key in self._records]
        seen = set(known)
        for key in [*known, *(key for key in self._records if key not in seen)]:
            self._into.write(self._records[key])
        count, size = len(self._records), self._into.tell() - start
        self._into.write(
            _END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment
        )

    def _deflated(self, naming: "_Naming", chunks: Iterable[bytes], level: int) -> tuple[int, int]:
        """Write header and content; the header once more when the sizes are known."""
        offset = self._into.tell()
        self._into.write(LOCAL.pack(b"PK\x03\x04", *([0] * 10)) + naming.raw)
        crc, size, packed = self._content(naming, chunks, level)
        end = self._into.tell()
        known = (_VERSION, naming.flags, DEFLATED, 0, _EPOCH, crc, packed, size)
        common = (*known, len(naming.raw), 0)
        self._into.seek(offset)
        self._into.write(LOCAL.pack(b"PK\x03\x04", *common))
        self._into.seek(end)
        head = CENTRAL.pack(b"PK\x01\x02", _VERSION, *common, 0, 0, 0, 0, offset)
        self._records[naming.key] = head + naming.raw
        self._sizes[naming.key] = size
        return crc, size

    def _content(
        self, naming: "_Naming", chunks: Iterable[bytes], level: int
    ) -> tuple[int, int, int]:
        start, rest = _start_of(gathered(chunks))
        deflate = deflater(level, large=sum(map(len, start)) >= LARGE)
        crc = size = packed = 0
        room = MOST_UNPACKED - sum(self._sizes.values())
        for chunk in chain(start, rest):
            crc, size = crc32(chunk, crc), size + len(chunk)
            packed += self._into.write(deflate.compress(chunk))
            if size > room:  # what we would refuse to open again
                raise RequestError("XP702", sheet=naming.key, reason="全书解压后超过 1GB")
        packed += self._into.write(deflate.flush())
        return crc, size, packed


@dataclass(frozen=True, slots=True)
class _Naming:
    """How a member is found, how its name stands in the file, and in which encoding."""

    key: str
    raw: bytes
    flags: int


def _start_of(chunks: Iterator[bytes]) -> tuple[list[bytes], Iterator[bytes]]:
    """The first chunks up to what makes a part large, and the chunks after them."""
    start: list[bytes] = []
    length = 0
    for chunk in chunks:
        start.append(chunk)
        length += len(chunk)
        if length >= LARGE:
            break
    return start, chunks


def gathered(chunks: Iterable[bytes], least: int = _CHUNK) -> Iterator[bytes]:
    """The same bytes in pieces large enough to be worth a call."""
    waiting: list[bytes] = []
    length = 0
    for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length >= least:
            yield b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield b"".join(waiting)
