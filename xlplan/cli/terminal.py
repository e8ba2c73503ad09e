"""Printing for people: aligned tables in which a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Columns that a text takes in a terminal.

    >>> width("完成率"), width("rate")
    (6, 4)
    """
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled with blanks to that many columns.

    >>> pad("合计", 6) + "|", pad("1.5", 6, right=True)
    ('合计  |', '   1.5')
    """
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    r"""Lines of a table: the first column flush left, the others flush right.

    >>> print(*table(["单位", "完成"], [["甲园区", "1.5"], ["乙", "12"]]), sep="\n")
    单位    完成
    ──────  ────
    甲园区   1.5
    乙        12
    """
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    rule = ["─" * columns for columns in widths]
    return [
        "  ".join(
            pad(text, columns, right=place > 0)
            for place, (text, columns) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, rule, *rows)
    ]
