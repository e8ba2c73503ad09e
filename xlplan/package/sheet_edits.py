"""The edits of one sheet part: its rows spliced, what refers to them grown.

Only the rows that an edit touches are parsed. Every edit is tried; those that could not go without
harm are collected as refusals, and the caller decides what that means for the others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.container import Container, Member
from xlplan.diagnostics import Cell, column_letters
from xlplan.package.edits import AddRows, CellEdit, Refusal, SetCell
from xlplan.package.growing import Growth, grown_on_sheet
from xlplan.package.guard import check_sheet_part
from xlplan.package.hull import Hull, read_hull
from xlplan.package.own import areas, meet, piece
from xlplan.package.render import COLUMNS, ROWS, reference
from xlplan.package.row_cells import Dressing, Row, new_row, row_of
from xlplan.package.row_spans import RowSpan, array_references, located, shared_formula
from xlplan.package.styles import StyleBook
from xlplan.package.xml_offsets import Edit, Text, attribute, check_whole, spliced, text_of
from xlplan.sheets.description import Area, Value

FORMULA, ARRAY = "单元格里是公式", "单元格属于数组公式或模拟运算表"
MERGED, LOCKED = "单元格在合并区域里", "工作表设有保护，这个单元格已锁定"
SHARED, RICH = "单元格里的公式由几个单元格共用", "单元格里是富数据，不是普通的值"
OCCUPIED, BEYOND = "这里已有内容，放不下新的一行", "超出工作表的范围"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the sheet's other parts and the book say about where edits may go.

    `forbidden` are areas with the reason why no cell of them may be written.
    """

    styles: StyleBook
    date1904: bool
    forbidden: Sequence[tuple[Area, str]] = ()


@dataclass(slots=True)
class EditedSheet:
    """What the edits make of a sheet part, and which of them were refused."""

    content: bytes = b""
    refused: list[Refusal] = field(default_factory=list)
    growths: list[Growth] = field(default_factory=list)
    formulas_went: bool = False  # an entry of the chain of calculation now leads nowhere


def edited(
    container: Container, member: Member, edits: Sequence[CellEdit], around: Surroundings
) -> EditedSheet:
    """The sheet part with these edits done; XP004, XP008 where it is no whole sheet part."""
    return _Editor(container, member, around).run(edits)


