"""What many books say, added up to the area: whose they are, which measures, sums and rates."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import PurePosixPath

from xlplan.counties.nouns import (
    Added,
    Area,
    County,
    Line,
    Own,
    Report,
    Scope,
    Shared,
    Sought,
    Stated,
    Total,
    quotient,
)
from xlplan.counties.sharing import Having, shared_projects, tell_unidentified
from xlplan.diagnostics import Cell, Diagnostics, File, Key, RequestError
from xlplan.model import ROLLUP_SHEET

_AREA = "合计"


def add_up(scope: Scope, reports: Sequence[Report], found: Diagnostics) -> Area:
    """The area's figures from those of its counties; what is lacking is said in `found`.

    Raises:
        RequestError: XP987 the books are of different periods or days.
    """
    of = _by_county(scope, reports, found)
    period, as_of = _one_time(list(of.values()))
    counties = tuple(county.name for county in scope.counties) or tuple(of)
    for county in counties:
        if county not in of:
            area = scope.area or _AREA
            found.add("XP979", Key(scope.id, "county"), county=county, area=area)
    sought = scope.measures or _all_measures(list(of.values()))
    measures = tuple(filter(None, (_added(one, list(of.values())) for one in sought)))
    pairs = [(one, added) for one in sought for added in measures if added.name == one.name]
    lines = [line for one, it in pairs for line in _lines(one, it, counties, of, found)]
    _tell_left_out(sought, list(of.values()), found)
    _tell_books(of.values(), found)
    if any(measure.how == "once" for measure in measures):
        tell_unidentified(scope, of.values(), found)
    shared: list[Shared] = []
    totals = []
    for measure in measures:
        own = [line for line in lines if line.measure == measure and line.kind == "area"]
        double = _shared(scope, measure, own, found)
        shared += double
        totals.append(_total(measure, own, double, found))
    ordered = sorted(lines, key=lambda line: counties.index(line.county))
    return Area(
        scope,
        period,
        as_of,
        measures,
        counties,
        tuple(ordered),
        tuple(shared),
        tuple(totals),
        found,
    )


# Whose book it is


def _by_county(scope: Scope, reports: Sequence[Report], found: Diagnostics) -> Mapping[str, Report]:
    """The book of each county; one that is nobody's, or the second of a county, is set aside."""
    if not scope.counties:
        return dict(zip(_names(reports), reports, strict=True))
    of: dict[str, Report] = {}
    for report in reports:
        county = _county_of(scope.counties, report)
        if county is None:
            known = "、".join(county.name for county in scope.counties)
            found.add("XP980", File(report.label), known=known)
        elif county.name in of:
            other = of[county.name].label
            found.add("XP981", File(report.label), county=county.name, other=other)
        else:
            of[county.name] = report
    return {county.name: of[county.name] for county in scope.counties if county.name in of}


def _names(reports: Sequence[Report]) -> list[str]:
    """What books are called that nobody named: by what tells them from the others."""
    paths = [PurePosixPath(report.label).with_suffix("") for report in reports]
    alike = len({path.name for path in paths}) == 1 and all(len(path.parts) > 1 for path in paths)
    return [str(path.parent if alike else path) for path in paths]


def _county_of(counties: Sequence[County], report: Report) -> County | None:
    """The county whose patterns the book's name fits, else that it names, else its area."""
    fits = [county for county in counties if _fits(county, report)]
    if len(fits) == 1:
        return fits[0]
    parts = [*reversed(re.split(r"[/\\]", report.address))][:2]
    for part in (*parts, report.area):
        named = [county for county in counties if not county.books and county.name in part]
        # 江北 is in 江北新区 too: the longest name is meant, if it holds the others.
        longest = max(named, key=lambda county: len(county.name), default=None)
        if longest is not None and all(county.name in longest.name for county in named):
            return longest
    return None


def _fits(county: County, report: Report) -> bool:
    names = (report.label, PurePosixPath(report.label).name, report.address)
    return any(fnmatchcase(name, pattern) for name in names for pattern in county.books)


def _one_time(reports: Sequence[Report]) -> tuple[str, date]:
    """The period and day that all books are of."""
    times = {(report.period, report.span, report.as_of): report.label for report in reports}
    if len(times) > 1:
        said = "；".join(f"{book} {period}截至{day}" for (period, _, day), book in times.items())
        raise RequestError("XP987", said=said)
    period, _, as_of = next(iter(times))
    return period, as_of


# Which measures


