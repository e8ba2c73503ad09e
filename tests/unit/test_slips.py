"""Return slips: every fault with its place and a right example, on paper, in the file, in text."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from support.fidelity import changed_members
from support.reports import FILE, UNIT, ledger, listed
from support.zips import FAULTS

from xlplan import package
from xlplan.app.bulletin import shipped_templates
from xlplan.app.slips import SlipOrder, return_slips
from xlplan.diagnostics import Cell, RequestError
from xlplan.reconciling.decisions import (
    ADOPT,
    DECISION_HEAD,
    DIFFERENCE_SHEET,
    RETURN,
    Draft,
    Fault,
)
from xlplan.sheets.decisions import draft_sheet

docx = pytest.importorskip("docx")

PERIOD = "2021年第三季度"
SLIP = f"{UNIT}{PERIOD}退回单"
ORDER = {"due": date(2021, 10, 12), "by": "区招商委"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / FILE).write_bytes(ledger())
    return tmp_path


def fault(folder, place, text, name=FILE, **more):
    path = folder / "报送" / name
    digest = package.digest(path) if path.exists() else ""
    said = {"hint": "请改", "example": "1.6", "unit": UNIT} | more
    unit = said.pop("unit")
    return Fault(unit, name, f"报送/{name}", digest, place, text, **said)


def report(folder, *faults, decided=()):
    path = folder / "核对.xlsx"
    draft = Draft("台账.xlsx", "0", "2021-10-08", faults=faults, period=PERIOD)
    rows = listed(DIFFERENCE_SHEET, DECISION_HEAD, decided)
    package.write_whole(path, package.workbook_bytes([rows, draft_sheet(draft)]))
    return path


def returned(folder, *faults, decided=(), **order):
    where = SlipOrder(folder / "退回", **(ORDER | order))
    return return_slips(report(folder, *faults, decided=decided), where)


def told(path):
    """A page's paragraphs and the rows of its tables."""
    page = docx.Document(str(path))
    rows = [[cell.text for cell in row.cells] for table in page.tables for row in table.rows]
    return [one.text for one in page.paragraphs if one.text], rows


def notes(path):
    book = openpyxl.load_workbook(path)
    cells = (c for page in book for row in page.iter_rows() for c in row if c.comment)
    return {f"{c.parent.title}!{c.coordinate}": c.comment.text for c in cells}


def test_a_unit_gets_a_page_a_marked_copy_and_a_text(folder):
    faults = (
        fault(folder, Cell("项目台账", 5, 12), "疑似万元", hint="请按亿元写"),
        fault(folder, Cell("项目台账", 4), "没有牵头单位", example="白涛园区"),
        fault(folder, Cell(""), "期间不对", example=""),
    )
    (one,), found = returned(folder, *faults)
    page, text, copy = one.files
    assert (one.unit, one.count, list(found)) == (UNIT, 3, [])
    assert page == folder / "退回" / UNIT / f"{SLIP}.docx"
    paragraphs, rows = told(page)
    assert paragraphs[0] == f"{PERIOD}招商引资报送材料退回单"
    assert paragraphs[1] == f"{UNIT}："
    assert any("1个文件中有3处需要更正" in said for said in paragraphs)
    assert "请于2021年10月12日前交回。" in paragraphs
    assert "区招商委" in paragraphs
    assert rows[1:] == [
        ["1", "整份文件", "期间不对", "请改", "—"],
        ["2", "项目台账 第4行", "没有牵头单位", "请改", "白涛园区"],
        ["3", "项目台账!L5", "疑似万元", "请按亿元写", "1.6"],
    ]
    assert notes(copy) == {
        "项目台账!A4": "问题：没有牵头单位\n怎么改：请改\n正确写法：白涛园区",
        "项目台账!L5": "问题：疑似万元\n怎么改：请按亿元写\n正确写法：1.6",
    }
    assert copy.name == f"{Path(FILE).stem}（批注）.xlsx"
    raw = text.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert lines[3] == f"3. {FILE}，项目台账!L5：疑似万元。请按亿元写。正确写法：1.6"


