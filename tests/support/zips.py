"""Workbooks built part by part: odd but sound ones, and broken ones with the code they deserve."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from support.binary_books import write_xlsb

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DTD = '<!DOCTYPE a [<!ENTITY b "' + "x" * 10 + '"><!ENTITY c "&b;&b;&b;">]>'

Parts = dict[str, bytes]


def relations(*rows: tuple[str, str, str], space: str = RELATIONS) -> bytes:
    """A .rels part of (id, kind, target)."""
    inner = "".join(
        f'<Relationship Id="{one}" Type="{space}/{kind}" Target="{target}"/>'
        for one, kind, target in rows
    )
    return (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">{inner}</Relationships>'.encode()
    )


def content_types(**overrides: str) -> bytes:
    """The content types of the usual parts."""
    rows = {
        "xl/workbook.xml": f"{SHEET_TYPE}.sheet.main+xml",
        "xl/worksheets/sheet1.xml": f"{SHEET_TYPE}.worksheet+xml",
        "xl/worksheets/sheet2.xml": f"{SHEET_TYPE}.worksheet+xml",
        "xl/styles.xml": f"{SHEET_TYPE}.styles+xml",
        "xl/sharedStrings.xml": f"{SHEET_TYPE}.sharedStrings+xml",
        **overrides,
    }
    inner = "".join(f'<Override PartName="/{p}" ContentType="{t}"/>' for p, t in rows.items() if t)
    return (
        f'{DECLARATION}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    ).encode()


def sheet(rows: str = "", *, before: str = "", after: str = "") -> bytes:
    """A worksheet part of these rows."""
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


def workbook(inner: str = "", *, sheets: str = "", before: str = "") -> bytes:
    """The workbook part with its two sheets, 台账 and 结果."""
    listed = sheets or (
        '<sheet name="台账" sheetId="3" r:id="rId1"/><sheet name="结果" sheetId="7" r:id="rId2"/>'
    )
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheets>{listed}</sheets>{inner}</workbook>"
    ).encode()


LEDGER = sheet(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1.5</v></c></row>'
    '<row r="2"><c r="A2"><f>B1*2</f><v>3</v></c></row>'
)
OLD_RESULT = sheet('<row r="1"><c r="A1"><v>9</v></c></row>')
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/>'
    '<name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/>'
    '</fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border>'
    "<left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count='1'>"
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
).encode()
STRINGS = (
    f'{DECLARATION}<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>项目</t></si></sst>'
).encode()
ROOT_RELATIONS = relations(("rId1", "officeDocument", "xl/workbook.xml"))
BOOK_RELATIONS = relations(
    ("rId1", "worksheet", "worksheets/sheet1.xml"),
    ("rId2", "worksheet", "worksheets/sheet2.xml"),
    ("rId3", "styles", "styles.xml"),
    ("rId4", "sharedStrings", "sharedStrings.xml"),
)


def parts(**changed: bytes | None) -> Parts:
    """A small sound workbook; `changed` gives parts by a short name, None takes one out."""
    named: dict[str, tuple[str, bytes]] = {
        "types": ("[Content_Types].xml", content_types()),
        "root": ("_rels/.rels", ROOT_RELATIONS),
        "workbook": ("xl/workbook.xml", workbook()),
        "relations": ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        "ledger": ("xl/worksheets/sheet1.xml", LEDGER),
        "result": ("xl/worksheets/sheet2.xml", OLD_RESULT),
        "styles": ("xl/styles.xml", STYLES),
        "strings": ("xl/sharedStrings.xml", STRINGS),
        "picture": ("xl/media/image1.png", bytes(range(256)) * 8),
    }
    assert changed.keys() <= named.keys(), changed.keys() - named.keys()
    chosen = {short: (name, changed.get(short, body)) for short, (name, body) in named.items()}
    return {name: body for name, body in chosen.values() if body is not None}


def renamed(book: Parts, names: Mapping[str, str]) -> Parts:
    """The same parts under other member names."""
    return {names.get(name, name): body for name, body in book.items()}


@dataclass(frozen=True, slots=True)
class Layout:
    """How members lie in the zip file."""

    order: int = 0  # 0 keeps the order, else the seed of a shuffle
    stored: bool = False
    streamed: bool = False  # data descriptors, as a writer to a pipe makes them
    wide: bool = False  # zip64 fields
    comment: bytes = b""
    folders: bool = False


class _Pipe(io.RawIOBase):
    """A file that cannot seek, so that zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.data += data
        return len(data)


