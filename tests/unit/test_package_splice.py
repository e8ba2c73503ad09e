import io
import re
import zipfile
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support.zips import (
    BOOK_RELATIONS,
    LAYOUTS,
    MAIN,
    ODD,
    RELATIONS,
    SHEET_TYPE,
    Layout,
    content_types,
    contents,
    packed,
    parts,
    raw_members,
    relations,
    sheet,
    workbook,
)

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

SHARED = {"[Content_Types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml"}


def result(name: str = "结果", rows: int = 3, **more: object) -> Sheet:
    """A sheet with one of everything that a result sheet may hold."""
    block = Block(
        2,
        1,
        (
            BlockColumn([f"单位{n}" for n in range(rows)]),
            BlockColumn([n + 0.5 for n in range(rows)], formula="C{r}/2"),
            BlockColumn([2 * n + 1 for n in range(rows)], style=Style(number_format="0.00")),
        ),
    )
    described: dict[str, object] = {
        "cells": (
            CellSpec(1, 1, "单位", Style(bold=True)),
            CellSpec(1, 2, "半"),
            CellSpec(1, 3, "全"),
        ),
        "blocks": (block,),
        "merges": (Area(rows + 3, 1, rows + 3, 3),),
        "widths": {1: 20.0},
        "freeze": (2, 1),
        "filter": Area(1, 1, rows + 1, 3),
        "drop_downs": (DropDown(Area(2, 1, rows + 1, 1), ("甲", "乙")),),
        "data_bars": (DataBar(Area(2, 2, rows + 1, 2)),),
        "highlights": (Highlight(Area(2, 1, rows + 1, 3), "$C2>3", color="FF0000"),),
        "print": Print(title_rows=(1, 1)),
    }
    return Sheet(name, **(described | more))  # type: ignore[arg-type]


def spliced(data: bytes, *sheets: Sheet) -> bytes:
    out = io.BytesIO()
    splice(data, sheets, out)
    return out.getvalue()


def values(data: bytes, name: str = "结果") -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


def part(data: bytes, name: str) -> str:
    return contents(data)[name].decode()


def new_parts(before: bytes, after: bytes) -> set[str]:
    return contents(after).keys() - contents(before).keys()


def is_ours(name: str) -> bool:
    last = name.replace("\\", "/").rpartition("/")[2].lower()
    return last in {one.lower() for one in SHARED} or last == "sheet2.xml"


@pytest.mark.parametrize("book", ODD.values(), ids=ODD.keys())
def test_an_odd_book_takes_its_sheets_and_keeps_every_other_byte(book):
    data = packed(book)
    locked = b"lockStructure" in b"".join(book.values())
    sheets = [result()] if locked else [result(), result("诊断")]
    once = spliced(data, *sheets)
    before, after = raw_members(data), raw_members(once)
    assert {
        name for name in before if before[name] != after.get(name) and not is_ours(name)
    } == set()
    assert zipfile.ZipFile(io.BytesIO(once)).testzip() is None
    assert spliced(once, *sheets) == once


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_any_layout_of_the_zip_file_is_kept(layout):
    data = packed(parts(), layout)
    once = spliced(data, result(), result("诊断"))
    assert values(once)[1] == ["单位0", 0.5, 1.0]
    assert spliced(once, result(), result("诊断")) == once
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(once)) as new:
        assert new.comment == old.comment
        assert new.namelist() == [*old.namelist(), "xl/worksheets/sheet3.xml"]


NOT_READ_BY_CALAMINE = ("UTF-16", "Latin-1", "backslashes in t")
READ_BY_CALAMINE = [name for name in ODD if not name.startswith(NOT_READ_BY_CALAMINE)]


@pytest.mark.parametrize("name", READ_BY_CALAMINE)
def test_an_odd_book_shows_the_new_values(name):
    assert values(spliced(packed(ODD[name]), result()))[1] == ["单位0", 0.5, 1.0]


def test_a_new_sheet_goes_last_and_disturbs_no_number():
    book = workbook(
        '<definedNames><definedName name="甲" localSheetId="1">结果!$A$1</definedName>'
        '</definedNames><calcPr calcId="191029"/>'
    )
    once = spliced(packed(parts(workbook=book)), result("诊断"))
    text = part(once, "xl/workbook.xml")
    assert re.findall(r'<sheet [^>]*name="([^"]+)" sheetId="(\d+)"', text) == [
        ("台账", "3"),
        ("结果", "7"),
        ("诊断", "8"),
    ]
    assert '<definedName name="甲" localSheetId="1">结果!$A$1</definedName>' in text
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="2">' in text


