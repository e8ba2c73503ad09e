"""What a write-back would change, cell by cell, without writing."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from xlplan.container import Form, form_of
from xlplan.diagnostics import column_letters
from xlplan.package.splice import splice
from xlplan.sheets.description import Sheet

Seen = str | bool | float | date | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that would change; `cell` is "" where a whole sheet would be added."""

    sheet: str
    cell: str
    before: Seen
    after: Seen


def changes(path: str | Path, sheets: Sequence[Sheet]) -> list[Change]:
    """The cells that `write_sheets` would change, in sheet and row order; equal content is none.

    Both states are read as any reader would see them, so a figure that only moved from text to
    number shows, and a new colour does not. Raises: RequestError as `write_sheets` does.
    """
    source = Path(path)
    if form_of(source, str(source)) is not Form.PACKAGE:
        return [Change(sheet.name, "", None, None) for sheet in sheets]
    with tempfile.TemporaryFile() as result:
        spliced = splice(source, sheets, result)
        found = [Change(name, "", None, None) for name in spliced.added]
        if spliced.changed and spliced.replaced:
            found += _cells(source, result, spliced.replaced)
    order = {sheet.name.casefold(): place for place, sheet in enumerate(sheets)}
    return sorted(found, key=lambda change: order[change.sheet.casefold()])


def _cells(source: Path, result: BinaryIO, names: Sequence[str]) -> Iterator[Change]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - heavy, and only for dry runs

    before = CalamineWorkbook.from_path(str(source))
    result.seek(0)
    after = CalamineWorkbook.from_filelike(result)
    for name in names:
        old = before.get_sheet_by_name(name).to_python(skip_empty_area=False)
        new = after.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield from _differences(name, old, new)


def _differences(
    name: str, old: Sequence[Sequence[Seen]], new: Sequence[Sequence[Seen]]
) -> Iterator[Change]:
    for row, (one, two) in enumerate(zip_longest(old, new, fillvalue=()), 1):
        for column, (was, is_) in enumerate(zip_longest(one, two), 1):
            if (was in ("", None)) and (is_ in ("", None)):
                continue
            if was != is_ or isinstance(was, bool) != isinstance(is_, bool):
                yield Change(name, f"{column_letters(column)}{row}", _said(was), _said(is_))


def _said(value: Seen) -> Seen:
    return None if value == "" else value
