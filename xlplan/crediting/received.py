"""Received against agreed: whether a project was paid more than its agreement says."""

from dataclasses import dataclass

import numpy as np

from xlplan.crediting.columns import Codes, Flags, amounts, days, spots
from xlplan.crediting.sources import Material
from xlplan.diagnostics import Diagnostics
from xlplan.model import YI, Foreign

_YUAN = -1


@dataclass(frozen=True, slots=True)
class _Compared:
    """By project what was received and agreed; the code of the currency, -1 for 分."""

    received: Codes
    agreed: Codes
    known: Flags
    currency: Codes


def audit_received(material: Material) -> Diagnostics:
    """XP307: everything received up to the as-of date, of whatever period, against the agreement.

    In 元; but where the agreement and all receipts are in one foreign currency, in that, so that a
    change of its rate is no excess.
    """
    found = Diagnostics()
    ledger, foreign = material.ledger, material.foreign
    names = sorted({amount.currency for amount in foreign.amounts})
    compared = _compared(material, names)
    exceeded = compared.known & (compared.received > compared.agreed)
    for spot in spots(ledger, ledger.projects, "agreement", exceeded):
        code = int(compared.currency[spot.index])
        both = int(compared.received[spot.index]), int(compared.agreed[spot.index])
        received, agreement = (
            _said(grains, "" if code == _YUAN else names[code]) for grains in both
        )
        values = {"received": received, "agreement": agreement, "project": spot.project}
        found.add("XP307", spot.cell, **values)
    return found


def _compared(material: Material, names: list[str]) -> _Compared:
    ledger, foreign = material.ledger, material.foreign
    size, receipts = len(ledger.projects), ledger.receipts
    dates = days(receipts["received"])
    counted = (material.payer >= 0) & ~np.isnat(dates) & ~material.window.passed_by(dates)
    payer = material.payer[counted]
    # The index -1 of what is in 元 finds the last, which stands for that.
    code = np.array([*(names.index(one.currency) for one in foreign.amounts), _YUAN])
    grains = np.array([*(one.grains for one in foreign.amounts), 0], dtype=np.int64)
    written = foreign.of_projects.get("agreement", np.full(size, _YUAN))
    paid, agreed = foreign.of_receipts[counted], code[written]
    same = (code[paid] == agreed[payer]) & (agreed[payer] != _YUAN)
    alike = np.bincount(payer, minlength=size) == np.bincount(payer[same], minlength=size)
    own = alike & (agreed != _YUAN)
    agreement = ledger.projects["agreement"]
    in_yuan = _added(payer, amounts(receipts["amount"])[counted], size)
    return _Compared(
        np.where(own, _added(payer[same], grains[paid[same]], size), in_yuan),
        np.where(own, grains[written], amounts(agreement)),
        own | agreement.notna().to_numpy(),
        np.where(own, agreed, _YUAN),
    )


def _added(payer: Codes, grains: Codes, size: int) -> Codes:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, payer, grains)
    return total


def _said(grains: int, currency: str) -> str:
    """An amount that is not negative, exactly; a quarter of a large ledger may need it.

    >>> _said(160_000_000_00, ""), _said(20 * YI, ""), _said(700_000_000, "美元")
    ('1.6亿元', '20亿元', '700万美元')
    """
    if currency:
        return Foreign("agreement", currency, grains).amount
    whole, rest = divmod(grains, YI)
    return f"{whole}.{rest:010}".rstrip("0").rstrip(".") + "亿元"