def test_a_name_is_found_whatever_its_case_and_keeps_its_own():
    book = workbook().replace("结果".encode(), b"Result")
    out = io.BytesIO()
    told = splice(packed(parts(workbook=book)), [result("RESULT")], out)
    assert (told.added, told.replaced) == ((), ("Result",))


def test_a_dangling_part_name_or_id_is_never_taken():
    dangling = BOOK_RELATIONS.replace(
        b"</Relationships>",
        f'<Relationship Id="rId12" Type="{RELATIONS}/worksheet" Target="worksheets/sheet41.xml"/>'
        "</Relationships>".encode(),
    )
    stale = content_types(**{"xl/worksheets/sheet77.xml": f"{SHEET_TYPE}.worksheet+xml"})
    data = packed(parts(relations=dangling, types=stale))
    once = spliced(data, result("诊断"))
    assert new_parts(data, once) == {"xl/worksheets/sheet78.xml"}
    assert 'Id="rId13"' in part(once, "xl/_rels/workbook.xml.rels")


def test_an_id_that_the_workbook_uses_without_a_relationship_is_never_taken():
    book = workbook('<extLst><ext uri="x" xmlns:r="r" r:id="rId5"/></extLst>')
    once = spliced(packed(parts(workbook=book)), result("诊断"))
    assert '<sheet name="诊断" sheetId="8" r:id="rId6"/>' in part(once, "xl/workbook.xml")


def test_the_last_sheet_id_that_excel_knows_is_not_exceeded():
    book = workbook().replace(b'sheetId="7"', b'sheetId="65534"')
    once = spliced(packed(parts(workbook=book)), result("诊断"))
    assert '<sheet name="诊断" sheetId="1"' in part(once, "xl/workbook.xml")


CHAIN = f'<calcChain xmlns="{MAIN}"><c r="A1" i="{{}}"/><c r="A2"/></calcChain>'


@pytest.mark.parametrize(("listed", "stays"), [("3", True), ("7", False)])
def test_the_calculation_chain_leaves_only_where_it_lists_replaced_formulas(listed, stays):
    linked = BOOK_RELATIONS.replace(
        b"</Relationships>",
        f'<Relationship Id="rId7" Type="{RELATIONS}/calcChain" Target="calcChain.xml"/>'
        "</Relationships>".encode(),
    )
    typed = content_types(**{"xl/calcChain.xml": f"{SHEET_TYPE}.calcChain+xml"})
    book = parts(relations=linked, types=typed)
    book["xl/calcChain.xml"] = CHAIN.format(listed).encode()
    once = spliced(packed(book), result())
    assert ("xl/calcChain.xml" in contents(once)) is stays
    assert ("calcChain" in part(once, "xl/_rels/workbook.xml.rels")) is stays
    assert ("calcChain" in part(once, "[Content_Types].xml")) is stays
    assert spliced(once, result()) == once


def test_excel_is_asked_to_calculate_only_where_other_sheets_have_formulas():
    assert '<calcPr fullCalcOnLoad="1"/>' in part(
        spliced(packed(parts()), result()), "xl/workbook.xml"
    )
    still = spliced(
        packed(parts(ledger=sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))), result()
    )
    assert "fullCalcOnLoad" not in part(still, "xl/workbook.xml")


def test_a_calculation_setting_of_the_clerk_stays():
    book = workbook('<calcPr calcMode="manual" fullCalcOnLoad="0" iterate="1"/>')
    text = part(spliced(packed(parts(workbook=book)), result()), "xl/workbook.xml")
    assert '<calcPr calcMode="manual" fullCalcOnLoad="1" iterate="1"/>' in text


