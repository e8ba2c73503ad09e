"""Which number stands for a style in a workbook's styles part, old entries untouched."""

from typing import Self

from xlplan.sheets import description


class StyleBook:
    """The styles part of one workbook; what is missing is appended, nothing else changes."""

    @classmethod
    def parse(cls, xml: bytes | None, path: str = "xl/styles.xml") -> Self:
        """Read a styles part; None gives a minimal new one. `path` is named in refusals.

        Raises: RequestError XP004 (not XML, not a styles part), XP008 (a DTD), XP701.
        """
        raise NotImplementedError

    def xf(self, style: description.Style) -> int:
        """The number that a cell of that style carries as `s`."""
        raise NotImplementedError

    def dxf(self, highlight: description.Highlight) -> int:
        """The number that a conditional format carries as `dxfId`."""
        raise NotImplementedError

    def xml(self) -> bytes:
        """The part with all additions; the very bytes that were read when there are none."""
        raise NotImplementedError

    @property
    def changed(self) -> bool:
        """Whether the part has to be written; true for a new one."""
        raise NotImplementedError