class _Editor:
    """One sheet part at work."""

    def __init__(self, container: Container, member: Member, around: Surroundings) -> None:
        self.around, self.label = around, container.label
        self.hull: Hull = read_hull(container, member)
        check_sheet_part(self.hull.root, self.label)
        text: Text = text_of(container.read(member), self.hull.part, self.label)
        rows, hull = self.hull.rows, self.hull.text.body
        beyond = len(text.body) - (len(hull) - rows.end)
        self.opening, self.rows, self.closing = _parts(text.body[rows.start : beyond])
        self.text = text
        self.arrays = [a for said in array_references(self.rows) for a in areas(said)]
        self.merged: Mapping[int, Sequence[Area]] = {}
        self.protected = self._is_protected()
        self.done = EditedSheet()
        self.written: dict[int, list[bytes]] = {}
        self.touched: set[tuple[int, int]] = set()

    def run(self, edits: Sequence[CellEdit]) -> EditedSheet:
        """Do all edits; the content is the part's new bytes."""
        numbers = _numbers(edits)
        spans = self.spans = located(self.rows, numbers, self.hull.part, self.label)
        self.merged = _by_row(self._areas("mergeCells", "mergeCell"), sorted(numbers))
        rows: dict[int, Row] = {}
        for edit in edits:
            if isinstance(edit, SetCell):
                self._set(edit, rows)
            else:
                self._add(edit, rows)
        changes = [
            Edit(spans[n].start, spans[n].end, [row.xml()], n)
            for n, row in rows.items()
            if row.changed
        ]
        new_rows = b"".join(spliced(self.rows, changes))
        self.done.content = self._whole(new_rows)
        return self.done

    def _whole(self, rows: bytes) -> bytes:
        """The whole part with its new rows, read once more before it is believed."""
        element, body = self.hull.rows, self.hull.text.body
        inside = [self.opening, rows, self.closing] if rows else [body[element.start : element.end]]
        hull_edits = [Edit(element.start, element.end, inside)]
        for growth in self.done.growths:
            hull_edits += grown_on_sheet(body, self.hull.root, growth)
        hull_edits += self._dimension()
        whole = b"".join(spliced(body, hull_edits))
        check_whole(whole, self.hull.part, self.label)
        return self.text.packed(whole)

    def _dimension(self) -> Iterator[Edit]:
        """The sheet's extent, where it says one, takes the new cells in."""
        element = self.hull.root.one("dimension")
        held = list(areas(element.attributes.get("ref", ""))) if element else []
        if element is None or not held or not self.touched:
            return
        rows = [row for row, _ in self.touched] + [held[0].first_row, held[0].last_row]
        columns = [at for _, at in self.touched] + [held[0].first_column, held[0].last_column]
        now = Area(min(rows), min(columns), max(rows), max(columns))
        if now != held[0]:
            yield attribute(self.hull.text.body, element, "ref", reference(now))

    def _set(self, edit: SetCell, rows: dict[int, Row]) -> None:
        reason = self._fault(edit.row, edit.column)
        row = self._row(edit.row, rows)
        reason = reason or self._fault_of_cell(row, edit)
        if reason:
            self._refuse(edit, edit.row, edit.column, reason)
            return
        if row.has_formula(edit.column):
            self.done.formulas_went = True
        row.put(edit.column, edit.value, self._look(row, edit.column))
        self.touched.add((edit.row, edit.column))

    def _fault_of_cell(self, row: Row, edit: SetCell) -> str:
        if row.is_rich(edit.column):
            return RICH
        if row.has_formula(edit.column):
            if row.shares_formula(edit.column):
                return SHARED
            if not edit.over_formula:
                return FORMULA
        return self._locked(self._look(row, edit.column))

    def _add(self, edit: AddRows, rows: dict[int, Row]) -> None:
        for number in range(edit.at, edit.last + 1):
            fault = self._fault_of_line(edit, number, rows)
            if fault:
                self._refuse(edit, number, fault[0], fault[1])
                return
        like = self._like(edit)
        for number, values in enumerate(edit.rows, start=edit.at):
            row = self._row(number, rows)
            row.show()
            if like:
                row.size_like(like)
            if edit.heights:
                row.size(edit.heights[number - edit.at])
            self._fill(row, values, edit, like)
        self.done.growths.append(
            Growth(edit.at - 1, edit.last, edit.columns, dressed=bool(edit.like))
        )

    def _fault_of_line(
        self, edit: AddRows, number: int, rows: dict[int, Row]
    ) -> tuple[int, str] | None:
        """The first column where a new row cannot go, and why."""
        row = self._row(number, rows)
        for column in range(edit.columns[0], edit.columns[1] + 1):
            reason = self._fault(number, column)
            if not reason and row.says_something(column):
                reason = OCCUPIED
            if not reason and edit.rows[number - edit.at].get(column) is not None:
                reason = self._locked(self._look(row, column))
            if reason:
                return column, reason
        return None

    def _fill(self, row: Row, values: Mapping[int, Value], edit: AddRows, like: Row | None) -> None:
        """One new row: its values, and of the row that it is dressed like styles and formulas."""
        for column in range(edit.columns[0], edit.columns[1] + 1):
            style = (like.style(column) if like else 0) or self._bare_style(row, column)
            if values.get(column) is not None:
                row.put(column, values[column], style)
                self.touched.add((row.number, column))
                continue
            formula = self._carried(like, row.number, column) if like else ""
            if formula:
                row.put_formula(column, formula, style)
                self.touched.add((row.number, column))
            elif style:
                row.dress(column, style)

    def _carried(self, like: Row, number: int, column: int) -> str:
        """The formula of the row above, as it reads so many rows further down; "" without one."""
        said = like.formula(column)
        if said is None:
            return ""
        text, shared = said
        origin = f"{column_letters(column)}{like.number}"
        if not text and shared:
            found = shared_formula(self.rows, shared)
            if found is None:
                return ""
            text, origin = found
        return translated(text, origin, f"{column_letters(column)}{number}")

    def _like(self, edit: AddRows) -> Row | None:
        span = self.spans.get(edit.like)
        return self._parsed(edit.like, span) if span and span.there else None

    def _row(self, number: int, rows: dict[int, Row]) -> Row:
        if number not in rows:
            rows[number] = self._parsed(number, self.spans[number])
        return rows[number]

    def _parsed(self, number: int, span: RowSpan) -> Row:
        if not span.there:
            return new_row(number, self._dressing())
        held = piece(self.rows[span.start : span.end], self.hull.root)
        return row_of(number, held, self._dressing())

    def _dressing(self) -> Dressing:
        return Dressing(self.hull.root.prefix, self.around.date1904, self.around.styles)

    def _fault(self, row: int, column: int) -> str:
        """Why nothing may be written into a cell, for where it lies; "" where it may."""
        here = [Area(row, column, row, column)]
        if row > ROWS or column > COLUMNS:
            return BEYOND
        if meet(here, self.arrays):
            return ARRAY
        for area in self.merged.get(row, ()):
            alone = (area.first_row, area.first_column) == (row, column)
            if meet(here, [area]) and not (alone and area.first_row == area.last_row):
                return MERGED
        return next((why for area, why in self.around.forbidden if meet(here, [area])), "")

    def _locked(self, style: int) -> str:
        return LOCKED if self.protected and self.around.styles.is_locked(style) else ""

    def _look(self, row: Row, column: int) -> int:
        """How a cell looks, be it there or not."""
        return row.style(column) if column in row.cells else self._bare_style(row, column)

    def _bare_style(self, row: Row, column: int) -> int:
        """How a cell looks that is not there: as its row says, else its column."""
        if row.own_style:
            return row.own_style
        columns = self.hull.root.one("cols")
        for one in columns.all("col") if columns else ():
            if one.whole("min") <= column <= one.whole("max"):
                return one.whole("style")
        return 0

    def _areas(self, name: str, each: str) -> list[Area]:
        found = self.hull.root.one(name)
        said = [one.attributes.get("ref", "") for one in found.all(each)] if found else []
        return [area for ref in said for area in areas(ref)]

    def _is_protected(self) -> bool:
        found = self.hull.root.one("sheetProtection")
        return found is not None and found.on("sheet")

    def _refuse(self, edit: CellEdit, row: int, column: int, reason: str) -> None:
        self.done.refused.append(Refusal(edit, Cell(edit.sheet, row, column), reason))


