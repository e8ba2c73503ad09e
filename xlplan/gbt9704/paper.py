"""A Word document as it will look: every property resolved through its styles."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, fromstring

from xlplan.container import Container
from xlplan.diagnostics import RequestError
from xlplan.gbt9704.properties import Properties, Styles, attribute, flat, local, merged

MM_PER_TWIP = 25.4 / 1440
_TWIPS = 20.0
_SHOWN = 14
_PAGE = re.compile(r"\bPAGE\b")
_A4 = {"width": "11906", "height": "16838"}
_MARGINS = ("top", "bottom", "left", "right")
_WORD = "wordprocessingml.document"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def is_chinese(text: str) -> bool:
    """Whether a text holds Chinese characters."""
    return _CHINESE.search(text) is not None


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one format: fonts "" where nothing says one, size in points."""

    text: str
    font: str
    latin: str
    size: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its place; `table` is that of a table that stands there instead.

    Indents are in characters, `spacing` the distance of lines in points (None = not fixed),
    `rules` the width of the lines above and below in millimetres, `turns_page` whether it begins a
    page.
    """

    number: int
    section: int = 0
    text: str = ""
    runs: tuple[Run, ...] = ()
    align: str = "left"
    indent: float = 0.0
    left: float = 0.0
    right: float = 0.0
    spacing: float | None = None
    turns_page: bool = False
    rules: Mapping[str, float] = field(default_factory=dict)
    rule_colour: str = "auto"
    numbered: bool = False
    is_table: bool = False

    @property
    def said(self) -> str:
        """Its text without blanks around it."""
        return self.text.strip()

    @property
    def first(self) -> Run | None:
        """Its first run that says something."""
        return next((run for run in self.runs if run.text.strip()), None)

    @property
    def place(self) -> str:
        """Where it is, with the beginning of its text."""
        text = " ".join(self.said.split())
        return f"第{self.number}段“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”"


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one kind; lengths in millimetres, `pitch` of the grid of lines in points."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    pitch: float | None
    footers: Mapping[str, tuple[Paragraph, ...]]

    @property
    def is_landscape(self) -> bool:
        """Whether its pages lie on their side."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its paragraphs and tables in order, and its sections."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    odd_and_even: bool


def read_paper(container: Container) -> Paper:
    """The document in a package.

    Raises:
        RequestError: XP865 when there is none.
    """
    types = container.xml("[Content_Types].xml") if "[Content_Types].xml" in container else b""
    if _WORD not in types.decode("utf-8", "replace") or "word/document.xml" not in container:
        raise RequestError("XP865", path=container.label)
    return _Reader(container).paper()


