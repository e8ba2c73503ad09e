"""How wide a character is: Excel counts columns in digits of the workbook's default font."""

from dataclasses import dataclass

from xlplan.uno.bridge import Remote, struct

_TWIPS_PER_POINT = 20
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
        style = document.StyleFamilies.getByName("CellStyles").getByName("Default")
        height = round(style.CharHeight * _TWIPS_PER_POINT)
        wanted = struct("awt.FontDescriptor", Name=style.CharFontName, Height=height)
        device = document.ReferenceDevice
        font = device.getFont(wanted) if device is not None else None
        if font is None:
            return cls(_FALLBACK)
        widest = max(font.getCharWidth(digit) for digit in "0123456789")
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
