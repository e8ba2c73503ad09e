"""The links of a sheet: to places inside the workbook, in other files, and on the web.

A link to a file beside the workbook is `file:甲区/表.xlsx#'完成情况'!G7`, its path relative.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import quote

from xlplan.diagnostics import column_letters
from xlplan.package.columns import Host
from xlplan.package.values import escaped
from xlplan.package.xml_offsets import TRANSITIONAL_RELATIONS
from xlplan.sheets.description import Sheet

LINK_LIMIT = 65_530  # Excel's own limit of hyperlinks on one sheet
OWN_ID = "xlplan"  # how the ids of our relationships begin, to be known again

_LONGEST = 2_079  # characters of an address that Excel takes
_BESIDE = "file:"  # how a link to another file begins; its address is relative without it
_WEB = ("http://", "https://", "mailto:", _BESIDE)
_WEB_STARTS = frozenset("hHmMfF")
_KEPT = ":/?#[]@!$&'()*+,;=%~-._"  # what an address may hold beside letters and digits


class Links:
    """The `<hyperlinks>` of a sheet; may be iterated again and again.

    `web` holds the relationship id of each address on the web. Other targets keep only their
    cell's text and style, and so do those beyond Excel's limit: `left_out` counts them.
    """

    def __init__(self, sheet: Sheet, host: Host) -> None:
        self._sheet, self._host = sheet, host
        self.web: dict[str, str] = {}
        self.count = 0
        for _, _, target in self._reached():
            self.count += 1
            if _is_web(target):
                self.web.setdefault(_address(target), f"{OWN_ID}{len(self.web) + 1}")
        self.left_out = sum(1 for _ in self._targets()) - self.count

    def __iter__(self) -> Iterator[bytes]:
        letters = cache(column_letters)
        links = (
            f'<hyperlink ref="{letters(column)}{row}"{self._aim(target)}/>'
            for row, column, target in self._reached()
        )
        yield self._host.element(f"<hyperlinks>{''.join(links)}</hyperlinks>")

    def _aim(self, target: str) -> str:
        if not _is_web(target):
            return f' location="{quoted_text(target.removeprefix("#"))}"'
        place = quoted_text(target.partition("#")[2])
        location = f' location="{place}"' if place else ""
        return f' xmlns:r="{TRANSITIONAL_RELATIONS}" r:id="{self.web[_address(target)]}"{location}'

    def _reached(self) -> Iterator[tuple[int, int, str]]:
        """The links that are written."""
        possible = (link for link in self._targets() if _is_web(link[2]) or _is_inside(link[2]))
        return islice(possible, LINK_LIMIT)

    def _targets(self) -> Iterator[tuple[int, int, str]]:
        for cell in self._sheet.cells:
            if cell.link:
                yield cell.row, cell.column, cell.link
        for block in self._sheet.blocks:
            for number, column in enumerate(block.columns, start=block.column):
                for row, link in enumerate(column.links or (), start=block.row):
                    if link:
                        yield row, number, link


def quoted_text(text: str) -> str:
    """Text for an attribute in double quotes."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _is_web(target: str) -> bool:
    if target[:1] not in _WEB_STARTS:  # most links go to cells: they are let through quickly
        return False
    if target.lower().startswith(f"{_BESIDE}//"):  # would hold on this machine alone
        return False
    return target.lower().startswith(_WEB) and len(_address(target)) <= _LONGEST


def _is_inside(target: str) -> bool:
    return "!" in target and "://" not in target and not target.lower().startswith(_WEB)


def _address(target: str) -> str:
    """An address without its fragment, which Excel keeps apart, in plain ASCII.

    >>> _address("https://例.cn/a b?x=1#top")
    'https://%E4%BE%8B.cn/a%20b?x=1'
    >>> _address("file:../a b.xlsx#'完成情况'!G7")
    '../a%20b.xlsx'
    """
    address = target.partition("#")[0]
    return quote(address.removeprefix(_BESIDE), safe=_KEPT, errors="replace")
