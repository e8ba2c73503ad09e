"""What if 假设: one book computed by its own law and by another, and each figure that differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from xlplan.app.recalculation import Basis, Request, Step, credit, quiet, read
from xlplan.app.rows import Row, rows_of
from xlplan.app.score_changes import score_changes, score_effects
from xlplan.diagnostics import RequestError
from xlplan.model import (
    BOARD_CHANGES,
    PROJECT_CHANGES,
    RULING_EFFECTS,
    RULING_OPTIONS,
    UNIT_CHANGES,
    Choice,
)
from xlplan.policy.schema import Policy, Rule, RuleSet, Ruling, Tier
from xlplan.quantity import exact_decimal
from xlplan.sheets.comparison import Comparison, options_of
from xlplan.tables.lists import option_id

if TYPE_CHECKING:
    from xlplan.app.book import Book
    from xlplan.sheets.figures import Figures

__all__ = ["Comparison", "Other", "as_json", "compare"]

STANDING_KEY = ["group", "unit", "measure"]
BOARD_KEY = ["board", "name", "group", "unit", "measure"]
CREDIT_KEY = ["project", "unit", "measure"]

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Other:
    """The other side: another policy (a shipped id or a file), rulings chosen otherwise, or both.

    `rulings` maps ids to options, each an id or a label; "" opens the ruling again.
    """

    policy: str | Path | None = None
    rulings: Mapping[str, str] = field(default_factory=dict)


def compare(book: "Book", request: Request, other: Other, step: Step = quiet) -> Comparison:
    """Compute a book as it stands and by the other side; nothing is written.

    Both sides are of one period and day, those of the book as it stands. Rulings are flipped on
    what was read once; another policy reads the book anew, since what a cell means (its origin,
    measure, unit) is the policy's to say. Without another side each ruling is flipped by itself.

    Raises:
        RequestError: as `recalculate`; XP022 or XP023 for a ruling or option that nobody knows.
    """
    basis = read(book, request, step)
    before = credit(basis, step).figures
    if other.policy is None and not other.rulings:
        return _of_rulings(basis, before)
    after = credit(_other_side(book, basis, other)).figures
    return replace(_of_sides(before, after), against=Path(other.policy or "").name)


def _other_side(book: "Book", basis: Basis, other: Other) -> Basis:
    if other.policy is not None:
        basis = read(book, Request(basis.as_of, basis.period.text, other.policy))
    return choosing(basis, other.rulings)


def _of_sides(before: "Figures", after: "Figures") -> Comparison:
    return Comparison(
        before,
        after,
        unit_changes(before, after),
        project_changes(before, after),
        RULING_OPTIONS.empty(),
        RULING_EFFECTS.empty(),
        boards=board_changes(before, after),
        scores=score_changes(before, after),
    )


def choosing(basis: Basis, rulings: Mapping[str, str]) -> Basis:
    """The same reading, with these rulings chosen otherwise.

    Raises:
        RequestError: XP022 or XP023.
    """
    chosen = {
        name: Choice(name, _known_option(basis.policy, name, text))
        for name, text in rulings.items()
    }
    ledger = basis.ledger
    return replace(basis, ledger=replace(ledger, choices={**ledger.choices, **chosen}))


def _known_option(policy: Policy, name: str, text: str) -> str:
    ruling = policy.ruling(name)
    if ruling is None:
        known = "、".join(known.id for known in policy.rulings) or "—"
        raise RequestError("XP022", ruling=name, policy=policy.id, known=known)
    option = option_id(text, ruling)
    if option and ruling.option(option) is None:
        known = "、".join(f"{known.id}（{known.label}）" for known in ruling.options)
        raise RequestError("XP023", ruling=name, text=text, known=known)
    return option


# Units


def unit_changes(before: "Figures", after: "Figures") -> pd.DataFrame:
    """The units and measures that stand otherwise on the other side (`model.UNIT_CHANGES`)."""
    ours, theirs = _aligned(
        *(
            side.standings.astype({"pending": "Int64"}).set_index(STANDING_KEY)
            for side in (before, after)
        )
    )
    sums = _are_sums(ours.index, before, after)
    columns: dict[str, pd.Series] = {}
    for name in COMPARED:
        for when, side in (("before", ours), ("after", theirs)):
            columns[f"{name}_{when}"] = _filled(name, side[name], sums)
    columns["change"] = columns["done_after"] - columns["done_before"]
    found = pd.DataFrame(columns)[_differing(columns, *COMPARED)]
    rates = {name: _fractions(found[name]) for name in ("rate_before", "rate_after")}
    return UNIT_CHANGES.of(_columns(found.reset_index()) | rates)


COMPARED = ("done", "pending", "target", "rate", "rank", "reached")


def _are_sums(index: pd.Index, *sides: "Figures") -> "pd.Series[bool]":
    """Which rows are of measures that add up credits: what is missing there is nothing."""
    sums = {measure.name for side in sides for measure in side.policy.sums}
    return pd.Series(index.get_level_values("measure").isin(sums), index=index)


def _filled(name: str, column: pd.Series, sums: "pd.Series[bool]") -> pd.Series:
    """A unit that one side does not know has nothing done and nothing pending there."""
    if name == "done":
        return column.mask(sums & column.isna(), 0)
    if name == "reached":
        return column.fillna("")
    return column.fillna(0) if name == "pending" else column


def board_changes(before: "Figures", after: "Figures") -> pd.DataFrame:
    """Who comes onto a list, off one, or near one, on the other side (`model.BOARD_CHANGES`)."""
    ours, theirs = _aligned(*(_listed(side) for side in (before, after)))
    columns = {
        f"{name}_{when}": side[name].fillna("")
        for name in ("state", "because")
        for when, side in (("before", ours), ("after", theirs))
    }
    found = pd.DataFrame(columns)[_differing(columns, "state")]
    return BOARD_CHANGES.of(_columns(found.reset_index()))


def _listed(side: "Figures") -> pd.DataFrame:
    """The entries of one side; a list that counts measures names a unit once."""
    counting = {board.id for board in side.policy.boards if board.at_least}
    measures = side.boards["measure"].mask(side.boards["board"].isin(counting), "")
    return side.boards.assign(measure=measures).set_index(BOARD_KEY)


def _aligned(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both with the rows of either, in our order, then what only they have."""
    every = ours.index.append(theirs.index[~theirs.index.isin(ours.index)])
    return ours.reindex(every), theirs.reindex(every)


