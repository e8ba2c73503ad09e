"""Of whom and what a figure is, told by the names around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from xlplan.documents.verify.paper import Line
from xlplan.documents.verify.spotting import Said, spot, without_labels
from xlplan.documents.verify.vocabulary import SUBJECTS, Mention, Vocabulary, without_names
from xlplan.quantity import unit_named
from xlplan.quantity.glyphs import normal

_HEADS = (
    ("完成率", "完成率"),
    ("达标率", "完成率"),
    ("序时差", "序时差"),
    ("序时进度", "序时"),
    ("去重", "去重完成"),
    ("力争", "力争"),
    ("待定", "待定"),
    ("尚差", "差额"),
    ("还差", "差额"),
    ("尚欠", "差额"),
    ("缺口", "差额"),
    ("超额", "超额"),
    ("同比", "同比"),
    ("环比", "环比"),
    ("占比", "占比"),
    ("占", "占比"),
    ("权重", "权重"),
    ("份额", "份额"),
    ("原值", "原值"),
    ("投资额", "投资额"),
    ("总投资", "投资额"),
    ("目标", "目标"),
    ("任务", "目标"),
    ("计划", "目标"),
    ("计入", "计入"),
    ("完成", "完成"),
    ("实现", "完成"),
    ("引进", "完成"),
    ("新签约", "完成"),
    ("新增", "完成"),
    ("位次", "位次"),
    ("排名", "位次"),
)
"""Words near a figure, and the head of the workbook that they mean; the longest first."""

_HEAD_WORDS = re.compile("|".join(word for word, _ in _HEADS))
_HEAD_OF = dict(_HEADS)
_TOTAL = re.compile(r"(?:合计|总计|小计|总数|共计)\Z")
_SENTENCE = re.compile(r"[。;!?\n]")
_LISTED = re.compile(r"(?:、|和|及|与|以及|,)\s*\Z")
_NEXT_TO = 8
"""Characters between a figure and a name right behind it: 3个新签约的重大项目."""


@dataclass(frozen=True, slots=True)
class Context:
    """Whose figure and of which measure; `is_firm` when both stand in the same sentence or row.

    `subjects` are names of units, groups, projects or kinds; "" and () = nothing is named. `head`
    is the head that the words near it mean. `near` is its sentence or row, `line` its paragraph;
    `listed` is how many units its sentence names.
    """

    subjects: tuple[str, ...] = ()
    measure: str = ""
    head: str = ""
    is_firm: bool = False
    near: str = ""
    line: str = ""
    listed: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure of a line, in its context."""

    line: Line
    said: Said
    context: Context


