"""The file renderer and the live renderer give equal sheets; open books read as files do."""

import re
import shutil
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter
from support import live, sample

from xlplan import files, package
from xlplan.app.buttons import with_buttons
from xlplan.live import LiveBook
from xlplan.live.content import LINKED
from xlplan.live.grids import grid_of
from xlplan.live.looks import show
from xlplan.live.render import links, render
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
from xlplan.sheets.results import result_sheets

pytestmark = pytest.mark.office

THIN = Style(border="thin")
EVERYTHING = Sheet(
    "各种 '样式",
    cells=(
        CellSpec(1, 1, "标题", Style(font="黑体", size=18, bold=True, horizontal="center")),
        CellSpec(2, 1, "斜体", Style(italic=True, underline=True, color="0563C1")),
        CellSpec(3, 1, 1.5, THIN.but(border="hair", fill="DDEBF7", number_format="0.0%")),
        CellSpec(
            4,
            1,
            "缩进",
            THIN.but(border="medium", border_color="FF0000", indent=2, horizontal="left"),
        ),
        CellSpec(5, 1, value=True, style=THIN),
        CellSpec(6, 1, date(2021, 9, 30), THIN),
        CellSpec(6, 2, datetime(2021, 9, 30, 8, 30), THIN),
        CellSpec(7, 1, "0072", THIN.but(number_format="@")),
        CellSpec(8, 1, "0072", THIN),
        CellSpec(8, 2, "110101199003071234", THIN),
        CellSpec(8, 3, "=A1 是文字", THIN),
        CellSpec(9, 1, 3, THIN, formula="1+2"),
        CellSpec(9, 2, "甲", THIN, formula='IF(A9>1,"甲","乙")'),
        CellSpec(10, 1, "链接", THIN, link="'各种 ''样式'!A3"),
        CellSpec(11, 1, "网页", THIN, link="https://example.org/"),
        CellSpec(12, 1, 5, THIN.but(vertical="bottom", unlocked=True, wrap=True)),
        CellSpec(14, 1, "甲", THIN),
        CellSpec(15, 1, 0.4, THIN),
    ),
    blocks=(
        Block(
            20,
            2,
            (
                BlockColumn(["a", None, "3月5日"], THIN, sparse=True),
                BlockColumn([2, None, 2], THIN, formula="ROW()-{r}+1*2"),
                BlockColumn([1.0, "—", 2], styles=[THIN, THIN.but(bold=True), THIN]),
            ),
        ),
    ),
    merges=(Area(1, 1, 1, 3),),
    widths={1: 20, 2: 10.5, 3: 8},
    heights={1: 32, 5: 20},
    freeze=(3, 2),
    drop_downs=(DropDown(Area(14, 1, 14, 1), ("甲", "乙")),),
    data_bars=(DataBar(Area(15, 1, 15, 1)),),
    highlights=(Highlight(Area(3, 1, 9, 1), "$A3>1", color="C00000", fill="FFF2CC", bold=True),),
    print=Print(title_rows=(1, 2)),
    tab_color="70AD47",
)

FIRST, LAST = 24, 3  # rows that are looked at cell by cell; all are compared by value elsewhere
SIDES = ("TopBorder2", "BottomBorder2", "LeftBorder2", "RightBorder2")
LOOKS = tuple(
    sorted(
        [
            *("CharFontName", "CharHeight", "CharWeight", "CharColor", "CharUnderline"),
            *("CharPosture", "CellBackColor", "IsTextWrapped", "VertJustify", "HoriJustify"),
            *("NumberFormat", "ParaIndent", "CellProtection", *SIDES),
        ]
    )
)
PAGE = (
    *("IsLandscape", "Width", "Height", "ScaleToPagesX", "ScaleToPagesY", "LeftMargin"),
    *("RightMargin", "TopMargin", "BottomMargin", "CenterHorizontally", "FooterIsOn"),
)


