import shutil
import subprocess
import warnings
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook
from support.plain_workbook import assemble

from xlplan.diagnostics import RequestError, column_letters
from xlplan.package.render import ORDER, render, worksheet
from xlplan.package.styles import StyleBook
from xlplan.package.xml_offsets import STRICT, TRANSITIONAL
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

moment = datetime.fromisoformat

FRAMED = Style(border="thin")
FULL = Sheet(
    "完成'情况",
    cells=(
        CellSpec(1, 1, "完成情况", FRAMED.but(size=18)),
        CellSpec(3, 1, "单位"),
        CellSpec(3, 2, "完成率"),
        CellSpec(9, 2, Fraction(1, 3), formula='IF(A4="",0,1/3)'),
        CellSpec(9, 1, "合计", link="'完成''情况'!A4"),
    ),
    blocks=(
        Block(
            4,
            1,
            (
                BlockColumn(["白涛园区", "区商务委", None], links=["", "'台账'!N19", ""]),
                BlockColumn([0.5, 1.25, None], Style(number_format="0.0%"), formula="C{r}*50%"),
            ),
        ),
        Block(4, 4, (BlockColumn([1, 2, 3, 4]),)),
    ),
    merges=(Area(1, 1, 1, 3), Area(2, 1, 2, 1)),
    widths={1: 20, 2: 10, 3: 10, 5: 300},
    heights={1: 32, 12: 5},
    freeze=(4, 2),
    filter=Area(3, 1, 6, 2),
    drop_downs=(
        DropDown(Area(4, 1, 6, 1), options=('甲"', "乙&丙"), prompt="选\n一个"),
        DropDown(Area(7, 1, 8, 1), source="=单位!$A$4:$A$40", strict=False),
    ),
    data_bars=(DataBar(Area(4, 2, 6, 2)),),
    highlights=(Highlight(Area(4, 1, 6, 2), '$B4<"|"', color="C00000", bold=True),),
    print=Print(title_rows=(1, 3)),
    tab_color="70ad47",
    zoom=85,
)


def part(sheet, **host):
    return b"".join(worksheet(render(sheet, StyleBook.parse(None), **host)))


def cells_of(sheet, **host):
    """Every cell as (reference, children), and the rows' numbers, from the XML."""
    root = etree.fromstring(part(sheet, **host))
    return [(cell.get("r"), cell) for cell in root.iter(f"{{{TRANSITIONAL}}}c")]


def column(values, **changes):
    return Sheet("表", blocks=(Block(1, 1, (BlockColumn(values, **changes),)),))


