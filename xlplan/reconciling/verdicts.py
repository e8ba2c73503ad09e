"""What a person said about 疑似匹配: the same project or not, kept so that it is not asked again.

Verdicts travel in the ledger workbook, in the sheet `VERDICT_SHEET`, one row a verdict, later ones
below. A verdict is about what a unit calls its project, not about a row of one month's file: next
month it is recognised by the unit and the name, and by the credit code where both rows have one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlplan.diagnostics import Cell, Diagnostics
from xlplan.model import VERDICT_SHEET
from xlplan.reconciling.credit_codes import credit_code
from xlplan.reconciling.decisions import OTHER, SAME
from xlplan.reconciling.names import same_name
from xlplan.reconciling.nouns import Entry

VERDICT_HEADS: Mapping[str, str] = {
    "unit": "报送单位",
    "name": "报送名称",
    "submitted_project": "报送编号",
    "credit_code": "统一社会信用代码",
    "project": "台账编号",
    "project_name": "台账名称",
    "answer": "判断",
    "who": "认定人",
    "day": "认定日期",
    "source": "依据",
}
"""The columns of the sheet: field → head. `source` is the file and cell that was asked about."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of the sheet: what a unit calls so is, or is not, this project of the ledger.

    `cell` is where it stands, for what is said about it.
    """

    unit: str
    name: str
    project: str
    answer: str
    project_name: str = ""
    submitted_project: str = ""
    credit_code: str = ""
    who: str = ""
    day: date | None = None
    source: str = ""
    cell: Cell = field(default=Cell(VERDICT_SHEET))


Asked = tuple[str, str]
"""Unit and name as submitted, in the form in which names are compared."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that holds: for rows of this code, or of any where it is ""."""

    code: str
    project: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The answers that hold, by what was asked; projects in the form of `project_key`."""

    answers: Mapping[Asked, Sequence[Answer]]

    def project_of(self, unit: str, entry: Entry) -> str:
        """The ledger's project that this is; "" if nobody said."""
        return next((one.project for one in self._of(unit, entry) if one.is_same), "")

    def not_these(self, unit: str, entry: Entry) -> frozenset[str]:
        """The ledger's projects that this is not."""
        return frozenset(one.project for one in self._of(unit, entry) if not one.is_same)

    def _of(self, unit: str, entry: Entry) -> list[Answer]:
        if not self.answers:
            return []
        given = self.answers.get((same_name(unit or entry.lead), same_name(entry.name)), ())
        code = credit_code(entry.credit_code).text
        return [one for one in given if not (one.code and code and one.code != code)]


NO_VERDICTS = Verdicts({})


def project_key(entry: Entry) -> str:
    """What a project of the ledger goes by: its id, or its name where there are no ids."""
    return same_name(entry.project or entry.name)


def verdicts(given: Iterable[Verdict], ledger: Iterable[Entry], found: Diagnostics) -> Verdicts:
    """The verdicts that hold for this ledger.

    A later answer to the same question takes the place of an earlier one. One about a project that
    the ledger no longer has, or that has another id now, is not used and is said (XP943); so is
    one that makes one row two projects (XP944), where the later holds.
    """
    known = {project_key(entry): same_name(entry.name) for entry in ledger}
    kept: dict[Asked, list[Answer]] = {}
    for verdict in given:
        project = same_name(verdict.project or verdict.project_name)
        if verdict.answer not in (SAME, OTHER) or not _still_stands(verdict, project, known):
            found.add("XP943", verdict.cell, name=verdict.name, project=_shown(verdict))
            continue
        key = same_name(verdict.unit), same_name(verdict.name)
        code = credit_code(verdict.credit_code).text
        answer = Answer(code, project, verdict.answer == SAME)
        kept[key] = [*_untouched(kept.get(key, ()), answer, verdict, found), answer]
    return Verdicts(kept)


def _untouched(
    earlier: Sequence[Answer], later: Answer, verdict: Verdict, found: Diagnostics
) -> list[Answer]:
    """The earlier answers that stand beside a later one."""
    stay = []
    for one in earlier:
        if one.code != later.code or not (one.project == later.project or one.is_same):
            stay.append(one)
        elif one.project != later.project and later.is_same:
            values = {"name": verdict.name, "first": one.project, "second": later.project}
            found.add("XP944", verdict.cell, **values)
        elif one.project != later.project:
            stay.append(one)
    return stay


def _still_stands(verdict: Verdict, project: str, known: Mapping[str, str]) -> bool:
    """Whether the ledger has that project: renamed perhaps, but not with its name at another id."""
    if project not in known:
        return False
    name = same_name(verdict.project_name)
    return not name or known[project] == name or name not in known.values()


def _shown(verdict: Verdict) -> str:
    return f"{verdict.project} {verdict.project_name}".strip()
