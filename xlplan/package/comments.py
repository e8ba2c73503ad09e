"""Comments on single cells of somebody's sheet; everything else stays byte for byte.

Comments of the old kind, which every Excel, WPS and LibreOffice shows: their texts stand in one
part, the boxes in a drawing of an older language that may not even be whole XML. Both are extended
by splices where they are there. A cell that holds a threaded comment of newer Excels is left.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from xlplan.container import Member, damaged
from xlplan.diagnostics import column_letters
from xlplan.package.hull import Hull, read_hull
from xlplan.package.links import quoted_text
from xlplan.package.own import areas
from xlplan.package.relations import Relation, Relations, XmlPart, member_of, rels_name, type_of
from xlplan.package.sheet_part import inserted
from xlplan.package.styles import prefixed
from xlplan.package.values import escaped, fitted
from xlplan.package.workbook_part import Workbook
from xlplan.package.xml_offsets import (
    STRICT,
    STRICT_RELATIONS,
    TRANSITIONAL,
    TRANSITIONAL_RELATIONS,
    Edit,
    Element,
    appended,
    check_whole,
    spliced,
    text_of,
)
from xlplan.sheets.layout import characters

COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
AUTHOR = "核对"
_THREADED = "threadedComment"
_WIDTH = 34  # characters in a line of the box, some three columns
_MOST_LINES = 24
_SHAPE_ID = re.compile(r"_x0000_s(\d{1,9})")
_SPACES = (
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_HEAD = (
    f"<xml{_SPACES}>"
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{drawing}"/></o:shapelayout></xml>'
)
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"{spaces}><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
    'margin-left:60pt;margin-top:2pt;width:180pt;height:{height}pt;z-index:1;visibility:hidden"'
    ' fillcolor="#ffffe1" o:insetmode="auto"{spaces}><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said about one cell; in a merged area it goes to the area's first cell."""

    sheet: str
    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Commented:
    """The parts that comments of one sheet change or add, and the comments that found no place."""

    changed: Mapping[str, bytes]  # by the member's key
    new: Mapping[str, bytes]  # by the part's name
    left: tuple[Comment, ...] = ()


def commented(
    workbook: Workbook, member: Member, comments: Sequence[Comment], taken: set[str]
) -> Commented:
    """Put comments on the cells of one sheet; `taken` are names of parts that are given out."""
    return _Commenter(workbook, member, taken).run(comments)


