"""How a table of a policy file is read: typed values out, every fault noted at its key path.

Reading never stops at a fault: a value that is missing or of the wrong type is noted and replaced
by an empty one, so that one run finds all faults. Elements of lists count from 1 in key paths.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from xlplan.diagnostics import Diagnostic, Diagnostics, Key

if TYPE_CHECKING:
    from xlplan.diagnostics.kinds import Language

NO_DATE = date.min
"""Stands for a date that could not be read; its fault is already noted."""

_TYPES = {str: "文字", bool: "是非值", int: "整数", float: "小数", list: "列表", dict: "表"}

R = TypeVar("R")
T = TypeVar("T", bound=str)


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one policy file as XP601 lists them: key path and message, in one line."""

    name: str
    found: tuple[Diagnostic, ...]

    def __format__(self, language: str) -> str:
        said: Language = "en" if language == "en" else "zh"
        colon, stop = (": ", "; ") if said == "en" else ("：", "；")
        lines = [f"{_path(fault)}{colon}{fault.message(said)}" for fault in self.found]
        return f"{self.name}{colon}{stop.join(lines)}"

    def __str__(self) -> str:
        return format(self, "zh")


def _path(fault: Diagnostic) -> str:
    """The key path of a fault; the file as a whole is its TOML."""
    return fault.place.path if isinstance(fault.place, Key) and fault.place.path else "TOML"


@dataclass(slots=True)
class Reading:
    """One run over a policy file: its name, the faults so far, and the keys asked for by table."""

    name: str
    found: Diagnostics = field(default_factory=Diagnostics)
    asked: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def fault(self, code: str, path: str, **values: object) -> None:
        """Note a fault at a key path."""
        self.found.add(code, Key(self.name, path), **values)

    def faulty(self, path: str) -> bool:
        """Whether a fault was noted at this key path or below it."""
        places = (fault.place for fault in self.found)
        return any(isinstance(place, Key) and place.path.startswith(path) for place in places)


class Table:
    """One table of the file: hands out its values, and knows which keys were never asked for."""

    def __init__(self, reading: Reading, values: Mapping[str, object], path: str = "") -> None:
        self.reading = reading
        self.path = path
        self._values = values
        self._asked = reading.asked[construct(path)]

    def at(self, key: str) -> str:
        """The key path of one of its keys."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, code: str, key: str = "", /, **values: object) -> None:
        """Note a fault at one of its keys, or at the table as a whole."""
        self.reading.fault(code, self.at(key) if key else self.path, **values)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        self._asked.add(key)
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required, and then not blank, unless there is a default."""
        value = self._value(key, required=default is None)
        if default is None and isinstance(value, str) and not value.strip():
            self.fault("XP604", key, key=key)
        return default or "" if value is None else self._text(value, self.at(key))

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts; required unless there is a default."""
        items = self._items(key, required=default is None)
        if items is None:
            return tuple(default or ())
        return tuple(self._text(item, f"{self.at(key)}[{n}]") for n, item in items)

    def one_or_more(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """One text, or a list of texts; required unless there is a default."""
        value = self._value(key, required=default is None)
        return (value,) if isinstance(value, str) else self.texts(key, default or ())

    def text_rows(self, key: str, *, required: bool = True) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts; required unless said otherwise."""
        rows = []
        for n, row in self._items(key, required=required) or ():
            path = f"{self.at(key)}[{n}]"
            cells = row if isinstance(row, list) else []
            if not isinstance(row, list):
                self._wrong("文字列表", row, path)
            rows.append(tuple(self._text(cell, f"{path}[{m}]") for m, cell in enumerate(cells, 1)))
        return tuple(rows)

    def choice(self, key: str, options: Sequence[T], default: T | None = None) -> T:
        """One of a closed list of words; required unless there is a default."""
        given = self.text(key, default)
        known = next((option for option in options if option == given), None)
        if known is None and given:
            self.fault("XP606", key, text=given, what=key, known="、".join(options))
        return known or default or options[0]

    def flag(self, key: str, *, default: bool | None) -> bool | None:
        """Yes or no, as TOML writes it."""
        value = self._value(key, required=False)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._wrong("是非值（true 或 false）", value, self.at(key))
        return default

    def number(self, key: str, default: int) -> int:
        """A whole number, not negative."""
        value = self._value(key, required=False)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return default if value is None else value
        self._wrong("不小于 0 的整数", value, self.at(key))
        return default

    def one_of(self, *keys: str) -> str:
        """Which of these keys, that exclude each other, is written; one must be."""
        written = [key for key in keys if self.has(key)]
        if len(written) != 1:
            self.fault("XP614", first=keys[0], second="、".join(keys[1:]))
        return written[0] if written else ""

    def day(self, key: str) -> date | None:
        """A date without time of day, if it is written."""
        value = self._value(key, required=False)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self._wrong("日期（不加引号，如 2021-07-10）", value, self.at(key))
        return NO_DATE

    def required_day(self, key: str) -> date:
        """A date without time of day that must be written."""
        self._value(key, required=True)
        return self.day(key) or NO_DATE

    def mapping(self, key: str) -> Mapping[str, str]:
        """A table whose keys are free and whose values are texts."""
        value = self._value(key, required=True)
        if isinstance(value, dict):
            return {k: self._text(v, f'{self.at(key)}."{k}"') for k, v in value.items()}
        if value is not None:
            self._wrong("表", value, self.at(key))
        return {}

    def one(self, key: str, read: Callable[["Table"], R]) -> R:
        """What a table such as [pace] says; it may be left out."""
        value = self._value(key, required=False)
        return self._read({} if value is None else value, self.at(key), read)

    def each(self, key: str, read: Callable[["Table"], R]) -> tuple[R, ...]:
        """What each table of a list such as [[tier]] says, in order; the list may be left out."""
        items = self._items(key, required=False) or ()
        return tuple(self._read(item, f"{self.at(key)}[{n}]", read) for n, item in items)

    def _read(self, value: object, path: str, read: Callable[["Table"], R]) -> R:
        if not isinstance(value, dict):
            self._wrong("表", value, path)
            value = {}
        table = Table(self.reading, value, path)
        result = read(table)
        table.close()
        return result

    def close(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self._values.keys() - self._asked:
            self.fault("XP603", key, key=key, known="、".join(sorted(self._asked)))

    def _value(self, key: str, *, required: bool) -> object:
        self._asked.add(key)
        if required and key not in self._values:
            self.fault("XP604", key, key=key)
        return self._values.get(key)

    def _items(self, key: str, *, required: bool) -> list[tuple[int, object]] | None:
        value = self._value(key, required=required)
        if value is None:
            return None
        if not isinstance(value, list):
            self._wrong("列表", value, self.at(key))
            return []
        return list(enumerate(value, 1))

    def _text(self, value: object, path: str) -> str:
        if isinstance(value, str):
            return value
        self._wrong("加引号的文字", value, path)
        return ""

    def _wrong(self, expected: str, value: object, path: str) -> None:
        written = _TYPES.get(type(value), "日期")
        self.reading.fault("XP605", path, expected=expected, written=f"{written} {value}")


def construct(path: str) -> str:
    """The kind of table at a key path.

    >>> construct("ruling[4].option[1].split[2]"), construct("tier[2].any_of[1]")
    ('split', 'any_of')
    """
    return path.rsplit(".", maxsplit=1)[-1].partition("[")[0]