def packed(book: Parts, layout: Layout | None = None) -> bytes:
    """The parts as a zip file in that layout."""
    layout = layout or Layout()
    names = list(book)
    if layout.order:
        random.Random(layout.order).shuffle(names)  # noqa: S311 - a layout, not a secret
    sink = _Pipe() if layout.streamed else io.BytesIO()
    method = zipfile.ZIP_STORED if layout.stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(sink, "w", method) as out:
        out.comment = layout.comment
        if layout.folders:
            out.writestr(zipfile.ZipInfo("xl/"), b"")
        for place, name in enumerate(names):
            info = zipfile.ZipInfo(name, (2021, 7, 10, 8, place % 60, 0))
            info.compress_type = method
            info.extra = b"\x99\x99\x04\x00abcd" if place % 2 else b""
            with out.open(info, "w", force_zip64=layout.wide) as member:
                member.write(book[name])
    return bytes(sink.data) if isinstance(sink, _Pipe) else sink.getvalue()


def raw_members(data: bytes) -> dict[str, bytes]:
    """The compressed bytes of every member, read without any code of the product."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for info in book.infolist():
            name_length, extra_length = struct.unpack_from("<2H", data, info.header_offset + 26)
            start = info.header_offset + 30 + name_length + extra_length
            found[info.orig_filename] = data[start : start + info.compress_size]
    return found


def contents(data: bytes) -> dict[str, bytes]:
    """The content of every member."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {info.orig_filename: book.read(info) for info in book.infolist()}


def prefixed(part: bytes, prefix: str = "x") -> bytes:
    """The same part with its main namespace under a prefix."""
    head, _, body = part.decode().partition("?>\n")
    body = re.sub(r"(</?)(?=\w)", rf"\1{prefix}:", body)
    spaced = body.replace(f'xmlns="{MAIN}"', f'xmlns:{prefix}="{MAIN}"')
    return f"{head}?>\n{spaced}".encode()


def strict(part: bytes) -> bytes:
    """The same part in the strict namespaces."""
    text = part.replace(MAIN.encode(), STRICT_MAIN.encode())
    return text.replace(RELATIONS.encode(), STRICT_RELATIONS.encode())


def utf16(part: bytes, codec: str = "utf-16-le", *, mark: bool = True) -> bytes:
    """The same part in UTF-16, with or without a byte order mark."""
    text = part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return ("\ufeff" * mark + text).encode(codec)


def _all(change: Callable[[bytes], bytes]) -> Parts:
    return {
        name: change(body) if name.startswith("xl/") and name.endswith(".xml") else body
        for name, body in parts().items()
    }


def _elsewhere() -> Parts:
    moved = {name: name.replace("xl/", "book/") for name in parts()}
    book = renamed(parts(root=relations(("rId1", "officeDocument", "/book/workbook.xml"))), moved)
    book["[Content_Types].xml"] = book["[Content_Types].xml"].replace(b"/xl/", b"/book/")
    return book


_ABSOLUTE = BOOK_RELATIONS.replace(b'Target="', b'Target="/xl/')
_BACKSLASHED = BOOK_RELATIONS.replace(b"worksheets/", b"worksheets\\")
_DANGLING = BOOK_RELATIONS.replace(
    b"</Relationships>",
    f'<Relationship Id="rId9" Type="{RELATIONS}/worksheet" Target="worksheets/sheet3.xml"/>'
    f'<Relationship Id="rId5" Type="{RELATIONS}/calcChain" Target="calcChain.xml"/>'
    "</Relationships>".encode(),
)
_NO_STYLES = BOOK_RELATIONS.replace(b'Id="rId3" Type', b'Id="gone" TargetMode="External" Type')
_EMPTY_STYLES = f'{DECLARATION}<styleSheet xmlns="{MAIN}"/>'.encode()
_COMMENTED = sheet('<row r="1"><c r="A1"><v>1</v></c></row><!-- </sheetData> -->')
_UNSORTED = sheet('<row><c><v>1</v></c><c t="inlineStr"><is><t>x</t></is></c></row>')