def read(path, name="表"):
    """The sheet as calamine reads it."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


def grid(path, name="表"):
    """The sheet as openpyxl reads it, figures and cached results."""
    book = openpyxl.load_workbook(path, data_only=True)
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_children_stand_in_the_order_of_the_schema():
    root = etree.fromstring(part(FULL))
    names = [etree.QName(child).localname for child in root]
    assert names == sorted(names, key=ORDER.index)
    assert {"sheetData", "cols", "mergeCells", "dataValidations", "hyperlinks"} < set(names)


def test_what_is_not_needed_is_absent():
    bare = render(Sheet("空"), StyleBook.parse(None))
    assert not bare.elements.keys() & {"cols", "mergeCells", "hyperlinks", "autoFilter"}
    assert bare.defined_names == ()


def test_rows_and_cells_ascend_whatever_stands_in_them():
    root = etree.fromstring(part(FULL))
    rows = list(root.iter(f"{{{TRANSITIONAL}}}row"))
    numbers = [int(row.get("r")) for row in rows]
    assert numbers == [1, 3, 4, 5, 6, 7, 9, 12]
    for row in rows:
        places = [openpyxl.utils.cell.coordinate_from_string(cell.get("r")) for cell in row]
        letters = [openpyxl.utils.column_index_from_string(letters) for letters, _ in places]
        assert letters == sorted(set(letters))
        assert {number for _, number in places} <= {int(row.get("r"))}


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030", "ascii"])
def test_a_host_of_any_prefix_and_encoding_gets_the_same_sheet(prefix, encoding):
    rendered = render(FULL, StyleBook.parse(None), prefix=prefix, encoding=encoding)
    inner = b"".join(b"".join(element) for element in rendered.elements.values()).decode(encoding)
    names = f'xmlns:x="{TRANSITIONAL}"' if prefix else f'xmlns="{TRANSITIONAL}"'
    name = f"{prefix}:worksheet" if prefix else "worksheet"
    told = etree.fromstring(f"<{name} {names}>{inner}</{name}>")
    bare = etree.fromstring(part(FULL))
    etree.cleanup_namespaces(told)
    assert [(e.tag, dict(e.attrib), e.text) for e in told.iter()] == [
        (e.tag, dict(e.attrib), e.text) for e in bare.iter()
    ]


def test_a_strict_workbook_gets_a_strict_sheet():
    xml = b"".join(worksheet(render(FULL, StyleBook.parse(None)), strict=True))
    assert etree.fromstring(xml).tag == f"{{{STRICT}}}worksheet"


def test_what_was_rendered_can_be_read_twice():
    rendered = render(FULL, StyleBook.parse(None))
    assert list(worksheet(rendered)) == list(worksheet(rendered))


def test_styles_are_settled_before_the_first_row_is_written():
    styles = StyleBook.parse(None)
    many = [date(2021, 1, 1)] + [None] * 70_000 + [moment("2021-01-01T09:00")]
    rendered = render(column(many), styles)
    before = styles.xml()
    list(worksheet(rendered))
    assert styles.xml() == before


def test_a_long_block_comes_in_chunks_that_join_without_a_seam():
    long = column(list(range(20_000)))
    chunks = list(render(long, StyleBook.parse(None)).elements["sheetData"])
    assert len(chunks) > 3
    assert [name for name, _ in cells_of(long)] == [f"A{row}" for row in range(1, 20_001)]


FEW_AND_MANY = {
    "few texts": ["甲", "乙", None, " 丙", "a<b", "100%s"],
    "few days": [date(2021, 1, 1), None, moment("2021-01-01T09:00"), date(2021, 1, 2)],
    "texts like numbers": ["1", 1, 1.0, True, "True", None, ""],
    "numbers": [0.1, 2, -3.5],
    "fractions": [0.2, 0.8, 0.0, 1e300],
    "numbers that are none": [0.2, float("nan"), float("inf"), 1e308, 1e308],
    "texts as they are": ["P001", "白涛 园区", "a`b"],
    "texts like escapes": ["_x0041_", "甲　"],
    "blank": [None],
}


@pytest.mark.parametrize("some", FEW_AND_MANY.values(), ids=FEW_AND_MANY)
@pytest.mark.parametrize("different", [0, 3000])
@pytest.mark.parametrize("formula", ["", "1{r}*50%"])
def test_a_value_is_written_the_same_wherever_it_stands(some, different, formula):
    """A long column has ways of its own to be fast; a short one has none."""
    many = some * 3000 + [f"第{number}" for number in range(different)] + some
    long = [etree.tostring(cell) for _, cell in cells_of(column(many, formula=formula))]
    row = len(many) - len(some) + 1
    alone = Sheet(
        "表", blocks=(*column([7], formula=formula).blocks, block_at(row, some, formula=formula))
    )
    assert long[row - 1 :] == [etree.tostring(cell) for _, cell in cells_of(alone)][1:]


@pytest.mark.parametrize("different", [3, 5000])
def test_each_of_many_numbers_is_printed_whole(different):
    numbers = [(n % different) / 7 for n in range(12_000)]
    for values, formula in ((numbers, ""), (np.array(numbers), "{r}/7")):
        written = cells_of(column(values, formula=formula))
        assert [cell.findtext(f"{{{TRANSITIONAL}}}v") for _, cell in written] == list(
            map(repr, numbers)
        )


def block_at(row, values, **changes):
    return Block(row, 1, (BlockColumn(values, **changes),))


def test_a_sparse_column_has_no_cells_where_nothing_is():
    values = [None] * 20_000 + [1.5, None, "a"]
    for formula in ("", "ROW()*{r}"):
        written = cells_of(column(values, sparse=True, formula=formula))
        assert [name for name, _ in written] == ["A20001", "A20003"]


def test_a_sparse_column_of_few_texts_has_no_cells_where_nothing_is():
    values = ["甲", None, "乙", None, None] * 4000
    written = cells_of(column(values, sparse=True))
    texts = {int(name[1:]): "".join(cell.itertext()) for name, cell in written}
    assert texts == {row: text for row, text in enumerate(values, start=1) if text}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["项目台账!K9", "表!A1"], ['"#项目台账!K9"', '"#表!A1"']),
        (["a<b", 'say "x"', "{r}%s", None], ['"#a<b"', '"#say ""x"""', '"#{r}%s"', None]),
    ],
)
def test_a_formula_may_quote_its_rows_text(texts, told):
    written = cells_of(column(texts, formula='"#{v}"'))
    formulas = [cell.find(f"{{{TRANSITIONAL}}}f") for _, cell in written]
    assert [None if formula is None else formula.text for formula in formulas] == told


