"""Which conditional formats and drop-downs of an existing sheet are ours from the last time.

A clerk's own rules stay. One of ours is known again by its kind and formula and by lying where
the new one lies: rows may have grown or shrunk, so row numbers inside the formula do not count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from xlplan.package.xml_offsets import Edit, Element, appended, attribute, index
from xlplan.sheets.description import Area

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?\Z")
_ROWS = re.compile(r"(\$?[A-Z]{1,3}\$?)\d+")
_PRIORITY = re.compile(rb'(\spriority=")(\d+)(")')
_FAR = 1 << 20
_WIDE = 1 << 14


@dataclass(frozen=True, slots=True)
class Piece:
    """XML that the renderer gave, with its tree; its children are what goes into a sheet."""

    body: bytes
    root: Element

    def bytes_of(self, element: Element) -> bytes:
        """An element as written."""
        return self.body[element.start : element.end]


def piece(rendered: bytes, root: Element) -> Piece:
    """Rendered elements, read with the namespaces of the sheet that they go into."""
    bound = "".join(
        f' xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in root.prefixes.items()
    )
    body = f"<{root.qualified}{bound}>".encode() + rendered + f"</{root.qualified}>".encode()
    return Piece(body, index(body, "sheet", "sheet", depth=8))


def areas(sqref: str) -> Iterator[Area]:
    """The areas of a list such as "A1:B5 D:D".

    >>> list(areas("B2 C3:D4"))[0]
    Area(first_row=2, first_column=2, last_row=2, last_column=2)
    """
    for part in sqref.split():
        first, _, last = part.partition(":")
        one, two = _CELL.match(first), _CELL.match(last or first)
        if one and two:
            yield Area(
                int(one[2] or 1), _column(one[1], 1), int(two[2] or _FAR), _column(two[1], _WIDE)
            )


def _column(letters: str | None, default: int) -> int:
    number = 0
    for letter in (letters or "").upper():
        number = number * 26 + ord(letter) - 64
    return number or default


def meet(one: Sequence[Area], two: Sequence[Area]) -> bool:
    """Whether any cell lies in both."""
    return any(
        a.first_row <= b.last_row
        and b.first_row <= a.last_row
        and a.first_column <= b.last_column
        and b.first_column <= a.last_column
        for a in one
        for b in two
    )


def _signature(body: bytes, element: Element) -> tuple[str, ...]:
    """What a rule or a drop-down says, without row numbers."""
    said = [element.attributes.get("type", "")]
    for child in element.children:
        if child.name in ("formula", "formula1", "formula2"):
            text = unescape(body[child.inner : child.close].decode())
            said.append(_ROWS.sub(r"\1", text))
        elif child.name != "extLst":
            said += [child.name, *(found.name for found in child.children)]
    return tuple(said)


def _known(piece_: Piece, parents: Sequence[Element], name: str) -> list[tuple[object, list[Area]]]:
    """Signature and areas of every rendered element of that name below these parents."""
    return [
        (_signature(piece_.body, found), list(areas(_sqref(parent, found))))
        for parent in parents
        for found in parent.children
        if found.name == name
    ]


def _sqref(*elements: Element) -> str:
    return next((e.attributes["sqref"] for e in elements if "sqref" in e.attributes), "")


@dataclass(frozen=True, slots=True)
class Conditions:
    """The edits that put our conditional formats among a sheet's own."""

    edits: tuple[Edit, ...]
    rendered: bytes  # ours, with priorities behind those that stay


def conditions(body: bytes, root: Element, rendered: bytes) -> Conditions:
    """Drop what is ours from the last time, keep the clerk's, put ours last in priority."""
    new = piece(rendered, root)
    ours = _known(new, new.root.all("conditionalFormatting"), "cfRule")
    edits: list[Edit] = []
    last = 0
    for block in root.all("conditionalFormatting"):
        rules = block.all("cfRule")
        mine = [r for r in rules if _is_ours(body, r, _sqref(block), ours)]
        kept = [rule for rule in rules if rule not in mine]
        last = max([last, *(rule.whole("priority") for rule in kept)])
        if mine and not kept:
            edits.append(Edit(block.start, block.end, []))
        else:
            edits += [Edit(rule.start, rule.end, []) for rule in mine]
    shifted = _PRIORITY.sub(lambda m: m[1] + str(int(m[2]) + last).encode() + m[3], rendered)
    return Conditions(tuple(edits), shifted)


def _is_ours(
    body: bytes, found: Element, sqref: str, ours: Sequence[tuple[object, list[Area]]]
) -> bool:
    said, place = _signature(body, found), list(areas(sqref))
    return any(said == signature and meet(place, where) for signature, where in ours)


def drop_downs(body: bytes, root: Element, rendered: bytes) -> list[Edit] | None:
    """The edits inside an existing dataValidations; None where ours may simply take its place."""
    held = root.one("dataValidations")
    if held is None:
        return None
    new = piece(rendered, root)
    lists = new.root.all("dataValidations")
    ours = _known(new, lists, "dataValidation")
    there = held.all("dataValidation")
    mine = [found for found in there if _is_ours(body, found, _sqref(found), ours)]
    if len(mine) == len(there):
        return None
    children = b"".join(new.bytes_of(child) for block in lists for child in block.children)
    number = len(there) - len(mine) + len(ours)
    edits = [Edit(found.start, found.end, []) for found in mine]
    edits.append(attribute(body, held, "count", str(number)))
    return [*edits, appended(held, children)]