# Odd but sound: each must take sheets, keep all else, and give the same bytes the second time.
ODD: dict[str, Parts] = {
    "plain": parts(),
    "prefixed main namespace": _all(prefixed),
    "strict": _all(strict)
    | {
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS.replace(
            RELATIONS.encode(), STRICT_RELATIONS.encode()
        )
    },
    "UTF-16 little-endian": _all(utf16),
    "UTF-16 big-endian without mark": _all(lambda part: utf16(part, "utf-16-be", mark=False)),
    "UTF-8 with mark": _all(lambda part: b"\xef\xbb\xbf" + part),
    "Latin-1": _all(
        lambda part: part.replace(b'"UTF-8"', b'"ISO-8859-1"') if part.isascii() else part
    ),
    "absolute targets": parts(relations=_ABSOLUTE),
    "backslashes in targets": parts(relations=_BACKSLASHED),
    "backslashes in member names": renamed(
        parts(), {"xl/worksheets/sheet1.xml": "xl\\worksheets\\sheet1.xml"}
    ),
    "odd case in member names": renamed(parts(), {"xl/workbook.xml": "xl/Workbook.XML"}),
    "workbook part elsewhere": _elsewhere(),
    "no styles": parts(
        styles=None, relations=_NO_STYLES, types=content_types(**{"xl/styles.xml": ""})
    ),
    "empty styles": parts(styles=_EMPTY_STYLES),
    "no shared strings": parts(strings=None, ledger=OLD_RESULT),
    "dangling relationships": parts(relations=_DANGLING),
    "cells without addresses": parts(ledger=_UNSORTED, result=_UNSORTED),
    "comment in the rows": parts(result=_COMMENTED),
    "empty rows element": parts(
        result=OLD_RESULT.replace(b"<sheetData>", b"<sheetData/><!--").replace(
            b"</sheetData>", b"-->"
        )
    ),
    "single quotes and spaces in tags": parts(
        workbook=workbook().replace(b'name="\xe5\x8f\xb0', b'\n name =  "\xe5\x8f\xb0')
    ),
    "dates from 1904": parts(workbook=workbook(before='<workbookPr date1904="1"/>')),
    "very hidden result": parts(
        workbook=workbook().replace(b'sheetId="7"', b'sheetId="7" state="veryHidden"')
    ),
    "names that refer to deleted sheets": parts(
        workbook=workbook(
            "<definedNames><definedName name='x'>#REF!$A$1</definedName></definedNames>"
        )
    ),
    "protected structure, result there": parts(
        workbook=workbook(before='<workbookProtection lockStructure="1"/>')
    ),
    "protected sheet": parts(
        result=sheet('<row r="1"/>', after='<sheetProtection sheet="1" objects="1"/>')
    ),
}

