"""The fields of one project, submitted and in the ledger: only those that differ."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from xlplan.quantity import Period
from xlplan.reconciling.difference import Adopts, Context, Difference, DifferenceKind, Value, shown
from xlplan.reconciling.names import same_name
from xlplan.reconciling.nouns import Entry

TEXTS = (
    *("name", "investor", "credit_code", "lead", "landing", "team", "origin", "sector"),
    *("industry", "status", "level", "remark"),
)
SEVERAL = ("cooperating", "lists")
MONEY = ("investment", "output", "agreement")
DAYS = ("signed", "started", "produced")
FIELDS = (*TEXTS, *SEVERAL, *MONEY, *DAYS)

SLIPS = (10**4, 10**8)
"""万元 written for 亿元, and 元 for either."""

_NO_PART = "这个项目在台账里既不由本单位牵头，也不由本单位配合"
_NONE_WORDS = frozenset({"", "无", "没有"})


def field_differences(context: Context, entry: Entry, known: Entry | None) -> Iterator[Difference]:
    """What differs between a row and its project; of a new one only what it says against itself."""
    if known is not None:
        for name in FIELDS:
            if name in entry.columns or not entry.columns:
                yield from _of_field(context, entry, known, name)
        yield from _claimed_without_column(context, entry, known)
    yield from _exceeds(context, entry, known)
    yield from _outside(context, entry, known)
    yield from _tier(context, entry, known)


def value_of(entry: Entry, name: str) -> Value:
    """A field's value; a blank text is nothing."""
    value: Value = getattr(entry, name)
    return None if value in ("", ()) else value


def _of_field(context: Context, entry: Entry, known: Entry, name: str) -> Iterator[Difference]:
    ours, theirs = value_of(entry, name), value_of(known, name)
    if _same(ours, theirs) or (ours is None and entry.texts.get(name, "")):
        return  # what stands there and cannot be read was reported when it was read
    difference = replace(
        context.difference(_kind(context, name, ours, theirs), entry, known, name),
        submitted=shown(ours),
        known=shown(theirs) or known.texts.get(name, ""),
        value=ours,
    )
    yield replace(difference, adopts=_adopts(difference), note=_note(difference, known))


def _same(ours: Value, theirs: Value) -> bool:
    """Whether two values say the same, however they are written.

    >>> _same("５号 地块（东）", "5号地块(东)"), _same(("甲", "乙"), ("乙", "甲")), _same(0, None)
    (True, True, False)
    """
    if isinstance(ours, str) and isinstance(theirs, str):
        return same_name(ours) == same_name(theirs)
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return {*map(same_name, ours)} == {*map(same_name, theirs)}
    if ours is None or theirs is None:
        said = theirs if ours is None else ours
        return said is None or (isinstance(said, str) and said.strip() in _NONE_WORDS)
    return ours == theirs


def _kind(context: Context, name: str, ours: Value, theirs: Value) -> DifferenceKind:
    if ours is None:
        return "blank"
    if theirs is None:
        return "filled"
    if name == "lead" and ours == context.submission.unit:
        return "claimed"
    if isinstance(ours, int) and isinstance(theirs, int):
        return (
            "slip" if slipped(ours, theirs) else "transposed" if turned(ours, theirs) else "changed"
        )
    if isinstance(ours, date) and isinstance(theirs, date) and _turned_day(ours, theirs):
        return "transposed"
    return "changed"


def slipped(ours: int, theirs: int) -> int:
    """By how many times an amount is off as by a wrong unit; 0 if it is not.

    >>> slipped(5 * 10**14, 5 * 10**10), slipped(5 * 10**11, 5 * 10**10)
    (10000, 0)
    """
    low, high = sorted((abs(ours), abs(theirs)))
    return next((times for times in SLIPS if low and high == times * low), 0)


def turned(ours: int, theirs: int) -> bool:
    """Whether two amounts differ in two neighbouring digits that changed places.

    >>> turned(12_500, 15_200), turned(12_500, 12_600), turned(1000, 100)
    (True, False, False)
    """
    first, second = str(abs(ours)), str(abs(theirs))
    if len(first) != len(second):
        return False
    apart = [at for at in range(len(first)) if first[at] != second[at]]
    if len(apart) != 2 or apart[1] != apart[0] + 1:  # noqa: PLR2004 - a pair
        return False
    low, high = apart
    return first[low] == second[high] and first[high] == second[low]