def _differing(columns: Mapping[str, pd.Series], *names: str) -> "pd.Series[bool]":
    """The rows of which any of these pairs differs; missing equals missing."""
    flags = []
    for name in names:
        ours, theirs = columns[f"{name}_before"], columns[f"{name}_after"]
        unequal = (ours != theirs).fillna(value=True) & ~(ours.isna() & theirs.isna())
        flags.append(unequal.astype(bool))
    return pd.concat(flags, axis=1).any(axis=1)


def _fractions(column: "pd.Series") -> list[Fraction | None]:
    return [value if isinstance(value, Fraction) else None for value in column]


def _columns(frame: pd.DataFrame) -> dict[str, object]:
    return {str(name): frame[name].array for name in frame}


# Projects


def project_changes(before: "Figures", after: "Figures") -> pd.DataFrame:
    """The credits that differ, by project, unit and measure, and why (`model.PROJECT_CHANGES`)."""
    ours, theirs = _aligned(*(_sums(side.credits) for side in (before, after)))
    columns = {
        f"{name}_{when}": side[name].fillna(0)
        for name in ("credit", "pending")
        for when, side in (("before", ours), ("after", theirs))
    }
    columns["change"] = columns["credit_after"] - columns["credit_before"]
    found = pd.DataFrame(columns)[_differing(columns, "credit", "pending")]
    keys: list[Key] = list(found.index)
    causes = _causes(before, after, keys)
    names = {**_names(after), **_names(before)}
    return PROJECT_CHANGES.of(
        {
            **_columns(found.reset_index()),
            "name": [names[project] for project, _, _ in keys],
            **{name: [getattr(cause, name) for cause in causes] for name in Cause._fields},
        }
    )


def _sums(credits_: pd.DataFrame) -> pd.DataFrame:
    """The credit and pending amount of each project, unit and measure, over all its receipts."""
    grouped = credits_.groupby(CREDIT_KEY, sort=False)[["credit", "pending"]]
    return grouped.sum().astype("Int64")


def _names(figures: "Figures") -> dict[str, str]:
    return dict(zip(figures.credits["project"], figures.credits["name"], strict=True))


class Cause(NamedTuple):
    """Why a credit differs, as the columns of `model.PROJECT_CHANGES`."""

    rule_before: str
    rule_after: str
    clause: str
    ruling: str
    tier_before: str = ""
    tier_after: str = ""


