"""Whether a workbook bears out the figures of a finished document, and whether it agrees itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplan.diagnostics import Diagnostics, Paragraph
from xlplan.documents.fields import Reader
from xlplan.documents.verify.consistency import Contradiction, contradictions
from xlplan.documents.verify.context import Reading
from xlplan.documents.verify.facts import Facts
from xlplan.documents.verify.matching import SUPPORTED, Checked, Matcher, Verdict, derived
from xlplan.documents.verify.paper import Line, read_paper
from xlplan.documents.verify.periods import check_periods, title_of
from xlplan.documents.verify.spotting import labels
from xlplan.documents.verify.vocabulary import Vocabulary

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures

__all__ = ["SUPPORTED", "Checked", "Verdict", "Verification", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """Every figure of a document with its verdict, and everything that is wrong, with its place.

    `labels` counts the numbers that are no figures: dates, clauses, lists, phones.
    """

    document: str
    figures: tuple[Checked, ...]
    findings: Diagnostics
    labels: int

    @property
    def counts(self) -> Counter[Verdict]:
        """How many figures have each verdict."""
        return Counter(one.verdict for one in self.figures)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is unsupported and nothing contradicts."""
        return not self.findings.has_errors


def verify(data: bytes, name: str, figures: "Figures") -> Verification:
    """Look up every figure of a .docx in a computed period; nothing is changed.

    A figure is first looked for where its sentence, row or column says that it belongs; figures
    that are only found elsewhere are warned of.

    Raises:
        RequestError: when it is no whole Word document; see `read_paper`.
    """
    lines = read_paper(data, name)
    vocabulary = Vocabulary.of(figures)
    checked = tuple(_checked(lines, vocabulary, figures))
    faults = [*contradictions(checked, vocabulary.lists), *check_periods(lines, figures)]
    return Verification(
        name, checked, _findings(name, checked, faults), sum(labels(line.plain) for line in lines)
    )


def _checked(
    lines: Sequence[Line], vocabulary: Vocabulary, figures: "Figures"
) -> Iterator[Checked]:
    reading = Reading(vocabulary, _about(lines, vocabulary))
    matcher = Matcher(Facts.of(Reader(figures)))
    for line in lines:
        yield from derived([matcher.check(placed) for placed in reading.placed(line)])


def _about(lines: Sequence[Line], vocabulary: Vocabulary) -> str:
    """Whose document it is: the unit or group that its title names, else the area."""
    title = title_of(lines)
    named = vocabulary.mentions(title.plain) if title else []
    return next((one.name for one in named if one.kind in ("unit", "group")), vocabulary.area)


def _findings(
    name: str, checked: Sequence[Checked], faults: Sequence[Contradiction]
) -> Diagnostics:
    """The findings on single figures, then those on several."""
    found = Diagnostics()
    for one in checked:
        if one.code:
            place = Paragraph(name, one.placed.line.place)
            found.add(one.code, place, **_values(one))
    for fault in faults:
        found.add(fault.code, Paragraph(name, fault.line.place), **fault.values)
    return found


def _values(one: Checked) -> dict[str, object]:
    meant, fact = one.meant, one.fact
    return {
        "text": one.placed.said.text,
        "found": fact.shown if fact else "",
        "source": fact.source if fact else "",
        "meant": f"{meant.shown}（{meant.source}）" if meant else "",
        "instead": f"，工作簿中{meant.shown}（{meant.source}）" if meant else "",
    }