HANGING = sheet(
    '<row r="1" hidden="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
    before='<sheetPr codeName="Sheet2"><tabColor rgb="FF00FF00"/></sheetPr>'
    '<dimension ref="A1:Z99"/><sheetViews><sheetView zoomScale="55" workbookViewId="0">'
    '<selection activeCell="B2" sqref="B2"/></sheetView></sheetViews>'
    '<cols><col min="1" max="3" width="5"/></cols>',
    after='<sheetProtection sheet="1"/><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'
    '<conditionalFormatting sqref="F1:F9"><cfRule type="expression" dxfId="0" priority="4">'
    '<formula>F1&gt;1</formula></cfRule></conditionalFormatting>'
    '<dataValidations count="1"><dataValidation type="list" sqref="F1"><formula1>"x,y"</formula1>'
    '</dataValidation></dataValidations><hyperlinks><hyperlink ref="A1" location="台账!A1"/>'
    '</hyperlinks><printOptions gridLines="1"/><pageMargins left="1" right="1" top="1" bottom="1"'
    ' header="0.5" footer="0.5"/><pageSetup paperSize="8" orientation="portrait" r:id="rId2"/>'
    '<headerFooter><oddFooter>&amp;C密</oddFooter></headerFooter><rowBreaks count="0"/>'
    '<drawing r:id="rId1"/><legacyDrawing r:id="rId3"/><extLst><ext uri="{05C60535}"/></extLst>',
)  # fmt: skip


def test_what_hangs_on_a_replaced_sheet_stays():
    rels = relations(
        ("rId1", "drawing", "../drawings/d.xml"),
        ("rId2", "printerSettings", "../printerSettings/p.bin"),
        ("rId3", "vmlDrawing", "../drawings/v.vml"),
    )
    book = parts(result=HANGING) | {"xl/worksheets/_rels/sheet2.xml.rels": rels}
    data = packed(book)
    once = spliced(data, result())
    text = part(once, "xl/worksheets/sheet2.xml")
    for kept in (
        '<sheetPr codeName="Sheet2"><tabColor rgb="FF00FF00"/></sheetPr>',
        '<sheetProtection sheet="1"/>',
        "<formula>F1&gt;1</formula>",
        '<formula1>"x,y"</formula1>',
        HANGING.decode()[HANGING.decode().index("<printOptions") :],
    ):
        assert kept in text
    for gone in ('hidden="1"', "1+1", "A1:Z99", 'width="5"', "A1:C1", "location="):
        assert gone not in text
    assert '<sheetView zoomScale="55" workbookViewId="0"><pane ' in text
    assert (
        raw_members(once)["xl/worksheets/_rels/sheet2.xml.rels"]
        == (raw_members(data)["xl/worksheets/_rels/sheet2.xml.rels"])
    )
    assert "Print_Titles" not in part(once, "xl/workbook.xml")
    assert spliced(once, result()) == once


def test_the_children_of_a_replaced_sheet_stand_in_the_schemas_order():
    from xlplan.package.render import ORDER

    text = part(spliced(packed(parts(result=HANGING)), result()), "xl/worksheets/sheet2.xml")
    found = [child.tag.partition("}")[2] for child in fromstring(text)]  # noqa: S314 - our own
    assert found == sorted(found, key=ORDER.index)


def test_our_formats_and_drop_downs_do_not_pile_up_when_rows_grow_and_shrink():
    data = packed(parts(result=HANGING))
    for rows in (3, 9, 2, 5):
        data = spliced(data, result(rows=rows))
        text = part(data, "xl/worksheets/sheet2.xml")
        assert text.count("<cfRule") == 1 + 2
        assert re.findall(r'<dataValidations count="(\d+)"', text) == ["2"]
        assert text.count("<dataValidation ") == 2
        assert sorted(re.findall(r'priority="(\d+)"', text)) == ["4", "5", "6"]


def test_a_filter_range_is_replaced_and_not_doubled():
    once = spliced(packed(parts()), result(rows=3))
    twice = spliced(once, result(rows=9))
    text = part(twice, "xl/workbook.xml")
    assert re.findall(r'_FilterDatabase"[^>]*>([^<]*)<', text) == ["'结果'!$A$1:$C$10"]
    assert part(twice, "xl/worksheets/sheet2.xml").count("<autoFilter") == 1


def test_print_titles_come_with_a_new_sheet_and_stay_as_the_clerk_changes_them():
    once = spliced(packed(parts()), result("诊断"))
    changed = contents(once)
    changed["xl/workbook.xml"] = changed["xl/workbook.xml"].replace(b"$1:$1", b"$1:$4")
    assert b"$1:$4" in changed["xl/workbook.xml"]
    again = spliced(packed(changed), result("诊断", rows=8))
    assert "$1:$4" in part(again, "xl/workbook.xml")


