"""Reads the tables of rules; the options of a ruling use the very same tables."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from xlplan.policy.amounts import partners, ratio, share
from xlplan.policy.document import validity
from xlplan.policy.reading import Table
from xlplan.policy.schema import (
    OfWhich,
    Option,
    RuleSet,
    Ruling,
    Scope,
    Split,
    TierCount,
    Weight,
)

_FEWEST_OPTIONS = 2
_OTHER_WAYS = ("like", "ratio", "equally")
_AMONG: tuple[Literal["equally", "each"], ...] = ("equally", "each")
_COUNTED: tuple[Literal["highest", "cumulative"], ...] = ("highest", "cumulative")
_READINGS: tuple[Literal["floor", "note"], ...] = ("floor", "note")


@dataclass(frozen=True, slots=True)
class Under:
    """Where rules stand: the ruling whose option they are ("" = base), and all measures."""

    ruling: str
    measures: tuple[str, ...]


def rule_set(table: Table, under: Under) -> RuleSet:
    """Every rule written in this table: the file's top, or one option."""
    return RuleSet(
        weights=table.each("weight", lambda row: _weight(row, under)),
        splits=table.each("split", lambda row: _split(row, under)),
        tier_counts=table.each("tier_count", lambda row: _tier_count(row, under)),
        of_whichs=table.each("of_which", lambda row: _of_which(row, under)),
        scopes=table.each("scope", lambda row: _scope(row, under)),
    )


def ruling(table: Table, measures: tuple[str, ...]) -> Ruling:
    """A gap and its options; a gap has two readings at least."""
    ruling_id = table.text("id")
    question, silent_at = table.text("question"), table.text("silent_at")
    under = Under(ruling_id, measures)
    options = table.each("option", lambda option: _option(option, under))
    if len(options) < _FEWEST_OPTIONS:
        table.fault("XP621", "option", count=len(options))
    return Ruling(ruling_id, question, silent_at, options)


def _option(table: Table, under: Under) -> Option:
    return Option(table.text("id"), table.text("label"), rule_set(table, under))


def _weight(table: Table, under: Under) -> Weight:
    like = _like(table, "share")
    return Weight(
        table.text("id"),
        table.text("clause"),
        under.ruling,
        measures=_measures(table, under),
        origins=table.texts("origins", ()),
        scope=table.text("scope", ""),
        share=_share(table, "share"),
        like=like,
        **validity(table),
    )


def _split(table: Table, under: Under) -> Split:
    way = table.one_of("like", "ratio", "equally", "lead")
    among = table.choice("among", _AMONG, "equally")
    lead, cooperating = _shares(table, way, among)
    return Split(
        table.text("id"),
        table.text("clause"),
        under.ruling,
        measures=_measures(table, under),
        partners=partners(table.reading, table.at("partners"), table.text("partners")),
        across_groups=table.flag("across_groups", default=None),
        lead=lead,
        cooperating=cooperating,
        among=among,
        prevails=table.flag("prevails", default=False) is True,
        like=table.text("like", ""),
        equally=_share(table, "equally"),
        **validity(table),
    )


def _tier_count(table: Table, under: Under) -> TierCount:
    counted = table.choice("scope", _COUNTED)
    name, clause = table.text("id"), table.text("clause")
    return TierCount(name, clause, under.ruling, scope=counted, **validity(table))


def _of_which(table: Table, under: Under) -> OfWhich:
    reading = table.choice("reading", _READINGS)
    name, clause = table.text("id"), table.text("clause")
    return OfWhich(name, clause, under.ruling, reading=reading, **validity(table))


def _scope(table: Table, under: Under) -> Scope:
    groups, units = table.texts("groups", ()), table.texts("units", ())
    if not groups and not units:
        table.fault("XP604", "units", key="units")
    return Scope(
        table.text("id"),
        table.text("clause"),
        under.ruling,
        name=table.text("name"),
        groups=groups,
        units=units,
        **validity(table),
    )


def _measures(table: Table, under: Under) -> tuple[str, ...]:
    """Measures by name, or “all” for every measure of the policy."""
    named = table.one_or_more("measures")
    return under.measures if named == ("all",) else named


def _like(table: Table, own: str) -> str:
    """The measure whose rule is taken; either that or a share of its own."""
    table.one_of("like", own)
    return table.text("like", "")


def _shares(table: Table, way: str, among: Literal["equally", "each"]) -> tuple[Fraction, Fraction]:
    """Lead's and cooperating units' shares, that add up to the whole unless said otherwise."""
    lead, cooperating = _share(table, "lead"), _share(table, "cooperating")
    may_differ = table.flag("adds_up", default=True) is False or among == "each"
    text = table.text("ratio", "")
    parts = ratio(table.reading, table.at("ratio"), text) if text else None
    if way in _OTHER_WAYS and table.has("cooperating"):
        reason = f"{way} 已经说明了份额"
        table.fault("XP627", "cooperating", key="cooperating", reason=reason)
    if way == "ratio":
        return parts or (Fraction(0), Fraction(0))
    if lead is not None and cooperating is None and not table.has("cooperating"):
        table.fault("XP604", "cooperating", key="cooperating")
    if lead is None or cooperating is None or way != "lead":
        return Fraction(0), Fraction(0)
    if lead + cooperating != 1 and not may_differ:
        said = {key: table.text(key) for key in ("lead", "cooperating")}
        table.fault("XP613", "lead", **said)
    return lead, cooperating


def _share(table: Table, key: str) -> Fraction | None:
    if not table.has(key):
        return None
    text = table.text(key)
    return share(table.reading, table.at(key), text) if text else None
