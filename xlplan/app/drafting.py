"""Drafts a policy from an issued document: what it says is placed, what it does not say is asked.

No weight, share or tier is invented: where a rule is needed and the document's words are not
read for certain, a ruling asks for it, and everything that hangs on it stands as pending 待定.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlplan.app.story import Note, PlacedTable, Story, period_of
from xlplan.diagnostics import Key
from xlplan.diagnostics.kinds import Language
from xlplan.policy.loading import policy_of
from xlplan.policy.reading import Reading
from xlplan.quantity import Qualifier, Quantity, Unreadable, parse_quantity
from xlplan.tables.drafts import DraftColumn, DraftRow
from xlplan.tables.words import PROJECTS, RECEIPTS, bare, plain

_AGREEMENT = frozenset(PROJECTS.words["agreement"])
_RECEIVED = frozenset(
    word for word in RECEIPTS.words["amount"] if not word.startswith(("金额", "实际", "本次"))
)
_INVESTMENT = frozenset(PROJECTS.words["investment"])
_COUNT = re.compile("(?:新)?(?:签约|引进)(?:的)?项目(?:个?数量?)?")
_REPORTED_UNITS = {"%", "天", "工作日", "个工作日"}
_PARTS = re.compile(r"\s*[,，]?\s*[(（]?\s*其中.*$", re.DOTALL)
_BARE_NUMBER = re.compile(r"(?<![\d.])(\d[\d,]*(?:\.\d+)?)(?![\d.,]|\s*[亿万元])")
_CELL = re.compile(r"table\[(\d+)\]\.(?:rows\[(\d+)\]|(total))\[(\d+)\]")
_CASE = re.compile(
    r"(?P<what>(?:计划)?(?:总投资|投资)(?:总?额)?|(?:预计|达产后?)?年?产值)(?:达到|达|在|为)?"
    r"(?P<bound>\d+(?:\.\d+)?(?:亿元?|万元))(?:\(含\)|（含）)?(?:及其?以上|以上)"
)
_DEFINED = re.compile(r"([\u4e00-\u9fff]{1,6}项目)(?:是指|指)")
_LONGEST_CALENDAR = 40
_END = r"(?:的(?:招商)?项目)?(?:[；;。]|$|[，,](?=[\u4e00-\u9fff]{1,6}项目(?:是指|指|为)))"

REASONS: Mapping[str, tuple[str, str]] = {
    "measure": (
        "不知道这一列怎么计算，没有放入",
        "how this column is computed is not known; left out",
    ),
    "twice": (
        "与同表另一列是同一指标，没有放入",
        "the same measure as another column of the table; left out",
    ),
    "tier": (
        "备注里没有读出这一档的下限，没有放入；请补写 [[tier]] 和这一列",
        "its bound was not found in the notes; left out: write [[tier]] and this column",
    ),
    "tiers": (
        "各档的下限互相抵触，没有放入",
        "the bounds of the tiers contradict each other; left out",
    ),
    "defined": (
        "备注定义了这一档，但没有它的目标列，没有放入",
        "a note defines this tier, but no column sets targets for it; left out",
    ),
    "head": (
        "这一列没有认出是哪项指标，没有放入",
        "this column is no measure that is known; left out",
    ),
    "long": (
        "这张表不是一行一个单位、一列一个指标的目标表，没有放入",
        "not a table of targets with units down and measures across; left out",
    ),
    "row": (
        "这一行不是单位，没有放入",
        "this row is no unit; left out",
    ),
    "group": (
        "这个单位已在另一类别，这一行没有放入",
        "the unit is in another group already; this row is left out",
    ),
    "again": (
        "同一单位的同一指标已有目标，这一行没有放入",
        "the unit has targets for a measure already; this row is left out",
    ),
    "part": (
        "其中项不知道按哪些行业划分，只放入了总数",
        "how the of-which part is cut off is not known; only the whole is placed",
    ),
    "cell": (
        "读不出确数，这一格留空",
        "no exact figure; the cell is left blank",
    ),
    "reported": (
        "按各单位报送的数（统计数据表）起草；如由台账算得出，请改写这个 [[measure]]",
        "drafted as reported in 统计数据; rewrite the [[measure]] if the ledger yields it",
    ),
    "count": (
        "按台账的项目个数起草，请核对是哪些项目、以哪个日期为准",
        "drafted as a count of the ledger's projects; check which, and by which date",
    ),
    "unit": (
        "金额单位没有写明，按亿元放入，请核对",
        "no unit of money is stated; taken as 亿元, please check",
    ),
    "named": (
        "没有写明类别，暂用表名，请核对",
        "no group is named; the table's name stands for it, please check",
    ),
    "title": (
        "没有找到标题，暂用文件名，请核对",
        "no title was found; the file's name stands for it, please check",
    ),
    "issued": (
        "没有找到印发日期，暂写年初，请核对",
        "no date of issue was found; 1 January stands for it, please check",
    ),
    "area": (
        "没有找到地区名称，请核对",
        "no name of the area was found, please check",
    ),
    "period": (
        "没有找到年度，暂用印发年份，请核对",
        "no year was found; the year of issue stands for it, please check",
    ),
    "bulletin": (
        "没有写明通报周期，暂写按季，请核对",
        "how often bulletins come is not said; quarterly stands for it, please check",
    ),
    "assessment": (
        "没有写明考核周期，暂写按年，请核对",
        "how often it is assessed is not said; yearly stands for it, please check",
    ),
}


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What the draft could not place, or had to fill in: where, what it says, and why."""

    place: str
    text: str
    reason: str

    def line(self, language: Language = "zh") -> str:
        """Place, text and reason in one line."""
        said = REASONS[self.reason][language == "en"]
        text = f"“{' '.join(self.text.split())}”" if self.text else ""
        colon = ": " if language == "en" else "："
        return f"{self.place}{text}{colon}{said}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy as drafted: what its file says, and what could not be placed."""

    values: Mapping[str, Any]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True, slots=True)