TABLE = (
    f'<table xmlns="{MAIN}" id="1" name="t" displayName="t" ref="A1:C4" totalsRowShown="0">'
    '<tableColumns count="3"><tableColumn id="1" name="单位"/><tableColumn id="2" name="半"/>'
    '<tableColumn id="3" name="{}"/></tableColumns></table>'
)


@pytest.mark.parametrize(("last", "code"), [("全", None), ("旧", "XP708")])
def test_a_table_on_the_result_sheet_must_keep_its_head(last, code):
    book = parts() | {
        "xl/worksheets/_rels/sheet2.xml.rels": relations(("rId1", "table", "../tables/t.xml")),
        "xl/tables/t.xml": TABLE.format(last).encode(),
    }
    wanted = result(filter=None, merges=())
    if code is None:
        assert values(spliced(packed(book), wanted))[0] == ["单位", "半", "全"]
        return
    with pytest.raises(RequestError) as refusal:
        spliced(packed(book), wanted)
    assert refusal.value.kind.code == code


def test_a_prefixed_book_gets_prefixed_elements():
    once = spliced(packed(ODD["prefixed main namespace"]), result(), result("诊断"))
    text = part(once, "xl/worksheets/sheet2.xml")
    assert "<x:sheetData><x:row" in text
    assert not re.search(r"<(?!x:|/x:|\?)", text)
    assert re.search(
        r'<x:sheet name="诊断" sheetId="8" [^>]*id="rId5"/>', part(once, "xl/workbook.xml")
    )


def test_a_strict_book_stays_strict():
    once = spliced(packed(ODD["strict"]), result("诊断"))
    new = contents(once)["xl/worksheets/sheet3.xml"]
    assert b"http://purl.oclc.org/ooxml/spreadsheetml/main" in new
    relation = part(once, "xl/_rels/workbook.xml.rels")
    assert relation.count("purl.oclc.org") == 5
    assert MAIN not in part(once, "xl/styles.xml")


def test_a_book_without_styles_gets_them_where_every_reader_looks():
    once = spliced(packed(ODD["no styles"]), result())
    assert "xl/styles.xml" in contents(once)
    assert 'Target="styles.xml"' in part(once, "xl/_rels/workbook.xml.rels")


def test_utf_16_parts_stay_utf_16():
    once = spliced(packed(ODD["UTF-16 little-endian"]), result())
    raw = contents(once)["xl/worksheets/sheet2.xml"]
    assert raw.startswith(b"\xff\xfe")
    assert "单位0" in raw.decode("utf-16")
    assert "<sheet " in contents(once)["xl/workbook.xml"].decode("utf-16")


def test_dates_of_a_1904_book_are_right():
    from datetime import date

    dated = Sheet(
        "结果", cells=(CellSpec(1, 1, date(2021, 9, 30), Style(number_format="yyyy-mm-dd")),)
    )
    assert values(spliced(packed(ODD["dates from 1904"]), dated)) == [[date(2021, 9, 30)]]


def test_many_empty_formatted_rows_are_skipped_without_being_kept():
    import resource
    import time

    rows = "".join(f'<row r="{n}" s="0" customFormat="1" spans="1:1"/>' for n in range(2, 500_002))
    data = packed(parts(result=sheet(rows)))
    del rows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    once = spliced(data, result())
    assert time.perf_counter() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000
    assert values(once)[1] == ["单位0", 0.5, 1.0]


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
)


@settings(max_examples=40, deadline=None)
@given(
    grid=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=6),
    odd=st.sampled_from(READ_BY_CALAMINE),
    order=st.integers(0, 99),
    streamed=st.booleans(),
)
def test_any_values_in_any_book_come_back_and_nothing_else_changes(grid, odd, order, streamed):
    columns = tuple(BlockColumn([row[at] for row in grid]) for at in range(2))
    described = Sheet("结果", cells=(CellSpec(1, 1, "头"),), blocks=(Block(2, 1, columns),))
    data = packed(ODD[odd], Layout(order=order, streamed=streamed))
    once = spliced(data, described)
    seen = values(once)
    for row, wanted in enumerate(grid, 1):
        got = seen[row] if row < len(seen) else ["", ""]
        assert [got[0], got[1] if len(got) > 1 else ""] == ["" if v is None else v for v in wanted]
    before, after = raw_members(data), raw_members(once)
    assert all(before[name] == after[name] for name in before if not is_ours(name))
    assert spliced(once, described) == once


