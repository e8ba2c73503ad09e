"""Return slips 退回单: for each unit with faults a page, a marked copy of its file, a short text.

What goes back stands in the report: what was wrong with the files themselves, and the rows of 差异
that were decided 退回. The originals are only read; copies get comments and stay otherwise as they
were, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xlplan import files, package, resources
from xlplan.app.bulletin import template_in
from xlplan.container import Form, form_of, reason_of
from xlplan.diagnostics import Cell, Diagnostics, File, RequestError
from xlplan.documents import output
from xlplan.documents.slips import MarkedFile, Slip, slip_fields, slip_text, sorted_faults
from xlplan.quantity import Day, parse_date
from xlplan.reconciling.decisions import RETURN, Fault
from xlplan.tables.decisions import Report, read_report

_TEMPLATE = "return-slip.docx"
_NOBODY = "单位不明"
_OF_DECISIONS = frozenset({"XP950", "XP951"})
"""What is said of decisions that may have meant 退回; the others are for adopting."""

_MARKABLE = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class SlipOrder:
    """Where the slips go: by when to answer, who sends them, whether older ones are replaced."""

    out: Path
    due: date | str | None = None
    by: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """What was written for one unit: its faults, its files in the order page, text, copies."""

    unit: str
    count: int
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A marked copy to be written: its name and bytes."""

    path: Path
    data: bytes


def return_slips(report: Path, order: SlipOrder) -> tuple[tuple[Returned, ...], Diagnostics]:
    """Write the slips of every unit that has something to put right.

    Raises:
        RequestError: as `open_book` for the report, XP953 where it is none; XP011 a day that
            cannot be read, XP961 nothing is to be returned, XP859 files exist already, XP021 what
            fills templates is missing; XP006, XP018 the folder cannot be written.
    """
    said = read_report(files.open_workbook(report))
    due = _day(order.due)
    found = Diagnostics(one for one in said.found if one.code in _OF_DECISIONS)
    by_unit = _by_unit(said)
    if not by_unit:
        raise RequestError("XP961", path=report)
    template = template_in(resources.shelf("templates") / _TEMPLATE)
    folders = dict(zip(by_unit, output.names([u or _NOBODY for u in by_unit], ""), strict=True))
    _check(order, [order.out / folder for folder in folders.values()])
    written = []
    for unit, faults in by_unit.items():
        folder = order.out / folders[unit]
        marked, copies = _marked(report.parent, folder, faults, found)
        shown = unit or _NOBODY
        slip = Slip(shown, said.draft.period, marked, date.today(), due, order.by)  # noqa: DTZ011 - the clerk's own calendar day
        stem = output.safe_stem(f"{shown}{said.draft.period}退回单")
        page, text = folder / f"{stem}.docx", folder / f"{stem}.txt"
        _put(page, template.fill(slip_fields(slip)).data)
        _put(text, slip_text(slip).replace("\n", "\r\n").encode("utf-8-sig"))
        for copy in copies:
            _put(copy.path, copy.data)
        written.append(Returned(unit, slip.count, (page, text, *(one.path for one in copies))))
    return tuple(written), found


def _day(asked: date | str | None) -> date | None:
    if not isinstance(asked, str):
        return asked
    day = parse_date(asked)
    if not isinstance(day, Day) or day.precision != "day":
        raise RequestError("XP011", text=asked)
    return day.date


def _by_unit(report: Report) -> dict[str, tuple[Fault, ...]]:
    """The faults that go back, by unit in the order of the report."""
    returned = {number for number, one in report.decisions.items() if one.word == RETURN}
    told: dict[str, list[Fault]] = {}
    for fault in report.draft.faults:
        if not fault.number or fault.number in returned:
            told.setdefault(fault.unit, []).append(fault)
    return {unit: tuple(faults) for unit, faults in told.items()}


def _check(order: SlipOrder, folders: Sequence[Path]) -> None:
    """Refuse to mix with what is there, before anything is written."""
    taken = [folder for folder in folders if folder.exists()]
    if taken and not order.force:
        raise RequestError("XP859", path=taken[0], count=len(taken))
    for folder in (order.out, *folders):
        output.check_folder(folder)


def _marked(
    beside: Path, folder: Path, faults: Sequence[Fault], found: Diagnostics
) -> tuple[tuple[MarkedFile, ...], list[_Copy]]:
    """The unit's files with their faults; a copy of each that can carry comments."""
    by_file: dict[str, list[Fault]] = {}
    for fault in faults:
        by_file.setdefault(fault.file, []).append(fault)
    stems = [f"{Path(name).stem}（批注）" for name in by_file]
    names = output.names(stems, "")
    told, copies = [], []
    for (name, own), stem in zip(by_file.items(), names, strict=True):
        ordered = sorted_faults(own)
        original = beside / own[0].path
        target = folder / f"{stem}{original.suffix}"
        try:
            copies.append(_Copy(target, _with_comments(original, ordered, found)))
            told.append(MarkedFile(name, ordered, copy=target.name))
        except _Unmarked as why:
            found.add("XP962", File(name), file=name, reason=str(why))
            told.append(MarkedFile(name, ordered, why_not=str(why)))
    return tuple(told), copies


class _Unmarked(Exception):  # noqa: N818 - no error: a reason that the caller tells
    """Why a file has no marked copy."""


def _with_comments(original: Path, faults: Sequence[Fault], found: Diagnostics) -> bytes:
    """The file's bytes with a comment on every faulty cell."""
    at_cells = [fault for fault in faults if fault.place.sheet and fault.place.row]
    if not original.is_file():
        raise _Unmarked("原件已经不在原来的文件夹里")
    if package.digest(original) != faults[0].digest:
        raise _Unmarked("原件在核对之后改过")
    if not at_cells:
        raise _Unmarked("问题不在单元格里")
    try:
        named = original.suffix.lower() in _MARKABLE
        if not named or form_of(original, original.name) is not Form.PACKAGE:
            raise _Unmarked("原件不是 .xlsx 或 .xlsm 文件")
        made = package.marked(original, [_comment(fault) for fault in at_cells])
    except RequestError as refused:
        raise _Unmarked(
            refused.kind.zh.format_map({**refused.values, "path": original.name})
        ) from None
    for comment, reason in made.left:
        place = Cell(comment.sheet, comment.row, comment.column)
        found.add("XP963", place, file=original.name, reason=reason)
    return made.data


def _comment(fault: Fault) -> package.Comment:
    """A fault as the comment on its cell; one of a whole row stands on its first cell."""
    lines = [f"问题：{fault.text}"]
    lines += [f"怎么改：{fault.hint}"] * bool(fault.hint)
    lines += [f"正确写法：{fault.example}"] * bool(fault.example)
    place = fault.place
    return package.Comment(place.sheet, place.row, place.column or 1, "\n".join(lines))


def _put(path: Path, data: bytes) -> None:
    try:
        output.place(path, data)
    except OSError as error:
        raise RequestError("XP018", path=path, reason=reason_of(error)) from error
