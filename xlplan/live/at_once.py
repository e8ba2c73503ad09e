"""What an engine of ours does at once where xlwings would ask piece by piece, or not at all."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw


def names_of(book: "xw.Book") -> list[str]:
    """The names of a workbook's sheets in order."""
    names = getattr(book.impl.sheets, "names", None)
    return [sheet.name for sheet in book.sheets] if names is None else [*names]


def sheet_of(impl: Any) -> "xw.Sheet":  # noqa: ANN401 - each engine has its own
    """A sheet that an engine gave, as xlwings has it; looked up by its name it would be asked."""
    from xlwings import Sheet  # noqa: PLC0415 - loaded long ago, by whoever has an engine

    return Sheet(impl=impl)


def settle(book: "xw.Book") -> None:
    """Have everything done that an engine gathered; what went wrong with it is raised."""
    settled = getattr(book.impl, "settle", None)
    if settled is not None:
        settled()


class Spared:
    """What a program refuses within is simply not done: it goes without.

    A class, because what LibreOffice raises cannot pass through a generator. Engines that gather
    changes refuse later, and are told now.
    """

    def __init__(self, book: "xw.Book") -> None:
        self._spare = getattr(book.impl, "spare", None)

    def __enter__(self) -> None:
        if self._spare is not None:
            self._spare(spares=True)

    def __exit__(self, kind: type[BaseException] | None, *_trouble: object) -> bool:
        if self._spare is not None:
            self._spare(spares=False)
        return kind is not None and issubclass(kind, Exception)
