"""Which part of an official document each paragraph is, told by what it says and how it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlplan.gbt9704.paper import Paper, Paragraph

_DIGITS = "一二三四五六七八九十"
LEVELS = (
    re.compile(rf"[{_DIGITS}]+、"),
    re.compile(rf"[（(][{_DIGITS}]+[）)]"),
    re.compile(r"\d+[.．、](?!\d)"),
    re.compile(r"[（(]\d+[）)]"),
)
"""How a heading of each level begins, also where its marks are not the right ones."""

_ANNEX = re.compile(r"附件\s*\d{0,2}[：:]?")
_ANNEX_NOTE = re.compile(r"附件[：:]\s*\S")
_TABLE_NOTE = re.compile(r"(?:注|备注|说明)[：:]")
_NUMBERED = re.compile(r"\s*\d+[.．、]")
_DATE = re.compile(rf"[\d〇○零{_DIGITS}]{{4}}年[\d{_DIGITS}]{{1,3}}月[\d{_DIGITS}]{{1,3}}日")
_NUMBER = re.compile(r".*[\[〔(（【［]?\d{4}[\]〕)）】］].*号|.*第\d+号")
_TITLE_SIZE = 18.0
_LONGEST_ADDRESS = 120
_LONGEST_SIGNATURE = 40
_BRIGHT, _DARK = 0xC0, 0x40


class Heading(NamedTuple):
    """A heading and its level, 1 to 4."""

    level: int
    paragraph: Paragraph


class Annex(NamedTuple):
    """Where an attachment begins: its label, its title, and the blank lines between the two."""

    label: Paragraph
    title: Paragraph | None
    blanks: int


@dataclass(frozen=True, slots=True)
class Roles:
    """The parts of a document; what it does not have is None or empty."""

    head: tuple[Paragraph, ...]
    mark: Paragraph | None
    document_number: Paragraph | None
    title: tuple[Paragraph, ...]
    addressees: Paragraph | None
    headings: tuple[Heading, ...]
    body: tuple[Paragraph, ...]
    annex_note: tuple[Paragraph, ...]
    before_note: Paragraph | None
    date: Paragraph | None
    annexes: tuple[Annex, ...]
    copies: Paragraph | None
    printed: Paragraph | None

    @property
    def main(self) -> tuple[Paragraph, ...]:
        """Body and headings in order."""
        together = (*self.body, *(heading.paragraph for heading in self.headings))
        return tuple(sorted(together, key=lambda paragraph: paragraph.number))


def is_red(colour: str) -> bool:
    """Whether a colour is that of a red head.

    >>> is_red("FF0000"), is_red("auto"), is_red("1F4E79")
    (True, False, False)
    """
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", colour):
        return False
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    return red >= _BRIGHT and max(green, blue) <= _DARK


def roles_of(paper: Paper) -> Roles:
    """Tell the parts of a document apart."""
    every = [one for one in paper.paragraphs if not one.is_table]
    start, end = _title(every)
    head = tuple(every[:start])
    close = next((n for n in range(end, len(every)) if _is_end(every[n])), len(every))
    main = every[end:close]
    address = _addressees(main)
    note = _annex_note(main)
    date = next((p for p in reversed(main) if _DATE.fullmatch(p.said)), None)
    rest = [p for p in main if p.said and p is not address and p not in note and p is not date]
    signature = _signature(rest, date)
    text = [p for p in rest if p is not signature and not _TABLE_NOTE.match(p.said)]
    headings = tuple(h for p in text if (h := _heading(p)) is not None)
    titles = {heading.paragraph.number for heading in headings}
    tail = every[close:]
    return Roles(
        head,
        next((p for p in head if p.first and is_red(p.first.colour)), None),
        next((p for p in head if _NUMBER.fullmatch(p.said)), None),
        tuple(every[start:end]),
        address,
        headings,
        tuple(p for p in text if p.number not in titles),
        note,
        main[main.index(note[0]) - 1] if note and main.index(note[0]) else None,
        date,
        tuple(_annexes(tail)),
        next((p for p in every[end:] if p.said.startswith("抄送")), None),
        next((p for p in every[end:] if p.said.endswith("印发")), None),
    )


def _title(every: Sequence[Paragraph]) -> tuple[int, int]:
    """From which paragraph to which the title stands; without one, nothing at the beginning."""
    for n, one in enumerate(every):
        if one.first is None or one.align != "center" or is_red(one.first.colour):
            continue
        if (one.first.size or 0) >= _TITLE_SIZE and not _NUMBER.fullmatch(one.said):
            end = n + 1
            while end < len(every) and every[end].said and every[end].align == "center":
                end += 1
            return n, end
    first = next((n for n, one in enumerate(every) if _may_be_title(one)), 0)
    return first, min(first + 1, len(every))


def _may_be_title(one: Paragraph) -> bool:
    """Anything that is said before the text and is neither a mark nor a number."""
    return (
        one.first is not None and not is_red(one.first.colour) and not _NUMBER.fullmatch(one.said)
    )


def _is_end(one: Paragraph) -> bool:
    """Whether the main text ends before a paragraph: an attachment, or the foot of the document."""
    return bool(_ANNEX.fullmatch(one.said)) or one.said.startswith("抄送")


def _addressees(main: Sequence[Paragraph]) -> Paragraph | None:
    """The first line of the text, if it ends in a colon."""
    first = next((one for one in main if one.said), None)
    ends = first is not None and first.said.endswith(("：", ":")) and not _heading(first)
    return first if first and ends and len(first.said) <= _LONGEST_ADDRESS else None


def _annex_note(main: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """附件： and the numbered lines that follow it."""
    start = next((n for n, one in enumerate(main) if _ANNEX_NOTE.match(one.said)), None)
    if start is None:
        return ()
    end = start + 1
    while end < len(main) and _NUMBERED.match(main[end].text):
        end += 1
    return tuple(main[start:end])


def _signature(rest: Sequence[Paragraph], date: Paragraph | None) -> Paragraph | None:
    """The issuer's name: a short line on the right before the date."""
    before = [one for one in rest if date is not None and one.number < date.number]
    last = before[-1] if before else None
    is_one = last is not None and len(last.said) <= _LONGEST_SIGNATURE and last.align == "right"
    return last if is_one else None


def _heading(one: Paragraph) -> Heading | None:
    level = next((n for n, mark in enumerate(LEVELS, 1) if mark.match(one.said)), 0)
    return Heading(level, one) if level else None


def _annexes(tail: Sequence[Paragraph]) -> list[Annex]:
    """Each attachment's label, and the title that follows it."""
    found = []
    for n, one in enumerate(tail):
        if _ANNEX.fullmatch(one.said):
            after = next((m for m in range(n + 1, len(tail)) if tail[m].said), None)
            title = tail[after] if after is not None else None
            found.append(Annex(one, title, (after or n + 1) - n - 1))
    return found
