"""What takes many calls, each needing the last one's answer: done in the office where it can be.

`far.given` and `far.told` run these there, on LibreOffice's own objects; without its Python they
run here, on the remote ones, and are only slower. The office loads this file by itself, for
whatever Python 3 it brings: it stands alone. Rows and columns count from 0.
"""

from hashlib import sha256
from typing import Any

import uno

Remote = Any
"""An object of LibreOffice's: here, or far from here."""

Plain = Any
"""Numbers, texts, and tuples of them, as they pass between there and here."""

_TITLE_ROWS = 8
"""Rows in which merged areas may be many; below, they are few and alike."""

_DATE, _TIME, _LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
_NUMBERS, _ERRORS = 1, 4  # com.sun.star.sheet.FormulaResult
_PLAIN, _DAYS = 1, 2  # com.sun.star.sheet.CellFlags: numbers, and those that show days or times
_FEW = 8
_CONDITION, _BAR = 0, 2  # com.sun.star.sheet.ConditionEntryType
_FORMULA = 24  # com.sun.star.sheet.ConditionFormatOperator
_BAR_VALUE = 4  # com.sun.star.sheet.DataBarEntryType
_NEVER = "FALSE"
_TWIPS_PER_POINT = 20


def _address(sheet: int, area: Plain) -> Remote:
    row, column, rows, columns = area
    made = uno.createUnoStruct("com.sun.star.table.CellRangeAddress")
    made.Sheet, made.StartRow, made.StartColumn = sheet, row, column
    made.EndRow, made.EndColumn = row + rows - 1, column + columns - 1
    return made


def together(document: Remote, sheet: Remote, areas: Plain) -> Remote:
    """Several areas (row, column, number of rows, number of columns) as one object."""
    made = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    number = sheet.RangeAddress.Sheet
    made.addRangeAddresses(tuple(_address(number, area) for area in areas), False)
    return made


def corners(cells: Remote) -> Plain:
    """First row and column, last row and column."""
    there = cells.RangeAddress
    return there.StartRow, there.StartColumn, there.EndRow, there.EndColumn


def used(sheet: Remote) -> Plain:
    """The corners of what is used."""
    cursor = sheet.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    return corners(cursor)


def spreadsheets(desktop: Remote) -> Plain:
    """The spreadsheet documents that are open, those that hide included."""
    walk, found = desktop.Components.createEnumeration(), []
    while walk.hasMoreElements():
        found.append(walk.nextElement())
    return tuple(one for one in found if _is_spreadsheet(one))


def front(desktop: Remote) -> Remote:
    """The document in front; None where that is no spreadsheet."""
    found = desktop.CurrentComponent
    return found if found is not None and _is_spreadsheet(found) else None


def _is_spreadsheet(document: Remote) -> bool:
    try:
        return bool(document.supportsService("com.sun.star.sheet.SpreadsheetDocument"))
    except AttributeError:  # not every window says what it is
        return False


def seen(controller: Remote) -> Plain:
    """The sheet in front, the corners of the cells selected there, first row and column in view."""
    chosen = controller.getSelection()
    return (
        controller.getActiveSheet().Name,
        corners(chosen) if hasattr(chosen, "RangeAddress") else (),
        controller.FirstVisibleRow,
        controller.FirstVisibleColumn,
    )


def hidden_rows(sheet: Remote, first: int, last: int) -> Plain:
    """Those of some rows that do not show, by hand or by a filter."""
    hidden = {*range(first, last + 1)}
    cells = sheet.getCellRangeByPosition(0, first, 0, last)
    for part in cells.queryVisibleCells().RangeAddresses:
        hidden -= {*range(part.StartRow, part.EndRow + 1)}
    return tuple(sorted(hidden))


def filtered_rows(sheet: Remote, asked: Plain) -> Plain:
    """Those of some rows that a filter hides."""
    rows = sheet.Rows
    return tuple(row for row in asked if rows.getByIndex(row).IsFiltered)


