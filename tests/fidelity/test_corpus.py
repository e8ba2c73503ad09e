"""Real workbooks of others: sheets go in, every other part stays byte for byte as it was."""

import io
import warnings
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
from support.office import recalculated
from support.zips import raw_members

from xlplan.diagnostics import RequestError
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

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.xls[xm]"))
ABSENT = "the corpus of real workbooks is not here"
HEAD = Style(bold=True, fill="DDEBF7", border="thin", horizontal="center")
DAY = Style(number_format="yyyy-mm-dd")
ROWS = 30

pytestmark = pytest.mark.skipif(not FILES, reason=ABSENT)
each_of_some = pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.name.startswith(("01-", "13-", "23-"))] or [CORPUS],
    ids=lambda path: path.name,
)
each_file = pytest.mark.parametrize("path", FILES or [CORPUS], ids=lambda path: path.name)


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
            relation = next(value for key, value in one.items() if key.endswith("}id"))
            found[str(one.get("name"))] = f"xl/{targets[relation]}"
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


@each_file
def test_a_sheet_is_added_and_nothing_else_changes(path):
    data = path.read_bytes()
    try:
        after = spliced(data, sheet("结果"))
    except RequestError as refusal:
        assert refusal.kind.code in {"XP705", "XP706"}  # noqa: PT017 - shared or protected books
        return
    check(data, after, "结果", set())
    assert len(raw_members(after)) - len(raw_members(data)) in {1, 2}


@each_file
def test_each_existing_sheet_is_replaced_and_nothing_else_changes(path):
    data = path.read_bytes()
    parts = part_names(data)
    for name in worksheets(data)[:3]:
        try:
            after = spliced(data, sheet(name))
        except RequestError as refusal:
            assert refusal.kind.code in {"XP705", "XP708"}  # noqa: PT017 - shared; tables, pivots
            continue
        check(data, after, name, {parts[name]})
        check_hanging(data, after, parts[name])


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


def test_the_corpus_is_mostly_written_and_not_refused():
    written = 0
    for path in FILES:
        try:
            spliced(path.read_bytes(), sheet("结果"))
        except RequestError:
            continue
        written += 1
    assert written >= len(FILES) - 1


@pytest.mark.office
@each_of_some
def test_libreoffice_shows_the_added_sheet_and_the_old_ones_as_before(path, tmp_path):
    before, after = tmp_path / "前.xlsx", tmp_path / "后.xlsx"
    before.write_bytes(path.read_bytes())
    after.write_bytes(spliced(path.read_bytes(), sheet("结果")))
    shown = recalculated(after).read_bytes()
    check_values(shown, "结果")
    old, new = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        for data in (recalculated(before).read_bytes(), shown)
    )
    for name in old.sheet_names:
        assert new.get_sheet_by_name(name).to_python() == old.get_sheet_by_name(name).to_python()


# A book with every feature that XlsxWriter knows how to make


def rich_book() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    data, results = book.add_worksheet("数据"), book.add_worksheet("结果")
    data.write_column("A1", [1, 2, 3, 4])
    data.write_dynamic_array_formula("C1", "=SORT(A1:A4)", None, 1)
    data.add_table("E1:F4", {"name": "表一"})
    data.add_sparkline("B1", {"range": "数据!A1:A4"})
    data.conditional_format("A1:A4", {"type": "data_bar", "data_bar_2010": True})
    data.data_validation("A1:A4", {"validate": "integer", "criteria": ">", "value": 0})
    data.insert_textbox("H1", "说明")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=结果!$B$2:$B$9", "categories": "=结果!$A$2:$A$9"})
    results.insert_chart("H2", chart)
    results.write_comment("A1", "批注")
    results.insert_button("H20", {"macro": "go", "caption": "重算"})
    results.conditional_format("J1:J9", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    results.conditional_format("K1:K9", {"type": "data_bar", "data_bar_2010": True})
    results.set_header("&C机密")
    results.protect("x")
    results.set_background(io.BytesIO(PNG))
    book.define_name("合计", "=结果!$B$2")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "=数据!$A$1:$A$4"})
    book.add_chartsheet("图").set_chart(pie)
    book.close()
    return out.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_book_with_every_feature_keeps_them_all():
    data = rich_book()
    after = spliced(data, sheet("结果"), sheet("诊断"))
    check(data, after, "结果", {"xl/worksheets/sheet2.xml"})
    check_hanging(data, after, "xl/worksheets/sheet2.xml")
    check_values(after, "诊断")
    again = spliced(after, replace(sheet("结果"), data_bars=()), sheet("诊断"))
    assert changed_members(after, again) <= {"xl/worksheets/sheet2.xml"}


def test_a_chart_sheets_name_is_refused():
    with pytest.raises(RequestError, match="图表工作表"):
        spliced(rich_book(), sheet("图"))
