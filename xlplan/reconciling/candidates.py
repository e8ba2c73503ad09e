"""Which projects are worth comparing with one that has no sure partner: those that share a key.

Keys are codes and their parts, investors, equal days and amounts, and pairs of neighbouring
characters that few names have. So nothing is compared with everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from xlplan.reconciling.evidence import Profile, compared, ranked
from xlplan.reconciling.nouns import Candidate

WORTH_ASKING = 40
"""Points below which a candidate is not shown; see samples/matching/README.md."""

MOST = 5
"""Candidates that are shown of one project."""

_COMPARED = 12
"""Projects that are compared in full with one."""

_AS_MANY = 3
"""One that shares fewer keys than the best by this many times is not compared."""

_COMMON = 60
"""A key that more projects share tells nothing."""

_RARE_PAIRS = 6
_PARTS_OF_CODE = (slice(2, 8), slice(8, 13), slice(13, 18))

Key = tuple[str, object]


class Index:
    """Projects by their keys. Their order does not matter: equal ones come by their places."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.profiles = sorted(profiles, key=lambda one: one.entry.key)
        self._by_key: dict[Key, list[int]] = defaultdict(list)
        for number, profile in enumerate(self.profiles):
            for key in {*_keys(profile), *_pairs(profile)}:
                self._by_key[key].append(number)

    def like(self, profile: Profile) -> Sequence[Profile]:
        """The projects that share most with this one, as far as keys tell."""
        shared: dict[int, int] = defaultdict(int)
        for key in self._telling(profile):
            for number in self._by_key[key]:
                shared[number] += 1
        least = max(shared.values(), default=0) / _AS_MANY
        near = [number for number in shared if shared[number] >= least]
        best = sorted(near, key=lambda number: (-shared[number], number))[:_COMPARED]
        return [self.profiles[number] for number in best]

    def _telling(self, profile: Profile) -> Iterator[Key]:
        """The keys that few projects share, of its pairs of characters the rarest."""
        for key in set(_keys(profile)):
            if 0 < len(self._by_key.get(key, ())) <= _COMMON:
                yield key
        pairs = [(len(self._by_key.get(key, ())), key) for key in set(_pairs(profile))]
        rare = sorted((count, key) for count, key in pairs if 0 < count <= _COMMON)
        yield from (key for _, key in rare[:_RARE_PAIRS])


def _keys(profile: Profile) -> Iterator[Key]:
    """What a project shares with few others."""
    entry, code = profile.entry, profile.code.text
    if code:
        yield from (("code", (part.start, code[part])) for part in _PARTS_OF_CODE)
    if profile.investor:
        yield "investor", profile.investor
        yield "investor of", (profile.investor, profile.name.telling[:2])
    if profile.project:
        yield "project", profile.project
    yield "name", profile.name.core
    if entry.signed:
        amounts = {amount for amount in (entry.investment, entry.agreement) if amount}
        yield from (("amount on", (str(amount), entry.signed.isoformat())) for amount in amounts)


def _pairs(profile: Profile) -> Iterator[Key]:
    telling = profile.name.telling
    return (("pair", telling[at : at + 2]) for at in range(len(telling) - 1))


def worth_asking(
    profile: Profile, others: Iterable[Profile], also: Iterable[Profile] = ()
) -> tuple[Candidate, ...]:
    """The best of the others that may be this project; those in `also` whatever speaks against."""
    forced = {id(other.entry): compared(profile, other) for other in also}
    found = [compared(profile, other) for other in others if id(other.entry) not in forced]
    asked = [*forced.values(), *(one for one in found if one.points >= WORTH_ASKING)]
    return ranked(asked)[:MOST]
