"""A finished or hand-typed document against a workbook: every figure looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlplan.app.bulletin import EXTRA
from xlplan.app.recalculation import Request, Result, Step, quiet, recalculate
from xlplan.container import reachable
from xlplan.diagnostics import RequestError

if TYPE_CHECKING:
    from xlplan.app.book import Book
    from xlplan.diagnostics import Diagnostics
    from xlplan.documents.verify import Checked, Verification


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` found, and the result that the document was held against."""

    found: "Verification"
    result: Result

    @property
    def figures(self) -> "tuple[Checked, ...]":
        """Every figure of the document with its verdict, in order."""
        return self.found.figures

    @property
    def findings(self) -> "Diagnostics":
        """What is not borne out or contradicts, each with its place."""
        return self.found.findings


def verify(book: "Book", request: Request, file: Path, step: Step = quiet) -> Verified:
    """Compute the book and look up every figure of a .docx in it; nothing is written.

    Raises:
        RequestError: as `recalculate`; XP001 to XP004, XP007, XP008 for a file that is no whole
            Word document, XP021 when the package that reads it is missing.
    """
    with reachable(file):
        data = file.read_bytes()
    result = recalculate(book, request, step)
    step("sheets")
    try:
        from xlplan.documents.verify import verify as check  # noqa: PLC0415 - optional

        return Verified(check(data, file.name, result.figures), result)
    except ImportError as missing:
        raise RequestError("XP021", path=file, extra=EXTRA) from missing


def as_json(verified: Verified) -> dict[str, object]:
    """The verification as plain data; the keys are those of docs/核对.md."""
    figures, found = verified.result.figures, verified.found
    return {
        "document": found.document,
        "policy": figures.policy.id,
        "as_of": figures.as_of.isoformat(),
        "period": str(figures.period),
        "counts": dict(found.counts),
        "labels": found.labels,
        "figures": [_figure(one) for one in found.figures],
        "diagnostics": found.findings.rows(),
    }


def _figure(one: "Checked") -> Mapping[str, str | None]:
    context = one.placed.context
    return {
        "place": one.placed.line.place,
        "text": one.placed.said.text,
        "of": "、".join(context.subjects),
        "measure": context.measure or None,
        "verdict": one.verdict,
        "basis": one.basis or None,
        "meant": f"{one.meant.shown}（{one.meant.source}）" if one.meant else None,
        "code": one.code or None,
    }
