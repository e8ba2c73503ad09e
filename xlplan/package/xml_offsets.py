"""Where the elements of an XML part stand, in bytes, so that edits are splices.

A part is never re-serialised: expat says where each element begins, the bytes between two edits
stay the bytes they were. Parts in another encoding are turned into UTF-8 for the work and back
afterwards, which is refused where it would not give the same bytes.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from xlplan.container import codec_of, damaged
from xlplan.diagnostics import RequestError

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"

MOST_DEPTH = 100
# The standard library's own escape would load its clients of mail and web.
_MARKUP = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\t": "&#9;",
    }
)
_READABLE = {"utf-16-le", "utf-16-be", "ascii", "iso8859-1"}  # as expat does, beside UTF-8
_START_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")


@dataclass(frozen=True, slots=True)
class Text:
    """A part's content as UTF-8 without a mark, and how to give it back as it came."""

    body: bytes
    codec: str = "utf-8"
    bom: bytes = b""

    def packed(self, body: bytes) -> bytes:
        """Another body in this part's encoding."""
        return b"".join(self.packed_chunks([body]))

    def packed_chunks(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same for a body in pieces, cut anywhere."""
        if self.bom:
            yield self.bom
        if self.codec == "utf-8":
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder("utf-8")()
        for chunk in chunks:
            yield decoder.decode(chunk).encode(self.codec, "xmlcharrefreplace")


def text_of(raw: bytes, part: str, label: str) -> Text:
    """A part's text; XP004 where it cannot be decoded and encoded without loss."""
    codec, bom = codec_of(raw)
    inner = raw[len(bom) :]
    if codec == "utf-8":
        return Text(inner, codec, bom)
    try:
        decoded = inner.decode(codec)
        same = codec in _READABLE and decoded.encode(codec) == inner
    except (UnicodeError, LookupError):
        same = False
    if not same:
        raise damaged(label, f"“{part}”的编码 {codec} 读不出来")
    return Text(decoded.encode(), codec, bom)


@dataclass(slots=True)
class Element:
    """One element: [start, inner) its start tag, [close, end) its end tag, all byte offsets.

    Attributes without a namespace go by their name, others by "uri name".
    """

    uri: str
    name: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    inner: int = 0
    close: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list)
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether it is written as one tag, <a/>."""
        return self.inner == self.end

    @property
    def qualified(self) -> str:
        """The name as written."""
        return f"{self.prefix}:{self.name}" if self.prefix else self.name

    def all(self, name: str) -> list["Element"]:
        """Its children of that local name and of its own namespace."""
        return [child for child in self.children if (child.uri, child.name) == (self.uri, name)]

    def one(self, name: str) -> "Element | None":
        """Its first child of that local name."""
        found = self.all(name)
        return found[0] if found else None

    def on(self, name: str, *, default: bool = False) -> bool:
        """A boolean attribute as the schema writes it."""
        value = self.attributes.get(name)
        return default if value is None else value.strip() in {"1", "true", "on"}

    def whole(self, name: str, default: int = 0) -> int:
        """A whole-number attribute; what is no number counts as absent."""
        text = self.attributes.get(name, "").strip()
        return int(text) if text.isdecimal() else default

    def prefix_for(self, uri: str) -> str | None:
        """A prefix that stands for that namespace inside this element; None without one."""
        return next((p for p, bound in self.prefixes.items() if bound == uri and p), None)


class _Indexer:
    """Collects the tree while expat walks over the bytes."""

    def __init__(self, body: bytes, depth: int) -> None:
        self.body = body
        self.depth = depth
        self.open: list[Element] = []
        self.pending: dict[str, str] = {}
        self.root: Element | None = None
        self.doctype = False
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartNamespaceDeclHandler = self.declare
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        self.doctype = True
        raise expat.ExpatError("DOCTYPE")

    def declare(self, prefix: str | None, uri: str | None) -> None:
        self.pending[prefix or ""] = uri or ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        uri, local, prefix = _split(name)
        at = self.parser.CurrentByteIndex
        known = self.open[-1].prefixes if self.open else {}
        if self.pending:
            known = {**known, **self.pending}
            self.pending = {}
        element = Element(uri, local, prefix, _plain(attributes), at, prefixes=known)
        tag = _START_TAG.match(self.body, at)
        element.inner = tag.end() if tag else at
        if self.open and len(self.open) < self.depth:
            self.open[-1].children.append(element)
        elif not self.open:
            self.root = element
        if len(self.open) >= MOST_DEPTH:
            raise expat.ExpatError("depth")
        self.open.append(element)

    def end(self, _: str) -> None:
        element = self.open.pop()
        if self.body[element.inner - 2 : element.inner] == b"/>":
            element.close = element.end = element.inner
        else:
            element.close = self.parser.CurrentByteIndex
            element.end = self.body.index(b">", element.close) + 1


def _split(name: str) -> tuple[str, str, str]:
    parts = name.split(" ")
    if len(parts) == 1:
        return "", name, ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - uri, name, prefix


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {" ".join(name.split(" ")[:2]): value for name, value in attributes.items()}


def index(body: bytes, part: str, label: str, depth: int = 8) -> Element:
    """The element tree of a UTF-8 body down to `depth`; XP004 where broken, XP008 with a DTD."""
    indexer = _Indexer(body, depth)
    try:
        indexer.parser.Parse(body, True)  # noqa: FBT003 - expat takes no keyword
    except expat.ExpatError as error:
        if indexer.doctype:
            raise RequestError("XP008", path=label, reason=f"“{part}”带有 DTD 声明") from error
        reason = (
            f"“{part}”第 {error.lineno} 行不是完整的 XML"
            if hasattr(error, "lineno")
            else f"“{part}”嵌套过深"
        )
        raise damaged(label, reason) from error
    assert indexer.root is not None  # noqa: S101 - expat found a document
    return indexer.root


def check_whole(body: bytes, part: str, label: str) -> None:
    """Refuse a UTF-8 body that is no whole XML (XP004); builds nothing, so it is fast."""
    try:
        expat.ParserCreate("utf-8", namespace_separator=" ").Parse(body, True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise damaged(label, f"“{part}”第 {error.lineno} 行不是完整的 XML") from error


@dataclass(frozen=True, slots=True)
class Edit:
    """The bytes [start, end) give way to `chunks`; insertions at one place go by `order`."""

    start: int
    end: int
    chunks: Iterable[bytes]
    order: int = 0


def spliced(body: bytes, edits: Iterable[Edit]) -> Iterator[bytes]:
    """The body with all edits done, in pieces.

    >>> b"".join(spliced(b"<a><b/></a>", [Edit(3, 7, [b"<c/>"])]))
    b'<a><c/></a>'
    """
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end > edit.start, edit.order)):
        assert edit.start >= at, "edits overlap"  # noqa: S101 - a bug, not user data
        yield body[at : edit.start]
        yield from edit.chunks
        at = edit.end
    yield body[at:]


def appended(parent: Element, child: bytes) -> Edit:
    """The edit that makes `child` the last child of `parent`, opening <parent/> if need be."""
    if not parent.empty:
        return Edit(parent.close, parent.close, [child])
    closing = f"></{parent.qualified}>".encode()
    return Edit(parent.inner - 2, parent.inner, [closing[:1], child, closing[1:]])


def attribute(body: bytes, element: Element, name: str, value: str) -> Edit:
    """The edit that gives an attribute (without namespace) a value, adding it if need be."""
    quoted = f'"{escaped(value)}"'.encode()
    tag = body[element.start : element.inner]
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            at = element.start
            return Edit(at + found.start(2), at + found.end(2), [quoted])
    at = element.inner - (2 if element.empty else 1)
    return Edit(at, at, [b" " + name.encode() + b"=" + quoted])


_ATTRIBUTE = re.compile(rb"""\s([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")


def escaped(text: str) -> str:
    """Text for an attribute or an element.

    >>> escaped('“甲”&"乙"<1')
    '“甲”&amp;&quot;乙&quot;&lt;1'
    """
    return text.translate(_MARKUP)
