"""What a cell can hold once read: a quantity, nothing, or something that nobody can read."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

Kind = Literal["money", "count", "rate", "number"]


class Qualifier(StrEnum):
    """How exact an amount is; everything but EXACT is to be reported (XP104).

    Bounds follow the legal use of 以上, 以下 and 以内, which include the number itself, and of
    超过 and 不满, which do not (民法典 第一千二百五十九条).
    """

    EXACT = "exact"
    ABOUT = "about"
    MORE = "more"
    NEAR = "near"
    OVER = "over"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"
    STRIVE = "strive"

    @property
    def label(self) -> str:
        """The qualifier in Chinese, for messages.

        >>> Qualifier.AT_LEAST.label
        '以上'
        """
        return _LABELS[self]


_LABELS = {
    Qualifier.EXACT: "确数",
    Qualifier.ABOUT: "约数",
    Qualifier.MORE: "有余",
    Qualifier.NEAR: "接近",
    Qualifier.OVER: "超过",
    Qualifier.AT_LEAST: "以上",
    Qualifier.AT_MOST: "以内",
    Qualifier.BELOW: "不足",
    Qualifier.STRIVE: "力争",
}


@dataclass(frozen=True, slots=True)
class Part:
    """An of-which part 其中 of a quantity; `value` is measured as the whole's value is."""

    label: str
    value: Fraction
    text: str
    qualifier: Qualifier = Qualifier.EXACT


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount, count, rate or plain number, exactly as the cell says it.

    `value` is in 元 (or whole units of `currency`) for money, in 个 for counts, a share for rates
    (12% = 3/25). `unit` is what was written, or the column's when the cell writes none. `doubt`
    says what was taken for granted and is to be reported (XP104): 10，000 is read as 10,000.
    """

    value: Fraction
    kind: Kind
    text: str
    currency: str = ""
    unit: str = ""
    unit_is_written: bool = False
    qualifier: Qualifier = Qualifier.EXACT
    stretch: Fraction | None = None
    stretch_qualifier: Qualifier = Qualifier.EXACT
    of_which: tuple[Part, ...] = ()
    note: str = ""
    doubt: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether the amount, its stretch and all its parts are exact figures."""
        said = (self.qualifier, self.stretch_qualifier, *(part.qualifier for part in self.of_which))
        return all(qualifier is Qualifier.EXACT for qualifier in said)


@dataclass(frozen=True, slots=True)
class Missing:
    """The cell says that there is nothing: no target, no amount; never zero.

    `reason` is blank (nothing but blanks), dash (-, —, /) or none (无, 暂无, 没有).
    """

    reason: Literal["blank", "dash", "none"]
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The cell says something that cannot be read for certain; `reason` tells a clerk why."""

    text: str
    reason: str
