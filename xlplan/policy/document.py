"""Reads the rest of a policy file: the document itself, measures, tiers, units, tables, teams."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from xlplan.policy.amounts import (
    Grain,
    bound,
    currency_of,
    day_bound,
    day_text,
    period,
    rate,
    share,
)
from xlplan.policy.reading import Table
from xlplan.policy.schema import (
    COUNTED,
    WORDED,
    Amount,
    Basis,
    Bounded,
    Case,
    Conversion,
    Currency,
    Dated,
    DayBound,
    Goal,
    Measure,
    Pace,
    PaceKind,
    RankedBy,
    Ranking,
    TargetRow,
    TargetTable,
    Team,
    Threshold,
    Tier,
    UnitEntry,
    Where,
)
from xlplan.quantity import Year

_BULLETINS: tuple[Literal["month", "quarter"], ...] = ("month", "quarter")
_ASSESSMENTS: tuple[Literal["quarter", "year"], ...] = ("quarter", "year")
_AMOUNTS: tuple[Amount, ...] = get_args(Amount)
_DATES: tuple[Dated, ...] = get_args(Dated)
_DISTINCT: tuple[Literal["", "investor"], ...] = ("", "investor")
_PACES: tuple[PaceKind, ...] = get_args(PaceKind)
_RANKED_BY: tuple[RankedBy, ...] = get_args(RankedBy)
_TIES: tuple[Literal["skip", "dense"], ...] = ("skip", "dense")
_FIELDS: tuple[Bounded, ...] = get_args(Bounded)
_EACH: tuple[Literal["", "year"], ...] = ("", "year")
_BASES: tuple[Basis, ...] = get_args(Basis)
_CONVERSIONS: tuple[Conversion, ...] = get_args(Conversion)
_NAMED_BY: tuple[Literal["start", "end"], ...] = ("start", "end")
_YEAR_STARTS = re.compile(r"(0[1-9]|1[0-2])-01")
_RATE_ROW = ("日期", "汇率")
_QUARTERS = 4
_HEAD_ROWS = 2


@dataclass(frozen=True, slots=True)
class Head:
    """What [policy] says: the document itself and its closed lists."""

    id: str
    title: str
    issued: date
    area: str
    period: str
    bulletin: Literal["month", "quarter"]
    assessment: Literal["quarter", "year"]
    calendar_clause: str
    origins: tuple[str, ...]
    sectors: tuple[str, ...]
    groups: tuple[str, ...]
    industries: tuple[str, ...]
    statuses: tuple[str, ...]
    levels: tuple[str, ...]
    lists: tuple[str, ...]
    year: Year
    not_counted: tuple[str, ...]
    not_counted_clause: str


def head(table: Table) -> Head:
    """The document, its calendar, and the lists of origins, sectors and groups."""
    return Head(
        id=table.text("id"),
        title=table.text("title"),
        issued=table.required_day("issued"),
        area=table.text("area"),
        period=period(table.reading, table.at("period"), table.text("period")),
        bulletin=table.choice("bulletin", _BULLETINS),
        assessment=table.choice("assessment", _ASSESSMENTS),
        calendar_clause=table.text("calendar_clause", ""),
        origins=table.texts("origins", ()),
        sectors=table.texts("sectors", ()),
        groups=table.texts("groups"),
        industries=table.texts("industries", ()),
        statuses=table.texts("statuses", ()),
        levels=table.texts("levels", ()),
        lists=table.texts("lists", ()),
        year=_year(table),
        not_counted=table.texts("not_counted", ()),
        not_counted_clause=table.text("not_counted_clause", ""),
    )


def _year(table: Table) -> Year:
    """The assessment year; one that does not start in January says which year names it."""
    text = table.text("year_starts", "")
    found = _YEAR_STARTS.fullmatch(text or "01-01")
    if found is None:
        table.fault("XP610", "year_starts", what="考核年度的起始日", text=text, example="12-01")
    elif (found[1] != "01") and not table.has("year_named_by"):
        table.fault("XP604", "year_named_by", key="year_named_by")
    elif found[1] == "01" and table.has("year_named_by"):
        table.fault("XP627", "year_named_by", key="year_named_by", reason="考核年度就是自然年")
    named = table.choice("year_named_by", _NAMED_BY, "start")
    return Year(int(found[1]), named) if found else Year()


def measure(table: Table) -> Measure:
    """What is counted, of what, dated by what, and of which projects."""
    found = Measure(
        table.text("id"),
        table.text("name"),
        table.choice("amount", _AMOUNTS),
        table.text("tier", ""),
        table.text("part_of", ""),
        table.texts("except_sectors", ()),
        dated_by=table.choice("dated_by", _DATES, "signed"),
        where=table.one("where", where),
        distinct_by=table.choice("distinct_by", _DISTINCT, ""),
        counted_in=table.choice("unit", COUNTED, "个"),
        currency=currency_of(table.reading, table.at("currency"), table.text("currency", "")),
        lag=table.number("lag", 0),
        basis=table.choice("basis", _BASES, "flow"),
    )
    _refuse_idle(table, found)
    return found


def _refuse_idle(table: Table, measure: Measure) -> None:
    """Keys that mean nothing beside the measure's amount, as far as that can be read."""
    if table.reading.faulty(table.at("amount")):
        return
    idle = {
        "dated_by": (measure.amount == "receipts", "到位资金按每笔的到位日期"),
        "unit": (measure.is_money, "金额一律按亿元"),
        "distinct_by": (measure.amount != "project", 'amount 不是 "project"'),
        "currency": (not measure.is_money, "只有金额才有币种"),
    }
    for key, (is_idle, reason) in idle.items():
        if table.has(key) and is_idle:
            table.fault("XP627", key, key=key, reason=reason)


