"""What a workbook supports: every number that a template could print, by whom and what it is of."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from xlplan.diagnostics import Cell
from xlplan.documents.fields import Reader
from xlplan.documents.numbers import Number, plain
from xlplan.documents.verify.spotting import Kind, spot
from xlplan.model import RULING_SHEET, STANDING_SHEET, TARGET_SHEET
from xlplan.policy.schema import Measure
from xlplan.quantity import MONEY_WORDS, Quantity, format_decimal, parse_quantity, unit_named
from xlplan.quantity.glyphs import normal
from xlplan.sheets.lines import records

_YI = 10**8
_NAMED_BY = ("名称", "编号", "项目编号", "项目名称", "指标")
_AREA_KEYS = ("指标", "指标表")
_BY_NAME = ("指标", "合计")
"""Fields that hold by name what their neighbours 指标表 and 合计表 hold in order."""

_MEMBERS = "单位"

TARGET, DONE = "目标", "完成"
LACKS = frozenset({"距序时", "距目标", "差额"})
_SHOWN_PLACES = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the workbook: of whom and what, under which head, and the cell that shows it.

    `value` as in `Said`: money in 亿元, shares as 1 = 100%. With `words` it is meant only where one
    of them stands near. `is_derived` figures are made of cells: `source` says how. `has_measure`
    ones are of one of the policy's measures. `text` is how a cell of words has it, with its
    qualifier.
    """

    names: frozenset[str]
    head: str
    kind: Kind
    value: Fraction
    source: str
    unit: str = ""
    currency: str = ""
    owner: str = ""
    words: tuple[str, ...] = ()
    is_derived: bool = False
    has_measure: bool = False
    text: str = ""

    @property
    def is_lack(self) -> bool:
        """Whether it is what is missing to something, which may be rounded up to be enough."""
        return self.head in LACKS

    @property
    def shown(self) -> str:
        """The figure as a clerk would write it, with whose it is.

        >>> Fact(
        ...     frozenset(), "完成", "money", Fraction("12.345"), "完成情况!E7", owner="甲园"
        ... ).shown
        '甲园完成12.345亿元'
        """
        return f"{self.owner}{self.head}{self.said}"

    @property
    def said(self) -> str:
        """The figure alone."""
        if self.kind == "rate":
            return f"{trimmed(self.value * 100)}%"
        if self.kind == "money":
            return f"{trimmed(self.value)}亿{MONEY_WORDS.get(self.currency, '元')}"
        return f"{plain(self.value)}{self.unit}"


def trimmed(value: Fraction) -> str:
    """A value with at most four decimals, none of them a trailing zero.

    >>> trimmed(Fraction(5, 2)), trimmed(Fraction(580))
    ('2.5', '580')
    """
    said = format_decimal(value, _SHOWN_PLACES)
    return said.rstrip("0").rstrip(".") if "." in said else said


def fact_of(number: Number, names: frozenset[str], head: str, owner: str = "") -> Fact | None:
    """The fact of a template's number; None where it is not known."""
    if number.value is None:
        return None
    unit = unit_named(number.unit)
    kind: Kind = "rank" if number.unit == "位" else "count"
    value, currency = number.value, ""
    if unit and unit.kind == "money":
        kind, value = "money", number.value * unit.scale / _YI
        currency = "" if unit.currency == "CNY" else unit.currency
    elif number.unit == "%":
        kind = "rate"
    words = () if names else (head[:2],)
    return Fact(names, head, kind, value, number.source, number.unit, currency, owner, words)


