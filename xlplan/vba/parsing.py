"""A VBA project read back strictly: streams, the grammar of `dir`, sources, protection."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.vba.compound import Broken
from xlplan.vba.compression import decompressed
from xlplan.vba.modules import DOCUMENT, STANDARD, Kind, Module
from xlplan.vba.opening import open_compound
from xlplan.vba.project import NO_CODE

_MODULE_LINE = re.compile(r"(Document|Module|Class)=(\w+)(/&H00000000)?\Z")
_FIELD = re.compile(r'(\w+)="(.*)"\Z')
_LIBRARY = re.compile(r"\*\\[GH]\{[0-9A-Fa-f-]{36}\}#\d+\.\d+#\d+#[^#]*#[^#]*\Z")
_FIELDS = ["ID", "Name", "HelpContextID", "VersionCompatible32", "CMG", "DPB", "GC"]
_VERSION = 0x09
_REFERENCE = 0x16
_KINDS: dict[int, Kind] = {0x21: STANDARD, 0x22: DOCUMENT}

# What stands before the references: numbers of records with the length that each must have.
_HEAD = (
    *((0x01, 4), (0x02, 4), (0x14, 4), (0x03, 2), (0x04, None), (0x05, None), (0x40, None)),
    *((0x06, None), (0x3D, None), (0x07, 4), (0x08, 4), (0x09, None), (0x0C, None), (0x3C, None)),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a project holds; `references` by name, with the library that each means."""

    name: str
    modules: tuple[Module, ...]
    references: dict[str, str]

    def module(self, name: str) -> Module | None:
        """The module of that name; VBA tells no upper from lower case."""
        wanted = name.casefold()
        return next((m for m in self.modules if m.name.casefold() == wanted), None)


def parse_project(raw: bytes) -> Parsed:
    """The project in a `vbaProject.bin`.

    Raises: Broken at the first rule of the formats that it breaks, or where its streams disagree
    about what it holds.
    """
    streams = open_compound(raw)
    needed = {"PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT"}
    if missing := needed - streams.keys():
        raise Broken(f"the stream {min(missing)} is missing")
    if streams["VBA/_VBA_PROJECT"] != NO_CODE:
        raise Broken("_VBA_PROJECT holds compiled code, or is damaged")
    records = _Records(decompressed(streams["VBA/dir"]))
    name = _head(records)
    references = dict(_references(records))
    placed = list(_modules(records))
    records.finish()
    modules = tuple(_module(streams, *one) for one in placed)
    _check_streams(streams, needed, modules)
    _check_project(streams["PROJECT"], name, modules)
    _check_names(streams["PROJECTwm"], modules)
    return Parsed(name, modules, references)