def where(table: Table) -> Where:
    """The words and bounds that a project must fit, all of them."""
    return Where(
        **{name: table.texts(name, ()) for name in WORDED},
        thresholds=tuple(found for name in _FIELDS for found in _thresholds(table, name)),
        excluded=tuple(
            (name, words) for name in WORDED if (words := table.texts(f"except_{name}", ()))
        ),
        days=tuple(found for name in _DATES for found in _day_bounds(table, name)),
    )


def _day_bounds(table: Table, field: Dated) -> Iterator[DayBound]:
    for text in table.one_or_more(field, ()):
        found = day_bound(table.reading, table.at(field), text)
        if found:
            yield DayBound(field, *found, text)


def tier(table: Table) -> Tier:
    """A tier and the cases of which any makes a project one of it."""
    cases = table.each("any_of", _case)
    if not cases:
        table.fault("XP604", "any_of", key="any_of")
    return Tier(table.text("id"), table.text("name"), cases, table.text("clause"))


def _case(table: Table) -> Case:
    """Bounds that must all hold, for one sector, several, or any, and while they hold."""
    thresholds = tuple(found for field in _FIELDS for found in _thresholds(table, field))
    sectors = table.one_or_more("sector", ())
    if not any(map(table.has, (*_FIELDS, "sector"))):
        table.fault("XP604", "investment", key="investment")
    return Case(thresholds, sectors, **validity(table))


def validity(table: Table) -> dict[Literal["valid_from", "valid_to"], date | None]:
    """From which day on, and up to before which, something is valid."""
    start, end = table.day("valid_from"), table.day("valid_to")
    if start and end and start >= end:
        table.fault("XP625", "valid_from", start=start, end=end)
    return {"valid_from": start, "valid_to": end}


def _thresholds(table: Table, field: Bounded) -> Iterator[Threshold]:
    for text in table.one_or_more(field, ()):
        found = bound(table.reading, table.at(field), text, "亿元")
        if found:
            yield Threshold(field, *found, text)


def unit(table: Table) -> UnitEntry:
    """A unit with its other names, its dates of validity, and the unit that succeeds it."""
    valid = validity(table)
    successor = table.text("successor", "")
    if successor and not table.has("valid_to"):
        table.fault("XP604", "valid_to", key="valid_to")
    return UnitEntry(
        table.text("name"),
        table.text("group"),
        table.texts("aliases", ()),
        **valid,
        successor=successor,
        includes_predecessor=table.flag("includes_predecessor", default=False) is True,
    )


def currency(table: Table) -> Currency:
    """A foreign currency: its own, at one rate, or at the rate of the day."""
    name = currency_of(table.reading, table.at("name"), table.text("name"))
    convert = table.choice("convert", _CONVERSIONS)
    rates = _rates(table, convert)
    return Currency(name, convert, rates, table.text("clause"))


def _rates(table: Table, convert: Conversion) -> tuple[tuple[date | None, Fraction], ...]:
    """The rates that the way of conversion needs; keys of another way are refused."""
    rows = table.text_rows("rates", required=False)
    text = table.text("rate", "")
    for key, needed in (("rate", convert == "fixed"), ("rates", convert == "dated")):
        if table.has(key) and not needed:
            table.fault("XP627", key, key=key, reason=f'convert 是 "{convert}"')
        elif needed and not (text if key == "rate" else rows):
            table.fault("XP604", key, key=key)
    if convert == "fixed" and text:
        found = rate(table.reading, table.at("rate"), text)
        return ((None, found),) if found else ()
    return tuple(_dated_rates(table, rows)) if convert == "dated" else ()


def _dated_rates(
    table: Table, rows: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[date | None, Fraction]]:
    """Each rate with the day from which it holds, in the order of the days (XP650)."""
    last = date.min
    for n, row in enumerate(rows, 1):
        path = f"rates[{n}]"
        if len(row) != len(_RATE_ROW):
            table.fault("XP622", path, count=len(row), expected=len(_RATE_ROW))
            continue
        day = day_text(table.reading, table.at(path), row[0])
        found = rate(table.reading, table.at(path), row[1])
        if day and found:
            if day <= last:
                table.fault("XP650", path, day=day, last=last)
            last = day
            yield day, found


