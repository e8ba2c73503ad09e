"""Rows of a frame as plain dicts, for the few places that speak of one row at a time."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, object]


def rows_of(frame: "pd.DataFrame") -> Iterator[Row]:
    """Each row by column name, with None for every missing value."""
    plain = frame.astype(object)
    for record in plain.where(plain.notna(), None).to_dict("records"):
        yield {str(name): value for name, value in record.items()}
