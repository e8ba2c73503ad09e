"""The names that a document can mention: units, groups, measures, projects, and whole phrases."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from xlplan.documents.fields import UNSAID
from xlplan.quantity.glyphs import normal
from xlplan.sheets.lines import records

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

Kind = Literal["unit", "group", "area", "measure", "project", "kind", "phrase"]

SUBJECTS = frozenset({"unit", "group", "area", "project", "kind"})
"""Of whom or what a figure can be."""

_LISTS = ("origin", "sector", "industry")
_WHOLE = re.compile("全[省市区县镇乡州盟旗]")
_SHORTEST = 2
_WORD = re.compile("[A-Za-z一-龥]")
"""A name that has none is a number: 20% as the label of an option."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, from `start` to `end`, and what it is the name of."""

    start: int
    end: int
    kind: Kind
    name: str


@dataclass(frozen=True)
class Vocabulary:
    """Every name in normal form; the longest that fits at a place is meant there.

    `lists` says of a kind of projects which list it belongs to: origins, sectors or industries.
    """

    area: str
    names: Mapping[str, tuple[Kind, str]]
    lists: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, figures: "Figures") -> "Vocabulary":
        """The names of a policy and of the workbook computed by it."""
        names: dict[str, tuple[Kind, str]] = {}
        for kind, said, name in _names(figures):
            plain = normal(said).strip()
            if len(plain) >= _SHORTEST and _WORD.search(plain):
                names.setdefault(plain, (kind, name))
        lists = {
            str(word): column
            for column in reversed(_LISTS)
            for word in figures.ledger.projects[column].unique()
        }
        return cls(figures.policy.area, names, lists)

    def mentions(self, plain: str) -> list[Mention]:
        """The names of a normal text in order, none inside another."""
        found = [*self._named(plain)]
        taken = {place for one in found for place in range(one.start, one.end)}
        found += [
            Mention(one.start(), one.end(), "area", self.area)
            for one in _WHOLE.finditer(plain)
            if one.start() not in taken
        ]
        return sorted(found, key=lambda one: one.start)

    def _named(self, plain: str) -> Iterator[Mention]:
        lengths = sorted({len(name) for name in self.names}, reverse=True)
        start = 0
        while start < len(plain):
            for length in lengths:
                end = start + length
                known = self.names.get(plain[start:end]) if end <= len(plain) else None
                if known and not _cuts_a_number(plain, start, end):
                    yield Mention(start, end, *known)
                    start = end
                    break
            else:
                start += 1


_IN_NUMBER = re.compile(r"[0-9A-Za-z.,]")


def _cuts_a_number(plain: str, start: int, end: int) -> bool:
    """Whether a name would begin or end inside a number: P01 in P012."""
    return any(
        _IN_NUMBER.match(inner) and _IN_NUMBER.match(outer)
        for inner, outer in (
            (plain[start], plain[start - 1 : start]),
            (plain[end - 1], plain[end : end + 1]),
        )
        if outer
    )


_DIGIT = re.compile("[0-9零一二两三四五六七八九十百]")


def without_names(plain: str, mentions: list[Mention]) -> str:
    """The text with every name that holds a numeral blanked, place for place."""
    for one in mentions:
        if _DIGIT.search(plain[one.start : one.end]):
            plain = f"{plain[: one.start]}{' ' * (one.end - one.start)}{plain[one.end :]}"
    return plain


def _names(figures: "Figures") -> Iterator[tuple[Kind, str, str]]:
    """(kind, as written, proper name), what comes first prevails."""
    policy, ledger = figures.policy, figures.ledger
    yield "area", policy.area, policy.area
    for unit in records(ledger.units):
        name, aliases = str(unit["unit"]), unit["aliases"]
        for said in (name, *(aliases if isinstance(aliases, tuple) else ())):
            yield "unit", str(said), name
    for name in dict.fromkeys((*figures.standings["unit"], *figures.credits["unit"])):
        yield "unit", str(name), str(name)
    for name in dict.fromkeys((*figures.standings["group"], *figures.totals["group"])):
        yield "group", str(name), str(name)
    for measure in policy.measures:
        yield "measure", measure.name, measure.name
    for project in records(ledger.projects):
        number = str(project["project"])
        yield "project", str(project["name"]), number
        yield "project", number, number
        yield "phrase", str(project["investor"]), str(project["investor"])
        for column in _LISTS:
            yield "kind", str(project[column]), str(project[column])
    yield "kind", UNSAID, UNSAID
    yield from (("phrase", said, said) for said in _phrases(figures))


def _phrases(figures: "Figures") -> Iterator[str]:
    """What a document quotes whole, digits and all: titles, questions, options, places."""
    policy = figures.policy
    yield policy.title
    yield from (str(clause) for clause in policy.clauses)
    for ruling in policy.rulings:
        yield from (ruling.question, ruling.silent_at)
        for option in ruling.options:
            yield from (option.label, option.id)
    yield from map(str, figures.credits["clause"].unique())
    yield from map(str, figures.credits["ruling"].unique())