def _all_measures(reports: Sequence[Report]) -> tuple[Sought, ...]:
    """Every measure that can be added up, by name, in the order of the policies.

    Nobody asked that all policies have it: where one has not, the sheet says so and that is all.
    """
    names = dict.fromkeys(own.name for report in reports for own in report.measures if own.how)
    return tuple(
        Sought(name, without=tuple({one.policy for one in reports if one.own(name) is None}))
        for name in names
    )


def _own_name(sought: Sought, report: Report) -> str:
    """What the book's policy calls the measure; "" where it has none by the roll-up policy."""
    if report.policy in sought.without:
        return ""
    return sought.sources.get(report.policy, sought.name)


def _added(sought: Sought, reports: Sequence[Report]) -> Added | None:
    """The measure as it is rolled up: how and in which unit, where it is not said, as first found.

    None where no policy has it.
    """
    owns = filter(None, (report.own(_own_name(sought, report)) for report in reports))
    first = next((own for own in owns if own.how), None)
    how = sought.how or (first.how if first else "")
    unit = sought.unit or (first.unit if first else "")
    part_unit = first.part_unit if first else ""
    return Added(sought.name, how, unit, part_unit, sought.target) if how else None


def _tell_left_out(sought: Sequence[Sought], reports: Sequence[Report], found: Diagnostics) -> None:
    """The measures of each policy that nothing is made of (XP986)."""
    policies = {report.policy: report for report in reports}
    for policy, report in policies.items():
        used = {_own_name(one, report) for one in sought}
        left = [own.name for own in report.measures if own.name not in used]
        if left:
            found.add("XP986", File(report.label), policy=policy, measures="、".join(left))


def _tell_books(reports: Iterable[Report], found: Diagnostics) -> None:
    """What was set aside in each book, and whose result sheets are of another day."""
    for report in reports:
        found.extend(report.found)
        if not report.is_shown:
            found.add("XP989", File(report.label))


# Lines


def _lines(
    sought: Sought,
    measure: Added,
    counties: Sequence[str],
    of: Mapping[str, Report],
    found: Diagnostics,
) -> Iterator[Line]:
    """What each county says of a measure: its units, its groups, and as a whole."""
    policies_told: set[str] = set()
    for county in counties:
        report = of.get(county)
        if report is None:
            yield Line(county, measure, "area", state="missing")
            continue
        name = _own_name(sought, report)
        own = report.own(name) if name else None
        if own is None or not _fitting(measure, own):
            if name and report.policy not in policies_told:
                _tell_unfit(measure, own, report, found)
            policies_told.add(report.policy)
            yield Line(county, measure, "area", report, state="unit" if own else "none")
            continue
        yield from _of_county(county, measure, report, own)


def _fitting(measure: Added, own: Own) -> bool:
    """Whether the amounts of a measure can be added to those of the area's."""
    sums = ("once", "sum")
    alike = own.how in sums if measure.how in sums else own.how == measure.how
    alike = alike and (own.unit, own.part_unit) == (measure.unit, measure.part_unit)
    return alike and not (measure.how == "once" and own.how == "sum")


def _tell_unfit(measure: Added, own: Own | None, report: Report, found: Diagnostics) -> None:
    if own is None:
        found.add("XP983", File(report.label), policy=report.policy, measure=measure.name)
        return
    why = "计量单位不同" if own.unit != measure.unit else "汇总方式不同"
    found.add(
        "XP984",
        File(report.label),
        own=own.name,
        measure=measure.name,
        theirs=f"{own.unit}、{HOW_NAMES[own.how]}",
        ours=f"{measure.unit}、{HOW_NAMES[measure.how]}",
        why=why,
    )


HOW_NAMES: Mapping[str, str] = {
    "once": "同一项目只计一次",
    "sum": "相加",
    "rate": "分子、分母相加",
    "growth": "本期、上年同期相加",
    "": "不能相加",
}


def _of_county(county: str, measure: Added, report: Report, own: Own) -> Iterator[Line]:
    """A county's lines of a measure, the whole of it last."""
    stated = [line for line in report.lines if line.measure == own.name]
    whole = False
    for one in sorted(stated, key=lambda line: line.kind == "area"):
        whole = whole or one.kind == "area"
        yield _line(county, measure, report, one, stated)
    if not whole:  # of what is counted in the ledger there is nothing; else nobody knows
        if own.how == "once":
            yield Line(county, measure, "area", report, own.name, done=Fraction(0))
        else:
            yield Line(county, measure, "area", report, own.name, state="unknown")


