"""A zip container read by its directory; members travel as the compressed bytes they are.

`zipfile` reads members well but cannot copy one without inflating it and forgets the headers it
met. Here a member keeps its local header, extra fields, flags, times, descriptor and place.
"""

import io
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from xlplan.container.deflate import FAULTS, crc32, inflater
from xlplan.container.directory import Member, damaged, part_key, read_directory
from xlplan.container.encoding import as_ascii_like, declares_entities
from xlplan.diagnostics import RequestError

LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
_CHUNK = 1 << 18
_DESCRIPTOR = 0x8


class Container:
    """A zip file opened for reading; `label` is how refusals name it."""

    def __init__(self, source: Path | bytes, label: str) -> None:
        self.label = label
        self._file: BinaryIO = (
            io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        )
        try:
            directory = read_directory(self._file, label)
        except BaseException:
            self._file.close()
            raise
        self.members, self.comment = directory.members, directory.comment
        self._by_key = {member.key: member for member in self.members}
        self._ends = _ends(self.members, directory.start)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._by_key

    def find(self, name: str) -> Member | None:
        """The member of that part name, whatever its case."""
        return self._by_key.get(part_key(name))

    def read(self, member: Member) -> bytes:
        """The whole content of a member, its length and checksum verified (XP004)."""
        return b"".join(self.chunks(member))

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The content of a member in pieces; XP004 at the end where the checksum is wrong."""
        crc, size = 0, 0
        for chunk in _inflated(self._packed(member), member, self.label):
            crc, size = crc32(chunk, crc), size + len(chunk)
            if size > member.size:
                raise self._refused(f"“{member.name}”比目录所记的长")
            yield chunk
        if (crc, size) != (member.crc, member.size):
            raise damaged(self.label, f"“{member.name}”校验不符")

    def part(self, name: str) -> bytes:
        """The content of a part by its name; KeyError without it."""
        return self.read(self._by_key[part_key(name)])

    def xml(self, name: str) -> bytes:
        """An XML part for a byte scanner, UTF-16 turned into UTF-8; XP008 with a DTD anywhere."""
        content = as_ascii_like(self.part(name))
        if declares_entities(content):
            raise self._refused(f"“{name}”带有 DTD 声明")
        return content

    def raw(self, member: Member) -> Iterator[bytes]:
        """Local header, packed bytes and descriptor exactly as they stand in the file."""
        start = self._data_start(member) + member.packed
        end = start + self._descriptor(member, start)
        yield from _span(self._file, member.offset, end)

    def _packed(self, member: Member) -> Iterator[bytes]:
        start = self._data_start(member)
        return _span(self._file, start, start + member.packed)

    def _data_start(self, member: Member) -> int:
        self._file.seek(member.offset)
        head = self._file.read(LOCAL.size)
        if len(head) < LOCAL.size or head[:4] != b"PK\x03\x04":
            raise damaged(self.label, f"“{member.name}”的文件头不见了")
        name_length, extra_length = LOCAL.unpack(head)[-2:]
        if self._file.read(name_length) != member.raw_name:
            raise self._refused(f"“{member.name}”在目录里另有其名")
        start = member.offset + LOCAL.size + int(name_length) + int(extra_length)
        if start + member.packed > self._ends[member.offset]:
            raise self._refused(f"“{member.name}”与别的部件重叠")
        return start

    def _refused(self, reason: str) -> RequestError:
        return RequestError("XP008", path=self.label, reason=reason)

    def _descriptor(self, member: Member, start: int) -> int:
        """How many bytes after the data repeat checksum and sizes: 12, 16, 20, 24 or none."""
        if not member.flags & _DESCRIPTOR:
            return 0
        self._file.seek(start)
        found = self._file.read(min(24, self._ends[member.offset] - start))
        crc = struct.pack("<L", member.crc)
        for lead in (b"PK\x07\x08" + crc, crc):
            for width in ("<2L", "<2Q"):
                whole = lead + struct.pack(width, member.packed, member.size)
                if found.startswith(whole):
                    return len(whole)
        return 0


def _span(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes from start to end; seeks every time, so that spans may be read in turns."""
    while start < end:
        file.seek(start)
        chunk = file.read(min(_CHUNK, end - start))
        if not chunk:
            return
        start += len(chunk)
        yield chunk


def _inflated(packed: Iterator[bytes], member: Member, label: str) -> Iterator[bytes]:
    if member.method == STORED:
        yield from packed
        return
    if member.method != DEFLATED:
        raise damaged(label, f"“{member.name}”的压缩方式不受支持")
    inflate = inflater()
    try:
        for piece in packed:
            waiting = piece
            while waiting and not inflate.eof:
                yield inflate.decompress(waiting, _CHUNK * 4)
                waiting = inflate.unconsumed_tail
        while not inflate.eof and (rest := inflate.decompress(b"", _CHUNK * 4)):
            yield rest
    except FAULTS as error:
        raise damaged(label, f"“{member.name}”解不开") from error


def _ends(members: tuple[Member, ...], directory: int) -> dict[int, int]:
    """Where each member must end at the latest: at the next one, or at the directory."""
    starts = sorted({member.offset for member in members})
    return dict(pairwise([*starts, directory]))
