"""What is said about matching: codes that cannot be right, doubles, ids of others, doubts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from xlplan.diagnostics import Diagnostics
from xlplan.reconciling.credit_codes import credit_code
from xlplan.reconciling.evidence import Profile
from xlplan.reconciling.names import same_name
from xlplan.reconciling.nouns import Match

_SHOWN = 5
"""Cells that a finding about the whole ledger lists."""


def report_ledger(ledger: Sequence[Profile], found: Diagnostics) -> None:
    """Codes of the ledger that cannot be right, once for all of them (XP941)."""
    wrong = [row.entry.cell("credit_code") for row in ledger if row.code.fault]
    if wrong:
        listed = "、".join(cell.address for cell in wrong[:_SHOWN])
        more = " 等" if len(wrong) > _SHOWN else ""
        found.add("XP941", wrong[0], count=len(wrong), cells=listed + more)


def report_file(
    rows: Sequence[Profile],
    matches: Sequence[Match],
    ids: Mapping[str, Sequence[Profile]],
    found: Diagnostics,
) -> None:
    """What a file's rows are told: each at its cell."""
    for row, match in zip(rows, matches, strict=True):
        if row.code.fault and not _is_the_ledgers(row, match):
            values = {"text": row.entry.credit_code, "reason": row.code.reason}
            found.add("XP930", row.entry.cell("credit_code"), **values)
        if match.how == "question":
            _report_question(match, found)
        else:
            _report_id(row, match, ids, found)
    _report_doubles(rows, matches, found)


def _is_the_ledgers(row: Profile, match: Match) -> bool:
    """Whether the code stands so in the ledger, which was told of it (XP941)."""
    known = credit_code(match.ledger.credit_code).text if match.ledger else ""
    return row.code.text == known


def _report_question(match: Match, found: Diagnostics) -> None:
    first = match.candidates[0]
    known = f"{first.entry.project} {first.entry.name}".strip()
    values = {"name": match.entry.name, "known": known, "because": first.because}
    found.add("XP945", match.entry.cell("name"), **values)


def _report_id(
    row: Profile, match: Match, ids: Mapping[str, Sequence[Profile]], found: Diagnostics
) -> None:
    """An id that the ledger has given to another project than this one, or than any (XP940)."""
    others = [one.entry for one in ids.get(row.project, ())]
    if others and match.ledger not in others:
        values = {"project": row.entry.project, "name": row.entry.name, "other": others[0].name}
        found.add("XP940", row.entry.cell("project"), **values)


def _report_doubles(rows: Sequence[Profile], matches: Sequence[Match], found: Diagnostics) -> None:
    """A project that stands in a file twice, at each later row (XP931)."""
    places: dict[object, list[Profile]] = defaultdict(list)
    for row, match in zip(rows, matches, strict=True):
        if match.ledger is not None:
            places[match.ledger.key].append(row)
        elif row.same:
            places[row.same, same_name(row.entry.investor), row.code.text].append(row)
    for same in places.values():
        for row in same[1:]:
            values = {"name": row.entry.name, "other": same[0].entry.cell("name")}
            found.add("XP931", row.entry.cell("name"), **values)
