"""Whether a file is a workbook that can safely be opened at all, and of which form it is."""

import re
from enum import StrEnum
from pathlib import Path

from xlplan.diagnostics import RequestError
from xlplan.package.container import Container
from xlplan.package.xml_offsets import codec_of

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_OLD_SUFFIXES = {".xls", ".xlt", ".et", ".ett"}
_PACKAGE_SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam"}
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|table|meta|body)\b", re.IGNORECASE)


class Form(StrEnum):
    """What a file is inside, whatever its name says."""

    PACKAGE = "xlsx"  # may be written back
    BINARY = "xlsb"
    OPEN_DOCUMENT = "ods"
    OLD = "xls"


def probe(path: str | Path) -> None:
    """Refuse what is no whole, readable, harmless workbook (XP001 to XP008); else say nothing."""
    form_of(Path(path))


def form_of(path: Path) -> Form:
    """The form of a workbook that may be opened; what may not is refused as `probe` says."""
    head = _head(path)
    if head.startswith(_OLE):
        return _ole(path)
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise RequestError("XP002", path=path, reason=_what(head, path))
    with Container(path, str(path)) as container:
        _check_declarations(container)
        return _zip_form(container)


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise RequestError("XP007", path=path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise RequestError("XP001", path=path) from None
    except PermissionError:
        raise RequestError("XP006", path=path, reason="不能读取") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError("XP004", path=path, reason=reason) from error
    if not head:
        raise RequestError("XP004", path=path, reason="文件是空的，0 字节")
    return head


def _what(head: bytes, path: Path) -> str:
    """What a file that is no workbook seems to be."""
    if _HTML.search(head):
        return "实际是网页"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return "实际是 XML 文件"
    if head.startswith(b"%PDF"):
        return "实际是 PDF"
    if b"\0" not in head:
        return "实际是文本或 CSV 文件"
    return f"扩展名是 {path.suffix or '（无）'}，内容不是工作簿"


def _ole(path: Path) -> Form:
    """An OLE container holds an encrypted package, or an old workbook, or something else."""
    raw = path.read_bytes()

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in raw

    if has("DRMEncryptedTransform") or has("DRMEncryptedDataSpace"):
        raise RequestError("XP704", path=path)
    if has("EncryptedPackage"):
        raise RequestError("XP003", path=path)
    if not has("Workbook") and not has("Book"):
        raise RequestError("XP002", path=path, reason="不是工作簿的 OLE 文件")
    if path.suffix.casefold() in _PACKAGE_SUFFIXES:
        raise RequestError("XP002", path=path, reason="实际是旧版 .xls 格式")
    return Form.OLD


def _zip_form(container: Container) -> Form:
    if "content.xml" in container and "[Content_Types].xml" not in container:
        return Form.OPEN_DOCUMENT
    if "xl/workbook.bin" in container:
        return Form.BINARY
    if "[Content_Types].xml" not in container:
        raise RequestError("XP002", path=container.label, reason="压缩包里没有 [Content_Types].xml")
    if "word/document.xml" in container or "ppt/presentation.xml" in container:
        raise RequestError("XP002", path=container.label, reason="是 Word 或演示文稿")
    return Form.PACKAGE


def _check_declarations(container: Container) -> None:
    """Refuse a DTD, which can hide an entity bomb, in any part that is read as XML (XP008)."""
    for member in container.members:
        foreign = member.key.startswith(("customxml/", "docprops/"))  # kept, never parsed
        if member.key.endswith((".xml", ".rels")) and member.size and not foreign:
            head = next((chunk for chunk in container.chunks(member) if chunk), b"")[:_HEAD]
            codec, _ = codec_of(head)
            if "<!DOCTYPE" in head.decode(codec if "utf" in codec else "latin-1", "replace"):
                reason = f"“{member.name}”带有 DTD 声明"
                raise RequestError("XP008", path=container.label, reason=reason)
