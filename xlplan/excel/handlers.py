"""What each button does: the same verbs as on the command line, on the workbook that is open."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.diagnostics import Cell, Diagnostics, RequestError, Severity
from xlplan.excel.texts import say, shown
from xlplan.live import LiveBook
from xlplan.model import CONF_SHEET, WHY_SHEET, WHY_TITLE
from xlplan.sheets.description import Sheet

if TYPE_CHECKING:
    import xlwings as xw

    from xlplan.app.recalculation import Result

SHOWN = 8
"""Findings that a dialog lists; the rest is counted."""

SHOWN_STEPS = 14
"""Steps of an explanation that a dialog lists."""

_TEMPLATES = {"month": "monthly", "quarter": "quarterly"}
_OWN_TEMPLATE = "通报模板.docx"
_MOST_FOLDERS = 1000


@dataclass(frozen=True, slots=True)
class Click:
    """The workbook, the status bar, and what to call once nothing is read any more."""

    book: "xw.Book"
    status: Callable[[str], None]
    has_read: Callable[[], None]

    def step(self, stage: str) -> None:
        """Say in the status bar what is going on."""
        if stage not in ("settings", "ledger"):
            self.has_read()
        self.status(say(f"stage.{stage}"))


Handler = Callable[[Click], str]
"""Does what a button stands for and says in a few words how it went."""


def handler_of(verb: str) -> Handler:
    """What is to be done for a verb.

    Raises:
        RequestError: XP806 for a verb that this version has no button for.
    """
    if verb not in HANDLERS:
        raise RequestError("XP806", verb=verb)
    return HANDLERS[verb]


def recalculate(click: Click) -> str:
    """Compute everything and put the result sheets."""
    live = LiveBook(click.book)
    result = _computed(live, click)
    click.step("sheets")
    builders = result.sheet_builders
    live.put_built(_with_buttons(live, builders))
    click.step("write")
    written = live.save()
    figures = result.figures
    return say(
        "recalculated",
        period=figures.shown_period,
        as_of=figures.shown_as_of,
        projects=len(figures.ledger.projects),
        receipts=len(figures.ledger.receipts),
        written=_written([*builders], written.same),
        findings=_counted(result.diagnostics),
    )


def _written(sheets: Sequence[str], same: Collection[str]) -> str:
    """Which of the sheets are other than before.

    >>> _written(["完成情况", "诊断"], ["诊断"])
    '改写 完成情况，其余结果表没有变化'
    """
    changed = [name for name in sheets if name not in same]
    if not changed:
        return say("written.none")
    return say("written.some" if same else "written.all", sheets="、".join(changed))


def _computed(live: LiveBook, click: Click) -> "Result":
    """Everything computed; what that takes is loaded now, since 撤销 needs none of it."""
    from xlplan.app.recalculation import Request, recalculate  # noqa: PLC0415 - as said

    return recalculate(live, Request(), click.step)


def _with_buttons(
    live: LiveBook, builders: Mapping[str, Callable[[], Sheet]]
) -> Mapping[str, Callable[[], Sheet]]:
    """The sheets, those that are new with buttons where the workbook holds our macros."""
    if CONF_SHEET not in live.sheet_names():
        return builders
    from xlplan.app.buttons import with_buttons  # noqa: PLC0415 - with the builder of workbooks

    return {name: partial(_built, with_buttons, build) for name, build in builders.items()}


def _built(then: Callable[[Sheet], Sheet], build: Callable[[], Sheet]) -> Sheet:
    return then(build())


def check(click: Click) -> str:
    """Compute everything, write nothing, and list the worst of what was found."""
    result = _computed(LiveBook(click.book), click)
    ledger = result.figures.ledger
    said = say(
        "checked",
        projects=len(ledger.projects),
        receipts=len(ledger.receipts),
        targets=len(ledger.targets),
        findings=_counted(result.diagnostics),
    )
    return "\n".join([said, *_listed(result.diagnostics)])


def _counted(found: Diagnostics) -> str:
    counts = Counter(finding.severity for finding in found)
    if not counts:
        return say("findings.none")
    return say(
        "findings",
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
    )


def _listed(found: Diagnostics) -> list[str]:
    """The findings, the worst first, and how many more there are."""
    worst_first = sorted(found, key=lambda one: list(Severity).index(one.severity))
    lines = [shown(one) for one in worst_first[:SHOWN]]
    if len(worst_first) > SHOWN:
        lines.append(say("findings.more", count=len(worst_first) - SHOWN))
    return lines


def explain(click: Click) -> str:
    """Explain the selected cell, and write the explanation to the side sheet 为什么."""
    from xlplan.app import explanation  # noqa: PLC0415 - only this button explains
    from xlplan.sheets.why import why_sheet  # noqa: PLC0415

    about = _selected(click.book)
    live = LiveBook(click.book)
    result = _computed(live, click)
    explained = explanation.explain(result.figures, about)
    lines = explained.lines()
    shown = [*lines[:SHOWN_STEPS]]
    if len(lines) > SHOWN_STEPS:
        shown.append(say("explained.more", count=len(lines) - SHOWN_STEPS))
    key = "explained.sheet" if _may_write_why(live) else "explained.theirs"
    if key == "explained.sheet":
        click.step("write")
        steps = [(sentence.zh, sentence.detail) for sentence in explained.sentences]
        names = live.sheet_names()
        live.put_built(_with_buttons(live, {WHY_SHEET: lambda: why_sheet(about, steps, names)}))
        live.save()
    return "\n".join([about, *shown, say(key, sheet=WHY_SHEET)])


def _selected(book: "xw.Book") -> str:
    """The first of the selected cells, as `完成情况!D7`.

    Raises:
        RequestError: XP013 where a drawing is selected, or nothing.
    """
    cells = book.app.selection
    if cells is None:
        raise RequestError("XP013", what=say("no_cell"))
    return str(Cell(cells.sheet.name, cells.row, cells.column))


def _may_write_why(live: LiveBook) -> bool:
    """Whether there is no sheet 为什么 yet, or it is ours."""
    if WHY_SHEET not in live.sheet_names():
        return True
    return str(live.grid(WHY_SHEET).at(1, 1)).startswith(WHY_TITLE)


def bulletin(click: Click) -> str:
    """Fill the bulletin's template into a folder beside the workbook, each time a new one."""
    from xlplan.app import bulletin as bulletins  # noqa: PLC0415 - only this button writes papers
    from xlplan.app.recalculation import Request  # noqa: PLC0415 - as above

    live = LiveBook(click.book)
    folder = live.folder or Path.home()
    own = folder / _OWN_TEMPLATE
    template: str | Path = own if own.is_file() else _template_of(live)
    out = _free(folder / say("issued.folder"))
    made = bulletins.bulletin(live, Request(), bulletins.Order(template, out), click.step)
    written = [one.path.name for one in made.documents if not one.trouble]
    said = [say("issued", count=len(written), folder=out, names="、".join(written))]
    if made.failed:
        names = "；".join(f"{one.path.name}：{one.trouble}" for one in made.failed)
        said.append(say("issued.failed", count=len(made.failed), names=names))
    return "\n".join([*said, *made.warnings])


