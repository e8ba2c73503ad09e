"""A zip container read with limits: nothing expands further than a real workbook ever does.

The caps were never met by a real file: 20,000 members, 1 GB unpacked, a member 1000 times its
packed size. Sizes that the directory claims are not believed; every part is inflated here, up to
its claimed size, before any other reader may expand it.
"""

import io
import re
import zlib
from typing import Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from xlplan.diagnostics import RequestError

MOST_MEMBERS = 20_000
MOST_BYTES = 1_000_000_000
MOST_RATIO = 1000
_SMALL = 1_000_000
_ENCRYPTED = 0x1
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_LOCAL_HEADER = 30
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Container:
    """The members of a zip file by name, each inflated within limits and checked."""

    def __init__(self, data: bytes, path: str) -> None:
        self._data, self._path = data, path
        try:
            with ZipFile(io.BytesIO(data)) as archive:
                members = archive.infolist()
        except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as fault:
            raise RequestError("XP004", path=path, reason="压缩包不完整") from fault
        self._members = {member.filename: member for member in members}
        self._by_lower = {name.replace("\\", "/").lower(): name for name in self._members}
        self._guard(members)

    def _refuse(self, reason: str) -> RequestError:
        return RequestError("XP008", path=self._path, reason=reason)

    def _guard(self, members: list[ZipInfo]) -> None:
        """Refuse what no real workbook is, by what the directory claims."""
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise RequestError("XP003", path=self._path)
        if len(members) > MOST_MEMBERS:
            raise self._refuse(f"内含 {len(members)} 个部件")
        if len(self._by_lower) < len(members):
            raise self._refuse("内含同名部件")
        if sum(member.file_size for member in members) > MOST_BYTES:
            raise self._refuse("解压后超过 1 GB")
        for member in members:
            if member.file_size > max(_SMALL, MOST_RATIO * member.compress_size):
                raise self._refuse(f"{member.filename} 压缩比超过 {MOST_RATIO}:1")

    @property
    def names(self) -> list[str]:
        """The members' names as written."""
        return list(self._members)

    @property
    def form(self) -> Literal["xlsx", "xlsb", "ods", "other"]:
        """What the container holds."""
        if "xl/workbook.bin" in self._by_lower:
            return "xlsb"
        if "mimetype" in self._by_lower:
            kind = self.part("mimetype").strip()
            return "ods" if kind.startswith(_SPREADSHEET) else "other"
        return "xlsx" if any(name.endswith("workbook.xml") for name in self._by_lower) else "other"

    def has(self, name: str) -> bool:
        """Whether there is a member of that name, letter case aside."""
        return name.lower() in self._by_lower

    def part(self, name: str) -> bytes:
        """A member's content; KeyError without it.

        Raises RequestError XP004 when it is damaged, XP008 when it is larger than it claims.
        """
        member = self._members[self._by_lower[name.lower()]]
        packed = self._packed(member)
        if member.compress_type == ZIP_STORED:
            content = packed
        elif member.compress_type == ZIP_DEFLATED:
            content = self._inflate(member, packed)
        else:
            raise self._damaged(member, "压缩方式不明")
        if zlib.crc32(content) != member.CRC:
            raise self._damaged(member, "校验和不符")
        return content

    def xml(self, name: str) -> bytes:
        """An XML member as UTF-8; XP008 when it declares a document type or entities."""
        content = self.part(name)
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
            content = _as_utf8(content)
        if _DTD.search(content):
            raise self._refuse(f"{name} 含有实体声明")
        return content

    def _damaged(self, member: ZipInfo, what: str) -> RequestError:
        return RequestError("XP004", path=self._path, reason=f"{member.filename} {what}")

    def _packed(self, member: ZipInfo) -> bytes:
        head = self._data[member.header_offset : member.header_offset + _LOCAL_HEADER]
        if len(head) < _LOCAL_HEADER or head[:4] != b"PK\x03\x04":
            raise self._damaged(member, "位置不对")
        extra = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        start = member.header_offset + _LOCAL_HEADER + extra
        return self._data[start : start + member.compress_size]

    def _inflate(self, member: ZipInfo, packed: bytes) -> bytes:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflater.decompress(packed, member.file_size + 1)
        except zlib.error as fault:
            raise self._damaged(member, "无法解压") from fault
        if len(content) > member.file_size:
            raise self._refuse(f"{member.filename} 实际大小与目录不符")
        return content


def _as_utf8(content: bytes) -> bytes:
    """A UTF-16 part as UTF-8, so that one scanner reads both."""
    encoding = (
        "utf-16"
        if content[:2] in (b"\xff\xfe", b"\xfe\xff")
        else ("utf-16-be" if content[:1] == b"\0" else "utf-16-le")
    )
    return content.decode(encoding, "replace").encode()
