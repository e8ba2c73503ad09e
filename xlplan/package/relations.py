"""How the parts of a package find each other: relationships and content types."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from xlplan.container import Container, Member, damaged, part_key
from xlplan.package.xml_offsets import (
    STRICT_RELATIONS,
    TRANSITIONAL_RELATIONS,
    Edit,
    Element,
    Text,
    appended,
    escaped,
    index,
    text_of,
)

CONTENT_TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAWING_ID = "rIdButtons"  # not like the ids of our links, which are renewed each time
_NUMBERED = re.compile(r"rId(\d{1,6})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship; `part` is the target's part name, "" for an external one."""

    id: str
    kind: str  # the last step of its type: worksheet, styles, …
    target: str
    part: str
    element: Element


class XmlPart:
    """One small XML part of the package, its tree, and the edits that it will get."""

    def __init__(self, container: Container, name: str) -> None:
        member = container.find(name)
        if member is None:
            raise damaged(container.label, f"缺少部件“{name}”")
        self.member: Member = member
        self.name = member.name.replace("\\", "/")
        self.label = container.label
        self.text: Text = text_of(container.read(member), self.name, self.label)
        self.root = index(self.text.body, self.name, self.label)
        self.edits: list[Edit] = []

    def edit(self, *edits: Edit) -> None:
        """Note edits; they are done together when the part is written."""
        self.edits.extend(edits)


class Relations:
    """The relationships of one part, by id, and those to be added or dropped."""

    def __init__(self, container: Container, source: str) -> None:
        self.source = source
        self.part = XmlPart(container, rels_name(source))
        self.all = tuple(self._relations())
        self._taken = {relation.id.casefold() for relation in self.all}

    def _relations(self) -> Iterator[Relation]:
        for element in self.part.root.all("Relationship"):
            target = element.attributes.get("Target", "")
            external = element.attributes.get("TargetMode", "") == "External"
            kind = element.attributes.get("Type", "").rstrip("/").rpartition("/")[2]
            part = "" if external else resolved(self.source, target)
            yield Relation(element.attributes.get("Id", ""), kind, target, part, element)

    def by_id(self, relation_id: str) -> Relation | None:
        """The relationship of that id."""
        return next((found for found in self.all if found.id == relation_id), None)

    def of_kind(self, *kinds: str) -> list[Relation]:
        """All relationships of these kinds."""
        return [found for found in self.all if found.kind in kinds]

    def add(self, kind: str, part: str, *, strict: bool, taken_in: bytes = b"") -> str:
        """A new relationship to a part; its id is used nowhere, not even dangling in `taken_in`."""
        numbers = [int(m[1]) for one in self._taken if (m := _NUMBERED.match(one))]
        number = max([0, *numbers]) + 1
        while f"rid{number}" in self._taken or f'"rId{number}"'.encode() in taken_in:
            number += 1
        new = f"rId{number}"
        self._taken.add(new.casefold())
        target = escaped(self._relative(part))
        self._append(f'Id="{new}" Type="{type_of(kind, strict=strict)}" Target="{target}"')
        return new

    def link(self, web: Mapping[str, str], owner: str, *, strict: bool) -> None:
        """Have relationships to these addresses, by id; ids of that owner's others go."""
        for relation in self.all:
            if relation.id.startswith(owner):
                self.drop(relation)
        self._append(*(_external(one, to, strict=strict) for to, one in web.items()))

    def drop(self, relation: Relation) -> None:
        """Take a relationship out."""
        self.part.edit(Edit(relation.element.start, relation.element.end, []))

    def _append(self, *attributes: str) -> None:
        root = self.part.root
        tag = f"{root.prefix}:Relationship" if root.prefix else "Relationship"
        if attributes:
            new = "".join(f"<{tag} {one}/>" for one in attributes)
            self.part.edit(appended(root, new.encode()))

    def _relative(self, part: str) -> str:
        folder = posixpath.dirname(self.source)
        prefix = f"{folder}/" if folder else ""
        return part[len(prefix) :] if part.startswith(prefix) else f"/{part}"


class ContentTypes:
    """Which part is of which content type."""

    def __init__(self, container: Container) -> None:
        self.part = XmlPart(container, CONTENT_TYPES)
        root = self.part.root
        self._overrides = {
            part_key(found.attributes.get("PartName", "")): found for found in root.all("Override")
        }
        self._defaults = {
            found.attributes.get("Extension", "").casefold(): found.attributes.get(
                "ContentType", ""
            )
            for found in root.all("Default")
        }

    def of(self, part: str) -> str:
        """The content type of a part; "" where the package does not say."""
        found = self._overrides.get(part_key(part))
        if found is not None:
            return found.attributes.get("ContentType", "")
        return self._defaults.get(posixpath.splitext(part)[1][1:].casefold(), "")

    def add(self, part: str, content_type: str) -> None:
        """Declare a new part."""
        root = self.part.root
        tag = f"{root.prefix}:Override" if root.prefix else "Override"
        declared = f'<{tag} PartName="/{escaped(part)}" ContentType="{content_type}"/>'
        self.part.edit(appended(root, declared.encode()))

    def add_default(self, extension: str, content_type: str) -> None:
        """Declare what all parts of that extension are, unless the package says so already."""
        root = self.part.root
        if extension not in self._defaults:
            self._defaults[extension] = content_type
            tag = f"{root.prefix}:Default" if root.prefix else "Default"
            declared = f'<{tag} Extension="{extension}" ContentType="{content_type}"/>'
            self.part.edit(Edit(root.inner, root.inner, [declared.encode()]))

    def drop(self, part: str) -> None:
        """Forget a part that leaves the package."""
        found = self._overrides.get(part_key(part))
        if found is not None:
            self.part.edit(Edit(found.start, found.end, []))


def new_relations(web: Mapping[str, str], drawing: str, *, strict: bool) -> bytes:
    """A new relationships part that leads to these addresses, by id, and to buttons."""
    inner = "".join(
        f"<Relationship {_external(one, to, strict=strict)}/>" for to, one in web.items()
    )
    if drawing:
        kind = type_of("vmlDrawing", strict=strict)
        inner += f'<Relationship Id="{DRAWING_ID}" Type="{kind}" Target="/{escaped(drawing)}"/>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'.encode()


def _external(relation_id: str, target: str, *, strict: bool) -> str:
    kind = type_of("hyperlink", strict=strict)
    return f'Id="{relation_id}" Type="{kind}" Target="{escaped(target)}" TargetMode="External"'


def type_of(kind: str, *, strict: bool) -> str:
    """The type of a relationship, by its last step."""
    return f"{STRICT_RELATIONS if strict else TRANSITIONAL_RELATIONS}/{kind}"


def rels_name(source: str) -> str:
    """Where the relationships of a part stand; "" is the package itself.

    >>> rels_name("xl/workbook.xml"), rels_name("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolved(source: str, target: str) -> str:
    r"""The part that a target means, seen from its source part.

    >>> resolved("xl/workbook.xml", r"worksheets\sheet1.xml"), resolved("xl/a/b.xml", "/xl/c.xml")
    ('xl/worksheets/sheet1.xml', 'xl/c.xml')
    """
    path = target.replace("\\", "/").partition("#")[0]
    if not path.startswith("/"):
        path = posixpath.join("/", posixpath.dirname(source), path)
    return posixpath.normpath(path).lstrip("/")


def member_of(container: Container, part: str) -> Member | None:
    """The member that holds a part, named as it is or with its percent signs undone."""
    return container.find(part) or container.find(unquote(part))
