"""How a style reads and is written as entries of a styles part: one key, one element each.

A key says what an entry looks like, from our style or from an element of the file; `None` means
that the element says more than a `Style` can, so it never stands for one.
"""

from collections.abc import Iterable, Mapping, Sequence

from xlplan.package.xml_offsets import Element, escaped
from xlplan.sheets.description import Highlight, Style

Key = tuple[object, ...]

_SIDES = ("left", "right", "top", "bottom")
_FONT_SWITCHES = {"b": "bold", "i": "italic"}
_PLACING = {"horizontal", "vertical", "wrapText", "indent"}


def text_attribute(text: str) -> str:
    """A quoted attribute value; line breaks survive as references.

    >>> text_attribute("A&B")
    '"A&amp;B"'
    """
    if '"' in text and "'" not in text:
        return "'" + escaped(text).replace("&quot;", '"') + "'"
    return f'"{escaped(text)}"'


def font_key(style: Style) -> Key:
    """What the font says: name, size, bold, italic, underline, colour."""
    switches = (style.bold, style.italic, style.underline)
    return style.font, float(style.size), *switches, style.color.upper()


def font_key_of(node: Element) -> Key | None:
    """The same, read from a `<font>`; charset and family only repeat the name."""
    said: dict[str, object] = {"name": "", "sz": 0.0, "b": False, "i": False, "u": False}
    said["color"] = ""
    for child in node.children:
        if child.name in {"charset", "family"}:
            continue
        value = _font_part(child)
        if child.uri != node.uri or child.name not in said or value is None:
            return None
        said[child.name] = value
    return tuple(said[name] for name in ("name", "sz", "b", "i", "u", "color"))


def _font_part(node: Element) -> object:
    value = node.attributes.get("val", "")
    if node.name in _FONT_SWITCHES:
        return node.on("val", default=True)
    if node.name == "u":
        return {"": True, "single": True, "none": False}.get(value)
    if node.name == "sz":
        return _number(value)
    return _color_of(node) if node.name == "color" else value


def font_xml(style: Style) -> str:
    """A `<font>` in the order that Excel itself writes; an East Asian name takes charset 134."""
    marks = [(style.bold, "<b/>"), (style.italic, "<i/>"), (style.underline, "<u/>")]
    color = f'<color rgb="FF{style.color.upper()}"/>' if style.color else ""
    charset = "" if style.font.isascii() else '<charset val="134"/>'
    return (
        f"<font>{''.join(mark for on, mark in marks if on)}"
        f'<sz val="{style.size:g}"/>{color}<name val={text_attribute(style.font)}/>{charset}</font>'
    )


def fill_key(color: str) -> Key:
    """What the fill says: its one colour, "" for none."""
    return (color.upper(),)


def fill_key_of(node: Element) -> Key | None:
    """The same, read from a `<fill>` of a cell."""
    pattern = node.one("patternFill")
    if pattern is None or len(node.children) != 1:
        return None
    kind = pattern.attributes.get("patternType", "none")
    if kind == "none":
        return ("",)
    front = pattern.one("fgColor")
    color = _color_of(front) if front and kind == "solid" else None
    return (color,) if color else None


def fill_xml(color: str) -> str:
    """A `<fill>` of one colour."""
    if not color:
        return '<fill><patternFill patternType="none"/></fill>'
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{color.upper()}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )


def border_key(style: Style) -> Key:
    """What the border says: its line and colour on all four sides."""
    return style.border, style.border_color.upper() if style.border else ""


def border_key_of(node: Element) -> Key | None:
    """The same, read from a `<border>`; None unless all four sides agree."""
    if node.on("diagonalUp") or node.on("diagonalDown"):
        return None
    sides = {child.name: _side(child) for child in node.children}
    found = {sides.get(name, ("", "")) for name in _SIDES}
    return found.pop() if len(found) == 1 else None


def _side(node: Element) -> Key | None:
    line = node.attributes.get("style", "none")
    color = node.one("color")
    if line == "none":
        return ("", "")
    said = _color_of(color) if color else ""
    return None if said is None else (line, said)


def border_xml(style: Style) -> str:
    """A `<border>` with the same line on all four sides."""
    if not style.border:
        return "<border><left/><right/><top/><bottom/><diagonal/></border>"
    color = f'rgb="FF{style.border_color.upper()}"' if style.border_color else 'auto="1"'
    sides = (f'<{side} style="{style.border}"><color {color}/></{side}>' for side in _SIDES)
    return f"<border>{''.join(sides)}<diagonal/></border>"


def placing_key(style: Style) -> Key:
    """How the text lies in the cell, and whether a protected sheet leaves the cell open."""
    vertical = "" if style.vertical == "bottom" else style.vertical
    return style.horizontal, vertical, style.wrap, style.indent, style.unlocked