def whole(sheet: Remote, formats: Remote) -> Plain:
    """All of a sheet.

    Its name and whether it shows; what it holds, from where; merged areas; rows that hide, and
    those that a filter hides.
    """
    top, left, bottom, right = used(sheet)
    cells = sheet.getCellRangeByPosition(left, top, right, bottom)
    hidden = hidden_rows(sheet, top, bottom)
    return (
        (sheet.Name, sheet.IsVisible),
        contents(cells, formats),
        (top, left),
        merged_areas(sheet, cells),
        hidden,
        filtered_rows(sheet, hidden),
    )


def groups(cells: Remote) -> Remote:
    """The cells in groups that look alike; that they are merged counts among the looks."""
    found = cells.getUniqueCellFormatRanges()
    return tuple(found.getByIndex(at) for at in range(found.Count))


def contents(cells: Remote, formats: Remote) -> Plain:
    """What cells hold: numbers and texts; parts that show days or truths; errors.

    Of each part its corners and what the format shows, of each error its place and number; places
    count from the first of the cells. The number of calls does not grow with the cells.
    """
    rows = cells.getDataArray()
    top, left, _, _ = corners(cells)
    special = []
    if any(type(value) is float for row in rows for value in row):
        special = [
            (_within(part, top, left), kind) for part, kind in _special(cells, rows, formats)
        ]
    errors = []
    found = cells.queryFormulaCells(_ERRORS)
    if found.Count:
        walk = found.Cells.createEnumeration()
        while walk.hasMoreElements():
            cell = walk.nextElement()
            spot = cell.CellAddress
            errors.append((spot.Row - top, spot.Column - left, cell.getError()))
    return rows, tuple(special), tuple(errors)


def _within(part: Remote, top: int, left: int) -> Plain:
    return part.StartRow - top, part.StartColumn - left, part.EndRow - top, part.EndColumn - left


def _special(cells: Remote, rows: Plain, formats: Remote) -> Remote:
    """The parts of a rectangle that show days, times or truth values, with the format's kind.

    LibreOffice finds days itself, but not among what formulas give; nor does it find truth values:
    for those the formats are asked, and only where there are numbers that may be such.
    """
    for part in cells.queryContentCells(_DAYS).RangeAddresses:
        yield part, _DATE
    asked = [*cells.queryFormulaCells(_NUMBERS).RangeAddresses]
    if _holds_truths(rows):
        there = cells.RangeAddress
        for part in cells.queryContentCells(_PLAIN).RangeAddresses:
            top, left, bottom, right = _within(part, there.StartRow, there.StartColumn)
            if _holds_truths(row[left : right + 1] for row in rows[top : bottom + 1]):
                asked.append(part)
    for alike in _of_one_format(cells, asked):
        kind = formats.getByKey(alike.NumberFormat).Type
        if kind & (_DATE | _TIME | _LOGICAL):
            for part in alike.RangeAddresses if hasattr(alike, "Count") else [alike.RangeAddress]:
                yield part, kind


def _holds_truths(rows: Plain) -> bool:
    return any(type(value) is float and value in (0.0, 1.0) for row in rows for value in row)


def _of_one_format(cells: Remote, asked: Plain) -> Remote:
    """Some parts of a rectangle, cut so that each has one format; of many parts, all of it."""
    if len(asked) > _FEW:
        yield from groups(cells)
        return
    for part in asked:
        found = cells.Spreadsheet.getCellRangeByPosition(
            part.StartColumn, part.StartRow, part.EndColumn, part.EndRow
        )
        if found.NumberFormat is None:
            yield from groups(found)
        else:
            yield found


def merged_areas(sheet: Remote, cells: Remote) -> Plain:
    """The merged areas that begin within some cells: row, column, rows, columns of each."""
    if not cells.getIsMerged():
        return ()
    top, left, bottom, right = corners(cells)
    titles = min(bottom, top + _TITLE_ROWS - 1)
    probe = _Probe(sheet)
    found = probe.merged(top, left, titles, right)
    if bottom > titles and probe.is_merged(titles + 1, left, bottom, right):
        rest = sheet.getCellRangeByPosition(left, titles + 1, right, bottom)
        found += _merged_alike(sheet, rest)
    return tuple(found)


