"""Differences as rows of a report: numbered by what they matter, with what adopting each writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from xlplan import crediting
from xlplan.app import deciding
from xlplan.app.deciding import Origin
from xlplan.app.effects import Computed, effects
from xlplan.app.ledger_places import Places
from xlplan.model import PROJECTS, RECEIPTS
from xlplan.reconciling import Entry, Match
from xlplan.reconciling.decisions import Write
from xlplan.reconciling.difference import Difference
from xlplan.reconciling.effects import Effect, weight

if TYPE_CHECKING:
    from xlplan.app.book import Book

_FIELDS = tuple(column.name for column in PROJECTS.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """A difference with its number in the report, its effects, and what adopting it writes.

    `effects` None = they cannot be told, since the ledger's row is set aside by now.
    """

    number: str
    difference: Difference
    effects: tuple[Effect, ...] | None
    writes: tuple[Write, ...]


def numbered(
    book: "Book", computed: Computed, differences: Sequence[Difference]
) -> tuple[Row, ...]:
    """The differences, those first that move most money; D1 is the first."""
    writes = {str(at): tuple(_writes(book, str(at), one)) for at, one in enumerate(differences)}
    places = Places(book, computed.policy)
    writes = {key: tuple(deciding.counted(each, places)) for key, each in writes.items()}
    found = effects(computed, {key: each for key, each in writes.items() if each})

    def matters(at: int) -> tuple[int, bool, int]:
        own = found.get(str(at), ())
        return -weight(own, computed.policy), not writes[str(at)], at

    return tuple(
        Row(
            f"D{number}",
            differences[at],
            found.get(str(at), () if not writes[str(at)] else None),
            tuple(replace(one, number=f"D{number}") for one in writes[str(at)]),
        )
        for number, at in enumerate(sorted(range(len(differences)), key=matters), start=1)
    )


def _writes(book: "Book", number: str, one: Difference) -> Iterator[Write]:
    """The cells that adopting a difference writes; none where there is nothing to adopt."""
    origin = Origin(one.unit, one.file)
    if one.adopts == "change" and one.other is not None and one.other.column:
        yield deciding.change(book, number, one, one.other)
    elif one.adopts == "project" and one.entry is not None:
        yield from deciding.new_project(number, origin, one.entry)
    elif one.adopts == "receipt" and one.entry is not None and one.payment is not None:
        project = one.ledger.project if one.ledger else ""
        yield from deciding.new_payment(number, origin, (one.entry, one.payment), project)


def tiers_of(
    computed: Computed, ledger: Sequence[Entry], matches: Sequence[Match]
) -> Mapping[str, str]:
    """The tier that the rules give each project of the ledger, and each one that claims a tier.

    A submitted project is tried with what the unit writes, and what the ledger says where it is
    silent.
    """
    known = _tiers(computed, computed.ledger.projects)
    tiers = {one.key: known[one.project] for one in ledger if one.project in known}
    claims = [one for one in matches if one.entry.tier]
    if claims:
        tried = _tiers(computed, _frame(claims))
        tiers |= {one.entry.key: tried.get(one.entry.key, "") for one in claims}
    return tiers


def _tiers(computed: Computed, projects: pd.DataFrame) -> Mapping[str, str]:
    """The tier of each project by its id; "" = below every tier."""
    ledger = replace(computed.ledger, projects=projects, receipts=RECEIPTS.empty())
    found = crediting.credit(ledger, computed.policy, computed.period, computed.as_of).tiers
    return dict(zip(found["project"], found["tier"], strict=True))


def _frame(claims: Sequence[Match]) -> pd.DataFrame:
    """Submitted projects as the engines read them, their keys for ids."""
    columns: dict[str, list[object]] = {
        name: [_told(one, name) for one in claims]
        for name in _FIELDS
        if hasattr(claims[0].entry, name)
    }
    columns |= {"project": [one.entry.key for one in claims]}
    columns |= {"unreadable": [()] * len(claims)}
    return PROJECTS.of(columns)


def _told(match: Match, name: str) -> object:
    """What the unit writes of a field, or else what the ledger says."""
    own = getattr(match.entry, name)
    if own in (None, "", ()) and match.ledger is not None:
        own = getattr(match.ledger, name)
    return pd.NaT if own is None and name in ("signed", "started", "produced") else own
