"""The smallest .xlsb workbook: no program here writes that format, so tests write its records."""

import struct
import zipfile

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.'
    'binary.macroEnabled.main"/></Types>'
)
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="{type}" Target="{target}"/></Relationships>'
)


def _record(kind, body=b""):
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, rest = b"", len(body)
    while rest > 0x7F:
        length, rest = length + bytes([rest & 0x7F | 0x80]), rest >> 7
    return head + length + bytes([rest]) + body


def _text(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column, value):
    place = struct.pack("<II", column, 0)
    if isinstance(value, str):
        if value.startswith("#"):
            return _record(3, place + bytes([0x2A]))
        return _record(6, place + _text(value))
    return _record(5, place + struct.pack("<d", value))


def write_xlsb(path, name, rows, hidden=()):
    """One sheet of texts, numbers and #N/A."""
    body = b""
    for number, row in enumerate(rows):
        flags = 0x10 if number + 1 in hidden else 0
        body += _record(0, struct.pack("<IIHBB", number, 0, 300, 0, flags) + bytes(5))
        body += b"".join(_cell(column, value) for column, value in enumerate(row) if value != "")
    used = struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _record(129) + _record(148, used) + _record(145) + body + _record(146) + _record(130)
    bundle = _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text(name))
    book = _record(131) + _record(143) + bundle + _record(144) + _record(132)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels", _LINKS.format(type=f"{_LINK}/officeDocument", target="xl/workbook.bin")
        )
        archive.writestr("xl/workbook.bin", book)
        links = _LINKS.format(type=f"{_LINK}/worksheet", target="worksheets/sheet1.bin")
        archive.writestr("xl/_rels/workbook.bin.rels", links)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path
