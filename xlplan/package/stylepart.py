"""Where the elements of a styles part lie: one expat pass, byte offsets, nothing re-serialised."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from xlplan.diagnostics import RequestError

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

_ATTRIBUTE = rb"""\s+([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(rb"<[^\s/>]+")


@dataclass(slots=True)
class Node:
    """An element; `end` is where its end tag begins, or where a self-closing tag is over.

    `name` is the local name in the main namespace and "{uri}local" in any other.
    """

    name: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    end: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """The name as it stands in the file."""
        return f"{self.prefix}:{self.name}" if self.prefix else self.name

    def child(self, name: str) -> "Node | None":
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def on(self, name: str, *, default: bool = False) -> bool:
        """A boolean attribute as the schema writes it."""
        value = self.attributes.get(name)
        return default if value is None else value.strip() in {"1", "true", "on"}

    def whole(self, name: str, default: int = 0) -> int:
        """A whole-number attribute; what is no number counts as absent."""
        text = self.attributes.get(name, "").strip()
        return int(text) if text.isdecimal() else default


class StylePart:
    """A styles part's elements and their places in `work`, the part in an ASCII-like encoding.

    Raises: RequestError XP004 (not XML), XP008 (a DTD), XP701 (not a styles part).
    """

    def __init__(self, xml: bytes, path: str) -> None:
        self._path = path
        self._wide = _wide_codec(xml)
        self._declared = "utf-8"
        self._open: list[Node] = []
        self.root = Node("", "", {}, 0)
        self.formats: set[int] = set()
        try:
            self.work = xml.decode(self._wide).encode() if self._wide else xml
            self._parser().Parse(self.work, True)  # noqa: FBT003 - expat takes it by place
        except (expat.ExpatError, UnicodeError, LookupError) as fault:
            raise RequestError("XP004", path=path, reason=f"样式部件读不通：{fault}") from fault
        if self.root.name != "styleSheet":
            self.refuse("样式部件的根元素不是 styleSheet")

    def encode(self, text: str) -> bytes:
        """Text for `work`; what its encoding cannot say becomes a character reference."""
        return text.encode(self._declared, "xmlcharrefreplace")

    def restore(self, work: bytes) -> bytes:
        """The edited `work` in the encoding that the part came in."""
        return work.decode().encode(self._wide) if self._wide else work

    def refuse(self, reason: str) -> NoReturn:
        """Say why this part cannot be added to."""
        raise RequestError("XP701", path=self._path, reason=reason)

    def closes_itself(self, node: Node) -> bool:
        """Whether an element is written as `<fonts/>`."""
        return not node.children and self.work[node.start : node.end].endswith(b"/>")

    def count_splice(self, node: Node, number: int) -> tuple[int, int, bytes]:
        """The edit (from, until, new bytes) that makes a list's `count` say `number`."""
        tag = _TAG.match(self.work, node.start)
        assert tag, "expat found an element here"  # noqa: S101 - a bug, not user data
        at = tag.end()
        while found := _ATTRIBUTES.match(self.work, at):
            if found[1] == b"count":
                which = 2 if found[2] is not None else 3
                return found.start(which), found.end(which), str(number).encode()
            at = found.end()
        return tag.end(), tag.end(), f' count="{number}"'.encode()

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8" if self._wide else None, namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = lambda name, found: self._start(parser, name, found)
        parser.EndElementHandler = lambda _: self._end(parser)
        return parser

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and not self._wide:
            self._declared = codecs.lookup(encoding).name

    def _doctype(self, *_: object) -> None:
        raise RequestError("XP008", path=self._path, reason="样式部件带有 DTD 声明")

    def _start(self, parser: expat.XMLParserType, name: str, found: Mapping[str, str]) -> None:
        uri, local, prefix = ([*name.split(" "), ""] if " " in name else ["", name, ""])[:3]
        main = uri in {TRANSITIONAL, STRICT}
        node = Node(
            local if main else f"{{{uri}}}{local}",
            prefix,
            {key: value for key, value in found.items() if " " not in key},
            parser.CurrentByteIndex,
        )
        if "numFmtId" in found:
            self.formats.add(node.whole("numFmtId"))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, parser: expat.XMLParserType) -> None:
        self._open.pop().end = parser.CurrentByteIndex


def _wide_codec(xml: bytes) -> str:
    """The UTF-16 codec of a part, byte order mark or not; "" for ASCII-like encodings."""
    if xml.startswith((codecs.BOM_UTF16_LE, b"<\0")):
        return "utf-16-le"
    if xml.startswith((codecs.BOM_UTF16_BE, b"\0<")):
        return "utf-16-be"
    return ""
