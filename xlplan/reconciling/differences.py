"""Where submissions and the ledger differ: each difference with both its cells, and what adopts it.

Amounts and days are compared by value, texts by what they say, however they are typed. A blank is
no 0 and deletes nothing: it is told apart. A row that is a question has no differences yet.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xlplan.diagnostics import Diagnostics
from xlplan.quantity import Period
from xlplan.reconciling.claims import claims
from xlplan.reconciling.difference import Context, Difference, outline, place_of, shown
from xlplan.reconciling.fields import field_differences
from xlplan.reconciling.findings import report
from xlplan.reconciling.nouns import Entry, Match, Matching, Submission
from xlplan.reconciling.receipts import receipt_differences
from xlplan.reconciling.sums import total_differences


@dataclass(frozen=True, slots=True)
class Compared:
    """All differences, by file and cell, and what was found, by file."""

    differences: tuple[Difference, ...]
    found: Mapping[str, Diagnostics]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the comparison goes by besides the tables.

    `period` is what was asked for, None if any; `tiers` the tier that the rules give, by the key
    of an entry, submitted or of the ledger.
    """

    period: Period | None = None
    tiers: Mapping[str, str] = field(default_factory=dict)


def differences(
    ledger: Sequence[Entry],
    submissions: Sequence[Submission],
    matching: Matching,
    terms: Terms = Terms(),
) -> Compared:
    """All differences of submissions that could be read; their order makes none."""
    matches: dict[str, list[Match]] = defaultdict(list)
    for match in matching.matches:
        matches[match.entry.file].append(match)
    told: list[Difference] = []
    for submission in submissions:
        if not submission.failed:
            own = matches[submission.file]
            context = Context(submission, terms.period, terms.tiers, _has_payments(own))
            told += _of_file(context, own, ledger)
    told += claims(matching.matches)
    told.sort(key=place_of)
    found: dict[str, Diagnostics] = defaultdict(Diagnostics)
    report(told, matching.matches, found)
    return Compared(tuple(told), dict(found))


def _has_payments(matches: Sequence[Match]) -> bool:
    return any(match.entry.payments for match in matches)


def _of_file(
    context: Context, matches: Sequence[Match], ledger: Sequence[Entry]
) -> Iterator[Difference]:
    for match in matches:
        if match.ledger is not None:
            yield from field_differences(context, match.entry, match.ledger)
            yield from receipt_differences(context, match.entry, match.ledger)
        elif match.how == "new":
            yield from _new(context, match)
    yield from _missing(context, matches, ledger)
    yield from total_differences(context)


def _new(context: Context, match: Match) -> Iterator[Difference]:
    """A project that the ledger does not have; receipts alone make none."""
    entry = match.entry
    if not entry.columns.keys() - {"project", "name"} and entry.payments:
        yield _unknown(context, entry)
        return
    also = "、".join(f"{twin.file} {twin.cell('name')}" for twin in match.twins)
    note = f"{also} 也报了" if also else ""
    new = context.difference("new", entry, None)
    yield replace(new, submitted=outline(entry), adopts="project", note=note)
    yield from field_differences(context, entry, None)


def _unknown(context: Context, entry: Entry) -> Difference:
    read = [one.amount for one in entry.payments if one.amount is not None]
    paid = shown(sum(read)) if read else ""
    unread = len(entry.payments) - len(read)
    told = f"{entry.project} {entry.name}".strip()
    unknown = context.difference("receipt unknown", entry, None)
    cell = entry.cell("project" if entry.project else "name")
    note = "项目表和台账里都没有这个项目"
    if unread:
        note += f"；{unread} 笔的金额读不了"
    return replace(unknown, name=told, cell=cell, submitted=paid, note=note)


def _missing(
    context: Context, matches: Sequence[Match], ledger: Sequence[Entry]
) -> Iterator[Difference]:
    """Projects that the unit leads in the ledger and does not submit."""
    unit = context.submission.unit
    if not unit or not matches:
        return
    submitted = {match.ledger.key for match in matches if match.ledger}
    asked = _asked(matches)
    for known in ledger:
        if known.lead == unit and known.key not in submitted:
            doubt = asked.get(known.key)
            note = f"也许就是{doubt.cell('name')}“{doubt.name}”，待认定" if doubt else ""
            yield context.missing(known, note)


def _asked(matches: Sequence[Match]) -> dict[str, Entry]:
    """Of each candidate the row that is likest to it."""
    likest: dict[str, tuple[int, str, Entry]] = {}
    for match in matches:
        for one in match.candidates:
            rank = (-one.points, match.entry.key, match.entry)
            known = likest.setdefault(one.entry.key, rank)
            if rank[:2] < known[:2]:
                likest[one.entry.key] = rank
    return {key: entry for key, (_, _, entry) in likest.items()}
