"""Dates as clerks write them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from xlplan.quantity.nouns import Missing, Unreadable


@dataclass(frozen=True, slots=True)
class Day:
    """A date; with precision "month" it is the first day of the month that was written."""

    date: date
    precision: Literal["day", "month"]
    text: str


def parse_date(cell: object, *, date1904: bool = False) -> Day | Missing | Unreadable:
    """Which day a cell means."""
    raise NotImplementedError
