"""xlplan: target management for investment promotion (招商引资), inside the clerk's workbook.

    import xlplan

    book = xlplan.open_book("任务分解表.xlsx")
    result = xlplan.recalculate(book, as_of="2021-09-30")
    result.standings                       # pandas; columns documented in xlplan.model
    print(result.explain("白涛园区", "协议资金"))
    book.save()                            # writes only the sheets that xlplan owns

Importing this module is cheap: pandas and the readers are imported when a function needs them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Union, Unpack

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from xlplan.app.applying import Applied
    from xlplan.app.batch import Batch, Outcome
    from xlplan.app.book import Book, FileBook
    from xlplan.app.bulletin import Bulletin
    from xlplan.app.recalculation import Result
    from xlplan.app.reconciliation import Reconciliation
    from xlplan.app.rollup import Rollup
    from xlplan.app.slips import Returned
    from xlplan.app.verification import Verified
    from xlplan.counties import Scope
    from xlplan.diagnostics import Diagnostic, Diagnostics, RequestError
    from xlplan.gbt9704 import Report
    from xlplan.live import LiveBook
    from xlplan.package import Written
    from xlplan.policy import Policy
    from xlplan.sheets.comparison import Comparison
    from xlplan.sheets.description import Sheet

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Diagnostics",
    "RequestError",
    "active_book",
    "apply",
    "batch",
    "bulletin",
    "check_document",
    "compare",
    "load_policy",
    "new_book",
    "open_book",
    "recalculate",
    "reconcile",
    "return_slips",
    "rollup",
    "undo",
    "verify",
    "write_sheets",
]


def __getattr__(name: str) -> object:
    """What findings are made of; with them `import xlplan` would take twice as long."""
    if name in {"Diagnostic", "Diagnostics", "RequestError"}:
        from xlplan import diagnostics  # noqa: PLC0415 - lazy

        return getattr(diagnostics, name)
    raise AttributeError(name)


class When(TypedDict, total=False):
    """What period is meant, up to which day, and by which policy; default: the sheet 设置.

    `previous` and `last_year` are what to hold it against: an earlier workbook, or the JSON of an
    earlier result; `previous` may also be a day or a period of the same book.
    """

    as_of: date | str | None
    period: str | None
    policy: str | Path | None
    previous: str | Path | None
    last_year: str | Path | None


class How(When, total=False):
    """Besides when: one document a unit, PDF too, whether to replace files of the same name.

    `given` holds what only the user knows: 印发单位, 文号, 主送, 抄送, 印发机关, 印发日期.
    """

    per_unit: bool
    pdf: bool
    force: bool
    given: Mapping[str, str]


def open_book(path: Path | str) -> "FileBook":
    """Open a workbook on disk (.xlsx .xlsm .xls .xlsb .ods).

    Raises:
        RequestError: when there is no such file, or it is not a readable workbook.
    """
    from xlplan.app import book  # noqa: PLC0415 - lazy on purpose, see the module's docstring

    return book.open_book(path)


def active_book() -> "LiveBook":
    """The workbook that is open in front, in Excel or in LibreOffice; its `save` writes there.

    LibreOffice must listen: start it with --accept="pipe,name=xlplan;urp", or name its address in
    XLPLAN_OFFICE. Needs the extra `xlplan[excel]`.

    Raises:
        RequestError: XP801 when no program with a workbook answers.
    """
    from xlplan.excel import connecting  # noqa: PLC0415 - lazy
    from xlplan.live import LiveBook  # noqa: PLC0415 - lazy

    return LiveBook(connecting.active_book())


def recalculate(book: "Book", **when: Unpack["When"]) -> "Result":
    """Recompute credits, standings and tiers by the book's policy and put the result sheets.

    The result's frames hold money in 分 (see `xlplan.model`); `book.save()` writes the sheets.

    Args:
        book: what `open_book` gave.
        when: `as_of`, the last day that counts; `period` such as 2021, 2021Q3, 2021-09; `policy`,
            a shipped id or a policy file; default: the sheet 设置, else the policy's own.
            `previous` and `last_year`, what to compare with: then `result.changes` and the sheet
            变动 say what is new, corrected or ruled otherwise, adding up exactly.

    Raises:
        RequestError: when the book names no policy or holds nothing that can be computed; XP896 to
            XP898 for something that cannot be compared with.
    """
    from xlplan.app import recalculation  # noqa: PLC0415 - lazy

    result = recalculation.recalculate(book, recalculation.Request(**when))
    book.put(result.sheets)
    return result


def compare(
    book: "Book",
    policy: str | Path | None = None,
    rulings: Mapping[str, str] | None = None,
    *,
    as_of: date | str | None = None,
    period: str | None = None,
) -> "Comparison":
    """Compute a book by its own policy and rulings and by others, and keep what differs.

    Both sides are of one period and day. The frames `units` and `projects` hold grains (see
    `xlplan.model`); the changes of projects add up to those of units. Without another policy or
    ruling, `options` and `effects` say what each option of each ruling would change by itself.
    Nothing is written; `comparison.sheet` is the sheet 对比 for `write_sheets`.

    Args:
        book: what `open_book` gave.
        policy: the other side's policy, a shipped id or a file; default: the book's own.
        rulings: rulings chosen otherwise, id → option (`{"home-weight": "0%"}`); "" opens one.
        as_of: as for `recalculate`.
        period: as for `recalculate`.

    Raises:
        RequestError: as `recalculate`; XP022, XP023 for a ruling or an option that is not known.
    """
    from xlplan.app import recalculation, whatif  # noqa: PLC0415 - lazy

    request = recalculation.Request(as_of=as_of, period=period)
    return whatif.compare(book, request, whatif.Other(policy, rulings or {}))


def bulletin(
    book: "Book",
    template: str | Path,
    out: Path | str,
    **how: Unpack["How"],
) -> "Bulletin":
    """Fill a template with a computed period: once for the area, or once a unit.

    Every figure in a document stands in a cell of the result sheets. A document that fails leaves
    the others; nothing is written before the template is sound.

    Args:
        book: what `open_book` gave.
        template: a shipped template's name, or the path of a .docx.
        out: the folder for the documents, made if need be.
        how: `per_unit` makes one document a unit, `pdf` a PDF beside each by LibreOffice, `force`
            replaces files of the same name, `given` fills head and foot
            (`{"印发单位": "示例区招商委", "文号": "示招〔2021〕12号"}`); `as_of`, `period` and
            `policy` as for `recalculate`.

    Raises:
        RequestError: as `recalculate`; XP850 with every fault of the template and its place, XP859
            when a file exists, XP858 or XP863 when there is no such template, XP867 when
            LibreOffice is missing, XP868 when something is given that no template knows.
    """
    from xlplan.app import bulletin as bulletins  # noqa: PLC0415 - lazy
    from xlplan.app.recalculation import Request  # noqa: PLC0415 - lazy

    flags = {flag: bool(how.get(flag)) for flag in ("per_unit", "force", "pdf")}
    request = Request(
        how.get("as_of"),
        how.get("period"),
        how.get("policy"),
        how.get("previous"),
        how.get("last_year"),
    )
    order = bulletins.Order(template, Path(out), **flags, given=how.get("given") or {})
    return bulletins.bulletin(book, request, order)


class Many(How, total=False):
    """Besides how: where results go, whether to do again what was done, and where the work is done.

    `executor` is any `concurrent.futures.Executor`; `cluster` the address of a Dask scheduler;
    `jobs` the number of processes of this machine, where neither is given. `progress` is called
    with each outcome, how many there are by now, and how many there will be.
    """

    out: Path | str
    template: str | Path
    again: bool
    executor: "Executor | None"
    cluster: str
    jobs: int | None
    progress: "Callable[[Outcome, int, int], None]"


def batch(verb: str, books: Sequence[Path | str], **how: Unpack["Many"]) -> "Batch":
    """Check, recalculate or issue bulletins for many workbooks, each by itself.

    A book that fails leaves the others. A book that an earlier call did by the same order is passed
    over if nothing that decides its result has changed. Processes of this machine start a fresh
    interpreter: a script that calls this needs `if __name__ == "__main__":`.

    Args:
        verb: "check", "recalculate" or "bulletin".
        books: files, folders, patterns such as `市/*/任务分解表.xlsx`, addresses (`s3://…`).
        how: `out`, a folder or address for copies with results (default: into the books
            themselves) or for documents; `template`, `per_unit`, `pdf` and `force` as for
            `bulletin`; `as_of`, `period` and `policy` as for `recalculate`; `again`; `executor`,
            `cluster` or `jobs`; `progress`.

    Returns:
        An outcome a book in order (`outcomes`: state, findings counted, what was written, seconds
        of the wall clock), and the exit `status` of the command.

    Raises:
        ValueError: for another verb.
        RequestError: XP863 no such template, XP970 no workbook where one was asked for, XP974 to
            XP976 the cluster cannot be used.
        KeyboardInterrupt: when the user stops; its `batch` is what was done, each file whole.
    """
    from xlplan.app import batch as many  # noqa: PLC0415 - lazy
    from xlplan.app.recalculation import Request  # noqa: PLC0415 - lazy

    if verb not in many.VERBS:
        raise ValueError(f"{verb}: {', '.join(many.VERBS)}")
    request = Request(how.get("as_of"), how.get("period"), how.get("policy"))
    flags = {flag: bool(how.get(flag)) for flag in ("per_unit", "pdf", "force")}
    out, template = str(how.get("out", "")), str(how.get("template", ""))
    where = many.Where(how.get("executor"), how.get("cluster", ""), how.get("jobs"))
    told = {"told": how["progress"]} if "progress" in how else {}
    order = many.Order(verb, request, out, template, **flags, given=how.get("given") or {})
    return many.batch(books, order, where, **told, again=bool(how.get("again")))


class RolledUp(TypedDict, total=False):
    """For which period and day books are computed, and where, as in `Many`."""

    as_of: date | str | None
    period: str | None
    executor: "Executor | None"
    cluster: str
    jobs: int | None
    progress: "Callable[[str, bool, int, int], None]"


def rollup(
    books: Sequence[Path | str],
    policy: Union[Path, str, "Scope", None] = None,
    **how: Unpack["RolledUp"],
) -> "Rollup":
    """Add up many counties' workbooks, each computed by its own policy; nothing is written.

    Amounts are exact. A project that several counties have counts once where the measure says so;
    rates are made from sums, never averaged. What is lacking is in `diagnostics`. The frames
    `counties`, `lines`, `totals` and `shared` hold fractions in the unit of each measure, with the
    file, sheet and cell of every line; `save(path)` writes them as sheets with live formulas.

    Args:
        books: files, folders, patterns, addresses, as for `batch`.
        policy: a roll-up policy, a .toml file (docs/多本.md); default: everybody who reports, and
            every measure that can be added up.
        how: `as_of` and `period`, which all books must share; default: the roll-up policy's, else
            their own. `executor`, `cluster` or `jobs` as for `batch`; `progress` is called with
            each book's name, whether it could be computed, how many are done, and of how many.

    Raises:
        RequestError: XP601 the roll-up policy has faults, XP970 no workbook where one was asked
            for, XP974 to XP976 the cluster cannot be used, XP987 the books are of different periods
            or days; the trouble of the first book where none could be computed.
    """
    from xlplan.app import rollup as rolling  # noqa: PLC0415 - lazy
    from xlplan.app.batch import Where  # noqa: PLC0415 - lazy

    where = Where(how.get("executor"), how.get("cluster", ""), how.get("jobs"))
    order = rolling.Order(policy, how.get("as_of"), how.get("period"))
    if "progress" in how:
        return rolling.rollup(books, order, where=where, told=how["progress"])
    return rolling.rollup(books, order, where=where)


def check_document(path: Path | str, variant: Path | str | None = None) -> "Report":
    """Check the layout of a Word document against GB/T 9704-2012, fact by fact.

    Args:
        path: any .docx.
        variant: a .toml file with what is asked for otherwise here.

    Returns:
        The standard's facts in order, each conforming, differing (where and how) or not checked
        (why). A font that this machine lacks is never said to conform.

    Raises:
        RequestError: XP001 there is no such file, XP865 it is no Word document, XP866 the variant
            cannot be used.
    """
    from xlplan import gbt9704  # noqa: PLC0415 - lazy

    return gbt9704.check_document(Path(path), Path(variant) if variant is not None else None)


def verify(book: "Book", document: Path | str, **when: Unpack["When"]) -> "Verified":
    """Look up every figure of a finished Word document in a computed period.

    Nothing is written. `verified.figures` are all figures with their verdicts and cells,
    `verified.findings` what the book does not bear out and where the document contradicts itself.

    Args:
        book: what `open_book` gave.
        document: the path of a .docx, made by xlplan or typed by hand.
        when: `as_of`, `period` and `policy` as for `recalculate`; default: the sheet 设置.

    Raises:
        RequestError: as `recalculate`; XP001 to XP008 when the file is no whole Word document.
    """
    from xlplan.app import verification  # noqa: PLC0415 - lazy
    from xlplan.app.recalculation import Request  # noqa: PLC0415 - lazy

    return verification.verify(book, Request(**when), Path(document))


class Submitted(When, total=False):
    """Besides when: by which day was to be submitted, and what else reads the files.

    `due` default: the policy's calendar. `executor` reads on its processors; default: those of this
    machine, where that pays. `force` replaces an older report.
    """

    due: date | str | None
    executor: "Executor | None"
    force: bool


def reconcile(
    book: "Book",
    files: Iterable[Path | str],
    report: Path | str | None = None,
    **how: Unpack["Submitted"],
) -> "Reconciliation":
    """Hold what units handed in against the ledger, which stays as it is.

    `board` says who submitted what, `rows` are the differences with their effects on the credits of
    each unit, `matching` how each project was placed, `diagnostics` all that was found.

    Args:
        book: the ledger, as `open_book` gave it.
        files: what was handed in (.xlsx .xlsm .xls .xlsb .ods .csv .docx), or folders that hold it.
        report: an .xlsx to write, to be decided in and then given to `apply`.
        how: `due`, `executor` and `force`; `as_of`, `period` and `policy` as for `recalculate`.

    Raises:
        RequestError: as `recalculate`; XP001, XP927 there is nothing to reconcile, XP929 the due
            date cannot be read, XP859 the report exists.
    """
    from xlplan.app import collecting, reconciled, reconciliation  # noqa: PLC0415 - lazy
    from xlplan.app.recalculation import Request  # noqa: PLC0415 - lazy

    out = Path(report) if report is not None else None
    if out is not None:
        reconciled.check_report(out, force=how.get("force", False))
    handed = tuple(collecting.handed_in(map(Path, files)))
    request = Request(how.get("as_of"), how.get("period"), how.get("policy"))
    what = reconciliation.Collection(handed, how.get("due"), how.get("executor"))
    done = reconciliation.reconcile_files(book, request, what)
    if out is not None:
        reconciled.write_report(done, out, force=how.get("force", False))
    return done


def apply(
    book: "FileBook", report: Path | str, *, by: str = "", dry_run: bool = False
) -> "Applied":
    """Write what was decided in a report of a reconciliation into the ledger, in one step.

    Nothing is applied that changed meanwhile or cannot go without harm; it stands in
    `applied.diagnostics`. `undo` takes all of it back.

    Args:
        book: the ledger, as `open_book` gave it.
        report: the report workbook, its columns 处理 and 判断 filled in.
        by: who is named in 变更记录; default: the user of this computer.
        dry_run: tell the changes and write nothing.

    Raises:
        RequestError: XP953 it is no report, XP958 a sheet of a log's name is not ours, or as
            `write_sheets`; the ledger is untouched.
    """
    from xlplan.app import applying  # noqa: PLC0415 - lazy

    return applying.apply_report(book, Path(report), applying.Order(by, dry_run))


def return_slips(
    report: Path | str,
    out: Path | str,
    *,
    due: date | str | None = None,
    by: str = "",
    force: bool = False,
) -> "tuple[tuple[Returned, ...], Diagnostics]":
    """Write for each unit what it is to put right: a page, a marked copy of its file, a text.

    Args:
        report: the report workbook; rows of 差异 decided 退回 go back, and what was wrong with the
            files themselves.
        out: the folder, with a folder for each unit inside.
        due: by when the units are asked to answer.
        by: who signs.
        force: replace older slips.

    Raises:
        RequestError: XP953 it is no report, XP961 nothing goes back, XP859 slips exist already.
    """
    from xlplan.app import slips  # noqa: PLC0415 - lazy

    return slips.return_slips(Path(report), slips.SlipOrder(Path(out), due, by, force))


def new_book(path: Path | str, policy: Union[str, Path, "Policy"]) -> "Written":
    """Write the empty standard workbook of a policy; an existing file is never overwritten.

    Raises:
        RequestError: when the file exists, cannot be written, or the policy is unknown.
    """
    from xlplan.app import creation  # noqa: PLC0415 - lazy

    return creation.new_book(path, policy)


def load_policy(source: str | Path) -> "Policy":
    """Load a policy that ships, by its id, or one from a TOML file.

    Raises:
        RequestError: XP009 unknown id, XP601 with every fault of the file and its key path.
    """
    from xlplan import policy  # noqa: PLC0415 - lazy

    return policy.load_policy(source)


def write_sheets(
    path: Path | str,
    sheets: Mapping[str, Union["pd.DataFrame", "Sheet"]],
    out: Path | str | None = None,
) -> "Written":
    """Put frames as formatted sheets into any existing workbook, losing nothing else in it.

    A sheet of that name is replaced in place, what hangs on it stays; a new one goes last. Every
    part of the file that is not one of these sheets stays byte for byte as it was. Needs no policy.

    Args:
        path: an existing .xlsx, .xlsm, .xltx or .xltm.
        sheets: by sheet name, a pandas DataFrame or a described sheet.
        out: write this file instead and leave `path` alone.

    Raises:
        RequestError: when the workbook cannot be written back without loss (encrypted, signed,
            shared, damaged, in use …); it is untouched then.
    """
    from xlplan import package  # noqa: PLC0415 - lazy
    from xlplan.sheets.frames import as_sheet  # noqa: PLC0415 - lazy

    return package.write_sheets(path, [as_sheet(name, it) for name, it in sheets.items()], out)


def undo(path: Path | str) -> Path:
    """Put a workbook back as it was before the last write-back.

    Raises:
        RequestError: XP020 when there is nothing to undo.
    """
    from xlplan import package  # noqa: PLC0415 - lazy

    return package.undo(path)
