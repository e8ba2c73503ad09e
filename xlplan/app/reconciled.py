"""What came of a reconciliation as a report: a workbook to decide in, or plain data."""

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import package
from xlplan.app import deciding
from xlplan.app.deciding import Origin, Sender
from xlplan.app.differing import Row
from xlplan.app.reconciliation import Reconciliation
from xlplan.diagnostics import Diagnostics, RequestError
from xlplan.quantity import exact_decimal
from xlplan.reconciling import LEDGER, Match
from xlplan.reconciling.board import Arrival
from xlplan.reconciling.decisions import Draft, Fault
from xlplan.reconciling.effects import Effect
from xlplan.sheets.differing import Told
from xlplan.sheets.reconciliation import Report, report_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplan.sheets.description import Sheet
    from xlplan.sheets.questions import Asked

_OURS_TO_SETTLE = frozenset({"XP921", "XP923", "XP928", "XP945", "XP947"})
"""What a unit cannot put right: that it was late, sent twice, or writes a name of its own."""


def report_of(done: Reconciliation, out: Path) -> "tuple[Sheet, ...]":
    """The report's sheets, linked from the folder in which it is to lie."""
    paths = {one.name: _seen_from(out.parent, one.path) for one in done.handed}
    ledger, basis = done.origin, done.basis
    paths[LEDGER] = _seen_from(out.parent, ledger.path) if ledger.path else ledger.name
    questions = list(_asked(done))
    draft = Draft(
        ledger.name,
        ledger.digest,
        ledger.made,
        tuple(write for row in done.rows for write in row.writes),
        tuple(question for question, _, _ in questions),
        tuple(_faults(done, paths)),
        basis.policy.id,
        basis.period.shown,
    )
    told = [Told(row.number, row.difference, row.effects, bool(row.writes)) for row in done.rows]
    return report_sheets(
        Report(
            basis.policy,
            done.board,
            draft,
            told,
            questions,
            done.ours,
            done.submissions,
            done.due,
            paths,
        )
    )


def _asked(done: Reconciliation) -> "Iterator[Asked]":
    """Every question with a number of its own: a submitted project and one that it may be."""
    pairs = (
        (match, candidate)
        for match in done.matching.matches
        if match.how == "question"
        for candidate in match.candidates
    )
    for number, (match, candidate) in enumerate(pairs, start=1):
        origin = Origin(match.unit, match.entry.file)
        question = deciding.question(f"Q{number}", origin, match.entry, candidate.entry)
        yield question, match, candidate


def _faults(done: Reconciliation, paths: "Mapping[str, str]") -> "Iterator[Fault]":
    """What goes back to the units: what is wrong with their files, and what may be returned.

    What differs from the ledger goes back when somebody says so, though it is a finding too.
    """
    policy = done.basis.policy
    files = (
        replace(row, found=Diagnostics(o for o in row.found if o.code not in _OURS_TO_SETTLE))
        for row in done.files
    )
    yield from deciding.faults_of(files, done.submissions, policy, paths)
    senders = {
        one.file: Sender(one.unit, paths.get(one.file, ""), one, policy) for one in done.submissions
    }
    for row in done.rows:
        sender = senders.get(row.difference.file)
        if sender is not None:
            yield sender.returned(row.number, row.difference)


def as_json(done: Reconciliation) -> dict[str, object]:
    """The whole result as plain data; numbers are strings, money in 亿元."""
    basis = done.basis
    return {
        "policy": basis.policy.id,
        "period": basis.period.text,
        "due": done.due.isoformat() if done.due else None,
        "differences": [_difference(row, done) for row in done.rows],
        "matches": [_match(one) for one in done.matching.matches],
        "board": [_arrival(row) for row in done.board.rows],
        "diagnostics": [
            {"unit": row.unit, "file": row.file, **told}
            for row in (_ledger_row(done), *done.board.rows)
            for told in row.found.rows()
        ],
    }


def _ledger_row(done: Reconciliation) -> Arrival:
    """What was found in the ledger itself, as a row of its own."""
    return Arrival("", found=done.ours)


def _difference(row: Row, done: Reconciliation) -> dict[str, object]:
    one = row.difference
    return {
        "number": row.number,
        "kind": one.kind,
        "unit": one.unit,
        "project": one.project,
        "name": one.name,
        "field": one.field,
        "file": one.file,
        "cell": str(one.cell) if one.cell else None,
        "submitted": one.submitted,
        "other_file": one.other_file,
        "other": str(one.other) if one.other else None,
        "known": one.known,
        "note": one.note,
        "adoptable": bool(row.writes),
        "effects": row.effects and [_effect(each, done) for each in row.effects],
    }


def _effect(one: Effect, done: Reconciliation) -> dict[str, object]:
    grains = done.basis.policy.measure(one.measure).grains
    change, pending = (exact_decimal(Fraction(each, grains)) for each in (one.grains, one.pending))
    return {"unit": one.unit, "measure": one.measure, "change": change, "pending": pending}


def _match(one: Match) -> dict[str, object]:
    return {
        "unit": one.unit,
        "file": one.entry.file,
        "cell": str(one.entry.cell("name")),
        "name": one.entry.name,
        "how": one.how,
        "project": one.ledger.project if one.ledger else None,
        "candidates": [
            {"project": other.entry.project, "name": other.entry.name, "because": other.because}
            for other in one.candidates
        ],
    }


def _arrival(row: Arrival) -> dict[str, object]:
    return {
        "unit": row.unit,
        "file": row.file,
        "states": list(row.states),
        "day": row.day.isoformat() if row.day else None,
        "period": row.period,
        "projects": row.projects,
        "used": row.used,
    }


def _seen_from(folder: Path, file: Path) -> str:
    """The way to a file from a folder, as a link says it; the whole path on another drive."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return file.resolve().as_posix()


def check_report(out: Path, *, force: bool = False) -> None:
    """Whether a report may go there: decisions in an earlier one are not to be lost.

    Raises:
        RequestError: XP710 the name is not that of a workbook, XP859 there is one already.
    """
    if out.suffix.lower() != ".xlsx":
        raise RequestError("XP710", path=out, kind=".xlsx")
    if out.exists() and not force:
        raise RequestError("XP859", path=out, count=1)


def write_report(done: Reconciliation, out: Path, *, force: bool = False) -> None:
    """Write the report as a workbook of its own, whole or not at all.

    Raises:
        RequestError: as `check_report`; XP006, XP018 when it cannot be written there.
    """
    check_report(out, force=force)
    package.write_whole(out, package.workbook_bytes(report_of(done, out)))
