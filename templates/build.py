"""Build the shipped Word templates from their texts; the same bytes every time.

`python templates/build.py` writes NAME.docx beside this script from text/NAME.txt. A line of a text
is a paragraph: `kind| text`. What a kind looks like is said once, in `LOOKS`, after GB/T 9704-2012.
Consecutive `head|` and `row|` lines are a table, cells parted by a bar between blanks; a line
`widths|` before them says how wide the columns are, as parts of the whole. `chart|` is a chart,
`pace` or `bars` and its title; the lines `data|` after it are the workbook behind it.
"""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from xlsxwriter.chart import Chart

HERE = Path(__file__).parent
TEXTS = HERE / "text"
EPOCH = (1980, 1, 1, 0, 0, 0)

SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
LINE = 28.95  # points: 22 lines on 225 mm
TEXT_WIDTH = 156  # mm
THIRD, FOURTH, SECOND, FIFTH = 16.0, 14.0, 22.0, 10.5  # 3号 4号 2号 5号


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of paragraph looks: font, size in points, alignment, first line in characters.

    `before` is the room above in millimetres, `rules` the lines above and below; what is to `keep`
    stands on one page with what follows.
    """

    font: str = FANG
    size: float = THIRD
    align: ALIGN = ALIGN.JUSTIFY
    indent: int = 2
    right: int = 0
    line: float = LINE
    colour: str = ""
    before: float = 0
    rules: tuple["Rule", ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line as wide as the text: its side, eighths of a point thick, points off the text."""

    side: str
    eighths: int
    colour: str = "000000"
    gap: int = 1


RED = "FF0000"
HEAD_RULE = Rule("bottom", 12, RED, 4)  # 4 mm below the number, whose line leaves the rest
ABOVE, BELOW = Rule("top", 8), Rule("bottom", 8)  # 0.35 mm
BETWEEN = Rule("bottom", 6)  # 0.25 mm
FOOT = Look(FANG, FOURTH, ALIGN.LEFT, 1, line=24)

LOOKS = {
    "mark": Look(TITLE, 36, ALIGN.CENTER, 0, line=46, colour=RED, before=31),
    "long-mark": Look(TITLE, 24, ALIGN.CENTER, 0, line=34, colour=RED, before=34),
    "number": Look(align=ALIGN.CENTER, indent=0, rules=(HEAD_RULE,)),
    "head-rule": Look(align=ALIGN.CENTER, indent=0, line=12, rules=(HEAD_RULE,)),
    "title": Look(TITLE, SECOND, ALIGN.CENTER, 0, line=36),
    "to": Look(indent=0, align=ALIGN.LEFT),
    "text": Look(),
    "one": Look(HEI),
    "two": Look(KAI),
    "tag": Look(indent=0, align=ALIGN.LEFT),
    "blank": Look(indent=0),
    "annexes": Look(),
    "annex": Look(HEI, indent=0, align=ALIGN.LEFT),
    "annex-title": Look(TITLE, SECOND, ALIGN.CENTER, 0, line=36),
    "caption": Look(HEI, FOURTH, ALIGN.CENTER, 0),
    "note": Look(FANG, FOURTH, ALIGN.LEFT, 0, line=24),
    "issuer": Look(align=ALIGN.RIGHT, indent=0, right=4),
    "date": Look(align=ALIGN.RIGHT, indent=0, right=4),
    "last-note": Look(FANG, FOURTH, ALIGN.LEFT, 0, line=24, keep=True),
    "last-blank": Look(indent=0, keep=True),
    "signer": Look(align=ALIGN.RIGHT, indent=0, right=4, keep=True),
    "copies": replace(FOOT, rules=(ABOVE, BETWEEN), keep=True),
    "only-copies": replace(FOOT, rules=(ABOVE, BELOW)),
    "printed": replace(FOOT, rules=(BELOW,)),
    "only-printed": replace(FOOT, rules=(ABOVE, BELOW)),
}
HEAD, CELL = Look(HEI, FIFTH, ALIGN.CENTER, 0, line=16), Look(FANG, FIFTH, ALIGN.CENTER, 0, line=16)


