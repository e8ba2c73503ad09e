"""Comments on cells of somebody's workbook, seen by openpyxl and by LibreOffice."""

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment as Note
from support.fidelity import changed_members, check_consistent
from support.office import recalculated
from support.zips import FAULTS, ODD, contents, packed, relations

from xlplan.diagnostics import RequestError
from xlplan.package import Comment, marked

SHEET1, RELS1 = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
FAULT = "金额写成了万元：应为 1.6（亿元）"


def book(change=None, *, note=""):
    made = openpyxl.Workbook()
    page = made.active
    page.title = "台账"
    for row in range(1, 9):
        page.append([f"行{row}", row, row * 2])
    if note:
        page["B2"].comment = Note(note, "填报人")
    if change:
        change(page)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_button():
    """A book whose sheet has a drawing already, for its button, and no comments."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    page = made.add_worksheet("台账")
    page.write("A1", 1)
    page.insert_button("D1", {"caption": "重算", "macro": "go"})
    made.close()
    return out.getvalue()


def notes(data, name="台账"):
    page = openpyxl.load_workbook(io.BytesIO(data))[name]
    return {c.coordinate: c.comment.text for row in page.iter_rows() for c in row if c.comment}


def test_a_comment_comes_to_a_sheet_that_had_none():
    data = book()
    after = marked(data, [Comment("台账", 3, 2, FAULT)]).data
    assert notes(after) == {"B3": FAULT}
    assert changed_members(data, after) == {SHEET1, "[Content_Types].xml"}
    added = contents(after).keys() - contents(data).keys()
    assert added == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", RELS1}
    check_consistent(after)


def test_only_the_way_to_the_drawing_is_new_in_the_sheet():
    data = book()
    part = contents(marked(data, [Comment("台账", 3, 2, "x")]).data)[SHEET1]
    assert re.sub(rb"<legacyDrawing[^>]*/>", b"", part) == contents(data)[SHEET1]


def test_comments_of_the_clerks_stay_and_ours_come_beside():
    data = book(note="我自己记的")
    after = marked(data, [Comment("台账", 3, 2, FAULT)]).data
    assert notes(after) == {"B2": "我自己记的", "B3": FAULT}
    assert SHEET1 not in changed_members(data, after)
    check_consistent(after)


def test_a_comment_of_the_clerks_is_extended_and_said_once():
    once = marked(book(note="我自己记的"), [Comment("台账", 2, 2, FAULT)]).data
    assert notes(once) == {"B2": f"我自己记的\n{FAULT}"}
    assert notes(marked(once, [Comment("台账", 2, 2, FAULT)]).data) == notes(once)


def test_what_is_said_twice_of_a_cell_stands_in_one_box():
    said = [Comment("台账", 3, 2, text) for text in ("甲", "乙", "甲")]
    after = marked(book(), said).data
    assert notes(after) == {"B3": "甲\n乙"}
    assert contents(after)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


def test_a_cell_in_a_merged_area_is_marked_at_its_first_cell():
    data = book(lambda page: page.merge_cells("A3:B4"))
    assert notes(marked(data, [Comment("台账", 4, 2, "x")]).data) == {"A3": "x"}


def test_a_sheet_with_buttons_keeps_them():
    data = with_button()
    after = marked(data, [Comment("台账", 1, 1, FAULT)]).data
    drawing = contents(after)["xl/drawings/vmlDrawing1.vml"].decode()
    assert 'ObjectType="Button"' in drawing
    numbers = re.findall(r'id="_x0000_s(\d+)"', drawing)
    assert len(numbers) == len(set(numbers)) == 2
    assert notes(after) == {"A1": FAULT}


def test_several_sheets_get_parts_of_their_own():
    made = openpyxl.Workbook()
    made.active.title = "台账"
    made.create_sheet("到位资金")
    out = io.BytesIO()
    made.save(out)
    both = [Comment("台账", 1, 1, "甲"), Comment("到位资金", 2, 2, "乙")]
    after = marked(out.getvalue(), both).data
    assert (notes(after), notes(after, "到位资金")) == ({"A1": "甲"}, {"B2": "乙"})
    check_consistent(after)


def test_a_threaded_comment_is_left_and_said():
    data = contents(book(note="[Threaded comment]"))
    kind = "http://schemas.microsoft.com/office/2017/10/relationships"
    thread = relations(("rId9", "threadedComment", "../threadedComments/t1.xml"), space=kind)
    inner = re.search(rb"<Relationship [^>]*/>", thread)[0]
    data[RELS1] = data[RELS1].replace(b"</Relationships>", inner + b"</Relationships>")
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    data["xl/threadedComments/t1.xml"] = (
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="B2" id="x"/></ThreadedComments>'
    ).encode()
    done = marked(packed(data), [Comment("台账", 2, 2, "甲"), Comment("台账", 3, 2, "乙")])
    assert [one.text for one, _ in done.left] == ["甲"]
    assert notes(done.data) == {"B2": "[Threaded comment]", "B3": "乙"}


def test_a_sheet_that_is_not_there_is_said():
    done = marked(book(), [Comment("没有", 1, 1, "甲")])
    assert [reason for _, reason in done.left] == ["没有这张工作表"]


@pytest.mark.parametrize("name", ODD)
def test_odd_books_take_comments_and_keep_all_else(name):
    data = packed(ODD[name])
    after = marked(data, [Comment("台账", 1, 2, FAULT)]).data
    assert zipfile.ZipFile(io.BytesIO(after)).testzip() is None
    changed = {part.lower().replace("\\", "/") for part in changed_members(data, after)}
    assert {part.rpartition("/")[2] for part in changed} <= {"sheet1.xml", "[content_types].xml"}


def test_signed_books_are_refused():
    with pytest.raises(RequestError, match="XP703"):
        marked(FAULTS["signed"].data(), [Comment("台账", 1, 1, "x")])


@pytest.mark.office
def test_libreoffice_shows_old_and_new_comments(tmp_path):
    path = tmp_path / "报送.xlsx"
    comments = [Comment("台账", 3, 2, FAULT), Comment("台账", 2, 2, "再说一句\n第二行")]
    path.write_bytes(marked(book(note="我自己记的"), comments).data)
    shown = notes(recalculated(path).read_bytes())
    assert shown == {"B2": "我自己记的\n再说一句\n第二行", "B3": FAULT}
