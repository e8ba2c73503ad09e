"""A template of any form behind one protocol: Word and Excel, told by what the file is."""

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Literal, Protocol

from xlplan.container import Container
from xlplan.diagnostics import RequestError
from xlplan.documents.filled import Filled
from xlplan.documents.lint import Fault
from xlplan.documents.word import WordTemplate
from xlplan.documents.workbook import WorkbookTemplate

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MOST_PIXELS = 60_000_000
_HEAD = 1 << 16  # a JPEG may hold a camera's notes before it says how large it is


class Template(Protocol):
    """A compiled template: looked over with fields, then filled any number of times."""

    @property
    def troubles(self) -> tuple[type[Exception], ...]:
        """What `fill` raises when the fields do not have what a tag asks for."""
        ...

    def lint(self, fields: Mapping[str, object]) -> list[Fault]:
        """Everything that is wrong with it when it is to be filled with these fields."""
        ...

    def fill(self, fields: Mapping[str, object]) -> Filled:
        """The document with these fields."""
        ...

    def said(self, trouble: Exception) -> str:
        """One of `troubles`, in one line for a clerk."""
        ...


def open_template(data: bytes, file: Path) -> Template:
    """The template that a file holds.

    Raises:
        RequestError: XP858 it is none, or one with macros or a picture too large to be one;
            XP003, XP004, XP008 it is encrypted, damaged or harmful.
    """
    if not data.startswith(b"PK"):
        raise RequestError("XP858", path=file, reason="不是 .docx 或 .xlsx 文件")
    with Container(data, str(file)) as container:
        types = _types(container)
        reason = _no_template(container, types)
    if reason:
        raise RequestError("XP858", path=file, reason=reason)
    if WORD in types:
        return WordTemplate(data, str(file))
    template = WorkbookTemplate(data, str(file))
    if not template.tagged:
        raise RequestError("XP858", path=file, reason="里面没有标签")
    return template


def _types(container: Container) -> str:
    """What the package says its parts are."""
    if "[Content_Types].xml" not in container:
        return ""
    return container.xml("[Content_Types].xml").decode("utf-8", "replace")


def _no_template(container: Container, types: str) -> str:
    """Why a package is no template; "" = it is one."""
    if "macroEnabled" in types or any("vbaproject" in m.key for m in container.members):
        return "带有宏，请另存为不带宏的 .docx 或 .xlsx"
    word = WORD in types and "word/document.xml" in container
    if not word and EXCEL not in types:
        return "不是 Word 文档（.docx）或 Excel 工作簿（.xlsx）"
    for member in container.members:
        if "/media/" in member.key and _pixels(container, member.name) > _MOST_PIXELS:
            return f"图片“{member.name}”大得不正常"
    return ""


def _pixels(container: Container, name: str) -> int:
    """How many pixels a picture says that it unfolds to; 0 where it does not say."""
    head = container.part(name)[:_HEAD]
    for start, width, height in _SIZES:
        if head.startswith(start):
            order: Literal["big", "little"] = "big" if start == _PNG else "little"
            signed = start == _BMP  # whose height below zero says where its first row is
            sides = [int.from_bytes(head[at], order, signed=signed) for at in (width, height)]
            return abs(prod(sides))
    return _pixels_of_jpeg(head) if head.startswith(_JPEG) else 0


_PNG, _BMP, _JPEG = b"\x89PNG\r\n\x1a\n", b"BM", b"\xff\xd8"
_SIZES = (
    (_PNG, slice(16, 20), slice(20, 24)),
    (b"GIF8", slice(6, 8), slice(8, 10)),
    (_BMP, slice(18, 22), slice(22, 26)),
)
"""How a picture begins, and where its width and height stand."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xDA)) | {0x01}


def _pixels_of_jpeg(head: bytes) -> int:
    """Walk the segments up to the one that says the size."""
    at = len(_JPEG)
    while at + 9 <= len(head) and head[at] == 0xFF:  # noqa: PLR2004 - the format's own
        kind = head[at + 1]
        if kind in _FRAMES:
            return prod(int.from_bytes(head[at + n : at + n + 2], "big") for n in (5, 7))
        length = 0 if kind in _ALONE else int.from_bytes(head[at + 2 : at + 4], "big")
        at += 2 + length
    return 0
