"""What the standard asks for, as data; a local variant overrides some of its keys."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from xlplan.diagnostics import RequestError

Asked: TypeAlias = Mapping[str, Any]
"""The values of one table of the standard."""

_FILE = Path(__file__).with_name("standard.toml")
_FACTS = "fact"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the standard asks for, with the clause that says so."""

    id: str
    name: str
    clause: str


@dataclass(frozen=True, slots=True)
class Standard:
    """The standard, or its local variant."""

    name: str
    facts: tuple[Fact, ...]
    tables: Mapping[str, Asked]

    def __getitem__(self, table: str) -> Asked:
        return self.tables[table]

    def fonts(self, face: str) -> tuple[str, ...]:
        """The families that count as a face, such as 仿宋."""
        return tuple(self.tables["fonts"][face])

    @property
    def landscape_area(self) -> tuple[float, float]:
        """Width and height of the type area 版心 on a page on its side."""
        width, height = self["area"]["size"]
        return height, width


@cache
def standard() -> Standard:
    """GB/T 9704-2012 as it ships.

    >>> standard()["body"]["size"], len(standard().facts)
    (16.0, 26)
    """
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    facts = tuple(Fact(**fact) for fact in said.pop(_FACTS))
    return Standard(said.pop("name"), facts, said)


def variant(file: Path) -> Standard:
    """The standard with what a local file says otherwise.

    Raises:
        RequestError: XP866 where the file is no TOML, or a key of it is unknown or of another kind.
    """
    usual = standard()
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise RequestError("XP866", path=file, reason=str(wrong)) from wrong
    name = said.pop("name", f"{usual.name}（{file.stem}）")
    tables = {key: dict(table) for key, table in usual.tables.items()}
    for key, table in said.items():
        if key not in tables or not isinstance(table, dict):
            raise RequestError("XP866", path=file, reason=f"没有 [{key}]")
        for inner, value in table.items():
            _check(file, f"{key}.{inner}", value, tables[key].get(inner))
            tables[key][inner] = value
    return Standard(str(name), usual.facts, tables)


def _check(file: Path, key: str, value: object, usual: object) -> None:
    """A value must be of the kind that the standard has at its key."""
    if usual is None:
        raise RequestError("XP866", path=file, reason=f"没有键 {key}")
    numbers = isinstance(value, int | float) and isinstance(usual, int | float)
    if not numbers and type(value) is not type(usual):
        raise RequestError("XP866", path=file, reason=f"{key} 的写法不对，应像 {usual}")