def test_single_cells_may_stand_beside_and_between_the_rows_of_a_block():
    sheet = Sheet(
        "表",
        cells=(CellSpec(2, 1, "左"), CellSpec(3, 4, "100%"), CellSpec(9, 1, "下")),
        blocks=(Block(1, 2, (BlockColumn([1, 2, 3]), BlockColumn(["a", "b", None]))),),
    )
    names = [name for name, _ in cells_of(sheet)]
    assert names == ["B1", "C1", "A2", "B2", "C2", "B3", "C3", "D3", "A9"]


@pytest.mark.parametrize(
    "sheet",
    [
        Sheet("表", cells=(CellSpec(1, 1, 1), CellSpec(1, 1, 2))),
        Sheet("表", cells=(CellSpec(2, 1, 1),), blocks=(Block(1, 1, (BlockColumn([1, 2]),)),)),
        Sheet("表", blocks=(Block(1, 1, (BlockColumn([1, 2]),)), Block(2, 1, (BlockColumn([1]),)))),
        Sheet("表", blocks=(Block(1, 1, (BlockColumn([1, 2]), BlockColumn([1]))),)),
    ],
)
def test_a_description_that_puts_two_things_in_one_cell_is_a_bug(sheet):
    with pytest.raises(AssertionError):
        part(sheet)


@pytest.mark.parametrize(
    "sheet",
    [
        Sheet("表", blocks=(Block(2, 1, (BlockColumn(range(1_048_576)),)),)),
        Sheet("表", cells=(CellSpec(1, 16_385, 1),)),
    ],
)
def test_a_sheet_larger_than_excels_is_refused(sheet):
    with pytest.raises(RequestError, match="XP702"):
        render(sheet, StyleBook.parse(None))


def test_the_rest_of_a_merged_area_has_the_frame_of_its_first_cell():
    (first, *others) = cells_of(
        Sheet("表", cells=(CellSpec(1, 1, "题", FRAMED),), merges=(Area(1, 1, 2, 2),))
    )
    assert [name for name, _ in others] == ["B1", "A2", "B2"]
    assert {cell.get("s") for _, cell in others} == {first[1].get("s")}
    assert all(len(cell) == 0 for _, cell in others)


def test_a_single_cell_is_not_merged():
    merged = etree.fromstring(part(FULL)).find(f"{{{TRANSITIONAL}}}mergeCells")
    assert [entry.get("ref") for entry in merged] == ["A1:C1"]
    assert merged.get("count") == "1"