class Applied(NamedTuple):
    """The rules and rulings of one credit."""

    rules: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side's rules by id, the option of each ruling, and the tier of each project."""

    rules: Mapping[str, Rule | Tier]
    options: Mapping[str, str]
    tiers: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, figures: "Figures") -> "Side":
        """What the figures were made by."""
        tiers = figures.tiers
        named = zip(tiers["tier"], tiers["clause"], strict=True)
        return cls(
            _rules_of(figures.policy),
            options_of(figures),
            dict(zip(tiers["project"], named, strict=True)),
        )


def _rules_of(policy: Policy) -> dict[str, Rule | Tier]:
    """Every rule of a policy, those of the rulings' options too, and its tiers."""
    options = [option.rules for ruling in policy.rulings for option in ruling.options]
    every = policy.rules.plus(options)
    rules = {rule.id: rule for table in fields(RuleSet) for rule in getattr(every, table.name)}
    return {**{tier.id: tier for tier in policy.tiers}, **rules}


def _causes(before: "Figures", after: "Figures", keys: Sequence[Key]) -> list[Cause]:
    ours, theirs = Side.of(before), Side.of(after)
    wanted = frozenset(keys)
    applied = [_applied(side.credits, wanted) for side in (before, after)]
    explained = cache(lambda one, other: _cause(ours, theirs, one, other))
    counts = {
        measure.name
        for side in (before, after)
        for measure in side.policy.measures
        if not measure.is_money
    }
    causes = []
    for key in keys:
        cause = explained(*(side.get(key, Applied()) for side in applied))
        project, _, measure = key
        causes.append(_with_tier(cause, ours, theirs, project) if measure in counts else cause)
    return causes


def _applied(credits_: pd.DataFrame, wanted: frozenset[Key]) -> dict[Key, Applied]:
    """The rules and rulings of each of these credits, over all its receipts."""
    columns = (credits_[name] for name in (*CREDIT_KEY, "rule", "ruling"))
    found: dict[Key, dict[tuple[str, str], None]] = {}
    for project, unit, measure, rules, rulings in zip(*columns, strict=True):
        if (project, unit, measure) in wanted:
            found.setdefault((project, unit, measure), {})[rules, rulings] = None
    return {
        key: Applied(
            _parts((rules for rules, _ in said), " + "),
            _parts((rulings for _, rulings in said), "、"),
        )
        for key, said in found.items()
    }


def _parts(texts: Iterable[str], joint: str) -> tuple[str, ...]:
    """The distinct parts of joined texts, in order."""
    return tuple(dict.fromkeys(part for text in texts for part in text.split(joint) if part))


def _cause(ours: Side, theirs: Side, one: Applied, other: Applied) -> Cause:
    """The rules that are not the same on both sides; all of them where the rules are the same.

    Where nothing but rulings differs, the rules are those of these rulings.
    """

    def same(rule: str) -> bool:
        both = rule in one.rules and rule in other.rules
        return both and ours.rules.get(rule) == theirs.rules.get(rule)

    flipped = [
        name
        for name in dict.fromkeys((*one.rulings, *other.rulings))
        if name in ours.options
        and name in theirs.options
        and ours.options[name] != theirs.options[name]
    ]
    left = [rule for rule in one.rules if not same(rule)]
    right = [rule for rule in other.rules if not same(rule)]
    if not left and not right:
        left, right = list(one.rules), list(other.rules)
    if ours.rules == theirs.rules:
        left, right = _of_these(flipped, ours.rules, left, right)
    cited = [side.rules.get(rule) for side, ids in ((ours, left), (theirs, right)) for rule in ids]
    return Cause(
        rule_before=" + ".join(left),
        rule_after=" + ".join(right),
        clause="、".join(dict.fromkeys(rule.clause for rule in cited if rule)),
        ruling="、".join(flipped),
    )


def _of_these(
    flipped: Sequence[str], rules: Mapping[str, Rule | Tier], *sides: list[str]
) -> tuple[list[str], ...]:
    """The rules that come from these rulings; all of them where none does."""
    of_rulings = tuple(
        [rule for rule in side if getattr(rules.get(rule), "ruling", "") in flipped]
        for side in sides
    )
    return of_rulings if any(of_rulings) else sides


