"""Printing for 对比: what differs by unit and by project, or what each ruling would change."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from xlplan.app.rows import Row, rows_of
from xlplan.cli.door import Door
from xlplan.cli.terminal import table
from xlplan.quantity import exact_decimal, format_decimal
from xlplan.sheets.boards import STATE_NAMES
from xlplan.sheets.comparison import Comparison
from xlplan.sheets.differences import CAUSE_WORDS, moves, said_cause, said_option
from xlplan.sheets.scores import places_said, spread

SHOWN = 30
"""Rows of projects that are listed; the rest is counted."""


def comparison_lines(door: Door, book: Path, comparison: Comparison) -> Iterator[str]:
    """Lines that say what is compared, then the tables."""
    before, after = comparison.before, comparison.after
    yield door.text(
        "of_rulings" if comparison.is_of_rulings else "compared",
        book=book,
        before=before.policy.id,
        after=comparison.against or after.policy.id,
        period=before.period,
        as_of=before.as_of,
    )
    yield from _rulings(door, comparison) if comparison.is_of_rulings else _sides(door, comparison)


def _sides(door: Door, comparison: Comparison) -> Iterator[str]:
    """The rulings flipped, the units, the projects, and what the changes add up to."""
    for flip in comparison.flips:
        before, after = (
            _option(door, comparison, flip.ruling, option) for option in (flip.before, flip.after)
        )
        yield door.text("flip", ruling=flip.ruling, before=before, after=after)
    if comparison.is_empty:
        yield door.text("same")
        return
    yield from _figures(door, comparison)
    yield from _lists(door, comparison)
    yield from _scores(door, comparison)
    if len(comparison.units) or len(comparison.projects):
        sums = "，".join(
            f"{name} {_signed(comparison, name, grains)}{comparison.measure(name).unit}"
            for name, grains in comparison.sums(comparison.units)
        )
        yield ""
        yield door.text("added_up" if comparison.adds_up else "not_added_up", sums=sums)


def _figures(door: Door, comparison: Comparison) -> Iterator[str]:
    """The units and the projects that differ."""
    units, projects = list(rows_of(comparison.units)), list(rows_of(comparison.projects))
    if units:
        named = ("unit", "measure", "done", "change", "pending", "target", "rate", "rank")
        yield ""
        yield from table(_heads(door, *named), [_unit(comparison, row) for row in units])
    if projects:
        heads = _heads(door, "project", "unit", "measure", "credit", "change", "pending", "cause")
        yield ""
        yield from table(heads, [_project(door, comparison, row) for row in projects[:SHOWN]])
    if len(projects) > SHOWN:
        yield door.text("more_rows", count=len(projects) - SHOWN)


def _scores(door: Door, comparison: Comparison) -> Iterator[str]:
    """Whose total score differs, its place and its grade, and which scores make it."""
    if comparison.scores.empty:
        return
    rows = [
        [
            str(row["unit"]),
            _pair(*(spread(row[f"least_{when}"], row[f"most_{when}"]) for when in WHEN)),
            _pair(*(_places(row, when) for when in WHEN)),
            _pair(*(str(row[f"grade_{when}"]) or "—" for when in WHEN)),
            str(row["items"]) or "—",
        ]
        for row in rows_of(comparison.scores)
    ]
    yield ""
    yield from table(_heads(door, "unit", "total", "rank", "grade", "items"), rows)


def _places(row: Row, when: str) -> str:
    return places_said(row[f"best_rank_{when}"], row[f"worst_rank_{when}"])


def _lists(door: Door, comparison: Comparison) -> Iterator[str]:
    """Who comes onto a red or black list, or off one."""
    if comparison.boards.empty:
        return
    states = {"": "—"} | {name: door.text(f"state.{name}") for name in STATE_NAMES}
    rows = [
        [
            *(str(row[name]) or "—" for name in ("name", "unit", "measure")),
            _pair(*(states[str(row[f"state_{when}"])] for when in WHEN)),
            str(row["because_after"] or row["because_before"]),
        ]
        for row in rows_of(comparison.boards)
    ]
    yield ""
    yield from table(_heads(door, "board", "unit", "measure", "verdict", "cause"), rows)


def _heads(door: Door, *names: str) -> list[str]:
    return [door.text(f"head.{name}") for name in names]


def _option(door: Door, comparison: Comparison, ruling: str, option: object) -> str:
    return said_option(comparison, ruling, str(option)) if option else door.text("open")


def _unit(comparison: Comparison, row: Row) -> list[str]:
    """One unit and measure: what is the same on both sides is said once."""
    measure = str(row["measure"])
    return [
        str(row["unit"]),
        measure,
        _pair(*(_amount(comparison, measure, row[f"done_{when}"]) for when in WHEN)),
        _signed(comparison, measure, row["change"]),
        _pair(*(_amount(comparison, measure, row[f"pending_{when}"]) for when in WHEN)),
        _pair(*(_amount(comparison, measure, row[f"target_{when}"]) for when in WHEN)),
        _pair(*(_rate(row[f"rate_{when}"]) for when in WHEN)),
        _pair(*(_place(row[f"rank_{when}"]) for when in WHEN)),
    ]


WHEN = ("before", "after")


def _project(door: Door, comparison: Comparison, row: Row) -> list[str]:
    measure = str(row["measure"])
    words = {key: door.text(f"cause.{key}") for key in CAUSE_WORDS}
    return [
        f"{row['project']} {row['name']}",
        str(row["unit"]),
        measure,
        _pair(*(_amount(comparison, measure, row[f"credit_{when}"]) for when in WHEN)),
        _signed(comparison, measure, row["change"]),
        _pair(*(_amount(comparison, measure, row[f"pending_{when}"]) for when in WHEN)),
        "；".join([*said_cause(row, words).splitlines(), str(row["clause"] or "—")]),
    ]


def _rulings(door: Door, comparison: Comparison) -> Iterator[str]:
    """One row an option; below it every rank that each would move."""
    policy = comparison.before.policy
    asked = {"listed": bool(policy.boards), "scored": policy.scoring.is_declared}
    counts = ("units", "ranked", *(name for name, wanted in asked.items() if wanted))
    heads = _heads(door, "ruling", "state", "now", "option", *counts)
    rows = [
        [
            str(row["ruling"]),
            door.text("decided" if row["now"] else "open"),
            _option(door, comparison, str(row["ruling"]), row["now"]),
            _option(door, comparison, str(row["ruling"]), row["option"]),
            *(str(row[name]) for name in counts),
        ]
        for row in rows_of(comparison.options)
    ]
    yield ""
    yield from table(heads, rows)
    for (ruling, option), moved in moves(comparison).items():
        yield ""
        yield door.text("moved", ruling=ruling, option=option)
        yield f"  {'；'.join(moved)}"


def _pair(before: str, after: str) -> str:
    """Both values, or the one that both are.

    >>> _pair("3", "2"), _pair("—", "—")
    ('3→2', '—')
    """
    return before if before == after else f"{before}→{after}"


def _amount(comparison: Comparison, measure: str, grains: object) -> str:
    """An exact amount in 亿元 or 个; a dash for none."""
    if grains is None:
        return "—"
    return exact_decimal(Fraction(int(str(grains)), comparison.measure(measure).grains))


def _signed(comparison: Comparison, measure: str, grains: object) -> str:
    said = _amount(comparison, measure, grains)
    return said if said.startswith("-") or said == "0" else f"+{said}"


def _rate(rate: object) -> str:
    return f"{format_decimal(rate * 100, 1)}%" if isinstance(rate, Fraction) else "—"


def _place(rank: object) -> str:
    return "—" if rank is None else str(rank)