def _merged_alike(sheet: Remote, cells: Remote) -> Plain:
    """The same of cells that have many: equal ones are told at once."""
    found = []
    for group in groups(cells):
        areas = group.RangeAddresses
        first = sheet.getCellByPosition(areas[0].StartColumn, areas[0].StartRow)
        if first.getIsMerged():
            cursor = sheet.createCursorByRange(first)
            cursor.collapseToMergedArea()
            top, left, bottom, right = corners(cursor)
            for area in areas:
                found += [
                    (row, column, bottom - top + 1, right - left + 1)
                    for row in range(area.StartRow, area.EndRow + 1)
                    for column in range(area.StartColumn, area.EndColumn + 1)
                ]
    return found


class _Probe:
    """One cursor that is asked about one place after another: each new object costs ten calls."""

    def __init__(self, sheet: Remote) -> None:
        self._cursor = sheet.createCursorByRange(sheet.getCellRangeByPosition(0, 0, 0, 0))
        self._row = self._column = 0

    def is_merged(self, top: int, left: int, bottom: int, right: int) -> bool:
        """Whether a merged area begins within some cells."""
        self._cursor.collapseToSize(1, 1)
        self._cursor.gotoOffset(left - self._column, top - self._row)
        self._cursor.collapseToSize(right - left + 1, bottom - top + 1)
        self._row, self._column = top, left
        return bool(self._cursor.getIsMerged())

    def merged(self, top: int, left: int, bottom: int, right: int) -> Plain:
        """The merged areas that begin there, row by row from the left."""
        found = []
        for row in range(top, bottom + 1):
            first = left
            while first <= right and self.is_merged(row, first, row, right):
                first = self._first(row, first, right)
                found.append((row, first, *self._size()))
                first += 1
        return found

    def _first(self, row: int, first: int, last: int) -> int:
        """The first column where an area begins, found by halving; the cursor stands there."""
        while first < last:
            if self.is_merged(row, first, row, first):
                return first
            first += 1
            middle = (first + last) // 2
            if self.is_merged(row, first, row, middle):
                last = middle
            else:
                first = middle + 1
        self.is_merged(row, first, row, first)
        return first

    def _size(self) -> Plain:
        """Rows and columns of the area that begins where the cursor stands."""
        self._cursor.collapseToMergedArea()
        top, left, bottom, right = corners(self._cursor)
        return bottom - top + 1, right - left + 1


def page_style(document: Remote, sheet: Remote) -> Remote:
    """The page style that a sheet has to itself."""
    styles, name = document.StyleFamilies.getByName("PageStyles"), _page_style_of(sheet)
    if not styles.hasByName(name):
        styles.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
    return styles.getByName(name)


def _page_style_of(sheet: Remote) -> str:
    return f"PageStyle_{sheet.Name}"


def follow_page_style(sheet: Remote) -> None:
    """Let a sheet be printed as its own page style says."""
    if sheet.PageStyle != _page_style_of(sheet):
        sheet.PageStyle = _page_style_of(sheet)


def footer(style: Remote, document: Remote, pieces: Plain) -> None:
    """The middle of a page's footer: texts, and between them what is counted, P or N."""
    content = style.RightPageFooterContent
    for part in (content.LeftText, content.RightText):
        part.setString("")
    text = content.CenterText
    text.setString("")
    for at, piece in enumerate(pieces):
        end = text.createTextCursor()
        end.gotoEnd(False)
        if at % 2 == 0:
            text.insertString(end, piece, False)
        else:
            kind = {"P": "PageNumber", "N": "PageCount"}[piece]
            field = document.createInstance(f"com.sun.star.text.TextField.{kind}")
            text.insertTextContent(end, field, False)
    style.RightPageFooterContent = content


def lay_conditions(cells: Remote, rules: Remote) -> None:
    """Lay rules on cells in the place of all that are there: formula, style, where it counts from.

    What LibreOffice 7 makes by `createByRange` shows only when the file is opened again; what is
    laid by this older property shows, but takes the place of all that was there before.
    """
    laid = cells.ConditionalFormat
    laid.clear()
    number = cells.RangeAddress.Sheet
    for formula, style, row, column in rules:
        place = uno.createUnoStruct("com.sun.star.table.CellAddress")
        place.Sheet, place.Row, place.Column = number, row, column
        said = {
            "Operator": uno.Enum("com.sun.star.sheet.ConditionOperator", "FORMULA"),
            "Formula1": formula,
            "StyleName": style,
            "SourcePosition": place,
        }
        laid.addNew(tuple(_named(name, value) for name, value in said.items()))
    cells.ConditionalFormat = laid


