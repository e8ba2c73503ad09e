"""What differences are told as findings, each at the cell that the unit wrote."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from xlplan.diagnostics import Diagnostics, File
from xlplan.reconciling.difference import Difference, DifferenceKind
from xlplan.reconciling.nouns import LEDGER, Match

_CODES: Mapping[DifferenceKind, str] = {
    "claimed": "XP932",
    "fell": "XP933",
    "exceeds": "XP934",
    "total": "XP935",
    "slip": "XP936",
    "transposed": "XP937",
    "outside": "XP938",
    "tier": "XP939",
    "receipt unknown": "XP948",
}
_SUMMED: Mapping[DifferenceKind, str] = {"missing": "XP942", "blank": "XP946"}
_LISTED = 5

Found = Mapping[str, Diagnostics]


def report(told: Sequence[Difference], matches: Sequence[Match], found: Found) -> None:
    """Each finding at its cell; what is missing or blank once a file."""
    for one in told:
        if one.kind in _CODES and not _is_right(one):
            found[one.file].add(_CODES[one.kind], one.cell or File(one.file), **_values(one))
    for kind, code in _SUMMED.items():
        for file, group in _by_file(told, kind).items():
            found[file].add(code, group[0].cell or File(file), **_summary(group))
    for match in matches:
        if match.near and match.ledger is None:
            _report_near(match, found[match.entry.file])


def _is_right(one: Difference) -> bool:
    """Whether a claim says just what the ledger says: its rival is told."""
    return one.kind == "claimed" and one.ledger is not None and one.submitted == one.ledger.lead


def _values(one: Difference) -> dict[str, object]:
    where = "台账" if one.other_file == LEDGER else one.other_file
    return {
        "name": one.name,
        "project": one.project,
        "field": one.field_text or "项目数",
        "submitted": one.submitted,
        "known": one.known,
        "where": where,
        "unit": one.unit,
    }


def _by_file(told: Sequence[Difference], kind: DifferenceKind) -> dict[str, list[Difference]]:
    files: dict[str, list[Difference]] = defaultdict(list)
    for one in told:
        if one.kind == kind:
            files[one.file].append(one)
    return files


def _summary(group: Sequence[Difference]) -> dict[str, object]:
    label: Callable[[Difference], str] = (
        (lambda one: f"{one.project} {one.name}".strip())
        if group[0].kind == "missing"
        else (lambda one: str(one.cell))
    )
    more = " 等" if len(group) > _LISTED else ""
    return {"count": len(group), "listed": "、".join(map(label, group[:_LISTED])) + more}


def _report_near(match: Match, found: Diagnostics) -> None:
    first = match.near[0]
    values = {"name": match.entry.name, "known": first.entry.name, "file": first.entry.file}
    found.add("XP947", match.entry.cell("name"), because=first.because, **values)
