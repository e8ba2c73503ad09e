"""Print set-up of a sheet that comes out of another document."""

from xlplan.uno.bridge import Remote

_STYLES = "PageStyles"
_FIT = "ScaleToPagesX"


class Page:
    """The page style of one sheet on its way, and the rows that every page repeats.

    Whatever is said about a sheet's pages makes LibreOffice count them, which takes six times as
    long while they are fitted to a width: so that is said last, and once.
    """

    def __init__(self, document: Remote, source: Remote, name: str) -> None:
        self._document = document
        self._name = name
        self._theirs = source.Sheets.getByName(name)
        self._style = str(self._theirs.PageStyle)
        self._is_new = not self._styles.hasByName(self._style)
        self._fit = 0

    @property
    def _styles(self) -> Remote:
        return self._document.StyleFamilies.getByName(_STYLES)

    def hold(self) -> None:
        """Leave the width out of the style that was just brought."""
        if self._is_new:
            style = self._styles.getByName(self._style)
            self._fit = int(getattr(style, _FIT))
            setattr(style, _FIT, 0)

    def dress(self) -> None:
        """Let the sheet, which has arrived, be printed by it."""
        sheet = self._document.Sheets.getByName(self._name)
        sheet.PageStyle = self._style
        if self._theirs.getPrintTitleRows():
            sheet.setTitleRows(self._theirs.getTitleRows())
        if self._fit:
            setattr(self._styles.getByName(self._style), _FIT, self._fit)