class TierNote:
    """A tier whose bounds a note states for certain."""

    name: str
    cases: tuple[Mapping[str, str], ...]
    clause: str

    @property
    def height(self) -> float:
        """The first bound, by which tiers are ordered."""
        bound = next(iter(self.cases[0].values()))
        found = parse_quantity(bound.removeprefix(">= "))
        return float(found.value) if isinstance(found, Quantity) else 0.0


def draft_policy(story: Story, name: str) -> Draft:
    """The draft of a policy called `name`; what its loader refuses is taken out and listed."""
    draft = Drafter(story, name).drafted()
    if _tier_faults(draft.values):
        draft = Drafter(story, name, with_tiers=False).drafted()
    unplaced = list(draft.unplaced)
    for path in _cell_faults(draft.values):
        table, row, at = path
        cells = table["total"] if row is None else table["rows"][row]
        unplaced.append(Unplaced(f"{table['clause']} {cells[0]}", cells[at], "cell"))
        cells[at] = ""
    return Draft(draft.values, tuple(unplaced))


def _faults(values: Mapping[str, Any]) -> list[str]:
    reading = Reading("draft")
    policy_of(values, reading)
    return [fault.place.path for fault in reading.found if isinstance(fault.place, Key)]


def _tier_faults(values: Mapping[str, Any]) -> bool:
    return any(path.startswith("tier[") for path in _faults(values))


def _cell_faults(values: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], int | None, int]]:
    """The cells that cannot be targets: their table, row (None = total) and place in the row."""
    for path in dict.fromkeys(_faults(values)):
        if found := _CELL.fullmatch(path):
            table = values["table"][int(found[1]) - 1]
            yield table, None if found[3] else int(found[2]) - 1, int(found[4]) - 1