def _parts(whole: bytes) -> tuple[bytes, bytes, bytes]:
    """The rows' start tag, the rows, and the end tag; tags of its own where it was empty."""
    first = whole.index(b">") + 1
    if whole[first - 2 : first] == b"/>":
        name = whole[1:-2].split()[0]
        return whole[: first - 2] + b">", b"", b"</" + name + b">"
    last = whole.rindex(b"</")
    return whole[:first], whole[first:last], whole[last:]


def _numbers(edits: Sequence[CellEdit]) -> set[int]:
    """The rows that these edits look at."""
    wanted: set[int] = set()
    for edit in edits:
        if isinstance(edit, SetCell):
            wanted.add(edit.row)
        else:
            wanted.update(range(edit.at, edit.last + 1), [edit.like] if edit.like else [])
    return wanted


def _by_row(merged: Sequence[Area], rows: Sequence[int]) -> dict[int, list[Area]]:
    """The merged areas that lie on each of these rows: a ledger may have thousands."""
    found: dict[int, list[Area]] = {}
    for area in merged:
        first, beyond = bisect_left(rows, area.first_row), bisect_right(rows, area.last_row)
        for row in rows[first:beyond]:
            found.setdefault(row, []).append(area)
    return found


def translated(formula: str, origin: str, target: str) -> str:
    """A formula as it reads when copied from one cell to another; "" where that is not certain.

    References into tables go by the row of the cell themselves, so they stay as they are.

    >>> translated("B4*2+$A$1", "C4", "C6"), translated("T[[#This Row],[a]]*2", "C4", "C6")
    ('B6*2+$A$1', 'T[[#This Row],[a]]*2')
    """
    from openpyxl.formula.translate import (  # noqa: PLC0415 - heavy, and few sheets need it
        Translator,
        TranslatorError,
    )

    if "[" in formula:
        return formula
    try:
        return str(Translator(f"={formula}", origin).translate_formula(target))[1:]
    except TranslatorError:
        return ""
