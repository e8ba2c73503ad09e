"""LibreOffice as judge: a hard recalculation of a written book changes no figure."""

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from support import office, sample

from xlplan import package
from xlplan.model import OUTPUT_SHEETS
from xlplan.sheets import credit_rows
from xlplan.sheets.description import CellSpec, Sheet
from xlplan.sheets.results import result_sheets

pytestmark = pytest.mark.office

BOOKS = {
    "as chosen": (sample.CHOSEN, {}),
    "rulings open": (sample.OPEN, {}),
    "other rulings": (
        sample.CHOSEN,
        {
            "double_listing": "both-full",
            "joint_count": "lead-and-cooperating",
            "count_weight": "yes",
            "tier_count": "cumulative",
        },
    ),
}


def rows_of(path, name):
    """A sheet's values as a reader without recalculation sees them."""
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def figures_of(path):
    """Every filled cell of the result sheets by sheet, row and column."""
    return {
        (name, row, column): value
        for name in OUTPUT_SHEETS
        for row, values in enumerate(rows_of(path, name), start=1)
        for column, value in enumerate(values, start=1)
        if value != ""
    }


@pytest.fixture(scope="module", params=[*BOOKS, "too many for links"])
def written(request, tmp_path_factory):
    path, options = BOOKS.get(request.param, BOOKS["as chosen"])
    out = tmp_path_factory.mktemp("office") / "结果.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        if request.param not in BOOKS:
            patch.setattr(credit_rows, "LINK_LIMIT", 10)
        package.write_sheets(path, result_sheets(sample.figures(path, **options)), out)
    return out


def test_a_hard_recalculation_changes_no_figure(written):
    before, after = figures_of(written), figures_of(office.recalculated(written))
    assert before.keys() == after.keys()
    changed = {
        place: (value, after[place])
        for place, value in before.items()
        if not same(value, after[place])
    }
    assert changed == {}
    assert sum(isinstance(value, (int, float)) for value in before.values()) > 1000


def same(one, other):
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9
    return one == other


def test_the_office_really_recalculates(tmp_path):
    wrong = CellSpec(1, 1, 41, formula="40+2")
    package.new_workbook(tmp_path / "错.xlsx", [Sheet("甲", (wrong,))])
    assert rows_of(tmp_path / "错.xlsx", "甲") == [[41]]
    assert rows_of(office.recalculated(tmp_path / "错.xlsx"), "甲") == [[42]]


def test_a_change_in_the_targets_reaches_the_rate(tmp_path):
    out = tmp_path / "改目标.xlsx"
    package.write_sheets(sample.CHOSEN, result_sheets(sample.figures()), out)
    book = openpyxl.load_workbook(out)
    target = next(c for c in book["任务分解"]["A"] if c.value == "白涛园区")
    book["任务分解"].cell(target.row, 5).value = 300
    book.save(out)
    rows = rows_of(office.recalculated(out), "完成情况")
    found = next(row for row in rows if row[1:3] == ["白涛园区", "协议资金"])
    assert found[3] == 300
    assert found[7] == pytest.approx(found[5] / 300)
