"""The unit register: which official unit a name in a cell means."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from xlplan.diagnostics import Diagnostics, Place
from xlplan.tables.words import plain

_SEPARATOR = re.compile(r"([、;,/\s]+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit's row: official name, group, other names, and where it stands."""

    unit: str
    group: str
    aliases: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Register:
    """Names in plain form (full width, spaces and line breaks aside) → official names.

    >>> register = Register({"区财政局": "区财政局", "财政局": "区财政局", "甲、乙局": "甲、乙局"})
    >>> register.resolve("财 政 局"), register.resolve("区税务局")
    ('区财政局', None)
    >>> register.split("甲、乙局；区财政局")
    ['甲、乙局', '区财政局']
    """

    names: Mapping[str, str]
    groups: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, text: str) -> str | None:
        """The official name that a text means; None when it means no unit."""
        return self.names.get(text) or self.names.get(plain(text))

    def split(self, text: str) -> list[str]:
        """The single names in a cell, official where known, as written where not.

        Separated by 、；, / a space or a line break; the longest known name wins, so that a name
        may itself hold a separator.
        """
        if known := self.resolve(text):
            return [known]
        pieces = _SEPARATOR.split(unicodedata.normalize("NFKC", text))
        found: list[str] = []
        at = 0
        while at < len(pieces):
            end = self._longest_from(pieces, at)
            name = "".join(pieces[at:end])
            if name.strip("、;,/ \n\t\r"):
                found.append(self.resolve(name) or name.strip())
            at = end + 1
        return found

    def _longest_from(self, pieces: list[str], start: int) -> int:
        """Where the longest known name that begins at a piece ends; after that piece if none."""
        for end in range(len(pieces), start + 1, -2):
            if self.resolve("".join(pieces[start:end])):
                return end
        return start + 1

    def nearest(self, text: str) -> str:
        """A suggestion for an unknown name, in brackets; "" when nothing comes near."""
        close = get_close_matches(plain(text), list(self.names), n=1, cutoff=0.5)
        return f"（最接近：{self.names[close[0]]}）" if close else ""


def make_register(
    entries: Iterable[Entry], issued: Mapping[str, tuple[str, ...]], found: Diagnostics
) -> Register:
    """The register of these units; `issued` are names that the document adds to known units.

    An official name always means its own unit. Aliases that lead round in a circle mean nobody
    (XP308); an alias of two units means the first (XP312).
    """
    entries = list(entries)
    official = {plain(entry.unit): entry.unit for entry in entries}
    names = dict(official)
    circular = _report_circles(entries, official, found)
    for entry in entries:
        for alias in entry.aliases:
            taken = names.setdefault(plain(alias), entry.unit)
            if taken != entry.unit and plain(alias) not in circular:
                found.add("XP312", entry.place, name=alias, first=taken, second=entry.unit)
    for unit, aliases in issued.items():
        if plain(unit) in official:
            for alias in aliases:
                names.setdefault(plain(alias), official[plain(unit)])
    known = {name: unit for name, unit in names.items() if plain(unit) not in circular}
    return Register(known, {entry.unit: entry.group for entry in entries})


def _report_circles(
    entries: list[Entry], official: Mapping[str, str], found: Diagnostics
) -> frozenset[str]:
    """Official names, in plain form, that are each other's aliases all the way round."""
    leads = {
        plain(entry.unit): [plain(alias) for alias in entry.aliases if plain(alias) in official]
        for entry in entries
    }
    circular: set[str] = set()
    for entry in entries:
        circle = _circle(plain(entry.unit), leads)
        if circle and not circular & set(circle):
            circular |= set(circle)
            said = [official[name] for name in (*circle, circle[0])]
            found.add("XP308", entry.place, names=" → ".join(said))
    return frozenset(circular)


def _circle(start: str, leads: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The names passed on a way from a name back to itself; () if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop()
        for name in leads[way[-1]]:
            if name == start and len(way) > 1:
                return way
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()