def _turned_day(ours: date, theirs: date) -> bool:
    """Whether month and day changed places."""
    return ours.year == theirs.year and (ours.month, ours.day) == (theirs.day, theirs.month)


def _adopts(one: Difference) -> Adopts:
    """A change, where the ledger has a cell for it; a blank deletes nothing."""
    has_cell = one.other is not None and one.other.column > 0
    return "change" if one.kind != "blank" and has_cell else ""


def _note(one: Difference, known: Entry) -> str:
    if one.kind == "blank":
        return "空着不等于 0，也不等于删除；按没有变化处理"
    if one.kind == "slip" and isinstance(one.value, int):
        theirs = value_of(known, one.field)
        times = slipped(one.value, theirs) if isinstance(theirs, int) else 0
        return f"正好差 {times} 倍"
    if one.kind == "claimed":
        together = one.unit in known.cooperating
        return "台账里是配合单位；联合招商由谁牵头？" if together else _NO_PART
    return "" if one.other and one.other.column else "台账没有这一列"


def _claimed_without_column(context: Context, entry: Entry, known: Entry) -> Iterator[Difference]:
    """A unit that submits another's project in which it has no part."""
    unit = context.submission.unit
    if not (unit and known.lead) or unit in (known.lead, known.landing, *known.cooperating):
        return
    if entry.lead == unit and "lead" in entry.columns:
        return  # the field itself is different, and says so
    found = context.difference("claimed", entry, known, "lead")
    yield replace(found, submitted=unit, known=known.lead, note=_NO_PART)


def _exceeds(context: Context, entry: Entry, known: Entry | None) -> Iterator[Difference]:
    """A stated cumulative amount over the agreement, unless the ledger says just the same."""
    agreement = entry.agreement
    if agreement is None and known is not None:
        agreement = known.agreement
    received = entry.received
    if received is None and entry.payments and (known is None or not known.payments):
        received = sum(one.amount or 0 for one in entry.payments)
    if received is None or agreement is None or received <= agreement:
        return
    if known is not None and (cumulative(known, None), known.agreement) == (received, agreement):
        return
    found = context.difference("exceeds", entry, known, "received")
    yield replace(found, submitted=shown(received), known=f"协议资金 {shown(agreement)}")


def cumulative(known: Entry, period: Period | None) -> int:
    """What the ledger says was received by the end of a period, in 分."""
    if known.received is not None:
        return known.received
    return sum(
        one.amount or 0
        for one in known.payments
        if not (period and one.received and one.received >= period.end)
    )


def _outside(context: Context, entry: Entry, known: Entry | None) -> Iterator[Difference]:
    """Days that are new here and not in the period: a new signing, anything after its end."""
    period = context.period
    for name in DAYS if period else ():
        day = value_of(entry, name)
        if period is None or not isinstance(day, date):
            continue
        is_new = known is None or (day != value_of(known, name))
        too_early = day < period.start and known is None and name == "signed"
        if is_new and (day >= period.end or too_early):
            found = context.difference("outside", entry, known, name)
            yield replace(found, submitted=shown(day), known=f"本期 {period}")


def _tier(context: Context, entry: Entry, known: Entry | None) -> Iterator[Difference]:
    """A tier that the unit claims and the rules do not give."""
    computed = context.tiers.get(entry.key, "")
    if not entry.tier or not computed or _same_tier(entry.tier, computed):
        return
    if known is not None and known.tier == entry.tier:
        return
    found = context.difference("tier", entry, known, "tier")
    yield replace(found, submitted=entry.tier, known=computed, note="按方案的档次规则算出")


def _same_tier(claimed: str, computed: str) -> bool:
    """重大 and 重大项目 are one tier.

    >>> _same_tier("重大项目", "重大"), _same_tier("较大", "重大")
    (True, False)
    """
    first, second = (same_name(text).removesuffix("项目") for text in (claimed, computed))
    return first == second
