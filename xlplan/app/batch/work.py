"""One book of a batch, from its address to what came of it; runs in another process or machine."""

import socket
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from xlplan import package, resources
from xlplan.app import bulletin as bulletins
from xlplan.app import recalculation
from xlplan.app.batch.addresses import at_hand, exists, is_remote, made_at, stamp
from xlplan.app.batch.asking import Order
from xlplan.app.book import BESIDE, FileBook, open_book
from xlplan.diagnostics import RequestError, Severity
from xlplan.resources import policy_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplan.app.recalculation import Result
    from xlplan.diagnostics.kinds import Language


@dataclass(frozen=True, slots=True)
class Job:
    """A book to be treated; `label` tells it from the others and places its results."""

    address: str
    label: str
    order: Order


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one book.

    `trouble` says in one line of each language why it failed; "" = it did not. `codes` counts its
    findings by code, `errors`, `warnings` and `notes` by severity. `after` tells its content once
    it was done, `wrote` what was written, `inputs` which other files decided it. `seconds` are of
    the wall clock, on the machine `host`. `kept`: an earlier run had done it already. `rolling`: it
    counts up to today, so that another day is another result.
    """

    book: str
    label: str
    trouble: str = ""
    trouble_en: str = ""
    code: str = ""
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    codes: "Mapping[str, int]" = field(default_factory=dict)
    policy: str = ""
    period: str = ""
    as_of: str = ""
    projects: int = 0
    after: str = ""
    wrote: tuple[str, ...] = ()
    changed: bool = False
    inputs: "Mapping[str, str]" = field(default_factory=dict)
    rolling: bool = False
    seconds: float = 0.0
    host: str = ""
    kept: bool = False

    @property
    def state(self) -> str:
        """clean, findings (of severity error) or failed."""
        return "failed" if self.trouble else "findings" if self.errors else "clean"

    def said(self, language: "Language") -> str:
        """Why it failed."""
        return self.trouble if language == "zh" else self.trouble_en


def work(job: Job) -> Outcome:
    """Treat one book; whatever is wrong with it is said in what comes back, never raised."""
    began, host = time.perf_counter(), socket.gethostname()
    try:
        outcome = _treated(job)
    except RequestError as impossible:
        outcome = failed(job, impossible)
    except Exception as bug:  # noqa: BLE001 - one book's trouble is not that of the others
        outcome = failed(job, RequestError("XP973", reason=type(bug).__name__, log=_logged(bug)))
    return replace(outcome, seconds=time.perf_counter() - began, host=host)


def failed(job: Job, why: RequestError) -> Outcome:
    """The outcome of a book that could not be treated."""
    return Outcome(job.address, job.label, why.line("zh"), why.line("en"), why.kind.code)


def content(address: str) -> str:
    """What tells the content of a book from any other; "" where there is none."""
    if is_remote(address):
        return stamp(address) if exists(address) else ""
    return package.digest(address) if Path(address).is_file() else ""


def _logged(bug: Exception) -> Path:
    log = resources.log_file()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(bug))
    return log


def _treated(job: Job) -> Outcome:
    order = job.order
    if order.verb == "recalculate" and not order.out and is_remote(job.address):
        raise RequestError("XP977", path=job.address)
    before = content(job.address) if is_remote(job.address) else ""
    with at_hand(job.address) as path:
        book = open_book(path)
        outcome = _VERBS[order.verb](job, book)
        held = before or book.digest
    in_place = job.address in outcome.wrote
    return replace(outcome, after=content(job.address) if in_place else held)


def _checked(job: Job, book: FileBook) -> Outcome:
    return _told(job, recalculation.recalculate(book, job.order.request))


def _recalculated(job: Job, book: FileBook) -> Outcome:
    result = recalculation.recalculate(book, job.order.request)
    book.put(result.sheets)
    told = _told(job, result)
    if not job.order.out:
        written = book.save()
        name = job.address if written.path == book.path.resolve() else str(written.path)
        return replace(told, wrote=(name,), changed=written.changed)
    label = PurePosixPath(job.label)
    taken = label if book.takes_results else label.with_name(f"{label.stem}{BESIDE}")
    with made_at(job.order.out) as folder:
        target = folder / taken
        target.parent.mkdir(parents=True, exist_ok=True)
        written = book.save(target)
    return replace(told, wrote=(f"{job.order.out}/{taken}",), changed=written.changed)


def _issued(job: Job, book: FileBook) -> Outcome:
    order, below = job.order, PurePosixPath(job.label).with_suffix("")
    with made_at(f"{order.out}/{below}") as folder:
        asked = bulletins.Order(
            order.template, folder, order.per_unit, order.force, order.pdf, order.given
        )
        made = bulletins.bulletin(book, order.request, asked)
    wrote = tuple(
        f"{order.out}/{below}/{issued.path.name}" for issued in made.documents if not issued.trouble
    )
    told = replace(_told(job, made.result), wrote=wrote, changed=bool(wrote))
    if not made.failed:
        return told
    first = made.failed[0]
    why = RequestError("XP971", count=len(made.failed), file=first.path.name, reason=first.trouble)
    return replace(told, trouble=why.line("zh"), trouble_en=why.line("en"), code=why.kind.code)


_VERBS = {"check": _checked, "recalculate": _recalculated, "bulletin": _issued}


def _told(job: Job, result: "Result") -> Outcome:
    """What a result says of its book."""
    figures = result.figures
    severities = Counter(found.severity for found in result.diagnostics)
    request, today = job.order.request, date.today()  # noqa: DTZ011 - the clerk's own calendar day
    asked = request.as_of or figures.settings.as_of
    return Outcome(
        job.address,
        job.label,
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
        codes=dict(sorted(Counter(found.code for found in result.diagnostics).items())),
        policy=figures.policy.id,
        period=str(figures.period),
        as_of=figures.as_of.isoformat(),
        projects=len(figures.ledger.projects),
        inputs=_inputs(job.order, figures.settings.policy),
        rolling=asked is None and figures.as_of == today,
    )


def _inputs(order: Order, policy: Any) -> dict[str, str]:  # noqa: ANN401 - as the sheet 设置 says
    """The files besides the book that decided the result, each with its digest."""
    named = policy_files().get(str(order.request.policy or policy), Path(str(policy)))
    files = {*order.inputs, *((named,) if named.is_file() else ())}
    return {str(file): package.digest(file) for file in sorted(files)}
