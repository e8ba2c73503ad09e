"""Bulletins, statements and tables: a template filled once for the area, or once a unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan import resources
from xlplan.app.recalculation import Request, Result, Step, quiet, recalculate
from xlplan.container import reachable, reason_of
from xlplan.diagnostics import RequestError
from xlplan.documents import output
from xlplan.documents.fields import Reader
from xlplan.documents.letterhead import letterhead
from xlplan.documents.pdf import find_office, to_pdf

if TYPE_CHECKING:
    from xlplan.app.book import Book
    from xlplan.documents.templates import Template

EXTRA = "xlplan[bulletin]"
"""What is to be installed before a template can be filled."""

_OTHERS = frozenset({"return-slip"})
"""Templates that print no figures of a period, and are filled elsewhere."""

Done = Callable[["Issued", int], None]
"""Called with each document as soon as it is written, or has failed, and how many are asked for."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a template by its shipped name or its path, and where to put what.

    With `per_unit` one document a unit, with `pdf` a PDF beside each; an existing file is kept
    unless `force` says otherwise. `given` is what only the user knows: 印发单位, 文号 and what else
    `model.LETTERHEAD` names; it goes before what the sheet 设置 says.
    """

    template: str | Path
    out: Path
    per_unit: bool = False
    force: bool = False
    pdf: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Issued:
    """One document: the unit it is for ("" = the area), its file, the figures printed into it.

    `trouble` says in one line why it was not written; "" = it was. `warnings` say what in it is
    not settled: figures that are 待定, targets for which nothing was reported.
    """

    unit: str
    path: Path
    figures: int
    trouble: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What one request made: its documents in order, what lint warned of, and the result."""

    documents: tuple[Issued, ...]
    warnings: tuple[str, ...]
    result: Result

    @property
    def failed(self) -> tuple[Issued, ...]:
        """The documents that could not be written."""
        return tuple(issued for issued in self.documents if issued.trouble)


def shipped_templates() -> dict[str, Path]:
    """The templates that ship, by the name that a request calls them."""
    files = sorted(resources.shelf("templates").glob("*.*x"))
    shipped = {file.stem: file for file in files if file.suffix in (".docx", ".xlsx")}
    return {name: file for name, file in shipped.items() if name not in _OTHERS}


def template_file(template: str | Path) -> Path:
    """The file of a shipped template's name, or of a path.

    Raises:
        RequestError: XP863 when there is neither.
    """
    shipped = shipped_templates()
    file = shipped.get(str(template), Path(template))
    if not file.exists():
        raise RequestError("XP863", template=template, known="、".join(shipped) or "（没有）")
    return file


def bulletin(
    book: "Book", request: Request, order: Order, step: Step = quiet, done: Done | None = None
) -> Bulletin:
    """Compute the book, look the template over, and fill it once or once a unit.

    A document that fails leaves the others; nothing is written before the template is sound.

    Raises:
        RequestError: as `recalculate`; XP850 the template has faults, XP858 it is no template,
            XP859 files exist, XP862 the period holds nothing, XP863 no such template, XP021 the
            packages that fill templates are missing, XP867 LibreOffice is, which makes the PDF,
            XP868 something is given that no template knows.
    """
    letterhead(order.given)  # what is wrong with it shows before anything is read
    file = template_file(order.template)
    template = template_in(file)
    office = find_office() if order.pdf else None
    result = recalculate(book, request, step)
    step("sheets")
    settings = result.figures.settings
    reader = Reader(result.figures, letterhead({**dict(settings.given), **order.given}))
    if not reader.units:
        raise RequestError("XP862", period=result.figures.shown_period)
    warnings = _looked_over(template, file, reader, order)
    planned = _planned(file, reader, order)
    step("write")
    issued = []
    for unit, path in planned:
        issued.append(_issue(template, reader, unit, path))
        if done is not None:
            done(issued[-1], len(planned))
    if office is not None:
        step("pdf")
        issued, more = _as_pdf(office, issued)
        warnings += more
    return Bulletin(tuple(issued), warnings, result)


def _as_pdf(office: Path, issued: Sequence[Issued]) -> tuple[list[Issued], tuple[str, ...]]:
    """A PDF beside each document that was written; fonts that another one stands in for."""
    from xlplan.gbt9704 import missing_fonts  # noqa: PLC0415 - only PDF pays

    written = [one.path for one in issued if not one.trouble]
    troubles = to_pdf(office, written)
    of_word = [path for path in written if path.suffix == ".docx"][:1]
    missing = [font for path in of_word for font in missing_fonts(path.read_bytes(), str(path))]
    said = f"本机没有这些字体，PDF 里由别的字体代替，版面会有出入：{'、'.join(missing)}"
    told = [
        replace(one, trouble=f"文件已写出，PDF 没有转成：{troubles[one.path]}")
        if troubles.get(one.path)
        else one
        for one in issued
    ]
    return told, (said,) if missing else ()


def template_in(file: Path) -> "Template":
    """The compiled template of a file; what compiles it is an extra that may not be there."""
    try:
        from xlplan.documents.templates import open_template  # noqa: PLC0415 - optional
    except ImportError as missing:
        raise RequestError("XP021", path=file, extra=EXTRA) from missing
    with reachable(file):
        return open_template(file.read_bytes(), file)


def _looked_over(template: "Template", file: Path, reader: Reader, order: Order) -> tuple[str, ...]:
    """Refuse a template with faults; the warnings of a sound one."""
    from xlplan.documents.faults import TemplateFaults, refuse  # noqa: PLC0415 - optional, as above

    fields = reader.of_unit(reader.units[0]) if order.per_unit else reader.whole
    return refuse(TemplateFaults(file.name, tuple(template.lint(fields))))


def _planned(file: Path, reader: Reader, order: Order) -> list[tuple[str, Path]]:
    """Which unit gets which file; XP859 when one exists already and must not be replaced."""
    units = reader.units if order.per_unit else [""]
    area, period = reader.figures.policy.area, reader.figures.shown_period
    stems = [f"{period}{unit or area}{_title(file)}" for unit in units]
    paths = [order.out / name for name in output.names(stems, file.suffix)]
    beside = [path.with_suffix(".pdf") for path in paths] if order.pdf else []
    taken = [path for path in (*paths, *beside) if path.exists()]
    if taken and not order.force:
        raise RequestError("XP859", path=taken[0], count=len(taken))
    output.check_folder(order.out)
    return list(zip(units, paths, strict=True))


_TITLES = {
    "quarterly": "季通报",
    "monthly": "月通报",
    "unit-statement": "对账单",
    "annual-assessment": "年度考核",
    "quarterly-tables": "季通报附表",
}


def _title(file: Path) -> str:
    return _TITLES.get(file.stem, file.stem)


def _issue(template: "Template", reader: Reader, unit: str, path: Path) -> Issued:
    """Fill and write one document; whatever is wrong with it alone is said in its row."""
    try:
        filled = template.fill(reader.of_unit(unit) if unit else reader.whole)
        output.place(path, filled.data)
    except OSError as error:
        return Issued(unit, path, 0, reason_of(error))
    except template.troubles as trouble:
        return Issued(unit, path, 0, template.said(trouble))
    return Issued(unit, path, len(filled.said), warnings=reader.unsettled(unit))