def cells_of(sheet, high, wide):
    """Everything that can be told of each cell of the first rows and the last ones."""
    formats = sheet.book.formats
    values = sheet.range((1, 1), (high, wide)).raw_value
    formulas = sheet.range((1, 1), (high, wide)).xl.getFormulaArray()
    for row in sorted({*range(min(high, FIRST)), *range(max(high - LAST, 0), high)}):
        for column in range(wide):
            cell = sheet.xl.getCellByPosition(column, row)
            looks = dict(zip(LOOKS, cell.getPropertyValues(LOOKS), strict=True))
            is_text = isinstance(values[row][column], str)
            fields = cell.getTextFields() if is_text else None
            looks |= {
                "value": values[row][column],
                "formula": plainly(formulas[row][column]),
                "NumberFormat": formats.code(looks["NumberFormat"]),
                "CharPosture": looks["CharPosture"].value,
                "HoriJustify": looks["HoriJustify"].value,
                "ParaIndent": looks["ParaIndent"] // 20,
                "CellProtection": looks["CellProtection"].IsLocked,
                "merged": cell.getIsMerged(),
                "link": fields.getByIndex(0).URL if fields and fields.Count else "",
                **{side: line(looks[side]) for side in SIDES},
            }
            yield (row + 1, column + 1), looks


def plainly(formula):
    """A formula, sheets always within quotation marks; LibreOffice leaves some out."""
    return re.sub(r"\$'?([\w（）]+)'?\.", r"\1!", formula).upper()


def line(border):
    return (border.LineWidth, border.Color if border.LineWidth else 0)


def settings_of(sheet, described):
    """What a sheet has beside its cells."""
    document = sheet.book.document
    styles = document.StyleFamilies
    page = styles.getByName("PageStyles").getByName(sheet.xl.PageStyle)
    footer = page.RightPageFooterContent
    controller = sheet.book.controller
    controller.setActiveSheet(sheet.xl)
    rows = sheet.xl.getTitleRows()
    return {
        "widths": [
            round(sheet.xl.Columns.getByIndex(at - 1).Width / 20) for at in described.widths
        ],
        "heights": [sheet.xl.Rows.getByIndex(at).Height for at in (0, 4)],
        "tab": sheet.xl.TabColor,
        "page": {name: getattr(page, name) for name in PAGE},
        "footer": footer.CenterText.String.replace("99", "1"),
        "titles": (sheet.xl.getPrintTitleRows(), rows.StartRow, rows.EndRow),
        "frozen": (
            controller.hasFrozenPanes(),
            controller.getSplitRow() if controller.hasFrozenPanes() else 0,
            controller.getSplitColumn() if controller.hasFrozenPanes() else 0,
        ),
        "grid": controller.ShowGrid,
        "rules": sorted(rules_of(sheet)),
    }


def rules_of(sheet):
    """Every rule by the columns that it is for: how a program groups rules is its own affair."""
    cell_styles = sheet.book.document.StyleFamilies.getByName("CellStyles")
    for rule in sheet.xl.ConditionalFormats.getConditionalFormats():
        areas = rule.Range.RangeAddresses
        for area in areas:
            right = area.StartColumn - min(one.StartColumn for one in areas)
            rows = area.StartRow, area.EndRow
            columns = range(area.StartColumn, area.EndColumn + 1)
            for entry in map(rule.getByIndex, range(rule.getCount())):
                if entry.getType() == 2:
                    ends = [(end.getType(), end.getFormula()) for end in entry.DataBarEntries]
                    said = str((entry.Color, ends))
                else:
                    style = cell_styles.getByName(entry.StyleName)
                    looks = (style.CharColor, style.CellBackColor, style.CharWeight)
                    said = str((moved(entry.Formula1, right), looks))
                yield from ((entry.getType(), rows, column, said) for column in columns)


def moved(formula, columns):
    """A formula as it reads that many columns to the right."""

    def there(found):
        return f"{get_column_letter(column_index_from_string(found[1]) + columns)}{found[2]}"

    return re.sub(r"(?<![A-Z$])([A-Z]{1,2})(\$?\d+)", there, formula)


@pytest.fixture(scope="module")
def results():
    return result_sheets(sample.figures())


