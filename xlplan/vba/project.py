"""The streams of a VBA project (MS-OVBA): what is in it, how it is protected, and its sources."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlplan.vba.compound import compound_file
from xlplan.vba.compression import compressed
from xlplan.vba.modules import DOCUMENT, Module

_STDOLE = (
    r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb"
    "#OLE Automation"
)
_OFFICE = (
    r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files"
    r"\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
)
REFERENCES = (
    ("stdole", _STDOLE),
    ("Office", _OFFICE),
)
"""What every project born in Excel refers to; found by the GUID, the path is only a hint."""

ID = "{00000000-0000-0000-0000-000000000000}"
NO_CODE = b"\xcc\x61\xff\xff\x00\x00\x00"
"""`_VBA_PROJECT`: version 0xFFFF belongs to no Excel, so that each compiles the sources anew."""

CODE_PAGE = 1252
LANGUAGE = 0x0409
WIN64 = 3
_SEED, _IGNORED = 0x54, (0xBD, 0xAB)  # a seed with (seed & 6) // 2 = two bytes to ignore
_VERSION = (0x176F_EF4C, 8)
_COOKIE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Project:
    """A project's name and modules; the modules of the document come first."""

    name: str
    modules: tuple[Module, ...]


def project_bytes(project: Project) -> bytes:
    """The whole `vbaProject.bin`."""
    streams = {
        "PROJECT": project_text(project).encode("ascii"),
        "PROJECTwm": _names(project.modules),
        "VBA/_VBA_PROJECT": NO_CODE,
        "VBA/dir": compressed(b"".join(directory(project))),
    }
    sources = {f"VBA/{module.name}": compressed(module.packed()) for module in project.modules}
    return compound_file(streams | sources)


def directory(project: Project) -> Iterator[bytes]:
    """The records of the stream `dir`, in the order that its grammar demands (MS-OVBA 2.3.4.2)."""
    yield _record(0x01, WIN64.to_bytes(4, "little"))
    yield _record(0x02, LANGUAGE.to_bytes(4, "little"))
    yield _record(0x14, LANGUAGE.to_bytes(4, "little"))
    yield _record(0x03, CODE_PAGE.to_bytes(2, "little"))
    yield _record(0x04, project.name.encode("ascii"))
    yield _record(0x05) + _record(0x40)  # a description
    yield _record(0x06) + _record(0x3D)  # a file of help
    yield _record(0x07, bytes(4))
    yield _record(0x08, bytes(4))
    yield struct.pack("<HLLH", 0x09, 4, *_VERSION)
    yield _record(0x0C) + _record(0x3C)  # constants of the compiler
    for name, library in REFERENCES:
        text = library.encode("ascii")
        yield _both(0x16, 0x3E, name)
        yield _record(0x0D, struct.pack("<L", len(text)) + text + bytes(6))
    yield _record(0x0F, len(project.modules).to_bytes(2, "little"))
    yield _record(0x13, _COOKIE.to_bytes(2, "little"))
    for module in project.modules:
        yield from _module(module)
    yield _record(0x10)


def _module(module: Module) -> Iterator[bytes]:
    yield _both(0x19, 0x47, module.name)
    yield _both(0x1A, 0x32, module.name)
    yield _record(0x1C) + _record(0x48)
    yield _record(0x31, bytes(4))  # the source begins at once: no compiled code before it
    yield _record(0x1E, bytes(4))
    yield _record(0x2C, _COOKIE.to_bytes(2, "little"))
    yield _record(0x22 if module.kind == DOCUMENT else 0x21)
    yield _record(0x2B)


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HL", number, len(content)) + content


def _both(number: int, unicode: int, text: str) -> bytes:
    """A text twice, as bytes and as Unicode."""
    return _record(number, text.encode("ascii")) + _record(unicode, text.encode("utf-16-le"))


def project_text(project: Project) -> str:
    """The stream `PROJECT`: modules by kind, no password, visible."""
    lines = [
        f'ID="{ID}"',
        *(f"Document={m.name}/&H00000000" for m in project.modules if m.kind == DOCUMENT),
        *(f"Module={m.name}" for m in project.modules if m.kind != DOCUMENT),
        f'Name="{project.name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{sealed(bytes(4))}"',
        f'DPB="{sealed(bytes(1))}"',
        f'GC="{sealed(bytes([0xFF]))}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{m.name}=0, 0, 0, 0, C" for m in project.modules),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def sealed(data: bytes, project_id: str = ID) -> str:
    """A flag of the project as the format obscures it (MS-OVBA 2.4.3), always with one seed.

    >>> sealed(bytes(4))  # not protected
    '5456F8BF1E6E226E226E226E22'
    """
    key = sum(project_id.encode("ascii")) & 0xFF
    out = [_SEED, _SEED ^ 2, _SEED ^ key]
    before, last = key, (out[2], out[1])
    plain = [*_IGNORED, *len(data).to_bytes(4, "little"), *data]
    for byte in plain:
        coded = byte ^ ((last[1] + before) & 0xFF)
        out.append(coded)
        last, before = (coded, last[0]), byte
    return bytes(out).hex().upper()


def _names(modules: Iterable[Module]) -> bytes:
    """The stream `PROJECTwm`: every name in bytes and in Unicode."""
    both = (m.name.encode("ascii") + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    return b"".join(both) + b"\0\0"