class _Commenter:
    """One sheet with its relationships, its comments and their drawing."""

    def __init__(self, workbook: Workbook, member: Member, taken: set[str]) -> None:
        self.workbook, self.container = workbook, workbook.container
        self.member, self.taken = member, taken
        self.part = member.name.replace("\\", "/")
        self.hull: Hull = read_hull(self.container, member)
        there = rels_name(self.part) in self.container
        self.relations = Relations(self.container, self.part) if there else None
        self.added: list[tuple[str, str, str]] = []  # id, kind, part
        self.changed: dict[str, bytes] = {}
        self.new: dict[str, bytes] = {}

    def run(self, comments: Sequence[Comment]) -> Commented:
        """All comments, those of one cell in one box."""
        places = self._by_cell(comments)
        threaded = self._threaded() & places.keys()
        left = tuple(one for place in sorted(threaded) for one in places[place])
        texts = {
            place: "\n".join(dict.fromkeys(one.text for one in found))
            for place, found in sorted(places.items())
            if place not in threaded
        }
        if texts:
            boxes = self._write_texts(texts)
            self._write_boxes({place: texts[place] for place in boxes})
            self._write_relations()
        return Commented(self.changed, self.new, left)

    def _by_cell(self, comments: Sequence[Comment]) -> dict[tuple[int, int], list[Comment]]:
        found: dict[tuple[int, int], list[Comment]] = {}
        merges = self.hull.root.one("mergeCells")
        merged = (
            [a for m in merges.all("mergeCell") for a in areas(m.attributes["ref"])]
            if merges
            else []
        )
        for one in comments:
            top = next(
                (
                    (area.first_row, area.first_column)
                    for area in merged
                    if area.first_row <= one.row <= area.last_row
                    and area.first_column <= one.column <= area.last_column
                ),
                (one.row, one.column),
            )
            found.setdefault(top, []).append(one)
        return found

    def _related(self, kind: str) -> Relation | None:
        found = self.relations.of_kind(kind) if self.relations else []
        there = (one for one in found if member_of(self.container, one.part) is not None)
        return next(there, None)

    def _threaded(self) -> set[tuple[int, int]]:
        relation = self._related(_THREADED)
        member = member_of(self.container, relation.part) if relation else None
        if member is None:
            return set()
        root = XmlPart(self.container, member.name).root
        said = [one.attributes.get("ref", "") for one in root.all(_THREADED)]
        return {(a.first_row, a.first_column) for ref in said for a in areas(ref)}

    def _write_texts(self, texts: Mapping[tuple[int, int], str]) -> list[tuple[int, int]]:
        """The texts into the part of comments; gives the cells that had none before."""
        relation = self._related("comments")
        if relation is None:
            self._new_texts(texts)
            return list(texts)
        member = member_of(self.container, relation.part)
        assert member is not None, "just looked"  # noqa: S101 - a bug, not user data
        part = XmlPart(self.container, member.name)
        held = {one.attributes.get("ref", ""): one for one in _comments(part.root)}
        fresh = {place: text for place, text in texts.items() if _address(place) not in held}
        for place, text in texts.items():
            if place not in fresh:
                part.edit(*_longer(part, held[_address(place)], text))
        if fresh:
            author = _author(part)
            xml = "".join(_comment(place, text, author) for place, text in fresh.items())
            part.edit(_into(part.root, "commentList", xml))
        self.changed[member.key] = _edited(part)
        return list(fresh)

    def _new_texts(self, texts: Mapping[tuple[int, int], str]) -> None:
        name = self._free("comments", ".xml", "")
        space = STRICT if self.workbook.strict else TRANSITIONAL
        inner = "".join(_comment(place, text, 0) for place, text in texts.items())
        self.new[name] = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<comments xmlns="{space}"><authors><author>{AUTHOR}</author></authors>'
            f"<commentList>{inner}</commentList></comments>"
        ).encode()
        self.workbook.types.add(name, COMMENTS)
        self._relate("comments", name)

    def _write_boxes(self, texts: Mapping[tuple[int, int], str]) -> None:
        """The boxes into the drawing that the sheet leads to, or into a new one."""
        if not texts:
            return
        legacy = self.hull.root.one("legacyDrawing")
        relation = self._drawing(legacy)
        if relation is None:
            number, name = self._new_drawing()
            body = _HEAD.format(drawing=number)
            self.new[name] = _with_boxes(body, texts).encode()
            identity = self._relate("vmlDrawing", name)
            self._lead_to(identity, legacy)
            return
        member = member_of(self.container, relation.part)
        assert member is not None, "just looked"  # noqa: S101 - a bug, not user data
        text = text_of(self.container.read(member), member.name, self.container.label)
        # Latin-1 lets every byte through: what is added is ASCII, what is there need not be XML.
        body = text.body.decode("latin-1")
        if "</" not in body:
            raise damaged(self.container.label, f"“{member.name}”不是完整的图形")
        self.changed[member.key] = text.packed(_with_boxes(body, texts).encode("latin-1"))

    def _drawing(self, legacy: Element | None) -> Relation | None:
        if legacy is None or self.relations is None:
            return None
        identity = next((v for k, v in legacy.attributes.items() if k.endswith(" id")), "")
        relation = self.relations.by_id(identity)
        there = relation is not None and member_of(self.container, relation.part) is not None
        return relation if there else None

    def _new_drawing(self) -> tuple[int, str]:
        name = self._free("vmlDrawing", ".vml", "drawings/")
        self.workbook.types.add_default(
            "vml", "application/vnd.openxmlformats-officedocument.vmlDrawing"
        )
        return int(re.sub(r"\D", "", name.rpartition("/")[2])), name

    def _lead_to(self, identity: str, legacy: Element | None) -> None:
        """Have the sheet lead to its drawing."""
        uri = STRICT_RELATIONS if self.workbook.strict else TRANSITIONAL_RELATIONS
        said = f'<legacyDrawing xmlns:r="{uri}" r:id="{identity}"/>'
        new = prefixed(said, self.hull.root.prefix).encode()
        edit = (
            inserted(self.hull.root, "legacyDrawing", [new])
            if legacy is None
            else Edit(legacy.start, legacy.end, [new])
        )
        text = text_of(self.container.read(self.member), self.part, self.container.label)
        longer = len(text.body) - len(self.hull.text.body)
        shift = longer if edit.start >= self.hull.rows.end else 0
        moved = Edit(edit.start + shift, edit.end + shift, edit.chunks)
        body = b"".join(spliced(text.body, [moved]))
        check_whole(body, self.part, self.container.label)
        self.changed[self.member.key] = text.packed(body)

    def _relate(self, kind: str, part: str) -> str:
        """The id of a new relationship to a part."""
        body = self.hull.text.body
        if self.relations is not None:
            return self.relations.add(kind, part, strict=self.workbook.strict, taken_in=body)
        number = len(self.added) + 1
        while f'"rId{number}"'.encode() in body or any(
            one[0] == f"rId{number}" for one in self.added
        ):
            number += 1
        self.added.append((f"rId{number}", kind, part))
        return f"rId{number}"

    def _write_relations(self) -> None:
        if self.relations is not None and self.relations.part.edits:
            part = self.relations.part
            self.changed[part.member.key] = _edited(part)
        elif self.added:
            self.new[rels_name(self.part)] = _relations(self.added, strict=self.workbook.strict)

    def _free(self, stem: str, ending: str, folder: str) -> str:
        """A part's name beside the sheets' folder that nothing has, not even a dangling one."""
        base = self.part.rpartition("/")[0].rpartition("/")[0]
        number, links = 1, self.relations.part.text.body if self.relations else b""
        while True:
            name = f"{base}/{folder}{stem}{number}{ending}".lstrip("/")
            used = name.casefold() in self.taken or name in self.container
            if not used and name.rpartition("/")[2].encode() not in links:
                self.taken.add(name.casefold())
                return name
            number += 1


