"""Why a value that is no sum is what it is: its parts, its projects or reports, as sentences."""

from collections.abc import Iterator
from fractions import Fraction

from xlplan.app.rows import Row, rows_of
from xlplan.app.sentences import Sentence, Speaker
from xlplan.diagnostics import Cell
from xlplan.model import ONE, YI
from xlplan.policy import TOTAL, Policy
from xlplan.policy.describe import statistic_said
from xlplan.policy.schema import Measure
from xlplan.progress.sums import sum_credits
from xlplan.quantity import exact_decimal, format_decimal
from xlplan.sheets.figures import Figures
from xlplan.statistics.desk import Desk
from xlplan.statistics.reports import Owner, reports_of
from xlplan.statistics.reports import Row as Report

_PLACES = 4
_MENTIONED = 200
"""So many projects of a rate are told one by one."""


def fed_by(policy: Policy, name: str) -> list[str]:
    """The measures that a reported figure tells: itself, or those that are computed from it."""
    fed = [known.name for known in policy.measures if name in known.statistic.sources]
    return [*([] if policy.measure(name).statistic.feeds_only else [name]), *fed]


def readings_said(speaker: Speaker, unit: str, measure: str, group: str = "") -> Iterator[Sentence]:
    """The value of a unit, or of a group's total; then what it was computed from."""
    figures = speaker.figures
    known = {one.name: one for one in figures.policy.statistics}
    if measure not in known:
        return
    official = speaker.official(unit)
    frame = figures.readings
    mine = frame[frame["measure"] == measure]
    found = mine[mine["unit"] == official]
    if official == TOTAL or found.empty:
        whose = group or speaker.group_of_total(unit)
        found = mine[(mine["unit"] == TOTAL) & (mine["group"] == whose)]
    for row in rows_of(found.head(1)):
        yield _value(row, known[measure])
        yield _rule(speaker, row, known[measure])
        yield from _sources(speaker, row, known[measure])
        yield from _projects(speaker, row, known[measure])


def _value(row: Row, measure: Measure) -> Sentence:
    """The value itself and the arithmetic behind it."""
    who = f"{row['group']}{TOTAL}" if row["unit"] == TOTAL else str(row["unit"])
    value, because = row["value"], row["because"]
    if not isinstance(value, Fraction):
        return Sentence(
            f"{who} {measure.name}：不知道（{because}），不按零算。",
            f"{who} {measure.name}: not known ({because}), and not taken for zero.",
        )
    said, parts = _shown(value, measure), _parts(row, measure)
    return Sentence(
        f"{who} {measure.name}＝{parts}{said}（{because}）。",
        f"{who} {measure.name} = {parts}{said} ({because}).",
    )


def _parts(row: Row, measure: Measure) -> str:
    """The division that gives a value; "" for what is reported outright, or tells it itself."""
    over, under = row["numerator"], row["denominator"]
    is_told = measure.kind == "growth"
    if is_told or not (isinstance(over, Fraction) and isinstance(under, Fraction)):
        return ""
    unit = str(row["part_unit"])
    return f"{exact_decimal(over)}{unit} ÷ {exact_decimal(under)}{unit} ＝ "


def _shown(value: Fraction, measure: Measure) -> str:
    if measure.is_share:
        return f"{format_decimal(value * 100, 2)}%"
    return f"{format_decimal(value, _PLACES).rstrip('0').rstrip('.')}{measure.unit}"


def _rule(speaker: Speaker, row: Row, measure: Measure) -> Sentence:
    """The rule that says what it is, and its clause."""
    clause = str(row["clause"])
    return Sentence(
        f"规则 {row['rule']}：{statistic_said(measure)}（{speaker.gist(clause)}）。",
        f"rule {row['rule']}: {measure.kind} ({clause}).",
        detail=True,
    )


def _sources(speaker: Speaker, row: Row, measure: Measure) -> Iterator[Sentence]:
    """Every report that a value comes from, each at its cell; of sums every credit."""
    policy, desk = speaker.figures.policy, _desk(speaker.figures)
    owner = Owner(str(row["group"]), str(row["unit"]))
    is_direct = bool(desk.direct(measure, owner).rows) or not measure.statistic.sources
    for name in [measure.name] if is_direct else measure.statistic.sources:
        source = policy.measure(name)
        if source.is_sum:
            yield from speaker.standing(owner.unit, name, owner.group)
        for report in desk.figure(source, owner).rows:
            yield _report(report, source)


def _desk(figures: Figures) -> Desk:
    """The desk that the values were made at."""
    ledger, policy = figures.ledger, figures.policy
    reports, sums = reports_of(ledger, policy), sum_credits(figures.credits, ledger)
    return Desk(ledger, policy, figures.period, figures.as_of, reports, sums)


def _report(report: Report, measure: Measure) -> Sentence:
    """One reported figure, and what stands beside it as its base."""
    said = "看不懂" if report.value is None else _shown(report.value, measure)
    zh = f"读自 {report.cell}：{measure.name} {report.period.text} {said}"
    en = f"read at {report.cell}: {measure.name} {report.period.text} {said}"
    if report.base is not None:
        base = _shown(report.base, measure)
        zh += f"，上年同期 {base}（{report.base_cell}）"
        en += f", a year before {base} ({report.base_cell})"
    return Sentence(f"{zh}。", f"{en}.", detail=True)


def _projects(speaker: Speaker, row: Row, measure: Measure) -> Iterator[Sentence]:
    """Every project of a rate: what it adds to denominator and numerator, and why."""
    figures = speaker.figures
    mine = figures.cohorts[figures.cohorts["measure"] == measure.name]
    if row["unit"] != TOTAL:
        mine = mine[mine["unit"] == row["unit"]]
    elif row["group"] != figures.policy.area:
        mine = mine[mine["group"] == row["group"]]
    mine = mine.drop_duplicates("project")
    per, unit = (ONE, "个") if measure.statistic.counts_projects else (YI, "亿元")
    for one in rows_of(mine.head(_MENTIONED)):
        cell = Cell(str(one["sheet"]), int(str(one["row"])), int(str(one["column"])))
        under, over = (exact_decimal(Fraction(int(str(one[name])), per)) for name in _BOTH)
        zh = f"{one['project']} {one['name']}（{cell}）：分母 {under}{unit}，分子 {over}{unit}"
        en = f"{one['project']} {one['name']} ({cell}): {over} of {under}"
        yield Sentence(f"{zh}；{one['because']}。", f"{en}; {one['because']}.", detail=True)
    if len(mine) > _MENTIONED:
        more = len(mine) - _MENTIONED
        zh = f"另有 {more} 个项目，见“指标明细”。"
        yield Sentence(zh, f"and {more} more projects, see 指标明细.", detail=True)


_BOTH = ("amount", "counted")