@dataclass
class Reading:
    """Reads the figures off the lines of one document, remembering what it is about.

    `about` is whose document it is where nothing else is named: the unit of its title, or the area.
    """

    vocabulary: Vocabulary
    about: str
    _known: dict[str, list[Mention]] = field(default_factory=dict)

    def placed(self, line: Line) -> list[Placed]:
        """The figures of a line."""
        mentions = self._mentions(line.plain)
        plain = without_labels(without_names(line.plain, mentions))
        if line.table:
            return self._in_table(line, plain)
        return self._in_prose(line, plain, mentions)

    def _mentions(self, plain: str) -> list[Mention]:
        if plain not in self._known:
            self._known[plain] = self.vocabulary.mentions(plain)
        return self._known[plain]

    # Tables

    def _in_table(self, line: Line, plain: str) -> list[Placed]:
        """The figures of a cell: its row says whose they are, its column what."""
        heads = normal(" ".join(line.heads))
        if re.search("序号|编号|电话|联系|日期|时间", heads):
            return []
        context = self._of_cell(line, heads)
        unit = _unit_of(line, heads)
        return [Placed(line, said, context) for said in spot(plain, unit)]

    def _of_cell(self, line: Line, heads: str) -> Context:
        own = [one for label in line.labels for one in self._mentions(normal(label))]
        over = self._mentions(heads)
        subjects = self._subjects(own, over)
        total = any(_TOTAL.search(normal(label).strip()) for label in line.labels)
        measures = [one.name for one in (*own, *over) if one.kind == "measure"]
        caption = [one for text in line.over for one in self._mentions(normal(text))]
        firm = bool(subjects) or total
        if not subjects:
            subjects = self._subjects([one for one in caption if one.kind in _WIDE], [])
        if not measures:
            measures = [one.name for one in caption if one.kind == "measure"][-1:]
        return Context(
            subjects or (self.about,),
            measures[-1] if measures else "",
            _head(heads) or _head(" ".join(map(normal, line.labels))),
            firm and bool(measures),
            normal(" ".join((*line.heads, *line.labels))),
        )

    def _subjects(self, own: Sequence[Mention], over: Sequence[Mention]) -> tuple[str, ...]:
        """The most particular names: projects before units before groups before kinds."""
        for kind in ("project", "unit", "group", "area", "kind"):
            for said in (own, over):
                names = [one.name for one in said if one.kind == kind]
                if names:
                    return (names[-1],)
        return ()

    # Prose

    def _in_prose(self, line: Line, plain: str, mentions: list[Mention]) -> list[Placed]:
        figures = list(spot(plain))
        contexts = [self._of_figure(line, said, mentions) for said in figures]
        self._share_out(line, figures, contexts, mentions)
        units = _shared_units(figures, plain)
        return [Placed(line, said, context) for said, context in zip(units, contexts, strict=True)]

    def _of_figure(self, line: Line, said: Said, mentions: list[Mention]) -> Context:
        plain = line.plain
        start = max((one.end() for one in _SENTENCE.finditer(plain, 0, said.start)), default=0)
        ends = _SENTENCE.search(plain, said.end)
        end = ends.start() if ends else len(plain)
        named = [one for one in mentions if one.end <= said.start and not _is_field(plain, one)]
        before = [one for one in named if start <= one.start]
        earlier = [one for one in named if one.end <= start and not _is_part(plain, one)]
        behind = [one for one in mentions if said.end <= one.start <= min(said.end + _NEXT_TO, end)]
        subjects, measure = _nearest(before), _measure_of(plain, said, before, behind)
        firm = bool(subjects) and bool(measure)
        headings = [one for text in line.over for one in self._mentions(normal(text))]
        subjects = subjects or _nearest(earlier) or _nearest(_wide(headings)) or (self.about,)
        measure = measure or _last_measure(earlier) or _last_measure(headings)
        return Context(
            subjects,
            measure,
            _head_before(plain, start, said),
            firm,
            plain[start:end],
            plain,
            len({one.name for one in mentions if start <= one.start < end and one.kind == "unit"}),
        )

    def _share_out(
        self,
        line: Line,
        figures: list[Said],
        contexts: list[Context],
        mentions: list[Mention],
    ) -> None:
        """After 甲、乙、丙分别 the figures that follow belong to these, one each."""
        for word in re.finditer("分别|依次", line.plain):
            ends = _SENTENCE.search(line.plain, word.end())
            end = ends.start() if ends else len(line.plain)
            after = [n for n, said in enumerate(figures) if word.end() <= said.start < end]
            for kinds, name in ((frozenset({"unit", "group"}), "subjects"), (_MEASURES, "measure")):
                listed = _listed(line.plain, word.start(), mentions, kinds)
                if len(listed) > 1 and len(after) >= len(listed):
                    for n, one in zip(after, listed, strict=False):
                        contexts[n] = _renamed(contexts[n], name, one.name)


_WIDE = frozenset({"unit", "group", "area"})
_MEASURES = frozenset({"measure"})


_FIELD = re.compile(r"[内中里]?(?:各?单位)?(?:排名|排|列)?第[0-9一二三四五六七八九十]")


def _is_field(plain: str, one: Mention) -> bool:
    """Whether a group is only said to be the field of a place: 列园区第1位."""
    return one.kind in ("group", "area") and _FIELD.match(plain, one.end) is not None


