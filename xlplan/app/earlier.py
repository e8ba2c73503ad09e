"""The previous period and the year before: read, held against the result, and kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.app.book import open_book
from xlplan.app.recalculation import Basis, Request, Result, credit, read
from xlplan.app.seal import is_seal, read_seal
from xlplan.diagnostics import Diagnostics, File, RequestError
from xlplan.progress.changes import Side, changes, growth_rows
from xlplan.quantity import Day, Period, parse_date
from xlplan.sheets.comparison import options_of

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

NOTHING = "没有这个文件，也不是日期或期间"
STRANGE = "没有一个单位相同"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier result: the file or the words that name it, its side, and its period."""

    name: str
    side: Side
    period: Period

    @property
    def said(self) -> str:
        """The period and the day, as a heading says them."""
        return f"{self.period.shown}，截至{_shown(self.side.as_of)}"


def compared(basis: Basis, request: Request, result: Result) -> Result:
    """The result with what it was held against: the previous period, last year, or both.

    Raises:
        RequestError: XP896 what cannot be read as an earlier result, XP897 one that is not
            earlier, XP898 a last year of another span.
    """
    figures = result.figures
    if request.previous is not None:
        figures = _with_previous(figures, _previous(basis, request.previous, figures))
    if request.last_year is not None:
        figures = _with_last_year(figures, _last_year(request.last_year, figures))
    return Result(figures)


def side_of(figures: "Figures") -> Side:
    """A computed period as one side of a comparison."""
    return Side(
        policy=figures.policy.id,
        start=figures.period.start,
        as_of=figures.as_of,
        options=options_of(figures),
        credits=figures.credits,
        standings=figures.standings,
        totals=figures.totals,
        projects=frozenset(figures.tiers["project"]),
    )


# The previous period


def _previous(basis: Basis, asked: str | Path, figures: "Figures") -> Earlier:
    """The earlier result asked for: a file, or the same book up to a day or of a period."""
    file = Path(asked)
    found = _of_file(file, figures) if file.exists() else _of_words(basis, str(asked))
    if found.side.as_of >= figures.as_of:
        raise RequestError("XP897", previous=found.said, now=figures.shown_as_of)
    return found


def _of_file(file: Path, figures: "Figures", as_of: date | None = None) -> Earlier:
    """A sealed result, or a workbook computed by its own settings (or up to a day)."""
    if is_seal(file):
        side, period = read_seal(file, figures.policy)
    else:
        earlier = credit(read(open_book(file), Request(as_of=as_of))).figures
        side, period = side_of(earlier), earlier.period
    if set(side.standings["unit"]).isdisjoint(figures.standings["unit"]):
        raise RequestError("XP896", path=file, reason=STRANGE)
    return Earlier(file.name, side, period)


def _of_words(basis: Basis, asked: str) -> Earlier:
    """The same book up to an earlier day, or for an earlier period up to its end."""
    period, day = basis.policy.period_named(asked), parse_date(asked)
    if isinstance(day, Day) and day.precision == "day":
        at = replace(basis, as_of=day.date)
    elif period is not None:
        at = replace(basis, period=period, as_of=period.end - timedelta(days=1))
    else:
        raise RequestError("XP896", path=asked, reason=NOTHING)
    earlier = credit(at).figures
    return Earlier(asked, side_of(earlier), earlier.period)


def _with_previous(figures: "Figures", earlier: Earlier) -> "Figures":
    """The figures with what changed since; what the earlier result alone knows is said."""
    now, heirs = side_of(figures), _heirs(figures)
    found = Diagnostics()
    for name in _lost(earlier.side, figures, heirs):
        found.add("XP899", File(earlier.name), name=name)
    figures.diagnostics.extend(found)
    rows = changes(earlier.side, now, figures.policy, heirs)
    growths = growth_rows(earlier.side, now) if _are_spans(earlier, figures) else figures.growths
    return replace(figures, changes=rows, growths=growths, previous=earlier.said)


def _are_spans(earlier: Earlier, figures: "Figures") -> bool:
    """Whether both are whole spans of one length, so that one can have grown over the other."""
    period = figures.period
    return earlier.period.months == period.months and earlier.period.start < period.start


def _lost(side: Side, figures: "Figures", heirs: Mapping[str, str]) -> list[str]:
    """Units and measures that the earlier result has and nobody stands for now."""
    units = {*figures.standings["unit"], *figures.ledger.units["unit"]}
    measures = {measure.name for measure in figures.policy.measures}
    named = (
        *(unit for unit in side.standings["unit"] if unit not in units and unit not in heirs),
        *(name for name in side.standings["measure"] if name not in measures),
    )
    return list(dict.fromkeys(named))


def _heirs(figures: "Figures") -> dict[str, str]:
    """Who stands for a unit of the earlier result: its new name, or its successor."""
    register = figures.ledger.units
    columns = (register["unit"], register["aliases"], register["successor"])
    found: dict[str, str] = {}
    for unit, aliases, successor in zip(*columns, strict=True):
        found |= dict.fromkeys(aliases if isinstance(aliases, tuple) else (), str(unit))
        if successor:
            found[str(unit)] = str(successor)
    return found


# Last year


def _last_year(asked: str | Path, figures: "Figures") -> Earlier:
    """The same span of the year before, up to the same day."""
    file, as_of = Path(asked), _year_before(figures.as_of)
    if not file.exists():
        raise RequestError("XP896", path=file, reason=NOTHING)
    found = _of_file(file, figures, as_of)
    start, now = found.period.start, figures.period.start
    same = (start.year + 1, start.month) == (now.year, now.month)
    if not same or found.period.months != figures.period.months or found.side.as_of != as_of:
        wanted = f"{figures.period.shown}的上年同期，截至{_shown(as_of)}"
        raise RequestError("XP898", said=found.said, wanted=wanted)
    return found


def _year_before(day: date) -> date:
    """The same day a year before; of 29 February the 28th."""
    last_of_february = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if last_of_february else day.day)


def _with_last_year(figures: "Figures", earlier: Earlier) -> "Figures":
    rows = growth_rows(earlier.side, side_of(figures))
    return replace(figures, yearly=rows, last_year=earlier.said)


def _shown(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
