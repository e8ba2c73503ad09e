"""What an issued document says around its target tables: title, dates, periods, numbered notes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from xlplan.quantity import Day, parse_date, parse_period
from xlplan.tables import Grid
from xlplan.tables.drafts import DraftTable, Left, draft_tables

_APPENDIX = re.compile(r"附\s*件\s*(\d*)[:：]?")
_NOTE = re.compile(
    r"(?:备注|附注|注(?=\s*[:：\d]))\s*[:：]?\s*(?:(\d+)\s*[.．、:：)）]?)?\s*(.*)", re.DOTALL
)
_NEXT = re.compile(r"(\d+)\s*[.．、)）]\s*(.*)", re.DOTALL)
_TITLED = re.compile(r"[^。；;：:]{4,60}")
_ABOUT = re.compile(r"任务|目标|方案|分解|计划|意见|办法|通知")
_BOOK_TITLE = re.compile(r"《([^《》]+)》")
_AREA = re.compile(
    r"(?:[\u4e00-\u9fff]{2,4}市)?([\u4e00-\u9fff]{1,6}?(?:自治州|新区|[区县市州旗镇乡]|街道))"
)
_ABOUT_A_PAPER = re.compile(r"^.*?关于(?:印发|下达|分解|做好|调整|明确)?")
_SIGNED = re.compile(r"[\u4e00-\u9fff]{2,26}(?:人民政府|办公室|委员会|领导小组)")
_DATE = re.compile(
    r"20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|二[〇○Ｏ零][〇○Ｏ零一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_PERIOD = re.compile(r"(20\d\d)\s*年(?:第?([一二三四1-4])季度|(\d{1,2})月(?!\s*\d))?")
_NUMBERED = re.compile(r"[(（]?([一二三四五六七八九十]+|\d+)[)）、.．]+")
_QUARTERS = {word: n for n, word in enumerate("一二三四", 1)}
_BULLETIN = re.compile(r"([月季])度?通报")
_ASSESSMENT = re.compile(r"([季年])[度终]?(?:考核|考评)")


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note 备注 of the document, and its place."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A target table and the place where the document has it."""

    place: str
    table: DraftTable

    @property
    def title(self) -> str:
        """The text above it that is no remark on units; "" = none."""
        said = (text for text in self.table.titles if "单位:" not in text)
        return next(said, "").replace("(", "（").replace(")", "）")

    @property
    def group(self) -> str:
        """The group of its rows, or that which the title names, such as 园区; "" = none."""
        if self.table.group:
            return self.table.group
        name = _NUMBERED.sub("", self.title, count=1).strip()
        is_name = len(name) <= _LONGEST_GROUP and not re.search(r"[表\d]|任务|目标|单位", name)
        return name if is_name else ""

    @property
    def period(self) -> str:
        """The period that its titles name; "" = none."""
        return next(filter(None, map(period_in, self.table.titles)), "")


_LONGEST_GROUP = 12


@dataclass
class Story:
    """A document as read for drafting."""

    texts: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    tables: list[PlacedTable] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    _appendix: str = ""
    _number: int = 0

    def take(self, parts: Iterable[str | Grid]) -> "Story":
        """Read paragraphs and tables in their order."""
        for part in parts:
            if isinstance(part, str):
                for line in part.splitlines():
                    self._text(line.strip())
            else:
                self._grid(part)
        return self

    def _grid(self, grid: Grid) -> None:
        found = draft_tables(grid)
        self.left += found.left
        for table in found.tables:
            placed = PlacedTable("", table)
            number = _NUMBERED.match(placed.title)
            place = self._appendix + (f"（{number[1]}）" if number else "") or table.name
            known = sum(known.place.partition("·")[0] == place for known in self.tables)
            self.tables.append(PlacedTable(f"{place}·{known + 1}" if known else place, table))
        for text in found.texts:
            if text not in self.texts[-1:]:
                self._text(text)

    def _text(self, line: str) -> None:
        """One line: an appendix's heading, a note, or any other text."""
        if not line:
            return
        appendix, first = _APPENDIX.fullmatch(line), _NOTE.match(line)
        following = _NEXT.match(line) if self._number else None
        if appendix:
            self._appendix = f"附件{appendix[1]}"
        if first:
            self._number = int(first[1] or 1)
            self._note(f"备注{first[1] or ''}", first[2])
        elif following and int(following[1]) == self._number + 1:
            self._number += 1
            self._note(f"备注{self._number}", following[2])
        else:
            self._number = 0
            self.texts.append(line)

    def _note(self, name: str, text: str) -> None:
        place = self._appendix + name
        known = sum(note.place.partition("·")[0] == place for note in self.notes)
        if text.strip():
            self.notes.append(Note(f"{place}·{known + 1}" if known else place, text.strip()))

    @cached_property
    def title(self) -> str:
        """The document's title: the first line that names a plan; a title it quotes instead."""
        lines = (text for text in self.texts if _TITLED.fullmatch(text) and _ABOUT.search(text))
        line = next(lines, "")
        quoted = _BOOK_TITLE.search(line)
        return quoted[1] if quoted else line

    @cached_property
    def area(self) -> str:
        """The area that the title begins with, or that signs the document; "" = none."""
        said = [_ABOUT_A_PAPER.sub("", self.title)]
        said += [self.title] if not self.title.startswith("关于") else []
        said += [text for text in self.texts if _SIGNED.fullmatch(text)]
        return next((found[1] for text in said if (found := _AREA.match(text))), "")

    @cached_property
    def issued(self) -> date | None:
        """The date of issue: a line that is a date, else one that ends in 印发."""
        lines = [text for text in self.texts if _DATE.fullmatch(text)]
        lines += [text for text in self.texts if text.endswith("印发")]
        days = (parse_date(_squeezed(said[0])) for text in lines if (said := _DATE.search(text)))
        return next((day.date for day in days if isinstance(day, Day)), None)

    @cached_property
    def period(self) -> str:
        """The year that the title, or else any table, or else any title-like line names."""
        lines = [self.title, *(title for t in self.tables for title in t.table.titles)]
        lines += [text for text in self.texts if _TITLED.fullmatch(text) and _ABOUT.search(text)]
        return next((said[:4] for text in lines if (said := period_in(text))), "")

    def calendar(self, word: str) -> tuple[str, str]:
        """The word of 月通报/季通报 or 季考核/年考核 and the note that says it; "" = none."""
        pattern = _BULLETIN if word == "通报" else _ASSESSMENT
        for place, text in [(n.place, n.text) for n in self.notes] + [("", t) for t in self.texts]:
            if found := pattern.search(text):
                return found[1], place
        return "", ""

    def note_about(self, *words: str) -> Note | None:
        """The first note that says one of these words."""
        return next((note for note in self.notes if any(w in note.text for w in words)), None)


def period_in(text: str) -> str:
    """The period that a title names.

    >>> period_in("2024年招商引资任务"), period_in("2024年第二季度任务"), period_in("任务")
    ('2024', '2024Q2', '')
    """
    found = _PERIOD.search(text)
    if not found:
        return ""
    if found[2]:
        return f"{found[1]}Q{_QUARTERS.get(found[2], found[2])}"
    return f"{found[1]}-{int(found[3]):02}" if found[3] else found[1]


def period_of(word: str, year: str) -> str:
    """The part of a year that a head names.

    >>> period_of("一季度", "2024"), period_of("下半年", "2024"), period_of("全年", "2024")
    ('2024Q1', '2024H2', '2024')
    """
    found = parse_period(f"{year}年{word}")
    return found.text if found else year


def _squeezed(text: str) -> str:
    return "".join(text.split())