def _line(
    county: str, measure: Added, report: Report, one: Stated, stated: Sequence[Stated]
) -> Line:
    """A line as it stands in the book; the county's target is that of the whole, else of groups."""
    target = one.target
    if one.kind == "area" and target is None and measure.is_sum:
        target = _sum_of_groups(stated)
    return Line(
        county,
        measure,
        one.kind,
        report,
        one.measure,
        "" if one.kind == "area" else one.group,
        one.unit,
        target,
        one.done,
        one.pending,
        one.numerator,
        one.denominator,
        one.cell,
        "" if is_known(measure, one) else "unknown",
    )


def is_known(measure: Added, one: Stated) -> bool:
    """Whether there is what the area's figure is made from."""
    if measure.is_sum:
        return one.done is not None
    return one.numerator is not None and one.denominator is not None


def _sum_of_groups(stated: Sequence[Stated]) -> Fraction | None:
    """What the targets of groups add up to; of a group without one, those of its units."""
    added: list[Fraction | None] = []
    for group in dict.fromkeys(one.group for one in stated if one.kind == "total"):
        own = [one.target for one in stated if (one.kind, one.group) == ("total", group)]
        units = [one.target for one in stated if (one.kind, one.group) == ("unit", group)]
        added += [own[0]] if own[0] is not None else units
    known = [target for target in added if target is not None]
    return sum(known, Fraction(0)) if known else None


# Totals


def _shared(scope: Scope, measure: Added, own: Sequence[Line], found: Diagnostics) -> list[Shared]:
    """The projects that are in several counties, where that matters."""
    if measure.how not in ("once", "rate"):
        return []
    having = [
        Having(line.county, line.report, line.own) for line in own if line.report and line.own
    ]
    return shared_projects(scope, measure, having, found)


def _total(
    measure: Added, own: Sequence[Line], shared: Sequence[Shared], found: Diagnostics
) -> Total:
    """A measure of the area; what is not known of a county is lacking, not nothing."""
    lacking = tuple(line.county for line in own if line.state in ("missing", "unknown"))
    unknown = [line.county for line in own if line.state == "unknown"]
    if unknown:
        what = "数" if measure.is_sum else "分子、分母"
        _tell_lacking(measure, what, unknown, "其余区县相加", found)
    pending = sum((line.pending for line in own), Fraction(0))
    if not measure.is_sum:
        return _rate_total(measure, own, shared, lacking)
    taken_off = sum((one.taken_off for one in shared), Fraction(0))
    still_open = sum((one.pending for one in shared), Fraction(0))
    pending += still_open
    known = [line.done for line in own if line.done is not None]
    added = sum(known, Fraction(0)) if known else None
    done = None if added is None else added - taken_off
    target = _target(measure, own, found)
    return Total(measure, target, added, taken_off, done, pending, None, None, lacking, still_open)


def _target(measure: Added, own: Sequence[Line], found: Diagnostics) -> Fraction | None:
    """The area's own target, else the sum of its counties', where each that reports has one."""
    if measure.target is not None:
        return measure.target
    reporting = [line for line in own if line.done is not None]
    without = [line.county for line in reporting if line.target is None]
    targets = [line.target for line in reporting if line.target is not None]
    if without and targets:
        _tell_lacking(measure, "目标", without, "完成率不计算", found)
    return sum(targets, Fraction(0)) if targets and not without else None


def _rate_total(
    measure: Added, own: Sequence[Line], shared: Sequence[Shared], lacking: tuple[str, ...]
) -> Total:
    """A rate of the area from the sums of its parts; open where a shared project is."""
    off = {
        part: sum((one.taken_off for one in shared if one.part == part), Fraction(0))
        for part in ("numerator", "denominator")
    }
    sums = {
        part: [value for line in own if (value := getattr(line, part)) is not None] for part in off
    }
    parts = {
        part: sum(values, Fraction(0)) - off[part] if values else None
        for part, values in sums.items()
    }
    value = quotient(parts["numerator"], parts["denominator"])
    if value is not None and measure.how == "growth":
        value -= 1
    if any(one.pending for one in shared):
        value = None
    return Total(
        measure,
        measure.target,
        None,
        Fraction(0),
        value,
        Fraction(0),
        parts["numerator"],
        parts["denominator"],
        lacking,
        numerator_off=off["numerator"],
        denominator_off=off["denominator"],
    )


def _tell_lacking(
    measure: Added, what: str, counties: Sequence[str], effect: str, found: Diagnostics
) -> None:
    found.add(
        "XP988",
        Cell(ROLLUP_SHEET),
        measure=measure.name,
        what=what,
        counties="、".join(counties),
        effect=effect,
    )