def main() -> None:
    """Write every template into the folder given, else beside this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for text in sorted(TEXTS.glob("*.txt")):
        (folder / f"{text.stem}.docx").write_bytes(build(text.read_text(encoding="utf-8")))


def build(text: str) -> bytes:
    """The template that a text says."""
    paper = docx.Document()
    _page(paper)
    for part in _parts(text):
        if isinstance(part, list) and part[0][0] == "chart":
            _chart(paper, part)
        elif isinstance(part, list):
            _table(paper, part)
        else:
            _paragraph(paper, *part)
    _facts(paper)
    saved = io.BytesIO()
    paper.save(saved)
    return _without_clock(saved.getvalue())


Line = tuple[str, str]


def _parts(text: str) -> Iterator[Line | list[Line]]:
    """Paragraphs; tables, and charts with their data, as lists of their rows."""
    rows: list[Line] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, _, said = line.partition("|")
        if kind in ("widths", "head", "row", "chart", "data"):
            if kind == "chart" and rows:
                yield rows
                rows = []
            rows.append((kind, said))
            continue
        if rows:
            yield rows
            rows = []
        yield kind.strip(), said.strip()
    if rows:
        yield rows


def _paragraph(paper: Document, kind: str, text: str) -> None:
    """A paragraph; an annex begins a page of its own."""
    if kind == "landscape":
        _landscape(paper)
        return
    paragraph = paper.add_paragraph()
    _dress(paragraph, LOOKS[kind], text)
    if kind == "annex":
        paragraph.paragraph_format.page_break_before = True
    if kind.endswith("printed"):
        room = Mm(TEXT_WIDTH) - Pt(FOURTH)
        paragraph.paragraph_format.tab_stops.add_tab_stop(room, WD_TAB_ALIGNMENT.RIGHT)


def _dress(paragraph: Paragraph, look: Look, text: str) -> None:
    """Put a text into a paragraph as it should look, Chinese and Latin fonts alike."""
    settings = paragraph.paragraph_format
    settings.alignment = look.align
    settings.space_before, settings.space_after = Mm(look.before), Pt(0)
    settings.line_spacing = Pt(look.line)
    settings.widow_control = False
    if look.keep:
        settings.keep_with_next = True
    if look.indent or look.right:
        spaces = paragraph._p.get_or_add_pPr().get_or_add_ind()
        if look.indent:
            spaces.set(qn("w:firstLineChars"), str(look.indent * 100))
            spaces.set(qn("w:firstLine"), str(int(look.indent * look.size * 20)))
        if look.right:
            spaces.set(qn("w:rightChars"), str(look.right * 100))
            spaces.set(qn("w:right"), str(int(look.right * look.size * 20)))
    if look.rules:
        _rules(paragraph, look.rules)
    _run(paragraph, look, text)


def _run(paragraph: Paragraph, look: Look, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(look.size)
    if look.colour:
        run.font.color.rgb = RGBColor.from_string(look.colour)
    run.font.name = "Times New Roman" if look.font != SONG else SONG
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), look.font)


def _table(paper: Document, rows: list[Line]) -> None:
    """A table with thin rules; head rows repeat on every page."""
    parts = [float(part) for kind, said in rows if kind == "widths" for part in said.split()]
    rows = [row for row in rows if row[0] != "widths"]
    cells = [[cell.strip() for cell in said.split(" | ")] for _, said in rows]
    width = max(map(len, cells))
    table = paper.add_table(rows=len(rows), cols=width)
    table.style = "Table Grid"
    for row, (kind, _), texts in zip(table.rows, rows, cells, strict=True):
        look = HEAD if kind == "head" else CELL
        for cell, text in zip(row.cells, [*texts, *[""] * (width - len(texts))], strict=True):
            _dress(cell.paragraphs[0], look, text)
        marks = ("w:cantSplit", "w:tblHeader") if kind == "head" else ("w:cantSplit",)
        for mark in marks:
            row._tr.get_or_add_trPr().append(OxmlElement(mark))
    _fit(table)
    section = paper.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    _widen(table, room / Mm(1), parts or [1.0] * width)


def _fit(table: Table) -> None:
    """The table as wide as the text."""
    properties = table._tbl.tblPr
    width = properties.find(qn("w:tblW"))
    if width is None:
        width = OxmlElement("w:tblW")
        properties.append(width)
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "45")  # 0.8 mm
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)
    for cell in _cells(table):
        cell.vertical_alignment = 1


def _widen(table: Table, width: float, parts: list[float]) -> None:
    """Give each column its part of the text; lines of cells do not keep to the grid of lines."""
    table.autofit = False
    lengths = [Mm(width * part / sum(parts)) for part in parts]
    for column, length in zip(table.columns, lengths, strict=True):
        column.width = length
    for row in table.rows:
        for cell, length in zip(row.cells, lengths, strict=True):
            cell.width = length
            for paragraph in cell.paragraphs:
                off = OxmlElement("w:snapToGrid")
                off.set(qn("w:val"), "0")
                properties = paragraph._p.get_or_add_pPr()
                properties.insert_element_before(off, "w:spacing", "w:ind", "w:jc")


def _cells(table: Table) -> Iterator[_Cell]:
    for row in table.rows:
        yield from row.cells


def _page(paper: Document) -> None:
    """A4, margins, grid of 22 lines by 28 characters, page numbers on the outer side."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)  # the dashes stand 7 mm below the type area
    section.header_distance = Mm(15)
    paper.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], ALIGN.RIGHT, "w:right")
    _number(section.even_page_footer.paragraphs[0], ALIGN.LEFT, "w:left")
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(LINE * 20)))
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(THIRD)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)


