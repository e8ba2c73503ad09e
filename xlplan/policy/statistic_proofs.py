"""Proves the statistics of a policy: what they are computed from is known, and fits together."""

from collections.abc import Iterator

from xlplan.policy.reading import Reading
from xlplan.policy.schema import MONEY_UNIT, Fulfilled, Measure, Policy
from xlplan.quantity import unit_named

_ADDED = ("sum", "reported")


def prove_statistics(policy: Policy, reading: Reading) -> None:
    """Note every fault of a measure that is no sum."""
    for n, measure in enumerate(policy.measures, 1):
        path = f"measure[{n}]"
        if not measure.is_sum and not reading.faulty(f"{path}.unit"):
            _prove_unit(path, measure, reading)
        if measure.kind == "rate":
            _prove_rate(path, measure, reading)
        _prove_sources(path, measure, policy, reading)
        if measure.kind == "reported" and measure.is_share and measure.basis == "flow":
            reading.fault("XP640", f"{path}.basis", unit=measure.unit)
        if measure.statistic.feeds_only:
            _prove_feeder(path, measure, policy, reading)


def _prove_unit(path: str, measure: Measure, reading: Reading) -> None:
    """The unit is a word that cells are read with; money of this country is in 亿元."""
    known = unit_named(measure.unit)
    other = known is not None and known.currency == "CNY" and measure.unit != MONEY_UNIT
    share = known is not None and known.kind == "rate" and not measure.is_share
    if known is None or not known.name or other or share:
        example = MONEY_UNIT if other else "%" if share else "个工作日"
        reading.fault("XP610", f"{path}.unit", what="单位", text=measure.unit, example=example)


def _prove_rate(path: str, measure: Measure, reading: Reading) -> None:
    """Numerator and denominator are of one kind, and are not the same from the start."""
    cohort, counted = measure.statistic.cohort, measure.statistic.fulfilled
    if reading.faulty(f"{path}.cohort") or reading.faulty(f"{path}.counted"):
        return
    kinds = [amount == "project" for amount in (cohort.amount, counted.amount)]
    if kinds[0] != kinds[1]:
        reading.fault("XP641", path, first="cohort.amount", second="counted.amount")
    elif counted == Fulfilled(cohort.amount):
        reading.fault("XP642", f"{path}.counted")


def _prove_sources(path: str, measure: Measure, policy: Policy, reading: Reading) -> None:
    """Growth and ratios are of sums and of reported figures, a ratio of two alike."""
    usable = {known.name: known for known in policy.measures if known.kind in _ADDED}
    for key, name in _sources(measure):
        if name not in usable:
            known = "、".join(usable)
            reading.fault("XP606", f"{path}.{key}", text=name, what="合计或报送的指标", known=known)
    parts = [usable[name] for _, name in _sources(measure) if name in usable]
    if measure.kind == "ratio" and len({_dimension(part) for part in parts}) > 1:
        reading.fault("XP641", path, first="numerator", second="denominator")
    if measure.kind == "combined" and {part.unit for part in parts} - {measure.unit}:
        reading.fault("XP641", path, first="terms", second="unit")


def _sources(measure: Measure) -> Iterator[tuple[str, str]]:
    for key in ("of", "numerator", "denominator"):
        name = getattr(measure.statistic, key)
        if name:
            yield key, name
    for n, (name, _) in enumerate(measure.statistic.terms, 1):
        yield f"terms[{n}][1]", name


def _dimension(measure: Measure) -> str:
    """What kind of thing a measure is of: two of one kind can be divided."""
    unit = unit_named(measure.unit)
    return f"{unit.kind}{unit.currency}{unit.base}" if unit else measure.unit


def _prove_feeder(path: str, measure: Measure, policy: Policy, reading: Reading) -> None:
    """A figure that only feeds others has no target, and does feed one."""
    used = {name for known in policy.measures for name in known.statistic.sources}
    aimed = {name for table in policy.tables for name in table.measures}
    if measure.name in aimed:
        reading.fault("XP643", f"{path}.feeds_only", measure=measure.name, reason="它有目标")
    elif measure.name not in used:
        reason = "没有增速或比值用到它"
        reading.fault("XP643", f"{path}.feeds_only", measure=measure.name, reason=reason)
