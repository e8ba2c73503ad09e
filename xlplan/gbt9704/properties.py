"""Properties of paragraphs and runs as flat names, and how styles pass them on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.etree.ElementTree import Element

Properties: TypeAlias = Mapping[str, str]
"""`ind.firstLine`, `rFonts.eastAsia`, `pBdr.top.sz`, …: an element's attributes by their path."""

_DEFAULT_SIZE = 10.0
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute in whatever namespace; "" = none."""
    return next((v for key, v in element.items() if key.rpartition("}")[2] == name), "")


def flat(element: Element | None, before: str = "") -> dict[str, str]:
    """The properties below an element; one without attributes is switched on."""
    found: dict[str, str] = {}
    for child in element if element is not None else ():
        name = before + local(child)
        for key, value in child.items():
            found[f"{name}.{key.rpartition('}')[2]}"] = value
        if not child.attrib and not len(child):
            found[f"{name}.val"] = "1"
        if local(child) not in ("sectPr", "rPr"):
            found |= flat(child, f"{name}.")
    return found


def merged(inherited: Properties, own: Properties) -> dict[str, str]:
    """What stands nearer wins; a font by name puts an inherited theme font aside, and back."""
    whole = dict(inherited)
    for kind in ("eastAsia", "ascii"):
        name, theme = f"rFonts.{kind}", f"rFonts.{kind}Theme"
        if name in own:
            whole.pop(theme, None)
        if theme in own:
            whole.pop(name, None)
    if {"ind.firstLine", "ind.firstLineChars"} & own.keys():
        whole = {key: value for key, value in whole.items() if not key.startswith("ind.hanging")}
    return whole | dict(own)


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str
    paragraph: Properties
    run: Properties


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document, each with what it inherits, and the fonts of its theme."""

    defaults: _Style = field(default_factory=lambda: _Style("", {}, {}))
    known: Mapping[str, _Style] = field(default_factory=dict)
    usual: str = ""
    theme: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, styles: Element | None, theme: Element | None) -> "Styles":
        """From the two parts; a document may lack either."""
        if styles is None:
            return cls(theme=_theme(theme))
        base = styles.find(f"{_W}docDefaults")
        defaults = _Style(
            "",
            flat(base.find(f"{_W}pPrDefault/{_W}pPr") if base is not None else None),
            flat(base.find(f"{_W}rPrDefault/{_W}rPr") if base is not None else None),
        )
        known: dict[str, _Style] = {}
        usual = ""
        for style in styles.findall(f"{_W}style"):
            name, below = attribute(style, "styleId"), style.find(f"{_W}basedOn")
            known[name] = _Style(
                attribute(below, "val") if below is not None else "",
                flat(style.find(f"{_W}pPr")),
                flat(style.find(f"{_W}rPr")),
            )
            if attribute(style, "type") == "paragraph" and attribute(style, "default") == "1":
                usual = name
        return cls(defaults, known, usual, _theme(theme))

    @property
    def size(self) -> float:
        """Points of text that says no size."""
        said = self.run("", "").get("sz.val", "")
        return float(said) / 2 if said else _DEFAULT_SIZE

    def paragraph(self, style: str) -> Properties:
        """What a paragraph of that style begins with."""
        whole: Properties = self.defaults.paragraph
        for one in self._chain(style or self.usual):
            whole = merged(whole, one.paragraph)
        return whole

    def run(self, style: str, own: str) -> Properties:
        """What a run begins with: of its paragraph's style, then of its own."""
        whole: Properties = self.defaults.run
        for one in (*self._chain(style or self.usual), *self._chain(own)):
            whole = merged(whole, one.run)
        return whole

    def _chain(self, style: str) -> list[_Style]:
        """A style after those that it is based on; a circle ends where it closes."""
        chain: dict[str, _Style] = {}
        while style in self.known and style not in chain:
            chain[style] = self.known[style]
            style = chain[style].based_on
        return list(reversed(chain.values()))

    def font(self, looks: Properties, kind: str) -> str:
        """The font of Chinese (`eastAsia`) or Latin (`ascii`) text; "" = nothing says one."""
        theme = looks.get(f"rFonts.{kind}Theme", "")
        if theme:
            return self.theme.get(theme, "")
        return looks.get(f"rFonts.{kind}", "")


def _theme(theme: Element | None) -> dict[str, str]:
    """The fonts that a theme gives to headings and text, Chinese and Latin."""
    found: dict[str, str] = {}
    for fonts in theme.iter() if theme is not None else ():
        if local(fonts) not in ("majorFont", "minorFont"):
            continue
        size = local(fonts).removesuffix("Font")
        faces = {
            local(face): face.get("typeface", "") for face in fonts if face.get("script") is None
        }
        hans = next((f.get("typeface", "") for f in fonts if f.get("script") == "Hans"), "")
        found[f"{size}EastAsia"] = faces.get("ea") or hans
        found[f"{size}Ascii"] = found[f"{size}HAnsi"] = faces.get("latin", "")
    return found
