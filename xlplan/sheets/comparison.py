"""What 对比 is made from: two computations of one book, and where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from xlplan.model import BOARD_CHANGES, SCORE_CHANGES, SCORE_EFFECTS
from xlplan.policy.choices import chosen_options
from xlplan.policy.schema import Measure, Ruling

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.sheets.description import Sheet
    from xlplan.sheets.figures import Figures


class Flip(NamedTuple):
    """A ruling chosen otherwise; an option is "" while the ruling is open."""

    ruling: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """Two computations of one book for one period; frames as documented in `xlplan.model`.

    `units` (`UNIT_CHANGES`) and `projects` (`PROJECT_CHANGES`) hold only what differs; the changes
    of the projects of a unit and measure add up to the change of the unit. `options`
    (`RULING_OPTIONS`) and `effects` (`RULING_EFFECTS`) are filled when no other side was named:
    then each ruling is chosen otherwise by itself, open rulings first. `boards` (`BOARD_CHANGES`)
    are the entries of red and black lists that differ between two sides, `scores`
    (`SCORE_CHANGES`) the units whose total score does, `score_effects` (`SCORE_EFFECTS`) the same
    of each ruling. `against` is the other policy as it was asked for, "" where only rulings differ.
    """

    before: "Figures"
    after: "Figures"
    units: "pd.DataFrame"
    projects: "pd.DataFrame"
    options: "pd.DataFrame"
    effects: "pd.DataFrame"
    against: str = ""
    boards: "pd.DataFrame" = field(default_factory=BOARD_CHANGES.empty)
    scores: "pd.DataFrame" = field(default_factory=SCORE_CHANGES.empty)
    score_effects: "pd.DataFrame" = field(default_factory=SCORE_EFFECTS.empty)

    @property
    def is_of_rulings(self) -> bool:
        """Whether it asks what each ruling would change, rather than compare two sides."""
        return self.before is self.after

    @property
    def is_empty(self) -> bool:
        """Whether two sides do not differ in anything."""
        return not any(map(len, (self.units, self.projects, self.boards, self.scores)))

    @cached_property
    def sheet(self) -> "Sheet":
        """The sheet 对比, described."""
        from xlplan.sheets.differences import difference_sheet  # noqa: PLC0415 - it imports us

        return difference_sheet(self)

    @property
    def flips(self) -> tuple[Flip, ...]:
        """The rulings, known to both policies, that are chosen otherwise on the other side."""
        ours, theirs = options_of(self.before), options_of(self.after)
        both = (name for name in ours if name in theirs)
        return tuple(
            Flip(name, ours[name], theirs[name]) for name in both if ours[name] != theirs[name]
        )

    @property
    def adds_up(self) -> bool:
        """Whether the changes of projects make up the change of every unit and measure."""
        keys = ["unit", "measure"]
        totals = [
            frame[frame["measure"].isin(self._sums)]
            .groupby(keys, sort=True)["change"]
            .sum()
            .astype("Int64")
            .pipe(lambda sums: sums[sums != 0])
            for frame in (self.units, self.projects)
        ]
        return bool(totals[0].equals(totals[1]))

    @property
    def _sums(self) -> list[str]:
        """The measures that projects make up, in the policy's order; a statistic is no sum."""
        sides = (self.after, self.before)
        return list(dict.fromkeys(one.name for side in sides for one in side.policy.sums))

    def measure(self, name: str) -> Measure:
        """The measure of that name, of whichever policy has it."""
        return next(
            one
            for side in (self.before, self.after)
            for one in side.policy.measures
            if one.name == name
        )

    def ruling(self, name: str) -> Ruling | None:
        """The ruling of that id, of whichever policy has it."""
        return self.after.policy.ruling(name) or self.before.policy.ruling(name)

    def sums(self, frame: "pd.DataFrame") -> Iterator[tuple[str, int]]:
        """The change of each measure over all rows, in the policy's order."""
        added = frame.groupby("measure")["change"].sum()
        return ((name, int(added[name])) for name in self._sums if name in added.index)


def options_of(figures: "Figures") -> dict[str, str]:
    """The option chosen of each ruling of the policy, "" while it is open."""
    chosen = chosen_options(figures.policy, figures.ledger.choices)
    return {ruling.id: chosen.get(ruling.id, "") for ruling in figures.policy.rulings}
