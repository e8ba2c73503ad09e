"""How wide a character is: Excel counts columns in digits of the workbook's default font."""

from dataclasses import dataclass

from xlplan.uno.bridge import Remote
from xlplan.uno.far import routines, told

_MM100_PER_TWIP = 127 / 72
_PADDING = 0.63  # what Excel adds to a width in characters, in Chinese Excel's default font
_FALLBACK = 247  # 宋体 11
_STEP = 3  # an indent is three spaces, each half a digit


@dataclass(frozen=True, slots=True)
class Widths:
    """The width of a digit in 1/100 mm."""

    digit: int

    @classmethod
    def of(cls, document: Remote) -> "Widths":
        """Measured in the document's default font, as LibreOffice does when it reads a file."""
        widest = told(routines().digit_width, document)
        return cls(round(widest * _MM100_PER_TWIP) or _FALLBACK)

    @property
    def indent(self) -> int:
        """One step of an indent in 1/100 mm.

        >>> Widths(247).indent
        370
        """
        return int(_STEP * self.digit / 2)

    def mm100(self, characters: float) -> int:
        """A column's width from Excel's number of characters.

        >>> Widths(247).mm100(20)
        5096
        """
        return round((characters + _PADDING) * self.digit)

    def characters(self, mm100: int) -> float:
        """Excel's number of characters from a column's width."""
        return round(max(mm100 / self.digit - _PADDING, 0), 2)