@dataclass(slots=True)
class Drafter:
    """One draft in the making."""

    story: Story
    name: str
    with_tiers: bool = True
    unplaced: list[Unplaced] = field(default_factory=list)
    measures: dict[str, dict[str, Any]] = field(default_factory=dict)
    tiers: dict[str, TierNote] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    sectors: dict[str, None] = field(default_factory=dict)
    targets: set[tuple[str, str, str]] = field(default_factory=set)
    uppers: set[str] = field(default_factory=set)

    def drafted(self) -> Draft:
        """Everything in the order of the file."""
        columns = [column for placed in self.story.tables for column in placed.table.columns]
        self.uppers = {plain(column.heads[0]) for column in columns if column.heads[1]}
        head = self._head()
        tables = [
            table
            for placed in self.story.tables
            for table in self._tables(placed, head["period"])
            if table["measures"]
        ]
        head["sectors"] = list(self.sectors)
        head["groups"] = list(
            dict.fromkeys([*self.units.values(), *(table["group"] for table in tables)])
        )
        for left in self.story.left:
            self._left(str(left.place), left.text, left.reason)
        values: dict[str, Any] = {"policy": head, "clauses": {}}
        values["measure"] = [*self.measures.values()]
        values["tier"] = self._tiers()
        self._left_tiers(columns)
        values["ruling"] = self._rulings(self.story.tables[0].place)
        values["unit"] = [{"name": unit, "group": group} for unit, group in self.units.items()]
        values["table"] = tables
        values["clauses"] = {place: f"见{place}原文" for place in _cited(values)}
        return Draft(values, tuple(self.unplaced))

    def _left(self, place: str, text: str, reason: str) -> None:
        self.unplaced.append(Unplaced(place, text, reason))

    def _head(self) -> dict[str, Any]:
        """The document itself; what a file must say and the document does not is listed."""
        story, head = self.story, dict[str, Any](id=self.name)
        period = story.period or str(story.issued.year if story.issued else date.today().year)  # noqa: DTZ011 - the clerk's own year
        found: dict[str, tuple[Any, Any]] = {
            "title": (story.title, self.name),
            "issued": (story.issued, date(int(period), 1, 1)),
            "area": (story.area, "本地区"),
            "period": (story.period, period),
        }
        for key, (said, stand_in) in found.items():
            head[key] = said or stand_in
            if not said:
                self._left(f"policy.{key}", "", key)
        clause = ""
        for key, word, stand_in in (("bulletin", "通报", "季"), ("assessment", "考核", "年")):
            said, place = story.calendar(word)
            head[key] = {"月": "month", "季": "quarter", "年": "year"}[said or stand_in]
            clause = clause or place
            if not said:
                self._left(f"policy.{key}", "", key)
        return head | ({"calendar_clause": clause} if clause else {})

    def _tables(self, placed: PlacedTable, period: str) -> Iterator[dict[str, Any]]:
        """One target table for each period that the columns name."""
        table, group = placed.table, placed.group or placed.table.name
        if not placed.group:
            self._left(placed.place, group, "named")
        when = placed.period or period
        kept = dict[str, dict[str, int]]()
        for at, column in enumerate(table.columns):
            name, word = self._measure(placed, at), column.period_word
            own = kept.setdefault(period_of(word, when[:4]) if word else when, {})
            if name in own:
                self._left(placed.place, _column(placed, at), "twice")
            elif name:
                own[name] = at
        for each, columns in kept.items():
            yield self._table(placed, each, columns)

    def _table(self, placed: PlacedTable, when: str, kept: Mapping[str, int]) -> dict[str, Any]:
        """The columns of one period that can be placed, rows and total as written."""
        table, group = placed.table, placed.group or placed.table.name
        self._check_units(placed, kept)
        rows = [
            [row.unit, *self._cells(placed, row, kept)]
            for row in table.rows
            if self._belongs(row, group, [(name, when) for name in kept])
        ]
        total = {} if table.total is None else {"total": self._cells(placed, table.total, kept)}
        return {
            "group": group,
            "title": placed.title or group,
            "period": when,
            "clause": placed.place,
            "measures": list(kept),
            "heads": [list(table.columns[at].heads) for at in kept.values()],
            "rows": rows,
            **{key: ["合计", *cells] for key, cells in total.items()},
        }

    def _belongs(self, row: DraftRow, group: str, keys: Sequence[tuple[str, str]]) -> bool:
        """Whether a row can stand: its unit is of this group, and has no such targets yet."""
        mine = {(row.unit, *key) for key in keys}
        wrong = self.units.setdefault(row.unit, group) != group
        if wrong or mine & self.targets:
            text = " ".join(filter(None, (row.unit, *row.cells)))
            self._left(str(row.place), text, "group" if wrong else "again")
            return False
        self.targets |= mine
        return True

    def _measure(self, placed: PlacedTable, at: int) -> str:
        """The measure that a column counts, which joins the policy; "" when it cannot be told."""
        column = placed.table.columns[at]
        for word in self._words(column):
            amounts = {
                "agreement": word in _AGREEMENT,
                "receipts": word in _RECEIVED,
                "investment": word in _INVESTMENT,
            }
            for amount, fits in amounts.items():
                if fits:
                    return self._money(word, amount)
        name = column.name
        if _COUNT.fullmatch(column.full_name) or _COUNT.fullmatch(name):
            return self._counted(placed, at)
        if unit := self._reported_unit(placed, at):
            return self._reported(placed, at, unit)
        if not name.endswith("项目"):
            self._left(placed.place, _column(placed, at), "measure")
            return ""
        if name not in self.tiers:
            tier = tier_note(name, self.story) if self.with_tiers else None
            if tier is None:
                reason = "tier" if self.with_tiers else "tiers"
                self._left(placed.place, _column(placed, at), reason)
                return ""
            self.tiers[name] = tier
        known = {"id": f"count-{len(self.tiers)}", "name": name, "amount": "tier"}
        self.measures.setdefault(name, known)
        return name

    def _words(self, column: DraftColumn) -> Iterator[str]:
        """What a column may be called: its lowest head, also without an upper head of others."""
        yield column.name
        yield column.name.removesuffix("额")
        for upper in self.uppers:
            yield column.name.removeprefix(upper)

    def _counted(self, placed: PlacedTable, at: int) -> str:
        """A count of the ledger's projects, to be checked."""
        column = placed.table.columns[at]
        name = column.full_name if _COUNT.fullmatch(column.full_name) else column.name
        if name not in self.measures:
            number = sum(known.get("amount") == "project" for known in self.measures.values()) + 1
            self._left(placed.place, name, "count")
            known = {"id": f"projects-{number}", "name": name, "amount": "project"}
            self.measures[name] = known
        return name

    def _reported_unit(self, placed: PlacedTable, at: int) -> str:
        """The unit in which every figure of a column is written, if offices report such; "" = none.

        Shares and days are levels: nothing tells how the ledger would yield them.
        """
        table = placed.table
        cells = [row.cells[at] for row in (*table.rows, *filter(None, [table.total]))]
        read = [parse_quantity(cell, "亿元") for cell in cells]
        units = {found.unit for found in read if isinstance(found, Quantity)}
        is_bare = any(isinstance(found, Unreadable) for found in read)
        return units.pop() if len(units) == 1 and units <= _REPORTED_UNITS and not is_bare else ""

    def _reported(self, placed: PlacedTable, at: int, unit: str) -> str:
        """What an office reports, by the column's name; a ceiling in every cell is better lower."""
        column, table = placed.table.columns[at], placed.table
        name = column.full_name
        if name not in self.measures:
            self._left(placed.place, name, "reported")
            found = [parse_quantity(row.cells[at]) for row in table.rows if row.cells[at]]
            known = [one for one in found if isinstance(one, Quantity)]
            is_ceiling = all(one.qualifier is Qualifier.AT_MOST for one in known)
            self.measures[name] = {
                "id": f"reported-{len(self.measures) + 1}",
                "name": name,
                "kind": "reported",
                "unit": unit,
                "basis": "level",
                **({"better": "lower"} if is_ceiling else {}),
                "clause": placed.place,
            }
        return name

    def _money(self, word: str, amount: str) -> str:
        known = next((m for m in self.measures.values() if m.get("amount") == amount), None)
        if known is None:
            name = "received" if amount == "receipts" else amount
            known = self.measures[word] = {"id": name, "name": word, "amount": amount}
        return str(known["name"])

    def _check_units(self, placed: PlacedTable, kept: Mapping[str, int]) -> None:
        """Say it, once a table, when nothing tells the unit of its money."""
        for name, at in kept.items():
            if not self._is_money(name) or placed.table.columns[at].unit:
                continue
            rows = [*placed.table.rows, *filter(None, [placed.table.total])]
            read = [parse_quantity(row.cells[at], "亿元") for row in rows]
            if not any(isinstance(found, Quantity) and found.unit_is_written for found in read):
                self._left(placed.place, name, "unit")

    def _is_money(self, name: str) -> bool:
        return self.measures[name].get("amount") in ("agreement", "receipts", "investment")

    def _cells(self, placed: PlacedTable, row: DraftRow, kept: Mapping[str, int]) -> Iterator[str]:
        for name, at in kept.items():
            is_money = self._is_money(name)
            unit = placed.table.columns[at].unit
            text = in_yi(row.cells[at], unit) if is_money and unit else row.cells[at]
            yield self._whole(name, text, f"{placed.place} {row.unit}")

    def _whole(self, measure: str, text: str, place: str) -> str:
        """The cell, without of-which parts that no sector tells from the rest."""
        found = parse_quantity(text, "亿元")
        if not isinstance(found, Quantity) or not found.of_which:
            return text
        labels = [part.label for part in found.of_which]
        if all(re.fullmatch("非[\u4e00-\u9fff]{2,4}", label) for label in labels):
            for label in labels:
                self._part(measure, label)
            return text
        self._left(place, text, "part")
        return _PARTS.sub("", text)

    def _part(self, measure: str, label: str) -> None:
        """The measure of a part such as 非工业: everything outside that sector."""
        sector, name = label.removeprefix("非"), f"{measure}（{label}）"
        self.sectors[sector] = None
        whole = self.measures[measure]
        self.measures.setdefault(
            name,
            {
                "id": f"{whole['id']}-part-{len(self.sectors)}",
                "name": name,
                "amount": whole["amount"],
                "part_of": measure,
                "except_sectors": [sector],
            },
        )

    def _tiers(self) -> list[dict[str, Any]]:
        """The tiers of the counted columns, highest first; each measure learns its tier's id."""
        ordered = sorted(self.tiers.items(), key=lambda known: known[1].height, reverse=True)
        for n, (measure, _) in enumerate(ordered, 1):
            self.measures[measure]["tier"] = f"tier-{n}"
        return [
            {
                "id": f"tier-{n}",
                "name": tier.name,
                "any_of": list(tier.cases),
                "clause": tier.clause,
            }
            for n, (_, tier) in enumerate(ordered, 1)
        ]

    def _left_tiers(self, columns: Sequence[DraftColumn]) -> None:
        """List the tiers that a note defines and no column counts."""
        names = {column.name for column in columns}
        for note in self.story.notes:
            for name in dict.fromkeys(_DEFINED.findall(note.text)):
                if name not in names:
                    self._left(note.place, name, "defined")

    def _rulings(self, place: str) -> list[dict[str, Any]]:
        """What has to be decided before anything counts, each at the note that may decide it."""
        story = self.story
        weight = story.note_about("权重", "折算", "比例", "来源")
        joint = story.note_about("联合", "牵头", "配合")
        rulings = [
            _weight(weight.place if weight else place),
            _split(joint.place if joint else place),
        ]
        if len(self.tiers) > 1:
            rulings.append(_tier_count(next(iter(self.tiers.values())).clause))
        if any("part_of" in measure for measure in self.measures.values()):
            rulings.append(_of_which(place))
        said = _cited({"policy": self._calendar(), "ruling": rulings, "tier": self._tiers()})
        open_notes = [
            note for note in story.notes if note.place not in said or self._says_more(note)
        ]
        return rulings + [_note(n, note.place) for n, note in enumerate(open_notes, 1)]

    def _says_more(self, note: Note) -> bool:
        """Whether a note that sets the calendar is too long to say only that."""
        is_calendar = note.place == self._calendar()["calendar_clause"]
        return is_calendar and len(note.text) > _LONGEST_CALENDAR

    def _calendar(self) -> dict[str, str]:
        places = [self.story.calendar(word)[1] for word in ("通报", "考核")]
        return {"calendar_clause": next(filter(None, places), "")}


