"""What a policy can say of scores 考核得分: how figures become points, and what decides the total.

Points are exact fractions of a 分. Rates, gaps and shares are fractions of which 100% is 1; a value
is in its measure's own unit, 100% being 1 there too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Input = Literal["rate", "value", "gap", "rank"]
Comparison = Literal[">=", ">", "<=", "<"]
NoTarget = Literal["left-out", "full", "zero"]
Parts = Literal["exact", "drop", "up"]
Reference = Literal["target", "pace", "zero", "first"]
Effect = Literal["zero", "cap", "no-grade"]

ORIGIN = Fraction(0)


@dataclass(frozen=True, slots=True)
class Proportional:
    """Points in proportion to the rate, or to the value beside the group's best.

    At most `cap_at` of the rate, or `cap_at` points; a proportion below `zero_below` earns nothing.
    """

    cap: Literal["rate", "score", "none"] = "none"
    cap_at: Fraction | None = None
    zero_below: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Efficacy:
    """功效系数: `base` of the points for the group's worst, all of them for its best.

    In between by the distance from the worst; `all_equal` says what everyone gets when there is
    none.
    """

    base: Fraction = ORIGIN
    all_equal: Literal["full", "base"] = "full"


@dataclass(frozen=True, slots=True)
class Steps:
    """`start` points at the reference, `plus` for each step better, `minus` for each step worse.

    A step is `per`, a part of one counts as `parts` say; the points stay within `least` and `most`.
    """

    per: Fraction
    plus: Fraction
    minus: Fraction
    least: Fraction
    most: Fraction
    start: Fraction
    reference: Reference
    parts: Parts


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound on a rate, value, gap or rank."""

    of: Input
    comparison: Comparison
    value: Fraction
    text: str

    def holds(self, found: Fraction) -> bool:
        """Whether a figure lies within it.

        >>> Bound("rate", ">=", Fraction(4, 5), ">= 80%").holds(Fraction(4, 5))
        True
        """
        if self.comparison in (">=", "<=") and found == self.value:
            return True
        return found > self.value if self.comparison.startswith(">") else found < self.value


@dataclass(frozen=True, slots=True)
class Band:
    """A rung of a ladder: the bound that reaches it (None = everything else), and its points."""

    bound: Bound | None
    points: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """Bands from the best down; the first that holds gives its points."""

    bands: tuple[Band, ...]


Method = Proportional | Efficacy | Steps | Ladder


@dataclass(frozen=True, slots=True)
class Score:
    """How one measure is scored for the units of some groups (none named = of all).

    `full` are its full marks; `no_target` is what a unit without a target gets, "" where none is
    needed.
    """

    id: str
    measure: str
    groups: tuple[str, ...]
    full: Fraction
    of: Input
    method: Method
    no_target: NoTarget | Literal[""]
    clause: str


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points beside the full marks, for each `per` of a value, or of a rate above the target.

    A negative `each` takes points away. At most `most` in all, with `once` for one step only.
    """

    id: str
    measure: str
    groups: tuple[str, ...]
    of: Literal["value", "rate"]
    reference: Literal["zero", "target"]
    each: Fraction
    per: Fraction
    parts: Parts
    most: Fraction | None
    once: bool
    clause: str


@dataclass(frozen=True, slots=True)
class Gate:
    """一票否决 and its like: a condition, or a word in the sheet 加减分, that decides by itself.

    All `when` must hold. It takes the points of `scores` (none named = the total) away, or caps
    them `at` a limit, or keeps a unit out of `grades`.
    """

    id: str
    name: str
    groups: tuple[str, ...]
    measure: str
    when: tuple[Bound, ...]
    word: str
    effect: Effect
    at: Fraction | None
    scores: tuple[str, ...]
    grades: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Grade:
    """等次: who has at least so many points and, with a share, is among the first of the group.

    `share` is this grade's own part of the field; those of the grades above come before it.
    """

    name: str
    at_least: Fraction | None
    share: Fraction | None
    groups: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Whether, and how far, points may be given and taken by decision 加减分."""

    allowed: bool = False
    plus_at_most: Fraction | None = None
    minus_at_most: Fraction | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What the parts add up to: declared full marks, bounds, and whether left-out items rescale."""

    full: Fraction | None = None
    least: Fraction = ORIGIN
    most: Fraction | None = None
    bonus_at_most: Fraction | None = None
    rescale: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Everything that a policy says of scores; without scores and bonuses nobody is scored."""

    scores: tuple[Score, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    gates: tuple[Gate, ...] = ()
    grades: tuple[Grade, ...] = ()
    adjustments: Adjustments = field(default_factory=Adjustments)
    total: Total = field(default_factory=Total)

    @property
    def is_declared(self) -> bool:
        """Whether units are scored at all."""
        return bool(self.scores or self.bonuses)

    def items(self, group: str) -> list[Score]:
        """What a group is scored by, in the policy's order."""
        return [score for score in self.scores if covers(score.groups, group)]

    def bonuses_of(self, group: str) -> list[Bonus]:
        """The bonuses that a group can earn."""
        return [bonus for bonus in self.bonuses if covers(bonus.groups, group)]

    def gates_of(self, group: str) -> list[Gate]:
        """The gates that a group can meet."""
        return [gate for gate in self.gates if covers(gate.groups, group)]

    def grades_of(self, group: str) -> list[Grade]:
        """A group's grades, the best first."""
        return [grade for grade in self.grades if covers(grade.groups, group)]

    def scored(self, groups: Sequence[str]) -> list[str]:
        """The groups of which units are scored."""
        return [group for group in groups if self.items(group) or self.bonuses_of(group)]


def covers(groups: tuple[str, ...], group: str) -> bool:
    """Whether a rule that names these groups, or none, is for that one.

    >>> covers((), "园区"), covers(("部门",), "园区")
    (True, False)
    """
    return not groups or group in groups
