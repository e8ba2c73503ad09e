"""Which project of the ledger each submitted row is: surely, perhaps (a question), or none of them.

Ways of being recognised, strongest first: a person's verdict, 统一社会信用代码, project id, the
same name. Each needs the rest of the row not to contradict it, and where two ways lead to two
projects nothing is decided. Everything else is a question with its candidates, or new.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlplan.diagnostics import Diagnostics
from xlplan.reconciling import ways
from xlplan.reconciling.candidates import Index, worth_asking
from xlplan.reconciling.evidence import Profile, Profiles, investors_alike
from xlplan.reconciling.names import Names
from xlplan.reconciling.nouns import LEDGER, Entry, How, Match, Matching, Submission
from xlplan.reconciling.reports import report_file, report_ledger
from xlplan.reconciling.twins import with_twins
from xlplan.reconciling.verdicts import NO_VERDICTS, Verdicts, project_key

_AGAIN = 60
"""Points from which a project that has its row in this file already is still asked about: the row
may be written twice. Another stage of it is not, since the first has its own row."""


def match(
    ledger: Sequence[Entry],
    submissions: Sequence[Submission],
    verdicts: Verdicts = NO_VERDICTS,
    regions: Iterable[str] = (),
) -> Matching:
    """Place every submitted row; neither the order of files nor that of rows matters.

    `regions` are areas and towns that names of projects begin with, beside the units' own names.
    """
    found: dict[str, Diagnostics] = defaultdict(Diagnostics)
    profiles = Profiles(_names(ledger, submissions, regions))
    known = Known.of(profiles.of(entry) for entry in ledger)
    report_ledger(known.profiles, found[LEDGER])
    matches: list[Match] = []
    for submission in submissions:
        rows = [profiles.of(entry, submission.unit) for entry in submission.entries]
        placed = _File(rows, known, verdicts).matches()
        report_file(rows, placed, known.ids, found[submission.file])
        matches += placed
    return Matching(tuple(with_twins(matches, profiles)), dict(found))


def _names(
    ledger: Sequence[Entry], submissions: Sequence[Submission], regions: Iterable[str]
) -> Names:
    units = {submission.unit for submission in submissions}
    units |= {unit for entry in ledger for unit in (entry.lead, entry.landing)}
    return Names({*regions, *units} - {""})


@dataclass(frozen=True)
class Known:
    """The ledger's projects by what they can be recognised by."""

    profiles: Sequence[Profile]
    codes: Mapping[str, Sequence[Profile]]
    ids: Mapping[str, Sequence[Profile]]
    names: Mapping[str, Sequence[Profile]]
    keys: Mapping[str, Profile]

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> "Known":
        """The ledger, in whatever order."""
        rows = sorted(profiles, key=lambda one: one.entry.key)
        return cls(
            rows,
            _grouped(rows, lambda one: one.code.usable),
            _grouped(rows, lambda one: one.project),
            _grouped(rows, lambda one: one.same),
            {project_key(one.entry): one for one in reversed(rows)},
        )

    @cached_property
    def index(self) -> Index:
        """The same for what is only like; made when something needs it."""
        return Index(self.profiles)


def _grouped(
    rows: Iterable[Profile], key: Callable[[Profile], str]
) -> Mapping[str, Sequence[Profile]]:
    groups: dict[str, list[Profile]] = defaultdict(list)
    for row in rows:
        if said := key(row):
            groups[said].append(row)
    return dict(groups)


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A project that something of the row leads to, and whether the rest lets that decide."""

    how: How
    other: Profile
    sure: bool


class _File:
    """One file's rows against the ledger."""

    def __init__(self, rows: Sequence[Profile], known: Known, verdicts: Verdicts) -> None:
        self._rows = rows
        self._known = known
        self._verdicts = verdicts
        self._codes = _grouped(rows, lambda one: one.code.usable)
        self._ids = _grouped(rows, lambda one: one.project)

    def matches(self) -> list[Match]:
        """The rows in their order."""
        proposals = [list(self._proposals(row)) for row in self._rows]
        chosen = _one_row_each(self._rows, [_decided(each) for each in proposals])
        taken = {id(one.other.entry) for one in chosen if one}
        return [
            Match(row.entry, row.unit, decided.how, decided.other.entry)
            if decided
            else self._undecided(row, proposed, taken)
            for row, decided, proposed in zip(self._rows, chosen, proposals, strict=True)
        ]

    def _proposals(self, row: Profile) -> Iterator[_Proposal]:
        """Strongest first; a project that a person said it is not is none."""
        said = self._verdicts.project_of(row.unit, row.entry)
        if said and said in self._known.keys:
            yield _Proposal("verdict", self._known.keys[said], sure=True)
            return
        barred = self._barred(row)
        for one in (*self._by_code(row), *self._by_id(row), *self._by_name(row)):
            if project_key(one.other.entry) not in barred:
                yield one

    def _barred(self, row: Profile) -> frozenset[str]:
        return self._verdicts.not_these(row.unit, row.entry)

    def _by_code(self, row: Profile) -> Iterator[_Proposal]:
        """A code that names several projects, here or there, says nothing by itself."""
        others = self._known.codes.get(row.code.usable, ())
        if len(others) == 1 and len(self._codes[row.code.usable]) == 1:
            yield _Proposal("credit_code", others[0], ways.by_code(row, others[0]))

    def _by_id(self, row: Profile) -> Iterator[_Proposal]:
        others = self._known.ids.get(row.project, ())
        if len(others) == 1 and len(self._ids[row.project]) == 1:
            yield _Proposal("id", others[0], ways.by_id(row, others[0]))

    def _by_name(self, row: Profile) -> Iterator[_Proposal]:
        """Of several projects of one name, the one of the same investor and lead unit."""
        others = self._known.names.get(row.same, ())
        sure = [other for other in others if ways.by_name(row, other)]
        if len(others) > 1:
            sure = [one for one in sure if investors_alike(row, one) and row.lead == one.lead]
        for other in others:
            yield _Proposal("name", other, sure=len(sure) == 1 and other is sure[0])

    def _undecided(self, row: Profile, proposed: Iterable[_Proposal], taken: set[int]) -> Match:
        """A question with its candidates, or a new project where there are none."""
        barred = self._barred(row)
        also = [one.other for one in proposed if one.sure or one.how == "name"]
        forced = {id(one.entry) for one in also}
        others = [
            one
            for one in self._known.index.like(row)
            if project_key(one.entry) not in barred
            and (id(one.entry) not in taken or row.name.may_be(one.name))
        ]
        candidates = tuple(
            one
            for one in worth_asking(row, others, also)
            if one.points >= _AGAIN or id(one.entry) not in taken - forced
        )
        how: How = "question" if candidates else "new"
        return Match(row.entry, row.unit, how, candidates=candidates)


def _decided(proposals: Sequence[_Proposal]) -> _Proposal | None:
    """The strongest way that is sure, unless another sure one leads elsewhere."""
    sure = [one for one in proposals if one.sure]
    projects = {id(one.other) for one in sure}
    return sure[0] if len(projects) == 1 else None


def _one_row_each(
    rows: Sequence[Profile], decided: Sequence[_Proposal | None]
) -> list[_Proposal | None]:
    """Of rows that would all be one project, those that bear its name; the others are asked."""
    claims: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(decided):
        if one:
            claims[id(one.other)].append(at)
    kept = list(decided)
    for places in (places for places in claims.values() if len(places) > 1):
        for at in places:
            one = decided[at]
            if one and one.how != "verdict" and rows[at].same != one.other.same:
                kept[at] = None
    return kept