@dataclass(frozen=True)
class Facts:
    """All facts; found by name, or by value."""

    every: tuple[Fact, ...]

    @classmethod
    def of(cls, reader: Reader) -> "Facts":
        """What a computed period supports, derived figures too."""
        direct = [*_walk(reader), *_targets(reader), *_rules(reader), *_reasons(reader)]
        unique = dict.fromkeys(direct)
        measures = {measure.name for measure in reader.figures.policy.measures}
        return cls(
            tuple(
                replace(fact, has_measure=not measures.isdisjoint((*fact.names, fact.head)))
                for fact in (*unique, *_derived(list(unique)))
            )
        )

    @cached_property
    def _by_name(self) -> Mapping[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.every:
            for name in fact.names or {""}:
                found.setdefault(name, []).append(fact)
        return found

    def named(self, *names: str) -> list[Fact]:
        """The facts of any of these names, and those that have none."""
        found = (fact for name in (*names, "") for fact in self._by_name.get(name, ()))
        return list(dict.fromkeys(found))

    @cached_property
    def _by_value(self) -> Mapping[Kind, tuple[list[Fraction], list[Fact]]]:
        kinds: dict[Kind, list[Fact]] = {}
        for fact in self.every:
            kinds.setdefault(fact.kind, []).append(fact)
        found = {}
        for kind, facts in kinds.items():
            facts.sort(key=lambda fact: abs(fact.value))
            found[kind] = ([abs(fact.value) for fact in facts], facts)
        return found

    def near(self, kind: Kind, value: Fraction, step: Fraction) -> Sequence[Fact]:
        """The facts of a kind within a step of a value, whatever their sign."""
        values, facts = self._by_value.get(kind, ([], []))
        low = bisect_left(values, abs(value) - step)
        return facts[low : bisect_right(values, abs(value) + step)]


def _walk(reader: Reader) -> Iterator[Fact]:
    """Every number and every list of what a template can name."""
    area = reader.figures.policy.area
    for key, value in reader.whole.items():
        of_area = key in _AREA_KEYS
        names = frozenset({area}) if of_area else frozenset[str]()
        yield from _facts_in(value, names, key, area if of_area else "")
    for unit in reader.units:
        credited = reader.of_unit(unit)["明细"]
        yield from _facts_in(credited, frozenset({unit}), "明细", unit)


def _facts_in(value: object, names: frozenset[str], key: str, owner: str) -> Iterator[Fact]:
    """The facts of a field and of all that it holds, with the names on the way there."""
    if isinstance(value, Number):
        if fact := fact_of(value, names, key, owner):
            yield fact
    elif isinstance(value, dict):
        yield from _facts_of(value, names, owner)
    elif isinstance(value, list):
        yield from _count(value, names, key, owner)
        for part in value:
            if isinstance(part, dict):
                yield from _facts_in(part, names, key, owner)


def _facts_of(fields: Mapping[str, object], names: frozenset[str], owner: str) -> Iterator[Fact]:
    """The facts of a group of fields, which its name, number or measure is a name of."""
    own = [str(fields[name]) for name in _NAMED_BY if isinstance(fields.get(name), str)]
    deeper = names | {name for name in own if name}
    said = owner + "".join(own[-1:])
    for name, part in fields.items():
        if own and name == _MEMBERS and isinstance(part, list):
            yield from _count(part, deeper, name, said)  # they stand under their own names
        elif not (name in _BY_NAME and isinstance(part, dict)):
            yield from _facts_in(part, deeper, name, said)


_COUNTED = ("单位", "园区", "部门", "项目", "企业", "家", "户")


def _count(listed: list[object], names: frozenset[str], key: str, owner: str) -> Iterator[Fact]:
    """How many stand on a list: 3个单位欠序时."""
    if key.endswith(("单位", "项目")):
        yield Fact(
            names,
            f"{key}个数",
            "count",
            Fraction(len(listed)),
            f"{STANDING_SHEET}（{owner}{key}）",
            "个",
            owner=owner,
            words=_COUNTED,
            is_derived=True,
        )


def _targets(reader: Reader) -> Iterator[Fact]:
    """The targets of every period, as written: a quarter's bulletin also names that of the year."""
    figures = reader.figures
    area = figures.policy.area
    measures = {measure.name: measure for measure in figures.policy.measures}
    for row in records(figures.ledger.targets):
        measure, unit = measures.get(str(row["measure"])), str(row["unit"])
        if measure is None:
            continue
        owner = str(row["group"]) if unit == "合计" else unit
        number = _target(row["value"], measure, _cell(row))
        names = frozenset({owner or area, measure.name})
        if fact := fact_of(number, names, TARGET, f"{owner}{measure.name}"):
            yield replace(fact, head=TARGET)


def _rules(reader: Reader) -> Iterator[Fact]:
    """The weights and shares of the policy, where a document restates its rules."""
    policy = reader.figures.policy
    rules = policy.rules
    for weight in rules.weights:
        if weight.share is not None:
            words = weight.origins or ("权重", "折算")
            yield Fact(frozenset(), "权重", "rate", weight.share, weight.clause, "%", words=words)
    for split in rules.splits:
        for word, share in (("牵头", split.lead), ("配合", split.cooperating)):
            yield Fact(frozenset(), "份额", "rate", share, split.clause, "%", words=(word,))
    for ruling in policy.rulings:
        for option in ruling.options:
            read = parse_quantity(option.label, "%")
            if isinstance(read, Quantity) and read.kind == "rate":
                words, source = (normal(ruling.question),), f"{RULING_SHEET}（{ruling.id}）"
                yield Fact(frozenset(), RULING_SHEET, "rate", read.value, source, "%", words=words)


def _reasons(reader: Reader) -> Iterator[Fact]:
    """The figures in the words of 红黑榜 and 考核得分: how a rule is met, and what is lacking."""
    for board in _dicts(reader.whole["榜单"]):
        for entry in (one for name in ("上榜", "待定", "差一点") for one in _dicts(board[name])):
            yield from _worded(entry, str(entry["名称"]), "说明")
    for total in _dicts(reader.whole["考核"]):
        for item in _dicts(total["得分项"]):
            yield from _worded(item, str(total["名称"]), "计算过程")


def _worded(fields: Mapping[str, object], unit: str, head: str) -> Iterator[Fact]:
    """The figures of a cell of words about a unit and its measures."""
    measures = str(fields["指标"])
    names = frozenset({unit, *filter(None, measures.split("、"))})
    for said in spot(normal(str(fields[head]))):
        yield Fact(
            *(names, head, said.kind, said.value, str(fields["单元格"]), said.unit),
            currency=said.currency,
            owner=f"{unit}{measures}",
            is_derived=True,
            text=said.text,
        )


def _dicts(fields: object) -> list[dict[str, object]]:
    return [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []


def _target(grains: object, measure: Measure, source: str) -> Number:
    return Number(Fraction(int(str(grains)), measure.grains), measure.unit, source)


def _cell(row: Mapping[str, object]) -> str:
    """The cell that a row of a frame was read from."""
    sheet, at, column = str(row["sheet"] or TARGET_SHEET), row["row"], row["column"]
    return str(Cell(sheet, int(str(at)), int(str(column))))


def _derived(facts: list[Fact]) -> Iterator[Fact]:
    """How far a figure is from its target, and what is over it."""
    by_owner: dict[frozenset[str], dict[str, Fact]] = {}
    for fact in facts:
        if fact.head in (TARGET, DONE, "力争", "去重完成"):
            by_owner.setdefault(fact.names, {}).setdefault(fact.head, fact)
    for heads in by_owner.values():
        for aim in (TARGET, "力争"):
            for done in (DONE, "去重完成"):
                if aim in heads and done in heads:
                    yield from _distance(heads[aim], heads[done])


def _distance(aim: Fact, done: Fact) -> Iterator[Fact]:
    """What is missing to a target, or stands above it."""
    off = aim.value - done.value
    yield replace(
        aim,
        head="差额" if off >= 0 else "超额",
        value=abs(off),
        source=f"{aim.source}-{done.source}" if off >= 0 else f"{done.source}-{aim.source}",
        is_derived=True,
    )
    if aim.value and aim.kind in ("money", "count"):
        yield replace(
            aim,
            head=f"{done.head}占{aim.head}",
            kind="rate",
            unit="%",
            value=done.value / aim.value,
            source=f"{done.source}÷{aim.source}",
            is_derived=True,
        )