def test_the_original_stays_and_the_copy_differs_by_its_comments_alone(folder):
    (one,), _ = returned(folder, fault(folder, Cell("项目台账", 5, 12), "疑似万元"))
    original = (folder / "报送" / FILE).read_bytes()
    assert original == ledger()
    changed = changed_members(original, one.files[2].read_bytes())
    assert {name.rpartition("/")[2] for name in changed} <= {"sheet1.xml", "[Content_Types].xml"}


def test_a_difference_goes_back_only_when_that_was_decided(folder):
    faults = [fault(folder, Cell("项目台账", 4, 12), f"差异{n}", number=f"D{n}") for n in (1, 2, 3)]
    decided = [("D1", RETURN), ("D2", ADOPT)]
    (one,), _ = returned(folder, *faults, decided=decided)
    _, rows = told(one.files[0])
    assert [row[2] for row in rows[1:]] == ["差异1"]


def test_each_unit_has_its_own_folder(folder):
    faults = [
        fault(folder, Cell("项目台账", 4, 12), "一", unit="东园"),
        fault(folder, Cell("项目台账", 5, 12), "二", unit=""),
    ]
    done, _ = returned(folder, *faults)
    assert [one.files[0].parent.name for one in done] == ["东园", "单位不明"]


WITHOUT_COPY = {
    "gone": ("没有.xlsx", None, "不在原来的文件夹"),
    "csv": ("报送.csv", "单位,数\n甲,1\n".encode("gbk"), "不是 .xlsx"),
    "signed": ("签名.xlsx", FAULTS["signed"].data(), "数字签名"),
}


@pytest.mark.parametrize(("name", "data", "reason"), WITHOUT_COPY.values(), ids=WITHOUT_COPY)
def test_a_file_that_can_carry_no_comments_is_said(folder, name, data, reason):
    if data:
        (folder / "报送" / name).write_bytes(data)
    (one,), found = returned(folder, fault(folder, Cell("台账", 2, 1), "看不懂", name=name))
    assert [one.code for one in found] == ["XP962"]
    assert reason in next(iter(found)).message()
    paragraphs, _ = told(one.files[0])
    assert any(reason in said for said in paragraphs)
    assert len(one.files) == 2


def test_a_file_that_changed_after_the_reconciliation_is_not_marked(folder):
    wrong = fault(folder, Cell("项目台账", 5, 12), "疑似万元")
    (folder / "报送" / FILE).write_bytes(package.workbook_bytes([listed("项目台账", "x", [])]))
    _, found = returned(folder, wrong)
    assert [one.code for one in found] == ["XP962"]


def test_a_cell_that_takes_no_comment_is_said(folder):
    faults = [fault(folder, Cell(sheet, 4, 12), "x") for sheet in ("项目台账", "没有的表")]
    (one,), found = returned(folder, *faults)
    assert [(one.code, str(one.place)) for one in found] == [("XP963", "没有的表!L4")]
    assert len(notes(one.files[2])) == 1


def test_nothing_is_overwritten_unless_that_is_asked(folder):
    wrong = fault(folder, Cell("项目台账", 5, 12), "疑似万元")
    returned(folder, wrong)
    with pytest.raises(RequestError, match="XP859"):
        returned(folder, wrong)
    assert len(returned(folder, wrong, force=True)[0]) == 1


@pytest.mark.parametrize(
    ("faults", "order", "code"),
    [((), {}, "XP961"), ((1,), {"due": "下周"}, "XP011")],
)
def test_what_cannot_be_done_is_refused_before_anything_is_written(folder, faults, order, code):
    given = [fault(folder, Cell("项目台账", 5, 12), "x") for _ in faults]
    with pytest.raises(RequestError, match=code):
        returned(folder, *given, **order)
    assert not (folder / "退回").exists()


def test_the_page_keeps_to_the_standard(folder):
    from xlplan.gbt9704 import Outcome, check_document

    (one,), _ = returned(folder, fault(folder, Cell("项目台账", 5, 12), "疑似万元"))
    report_ = check_document(one.files[0], fonts=frozenset())
    differs = {f.id: v.found for f, v in report_.verdicts if v.outcome is Outcome.DIFFERS}
    assert differs == {}


def test_a_bulletin_is_not_filled_with_it():
    assert "return-slip" not in shipped_templates()