def _template_of(live: LiveBook) -> str:
    """The shipped template for the bulletins of the workbook's policy."""
    from xlplan.app.recalculation import Request, policy_of  # noqa: PLC0415 - as above
    from xlplan.tables import read_settings  # noqa: PLC0415 - as above

    settings, _ = read_settings(live)
    return _TEMPLATES[policy_of(live.name, Request(), settings).bulletin]


def _free(folder: Path) -> Path:
    """The folder, or the next of that name that holds nothing yet."""
    names = (folder, *(folder.with_name(f"{folder.name}-{n}") for n in range(2, _MOST_FOLDERS)))
    return next((one for one in names if not one.exists() or not any(one.iterdir())), folder)


def reconcile(click: Click) -> str:
    """Hold what lies in the folder 报送 beside the workbook against it, and write a report there.

    Each time a new report: what was decided in an earlier one is not to be lost.
    """
    from xlplan.app.collecting import handed_in  # noqa: PLC0415 - only this click needs them
    from xlplan.app.recalculation import Request  # noqa: PLC0415 - as above
    from xlplan.app.reconciled import write_report  # noqa: PLC0415 - as above
    from xlplan.app.reconciliation import Collection, reconcile_files  # noqa: PLC0415 - as above
    from xlplan.reconciling.board import STATE_NAMES  # noqa: PLC0415 - as above

    live = LiveBook(click.book)
    folder = live.folder or Path.home()
    handed = tuple(handed_in([folder / say("reconciled.folder")]))
    where = folder / live.name if live.folder else None
    done = reconcile_files(live, Request(), Collection(handed, where=where), click.step)
    click.step("write")
    path = _free_file(folder / f"{say('reconciled.report')}.xlsx")
    write_report(done, path)
    asked = {row.entry.key for row in done.matching.matches if row.how == "question"}
    board = "，".join(f"{STATE_NAMES[state]} {count}" for state, count in done.board.counts.items())
    return say(
        "reconciled",
        files=len(handed),
        board=board,
        differences=len(done.rows),
        questions=len(asked),
        path=path,
        findings=_counted(done.diagnostics),
    )


def _free_file(path: Path) -> Path:
    """The file, or the next of that name that is not there yet."""
    names = (path, *(path.with_stem(f"{path.stem}-{n}") for n in range(2, _MOST_FOLDERS)))
    return next((one for one in names if not one.exists()), path)


def undo(click: Click) -> str:
    """Put back what the last click changed."""
    click.has_read()
    sheets = LiveBook(click.book).undo()
    return say("undone", sheets="、".join(sheets))


HANDLERS: dict[str, Handler] = {
    "check": check,
    "recalculate": recalculate,
    "explain": explain,
    "bulletin": bulletin,
    "reconcile": reconcile,
    "undo": undo,
}
"""The verbs that have a button: `app.verbs` lists them, a test compares."""