@pytest.fixture(scope="module")
def both(office_app, results, tmp_path_factory):
    """The same sheets: written into the sample's file and opened; put onto the opened sample."""
    path = tmp_path_factory.mktemp("both") / "写好.xlsx"
    sheets = (*results, EVERYTHING)
    package.write_sheets(sample.CHOSEN, sheets, path)
    with live.opened(office_app, path) as written, live.opened(office_app, sample.CHOSEN) as book:
        for sheet in sheets:
            book.sheets.add(sheet.name, after=book.sheets[len(book.sheets) - 1])
        for sheet in sheets:
            render(sheet, book.sheets[sheet.name], fresh=True)
            show(sheet, book.sheets[sheet.name])
        yield written, book


NAMES = ["完成情况", "计入明细", "档次统计", "诊断", EVERYTHING.name]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_the_same_from_the_file_and_live(both, name):
    written, book = (one.sheets[name].impl for one in both)
    last = written.used_range
    high, wide = last.shape
    one, two = dict(cells_of(written, high, wide)), dict(cells_of(book, high, wide))
    different = {
        (place, key): (said, two[place][key])
        for place, cell in one.items()
        for key, said in cell.items()
        if not same(said, two[place][key]) and not linked(key, two[place])
    }
    assert not different, list(different.items())[:20]


def linked(key, cell):
    """Whether a link is a formula on the live sheet: another test looks at those."""
    return key in ("formula", "link") and cell["formula"].startswith("=HYPERLINK(")


def same(one, two):
    if isinstance(one, float) and isinstance(two, float):
        return one == pytest.approx(two, rel=1e-12)
    return one == two


@pytest.mark.parametrize("name", NAMES)
def test_sizes_print_set_up_panes_and_rules_are_the_same(both, results, name):
    written, book = (one.sheets[name].impl for one in both)
    described = next(sheet for sheet in (*results, EVERYTHING) if sheet.name == name)
    one, two = settings_of(book, described), settings_of(written, described)
    assert one.pop("widths") == pytest.approx(two.pop("widths"), abs=1)
    assert one == two


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_arrows_to_filter_by_are_the_same(both, tmp_path):
    def filters(book, path):
        book.impl.api.SaveCopyAs(str(path))
        saved = openpyxl.load_workbook(path)
        return {name: saved[name].auto_filter.ref for name in NAMES}

    written, book = (filters(one, tmp_path / f"{at}.xlsx") for at, one in enumerate(both))
    assert book == written
    assert sum(bool(area) for area in book.values()) > 1


def test_more_links_than_can_be_laid_are_formulas_that_lead_to_the_same_cells(both, results):
    _, book = both
    described = next(sheet for sheet in results if sheet.name == "计入明细")
    wanted = {(row, column): link for row, column, link in links(described)}
    assert len(wanted) > LINKED
    (row, column), link = next(iter(wanted.items()))
    assert f'"#{link}"' in book.sheets["计入明细"].range((row, column)).formula


def test_buttons_stand_beside_each_other_where_they_are_described(office_app, results):
    described = with_buttons(results[0])
    book = office_app.books.add()
    try:
        target = book.sheets.add(described.name)
        render(described, target, fresh=True)
        page = target.impl.xl.DrawPage
        shapes = [page.getByIndex(at) for at in range(page.Count)]
        shown = [(one.Control.Label, one.Position.X, one.Size.Width) for one in shapes]
        left = {one.column: target.range((1, one.column)).left for one in described.buttons}
        wanted = [
            (one.caption, (left[one.column] + one.left) * 2540 / 72, one.width * 2540 / 72)
            for one in described.buttons
        ]
        assert [one[0] for one in shown] == [one[0] for one in wanted]
        for one, two in zip(shown, wanted, strict=True):
            assert one[1:] == pytest.approx(two[1:], abs=5)
    finally:
        book.close()


