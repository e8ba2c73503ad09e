"""Periods of assessment: 2021, 2021H1, 2021Q3, 2021-03, 2021-2025."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

PeriodKind = Literal["year", "half", "quarter", "month", "years"]


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months; `text` is canonical, `start` belongs to it, `end` does not."""

    text: str
    start: date
    end: date

    def __str__(self) -> str:
        return self.text

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.start <= day < self.end

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def kind(self) -> PeriodKind:
        """What sort of period it is."""
        raise NotImplementedError


def parse_period(text: object) -> Period | None:
    """Which period a cell or an option names; None when it names none."""
    raise NotImplementedError