def test_names_for_filter_and_head_rows_quote_the_sheet():
    assert render(FULL, StyleBook.parse(None)).defined_names == (
        ("_xlnm._FilterDatabase", "'完成''情况'!$A$3:$B$6"),
        ("_xlnm.Print_Titles", "'完成''情况'!$1:$3"),
    )


def test_links_beyond_excels_limit_and_to_files_are_counted_not_written():
    count = 65_533
    links = ["file:///a!b", "https://example.org/a!b", *["'台账'!A1"] * (count - 2)]
    rendered = render(column(["x"] * count, links=links), StyleBook.parse(None))
    written = b"".join(rendered.elements["hyperlinks"]).count(b"<hyperlink ")
    assert (written, rendered.unlinked) == (65_530, 3)
    assert rendered.web == {"https://example.org/a!b": "xlplan1"}


def test_options_that_no_literal_can_hold_are_a_bug():
    for options in (("a,b",), ("x" * 300,)):
        with pytest.raises(AssertionError):
            part(Sheet("表", drop_downs=(DropDown(Area(1, 1, 1, 1), options),)))


def test_openpyxl_sees_all_that_was_described(tmp_path):
    book = openpyxl.load_workbook(assemble(tmp_path / "全.xlsx", FULL))
    sheet = book["完成'情况"]
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:B6"
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.sheet_view.showGridLines is False
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == [
        '"甲"",乙&丙"',
        "单位!$A$4:$A$40",
    ]
    assert [rule.errorStyle for rule in sheet.data_validations.dataValidation] == [None, "warning"]
    kinds = {rule.type: rule for ranges in sheet.conditional_formatting for rule in ranges.rules}
    assert kinds["expression"].formula == ['$B4<"|"']
    assert kinds["dataBar"].dataBar.cfvo[1].val == 1
    assert sheet["B5"].value == "=C5*50%"
    assert sheet["A5"].hyperlink.location == "'台账'!N19"
    assert sheet.column_dimensions["A"].width == pytest.approx(20.63)
    assert sheet.row_dimensions[1].height == 32


def test_formulas_travel_with_their_cached_results(tmp_path):
    figures = grid(assemble(tmp_path / "全.xlsx", FULL), "完成'情况")
    assert [row[1] for row in figures[3:9]] == [0.5, 1.25, None, None, None, 1 / 3]


def test_a_formula_whose_result_is_an_empty_text_says_so():
    ((_, cell),) = cells_of(column([""], formula="A{r}&{r}"))
    assert (cell.get("t"), cell[0].text, cell[1].text) == ("str", "A1&1", None)


def test_rows_without_a_value_have_no_formula_either():
    cells = cells_of(column([1.5, None, "甲", None], formula="B{r}*50%"))
    assert [[part.text for part in cell] for _, cell in cells] == [
        ["B1*50%", "1.5"],
        [],
        ["B3*50%", "甲"],
        [],
    ]


EXACT = [
    (Decimal("0.1"), 0.1),
    (Fraction(1, 3), 1 / 3),
    (10**15 - 1, 10**15 - 1),
    (10**15, "1000000000000000"),
    (-(10**20), "-100000000000000000000"),
    (True, True),
    (1e-300, 1e-300),
    (float("inf"), "inf"),
    (Decimal("1e400"), "1E+400"),
    (Fraction(10**400), str(10**400)),
    (np.float64(0.1), 0.1),
    (np.int64(7), 7),
    (np.bool_(1), True),
    ("=1+1", "=1+1"),
    ("@SUM(A1)", "@SUM(A1)"),
    ("001", "001"),
    (date(1899, 12, 31), "1899-12-31"),
]


