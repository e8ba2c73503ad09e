"""The JSON Schema of a policy file, told by the loader itself: what it asks for are the keys.

A `Probe` is a table that has every key. The loader reads it like any other; each question becomes
a key of the schema, so that what the loader learns is in the schema without being written twice.
Meanings and examples come from the page docs/policy-file.md, whose examples are a sound policy.

`python -m xlplan.policy.json_schema docs` writes docs/policy.schema.json anew.
"""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from xlplan.diagnostics import Diagnostic, Key
from xlplan.policy.loading import read_whole
from xlplan.policy.reading import NO_DATE, Reading, Table, construct

R = TypeVar("R")
T = TypeVar("T", bound=str)
Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "policy.schema.json"
PAGE = "policy-file.md"

_TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^##+ `\[*(\w+)\]*`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (`\w+`(?: `\w+`)*) \|[^|]*\| (.*) \|$", re.MULTILINE)
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}


class Probe(Table):
    """A table that has every key it is asked for, and remembers what values each would take.

    Values that it hands out are empty, as those of a faulty table are.
    """

    def __init__(self, reading: Reading, tables: dict[str, Schema], path: str = "") -> None:
        super().__init__(reading, {}, path)
        self.tables = tables
        self._keys: dict[str, Schema] = {}
        self._required: dict[str, None] = {}
        self._may_be_left_out: set[str] = set()

    @property
    def schema(self) -> Schema:
        """The schema of this table; of keys that exclude each other one is required."""
        either = [
            {"oneOf": [{"required": [key]} for key in _excluding(fault)]}
            for fault in self.reading.found
            if fault.code == "XP614" and fault.place == Key(self.reading.name, self.path)
        ]
        said: Schema = {"type": "object", "properties": self._keys, "additionalProperties": False}
        said |= {"required": list(self._required)} if self._required else {}
        return said | ({"allOf": either} if either else {})

    def has(self, key: str) -> bool:
        """Yes: but a key that is asked for in this way may be left out."""
        self._keys.setdefault(key, {})
        self._may_be_left_out.add(key)
        return True

    def text(self, key: str, default: str | None = None) -> str:
        """A text, not blank when required."""
        required = default is None
        self._note(key, _TEXT | ({"minLength": 1} if required else {}), required=required)
        return default or ""

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        self._note(key, _TEXTS, required=default is None)
        return tuple(default or ())

    def one_or_more(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """One text, or a list of texts."""
        self._note(key, {"anyOf": [_TEXT, _TEXTS]}, required=default is None)
        return tuple(default or ())

    def text_rows(self, key: str, *, required: bool = True) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts."""
        self._note(key, {"type": "array", "items": _TEXTS}, required=required)
        return ()

    def number(self, key: str, default: int) -> int:
        """A whole number, not negative."""
        self._note(key, {"type": "integer", "minimum": 0}, required=False)
        return default

    def choice(self, key: str, options: Sequence[T], default: T | None = None) -> T:
        """One of a closed list of words."""
        self._note(key, {"enum": list(options)}, required=default is None)
        return default or options[0]

    def flag(self, key: str, *, default: bool | None) -> bool | None:
        """Yes or no."""
        self._note(key, {"type": "boolean"}, required=False)
        return default

    def day(self, key: str) -> date | None:
        """A date, which JSON writes as a text."""
        self._note(key, _TEXT | {"format": "date"}, required=False)
        return None

    def required_day(self, key: str) -> date:
        """A date that must be written."""
        self.day(key)
        self._required[key] = None
        return NO_DATE

    def mapping(self, key: str) -> Mapping[str, str]:
        """A table whose keys are free and whose values are texts."""
        self._note(key, {"type": "object", "additionalProperties": _TEXT}, required=True)
        return {}

    def one(self, key: str, read: Callable[[Table], R]) -> R:
        """A table; it can be left out only when all of its keys can."""
        probe = Probe(self.reading, self.tables, self.at(key))
        result = read(probe)
        self._note(key, self._named(probe), required=bool(probe._required))
        return result

    def each(self, key: str, read: Callable[[Table], R]) -> tuple[R, ...]:
        """A list of tables, of which one is read."""
        probe = Probe(self.reading, self.tables, f"{self.at(key)}[1]")
        result = read(probe)
        self._note(key, {"type": "array", "items": self._named(probe)}, required=False)
        return (result,)

    def close(self) -> None:
        """Nothing is left over."""

    def _note(self, key: str, values: Schema, *, required: bool) -> None:
        self._keys[key] = dict(values)
        if required and key not in self._may_be_left_out:
            self._required[key] = None

    def _named(self, probe: "Probe") -> Schema:
        """A reference to the table's schema, which is said once however often it is used."""
        name = construct(probe.path)
        if self.tables.setdefault(name, probe.schema) != probe.schema:
            name = re.sub(r"\[\d+\]", "", probe.path)
            self.tables[name] = probe.schema
        return {"$ref": f"#/$defs/{name}"}

    def _value(self, key: str, *, required: bool) -> object:
        """A question of a kind that the schema does not know yet: any value is right."""
        self._note(key, {}, required=required)
        return None


def _excluding(fault: Diagnostic) -> list[str]:
    """The keys of which XP614 says that just one must be written."""
    return [str(fault.values["first"]), *str(fault.values["second"]).split("、")]


def json_schema(page: str) -> Schema:
    """The schema of a policy file, in draft 2020-12; `page` is the text of docs/policy-file.md."""
    tables: dict[str, Schema] = {}
    top = Probe(Reading("schema"), tables)
    read_whole(top)
    for construct_, key, meaning in _meanings(page):
        _describe(tables, construct_, key, {"description": meaning})
    for construct_, key, value in _examples(tomllib.loads("\n".join(_TOML.findall(page))), "top"):
        _describe(tables | {"top": top.schema}, construct_, key, {"examples": [value]})
    head: Schema = {"$schema": DIALECT, "title": "xlplan 考核方案 policy file"}
    return head | top.schema | {"$defs": dict(sorted(tables.items()))}


def _describe(tables: Mapping[str, Schema], table: str, key: str, said: Schema) -> None:
    """Add to what is said of a key; the first example stands."""
    keys = tables.get(table, {}).get("properties")
    if isinstance(keys, dict) and key in keys:
        keys[key] |= {name: value for name, value in said.items() if name not in keys[key]}


def _meanings(page: str) -> Iterator[tuple[str, str, str]]:
    """Table, key and meaning of every row of the page."""
    for table, text in _SECTION.findall(page):
        for keys, meaning in _ROW.findall(text):
            for key in re.findall(r"\w+", keys):
                yield table, key, meaning


def _examples(values: Mapping[str, object], table: str) -> Iterator[tuple[str, str, object]]:
    """Table, key and value of everything that a policy says, tables inside tables too."""
    for key, value in values.items():
        inner = value if isinstance(value, list) else [value]
        tables = [found for found in inner if isinstance(found, dict)]
        if not tables or key == "clauses":
            yield table, key, value.isoformat() if isinstance(value, date) else value
        for found in tables if key != "clauses" else ():
            yield from _examples(found, key)


def main(folder: str) -> None:
    """Write the schema into the folder of the page that it is made from."""
    page = (Path(folder) / PAGE).read_text(encoding="utf-8")
    (Path(folder) / FILE).write_text(written(json_schema(page)), encoding="utf-8", newline="\n")


def written(schema: Schema) -> str:
    """The schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main(sys.argv[1])