LAYOUTS: dict[str, Layout] = {
    "plain": Layout(),
    "stored": Layout(stored=True),
    "data descriptors": Layout(streamed=True),
    "zip64": Layout(wide=True),
    "zip64 with descriptors": Layout(wide=True, streamed=True),
    "any order": Layout(order=5),
    "a comment": Layout(comment="台账".encode()),
    "folders": Layout(folders=True),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that must be refused with `code` when 结果 (or `wanted`) is to be written."""

    code: str
    data: Callable[[], bytes]
    name: str = "任务.xlsx"
    wanted: str = "结果"


def _ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "".join(streams).encode("utf-16-le")


def _corrupt(name: str, *, at: int = -3) -> bytes:
    """A sound file in which one byte of a member's content is wrong."""
    data = bytearray(packed(parts(), Layout(stored=True)))
    body = parts()[name]
    start = bytes(data).index(body)
    data[start + at % len(body)] ^= 0x20
    return bytes(data)


def _twice(*names: str) -> bytes:
    data = io.BytesIO(packed(parts()))
    with zipfile.ZipFile(data, "a") as book:
        for name in names:
            book.writestr(zipfile.ZipInfo(name), b"<x/>")
    return data.getvalue()


def _bomb() -> bytes:
    """A member that says it unpacks to almost 2 GB."""
    data = packed(parts() | {"xl/media/big.bin": b"\0" * 5_000_000})
    head = data.index(b"xl/media/big.bin", data.index(b"PK\x01\x02")) - 46
    wrong = bytearray(data)
    struct.pack_into("<L", wrong, head + 24, 2_000_000_000)
    return bytes(wrong)


def _liar() -> bytes:
    """A member that unpacks to more than its directory says."""
    data = packed(parts() | {"xl/media/big.bin": b"\0" * 5_000_000})
    head = data.index(b"xl/media/big.bin", data.index(b"PK\x01\x02")) - 46
    wrong = bytearray(data)
    struct.pack_into("<L", wrong, head + 24, 4_000)
    return bytes(wrong)


def _overlapping() -> bytes:
    """Two directory entries that share one member's bytes."""
    data = packed(parts())
    start = data.index(b"PK\x01\x02")
    count = len(parts())
    length = (
        46
        + struct.unpack_from("<H", data, start + 28)[0]
        + struct.unpack_from("<H", data, start + 30)[0]
    )
    again = bytearray(data[start : start + length])
    again[46:50] = b"[Tes"
    end = data.rindex(b"PK\x05\x06")
    record = bytearray(data[end:])
    size = struct.unpack_from("<L", record, 12)[0]
    struct.pack_into("<2HL", record, 8, count + 1, count + 1, size + length)
    return data[:end] + bytes(again) + bytes(record)


def _encrypted_member() -> bytes:
    data = bytearray(packed(parts()))
    head = data.index(b"PK\x01\x02")
    data[head + 8] |= 1
    return bytes(data)


def _with_dtd(part: bytes) -> bytes:
    return part.replace(b"?>\n", b"?>\n" + DTD.encode(), 1)


def _book(**changed: bytes | None) -> Callable[[], bytes]:
    return lambda: packed(parts(**changed))


def _hung(kind: str, target: str, extra: Parts) -> Callable[[], bytes]:
    """A book whose result sheet has something hanging on it."""
    rels = {"xl/worksheets/_rels/sheet2.xml.rels": relations(("rId1", kind, target))}
    return lambda: packed(parts() | rels | extra)


_SHARED = BOOK_RELATIONS.replace(
    b"</Relationships>",
    f'<Relationship Id="r" Type="{RELATIONS}/revisionHeaders" Target="r.xml"/>'.encode()
    + b"</Relationships>",
)
_TABLE = (
    f'<table xmlns="{MAIN}" id="1" name="t" displayName="t" ref="A1:B3"><tableColumns count="2">'
    '<tableColumn id="1" name="甲"/><tableColumn id="2" name="乙"/></tableColumns></table>'
).encode()
_PADDED = parts() | {f"xl/media/{n}.bin": b"" for n in range(20_001)}
_SHEET2 = b"worksheets/sheet2.xml"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_DOCUMENT: Parts = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": (
        f'<o:document-content xmlns:o="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0">'
        '<o:body><o:spreadsheet><table:table table:name="台账"/></o:spreadsheet></o:body>'
        "</o:document-content>"
    ).encode(),
    "META-INF/manifest.xml": b"<m/>",
}
_SEALED = {"META-INF/manifest.xml": b"<m><encryption-data/></m>"}


def _other_kind(kind: str) -> Callable[[], bytes]:
    changed = BOOK_RELATIONS.replace(
        b'worksheet" Target="' + _SHEET2, f'{kind}" Target="'.encode() + _SHEET2
    )
    return _book(relations=changed)