def tier_note(name: str, story: Story) -> TierNote | None:
    """The tier that a note defines in so many words; None when any word of it is not understood.

    >>> from xlplan.app.story import Note
    >>> said = "重大项目是指投资10亿元及以上或年产值30亿元及以上的项目；"
    >>> said += "较大项目是指投资2亿元以上，且外资过半。"
    >>> story = Story(notes=[Note("备注1", said)])
    >>> tier_note("重大项目", story).cases
    ({'investment': '>= 10亿元'}, {'output': '>= 30亿元'})
    >>> tier_note("较大项目", story)
    """
    pattern = (
        rf"{re.escape(name)}(?:是指|指|为|[:：])({_CASE_TEXT}(?:(?:或者?|、或){_CASE_TEXT})*){_END}"
    )
    for note in story.notes:
        if found := re.search(pattern, note.text):
            cases = tuple(
                {"output" if "产值" in case["what"] else "investment": f">= {_yuan(case['bound'])}"}
                for case in _CASE.finditer(found[1])
            )
            return TierNote(name.removesuffix("项目"), cases, note.place)
    return None


_CASE_TEXT = re.sub(r"\?P<\w+>", "?:", _CASE.pattern)


def _yuan(text: str) -> str:
    return text if text.endswith("元") else f"{text}元"


