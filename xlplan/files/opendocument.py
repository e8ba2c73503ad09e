"""The facts of .ods sheets: merged areas, hidden rows, error values, formulas without results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from xlplan.files.facts import MOST_CELLS, Facts
from xlplan.tables.grid import Position, Span

_CELLS = frozenset({"table-cell", "covered-table-cell"})
_LONGEST_ERROR = 20


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is walked through; `row` and `column` are those of the current cell."""

    row: int = 0
    rows: int = 1
    column: int = 0
    widest: int = 0
    deepest: int = 0
    merged: list[Span] = field(default_factory=list)
    hidden: dict[str, set[int]] = field(default_factory=dict)
    uncached: set[Position] = field(default_factory=set)
    errors: dict[Position, str] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        """What was found."""
        nothing: set[int] = set()
        return Facts(
            frozenset(self.hidden.get("collapse", nothing)),
            frozenset(self.hidden.get("filter", nothing)),
            frozenset(self.uncached),
            tuple(self.errors.items()),
            tuple(self.merged),
        )

    def start_row(self, said: Mapping[str, str]) -> None:
        """The next row, or several alike."""
        self.row += self.rows
        self.rows, self.column = _count(said, "number-rows-repeated"), 0
        seen = said.get("visibility", "visible")
        if seen != "visible":
            # A run of hidden rows down to the sheet's end holds nothing worth naming one by one.
            last = self.row + min(self.rows, 10_000)
            self.hidden.setdefault(seen, set()).update(range(self.row, last))

    def start_cell(self, said: Mapping[str, str]) -> Position | None:
        """The next cell; its position when it holds an error value."""
        at = self.row, self.column + 1
        repeated = _count(said, "number-columns-repeated")
        self.column += repeated
        across, down = _count(said, "number-columns-spanned"), _count(said, "number-rows-spanned")
        if across > 1 or down > 1:
            self.merged.append(Span(*at, at[0] + down - 1, at[1] + across - 1))
        if "value-type" in said or "formula" in said:
            self.widest = max(self.widest, self.column)
            self.deepest = self.row + self.rows - 1
        if "formula" in said and "value-type" not in said:
            self.uncached.add(at)
        return at if said.get("calcext:value-type") == "error" else None

    @property
    def is_too_large(self) -> bool:
        """Whether the filled rectangle would not fit into memory."""
        return self.widest * self.deepest > MOST_CELLS


def _count(said: Mapping[str, str], name: str) -> int:
    text = said.get(name, "1")
    return max(int(text), 1) if text.isdecimal() else 1


class _Walk:
    """Walks through content.xml; names are told by their local part."""

    def __init__(self) -> None:
        self.sheets: dict[str, _Sheet] = {}
        self._sheet = _Sheet()
        self._error: Position | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "table":
            self._sheet = _Sheet()
            self.sheets[_local(attributes).get("name", "")] = self._sheet
        elif kind == "table-row":
            self._sheet.start_row(_local(attributes))
        elif kind in _CELLS:
            self._error = self._sheet.start_cell(_local(attributes))

    def text(self, text: str) -> None:
        if self._error is not None:
            said = self._sheet.errors.get(self._error, "") + text.strip()
            self._sheet.errors[self._error] = said[:_LONGEST_ERROR]

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] in _CELLS:
            self._error = None


def _local(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by local name; calcext:value-type is not office:value-type."""
    return {
        name if name.startswith("calcext:") else name.rpartition(":")[2]: value
        for name, value in attributes.items()
    }


def scan_content(content: bytes) -> dict[str, Facts] | None:
    """The facts of every sheet; None when a sheet is too large to be read.

    Raises ExpatError when the part is no XML.
    """
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.Parse(content, True)  # noqa: FBT003 - the parser takes it by position only
    if any(sheet.is_too_large for sheet in walk.sheets.values()):
        return None
    return {name: sheet.facts for name, sheet in walk.sheets.items()}