def _is_part(plain: str, one: Mention) -> bool:
    """Whether a name stands after 其中 in its sentence: the next sentence is of the whole again."""
    sentence = _SENTENCE.split(plain[: one.start])[-1]
    return "其中" in sentence


def _head_before(plain: str, start: int, said: Said) -> str:
    """The head that the words of its clause mean; of amounts else those of its sentence."""
    own = _head(plain[_clause_start(plain, start, said.start) : said.start])
    if own or said.kind not in ("money", "count"):
        return own
    return _head(plain[start : said.start])


def _wide(mentions: Sequence[Mention]) -> list[Mention]:
    return [one for one in mentions if one.kind in _WIDE]


def _renamed(context: Context, field_: str, name: str) -> Context:
    """The context with another subject or measure, for certain."""
    subjects = (name,) if field_ == "subjects" else context.subjects
    measure = name if field_ == "measure" else context.measure
    firm = bool(subjects and measure)
    return replace(context, subjects=subjects, measure=measure, is_firm=firm)


def _listed(
    plain: str, end: int, mentions: Sequence[Mention], kinds: frozenset[str]
) -> list[Mention]:
    """The run of names joined by 、 that ends before a place; other words may follow the last."""
    found: list[Mention] = []
    for one in reversed([one for one in mentions if one.end <= end and one.kind in kinds]):
        if found and not _LISTED.search(plain[one.end : found[0].start]):
            break
        found.insert(0, one)
    return found


def _nearest(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The last subject named, and a kind of projects named after it besides."""
    subjects = [one for one in mentions if one.kind in SUBJECTS]
    if not subjects:
        return ()
    last = subjects[-1]
    if last.kind != "kind":
        return (last.name,)
    others = [one.name for one in subjects if one.kind != "kind"]
    return (last.name, *others[-1:])


def _measure_of(
    plain: str, said: Said, before: Sequence[Mention], behind: Sequence[Mention]
) -> str:
    """The measure named right behind a count or an amount, else the last one before."""
    for one in behind:
        between = plain[said.end : one.start]
        if one.kind == "measure" and not re.search(r"[0-9,。;、(]", between):
            return one.name
    return _last_measure(before)


def _last_measure(mentions: Sequence[Mention]) -> str:
    return next((one.name for one in reversed(mentions) if one.kind == "measure"), "")


def _clause_start(plain: str, start: int, end: int) -> int:
    marks = [plain.rfind(mark, start, end) for mark in ",、(:"]
    return max((*marks, start - 1)) + 1


def _head(text: str) -> str:
    """The head that the last word of a text means."""
    found = list(_HEAD_WORDS.finditer(text))
    return _HEAD_OF[found[-1][0]] if found else ""


_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_UNIT_SAID = re.compile(r"单位[:：]?\s*([^\s,;。)、/]+)")


def _unit_of(line: Line, heads: str) -> str:
    """The unit of a column's bare numbers: in its head, in the row, or in a caption 单位：亿元."""
    said = [
        *reversed(_IN_BRACKETS.findall(heads)),
        *map(normal, line.labels),
        *(found[1] for text in reversed(line.over) if (found := _UNIT_SAID.search(normal(text)))),
    ]
    if re.search("率|占比|增幅|同比|环比|百分点|%", heads):
        return "百分数"
    if re.search("位次|排名|名次", heads):
        return "位"
    if re.search("个数|项目数|家数|户数", heads):
        return "个"
    return next((text for text in said if (unit := unit_named(text)) and unit.base), "")


def _shared_units(figures: list[Said], plain: str) -> list[Said]:
    """In 12、13和14亿元 all are 亿元."""
    found = list(figures)
    for n in range(len(found) - 2, -1, -1):
        one, following = found[n], found[n + 1]
        between = plain[one.end : following.start]
        if one.kind == "bare" and following.unit and re.fullmatch(r"\s*[、和及与,]\s*", between):
            again = list(spot(one.text, following.unit))
            if len(again) == 1:
                found[n] = _moved(again[0], one.start)
    return found


def _moved(said: Said, start: int) -> Said:

    return replace(said, start=start, end=start + len(said.text))