def in_yi(text: str, unit: str) -> str:
    """A cell whose column states a unit, as it is written where bare amounts are 亿元.

    >>> in_yi("5000", "万元"), in_yi("3亿元", "万元"), in_yi("12", "亿元"), in_yi("", "万元")
    ('5000万元', '3亿元', '12', '')
    """
    said = parse_quantity(text, unit)
    if unit == "亿元" or not isinstance(said, Quantity):
        return text
    written = _BARE_NUMBER.sub(rf"\1{unit}", text)
    return written if _same(parse_quantity(written, "亿元"), said) else f"（单位{unit}）{text}"


def _same(one: object, other: Quantity) -> bool:
    return isinstance(one, Quantity) and (
        (one.value, one.stretch, [part.value for part in one.of_which])
        == (other.value, other.stretch, [part.value for part in other.of_which])
    )


def _column(placed: PlacedTable, at: int) -> str:
    """A column with all that it says, so that nothing of the document is lost."""
    column = placed.table.columns[at]
    rows = [*placed.table.rows, *filter(None, [placed.table.total])]
    cells = "，".join(f"{row.unit} {row.cells[at]}" for row in rows if row.cells[at])
    return f"{bare(''.join(column.heads))}（{cells}）"


def _cited(values: Mapping[str, Any]) -> list[str]:
    """The clauses that the drafted tables cite, in their order."""
    places = [values["policy"].get("calendar_clause", "")]
    places += [str(table["clause"]) for table in values.get("table", ())]
    places += [str(tier["clause"]) for tier in values["tier"]]
    places += [str(ruling["silent_at"]) for ruling in values["ruling"]]
    return list(dict.fromkeys(filter(None, places)))


