"""Laws of edits: what was not edited stays, and editing back gives the old values."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support.fidelity import changed_members
from support.sample import CHOSEN

from xlplan.package import SetCell
from xlplan.package.splice import splice

DATA = CHOSEN.read_bytes()
SHEET = "项目台账"
CELLS = st.tuples(st.integers(4, 60), st.integers(1, 19))
VALUES = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: text == text.strip()
    ),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(),
)


def edited(data, cells):
    out = io.BytesIO()
    splice(data, (), out, [SetCell(SHEET, row, column, it) for (row, column), it in cells.items()])
    return out.getvalue()


def rows(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)


HELD = rows(DATA)


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(CELLS, VALUES, min_size=1, max_size=8))
def test_editing_back_gives_the_old_values_and_no_other_part_ever_changes(cells):
    once = edited(DATA, cells)
    for row, held in enumerate(rows(once), 1):
        for column, value in enumerate(held, 1):
            if (row, column) not in cells:
                assert value == HELD[row - 1][column - 1]
    before = {(row, column): HELD[row - 1][column - 1] for row, column in cells}
    back = edited(once, {place: None if it == "" else it for place, it in before.items()})
    assert rows(back) == HELD
    sheets = {"xl/workbook.xml", "xl/styles.xml"}
    (own,) = changed_members(DATA, once) - sheets or {""}
    assert changed_members(DATA, back) <= {own} | sheets
