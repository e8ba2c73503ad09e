"""New projects that more than one unit submits: surely the same, or perhaps."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from xlplan.reconciling import ways
from xlplan.reconciling.candidates import Index, worth_asking
from xlplan.reconciling.evidence import Profile, Profiles
from xlplan.reconciling.nouns import Match


def with_twins(matches: Sequence[Match], profiles: Profiles) -> list[Match]:
    """The matches; those without a project of the ledger with the like of them in other files."""
    rows = {
        id(one.entry): profiles.of(one.entry, one.unit) for one in matches if one.ledger is None
    }
    if len({row.entry.file for row in rows.values()}) < 2:  # noqa: PLR2004 - one has no others
        return list(matches)
    index = Index(rows.values())
    same = _same_keys(list(rows.values()))
    return [
        _with_twins(one, rows[id(one.entry)], index, same) if id(one.entry) in rows else one
        for one in matches
    ]


def _same_keys(rows: Sequence[Profile]) -> dict[str, list[Profile]]:
    """Rows by name and by code."""
    same: dict[str, list[Profile]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.entry.key):
        for key in {row.same, row.code.usable} - {""}:
            same[key].append(row)
    return same


def _with_twins(match: Match, row: Profile, index: Index, same: dict[str, list[Profile]]) -> Match:
    others = {
        id(other): other
        for key in (row.same, row.code.usable)
        for other in same.get(key, ())
        if other.entry.file != row.entry.file
    }
    twins = [other for other in others.values() if _is_one(row, other)]
    found = {id(twin) for twin in twins}
    perhaps = [
        other
        for other in index.like(row)
        if other.entry.file != row.entry.file and id(other) not in found
    ]
    return replace(
        match, twins=tuple(twin.entry for twin in twins), near=worth_asking(row, perhaps)
    )


def _is_one(row: Profile, other: Profile) -> bool:
    """Whether two units mean one new project: by its name, or by its code and what it is."""
    if row.same == other.same:
        return ways.by_name(row, other)
    return row.thing == other.thing and ways.by_code(row, other)
