"""The scoreboard: done against target of every unit, one table a group."""

from collections.abc import Iterator
from fractions import Fraction

from xlplan.app.recalculation import Result
from xlplan.app.rows import Row, rows_of
from xlplan.cli.door import Door
from xlplan.cli.terminal import table
from xlplan.policy.schema import Measure
from xlplan.quantity import format_decimal


def scoreboard(door: Door, result: Result) -> Iterator[str]:
    """Lines of one table a group: done/target, then rate and rank in brackets for money."""
    figures = result.figures
    pace = "—" if figures.pace is None else format_decimal(figures.pace * 100, 1) + "%"
    for group in dict.fromkeys(figures.standings["group"]):
        yield ""
        yield door.text("scoreboard", group=group, as_of=figures.as_of, pace=pace)
        yield from _group(door, result, group)
    yield ""
    if (figures.standings["pending"] != 0).any():
        yield door.text("pending_note")


def _group(door: Door, result: Result, group: str) -> list[str]:
    """The table of one group, its 合计 last."""
    figures, total = result.figures, door.text("total")
    standings = figures.standings[figures.standings["group"] == group]
    totals = figures.totals[figures.totals["group"] == group].assign(unit=total)
    cells = {
        (str(row["unit"]), str(row["measure"])): row
        for row in (*rows_of(standings), *rows_of(totals))
    }
    present = {measure for _, measure in cells}
    measures = [measure for measure in figures.policy.measures if measure.name in present]
    return table(
        [door.text("unit"), *(measure.name for measure in measures)],
        [
            [
                unit,
                *(_score(cells.get((unit, measure.name)), measure) for measure in measures),
            ]
            for unit in dict.fromkeys(unit for unit, _ in cells)
        ],
    )


def _score(row: Row | None, measure: Measure) -> str:
    """One figure, such as `62.4/150 41.6%(3)` or `2/4(3)`.

    A dash stands for no target, * marks pending amounts, the rank stands in brackets.

    >>> money = Measure("agreement", "协议资金", "agreement")
    >>> row = {"done": 624 * 10**8, "pending": 0, "target": 15 * 10**10, "rank": 3}
    >>> _score(row | {"rate": Fraction(52, 125)}, money)
    '6.24/15 41.6%(3)'
    """
    if row is None or (row["target"] is None and row["done"] is None):
        return "—"
    done = _amount(row["done"], measure) + ("*" if row["pending"] else "")
    rate, rank = row["rate"], row.get("rank")
    if row["target"] is None:
        return f"{done}/—"
    if not isinstance(rate, Fraction):
        sign = "≤" if row.get("bound") == "ceiling" else ""
        return f"{done}/{sign}{_amount(row['target'], measure)}"
    percent = f" {format_decimal(rate * 100, 1)}%" if measure.is_money else ""
    place = f"({rank})" if isinstance(rank, int) else ""
    return f"{done}/{_amount(row['target'], measure)}{percent}{place}"


def _amount(grains: object, measure: Measure) -> str:
    """In the measure's unit; 未报 when it is not known."""
    if grains is None:
        return "未报"
    value = Fraction(int(str(grains)), measure.grains)
    said = format_decimal(value * 100 if measure.is_share else value, 2)
    return said.rstrip("0").rstrip(".") + ("%" if measure.is_share else "")
