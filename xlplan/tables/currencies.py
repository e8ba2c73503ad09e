"""Amounts in a foreign currency: as the cell writes them, and in 元 by the document's rates.

The currency stands in the cell (700万美元), or in a column 币种 beside a number that names none.
What the document does not convert has no amount in 元: it is said, and never counts as 0 or as 元.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from xlplan.diagnostics import Diagnostics
from xlplan.model import NONE_WORDS, Foreign
from xlplan.policy.schema import Currency, Policy
from xlplan.quantity import FOREIGN_CURRENCIES, foreign_currency, to_grains
from xlplan.tables.columns import Column, Money, said
from xlplan.tables.words import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST = 2**62
_OWN = "元"
_UNKNOWN = "?"
_OWN_WORDS = frozenset({"元", "人民币", "人民币元", "RMB", "CNY"})
"""What a column 币种 says of an amount in 元."""

_NO_WORDS = frozenset({"", *NONE_WORDS})


@dataclass(frozen=True, slots=True)
class Converted:
    """A column of money in 分, with the amounts that are written in another currency.

    `unreadable` are the rows of which it cannot be told what they are worth in 元.
    """

    grains: "NDArray[np.int64]"
    known: "NDArray[np.bool_]"
    foreign: Mapping[int, Foreign]
    unreadable: tuple[int, ...] = ()

    def tuples(self) -> list[tuple[Foreign, ...]]:
        """For each row its amount in another currency, if it is in one."""
        if not self.foreign:
            return [()] * len(self.known)
        return [(self.foreign[at],) if at in self.foreign else () for at in range(len(self.known))]


def currencies_of(column: Column | None, length: int, found: Diagnostics) -> list[str]:
    """The currency that each row's 币种 names: "" where it names none, ? if it is none (XP338)."""
    if column is None:
        return [""] * length
    meant = {cell: _currency(plain(said(cell))) for cell in set(column.cells)}
    if _UNKNOWN in meant.values():
        known = "、".join(("人民币", *FOREIGN_CURRENCIES))
        for at in [n for n, cell in enumerate(column.cells) if meant[cell] == _UNKNOWN]:
            found.add("XP338", column.place(at), text=said(column.cells[at]), known=known)
    return [meant[cell] for cell in column.cells]


def _currency(text: str) -> str:
    if text in _NO_WORDS:
        return ""
    return _OWN if text.upper() in _OWN_WORDS else foreign_currency(text) or _UNKNOWN


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one column's amounts are converted: by the policy, each at the rate of its row's day."""

    policy: Policy
    column: Column
    days: "NDArray[np.datetime64]"
    found: Diagnostics

    def converted(self, read: Money, named: Sequence[str]) -> Converted:
        """The column in 元 where the document converts it; `named` is what 币种 says by row."""
        if not read.foreign and set(named) <= {"", _OWN}:
            return Converted(read.grains, read.known, {})
        grains, known = read.grains.copy(), read.known.copy()
        foreign: dict[int, Foreign] = {}
        unreadable: list[int] = []
        for at, written in self._foreign(read, named).items():
            amount = self._rated(at, *written) if written else None
            fen = _fen(amount) if amount else None
            if amount:
                foreign[at] = amount
            if fen is None:
                unreadable.append(at)
            grains[at], known[at] = fen or 0, fen is not None
        return Converted(grains, known, foreign, tuple(unreadable))

    def _foreign(self, read: Money, named: Sequence[str]) -> dict[int, tuple[str, int] | None]:
        """The currency and hundredths of each amount not in 元; None = that cannot be told."""
        told: dict[int, tuple[str, int] | None] = dict(read.foreign)
        for at in [n for n, name in enumerate(named) if name]:
            written, name = read.foreign.get(at), named[at]
            in_cell = written[0] if written else _OWN if read.names_yuan[at] else ""
            if in_cell and name not in (in_cell, _UNKNOWN):
                values = {"text": said(self.column.cells[at]), "currency": name}
                self.found.add("XP332", self.column.place(at), **values)
                told[at] = None
            elif not in_cell and read.known[at] and name != _OWN:
                told[at] = None if name == _UNKNOWN else (name, int(read.grains[at]))
        return told

    def _rated(self, at: int, name: str, grains: int) -> Foreign | None:
        """The amount with the rate of its day; XP108, XP330 or XP331 where there is none."""
        rule = self.policy.currency(name)
        place, text = self.column.place(at), said(self.column.cells[at])
        if rule is None:
            self.found.add("XP108", place, currency=name, text=text)
            return None
        rate = rule.rate_on(self._day(at))
        amount = Foreign(self.column.name, name, grains, rate)
        if rate is None:
            self._say_unrated(at, rule, amount)
        elif abs(_fraction(amount)) >= _LARGEST:
            self.found.add("XP102", place, text=text)
            return None
        return amount

    def _say_unrated(self, at: int, rule: Currency, amount: Foreign) -> None:
        place = self.column.place(at)
        if rule.convert == "own":
            counted = self.policy.measures_in(rule.name)
            names = [one.name for one in counted if one.reads == amount.field]
            measures = "、".join(names) or "无"
            self.found.add("XP330", place, text=amount.text, measures=measures)
        else:
            day = self._day(at) or "（缺日期）"
            self.found.add("XP331", place, text=amount.text, day=day)

    def _day(self, at: int) -> date | None:
        day = self.days[at]
        return None if np.isnat(day) else day.astype("datetime64[D]").astype(date)


def _fen(amount: Foreign) -> int | None:
    """The amount in 分, rounded half up, once; None when it is not converted.

    >>> _fen(Foreign("agreement", "美元", 700_000_000, Fraction("6.9")))
    4830000000
    """
    return None if amount.rate is None else to_grains(_fraction(amount), 1)


def _fraction(amount: Foreign) -> Fraction:
    return amount.grains * (amount.rate or Fraction(0))
