"""What a file really is, told by its first bytes and its contents, never by its name."""

import re
from typing import Literal

from xlplan.diagnostics import RequestError

Form = Literal["xlsx", "xlsb", "xls", "ods"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
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


def recognise(data: bytes, path: str) -> Form | Literal["zip"]:
    """Which kind of container the bytes are; "zip" needs a look inside.

    Raises RequestError XP002 for what is no workbook, saying what it is instead, and XP003 for an
    encrypted container.
    """
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_OLE):
        return _ole(data, path)
    raise RequestError("XP002", path=path, reason=_what_instead(data))


def _ole(data: bytes, path: str) -> Form:
    """An old container: encrypted .xlsx, .xls, or another program's document."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RequestError("XP003", path=path)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "xls"
    reason = "是 Word 文档" if "WordDocument".encode("utf-16-le") in data else "里面没有工作表"
    raise RequestError("XP002", path=path, reason=reason)


def _what_instead(data: bytes) -> str:
    """In a few words, what a file that is no workbook seems to be."""
    if not data:
        return "文件为空，0 字节"
    if not data.strip(b"\0"):
        return "文件里只有空字节"
    for beginning, words in _BEGINNINGS:
        if data.startswith(beginning):
            return words
    return _markup(data[:65536]) or _text(data[:65536])


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
            return "是 CSV 文本" if any(mark in text for mark in ",\t;") else "是纯文本"
    return "不是已知的表格格式"


def _is_text(sign: str) -> bool:
    return sign != "\ufffd" and (sign.isprintable() or sign in "\r\n\t\ufeff")
