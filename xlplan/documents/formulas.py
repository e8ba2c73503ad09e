"""Formulas of a template follow its rows: references shift, ranges over repeated rows grow."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from xlplan.diagnostics import column_letters
from xlplan.documents.growth import Growth, GrowthError, Here, Plan, Stretch, hull, joined

MOST_ARGUMENTS = 255
"""Arguments of a function in Excel."""

_LISTS = frozenset(
    {"SUM", "SUBTOTAL", "COUNT", "COUNTA", "AVERAGE", "MAX", "MIN", "PRODUCT", "MEDIAN"}
)
"""Functions whose argument may be a list of ranges with gaps between them."""

_SHEET = r"(?:'(?:[^']|'')+'|[^\s'\"!:\[\](){},;+\-*/^&=<>%]+)!"
_TOKEN = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
    |(?P<outside>'?\[[^\[\]]*\][^\s!(),]*![$\w:]+)
    |(?P<table>[\w.]*\[(?:[^\[\]]|\[[^\[\]]*\])*\])
    |(?P<cells>(?P<sheet>{_SHEET})?
        (?:(?P<column>\$?[A-Za-z]{{1,3}})(?P<row>\$?[1-9]\d{{0,6}})
            (?::(?P<column2>\$?[A-Za-z]{{1,3}})(?P<row2>\$?[1-9]\d{{0,6}}))?
        |(?P<rows>\$?[1-9]\d{{0,6}}):(?P<rows2>\$?[1-9]\d{{0,6}}))(?![\w(.!\[]))
    |(?P<columns>(?:{_SHEET})?\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?![\w(.!\[]))
    |(?P<open>[\w.]*\()|(?P<close>\))|(?P<comma>,)|(?P<space>\s+)
    |(?P<name>(?:{_SHEET})?[\w.\\?]+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_WHOLE_COLUMNS = re.compile(r"(.*!)?(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})\Z")


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell, a range or whole rows in a formula; columns and rows keep their $.

    `function` is the name of the function whose whole argument it is; "" = it is none.
    """

    prefix: str  # the sheet as written, with its !
    sheet: str  # the sheet that it means
    columns: tuple[str, str]
    rows: tuple[str, str]
    whole: bool  # whether it is a range as written
    function: str = ""

    @property
    def first(self) -> int:
        """The first template row."""
        return min(map(_row, self.rows))

    @property
    def last(self) -> int:
        """The last template row."""
        return max(map(_row, self.rows))

    @property
    def fixed(self) -> bool:
        """Whether its rows stay the same when it is copied."""
        return all(row.startswith("$") for row in self.rows)

    def now(self, growth: Growth, here: Here) -> list[Stretch]:
        """The rows that it means at a place of the filled workbook."""
        return growth.stretches(self.sheet, (self.first, self.last), here, fixed=self.fixed)

    @property
    def template(self) -> str:
        """The reference as the template writes it."""
        return self.written([(self.first, self.last)])

    def written(self, stretches: list[Stretch]) -> str:
        """The reference to these rows; several are a list."""
        return ",".join(map(self._stretch, stretches))

    def copied(self, rows: int, columns: int) -> str:
        """The reference as it is when copied: what has no $ moves along."""
        ends = [
            _column_after(column, columns) + (row if row.startswith("$") else str(_row(row) + rows))
            for column, row in zip(self.columns, self.rows, strict=True)
        ]
        return self.prefix + (":".join(ends) if self.whole else ends[0])

    def in_its_row(self, mark: str) -> str:
        """The reference with a mark for its row."""
        ends = [f"{c}{_anchor(r)}{mark}" for c, r in zip(self.columns, self.rows, strict=True)]
        return self.prefix + (":".join(ends) if self.whole else ends[0])

    def _stretch(self, stretch: Stretch) -> str:
        (left, right), (top, bottom) = self.columns, map(_anchor, self.rows)
        first, last = stretch
        if first == last and left == right and left and not self.whole:
            return f"{self.prefix}{left}{top}{first}"
        return f"{self.prefix}{left}{top}{first}:{right}{bottom}{last}"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in pieces: text, and the references between it; `lists` joins gaps by a comma."""

    parts: tuple[str | Reference, ...]

    @classmethod
    def read(cls, text: str, sheet: str) -> "Formula":
        """A formula (without its =) of a cell, name or rule of that sheet.

        >>> Formula.read("SUM(D5:D7)/$D$2", "表").parts[1].function
        'SUM'
        """
        return cls(tuple(_parts(text, sheet)))

    def copied(self, rows: int, columns: int) -> str:
        """The formula as it is when copied so many rows down and columns across.

        >>> Formula.read("SUM($D5:D7)*E$2", "表").copied(1, 1)
        'SUM($D6:E8)*F$2'
        """
        return "".join(
            _columns_after(part, columns) if isinstance(part, str) else part.copied(rows, columns)
            for part in self.parts
        )

    @property
    def references(self) -> Iterator[Reference]:
        """The references in it."""
        return (part for part in self.parts if isinstance(part, Reference))

    @property
    def text(self) -> str:
        """The formula as the template writes it."""
        return "".join(part if isinstance(part, str) else part.template for part in self.parts)

    def said(self, growth: Growth, here: Here) -> str:
        """The formula as it stands at a place of the filled workbook.

        Raises:
            GrowthError: when a reference means rows that it cannot name.
        """
        return "".join(
            part if isinstance(part, str) else _followed(part, growth, here) for part in self.parts
        )

    def spread(self, growth: Growth, here: Here) -> str:
        """As a name or a chart says it: gaps are a list, and nothing is an argument."""
        return self._replaced(lambda part: joined(part.now(growth, here)))

    def hull(self, growth: Growth, here: Here) -> str:
        """As a print area says it: from the first row to the last, whatever stands between."""
        return self._replaced(lambda part: hull(part.now(growth, here)))

    def left(self, growth: Growth, here: Here) -> str:
        """As a list of areas says it; GrowthError when none of its very rows is left."""
        return self._replaced(
            lambda part: joined(growth.written(part.sheet, (part.first, part.last), here))
        )

    def _replaced(self, rows: Callable[[Reference], list[Stretch]]) -> str:
        return "".join(
            part if isinstance(part, str) else part.written(rows(part)) for part in self.parts
        )

    def moves(self, plans: Mapping[str, Plan]) -> bool:
        """Whether any reference can come to mean other rows."""
        return any(
            part.last >= plans[part.sheet].first for part in self.references if part.sheet in plans
        )

    def in_row(self, plans: Mapping[str, Plan], sheet: str, row: int, mark: str) -> str | None:
        """The formula with `mark` for its own row, where it refers to nothing else that moves."""
        said = []
        for part in self.parts:
            if isinstance(part, str):
                said.append(part)
            elif part.sheet not in plans or part.last < plans[part.sheet].first:
                said.append(part.template)
            elif part.sheet == sheet and part.first == part.last == row and not part.fixed:
                said.append(part.in_its_row(mark))
            else:
                return None
        return "".join(said)

    def faults(self, plans: Mapping[str, Plan], sheet: str, row: int) -> Iterator[str]:
        """Why it could not follow the rows, wherever it stands in the filled sheet."""
        for part in self.references:
            if part.sheet in plans and (reason := _fault(part, plans, sheet, row)):
                yield f"“{part.template}”{reason}"


def _followed(part: Reference, growth: Growth, here: Here) -> str:
    """A reference in a cell's formula."""
    found = joined(part.now(growth, here))
    if len(found) == 1 and (part.function or part.whole or found[0][0] == found[0][1]):
        return part.written(found)
    if not part.function:
        raise GrowthError(f"“{part.template}”成了多行，不能这样引用")
    if len(found) > MOST_ARGUMENTS:
        raise GrowthError(f"“{part.template}”分成了{len(found)}段，公式写不下")
    return part.written(found)