def test_rules_and_bars_show_at_once_and_not_only_when_the_file_is_opened_again(
    office_app, tmp_path
):
    light = Highlight(Area(1, 1, 2, 1), "$A1>1", fill="FF0000")
    cells = tuple(CellSpec(row, column, float(row)) for row in (1, 2) for column in (1, 2))
    described = Sheet("光", cells, highlights=(light,), data_bars=(DataBar(Area(1, 2, 2, 2)),))
    book = office_app.books.add()
    try:
        target = book.sheets.add(described.name)
        for _ in range(2):
            render(
                described, target, fresh=len(list(target.range("A1:B2").conditional_formats)) < 1
            )
            seen = live.colors(target.range("A1:B2"), tmp_path / "光.pdf")
            assert (255, 0, 0) in seen
            assert any(blue > red + 60 for red, _, blue in seen)
            assert len(list(target.range("A1:B2").conditional_formats)) == 2
    finally:
        book.close()


def test_rules_of_a_file_that_the_command_wrote_are_not_doubled_by_a_click(
    office_app, results, tmp_path, monkeypatch
):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    path = tmp_path / "写好.xlsx"
    package.write_sheets(sample.CHOSEN, results[:1], path)
    with live.opened(office_app, path) as book:
        whole = book.sheets[results[0].name].range("A1:P200")
        before = sorted((one.type, one.formula or "") for one in whole.conditional_formats)
        open_book = LiveBook(book)
        open_book.put(results[:1])
        open_book.save()
        after = sorted((one.type, one.formula or "") for one in whole.conditional_formats)
        assert after == before
        assert len(after) > 5