# The fault list: file → the code of the one line that the user gets; the file stays as it was.
FAULTS: dict[str, Fault] = {
    "password-protected": Fault("XP003", lambda: _ole("EncryptedPackage", "EncryptionInfo")),
    "rights management": Fault("XP704", lambda: _ole("EncryptedPackage", "DRMEncryptedTransform")),
    "xls named xlsx": Fault("XP017", lambda: _ole("Workbook")),
    "a Word file of old": Fault("XP002", lambda: _ole("WordDocument")),
    "a real xls": Fault("XP017", lambda: _ole("Workbook"), name="任务.xls"),
    "html named xlsx": Fault("XP002", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    "csv named xlsx": Fault("XP002", lambda: "单位,数\n甲,1\n".encode("gbk")),
    "xml named xlsx": Fault("XP002", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "zero bytes": Fault("XP002", lambda: b""),
    "truncated": Fault("XP004", lambda: packed(parts())[:-300]),
    "truncated in the middle": Fault("XP004", lambda: packed(parts())[:900]),
    "a byte in front is missing": Fault("XP002", lambda: packed(parts())[1:]),
    "bad checksum in a part we change": Fault("XP004", lambda: _corrupt("xl/styles.xml")),
    "bad checksum in an untouched part": Fault("XP004", lambda: _corrupt("xl/media/image1.png")),
    "no content types": Fault("XP004", _book(types=None)),
    "a zip of something else": Fault("XP002", lambda: packed({"a.txt": b"x"})),
    "a Word file": Fault("XP002", lambda: packed(parts() | {"word/document.xml": b"<a/>"})),
    "xlsb": Fault("XP017", lambda: write_xlsb(io.BytesIO(), "台账", [[1]]).getvalue()),
    "ods": Fault("XP017", lambda: packed(OPEN_DOCUMENT), name="任务.ods"),
    "encrypted ods": Fault("XP003", lambda: packed(OPEN_DOCUMENT | _SEALED), name="任务.ods"),
    "no workbook part": Fault("XP004", _book(workbook=None)),
    "no relationships": Fault("XP004", _book(relations=None)),
    "no root relationships": Fault("XP004", _book(root=None)),
    "two members of one name": Fault("XP008", lambda: _twice("xl/Styles.xml")),
    "two members that differ by slash": Fault("XP008", lambda: _twice("xl\\styles.xml")),
    "a name that climbs out": Fault("XP008", lambda: _twice("xl/../../../etc/passwd")),
    "an absolute name": Fault("XP008", lambda: _twice("/etc/passwd")),
    "a drive in a name": Fault("XP008", lambda: _twice("C:\\x.xml")),
    "zip bomb": Fault("XP008", _bomb),
    "a member that lies about its size": Fault("XP008", _liar),
    "overlapping members": Fault("XP008", _overlapping),
    "too many members": Fault("XP008", lambda: packed(_PADDED)),
    "encrypted members": Fault("XP003", _encrypted_member),
    "entity bomb in the workbook": Fault("XP008", _book(workbook=_with_dtd(workbook()))),
    "entity bomb in the content types": Fault("XP008", _book(types=_with_dtd(content_types()))),
    "entity bomb in the strings": Fault("XP008", _book(strings=_with_dtd(STRINGS))),
    "entity bomb in UTF-16": Fault("XP008", _book(strings=utf16(_with_dtd(STRINGS)))),
    "entity bomb in the result sheet": Fault("XP008", _book(result=_with_dtd(OLD_RESULT))),
    "broken workbook XML": Fault("XP004", _book(workbook=workbook()[:-20])),
    "broken styles XML": Fault("XP004", _book(styles=STYLES[:-5])),
    "broken result sheet": Fault("XP004", _book(result=OLD_RESULT[:-30])),
    "result sheet without rows element": Fault(
        "XP004", _book(result=OLD_RESULT.replace(b"sheetData", b"sheetDate"))
    ),
    "an encoding nobody knows": Fault(
        "XP004", _book(workbook=workbook().replace(b'"UTF-8"', b'"x-nothing"'))
    ),
    "an encoding that expat cannot read": Fault(
        "XP004",
        _book(styles=STYLES.replace(b'"UTF-8"', b'"GBK"').decode().encode("gbk")),
    ),
    "nested without end": Fault(
        "XP004", _book(workbook=workbook("<extLst>" * 300 + "</extLst>" * 300))
    ),
    "an unknown main namespace": Fault(
        "XP002", _book(workbook=workbook().replace(b"spreadsheetml/2006", b"spreadsheetml/2099"))
    ),
    "a result sheet of an unknown kind": Fault(
        "XP701", _book(result=OLD_RESULT.replace(b"spreadsheetml/2006", b"spreadsheetml/2099"))
    ),
    "missing result part": Fault("XP004", _book(result=None)),
    "signed": Fault("XP703", lambda: packed(parts() | {"_xmlsignatures/sig1.xml": b"<a/>"})),
    "shared in the old way": Fault(
        "XP705",
        _book(relations=_SHARED),
    ),
    "protected structure, new sheet": Fault(
        "XP706",
        _book(workbook=workbook(before='<workbookProtection lockStructure="true"/>')),
        wanted="诊断",
    ),
    "the name belongs to a chart sheet": Fault("XP707", _other_kind("chartsheet")),
    "the name belongs to a dialog sheet": Fault("XP707", _other_kind("dialogsheet")),
    "the name belongs to a macro sheet": Fault("XP707", _other_kind("xlMacrosheet")),
    "a table on the result sheet": Fault(
        "XP708", _hung("table", "../tables/table1.xml", {"xl/tables/table1.xml": _TABLE})
    ),
    "a pivot table on the result sheet": Fault(
        "XP708", _hung("pivotTable", "../pivotTables/p1.xml", {"xl/pivotTables/p1.xml": b"<a/>"})
    ),
    "a name of 32 characters": Fault("XP709", _book(), wanted="表" * 32),
    "a name with a slash": Fault("XP709", _book(), wanted="一/二"),
    "a name with brackets": Fault("XP709", _book(), wanted="[一]"),
    "a name in quotes": Fault("XP709", _book(), wanted="'一'"),
    "an empty name": Fault("XP709", _book(), wanted=" "),
    "a reserved name": Fault("XP709", _book(), wanted="History"),
    "half a character as a name": Fault("XP709", _book(), wanted="\ud800"),
}