def _fault(part: Reference, plans: Mapping[str, Plan], sheet: str, row: int) -> str:
    """Why a reference may come to mean what its place cannot say; "" = it never does."""
    plan = plans[part.sheet]
    target = plan.common(part.first, part.last)
    own = plan.loops(row) if part.sheet == sheet else ()
    stays = part.fixed and bool(target) and target == own
    if target == own[: len(target)] and not stays:
        return ""
    if not part.function:
        return "会变成多行，请放进 SUM 一类的函数里，单独作一个参数"
    deeper = [target[-1]] if stays else [loop for loop in target if loop not in own]
    if part.function not in _LISTS and (len(deeper) > 1 or not _covers(plan, part, deeper[0])):
        return f"会分成几段，不能用在 {part.function} 里"
    return ""


def _covers(plan: Plan, part: Reference, loop: int) -> bool:
    """Whether a range holds all rows of a loop, so that its turns join without gaps."""
    span = next(span for span in plan.spans if span.loop == loop)
    inner = [row for row in range(span.first + 1, span.last) if plan.enclosing(row, row) == span]
    tags = {row for one in plan.spans for row in (one.first, one.last)}
    rows = [row for row in inner if row not in tags]
    return not rows or (part.first <= rows[0] and rows[-1] <= part.last)


