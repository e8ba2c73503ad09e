"""What must hold of a book of others that took a sheet of ours, seen without our own code."""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element, fromstring

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
from support.zips import raw_members

from xlplan.package import CellEdit
from xlplan.package.splice import splice
from xlplan.sheets.description import (
    Area,
    Block,
    BlockColumn,
    CellSpec,
    DataBar,
    DropDown,
    Highlight,
    Print,
    Sheet,
    Style,
)

HEAD = Style(bold=True, fill="DDEBF7", border="thin", horizontal="center")
DAY = Style(number_format="yyyy-mm-dd")
ROWS = 30


def sheet(name: str) -> Sheet:
    numbers = tuple(n + 0.25 for n in range(ROWS))
    columns = (
        BlockColumn([f"单位{n}" for n in range(ROWS)]),
        BlockColumn(numbers, Style(number_format="#,##0.00")),
        BlockColumn([2 * n for n in numbers], formula="B{r}*2"),
        BlockColumn([date(2021, 9, 1 + n % 30) for n in range(ROWS)], DAY),
    )
    return Sheet(
        name,
        cells=tuple(CellSpec(1, at, text, HEAD) for at, text in enumerate("单数倍日", 1)),
        blocks=(Block(2, 1, columns),),
        merges=(Area(ROWS + 3, 1, ROWS + 3, 4),),
        widths={1: 18.0, 2: 12.0},
        freeze=(2, 2),
        drop_downs=(DropDown(Area(2, 1, ROWS + 1, 1), ("甲", "乙")),),
        data_bars=(DataBar(Area(2, 2, ROWS + 1, 2)),),
        highlights=(Highlight(Area(2, 1, ROWS + 1, 4), "$B2>20", color="C00000"),),
        print=Print(title_rows=(1, 1)),
    )


def spliced(data: bytes, *sheets: Sheet) -> bytes:
    out = io.BytesIO()
    splice(data, sheets, out)
    return out.getvalue()


def edited(data: bytes, edits: Sequence[CellEdit]) -> bytes:
    out = io.BytesIO()
    splice(data, (), out, edits)
    return out.getvalue()


def worksheets(data: bytes) -> list[str]:
    """The names of a book's ordinary sheets, as calamine knows them."""
    try:
        metadata = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheets_metadata
    except CalamineError:
        return []
    return [found.name for found in metadata if found.typ == SheetTypeEnum.WorkSheet]


def part_names(data: bytes) -> dict[str, str]:
    """The part of every sheet by its name, read without any code of the product."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        rels = fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - the corpus
        sheets = fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - the corpus
    targets = {one.get("Id"): one.get("Target", "").removeprefix("/xl/") for one in rels}
    found = {}
    for one in sheets.iter():
        if one.tag.endswith("}sheet"):
            relation = next((value for key, value in one.items() if key.endswith("}id")), "")
            found[str(one.get("name"))] = f"xl/{targets.get(relation, '')}"
    return found


def changed_members(before: bytes, after: bytes) -> set[str]:
    old, new = raw_members(before), raw_members(after)
    return {name for name in old if old[name] != new.get(name)}


MAY_CHANGE = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/calcChain.xml",
}


def opens_in_openpyxl(data: bytes) -> bool:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl says about others' features
            openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - whatever stops openpyxl is an answer
        return False
    return True


def check_values(data: bytes, name: str) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    assert rows[0][:4] == list("单数倍日")
    for n in range(ROWS):
        assert rows[n + 1][:4] == [f"单位{n}", n + 0.25, 2 * n + 0.5, date(2021, 9, 1 + n % 30)]


def check(before: bytes, after: bytes, name: str, own: set[str]) -> None:
    """Everything that must hold of a book that got the sheet `name`."""
    assert changed_members(before, after) <= MAY_CHANGE | own
    assert zipfile.ZipFile(io.BytesIO(after)).testzip() is None
    check_values(after, name)
    assert opens_in_openpyxl(after) or not opens_in_openpyxl(before)
    assert spliced(after, sheet(name)) == after


KEPT = ("drawing", "legacyDrawing", "controls", "tableParts", "pageSetup", "headerFooter", "extLst")


def check_hanging(before: bytes, after: bytes, part: str) -> None:
    """What hangs on a sheet is still there, attribute for attribute."""

    def hanging(data: bytes) -> list[tuple[str, dict[str, str], int]]:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            root = fromstring(book.read(part))  # noqa: S314
        return [
            (one.tag, one.attrib, len(list(one.iter())))
            for one in root
            if one.tag.partition("}")[2] in (*KEPT, "AlternateContent")
        ]

    assert hanging(after) == hanging(before)


def check_consistent(data: bytes) -> None:
    """Every relationship leads to a part, every id and every style number means something."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    links = {name: relations(name, body) for name, body in parts.items() if name.endswith(".rels")}
    missing = {target for found in links.values() for target in found.values()} - parts.keys()
    assert not {target for target in missing if target}
    styles = fromstring(parts["xl/styles.xml"])  # noqa: S314 - a book that the test made
    lengths = {local(one): len(one) for one in styles}
    counts = {local(one): int(one.get("count", len(one))) for one in styles}
    assert counts == lengths
    for name, body in parts.items():
        if re.search(r"worksheets/[^/]+\.xml$", name):
            folder, _, file = name.rpartition("/")
            check_sheet(body, links.get(f"{folder}/_rels/{file}.rels", {}), lengths)


def check_sheet(body: bytes, links: dict[str, str], lengths: dict[str, int]) -> None:
    """The numbers and ids that a sheet part uses are there."""
    for one in fromstring(body).iter():  # noqa: S314
        ids = {value for key, value in one.items() if "relationships}" in key}
        assert ids <= links.keys()
        if local(one) in {"c", "row"}:
            assert int(one.get("s", "0")) < lengths["cellXfs"]
        if local(one) == "cfRule":
            assert int(one.get("dxfId", "-1")) < lengths.get("dxfs", 0)


def relations(name: str, body: bytes) -> dict[str, str]:
    """Of a .rels part, id → target part, "" for what lies outside."""
    folder = dirname(dirname(name))
    return {
        one.get("Id", ""): ""
        if one.get("TargetMode") == "External"
        else normpath(join("/", folder, one.get("Target", ""))).lstrip("/")
        for one in fromstring(body)  # noqa: S314
    }


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]
