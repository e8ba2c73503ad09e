"""Whose total score differs between two computations of one book, its place and its grade."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from xlplan.app.rows import Row, rows_of
from xlplan.model import SCORE_CHANGES, SCORE_EFFECTS
from xlplan.sheets.scores import DECIDED, KINDS, PENDING, points_said, spread

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.sheets.figures import Figures

Who = tuple[str, str]
"""Group and unit."""

NOT_SCORED: Row = {
    **dict.fromkeys(("total", "least", "most", "best_rank", "worst_rank")),
    "grade": "",
    "graded": True,
}
"""The total of a unit that one side does not score."""

NUMBERS = ("total", "least", "most", "best_rank", "worst_rank")


def score_changes(before: "Figures", after: "Figures") -> "pd.DataFrame":
    """The units whose total, place, grade or single scores differ (`model.SCORE_CHANGES`)."""
    ours, theirs = _totals(before), _totals(after)
    items = [_items(side) for side in (before, after)]
    rows = []
    for who in dict.fromkeys((*ours, *theirs)):
        sides = ours.get(who, NOT_SCORED), theirs.get(who, NOT_SCORED)
        differing = [
            *_differing(*(side.get(who, {}) for side in items)),
            *_decided(*sides, (before, after)),
        ]
        row = _change(who, *sides, differing or list(_summed(*sides)))
        if differing or _differs(row):
            rows.append(row)
    return SCORE_CHANGES.of({name: [row[name] for row in rows] for name in SCORE_CHANGES.names})


def score_effects(changes: "Mapping[Who, pd.DataFrame]") -> "pd.DataFrame":
    """The changes under each option of each ruling, one below the other (`model.SCORE_EFFECTS`)."""
    rows = [
        {"ruling": ruling, "option": option, **row}
        for (ruling, option), found in changes.items()
        for row in rows_of(found)
    ]
    return SCORE_EFFECTS.of({name: [row[name] for row in rows] for name in SCORE_EFFECTS.names})


def _totals(figures: "Figures") -> dict[Who, Row]:
    return {(str(row["group"]), str(row["unit"])): row for row in rows_of(figures.score_totals)}


def _items(figures: "Figures") -> dict[Who, dict[str, Row]]:
    """What each unit is scored by, by the rule's id."""
    found: dict[Who, dict[str, Row]] = {}
    for row in rows_of(figures.scores):
        who = str(row["group"]), str(row["unit"])
        found.setdefault(who, {})[str(row["score"])] = row
    return found


def _change(who: Who, before: Row, after: Row, differing: Sequence[tuple[str, str]]) -> Row:
    """One row of `model.SCORE_CHANGES`."""
    sides = (("before", before), ("after", after))
    totals = [side["total"] for _, side in sides]
    now, then = (one if isinstance(one, Fraction) else None for one in totals)
    return {
        "group": who[0],
        "unit": who[1],
        **{f"{name}_{when}": side[name] for name in NUMBERS for when, side in sides},
        **{f"grade_{when}": _grade(side) for when, side in sides},
        "change": None if now is None or then is None else then - now,
        "items": "；".join(said for said, _ in differing),
        "clause": "、".join(dict.fromkeys(clause for _, clause in differing if clause)),
    }


def _differs(row: Row) -> bool:
    return any(row[f"{name}_before"] != row[f"{name}_after"] for name in (*NUMBERS, "grade"))


def _grade(total: Row) -> str:
    return str(total["grade"]) if total["graded"] else PENDING


def _differing(before: Mapping[str, Row], after: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """The scores that are not the same, each said with both sides, and its clause."""
    for rule in dict.fromkeys((*before, *after)):
        sides = before.get(rule), after.get(rule)
        if _earned(sides[0]) != _earned(sides[1]):
            row = sides[1] or sides[0] or {}
            name = f"{KINDS[str(row['kind'])]} {row['measure']}".strip()
            said = "→".join(points_said(side) for side in sides)
            yield f"{name}（{rule}）{said}", str(row["clause"])


def _decided(
    before: Row, after: Row, figures: "tuple[Figures, Figures]"
) -> Iterator[tuple[str, str]]:
    """加减分 that one side counts otherwise, with the clauses of both."""
    points = [side.get("adjustment") for side in (before, after)]
    known = [point if isinstance(point, Fraction) else Fraction(0) for point in points]
    if known[0] != known[1]:
        clauses = (side.policy.scoring.adjustments.clause for side in figures)
        said = "→".join(spread(point, point) for point in known)
        yield f"{DECIDED} {said}", "、".join(dict.fromkeys(filter(None, clauses)))


def _summed(before: Row, after: Row) -> Iterator[tuple[str, str]]:
    """The sums themselves, where the same scores add up otherwise: rescaled, capped, bounded."""
    if any(before[name] != after[name] for name in ("least", "most")):
        said = (str(side.get("because", "—")) for side in (before, after))
        yield " → ".join(said), ""


def _earned(item: Row | None) -> tuple[object, ...] | None:
    """All of a score that counts, exactly."""
    if item is None:
        return None
    return tuple(item[name] for name in ("state", "least", "most", "strikes"))
