"""What is said of a fact: it conforms, it differs (where and how), or it is not checked (why)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from xlplan.gbt9704.paper import Paper, Paragraph, Run, is_chinese
from xlplan.gbt9704.roles import Roles
from xlplan.gbt9704.standard import Standard

CLOSE = 0.1
"""So far apart two lengths in points or characters still are the same."""


class Outcome(Enum):
    """How a fact stands, with the word that a clerk reads."""

    CONFORMS = "符合"
    DIFFERS = "不符合"
    UNCHECKED = "未检查"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was wanted, and each place where something else was found, or why nobody looked."""

    outcome: Outcome
    wanted: str
    found: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A document to be checked; `fonts` are those of this machine, None = not known."""

    paper: Paper
    roles: Roles
    standard: Standard
    fonts: frozenset[str] | None

    def face(self, name: str, paragraphs: Iterable[Paragraph]) -> "Verdict":
        """Whether the Chinese text of paragraphs stands in a face.

        A font that the machine lacks is never said to conform: nobody has seen it.
        """
        wanted, families = name, self.standard.fonts(name)
        used: dict[str, None] = {}
        wrong: list[str] = []
        for paragraph in paragraphs:
            for run in chinese(paragraph):
                used.setdefault(run.font)
                if run.font and run.font not in families:
                    wrong.append(f"{paragraph.place}是{run.font}")
                    break
        if wrong:
            return differs(wanted, wrong)
        return self._seen(wanted, tuple(used))

    def _seen(self, wanted: str, used: Sequence[str]) -> Verdict:
        if not used:
            return unchecked(wanted, "没有这样的文字")
        if "" in used:
            return unchecked(wanted, "文件没有写明中文字体")
        if self.fonts is None:
            return unchecked(wanted, f"文件写的是{'、'.join(used)}；不知道本机装了哪些字体")
        missing = [font for font in used if font not in self.fonts]
        if missing:
            return unchecked(wanted, f"文件写的是{'、'.join(missing)}，本机没有这种字体")
        return Verdict(Outcome.CONFORMS, wanted)


def chinese(paragraph: Paragraph) -> Iterator[Run]:
    """The runs that hold Chinese text."""
    return (run for run in paragraph.runs if is_chinese(run.text))


def conforms(wanted: str) -> Verdict:
    """The fact is as wanted."""
    return Verdict(Outcome.CONFORMS, wanted)


def differs(wanted: str, found: Iterable[str]) -> Verdict:
    """The fact is not as wanted."""
    return Verdict(Outcome.DIFFERS, wanted, tuple(found))


def unchecked(wanted: str, reason: str) -> Verdict:
    """Nobody looked."""
    return Verdict(Outcome.UNCHECKED, wanted, reason=reason)


def judged(wanted: str, found: Iterable[str]) -> Verdict:
    """As wanted, unless something else was found."""
    wrong = tuple(found)
    return differs(wanted, wrong) if wrong else conforms(wanted)


def together(wanted: str, found: Iterable[str], face: Verdict) -> Verdict:
    """A fact about a face and other things: all that differs; unchecked when the face is."""
    wrong = (*found, *face.found)
    if wrong:
        return differs(wanted, wrong)
    return Verdict(face.outcome, wanted, reason=face.reason)


def is_close(one: float | None, other: float, within: float = CLOSE) -> bool:
    """Whether two lengths are the same, as far as Word keeps them."""
    return one is not None and abs(one - other) <= within


def number(value: float) -> str:
    """A length as a clerk writes it.

    >>> number(28.95), number(37.0)
    ('28.95', '37')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def length(millimetres: float) -> str:
    """Millimetres of a page, to a tenth: Word keeps twentieths of a point.

    >>> length(24.9943), length(35.56)
    ('25', '35.6')
    """
    return number(round(millimetres, 1))