def _ruling(
    place: str, name: str, question: str, options: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    return {"id": name, "question": question, "silent_at": place, "option": list(options)}


def _weight(place: str) -> dict[str, Any]:
    full = {"id": "weight.full", "measures": "all", "share": "100%", "clause": place}
    return _ruling(
        place,
        "weight",
        "各来源的项目按多大权重计入？",
        [
            {"id": "full", "label": "不分来源，按全额计入", "weight": [full]},
            {"id": "by-document", "label": "按文件另写的权重（写进方案以前一律待定）"},
        ],
    )


def _split(place: str) -> dict[str, Any]:
    shares = {"lead": "100%", "cooperating": "0%", "clause": place}
    alone = {"id": "split.lead-only", "measures": "all", "partners": ">=0", **shares}
    sole = {"id": "split.sole", "measures": "all", "partners": "0", **shares}
    return _ruling(
        place,
        "joint",
        "联合招商项目在牵头、配合单位之间怎样分摊？",
        [
            {"id": "lead-only", "label": "全部归牵头单位", "split": [alone]},
            {
                "id": "by-document",
                "label": "按文件另写的份额（写进方案以前联合项目待定）",
                "split": [sole],
            },
        ],
    )


def _tier_count(place: str) -> dict[str, Any]:
    options = [
        {
            "id": scope,
            "label": label,
            "tier_count": [{"id": f"tier-count.{scope}", "scope": scope, "clause": place}],
        }
        for scope, label in (("highest", "只算最高的一档"), ("cumulative", "高档同时算入以下各档"))
    ]
    return _ruling(place, "tier-count", "高一档的项目是否同时算作低档？", options)


def _of_which(place: str) -> dict[str, Any]:
    options = [
        {
            "id": reading,
            "label": label,
            "of_which": [{"id": f"of-which.{reading}", "reading": reading, "clause": place}],
        }
        for reading, label in (("floor", "其中项是单独的目标"), ("note", "其中项只是说明"))
    ]
    return _ruling(place, "of-which", "“其中”是单独的目标还是说明？", options)


def _note(number: int, place: str) -> dict[str, Any]:
    return _ruling(
        place,
        f"note-{number}",
        f"{place}还没有写成规则，是否影响计入？",
        [
            {"id": "no-rule", "label": "不影响计入"},
            {"id": "to-write", "label": "影响计入（写进方案以前不起作用）"},
        ],
    )