@settings(max_examples=150, deadline=2000)
@given(
    name=st.sampled_from([name for name in parts() if not name.endswith(".png")]),
    at=st.integers(0, 2_000),
    gone=st.integers(0, 30),
    noise=st.one_of(
        st.binary(max_size=12),
        st.sampled_from([b"<", b">", b"</sheetData>", b"<sheetData>", b"<!--", b"]]>", b"&", b'"']),
    ),
)
def test_a_mutated_part_is_refused_or_gives_a_sound_package(name, at, gone, noise):
    book = parts()
    at %= len(book[name])
    book[name] = book[name][:at] + noise + book[name][at + gone :]
    try:
        once = spliced(packed(book), result(), result("诊断"))
    except RequestError:
        return
    for part_name, body in contents(once).items():
        if body != book.get(part_name):
            fromstring(body)  # noqa: S314 - our own
    assert spliced(once, result(), result("诊断")) == once


WEB = ("https://example.org/公告?a=1&b=2#第3条", "mailto:a@example.org", "'台账'!A1")


def linked(*targets: str) -> Sheet:
    """A sheet with a link in each row."""
    texts = [f"链接{n}" for n in range(len(targets))]
    return Sheet("结果", blocks=(Block(1, 1, (BlockColumn(texts, links=targets),)),))


def links_in(data: bytes) -> list[tuple[str, str | None, str | None]]:
    """Cell, address and place of each link, as openpyxl sees them."""
    import openpyxl

    page = openpyxl.load_workbook(io.BytesIO(data))["结果"]
    found = [cell.hyperlink for row in page.iter_rows() for cell in row if cell.hyperlink]
    return [(link.ref, link.target, link.location) for link in found]


SEEN = [
    ("A1", "https://example.org/%E5%85%AC%E5%91%8A?a=1&b=2", "第3条"),
    ("A2", "mailto:a@example.org", None),
    ("A3", None, "'台账'!A1"),
]
HUNG = {
    "xl/worksheets/_rels/sheet2.xml.rels": relations(("rId1", "vmlDrawing", "../drawings/v.vml")),
    "xl/drawings/v.vml": b"<xml/>",
}
NEW_BOOK = parts(
    result=None,
    workbook=workbook(sheets='<sheet name="台账" sheetId="3" r:id="rId1"/>'),
    relations=BOOK_RELATIONS.replace(b'Id="rId2" Type', b'Id="rId2" TargetMode="External" Type'),
)
LINKED: dict[str, dict[str, bytes]] = {
    "a new sheet": NEW_BOOK,
    "a sheet without relationships": parts(),
    "a sheet with relationships": parts() | HUNG,
    "prefixed": ODD["prefixed main namespace"],
    "strict": ODD["strict"],
}


@pytest.mark.parametrize("name", LINKED)
def test_links_to_the_web_work_and_come_out_the_same_again(name):
    data = packed(LINKED[name])
    first = spliced(data, linked(*WEB))
    if name != "strict":  # openpyxl reads no strict books
        assert links_in(first) == SEEN
    assert spliced(first, linked(*WEB)) == first
    rels = [body for part, body in contents(first).items() if "worksheets/_rels" in part]
    assert len(rels) == 1
    assert (b'Target="../drawings/v.vml"' in rels[0]) == ("with relationships" in name)
    strict_type = b"purl.oclc.org/ooxml/officeDocument/relationships/hyperlink"
    assert (strict_type in rels[0]) == (name == "strict")


def test_links_that_go_leave_no_relationship_behind():
    first = spliced(packed(parts() | HUNG), linked(*WEB))
    again = spliced(first, linked("'台账'!A1"))
    assert (
        contents(again)["xl/worksheets/_rels/sheet2.xml.rels"]
        == HUNG["xl/worksheets/_rels/sheet2.xml.rels"]
    )
    assert links_in(again) == [("A1", None, "'台账'!A1")]


def test_a_book_that_gets_no_sheets_stays_as_it_is():
    data = packed(parts())
    assert contents(spliced(data)) == contents(data)