def rules_on(rules: Remote, cells: Remote) -> Remote:
    """The conditional formats of a sheet that touch some cells."""
    mine = corners(cells)
    return tuple(
        rule
        for rule in rules.getConditionalFormats()
        if any(_meet(mine, _within(part, 0, 0)) for part in rule.Range.RangeAddresses)
    )


def _created(rules: Remote, document: Remote, cells: Remote, kind: int) -> Remote:
    """A rule of its own, beside what is there; saved at once, seen when opened again."""
    area = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    area.addRangeAddress(cells.RangeAddress, False)
    number = rules.createByRange(area)
    made = next(one for one in rules.getConditionalFormats() if number == one.ID)
    made.createEntry(kind, 0)
    return made


def add_condition(
    rules: Remote, document: Remote, cells: Remote, formula: str, style: str
) -> Remote:
    """A formula beside the rules that are there, and the style where it holds."""
    made = _created(rules, document, cells, _CONDITION)
    entry = made.getByIndex(0)
    entry.Operator, entry.StyleName, entry.Formula1 = _FORMULA, style, formula
    return made


def add_data_bar(
    rules: Remote, document: Remote, cells: Remote, looks: Plain, ends: Plain
) -> Remote:
    """Bars in cells: their colour, whether with a gradient and with the value; their ends.

    What LibreOffice makes shows at once only in the place of a rule just taken away: it gets that
    rule's number, which the cells still bear. Where there is none, one that never holds is laid, in
    the style that is the last of the looks.
    """
    color, has_gradient, shows_value, style = looks
    if not rules_on(rules, cells):
        top, left, _, _ = corners(cells)
        lay_conditions(cells, ((_NEVER, style, top, left),))
        rules.removeByID(rules_on(rules, cells)[0].ID)
    made = _created(rules, document, cells, _BAR)
    entry = made.getByIndex(0)
    entry.Color, entry.UseGradient, entry.ShowValue = color, has_gradient, shows_value
    for end, value in zip(entry.DataBarEntries, ends):
        if value:
            end.setType(_BAR_VALUE)
            end.setFormula(value)
    return made


def _named(name: str, value: Plain) -> Remote:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def cell_style(document: Remote, name: str, names: Plain, values: Plain) -> None:
    """A cell style of that name, made with those properties where there is none yet."""
    styles = document.StyleFamilies.getByName("CellStyles")
    if not styles.hasByName(name):
        styles.insertByName(name, document.createInstance("com.sun.star.style.CellStyle"))
        style = styles.getByName(name)
        style.ParentStyle = "Default"
        for key, value in zip(names, values):
            setattr(style, key, value)


def number_format(cells: Remote, formats: Remote, code: str) -> None:
    """Give cells a number format by its code, made known to the document if need be."""
    english = uno.createUnoStruct("com.sun.star.lang.Locale")
    english.Language, english.Country = "en", "US"
    key = formats.queryKey(code, english, False)
    cells.NumberFormat = formats.addNew(code, english) if key < 0 else key


def digit_width(document: Remote) -> int:
    """The widest digit of the document's default font, in twips; 0 where nobody knows."""
    style = document.StyleFamilies.getByName("CellStyles").getByName("Default")
    wanted = uno.createUnoStruct("com.sun.star.awt.FontDescriptor")
    wanted.Name, wanted.Height = style.CharFontName, round(style.CharHeight * _TWIPS_PER_POINT)
    device = document.ReferenceDevice
    font = device.getFont(wanted) if device is not None else None
    return 0 if font is None else max(font.getCharWidth(digit) for digit in "0123456789")


def link(cells: Remote, document: Remote, url: str) -> None:
    """Lay a link on a cell that holds a text; a number's or a formula's cell takes none."""
    cell = cells.getCellByPosition(0, 0)
    if cell.Type.value != "TEXT":
        return
    field = document.createInstance("com.sun.star.text.TextField.URL")
    field.URL, field.Representation = url, cell.String
    cell.setString("")
    cell.insertTextContent(cell.createTextCursor(), field, False)