def xf_key_of(
    node: Element, codes: Mapping[int, str], same: Mapping[str, Sequence[int]]
) -> Key | None:
    """(number format, font, fill, border, placing…) of an `<xf>`, by first equal entries."""
    placing = _placing_of(node)
    if placing is None or node.whole("xfId") or _holds_back(node):
        return None
    lists = {"fonts": "fontId", "fills": "fillId", "borders": "borderId"}
    ids = [_first(same[name], node.whole(key)) for name, key in lists.items()]
    number = node.whole("numFmtId")
    return codes.get(number, number), *ids, *placing


def _holds_back(node: Element) -> bool:
    """Whether a cell format says that some of its own parts do not apply, or says still more."""
    applies = (name for name in node.attributes if name.startswith("apply"))
    return (
        node.on("quotePrefix")
        or node.on("pivotButton")
        or any(not node.on(name) for name in applies)
    )


def _placing_of(node: Element) -> Key | None:
    alignment, protection = node.one("alignment"), node.one("protection")
    if any(child not in (alignment, protection) for child in node.children):
        return None
    said = alignment or Element("", "alignment", "", {}, 0)
    if any(
        said.attributes[name] not in {"0", "false"} for name in said.attributes.keys() - _PLACING
    ):
        return None
    horizontal = said.attributes.get("horizontal", "general")
    vertical = said.attributes.get("vertical", "bottom")
    unlocked = protection is not None and not protection.on("locked", default=True)
    if protection is not None and protection.on("hidden"):
        return None
    return (
        "" if horizontal == "general" else horizontal,
        "" if vertical == "bottom" else vertical,
        said.on("wrapText"),
        said.whole("indent"),
        unlocked,
    )


def xf_xml(style: Style, ids: Mapping[str, int], base: str) -> str:
    """An `<xf>`; `base` is its ` xfId="…"` or "" where the part has no cell styles."""
    numbers = "".join(f' {name}="{number}"' for name, number in ids.items())
    applied = [("Font", True), ("NumberFormat", ids["numFmtId"]), ("Fill", ids["fillId"])]
    applied += [("Border", ids["borderId"]), ("Alignment", True), ("Protection", style.unlocked)]
    apply = "".join(f' apply{name}="1"' for name, on in applied if on)
    alignment = f"<alignment{''.join(_alignment(style))}/>"
    protection = '<protection locked="0"/>' if style.unlocked else ""
    return f"<xf{numbers}{base}{apply}>{alignment}{protection}</xf>"


def _alignment(style: Style) -> Iterable[str]:
    if style.horizontal:
        yield f' horizontal="{style.horizontal}"'
    yield f' vertical="{style.vertical or "bottom"}"'
    if style.wrap:
        yield ' wrapText="1"'
    if style.indent:
        yield f' indent="{style.indent}"'


def dxf_key(highlight: Highlight) -> Key:
    """What a conditional format changes: bold, colour, fill."""
    return highlight.bold, highlight.color.upper(), highlight.fill.upper()


def dxf_key_of(node: Element) -> Key | None:
    """The same, read from a `<dxf>`."""
    font, fill = node.one("font"), node.one("fill")
    if any(child not in (font, fill) for child in node.children):
        return None
    said = font.children if font else ()
    parts = {part.name: _font_part(part) for part in said if part.uri == node.uri}
    if len(parts) < len(said):
        return None
    if parts.keys() - {"b", "color"} or None in parts.values():
        return None
    pattern = fill.one("patternFill") if fill else None
    back = pattern.one("bgColor") if pattern else None
    color = _color_of(back) if back else ""
    if color is None or (fill and not back):
        return None
    return parts.get("b", False), parts.get("color", ""), color


def dxf_xml(highlight: Highlight) -> str:
    """A `<dxf>`; conditional fills take their colour from the background."""
    bold = "<b/>" if highlight.bold else ""
    color = f'<color rgb="FF{highlight.color.upper()}"/>' if highlight.color else ""
    fill = (
        '<fill><patternFill patternType="solid">'
        f'<fgColor rgb="FF{highlight.fill.upper()}"/><bgColor rgb="FF{highlight.fill.upper()}"/>'
        "</patternFill></fill>"
    )
    font = f"<font>{bold}{color}</font>" if bold or color else ""
    return f"<dxf>{font}{fill if highlight.fill else ''}</dxf>"


def _color_of(node: Element) -> str | None:
    """RRGGBB, "" for automatic, None for a theme's or a palette's colour."""
    said = node.attributes
    if "rgb" in said:
        return said["rgb"][-6:].upper()
    if node.on("auto") or said.get("indexed") == "64" or not said:
        return ""
    return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _first(same: Sequence[int], index: int) -> int:
    return same[index] if index < len(same) else index
