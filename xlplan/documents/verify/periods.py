"""Whether a document speaks of one period: its title, its text, and the workbook's own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from xlplan.documents.verify.consistency import Contradiction
from xlplan.documents.verify.paper import Line

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

_TITLE = re.compile("通报|报告|情况|对账单|简报|公报|考核|专报|统计")
_TITLE_LINES, _LONGEST_TITLE = 8, 60

_AS_OF = re.compile(
    r"截[至止](?:到)?\s*(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?:(?P<d>[0-9]{1,2})日|底|末)?"
)
_AS_OF_SHORT = re.compile(r"截[至止](?:到)?\s*(?P<m>[0-9]{1,2})月(?:(?P<d>[0-9]{1,2})日|底|末)")
_YEAR = re.compile(r"(?P<y>[0-9]{4})年")
_ENDS = (
    (re.compile(r"1月?\s*[-—~至到]+\s*(?P<m>[0-9]{1,2})月"), 1),
    (re.compile(r"前(?P<q>[一二三两2-3])(?:个)?季度"), 3),
    (re.compile(r"第?(?P<q>[一二三四1-4])季度"), 3),
    (re.compile(r"(?P<h>[上下])半年"), 6),
    (re.compile(r"[0-9]{4}年(?P<m>[0-9]{1,2})月(?!\s*[0-9]{1,2}日|[-—~至到])"), 1),
)
"""Ways to name a period by the month that it ends in."""

_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_OTHER_YEAR = re.compile(
    "同比|去年|上年|往年|同期|下(?:一)?(?:步|季|月|年)|明年|预计|计划|力争|目标"
)


class Named(NamedTuple):
    """A period as a text names it: its words, its year and last month; 0 = not said."""

    text: str
    year: int
    month: int


def check_periods(lines: Sequence[Line], figures: "Figures") -> Iterator[Contradiction]:
    """XP895 for every day or period that is not the workbook's, or not that of the title."""
    title = title_of(lines)
    for line in lines:
        yield from _wrong_days(line, figures)
    if title is None:
        return
    named = period_named(title.plain)
    yield from _against_book(title, named, figures)
    for line in lines:
        if line.is_body and line.place != title.place and not _OTHER_YEAR.search(line.plain):
            yield from _against_title(line, title, named)


def title_of(lines: Sequence[Line]) -> Line | None:
    """The title: the first short line that says what the document is, with those right above it."""
    above = ""
    for line in [line for line in lines if line.is_body][:_TITLE_LINES]:
        is_short = len(line.text) <= _LONGEST_TITLE and not line.plain.rstrip().endswith(
            ("。", ":")
        )
        if is_short and _TITLE.search(line.plain):
            return replace(line, text=above + line.text)
        above = above + line.text if is_short and line.text.strip() else ""
    return None


def period_named(plain: str) -> Named:
    """The period that a text names first.

    >>> period_named("甲区2021年1-9月招商引资情况通报")
    Named(text='1-9月', year=2021, month=9)
    >>> period_named("甲区2021年第三季度通报"), period_named("工作简报")
    (Named(text='第三季度', year=2021, month=9), Named(text='', year=0, month=0))
    """
    year = _YEAR.search(plain)
    said, number = (year[0], int(year["y"])) if year else ("", 0)
    for form, months in _ENDS:
        if found := form.search(plain):
            groups = found.groupdict()
            nth = next(group for group in groups.values() if group)
            count = _NUMBERS.get(nth) or int(nth)
            return Named(found[0], number, count * months)
    return Named(said, number, 0)


def _wrong_days(line: Line, figures: "Figures") -> Iterator[Contradiction]:
    """截至 another day than the workbook's as-of date."""
    as_of = figures.as_of
    found = list(_AS_OF.finditer(line.plain))
    found += _AS_OF_SHORT.finditer(line.plain)
    for said in found:
        groups = said.groupdict()
        year, month = int(groups.get("y") or as_of.year), int(said["m"])
        day = int(said["d"]) if said["d"] else _last_day(year, month)
        if (year, month, day) != (as_of.year, as_of.month, as_of.day):
            other = f"工作簿截至{figures.shown_as_of}"
            yield Contradiction("XP895", line, {"text": said[0], "other": other})


def _last_day(year: int, month: int) -> int:
    if not 1 <= month <= 12:  # noqa: PLR2004 - the calendar's own
        return 0
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _against_book(title: Line, named: Named, figures: "Figures") -> Iterator[Contradiction]:
    """The title's year and last month against the workbook's."""
    as_of, period = figures.as_of, figures.period
    last = min(as_of, period.end - timedelta(days=1))
    years = {figures.policy.year.of(last), last.year, period.start.year}
    wrong_year = named.year and named.year not in years
    wrong_month = named.month and named.month != last.month
    if wrong_year or wrong_month:
        other = f"工作簿的期间是{figures.shown_period}，截至{figures.shown_as_of}"
        yield Contradiction("XP895", title, {"text": named.text, "other": other})


def _against_title(line: Line, title: Line, named: Named) -> Iterator[Contradiction]:
    """A line that names a period up to another month than the title, in its first words."""
    said = period_named(line.plain)
    if not (said.month and named.month):
        return
    if said.month != named.month or (said.year and named.year and said.year != named.year):
        other = f"标题写“{named.text}”（{title.place}）"
        yield Contradiction("XP895", line, {"text": said.text, "other": other})
