"""What each line is worth: amount × weight × share, so that a project's units add up exactly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from xlplan.crediting.classes import Applied
from xlplan.crediting.columns import Codes
from xlplan.crediting.exact import half_up, truncated
from xlplan.crediting.lines import Lines

Ratio = tuple[Codes, Codes]
"""Numerators and denominators."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Grains of each line: the weighted whole, and the unit's part of it."""

    whole: Codes
    part: Codes


def ratio(applied: Sequence[Applied], of: Callable[[Applied], Fraction], kind: Codes) -> Ratio:
    """A fraction of each class, for each line."""
    values = [of(one) for one in applied]
    return (
        np.array([value.numerator for value in values], dtype=np.int64)[kind],
        np.array([value.denominator for value in values], dtype=np.int64)[kind],
    )


def worth(grains: Codes, lines: Lines, applied: Sequence[Applied]) -> Worth:
    """Weigh each amount, and share the whole: cooperating units cut, the lead unit the rest.

    The whole and the sum of all shares are rounded half up; what the division of it among the
    units leaves over goes to the lead unit. Where units of one project weigh an amount
    differently there is no common whole, and each unit has its own share rounded.
    """
    kind = lines.kind
    whole = half_up(grains, *ratio(applied, lambda one: one.weight.value, kind))
    together = half_up(whole, *ratio(applied, lambda one: one.together, kind))
    partner = truncated(whole, *ratio(applied, lambda one: one.partner, kind))
    partners = np.array([one.of.joint.partners for one in applied], dtype=np.int64)[kind]
    part = np.where(lines.cooperates, partner, together - partners * partner)
    apart = _weighed_apart(whole, lines)
    share = ratio(applied, lambda one: one.share.value, kind[apart])
    part[apart] = half_up(whole[apart], *share)
    return Worth(whole, part)


def _weighed_apart(whole: Codes, lines: Lines) -> Codes:
    """The lines of lead units whose cooperating units weigh the same amount differently."""
    return np.unique(lines.lead[whole != whole[lines.lead]])