def _with_tier(cause: Cause, ours: Side, theirs: Side, project: str) -> Cause:
    """A count that differs because the project is of another tier says so first."""
    (before, cited), (after, citing) = (
        side.tiers.get(project, ("", "")) for side in (ours, theirs)
    )
    if before == after:
        return cause
    clauses = dict.fromkeys(filter(None, (cited, citing, *cause.clause.split("、"))))
    return cause._replace(tier_before=before, tier_after=after, clause="、".join(clauses))


# Rulings


def _of_rulings(basis: Basis, before: "Figures") -> Comparison:
    """What each option of each ruling would change by itself, open rulings first."""
    now = options_of(before)
    sides = {
        (ruling.id, option.id): credit(choosing(basis, {ruling.id: option.id})).figures
        for ruling in sorted(basis.policy.rulings, key=lambda ruling: now[ruling.id] != "")
        for option in ruling.options
        if option.id != now[ruling.id]
    }
    changes = {key: unit_changes(before, after) for key, after in sides.items()}
    scores = {key: score_changes(before, after) for key, after in sides.items()}
    options = [
        _option(basis.policy.ruling(ruling), now[ruling], option, found)
        | {
            "listed": board_changes(before, sides[ruling, option])["unit"].nunique(),
            "scored": len(scores[ruling, option]),
        }
        for (ruling, option), found in changes.items()
    ]
    return Comparison(
        before,
        before,
        UNIT_CHANGES.empty(),
        PROJECT_CHANGES.empty(),
        RULING_OPTIONS.of({name: [row[name] for row in options] for name in RULING_OPTIONS.names}),
        _effects(changes),
        score_effects=score_effects(scores),
    )


def _option(ruling: Ruling | None, now: str, name: str, found: pd.DataFrame) -> dict[str, object]:
    """One row of `model.RULING_OPTIONS`, but for the lists and scores."""
    option = ruling.option(name) if ruling else None
    assert ruling is not None, name  # noqa: S101 - the policy's own ruling
    assert option is not None, name  # noqa: S101 - and its own option
    ranked = found[_differing({str(column): found[column] for column in found}, "rank")]
    return {
        "ruling": ruling.id,
        "question": ruling.question,
        "now": now,
        "option": option.id,
        "label": option.label,
        "units": found["unit"].nunique(),
        "ranked": ranked["unit"].nunique(),
    }


def _effects(changes: Mapping[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    frames = [
        found.assign(ruling=ruling, option=option) for (ruling, option), found in changes.items()
    ]
    if not frames:
        return RULING_EFFECTS.empty()
    every = pd.concat(frames, ignore_index=True)
    return RULING_EFFECTS.of({name: every[name].array for name in RULING_EFFECTS.names})


# As data


def as_json(comparison: Comparison) -> dict[str, object]:
    """The comparison as plain data; the keys are those of docs/what-if.md, numbers exact strings.

    Money is in 亿元, counts in 个; a repeating decimal is cut at 12 places here and nowhere else.
    """
    before, after = comparison.before, comparison.after
    frames = {name: getattr(comparison, name) for name in ("units", "projects", "boards", "scores")}
    if comparison.is_of_rulings:
        frames = {
            name: getattr(comparison, name) for name in ("options", "effects", "score_effects")
        }
    return {
        "as_of": before.as_of.isoformat(),
        "period": str(before.period),
        "before": {"policy": before.policy.id, "rulings": _told(options_of(before))},
        "after": {
            "policy": comparison.against or after.policy.id,
            "rulings": _told(options_of(after)),
        },
        **{name: [_record(comparison, row) for row in rows_of(it)] for name, it in frames.items()},
    }


def _told(options: Mapping[str, str]) -> dict[str, str | None]:
    return {ruling: option or None for ruling, option in options.items()}


PLAIN_NUMBERS = ("rank", "best_rank", "worst_rank", "units", "listed", "scored")
"""How the names of columns begin that hold small whole numbers, not grains."""


def _record(comparison: Comparison, row: Row) -> dict[str, str | int | None]:
    name = row.get("measure")
    grains = comparison.measure(str(name)).grains if name and "board" not in row else 1
    return {name: _plain(name, value, grains) for name, value in row.items()}


def _plain(name: str, value: object, grains: int) -> str | int | None:
    """One value: places and numbers of units as integers, grains and rates as exact strings."""
    if isinstance(value, Fraction):
        return exact_decimal(value)
    if value is None or isinstance(value, str):
        return value or None
    number = int(str(value))
    return number if name.startswith(PLAIN_NUMBERS) else exact_decimal(Fraction(number, grains))
