"""An official document that keeps to GB/T 9704, to be spoilt one thing at a time."""

import io

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FONTS = frozenset({"仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"})
FANG, HEI, KAI, SONG, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"

LINES = [
    ("mark", "示例区招商委文件", TITLE, 30),
    ("number", "示招商〔2021〕7号", FANG, 16),
    ("blank", "", FANG, 16),
    ("blank", "", FANG, 16),
    ("title", "示例区2021年三季度招商情况通报", TITLE, 22),
    ("to", "各责任单位：", FANG, 16),
    ("text", "现将完成情况通报如下。", FANG, 16),
    ("text", "一、总体情况", HEI, 16),
    ("text", "（一）签约情况", KAI, 16),
    ("text", "1.新签约项目。本期共三个。", FANG, 16),
    ("text", "（1）其中工业项目一个。", FANG, 16),
    ("text", "（2）其中服务业项目两个。", FANG, 16),
    ("text", "（二）资金情况", KAI, 16),
    ("text", "二、存在问题", HEI, 16),
    ("text", "进度不快。", FANG, 16),
    ("blank", "", FANG, 16),
    ("text", "附件：1.完成情况表", FANG, 16),
    ("text", "　　　2.项目表", FANG, 16),
    ("blank", "", FANG, 16),
    ("right", "示例区招商委", FANG, 16),
    ("right", "2021年10月8日", FANG, 16),
    ("annex", "附件1", HEI, 16),
    ("blank", "", FANG, 16),
    ("centre", "完成情况表", TITLE, 22),
    ("copies", "抄送：示例区财政局。", FANG, 14),
    ("printed", "示例区招商委办公室　　2021年10月8日印发", FANG, 14),
]


def official() -> Document:
    """The document, with every part that the standard speaks of but landscape pages."""
    paper = docx.Document()
    _pages(paper)
    for kind, text, font, size in LINES:
        _line(paper, kind, text, (font, size))
    return paper


def saved(paper: Document) -> bytes:
    """The file's bytes."""
    into = io.BytesIO()
    paper.save(into)
    return into.getvalue()


def line(paper: Document, beginning: str) -> Paragraph:
    """The paragraph that begins so."""
    return next(one for one in paper.paragraphs if one.text.strip().startswith(beginning))


def font(paragraph: Paragraph, name: str) -> None:
    """Give the Chinese text of a paragraph a font."""
    for run in paragraph.runs:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def rule(paragraph: Paragraph, side: str, eighths: int, colour: str = "000000") -> None:
    """A rule above or below a paragraph, so many eighths of a point wide."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")
    for old in borders.findall(qn(f"w:{side}")):
        borders.remove(old)
    made = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("color", colour)):
        made.set(qn(f"w:{key}"), value)
    borders.append(made)


def turned(paper: Document, width: float, height: float) -> None:
    """A section of pages on their side, with a type area of that size."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(37), Mm(297 - 37 - width)
    section.top_margin, section.bottom_margin = Mm(28), Mm(210 - 28 - height)


def _pages(paper: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    paper.settings.odd_and_even_pages_header_footer = True
    for footer, align, side in (
        (section.footer, ALIGN.RIGHT, "right"),
        (section.even_page_footer, ALIGN.LEFT, "left"),
    ):
        one = footer.paragraphs[0]
        one.alignment = align
        indent = one._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn(f"w:{side}Chars"), "100")
        for text in ("— ", "PAGE", " —"):
            run = one.add_run("" if text == "PAGE" else text)
            if text == "PAGE":
                code = OxmlElement("w:instrText")
                code.text = " PAGE "
                run._r.append(code)
            run.font.size, run.font.name = Pt(14), SONG


def _line(paper: Document, kind: str, text: str, look: tuple[str, float]) -> None:
    name, size = look
    one = paper.add_paragraph()
    run = one.add_run(text)
    run.font.size, run.font.name = Pt(size), "Times New Roman"
    font(one, name)
    settings = one.paragraph_format
    settings.line_spacing = Pt(28.95)
    settings.page_break_before = kind == "annex"
    if kind in ("mark", "number", "title", "centre"):
        one.alignment = ALIGN.CENTER
    if kind == "right":
        one.alignment = ALIGN.RIGHT
    if kind == "text" and not text.startswith("　"):
        one._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")
    if kind == "mark":
        run.font.color.rgb = RGBColor(255, 0, 0)
    if kind == "number":
        rule(one, "bottom", 8, "FF0000")
    if kind == "copies":
        rule(one, "top", 8)
        rule(one, "bottom", 6)
    if kind == "printed":
        rule(one, "bottom", 8)
