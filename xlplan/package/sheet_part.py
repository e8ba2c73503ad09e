"""A described sheet in the place of an existing one: rows change, what hangs on the sheet stays.

Ours are the rows, the sizes of rows and columns, merges, links, the frozen pane, the filter, and
those conditional formats and drop-downs that we wrote before. Drawings, comments, controls,
tables, protection, breaks and all print settings stay as the clerk left them.
"""

from collections.abc import Iterable, Iterator, Mapping

from xlplan.package.hull import Hull
from xlplan.package.own import conditions, drop_downs, piece
from xlplan.package.render import ORDER
from xlplan.package.xml_offsets import Edit, Element, appended, spliced

# Belong to the rows: they give way even where the new sheet has none.
_WITH_ROWS = ("dimension", "sheetFormatPr", "cols", "sheetData", "mergeCells", "hyperlinks")
_PLACES: Mapping[str, int] = {name: place for place, name in enumerate(ORDER)}

Elements = Mapping[str, Iterable[bytes]]


def replaced(hull: Hull, elements: Elements) -> Iterator[bytes]:
    """The sheet part with its new rows, in pieces, in the encoding that it came in."""
    edits = list(_edits(hull, elements))
    return hull.text.packed_chunks(spliced(hull.text.body, edits))


def _edits(hull: Hull, elements: Elements) -> Iterator[Edit]:
    for name in _WITH_ROWS:
        yield from _swapped(hull.root, name, elements.get(name))
    if "autoFilter" in elements:
        yield from _swapped(hull.root, "autoFilter", elements["autoFilter"])
    if "sheetViews" in elements:
        yield from _views(hull, b"".join(elements["sheetViews"]))
    yield from _conditions(hull, elements)
    yield from _drop_downs(hull, elements)


def _swapped(root: Element, name: str, chunks: Iterable[bytes] | None) -> Iterator[Edit]:
    """Put an element in the place of the old one, or where the schema wants it."""
    old = root.one(name)
    if old is not None:
        yield Edit(old.start, old.end, chunks or [], _PLACES[name])
    elif chunks is not None:
        yield inserted(root, name, chunks)


def inserted(root: Element, name: str, chunks: Iterable[bytes]) -> Edit:
    """The edit that puts a new child behind those that the schema wants before it."""
    at = max(
        (child.end for child in root.children if _place(child) <= _PLACES[name]),
        default=root.inner,
    )
    return Edit(at, at, chunks, _PLACES[name])


def _place(child: Element) -> int:
    """Where a child stands in the schema's order; a wrapper stands for what it wraps."""
    if child.name in _PLACES:
        return _PLACES[child.name]
    return max((_place(inner) for inner in child.children), default=-1)


def _views(hull: Hull, rendered: bytes) -> Iterator[Edit]:
    """Freeze the first view as described; how else the clerk looks at the sheet is his own."""
    held = hull.root.one("sheetViews")
    if held is None:
        yield inserted(hull.root, "sheetViews", [rendered])
        return
    view = held.one("sheetView")
    new = piece(rendered, hull.root)
    wanted = next((v for vs in new.root.all("sheetViews") for v in vs.all("sheetView")), None)
    if view is None or wanted is None or wanted.one("pane") is None:
        return
    if _frozen(view.one("pane")) == _frozen(wanted.one("pane")):
        return
    inner = b"".join(new.bytes_of(child) for child in wanted.children)
    old = [child for child in view.children if child.name in ("pane", "selection")]
    if view.empty:
        yield appended(view, inner)
        return
    yield Edit(view.inner, view.inner, [inner], -1)
    yield from (Edit(child.start, child.end, []) for child in old)


def _frozen(pane: Element | None) -> tuple[str, ...]:
    if pane is None:
        return ()
    named = ("xSplit", "ySplit", "state")
    return tuple(pane.attributes.get(name, "") for name in named)


def _conditions(hull: Hull, elements: Elements) -> Iterator[Edit]:
    rendered = b"".join(elements.get("conditionalFormatting", ()))
    if not rendered:
        return
    found = conditions(hull.text.body, hull.root, rendered)
    yield from found.edits
    yield inserted(hull.root, "conditionalFormatting", [found.rendered])


def _drop_downs(hull: Hull, elements: Elements) -> Iterator[Edit]:
    rendered = b"".join(elements.get("dataValidations", ()))
    if not rendered:
        return
    inside = drop_downs(hull.text.body, hull.root, rendered)
    if inside is None:
        yield from _swapped(hull.root, "dataValidations", [rendered])
    else:
        yield from inside
