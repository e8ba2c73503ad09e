"""One project that two units submit: who leads it?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xlplan.reconciling.difference import Difference
from xlplan.reconciling.nouns import Entry, Match


def claims(matches: Sequence[Match]) -> Iterator[Difference]:
    """Rows of two units for one project that name different lead units.

    A unit that leaves the lead to another, or is named as cooperating by it, is no rival.
    """
    rows: dict[str, list[Match]] = defaultdict(list)
    for match in sorted(matches, key=lambda one: one.entry.key):
        if match.ledger is not None:
            rows[match.ledger.key].append(match)
    for together in rows.values():
        for match in together:
            others = [one.entry for one in together if one.unit != match.unit]
            yield from _against(match, others)
    for match in matches:
        yield from _against(match, match.twins)


def _against(match: Match, others: Sequence[Entry]) -> Iterator[Difference]:
    """The first of the others that says somebody else leads.

    Where the other says what the ledger says, the difference from the ledger is told already.
    """
    entry, ledger = match.entry, match.ledger
    rivals = [one for one in others if one.lead and entry.lead and one.lead != entry.lead]
    if ledger is not None:
        rivals = [one for one in rivals if one.lead != ledger.lead]
    for rival in sorted(rivals, key=lambda one: one.key)[:1]:
        together = entry.lead in rival.cooperating or rival.lead in entry.cooperating
        yield Difference(
            "claimed",
            match.unit,
            entry.file,
            ledger.project if ledger else entry.project,
            entry.name,
            "lead",
            entry.cell("lead"),
            rival.cell("lead"),
            submitted=entry.lead,
            known=rival.lead,
            note="联合招商，由谁牵头？" if together else "两家都报，由谁牵头？是不是联合招商？",
            other_file=rival.file,
            entry=entry,
            ledger=ledger,
        )