def mark(sheet: Remote) -> Plain:
    """A mark of where a sheet's cells are and what was entered in them; looks and results not."""
    top, left, bottom, right = used(sheet)
    said = sheet.getCellRangeByPosition(left, top, right, bottom).getFormulaArray()
    whole = repr(((top, left, bottom, right), said))
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def add_sheet(sheets: Remote, after: Remote, name: str) -> Remote:
    """A new sheet of that name, behind another one."""
    sheets.insertNewByName(name, after.RangeAddress.Sheet + 1)
    return sheets.getByName(name)


def title_rows(sheet: Remote, first: int, last: int) -> None:
    """Let every page repeat some rows."""
    there = sheet.RangeAddress
    there.StartRow, there.EndRow = first, last
    sheet.setTitleRows(there)
    sheet.setPrintTitleRows(True)


def freeze(controller: Remote, column: int, row: int) -> None:
    """Keep rows above and columns before a cell in view; LibreOffice goes by pixels.

    So it may land one row or column beside the place asked for, and is asked once more.
    """
    for down in (0, -1, 1):
        for across in (0, -1, 1):
            controller.freezeAtPosition(column + across, row + down)
            if (column, row) in ((0, 0), (controller.SplitColumn, controller.SplitRow)):
                return


def auto_filter(context: Remote, controller: Remote, cells: Remote) -> None:
    """Give the first row of some cells arrows to filter by; what is selected stays so."""
    before, front = controller.getSelection(), controller.getActiveSheet()
    controller.select(cells)
    helper = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.DispatchHelper", context
    )
    helper.executeDispatch(controller.Frame, ".uno:DataFilterAutoFilter", "", 0, ())
    controller.select(before)
    controller.setActiveSheet(front)


def put(sheet: Remote, cells: Remote, rows: Plain, formulas: Plain, formats: Remote) -> None:
    """Put numbers and texts into cells, then formulas.

    Of these the corners, their rows, and the same as they were written: a text cell keeps that.
    LibreOffice drops the comments on cells that are written so: they are laid again.
    """
    held = notes(sheet, cells)
    texts = _parts(cells, formats, "@") if formulas else ()
    cells.setDataArray(rows)
    for place, said, written in formulas:
        top, left, bottom, right = place
        if any(_meet(place, part) for part in texts):
            _put_singly(sheet, place, said, written, texts)
        else:
            sheet.getCellRangeByPosition(left, top, right, bottom).setFormulaArray(said)
    for row, column, text in held:
        spot = uno.createUnoStruct("com.sun.star.table.CellAddress")
        spot.Sheet, spot.Row, spot.Column = sheet.RangeAddress.Sheet, row, column
        sheet.Annotations.insertNew(spot, text)


def _put_singly(sheet: Remote, place: Plain, said: Plain, written: Plain, texts: Plain) -> None:
    """The same cell by cell; text cells keep what was written, unless that is a truth value."""
    top, left, bottom, right = place
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            cell, text = sheet.getCellByPosition(column, row), written[row - top][column - left]
            is_text = any(_meet((row, column, row, column), part) for part in texts)
            if is_text and isinstance(text, str):
                cell.setString(text)
            else:
                cell.setFormula(said[row - top][column - left])


def _parts(cells: Remote, formats: Remote, code: str) -> Plain:
    """The corners of those parts of some cells that have a number format, by its code."""
    found = []
    for group in groups(cells):
        if formats.getByKey(group.NumberFormat).FormatString == code:
            found += [
                (part.StartRow, part.StartColumn, part.EndRow, part.EndColumn)
                for part in group.RangeAddresses
            ]
    return found


def _meet(one: Plain, two: Plain) -> bool:
    return bool(one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3])


def marks(sheets: Remote, names: Plain) -> Plain:
    """The mark of each of some sheets."""
    return tuple(mark(sheets.getByName(name)) for name in names)


def notes(sheet: Remote, cells: Remote) -> Plain:
    """The comments on some cells: row, column and text of each."""
    top, left, bottom, right = corners(cells)
    there = sheet.Annotations
    found = [there.getByIndex(at) for at in range(there.Count)]
    places = [(one.Position.Row, one.Position.Column, str(one.String)) for one in found]
    return tuple(
        (row, column, said)
        for row, column, said in places
        if top <= row <= bottom and left <= column <= right
    )
