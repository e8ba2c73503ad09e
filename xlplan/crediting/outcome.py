"""The outcome for readers: the frame of credits, and what of it hangs on open or missing rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from xlplan.crediting.classes import Applied
from xlplan.crediting.columns import Codes, texts, worded
from xlplan.crediting.computation import Computed
from xlplan.diagnostics import Clause, Diagnostics, Key
from xlplan.model import CREDITS, Ledger
from xlplan.policy import Policy
from xlplan.policy.schema import Scope

MENTIONED = 3
"""So many units are named in one message."""


def credit_frame(ledger: Ledger, computed: Computed) -> pd.DataFrame:
    """One row per amount and unit, by project, the lead unit first (`model.CREDITS`)."""
    sources, kept = computed.sources, computed.kept
    source, kind = computed.lines.source[kept], computed.lines.kind[kept]
    project, unit = sources.project[source], computed.lines.unit[kept]
    sheet, part = sources.sheet[source], computed.worth.part[kept]
    settled = np.array([one.state == "settled" for one in computed.applied], dtype=bool)[kind]
    return CREDITS.of(
        {
            "project": worded(texts(ledger.projects["project"]), project),
            "name": worded(texts(ledger.projects["name"]), project),
            "unit": worded(computed.roles.names, unit),
            "group": worded(computed.roles.groups, unit),
            "date": pd.Series(sources.day[source], copy=False),
            "amount": sources.amount[source],
            "credit": np.where(settled, part, 0),
            "pending": np.where(settled, 0, part),
            "whole": computed.worth.whole[kept],
            "sheet": worded(computed.places.sheets, sheet),
            "row": sources.row[source],
            "column": computed.places.columns[sources.field[source], sheet],
            "foreign": worded(computed.foreign.vocabulary, sources.foreign[source]),
            **_by_class(computed.applied, kind),
        }
    )


def _by_class(applied: Sequence[Applied], kind: Codes) -> dict[str, object]:
    """The columns that are the same for all lines of a class."""
    numbers = {
        "weight_num": [one.weight.value.numerator for one in applied],
        "weight_den": [one.weight.value.denominator for one in applied],
        "share_num": [one.share.value.numerator for one in applied],
        "share_den": [one.share.value.denominator for one in applied],
    }
    words: dict[str, Sequence[str]] = {
        "role": [one.of.role for one in applied],
        "measure": [one.of.entry.measure.name for one in applied],
        "state": [one.state for one in applied],
        "rule": [one.rules for one in applied],
        "clause": [one.clauses for one in applied],
        "ruling": [one.rulings for one in applied],
    }
    return {
        **{name: np.array(column, dtype=np.int64)[kind] for name, column in numbers.items()},
        **{name: worded(column, kind) for name, column in words.items()},
    }


def audit_rules(policy: Policy, chosen: Mapping[str, str], computed: Computed) -> Diagnostics:
    """XP401 or XP408 for each open ruling, XP402 and XP403 for each question left unanswered."""
    diagnostics = Diagnostics()
    for ruling in policy.rulings:
        if ruling.id in chosen:
            continue
        hanging = [ruling.id in one.hangs_on for one in computed.applied]
        count = len(_sources_of(computed, hanging))
        values = {"question": ruling.question, "ruling": ruling.id}
        place = Clause(policy.id, ruling.silent_at)
        if count:
            diagnostics.add("XP401", place, count=count, **values)
        else:
            diagnostics.add("XP408", place, **values)
    for doubt, classes in _doubts(computed.applied).items():
        _add_doubt(policy, computed, doubt, classes, diagnostics)
    return diagnostics


def _sources_of(computed: Computed, classes: Sequence[bool]) -> Codes:
    """The amounts of which some line is of these classes, each once, in order."""
    touched = np.array(classes, dtype=bool)[computed.lines.kind[computed.kept]]
    return np.unique(computed.lines.source[computed.kept][touched])


class Doubt(NamedTuple):
    """A question that the rules leave unanswered (XP402) or answer twice (XP403)."""

    code: str
    question: str
    rules: tuple[str, ...]


def _doubts(applied: Sequence[Applied]) -> dict[Doubt, list[bool]]:
    """Each doubt, with a flag for every class that it touches."""
    found: dict[Doubt, list[bool]] = {}
    for index, one in enumerate(applied):
        if one.state in ("silent", "conflict"):
            for doubt in _doubts_of(one):
                found.setdefault(doubt, [False] * len(applied))[index] = True
    return found


def _doubts_of(applied: Applied) -> Iterator[Doubt]:
    of = applied.of
    measure = of.entry.measure.name
    sharing = f"{of.joint.partners} 个配合单位" if of.joint.partners else "非联合项目"
    questions = (
        f"是否计入{measure}",
        f"{measure}的权重，来源{of.origin}",
        f"{measure}的分摊，{sharing}",
    )
    for verdict, question in zip(applied.verdicts, questions, strict=True):
        if verdict.state == "silent":
            yield Doubt("XP402", question, ())
        elif verdict.state == "conflict":
            rules = [rule for rule in verdict.rules if not isinstance(rule, Scope)]
            yield Doubt("XP403", question, tuple(rule.id for rule in rules))


def _add_doubt(
    policy: Policy, computed: Computed, doubt: Doubt, classes: list[bool], found: Diagnostics
) -> None:
    """Silence stands at the first amount that it touches, a conflict in the policy file."""
    touched = _sources_of(computed, classes)
    if not len(touched):
        return
    subject = f"{doubt.question}（{_units_of(computed, classes)}，{len(touched)} 笔）"
    if doubt.code == "XP402":
        found.add("XP402", computed.cell(touched[0]), subject=subject)
    else:
        place = Key(policy.id, doubt.rules[0])
        found.add("XP403", place, rules="、".join(doubt.rules), subject=subject)


def _units_of(computed: Computed, classes: list[bool]) -> str:
    touched = np.array(classes, dtype=bool)[computed.lines.kind[computed.kept]]
    codes = np.unique(computed.lines.unit[computed.kept][touched])
    named = "、".join(computed.roles.names[codes[:MENTIONED]])
    return named if len(codes) <= MENTIONED else f"{named}等 {len(codes)} 个单位"