def _number(paragraph: Paragraph, align: ALIGN, side: str) -> None:
    """— 1 — in 4号 Song, one character in from the outer side."""
    look = Look(SONG, FOURTH, align, 0, line=18)
    _dress(paragraph, look, "— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)
    run.font.size = Pt(FOURTH)
    run.font.name = SONG
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    _run(paragraph, look, " —")
    spaces = paragraph._p.get_or_add_pPr().get_or_add_ind()
    spaces.set(qn(f"{side}Chars"), "100")
    spaces.set(qn(side), str(int(FOURTH * 20)))


def _landscape(paper: Document) -> None:
    """What follows stands on pages of their own, turned; their numbers stay where they were."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(37), Mm(35)


def _rules(paragraph: Paragraph, rules: tuple[Rule, ...]) -> None:
    """Lines above and below a paragraph."""
    borders = OxmlElement("w:pBdr")
    for rule in rules:
        line = OxmlElement(f"w:{rule.side}")
        said = (
            ("val", "single"),
            ("sz", rule.eighths),
            ("space", rule.gap),
            ("color", rule.colour),
        )
        for key, value in said:
            line.set(qn(f"w:{key}"), str(value))
        borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:tabs", "w:spacing", "w:ind", "w:jc")


# Charts


def _chart(paper: Document, rows: list[Line]) -> None:
    """A chart as wide as the text in a paragraph of its own; its data can be edited in Word."""
    kind, title = rows[0][1].split(maxsplit=1)
    chart, book = _drawn(kind, title.strip(), [_cells_of(said) for _, said in rows[1:]])
    package = paper.part.package
    number = 1 + sum("/word/charts/chart" in part.partname for part in package.iter_parts())
    book_part = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CT.SML_SHEET, book, package)
    chart_part = Part(PackURI(f"/word/charts/chart{number}.xml"), CT.DML_CHART, b"", package)
    behind = chart_part.relate_to(book_part, RT.PACKAGE)
    chart_part._blob = chart.replace(b"rIdData", behind.encode())
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.alignment = ALIGN.CENTER
    inline = _INLINE.format(
        relation=paper.part.relate_to(chart_part, RT.CHART),
        number=100 + number,
        width=int(Mm(156)),
        height=int(Mm(_CHART_HEIGHTS[kind])),
    )
    paragraph.add_run()._r.append(parse_xml(inline))


_CHART_HEIGHTS = {"pace": 95, "bars": 190}  # mm; a page has 225


def _cells_of(said: str) -> list[str]:
    """The cells of a row; a bar of a filter has no blank before it."""
    return [cell.strip() for cell in f"{said} ".split(" | ")]


def _drawn(kind: str, title: str, rows: list[list[str]]) -> tuple[bytes, bytes]:
    """The chart part and the workbook behind it; XlsxWriter draws the one for the other."""
    first = next(at for at, row in enumerate(rows) if at and not row[0].startswith("{%tr"))
    with_chart = zipfile.ZipFile(io.BytesIO(_book(rows, kind, title, first)))
    drawn = with_chart.read("xl/charts/chart1.xml").decode()
    drawn = drawn.replace('<c:showVal val="1"/>', _LABELS)
    drawn = re.sub(r"<c:printSettings>.*?</c:printSettings>", "", drawn)
    data = '<c:externalData r:id="rIdData"><c:autoUpdate val="0"/></c:externalData>'
    return drawn.replace("</c:chartSpace>", f"{data}</c:chartSpace>").encode(), _book(rows)


_TICKS = {"major_tick_mark": "outside", "minor_tick_mark": "none"}
_LABELS = "".join(
    f'<c:show{name} val="{name == "Val":d}"/>'
    for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
)
"""Labels with the value alone; what is not said is shown by some."""


def _book(rows: list[list[str]], kind: str = "", title: str = "", first: int = 0) -> bytes:
    """The workbook with these rows, and with the chart when it has a title."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"author": "xlplan", "created": datetime(1980, 1, 1, tzinfo=UTC)})
        sheet, share = book.add_worksheet("数据"), book.add_format({"num_format": "0.0%"})
        sheet.set_column(0, 0, 30)
        for at, row in enumerate(rows):
            for column, said in enumerate(row):
                sheet.write_string(at, column, said, share if column else None)
        if title:
            chart = _series(book, "bar" if kind == "bars" else "column", first, 1)
            if kind == "bars":
                chart.set_y_axis({"reverse": True, "crossing": "max", **_TICKS})
                chart.set_x_axis({"num_format": "0%", "min": 0, **_TICKS})
                chart.set_legend({"none": True})
            else:
                chart.combine(_series(book, "line", first, 2))
                chart.set_x_axis(_TICKS)
                chart.set_y_axis({"num_format": "0%", "min": 0, **_TICKS})
                chart.set_legend({"position": "bottom"})
            chart.set_title({"name": title, "name_font": {"size": 14, "bold": False}})
            sheet.insert_chart("F2", chart)
    return made.getvalue()


def _series(book: xlsxwriter.Workbook, kind: str, first: int, column: int) -> Chart:
    """A chart of one column of the data; only the first is labelled."""
    chart = book.add_chart({"type": kind})
    shown = {"value": True, "num_format": "0.0%", "font": {"size": 9}} if column == 1 else None
    chart.add_series(
        {
            "name": ["数据", 0, column],
            "categories": ["数据", first, 0, first, 0],
            "values": ["数据", first, column, first, column],
            "data_labels": shown,
        }
    )
    return chart


_INLINE = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 ><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>
<wp:docPr id="{number}" name="图表{number}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"
><c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>"""


def _facts(paper: Document) -> None:
    """No author and no clock: two builds are the same bytes."""
    facts = paper.core_properties
    facts.author = facts.last_modified_by = "xlplan"
    facts.title = facts.comments = ""
    for child in list(facts._element):
        if child.tag.endswith(("}created", "}modified", "}lastPrinted")):
            facts._element.remove(child)


def _without_clock(data: bytes) -> bytes:
    """The package with every member's time set to the first day a zip knows."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for member in source.infolist():
            target.writestr(
                zipfile.ZipInfo(member.filename, EPOCH),
                source.read(member),
                compress_type=zipfile.ZIP_DEFLATED,
            )
    return packed.getvalue()


if __name__ == "__main__":
    main()
