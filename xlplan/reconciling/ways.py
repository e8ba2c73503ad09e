"""When a code, an id or an equal name may decide that two rows are one project, and when not.

One company has several projects, units number their projects in their own way, and two towns both
build a 污水处理厂: so each way needs the rest of the row to agree, or at least to be silent.
"""

from xlplan.reconciling.evidence import (
    Profile,
    codes_differ,
    day_far,
    investors_alike,
    money_far,
    name_likeness,
    same_company,
    same_day,
    same_money,
)

_ALIKE = 0.8
"""Names this much alike are near enough where a code or an id says the same."""


def by_code(row: Profile, other: Profile) -> bool:
    """Whether a code that names one project on each side decides: the names must agree too.

    The investor is the same by its code, so that what it is called may have changed.
    """
    if row.same == other.same and row.same:
        return not _all_far(row, other)
    if not row.name.may_be(other.name) or _all_far(row, other):
        return False
    if not row.same or not other.same:
        return _facts(row, other) > 0
    if row.name.core == other.name.core or row.thing == other.thing:
        return True
    alike = name_likeness(row.name, other.name) >= _ALIKE
    return (alike and _facts(row, other) > 0) or _facts(row, other) == _BOTH


def by_id(row: Profile, other: Profile) -> bool:
    """Whether an id decides: a unit may have numbered its projects itself."""
    if codes_differ(row, other):
        return False
    if row.same != other.same and not row.name.may_be(other.name):
        return False
    if investors_alike(row, other) is False or _all_far(row, other):
        return _facts(row, other) == _BOTH
    if not row.same or row.same == other.same or row.name.core == other.name.core:
        return True
    known = row.investor != "" and row.investor == other.investor
    if known and (row.thing == other.thing or _facts(row, other)):
        return True
    return name_likeness(row.name, other.name) >= _ALIKE or _facts(row, other) == _BOTH


def by_name(row: Profile, other: Profile) -> bool:
    """Whether an equal name decides: two towns, or two years, may build what is called so."""
    if codes_differ(row, other) or _all_far(row, other):
        return False
    alike = investors_alike(row, other)
    if alike is False:
        return False
    if row.lead and other.lead and row.lead != other.lead:
        return same_company(row, other) or _facts(row, other) >= (1 if alike else _BOTH)
    return bool(alike) or not (money_far(row, other) or day_far(row, other))


_BOTH = 2


def _facts(row: Profile, other: Profile) -> int:
    """How many of amount and day are the same."""
    return (same_money(row, other) > 0) + same_day(row, other)


def _all_far(row: Profile, other: Profile) -> bool:
    """Whether amount and day both speak of another project."""
    return money_far(row, other) and day_far(row, other)