def test_a_sheet_of_many_rows_costs_no_more_calls_than_one_of_few(office_app):
    book = office_app.books.add()
    try:
        costs = []
        for height in (50, 5000):
            columns = (
                BlockColumn(["甲", "0072"] * (height // 2), THIN),
                BlockColumn([1.5] * height),
            )
            target = book.sheets.add(after=book.sheets[len(book.sheets) - 1])
            with live.counting_calls() as calls:
                render(Sheet("表", blocks=(Block(2, 1, columns),)), target, fresh=True)
            costs.append(calls.total())
        assert costs[0] >= costs[1] > 20
    finally:
        book.close()


@pytest.mark.parametrize("path", [sample.CHOSEN, sample.OPEN], ids=lambda path: path.stem)
def test_an_open_book_reads_as_its_file_does(office_app, tmp_path, path):
    path = Path(shutil.copy(path, tmp_path))
    source = files.open_workbook(path)
    with live.opened(office_app, path) as book:
        open_book = LiveBook(book)
        assert open_book.sheet_names() == source.sheet_names()
        for name in source.sheet_names():
            assert comparable(open_book.grid(name)) == comparable(source.grid(name))


def comparable(grid):
    """What a grid says, whatever empty edges it has."""
    cells = {
        (grid.first_row + down, grid.first_column + across): value
        for down, row in enumerate(grid.rows)
        for across, value in enumerate(row)
        if value not in ("", None)
    }
    spans = {
        (span.first_row, span.first_column, span.last_row, span.last_column) for span in grid.merged
    }
    return cells, spans, grid.hidden_rows, grid.filtered_rows, dict(grid.errors), grid.visible


@pytest.fixture
def odd_book(tmp_path):
    """Whatever a cell can hold, hidden rows, a filter, merged cells, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "怪 '表"
    for row in (
        ["0072", "110101199003071234", True, date(2021, 9, 30)],
        [1.5, None, False, datetime(2021, 9, 30, 8, 30)],
        ["=NA()", "=1/0", "#N/A", time(8, 30)],
        ["甲", "=1+1", '=""', -7],
        ["乙", 2, None, None],
    ):
        sheet.append(row)
    sheet["C3"].data_type = "e"
    sheet.merge_cells("A8:C9")
    sheet["A8"] = "合并"
    sheet["E1"] = "三行"
    sheet.merge_cells("E1:E3")
    sheet.row_dimensions[2].hidden = True
    book.create_sheet("藏起来").sheet_state = "hidden"
    path = tmp_path / "怪.xlsx"
    book.save(path)
    return path


def test_odd_cells_read_as_they_do_from_the_file_that_the_office_saves(
    office_app, odd_book, tmp_path
):
    with live.opened(office_app, odd_book) as book:
        saved = tmp_path / "存.xlsx"
        book.api.SaveCopyAs(str(saved))
        source = files.open_workbook(saved)
        for sheet in book.sheets:
            assert comparable(grid_of(sheet)) == comparable(source.grid(sheet.name))
        grid = grid_of(book.sheets[0])
    assert dict(grid.errors) == {(3, 1): "#N/A", (3, 2): "#DIV/0!", (3, 3): "#N/A"}
    assert grid.at(1, 1) == "0072"
    assert grid.at(1, 3) is True
    assert grid.at(3, 4) == time(8, 30)
    assert grid.hidden_rows == {2}


def test_a_clerks_own_rules_drop_downs_and_comments_stay_when_a_sheet_is_put_again(office_app):
    book = office_app.books.add()
    try:
        target = book.sheets[0]
        render(EVERYTHING, target, fresh=True)
        own = target.range("B3:B9").conditional_formats
        own.add_custom(formula="=$B3>7", fill_color="#00FF00")
        document = target.impl.xl
        where = document.getCellByPosition(1, 2).CellAddress
        document.Annotations.insertNew(where, "核对过")
        render(EVERYTHING, target, fresh=False)
        kinds = [
            (rule.type, rule.impl.formula) for rule in target.range("A1:D30").conditional_formats
        ]
        assert sorted(kinds, key=str) == [
            ("custom", "=$A3>1"),
            ("custom", "=$B3>7"),
            ("data_bar", None),
        ]
        assert document.Annotations.getCount() == 1
    finally:
        book.close()


def test_undo_puts_back_what_a_save_replaced_and_removes_what_it_added(
    office_app, tmp_path, monkeypatch
):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    path = Path(tmp_path / "书.xlsx")
    package.write_sheets(sample.CHOSEN, [Sheet("完成情况", EVERYTHING.cells[:6])], path)
    with live.opened(office_app, path) as book:
        before = dict(cells_of(book.sheets["完成情况"].impl, 9, 4))
        names = [sheet.name for sheet in book.sheets]
        open_book = LiveBook(book)
        open_book.put(result_sheets(sample.figures())[:3])
        written = open_book.save()
        assert written.replaced == ("完成情况",)
        assert len(book.sheets) == len(names) + len(written.added)
        assert LiveBook(book).undo() == (*written.replaced, *written.added)
        assert [sheet.name for sheet in book.sheets] == names
        after = dict(cells_of(book.sheets["完成情况"].impl, 9, 4))
        different = {
            (place, key): (said, after[place][key])
            for place, cell in before.items()
            for key, said in cell.items()
            # LibreOffice saves the font in which it shows Chinese, not the one that is asked for.
            if said != after[place][key] and key != "CharFontName"
        }
        assert not different, different


def test_what_fails_halfway_leaves_the_book_as_it_was(office_app, tmp_path, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    with live.opened(office_app, shutil.copy(sample.CHOSEN, tmp_path)) as book:
        names = [sheet.name for sheet in book.sheets]
        broken = CellSpec(1, 1, "x", Style(border="thin", border_color="不是颜色"))
        open_book = LiveBook(book)
        open_book.put([Sheet("甲", EVERYTHING.cells[:2]), Sheet("乙", (broken,))])
        with pytest.raises(ValueError, match="int"):
            open_book.save()
        assert [sheet.name for sheet in book.sheets] == names


def test_a_protected_sheet_is_refused_before_anything_is_written(office_app, tmp_path, monkeypatch):
    from xlplan.diagnostics import RequestError

    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    with live.opened(office_app, shutil.copy(sample.CHOSEN, tmp_path)) as book:
        target = book.sheets.add("完成情况", after=book.sheets[0])
        target.impl.xl.protect("密码")
        open_book = LiveBook(book)
        open_book.put(
            [Sheet("诊断", EVERYTHING.cells[:2]), Sheet("完成情况", EVERYTHING.cells[:2])]
        )
        with pytest.raises(RequestError, match="XP804"):
            open_book.save()
        assert "诊断" not in [sheet.name for sheet in book.sheets]
