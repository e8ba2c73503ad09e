"""What keeps an amount from being credited, each with its cell: nothing is left out in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from xlplan.crediting.columns import Flags, days, spots, texts
from xlplan.crediting.entries import Entry
from xlplan.crediting.received import audit_received
from xlplan.crediting.sources import Material
from xlplan.diagnostics import Diagnostics
from xlplan.model import FALLEN_THROUGH, MORE_PROJECT_HEADS, PROJECT_HEADS, Choice, Ledger
from xlplan.policy.schema import Policy


class Gap(NamedTuple):
    """A field that a project needs: its head, and what its absence keeps from being credited."""

    field: str
    head: str
    effect: str


_LEAD = Gap("lead", "牵头单位", "该项目未计入")
_ORIGIN = Gap("origin", "来源", "该项目未计入")
_SIGNED = Gap("signed", "签约日期", "协议资金和项目个数未计入")
_AGREEMENT = Gap("agreement", "协议资金", "协议资金未计入")
_RECEIVED = Gap("received", "到位日期", "该笔未计入")


def audit_choices(policy: Policy, choices: Mapping[str, Choice]) -> Diagnostics:
    """XP407 unknown rulings, XP404 unknown options, XP405 choices that nobody signed or dated."""
    diagnostics = Diagnostics()
    for choice in choices.values():
        ruling = policy.ruling(choice.ruling)
        if ruling is None:
            known = "、".join(known.id for known in policy.rulings)
            diagnostics.add("XP407", choice.cell, text=choice.ruling, known=known)
        elif choice.option and ruling.option(choice.option) is None:
            known = "、".join(option.id for option in ruling.options)
            values = {"text": choice.option, "ruling": ruling.id, "known": known}
            diagnostics.add("XP404", choice.cell, **values)
        elif choice.option and not (choice.decided_by and choice.decided_on):
            absent = (("决定人", choice.decided_by), ("日期", choice.decided_on))
            field = "、".join(head for head, value in absent if not value)
            diagnostics.add("XP405", choice.cell, field=field, ruling=ruling.id)
    return diagnostics


def audit_ledger(material: Material) -> Diagnostics:
    """XP309, XP305, XP306, XP307: fields missing, days to come, receipts astray or too large."""
    diagnostics = Diagnostics()
    _audit_projects(material, diagnostics)
    _audit_receipts(material, diagnostics)
    diagnostics.extend(audit_received(material))
    return diagnostics


def _audit_projects(material: Material, diagnostics: Diagnostics) -> None:
    ledger, projects = material.ledger, material.ledger.projects
    missing = {
        _LEAD: texts(projects["lead"]) == "",
        _ORIGIN: (texts(projects["origin"]) == "") & material.needs_origin,
        _SIGNED: projects["signed"].isna().to_numpy(),
        _AGREEMENT: material.signed & projects["agreement"].isna().to_numpy(),
    }
    for gap, rows in missing.items():
        unreported = rows.astype(bool) & ~material.unreadable[gap.field]
        _add_gaps(ledger, projects, gap, unreported, diagnostics)
    _add_future(material, projects, "signed", diagnostics)


def _audit_receipts(material: Material, diagnostics: Diagnostics) -> None:
    ledger, receipts = material.ledger, material.ledger.receipts
    for spot in spots(ledger, receipts, "project", material.payer < 0):
        diagnostics.add("XP306", spot.cell, project=spot.project)
    undated = receipts["received"].isna().to_numpy()
    _add_gaps(ledger, receipts, _RECEIVED, undated, diagnostics)
    _add_future(material, receipts, "received", diagnostics)


def _add_gaps(
    ledger: Ledger, records: pd.DataFrame, gap: Gap, which: Flags, diagnostics: Diagnostics
) -> None:
    for spot in spots(ledger, records, gap.field, which):
        values = {"field": gap.head, "project": spot.project, "effect": gap.effect}
        diagnostics.add("XP309", spot.cell, **values)


def _add_future(
    material: Material, records: pd.DataFrame, name: str, diagnostics: Diagnostics
) -> None:
    dates = days(records[name])
    as_of = material.window.as_of.isoformat()
    for spot in spots(material.ledger, records, name, material.window.passed_by(dates)):
        text = str(dates[spot.index].astype("datetime64[D]"))
        diagnostics.add("XP305", spot.cell, text=text, as_of=as_of)


def audit_status(material: Material, policy: Policy) -> Diagnostics:
    """XP336 for each project that does not count for its status; XP337 where nothing says so.

    A project that fell through counts all the same when the policy is silent: said once a word.
    """
    diagnostics = Diagnostics()
    ledger, projects = material.ledger, material.ledger.projects
    status = texts(projects["status"])
    for spot in spots(ledger, projects, "status", material.excluded):
        values = {"status": status[spot.index], "project": spot.project}
        diagnostics.add("XP336", spot.cell, **values)
    for word in sorted(FALLEN_THROUGH - spoken_of(policy)):
        which = material.creditable & (status == word).astype(bool)
        first = next(spots(ledger, projects, "status", which), None)
        if first is not None:
            diagnostics.add("XP337", first.cell, status=word, count=int(which.sum()))
    return diagnostics


def spoken_of(policy: Policy) -> frozenset[str]:
    """The statuses that the policy rules on, as not counted or in the filter of a measure."""
    filters = (words for measure in policy.measures for words in measure.where.words)
    named = (word for words in filters if words.field == "status" for word in words.words)
    return frozenset((*policy.not_counted, *named))


def audit_lag(material: Material, policy: Policy) -> Diagnostics:
    """XP333 once a measure whose figures come late: what of the period is still to be reported."""
    diagnostics = Diagnostics()
    ledger, window = material.ledger, material.window
    for measure in (known for known in policy.measures if known.lag):
        of_receipts = measure.amount == "receipts"
        records = ledger.receipts if of_receipts else ledger.projects
        name = "received" if of_receipts else measure.dated_by
        able = material.paid if of_receipts else material.creditable
        dates, own = days(records[name]), window.of(measure)
        which = able & replace(own, as_of=window.as_of).covers(dates) & own.passed_by(dates)
        first = next(spots(ledger, records, name, which), None)
        if first is not None:
            values = {"measure": measure.name, "lag": measure.lag, "day": own.as_of.isoformat()}
            diagnostics.add("XP333", first.cell, count=int(which.sum()), **values)
    return diagnostics


_HEADS = {head.field: head.head for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS)}
_AMOUNTS = frozenset({"agreement", "investment", "output"})


def audit_selections(
    material: Material, entries: Sequence[Entry], untold: Sequence[Mapping[str, Flags]]
) -> Diagnostics:
    """XP309 where a blank leaves open whether, or what, a measure counts: once for each cell.

    `untold` tells for each entry, by field, the projects that it leaves open. XP305 for the days
    to come that date a measure, those of signing apart, which every ledger has.
    """
    diagnostics = Diagnostics()
    for name in {entry.measure.dated_by: None for entry in entries}:
        if name != "signed":
            _add_future(material, material.ledger.projects, name, diagnostics)
    for field in {field: None for blanks in untold for field in blanks}:
        _audit_field(material, field, _by_measure(field, entries, untold), diagnostics)
    return diagnostics


def _by_measure(
    field: str, entries: Sequence[Entry], untold: Sequence[Mapping[str, Flags]]
) -> dict[tuple[str, bool], Flags]:
    """By measure, and whether it is the amount itself that is blank: the projects left open."""
    found: dict[tuple[str, bool], Flags] = {}
    for entry, blanks in zip(entries, untold, strict=True):
        if field in blanks:
            key = (entry.measure.name, field in _AMOUNTS and field == entry.measure.amount)
            found[key] = blanks[field] | found.get(key, np.zeros_like(blanks[field]))
    return found


def _audit_field(
    material: Material,
    field: str,
    open_: Mapping[tuple[str, bool], Flags],
    diagnostics: Diagnostics,
) -> None:
    """One finding for each blank cell, which names all measures that turn on it."""
    projects = material.ledger.projects
    every = np.logical_or.reduce(list(open_.values()))
    for spot in spots(material.ledger, projects, field, every):
        named = [key for key, which in open_.items() if which[spot.index]]
        lost, doubted = (
            "、".join(name for name, is_amount in named if is_amount is kind)
            for kind in (True, False)
        )
        effects = [f"{lost}未计入"] if lost else []
        effects += [f"无法判断是否计入{doubted}，暂未计入"] if doubted else []
        values = {"field": _HEADS[field], "project": spot.project, "effect": "；".join(effects)}
        diagnostics.add("XP309", spot.cell, **values)