def _edited(part: XmlPart) -> bytes:
    """A small part with its edits done, read once more before it is believed."""
    body = b"".join(spliced(part.text.body, part.edits))
    check_whole(body, part.name, part.label)
    return part.text.packed(body)


def _address(place: tuple[int, int]) -> str:
    return f"{column_letters(place[1])}{place[0]}"


def _comments(root: Element) -> Iterator[Element]:
    for held in root.all("commentList"):
        yield from held.all("comment")


def _author(part: XmlPart) -> int:
    """Our number among the authors; entered behind the others if need be."""
    authors = part.root.one("authors")
    names = authors.all("author") if authors else []
    for number, one in enumerate(names):
        if part.text.body[one.inner : one.close].decode() == AUTHOR:
            return number
    part.edit(_into(part.root, "authors", f"<author>{AUTHOR}</author>"))
    return len(names)


def _into(root: Element, name: str, xml: str) -> Edit:
    """The edit that puts children into a child of the root, which every such part has."""
    held = root.one(name)
    if held is None:
        whole = prefixed(f"<{name}>{xml}</{name}>", root.prefix).encode()
        return (
            appended(root, whole)
            if name == "commentList"
            else Edit(root.inner, root.inner, [whole])
        )
    return appended(held, prefixed(xml, root.prefix).encode())


def _longer(part: XmlPart, comment: Element, text: str) -> Iterator[Edit]:
    """The edits that let a comment say more; what it says already stays in front."""
    held = comment.one("text")
    if held is None or text in _said(part, held):
        return
    plain = held.one("t")
    run = f"<r>{_text(chr(10) + text)}</r>"
    if plain is not None:
        old = part.text.body[plain.start : plain.end].decode()
        prefix = part.root.prefix
        opening, closing = prefixed("<r>", prefix), prefixed("</r>", prefix)
        yield Edit(plain.start, plain.end, [f"{opening}{old}{closing}".encode()])
    runs = [child for child in held.children if child.name in ("r", "t")]
    new = prefixed(run, part.root.prefix).encode()
    if runs:
        yield Edit(runs[-1].end, runs[-1].end, [new], 1)
    else:
        yield appended(held, new)


def _said(part: XmlPart, held: Element) -> str:
    """What a comment says, without its looks."""
    body = part.text.body[held.start : held.end].decode()
    return (
        re.sub(r"<[^>]*>", "", body).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )


def _comment(place: tuple[int, int], text: str, author: int) -> str:
    return (
        f'<comment ref="{_address(place)}" authorId="{author}"><text><r><rPr><sz val="9"/>'
        f'<rFont val="宋体"/></rPr>{_text(text)}</r></text></comment>'
    )


def _text(text: str) -> str:
    return f'<t xml:space="preserve">{escaped(fitted(text))}</t>'


def _with_boxes(drawing: str, texts: Mapping[tuple[int, int], str]) -> str:
    """A drawing with a box for each text, behind the others."""
    declared = all(f" {space.partition('=')[0]}=" in drawing for space in _SPACES.split())
    spaces = "" if declared else _SPACES
    numbers = [int(found) for found in _SHAPE_ID.findall(drawing)]
    map_ = re.search(r'<o:idmap[^>]*\bdata="(\d+)', drawing)
    first = max([int(map_[1]) * 1024 if map_ else 1024, *numbers]) + 1
    shapes = "" if 'id="_x0000_t202"' in drawing else _TYPE.format(spaces=spaces)
    for number, (place, text) in enumerate(texts.items(), start=first):
        shapes += _shape(number, place, text, spaces)
    end = drawing.rindex("</")
    return drawing[:end] + shapes + drawing[end:]


def _shape(number: int, place: tuple[int, int], text: str, spaces: str) -> str:
    """A hidden box beside a cell, as tall as its text."""
    lines = sum(max(1, ceil(characters(line) / _WIDTH)) for line in text.split("\n"))
    tall = min(lines, _MOST_LINES) + 1
    row, column = place[0] - 1, place[1] - 1
    top = max(row - 1, 0)
    anchor = (column + 1, 15, top, 2, column + 4, 15, top + tall, 4)
    return _SHAPE.format(
        number=number,
        height=f"{tall * 14.25:g}",
        spaces=spaces,
        anchor=", ".join(map(str, anchor)),
        row=row,
        column=column,
    )


def _relations(added: Sequence[tuple[str, str, str]], *, strict: bool) -> bytes:
    inner = "".join(
        f'<Relationship Id="{one}" Type="{type_of(kind, strict=strict)}"'
        f' Target="/{quoted_text(part)}"/>'
        for one, kind, part in added
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{inner}</Relationships>"
    ).encode()