def _parts(text: str, sheet: str) -> Iterator[str | Reference]:
    tokens = list(_TOKEN.finditer(text))
    functions: list[str] = []
    for at, token in enumerate(tokens):
        if token["open"]:
            functions.append(token["open"][:-1].upper())
        elif token["close"] and functions:
            functions.pop()
        if not token["cells"]:
            yield token[0]
            continue
        alone = functions and _ends(tokens, at, -1) and _ends(tokens, at, 1)
        yield _reference(token, sheet, functions[-1] if alone else "")


def _ends(tokens: list[re.Match[str]], at: int, step: int) -> bool:
    """Whether an argument begins (step -1) or ends (step 1) beside a token."""
    at += step
    while 0 <= at < len(tokens) and tokens[at]["space"]:
        at += step
    if not 0 <= at < len(tokens):
        return False
    return tokens[at].lastgroup in ("comma", "open" if step < 0 else "close")


def _reference(found: re.Match[str], sheet: str, function: str) -> Reference:
    prefix = found["sheet"] or ""
    if found["rows"]:
        columns, rows = ("", ""), (found["rows"], found["rows2"])
    else:
        columns = (found["column"], found["column2"] or found["column"])
        rows = (found["row"], found["row2"] or found["row"])
    ranged = bool(found["rows"] or found["row2"])
    return Reference(prefix, sheet_key(prefix[:-1]) or sheet, columns, rows, ranged, function)


def sheet_key(written: str) -> str:
    """A sheet's name as formulas write it, for looking up.

    >>> sheet_key("'附表 1'"), sheet_key("'It''s'")
    ('附表 1', "it's")
    """
    if written.startswith("'"):
        written = written[1:-1].replace("''", "'")
    return written.casefold()


def column_number(letters: str) -> int:
    """A column by its letters, counted from 1, with $ or without.

    >>> column_number("A"), column_number("$AA")
    (1, 27)
    """
    number = 0
    for letter in letters.lstrip("$").upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@cache
def _row(written: str) -> int:
    return int(written.lstrip("$"))


def _anchor(written: str) -> str:
    return "$" if written.startswith("$") else ""


def _column_after(written: str, columns: int) -> str:
    """A relative column moved."""
    if written.startswith("$") or not written:
        return written
    return column_letters(column_number(written) + columns)


def _columns_after(text: str, columns: int) -> str:
    """Whole columns moved; any other text as it is."""
    found = _WHOLE_COLUMNS.match(text)
    if not found:
        return text
    left = _column_after(found[2] + found[3], columns)
    return f"{found[1] or ''}{left}:{_column_after(found[4] + found[5], columns)}"
