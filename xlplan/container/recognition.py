"""What a file really is, told by its first bytes and its contents, never by its name."""

import re
from enum import StrEnum
from pathlib import Path

from xlplan.container.archive import Container
from xlplan.container.directory import damaged
from xlplan.container.encoding import declares_entities
from xlplan.container.reading import reachable
from xlplan.diagnostics import RequestError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD = 1 << 16
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_DELIMITED = "是 CSV 文本"
_FOREIGN = ("customxml/", "docprops/")  # kept, never parsed
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "是 PDF 文件"),
    (b"{\\rtf", "是 RTF 文档"),
    (b"\x89PNG", "是图片"),
    (b"\xff\xd8\xff", "是图片"),
    (b"Rar!", "是 RAR 压缩包"),
    (b"7z\xbc\xaf", "是 7z 压缩包"),
    (b"MIME-Version", "是网页存档（MHTML）"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (rb"urn:schemas-microsoft-com:office:spreadsheet", "是 XML 电子表格 2003"),
    (rb"<(?:!doctype\s+)?html|<table|<body|<head", "是 HTML 网页表格"),
    (rb"\A\s*<\?xml|\A\s*<\w", "是 XML 文件"),
)


class Form(StrEnum):
    """What a workbook is inside, whatever its name says."""

    PACKAGE = "xlsx"  # may be written back
    BINARY = "xlsb"
    OPEN_DOCUMENT = "ods"
    OLD = "xls"


def form_of(source: Path | bytes, label: str) -> Form:
    """The form of a workbook that may be opened; `label` is how refusals name it.

    Raises: RequestError XP001, XP005 to XP007 (not to be read), XP002 (no workbook, and what it is
    instead), XP003, XP704 (encrypted), XP004 (damaged), XP008 (harmful).
    """
    head = _head(source)
    if head.startswith(_OLE):
        return _ole(source if isinstance(source, bytes) else source.read_bytes(), label)
    if not head.startswith(_ZIP):
        raise RequestError("XP002", path=label, reason=_what_instead(head))
    with Container(source, label) as container:
        form = _zip_form(container)
        _check_declarations(container)
    return form


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    with reachable(source), source.open("rb") as file:
        return file.read(_HEAD)


def _ole(raw: bytes, label: str) -> Form:
    """An OLE container holds an encrypted package, an old workbook, or something else."""

    def has(*names: str) -> bool:
        return any(name.encode("utf-16-le") in raw for name in names)

    if has("DRMEncryptedTransform", "DRMEncryptedDataSpace"):
        raise RequestError("XP704", path=label)
    if has("EncryptedPackage"):
        raise RequestError("XP003", path=label)
    if has("Workbook", "Book"):
        return Form.OLD
    reason = "是 Word 文档" if has("WordDocument") else "里面没有工作表"
    raise RequestError("XP002", path=label, reason=reason)


def _zip_form(container: Container) -> Form:
    """The form of a zip file; what holds no workbook is refused (XP002, XP003, XP004)."""
    label = container.label
    if "xl/workbook.bin" in container:
        return Form.BINARY
    if _beginning(container, "mimetype").strip().startswith(_SPREADSHEET):
        if b"encryption-data" in _beginning(container, "META-INF/manifest.xml"):
            raise RequestError("XP003", path=label)
        return Form.OPEN_DOCUMENT
    other = _other(container)
    if other:
        raise RequestError("XP002", path=label, reason=other)
    if "[Content_Types].xml" not in container:
        raise damaged(label, "缺少 [Content_Types].xml")
    return Form.PACKAGE


def _other(container: Container) -> str:
    """What a zip file without a workbook is; "" where a workbook, be it damaged, is in it."""
    if "word/document.xml" in container:
        return "是 Word 文档"
    if "ppt/presentation.xml" in container:
        return "是演示文稿"
    keys = [member.key for member in container.members]
    if any(key.startswith("xl/") or key.endswith("workbook.xml") for key in keys):
        return ""
    return "是压缩包或其他文档，里面没有工作簿"


def _beginning(container: Container, name: str) -> bytes:
    """The first piece of a member's content, b"" without one."""
    member = container.find(name)
    if member is None:
        return b""
    return next((piece for piece in container.chunks(member) if piece), b"")


def _check_declarations(container: Container) -> None:
    """Refuse a DTD, which can hide an entity bomb, in any part that is read as XML (XP008)."""
    for member in container.members:
        is_xml = member.key.endswith((".xml", ".rels")) and not member.key.startswith(_FOREIGN)
        if is_xml and declares_entities(_beginning(container, member.name)[:_HEAD]):
            reason = f"“{member.name}”带有 DTD 声明"
            raise RequestError("XP008", path=container.label, reason=reason)


def _what_instead(head: bytes) -> str:
    """In a few words, what a file that is no workbook seems to be."""
    if not head:
        return "文件为空，0 字节"
    if not head.strip(b"\0"):
        return "文件里只有空字节"
    for beginning, words in _BEGINNINGS:
        if head.startswith(beginning):
            return words
    return _markup(head) or _text(head)


def is_delimited(data: bytes) -> bool:
    r"""Whether a file is a text table: no container, no markup, and signs between cells.

    >>> is_delimited("编号,名称".encode("gb18030")), is_delimited(b"<html>,</html>")
    (True, False)
    """
    head = data[:_HEAD]
    is_other = head.startswith((_OLE, *_ZIP)) or not head.strip(b"\0")
    return not is_other and _what_instead(head) == _DELIMITED


def _markup(head: bytes) -> str:
    plain = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \r\n\t")
    for pattern, words in _MARKUP:
        if plain.startswith(b"<") and re.search(pattern, plain, re.IGNORECASE):
            return words
    return ""


def _text(head: bytes) -> str:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        text = head.decode(encoding, "replace").rstrip("\ufffd")
        if text and all(_is_text(sign) for sign in text):
            return _DELIMITED if any(mark in text for mark in ",\t;") else "是纯文本"
    return "不是已知的表格格式"


def _is_text(sign: str) -> bool:
    return sign != "\ufffd" and (sign.isprintable() or sign in "\r\n\t\ufeff")
