"""Amounts, counts, rates, dates and periods as government tables write them.

Values are exact fractions; what cannot be read for certain is `Unreadable` with a reason, what is
blank is `Missing`, and neither ever becomes zero.
"""

from xlplan.quantity.days import Day, parse_date
from xlplan.quantity.nouns import Missing, Part, Qualifier, Quantity, Unreadable
from xlplan.quantity.periods import CALENDAR, Period, Year, parse_period
from xlplan.quantity.places import parse_place
from xlplan.quantity.reading import parse_quantity
from xlplan.quantity.words import (
    FOREIGN_CURRENCIES,
    MONEY_UNITS,
    MONEY_WORDS,
    alternatives,
    foreign_currency,
    unit_named,
)
from xlplan.quantity.writing import (
    exact_decimal,
    fen,
    fits_grains,
    format_decimal,
    format_quantity,
    format_yi,
    to_grains,
)

__all__ = [
    "CALENDAR",
    "FOREIGN_CURRENCIES",
    "MONEY_UNITS",
    "MONEY_WORDS",
    "Day",
    "Missing",
    "Part",
    "Period",
    "Qualifier",
    "Quantity",
    "Unreadable",
    "Year",
    "alternatives",
    "exact_decimal",
    "fen",
    "fits_grains",
    "foreign_currency",
    "format_decimal",
    "format_quantity",
    "format_yi",
    "parse_date",
    "parse_period",
    "parse_place",
    "parse_quantity",
    "to_grains",
    "unit_named",
]
