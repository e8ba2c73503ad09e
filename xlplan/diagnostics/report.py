"""Diagnostics as values, the list that collects them, and the one exception class."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from xlplan.diagnostics.kinds import KINDS, Kind, Language, Severity
from xlplan.diagnostics.places import Cell, Place


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: its kind, its place, and the values that fill the kind's message."""

    kind: Kind
    place: Place
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of the kind, such as XP102."""
        return self.kind.code

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.kind.severity

    def message(self, language: Language = "zh") -> str:
        """What is wrong, in one line."""
        return self.kind.message(language).format_map(self.values)

    def hint(self, language: Language = "zh") -> str:
        """What to do about it, in one line."""
        return self.kind.hint(language).format_map(self.values)


@cache
def _needed(code: str) -> frozenset[str]:
    return KINDS[code].placeholders


class Diagnostics:
    """A list of findings that every stage adds to and nobody takes from.

    >>> found = Diagnostics()
    >>> found.add("XP102", Cell("项目台账", 19, 14), text="约三亿左右吧")
    >>> [str(d.place) for d in found], found.has_errors
    (['项目台账!N19'], True)
    """

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found = list(found)

    def add(self, code: str, place: Place, **values: object) -> None:
        """Record one finding; a value that the kind's message needs and does not get is a bug."""
        needed = _needed(code)
        assert needed <= values.keys(), f"{code} needs {sorted(needed)}"  # noqa: S101 - a bug
        self._found.append(Diagnostic(KINDS[code], place, values))

    def extend(self, others: Iterable[Diagnostic]) -> None:
        """Take over the findings of another stage."""
        self._found.extend(others)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def has_errors(self) -> bool:
        """Whether anything of severity error was found: exit status 1."""
        return any(found.severity is Severity.ERROR for found in self._found)

    def rows(self, language: Language = "zh") -> list[dict[str, str]]:
        """Flat rows in the contract's order: code, severity, sheet, cell, message, hint."""
        return [
            {
                "code": found.code,
                "severity": found.severity.value,
                "sheet": found.place.sheet if isinstance(found.place, Cell) else str(found.place),
                "cell": found.place.address if isinstance(found.place, Cell) else "",
                "message": found.message(language),
                "hint": found.hint(language),
            }
            for found in self._found
        ]


class RequestError(Exception):
    """The request is impossible; nothing was written. One clear line, exit status 2.

    >>> print(RequestError("XP001", path="没有.xlsx"))
    XP001 没有找到文件：没有.xlsx。请检查路径和文件名。
    """

    def __init__(self, code: str, **values: object) -> None:
        self.kind = KINDS[code]
        self.values = values
        super().__init__(self.line())

    def __reduce__(self) -> tuple[object, ...]:
        """Another process gets the same error, not one made of its line."""
        return _request_error, (self.kind.code, dict(self.values))

    def line(self, language: Language = "zh") -> str:
        """What, where and what to do, in one line."""
        said = self.kind.message(language).format_map(self.values)
        todo = self.kind.hint(language).format_map(self.values)
        stop, gap = ("。", "") if language == "zh" else (".", " ")
        return f"{self.kind.code} {said}{stop}{gap}{todo}{stop}"


def _request_error(code: str, values: Mapping[str, object]) -> RequestError:
    return RequestError(code, **values)