def target_table(table: Table) -> TargetTable:
    """A block of the task-breakdown table, cells as written."""
    measures = table.texts("measures")
    total = table.texts("total", ())
    rows = table.text_rows("rows", required=False)
    if not rows and not total and not table.reading.faulty(table.at("rows")):
        table.fault("XP604", "rows", key="rows")
    return TargetTable(
        table.text("group"),
        table.text("title"),
        measures,
        _heads(table, len(measures)),
        tuple(_row(table, f"rows[{n}]", cells, len(measures)) for n, cells in enumerate(rows, 1)),
        _row(table, "total", total, len(measures)) if total else TargetRow("", ()),
        period(table.reading, table.at("period"), table.text("period")),
        table.text("clause"),
        table.choice("basis", _BASES) if table.has("basis") else None,
    )


def _heads(table: Table, count: int) -> tuple[tuple[str, str], ...]:
    heads = table.text_rows("heads")
    if heads and len(heads) != count:
        table.fault("XP622", "heads", count=len(heads), expected=count)
    for n, head in enumerate(heads, 1):
        if len(head) != _HEAD_ROWS:
            table.fault("XP622", f"heads[{n}]", count=len(head), expected=_HEAD_ROWS)
    return tuple((head[0], head[1]) for head in heads if len(head) == _HEAD_ROWS)


def _row(table: Table, key: str, cells: tuple[str, ...], count: int) -> TargetRow:
    """The unit's name and one cell for each measure."""
    if len(cells) != count + 1 and not table.reading.faulty(table.at(key)):
        table.fault("XP622", key, count=len(cells), expected=count + 1)
    return TargetRow(cells[0] if cells else "", cells[1:])


def pace(table: Table) -> Pace:
    """Months of twelve, days, a share for each quarter's end, the quarters' targets, or none."""
    kind, texts = table.choice("kind", _PACES, "months"), table.texts("schedule", ())
    shares = [share(table.reading, table.at("schedule"), text) for text in texts]
    schedule = tuple(known for known in shares if known is not None)
    if kind == "schedule" and len(schedule) == len(texts):
        rising = list(schedule) == sorted(schedule) and sum(schedule[-1:]) == 1
        if len(schedule) != _QUARTERS or not rising:
            table.fault("XP626", "schedule", text="、".join(texts))
    if kind != "schedule" and texts:
        table.fault("XP627", "schedule", key="schedule", reason='kind 不是 "schedule"')
    return Pace(kind, schedule, table.text("clause", ""))


def pace_of(table: Table) -> Pace:
    """The pace of some measures, which need not go with the others."""
    return replace(pace(table), measures=table.texts("measures"), clause=table.text("clause"))


def ranking(table: Table) -> Ranking:
    """By what units are ranked, the declared tie rule, and the units that are not ranked."""
    ties, reason = table.choice("ties", _TIES, "skip"), table.text("left_out_reason", "")
    if reason and not table.has("left_out"):
        table.fault("XP627", "left_out_reason", key="left_out_reason", reason="没有 left_out")
    return Ranking(
        ties,
        table.texts("left_out", ()),
        table.text("clause", ""),
        table.choice("by", _RANKED_BY, "rate"),
        reason,
    )


def ranking_of(table: Table) -> Ranking:
    """How some measures are ranked, which need not be as the others are."""
    return replace(ranking(table), measures=table.texts("measures"), clause=table.text("clause"))


def team(table: Table) -> Team:
    """Posts and landing units; the first commissioner reports."""
    return Team(
        table.text("name"),
        table.text("leader"),
        table.texts("commissioners"),
        table.texts("landing_units", ()),
        table.text("clause"),
    )


def goal(table: Table) -> Goal:
    """A goal of the whole area: a bound on an amount or count, or words such as a rank."""
    if table.has("bound") == table.has("words"):
        table.fault("XP614", first="bound", second="words")
    words, figure = table.text("words", ""), table.text("bound", "")
    unit: Grain = "个" if figure.endswith(COUNTED) else "亿元"
    found = bound(table.reading, table.at("bound"), figure, unit) if figure else None
    when = period(table.reading, table.at("period"), table.text("period"))
    comparison, value = found or (">=", None)
    read = Goal(
        table.text("name"),
        figure or words,
        when,
        table.text("clause"),
        table.text("measure", ""),
        table.choice("each", _EACH, ""),
        comparison,
        value,
    )
    for key in ("measure", "each"):
        if table.has(key) and words:
            table.fault("XP627", key, key=key, reason="words 不是数字界限")
    return read
