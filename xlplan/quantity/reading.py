"""Amounts, counts and rates as government tables write them."""

from xlplan.quantity.nouns import Missing, Quantity, Unreadable


def parse_quantity(cell: object, unit: str = "") -> Quantity | Missing | Unreadable:
    """What amount a cell holds; `unit` is its column's, for cells that write none."""
    raise NotImplementedError