class _Reader:
    """Reads the parts of one document."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._styles = Styles.of(self._part("word/styles.xml"), self._part("word/theme/theme1.xml"))
        self._links = dict(self._targets())

    def _part(self, name: str) -> Element | None:
        return fromstring(self._container.xml(name)) if name in self._container else None  # noqa: S314 - the container refuses entities

    def _targets(self) -> Iterator[tuple[str, str]]:
        """The parts that the document's relationships name."""
        links = self._part("word/_rels/document.xml.rels")
        for link in links if links is not None else ():
            target = link.get("Target", "")
            yield link.get("Id", ""), target[1:] if target.startswith("/") else f"word/{target}"

    def paper(self) -> Paper:
        document, settings = self._part("word/document.xml"), self._part("word/settings.xml")
        body = next(document.iter(_tag("body"))) if document is not None else Element("body")
        paragraphs, endings = self._body(body)
        sections: list[Section] = []
        for ending in endings:
            footers = dict(sections[-1].footers) if sections else {}
            sections.append(self._section(ending, footers))
        odd_and_even = settings is not None and settings.find(_tag("evenAndOddHeaders")) is not None
        return Paper(tuple(paragraphs), tuple(sections), odd_and_even)

    def _body(self, body: Element) -> tuple[list[Paragraph], list[Element]]:
        """The paragraphs and tables, and the properties that end each section."""
        paragraphs: list[Paragraph] = []
        endings: list[Element] = []
        breaks = False
        number = 0
        for block in _blocks(body):
            if local(block) == "tbl":
                paragraphs.append(Paragraph(number, len(endings), is_table=True))
                continue
            number += 1
            read = self._paragraph(block, number, len(endings), turns_page=breaks)
            paragraphs.append(read)
            breaks = _ends_page(block)
            ending = block.find(f"{_tag('pPr')}/{_tag('sectPr')}")
            if ending is not None:
                endings.append(ending)
                breaks = True
        last = body.find(_tag("sectPr"))
        endings.append(last if last is not None else Element("sectPr"))
        return paragraphs, endings

    def _paragraph(
        self, block: Element, number: int, section: int = 0, *, turns_page: bool = False
    ) -> Paragraph:
        own = flat(block.find(_tag("pPr")))
        style = own.get("pStyle.val", "")
        looks = merged(self._styles.paragraph(style), own)
        runs = tuple(self._runs(block, style))
        size = next((run.size for run in runs if run.size), None) or self._styles.size
        return Paragraph(
            number,
            section,
            "".join(run.text for run in runs),
            runs,
            align=_ALIGNS.get(looks.get("jc.val", "left"), looks.get("jc.val", "left")),
            indent=_characters(looks, "firstLine", size) - _characters(looks, "hanging", size),
            left=_characters(looks, "left", size) or _characters(looks, "start", size),
            right=_characters(looks, "right", size) or _characters(looks, "end", size),
            spacing=_spacing(looks),
            turns_page=turns_page or _is_on(looks, "pageBreakBefore"),
            rules=_rules(looks),
            rule_colour=looks.get("pBdr.bottom.color", "auto"),
            numbered="numPr.numId.val" in looks and looks["numPr.numId.val"] != "0",
        )

    def _runs(self, block: Element, style: str) -> Iterator[Run]:
        """The runs of a paragraph; what was deleted, and a second copy of a drawing, left out."""
        for run in _inside(block, "r"):
            own = flat(run.find(_tag("rPr")))
            looks = merged(self._styles.run(style, own.get("rStyle.val", "")), own)
            size = looks.get("sz.val", "")
            yield Run(
                _text(run),
                self._styles.font(looks, "eastAsia"),
                self._styles.font(looks, "ascii"),
                float(size) / 2 if size else None,
                looks.get("color.val", "auto"),
            )

    def _section(self, ending: Element, footers: dict[str, tuple[Paragraph, ...]]) -> Section:
        """A section; footers that it does not have are those of the one before."""
        said = flat(ending)
        for link in ending.findall(_tag("footerReference")):
            part = self._part(self._links.get(attribute(link, "id"), ""))
            if part is not None:
                read = tuple(self._paragraph(p, n) for n, p in enumerate(_inside(part, "p"), 1))
                footers[attribute(link, "type") or "default"] = read
        pitch = said.get("docGrid.linePitch") if "docGrid.type" in said else None
        size = {side: _mm(said.get(f"pgSz.{side[0]}", usual)) for side, usual in _A4.items()}
        margins = {side: _mm(said.get(f"pgMar.{side}", "0")) for side in _MARGINS}
        grid = float(pitch) / _TWIPS if pitch else None
        return Section(**size, **margins, pitch=grid, footers=footers)


_ALIGNS = {"start": "left", "end": "right", "both": "justify", "distribute": "justify"}


def _tag(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _mm(twips: str) -> float:
    return abs(float(twips)) * MM_PER_TWIP


def _blocks(body: Element) -> Iterator[Element]:
    """Paragraphs and tables of the body, also those within content controls."""
    for child in body:
        if local(child) in ("p", "tbl"):
            yield child
        elif local(child) not in ("sectPr", "del"):
            yield from _blocks(child)


def _inside(element: Element, name: str) -> Iterator[Element]:
    """What lies within, without deletions and fallbacks for old programs."""
    for child in element:
        if local(child) == name:
            yield child
        if local(child) not in ("del", "Fallback", "moveFrom"):
            yield from _inside(child, name)


def _text(run: Element) -> str:
    """What a run says; a field's code in braces."""
    said = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    parts = []
    for child in run:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "instrText" and _PAGE.search(child.text or ""):
            parts.append("{PAGE}")
        else:
            parts.append(said.get(local(child), ""))
    return "".join(parts)


def _ends_page(block: Element) -> bool:
    """Whether a break of the page is the last thing in a paragraph."""
    marks = [child for run in _inside(block, "r") for child in run if local(child) in ("t", "br")]
    return bool(marks) and local(marks[-1]) == "br" and attribute(marks[-1], "type") == "page"


def _is_on(looks: Properties, name: str) -> bool:
    return looks.get(f"{name}.val", "0") not in ("0", "false", "off")


def _characters(looks: Properties, side: str, size: float) -> float:
    """An indent in characters: as such, else from its length and the size of the text."""
    whole = looks.get(f"ind.{side}Chars", "0")
    if float(whole):
        return float(whole) / 100
    return float(looks.get(f"ind.{side}", "0")) / _TWIPS / size


def _spacing(looks: Properties) -> float | None:
    """Points from line to line where it is fixed; 0 = single, by the grid."""
    line, rule = looks.get("spacing.line", "240"), looks.get("spacing.lineRule", "auto")
    if rule == "exact":
        return float(line) / _TWIPS
    return 0.0 if rule == "auto" and line == "240" else None


def _rules(looks: Properties) -> dict[str, float]:
    """The rules around a paragraph, an eighth of a point each unit."""
    return {
        side: float(looks[f"pBdr.{side}.sz"]) / 8 / 72 * 25.4
        for side in ("top", "bottom", "between")
        if looks.get(f"pBdr.{side}.val", "nil") not in ("nil", "none")
        and f"pBdr.{side}.sz" in looks
    }