class _Records:
    """The records of `dir`, taken one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    @property
    def next(self) -> int:
        """The number of the next record; -1 at the end."""
        if self._at + 6 > len(self._body):
            return -1
        return int(struct.unpack_from("<H", self._body, self._at)[0])

    def take(self, number: int, length: int | None = None) -> bytes:
        """The content of the next record, which must be of that number and length."""
        if self.next != number:
            raise Broken(f"dir: record {self.next:#x} where {number:#x} belongs")
        size = struct.unpack_from("<L", self._body, self._at + 2)[0]
        size += 2 if number == _VERSION else 0  # it gives its length two bytes short
        content = self._body[self._at + 6 : self._at + 6 + size]
        if len(content) != size or (length is not None and size != length):
            raise Broken(f"dir: record {number:#x} has a wrong length")
        self._at += 6 + size
        return content

    def text(self, number: int, unicode: int) -> str:
        """A text that stands twice; both must say the same."""
        plain, wide = self.take(number), self.take(unicode)
        try:
            said = plain.decode("ascii")
            same = wide.decode("utf-16-le") == said
        except UnicodeDecodeError:
            same = False
        if not same:
            raise Broken(f"dir: the texts of {number:#x} and {unicode:#x} differ")
        return said

    def finish(self) -> None:
        """Nothing may follow."""
        self.take(0x10, 0)
        if self._at != len(self._body):
            raise Broken("dir: something follows its end")


def _head(records: _Records) -> str:
    """The records about the project as a whole; gives its name."""
    taken = {number: records.take(number, length) for number, length in _HEAD}
    if len(taken[0x09]) != 6:  # noqa: PLR2004 - a long and a short
        raise Broken("dir: the version has a wrong length")
    try:
        return taken[0x04].decode("ascii")
    except UnicodeDecodeError:
        raise Broken("dir: the project's name is not plain text") from None


def _references(records: _Records) -> Iterator[tuple[str, str]]:
    while records.next == _REFERENCE:
        name = records.text(0x16, 0x3E)
        content = records.take(0x0D)
        size = int.from_bytes(content[:4], "little")
        library = content[4 : 4 + size].decode("ascii", "replace")
        if len(content) != size + 10 or any(content[4 + size :]) or not _LIBRARY.match(library):
            raise Broken(f"dir: the reference to {name} is malformed")
        yield name, library


def _modules(records: _Records) -> Iterator[tuple[str, str, int, Kind]]:
    """Name, stream, offset of the source and kind of each module."""
    count = int.from_bytes(records.take(0x0F, 2), "little")
    records.take(0x13, 2)
    for _ in range(count):
        name = records.text(0x19, 0x47)
        stream = records.text(0x1A, 0x32)
        records.text(0x1C, 0x48)
        offset = int.from_bytes(records.take(0x31, 4), "little")
        records.take(0x1E, 4)
        records.take(0x2C, 2)
        number = records.next
        if number not in _KINDS:
            raise Broken(f"dir: the module {name} has no kind")
        records.take(number, 0)
        records.take(0x2B, 0)
        yield name, stream, offset, _KINDS[number]


def _module(streams: dict[str, bytes], name: str, stream: str, offset: int, kind: Kind) -> Module:
    held = streams.get(f"VBA/{stream}")
    if held is None:
        raise Broken(f"the stream of the module {name} is missing")
    if offset:
        raise Broken(f"the source of the module {name} does not begin its stream")
    try:
        source = decompressed(held).decode("ascii")
    except UnicodeDecodeError:
        raise Broken(f"the source of the module {name} is not plain text") from None
    if source.replace("\r\n", "").count("\n") or source.replace("\r\n", "").count("\r"):
        raise Broken(f"the source of the module {name} has broken line ends")
    if not source.startswith(f'Attribute VB_Name = "{name}"\r\n'):
        raise Broken(f"the source of the module {name} says another name")
    return Module(name, source.replace("\r\n", "\n"), kind)


def _check_streams(
    streams: dict[str, bytes], needed: set[str], modules: tuple[Module, ...]
) -> None:
    extra = streams.keys() - needed - {f"VBA/{module.name}" for module in modules}
    if extra:
        raise Broken(f"the stream {min(extra)} belongs to no module")


def _check_project(raw: bytes, name: str, modules: tuple[Module, ...]) -> None:
    """The stream PROJECT must name the same modules in the same kinds, and no password."""
    lines = raw.decode("ascii", "replace").split("\r\n")
    head = lines[: lines.index("")] if "" in lines else lines
    listed = [found for line in head if (found := _MODULE_LINE.match(line))]
    fields = [found for line in head if (found := _FIELD.match(line))]
    if len(listed) + len(fields) != len(head) or [f[1] for f in fields] != _FIELDS:
        raise Broken("PROJECT: a line is malformed, missing or too many")
    kinds = {found[2]: DOCUMENT if found[1] == "Document" else STANDARD for found in listed}
    if len(kinds) != len(listed) or kinds != {module.name: module.kind for module in modules}:
        raise Broken("PROJECT: its modules are not those of dir")
    if any((found[1] == "Document") != bool(found[3]) for found in listed):
        raise Broken("PROJECT: a module's line does not fit its kind")
    if fields[1][2] != name:
        raise Broken("PROJECT: the project has another name in dir")
    protection = [unsealed(found[2], fields[0][2]) for found in fields[4:]]
    if protection != [bytes(4), bytes(1), b"\xff"]:
        raise Broken("PROJECT: the project is protected, or its flags are damaged")
    rest = lines[len(head) :]
    expected = [f"{module.name}=0, 0, 0, 0, C" for module in modules]
    if rest[:2] != ["", "[Host Extender Info]"] or rest[3:] != ["", "[Workspace]", *expected, ""]:
        raise Broken("PROJECT: its last sections are malformed")


def _check_names(raw: bytes, modules: tuple[Module, ...]) -> None:
    pairs = (m.name.encode() + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    if raw != b"".join(pairs) + b"\0\0":
        raise Broken("PROJECTwm does not name the modules")


def unsealed(text: str, project_id: str) -> bytes:
    """A flag of the project in the clear; b"" where it is damaged.

    >>> from xlplan.vba.project import ID, sealed
    >>> unsealed(sealed(b"abc"), ID)
    b'abc'
    """
    try:
        seed, version, key, *rest = bytes.fromhex(text)
    except ValueError:
        return b""
    wanted = sum(project_id.encode()) & 0xFF
    if (seed ^ version, seed ^ key) != (2, wanted):
        return b""
    plain, before, last = bytearray(), wanted, (key, version)
    for coded in rest:
        before = coded ^ ((last[1] + before) & 0xFF)
        last = (coded, last[0])
        plain.append(before)
    body = plain[(seed & 6) // 2 :]
    size, data = int.from_bytes(body[:4], "little"), bytes(body[4:])
    return data if len(data) == size else b""