@pytest.mark.parametrize(("value", "expected"), EXACT)
@pytest.mark.parametrize("companion", [[], ["文", None, 1.5, False]])
def test_a_value_is_read_back_exactly_or_as_text(value, expected, companion, tmp_path):
    path = assemble(tmp_path / "值.xlsx", column([value, *companion]))
    assert grid(path)[0][0] == expected
    seen = read(path)[0][0]
    assert seen == expected
    assert type(seen) is type(expected) or isinstance(expected, int)


@pytest.mark.parametrize("nothing", [None, "", float("nan"), Decimal("nan"), np.float64("nan")])
def test_nothing_is_an_empty_cell_that_keeps_its_style(nothing):
    for values in ([nothing], [nothing, 1.0], [nothing, "文"]):
        _, cell = cells_of(column(values, style=FRAMED))[0]
        assert len(cell) == 0
        assert cell.get("s") != "0"


DAYS = [
    date(1900, 1, 1),
    date(1900, 2, 28),
    date(1900, 3, 1),
    date(2021, 9, 30),
    date(9999, 12, 31),
]


@pytest.mark.parametrize("day", DAYS)
def test_days_are_days_of_the_workbooks_calendar(day, tmp_path):
    path = assemble(tmp_path / "日.xlsx", column([day]))
    assert grid(path) == [[moment(day.isoformat())]]
    assert read(path) == [[day]]


@pytest.mark.parametrize("day", [date(1904, 1, 2), date(2021, 9, 30)])
def test_days_are_days_of_the_other_calendar_too(day, tmp_path):
    path = assemble(tmp_path / "日.xlsx", column([day]), date1904=True)
    assert grid(path) == [[moment(day.isoformat())]]


def test_a_day_that_the_calendar_does_not_have_is_text(tmp_path):
    path = assemble(tmp_path / "日.xlsx", column([date(1903, 12, 31)]), date1904=True)
    assert read(path) == [["1903-12-31"]]


def test_a_number_format_of_ones_own_wins_over_the_dates(tmp_path):
    styled = column([date(2021, 9, 30)], style=Style(number_format="yyyy年m月"))
    book = openpyxl.load_workbook(assemble(tmp_path / "日.xlsx", styled))
    assert book["表"]["A1"].number_format == "yyyy年m月"


def test_each_row_may_have_a_style_of_its_own(tmp_path):
    bold, plain = Style(bold=True), Style()
    styled = column([1, date(2021, 9, 30), "文"], styles=[bold, plain, bold])
    sheet = openpyxl.load_workbook(assemble(tmp_path / "样.xlsx", styled))["表"]
    assert [sheet.cell(row, 1).font.b for row in (1, 2, 3)] == [True, False, True]
    assert sheet["A2"].number_format == "yyyy-mm-dd"


