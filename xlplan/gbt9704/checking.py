"""Each fact of the standard, and the check that answers for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlplan.container import Container, reachable
from xlplan.diagnostics import RequestError
from xlplan.gbt9704 import pages, texts
from xlplan.gbt9704.fonts import installed_fonts
from xlplan.gbt9704.paper import read_paper
from xlplan.gbt9704.roles import roles_of
from xlplan.gbt9704.standard import Fact, Standard, standard, variant
from xlplan.gbt9704.verdicts import Case, Outcome, Verdict

CHECKS: Mapping[str, Callable[[Case], Verdict]] = {
    "page-size": pages.page_size,
    "area": pages.area,
    "lines": pages.lines,
    "colour": pages.colour,
    "issuer-mark": texts.issuer_mark,
    "document-number": texts.document_number,
    "red-rule": texts.red_rule,
    "title": texts.title,
    "title-place": texts.title_place,
    "addressees": texts.addressees,
    "body-font": texts.body_font,
    "body-size": texts.body_size,
    "body-indent": texts.body_indent,
    "levels-order": texts.levels_order,
    "levels-font": texts.levels_font,
    "annex-note": texts.annex_note,
    "date": texts.date,
    "no-empty-page": texts.no_empty_page,
    "annex": texts.annex,
    "copies": texts.copies,
    "printed-by": texts.printed_by,
    "copies-rules": texts.copies_rules,
    "number-form": pages.number_form,
    "number-side": pages.number_side,
    "number-height": pages.number_height,
    "landscape": pages.landscape,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of each fact, in the standard's order."""

    standard: str
    verdicts: tuple[tuple[Fact, Verdict], ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found to differ; what was not checked is not said to conform."""
        return not self.count(Outcome.DIFFERS)

    def told(self) -> dict[str, object]:
        """The report as plain values for JSON."""
        facts = [
            {
                "id": fact.id,
                "name": fact.name,
                "clause": fact.clause,
                "outcome": verdict.outcome.name.lower(),
                "wanted": verdict.wanted,
                "found": list(verdict.found),
                "reason": verdict.reason,
            }
            for fact, verdict in self.verdicts
        ]
        return {"schema": 1, "standard": self.standard, "conforms": self.conforms, "facts": facts}

    def count(self, outcome: Outcome) -> int:
        """How many facts stand so."""
        return sum(verdict.outcome is outcome for _, verdict in self.verdicts)


def check_document(
    path: Path, local: Path | None = None, fonts: frozenset[str] | None = None
) -> Report:
    """Check a .docx against GB/T 9704-2012, or a local variant of it, fact by fact.

    `fonts` are the font families to judge by; without them those of this machine.

    Raises:
        RequestError: XP001 there is no such file, XP865 it is no Word document (.docx), XP866 the
            variant cannot be used; XP004, XP008 it is damaged or harmful.
    """
    law = standard() if local is None else variant(local)
    with reachable(path):
        data = path.read_bytes()
    if not data.startswith(b"PK"):
        raise RequestError("XP865", path=path)
    with Container(data, str(path)) as container:
        paper = read_paper(container)
    known = installed_fonts() if fonts is None else fonts
    return _report(Case(paper, roles_of(paper), law, known), law)


def _report(case: Case, law: Standard) -> Report:
    return Report(law.name, tuple((fact, CHECKS[fact.id](case)) for fact in law.facts))
