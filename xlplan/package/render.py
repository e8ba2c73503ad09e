"""A described sheet as worksheet XML, element by element, its rows streamed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xlplan.package.styles import StyleBook
from xlplan.sheets import description

# The children of <worksheet> in the order that the schema demands (ECMA-376, CT_Worksheet).
ORDER: tuple[str, ...] = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
    *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
    *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing"),
    *("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
    *("webPublishItems", "tableParts", "extLst"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A sheet's XML by child of `<worksheet>`; what is not needed is absent.

    Every value may be iterated again and again; all styles are settled before the first chunk, so
    the styles part can be written first. `defined_names` holds (name, reference) of the sheet's
    local names: `_xlnm.Print_Titles`, and `_xlnm._FilterDatabase`, which must be hidden.
    `cut` lists (row, column) of texts that were too long for a cell; it is complete once
    `sheetData` was read through.
    """

    elements: Mapping[str, Iterable[bytes]]
    defined_names: tuple[tuple[str, str], ...]
    cut: list[tuple[int, int]]


def render(
    sheet: description.Sheet,
    styles: StyleBook,
    *,
    prefix: str = "",
    encoding: str = "utf-8",
    date1904: bool = False,
) -> Rendered:
    """The sheet's XML for a host whose main namespace has `prefix` ("" or "x", no colon).

    `encoding` is the host part's codec; give "utf-16-le" or "utf-16-be", never "utf-16".
    """
    raise NotImplementedError


def worksheet(rendered: Rendered, *, strict: bool = False) -> Iterator[bytes]:
    """A whole new sheet part in UTF-8; needs a `Rendered` without prefix."""
    raise NotImplementedError