AWKWARD = [
    "a\r\nb",
    "a\rb",
    " 空 ",
    "a\nb",
    "\t",
    "𠮷" * 3,
    "<&>\"'",
    "%s%%",
    "]]>",
    "\u3000",
    "{r}",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_are_read_back_as_they_are(text, tmp_path):
    sheet = Sheet("表", (CellSpec(1, 1, text),), (Block(1, 2, (BlockColumn([text]),)),))
    path = assemble(tmp_path / "文.xlsx", sheet)
    assert grid(path) == [[text, text]]
    assert read(path) == [[text, text]]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\x07", "_x0007_"),
        ("\ufffe", "_xFFFE_"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_xml_cannot_say_is_written_as_excel_writes_it(text, written):
    ((_, cell),) = cells_of(column([text]))
    assert "".join(cell.itertext()) == written


@pytest.mark.parametrize("unit", ["字", "𠮷"])
@pytest.mark.parametrize("formula", ["", '"x"'])
def test_a_text_that_no_cell_can_hold_is_cut_and_named(unit, formula):
    fits = 32_767 // len(unit.encode("utf-16-le")) * 2 // 1
    texts = ["短", unit * fits * 2]
    sheet = Sheet(
        "表", (CellSpec(9, 9, texts[1]),), (Block(1, 1, (BlockColumn(texts, formula=formula),)),)
    )
    rendered = render(sheet, StyleBook.parse(None))
    root = etree.fromstring(b"".join(worksheet(rendered)))
    longest = max(("".join(cell.itertext()) for cell in root.iter(f"{{{TRANSITIONAL}}}c")), key=len)
    units = len(longest.encode("utf-16-le")) // 2 - (len('"x"') if formula else 0)
    assert 32_765 <= units <= 32_767
    assert longest.endswith("…")
    assert rendered.cut == {(2, 1), (9, 9)}


def test_a_text_of_just_the_limit_is_whole():
    rendered = render(column(["字" * 32_767]), StyleBook.parse(None))
    assert b"".join(worksheet(rendered)).decode().count("字") == 32_767
    assert rendered.cut == set()


# XML 1.0 knows these characters; openpyxl leaves _xHHHH_ of inline strings undecoded.
SAID = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"), min_size=1
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    SAID,
    st.dates(date(1900, 3, 1)),
    st.datetimes(moment("1900-03-01"), moment("2100-01-01")).map(
        lambda at: at.replace(microsecond=0)
    ),
)
COLUMNS = st.integers(1, 6).flatmap(
    lambda height: st.lists(
        st.one_of(
            st.lists(VALUES, min_size=height, max_size=height),
            st.lists(SAID, min_size=height, max_size=height),
            st.lists(st.floats(-1e9, 1e9), min_size=height, max_size=height),
        ),
        min_size=1,
        max_size=4,
    )
)


def as_openpyxl_reads(value):
    if type(value) is date:
        return moment(value.isoformat())
    return value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COLUMNS)
def test_any_values_are_read_back_as_they_were_put_in(tmp_path_factory, columns):
    path = tmp_path_factory.mktemp("w") / "表.xlsx"
    sheet = Sheet("表", blocks=(Block(1, 1, tuple(map(BlockColumn, columns))),))
    assemble(path, sheet)
    rows = [[as_openpyxl_reads(value) for value in row] for row in zip(*columns, strict=True)]
    assert grid(path) == rows


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1))
def test_calamine_reads_any_text_as_it_was_put_in(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("w") / "表.xlsx"
    assemble(path, column(["首", text]))
    shown = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    if not {"\ufffe", "\uffff"} & set(text):  # calamine leaves these two as _xFFFE_
        assert read(path)[-1] == [shown]


def test_columns_beyond_z_are_named_rightly():
    wide = Sheet("表", blocks=(Block(1, 1, tuple(BlockColumn([n]) for n in range(800))),))
    assert [name for name, _ in cells_of(wide)] == [f"{column_letters(n)}1" for n in range(1, 801)]


@pytest.mark.office
def test_libreoffice_opens_it_and_shows_the_same(tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    values = ["=1+1", "a\r\nb", "_x0041_", 0.5, True, None, date(2021, 9, 30), Decimal("1.25")]
    path = assemble(tmp_path / "表.xlsx", column(values, style=FRAMED), FULL)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    made = tmp_path / "made"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", made, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with warnings.catch_warnings(action="ignore"):
        book = openpyxl.load_workbook(made / "表.xlsx", data_only=True)
    shown = [cell.value for cell in book["表"]["A"]]
    assert shown == ["=1+1", "a\nb", "_x0041_", 0.5, True, None, moment("2021-09-30"), 1.25]
    kept = book["完成'情况"]  # without a window LibreOffice forgets frozen panes of any file
    assert kept.print_title_rows == "$1:$3"
    assert [str(area) for area in kept.merged_cells.ranges] == ["A1:C1"]
    assert kept.data_validations.count == 2
    assert kept["A5"].hyperlink.location.endswith("N19")
    assert kept["B9"].value == pytest.approx(1 / 3)
