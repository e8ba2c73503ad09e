"""What a template can print: a computed period as named fields, each number with its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from xlplan.diagnostics import column_letters
from xlplan.documents.boards import listed
from xlplan.documents.compared import NOT_COMPARED, changed, compared
from xlplan.documents.letterhead import letterhead
from xlplan.documents.numbers import Number
from xlplan.documents.scores import NOT_SCORED, scored
from xlplan.model import ROLE_NAMES, STANDING_SHEET, YI, Foreign, foreign_said
from xlplan.sheets import credit_rows, results
from xlplan.sheets.credit_rows import LETTERS, STATE_NAMES
from xlplan.sheets.lines import GAP, records, whole
from xlplan.sheets.standings import PACE_CELL, reached_said

if TYPE_CHECKING:
    from xlplan.sheets.figures import Figures
    from xlplan.sheets.lines import Row

Fields = dict[str, object]

UNSAID = "未填"
"""What a kind of projects is called whose cell in the ledger is blank."""

_SOURCE_SHEET = f"{STANDING_SHEET}!"


@dataclass(frozen=True)
class Reader:
    """Reads the fields off the figures of one period; the frames are walked once each.

    `whole` are the fields of a document about the whole area, `of_unit` those of one about a
    unit: the same, and 本单位 and 明细 besides. `given` is what `letterhead` made of a request.
    """

    figures: "Figures"
    given: Mapping[str, str | None] = field(default_factory=lambda: letterhead({}))

    @cached_property
    def whole(self) -> Fields:
        """The fields that every document shares."""
        figures = self.figures
        return {
            **self.given,
            "地区": figures.policy.area,
            "方案": figures.policy.title,
            "期间": figures.shown_period,
            "截止": figures.shown_as_of,
            "年份": str(figures.as_of.year),
            "上期": figures.previous,
            "上年同期": figures.last_year,
            "变动表": changed(figures),
            "榜单": listed(figures),
            "考核": list(self._scored.values()),
            "序时": Number(
                figures.pace, "%", f"{_SOURCE_SHEET}{PACE_CELL.replace('$', '')}", "序时进度"
            ),
            "指标": self._measures_of_area,
            "指标表": list(self._measures_of_area.values()),
            "主指标": self._main_measure,
            "类别": self._groups,
            "单位": list(self._units.values()),
            "项目": self._projects,
            "项目数": Number(Fraction(len(self._projects)), "个", "项目台账", "项目数"),
            "亿元以上项目": [project for project in self._projects if _is_large(project)],
            "来源结构": self._structure("来源"),
            "行业结构": self._structure("行业"),
            "产业结构": self._structure("产业"),
            "口径": self._rulings,
            "未定口径": [ruling["问题"] for ruling in self._rulings if ruling["选定"] == "未定"],
            "诊断": [found.message() for found in figures.diagnostics],
        }

    def of_unit(self, unit: str) -> Fields:
        """The fields of a unit's own document; KeyError when it has no standing."""
        return {**self.whole, "本单位": self._units[unit], "明细": self._credits.get(unit, [])}

    def unsettled(self, unit: str = "") -> tuple[str, ...]:
        """What of a unit, or of the area, is 待定 or was not reported, a line each."""
        owned = self._units[unit]["指标表"] if unit else list(self._measures_of_area.values())
        assert isinstance(owned, list)  # noqa: S101 - made by `_take`
        pending = [own["名称"] for own in owned if own["待定"]]
        unknown = [own["名称"] for own in owned if own["目标"] and own["完成"].value is None]
        named = (("待定", pending), ("未报", unknown))
        return tuple(f"{word}：{'、'.join(names)}" for word, names in named if names)

    @property
    def units(self) -> list[str]:
        """The units that stand somewhere, in the order of 完成情况."""
        return list(self._units)

    # Standings and totals

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str, str, str], str]:
        """The cell of 完成情况 that shows (group, unit, measure, head)."""
        found = results.standing_cells(self.figures)
        return {
            (
                key.group,
                key.unit,
                key.measure,
                key.column,
            ): f"{_SOURCE_SHEET}{column_letters(column)}{row}"
            for (row, column), key in found.items()
        }

    @cached_property
    def _units(self) -> dict[str, Fields]:
        """Every unit with its standings, measure by measure."""
        units: dict[str, Fields] = {}
        for row in records(self.figures.standings):
            unit = str(row["unit"])
            own = units.setdefault(unit, self._unit(unit, str(row["group"])))
            self._take(own, row, unit)
        return units

    def _unit(self, unit: str, group: str) -> Fields:
        """A unit that has no standing yet."""
        score = self._scored.get((group, unit), NOT_SCORED)
        return {"名称": unit, "类别": group, "指标": {}, "指标表": [], "考核": score}

    @cached_property
    def _scored(self) -> Mapping[tuple[str, str], Fields]:
        """The totals of 考核得分 by group and unit."""
        return scored(self.figures)

    @cached_property
    def _totals(self) -> dict[str, Fields]:
        """The totals of each group, and of the area under its own name, measure by measure."""
        totals: dict[str, Fields] = {}
        for row in records(self.figures.totals):
            group = str(row["group"])
            self._take(
                totals.setdefault(group, {"名称": group, "指标": {}, "指标表": []}), row, "合计"
            )
        return totals

    def _take(self, owner: Fields, row: "Row", unit: str) -> None:
        """Put one standing or total into its owner's measures, by name and in order."""
        measure = str(row["measure"])
        said = self._standing(row, (str(row["group"]), unit, measure))
        by_name, in_order = owner["指标"], owner["指标表"]
        assert isinstance(by_name, dict)  # noqa: S101 - made by `_units` and `_totals` alone
        assert isinstance(in_order, list)  # noqa: S101 - likewise
        by_name[measure] = said
        in_order.append(said)

    def _standing(self, row: "Row", key: tuple[str, str, str]) -> Fields:
        """One row of 完成情况 as fields."""
        measure = self.figures.policy.measure(key[2])

        def amount(name: str, head: str) -> Number:
            grains = whole(row.get(name))
            value = None if grains is None else Fraction(grains, measure.grains)
            return Number(value, measure.unit, self._cells.get((*key, head), ""), f"{key[2]}{head}")

        def rate(value: object, head: str) -> Number:
            known = value if isinstance(value, Fraction) else None
            return Number(known, "%", self._cells.get((*key, head), ""), f"{key[2]}{head}")

        rank, done = whole(row.get("rank")), amount("done", "完成")
        target, gap = amount("target", "目标"), rate(row["gap"], GAP)
        paced = row["pace"] is not None
        return {
            "名称": key[2],
            "计量单位": measure.unit,
            "滞后月数": measure.lag,
            "目标": target,
            "力争": amount("stretch", "力争"),
            "达标": reached_said(self.figures, str(row["reached"])) or "",
            "完成": done,
            "待定": amount("pending", "待定"),
            "去重完成": amount("distinct", "去重完成") if measure.is_sum else done,
            "完成率": rate(row["rate"], "完成率"),
            "序时进度": rate(row["pace"], "序时进度"),
            "序时差": gap,
            "距序时": _to_pace(target, gap if paced else rate(None, GAP), key[2]),
            "距目标": _to_target(target, done, str(row["reached"]), key[2]),
            "位次": Number(
                None if rank is None else Fraction(rank),
                "位",
                self._cells.get((*key, "位次"), ""),
                f"{key[2]}位次",
            ),
            **self._compared.get(key, NOT_COMPARED),
        }

    @cached_property
    def _compared(self) -> Mapping[tuple[str, str, str], Fields]:
        """What each figure was, where it is held against an earlier one."""
        return compared(self.figures)

    @cached_property
    def _groups(self) -> list[Fields]:
        """Each group with its units and its totals, in the order of 完成情况."""
        return [
            {
                "名称": name,
                "单位": [unit for unit in self._units.values() if unit["类别"] == name],
                "合计": self._totals.get(name, {}).get("指标", {}),
                "合计表": self._totals.get(name, {}).get("指标表", []),
                **self._sides_of_group(name),
            }
            for name in dict.fromkeys(str(unit["类别"]) for unit in self._units.values())
        ]

    def _sides_of_group(self, group: str) -> Fields:
        """Which of a group's measures have units ahead of the pace, and which have some behind."""
        measures = [str(total["名称"]) for total in _records(self._totals.get(group, {}))]
        sides = [{"名称": name, **self._sides(name, group)} for name in measures]
        return {"进度": [side for side in sides if side["超序时单位"] or side["欠序时单位"]]}

    @cached_property
    def _measures_of_area(self) -> dict[str, Fields]:
        """The area's total of each measure, with the units ahead of the pace and behind it."""
        totals = self._totals.get(self.figures.policy.area, {}).get("指标", {})
        assert isinstance(totals, dict)  # noqa: S101 - made by `_totals`
        return {
            name: {**total, **self._sides(name), "各单位": self._of_units(name)}
            for name, total in totals.items()
        }

    def _of_units(self, measure: str) -> list[Fields]:
        """The units that have a rate in a measure, with their standing."""
        return [
            {**own[measure], "名称": unit["名称"], "类别": unit["类别"]}
            for unit in self._units.values()
            if isinstance(own := unit["指标"], dict) and measure in own
            if own[measure]["完成率"].value is not None
        ]

    @cached_property
    def _main_measure(self) -> Fields:
        """The measure in which the most units have a rate; of several the first."""
        return max(self._measures_of_area.values(), key=_rated, default={})

    def _sides(self, measure: str, group: str = "") -> Fields:
        """Which units are ahead of the pace, which behind, and which have reached the target."""
        gaps = [
            (str(unit["名称"]), own[measure]["序时差"].value, own[measure]["完成率"].value)
            for unit in self._units.values()
            if isinstance(own := unit["指标"], dict) and measure in own
            if group in ("", unit["类别"])
        ]
        return {
            "超序时单位": [name for name, gap, _ in gaps if gap is not None and gap >= 0],
            "欠序时单位": [name for name, gap, _ in gaps if gap is not None and gap < 0],
            "完成目标单位": [name for name, _, rate in gaps if rate is not None and rate >= 1],
            "未计单位": [name for name, gap, _ in gaps if gap is None],
        }

    # Projects

    @cached_property
    def _projects(self) -> list[Fields]:
        """The projects signed within the period up to the as-of date, in the ledger's order."""
        tiers = dict(zip(self.figures.tiers["project"], self.figures.tiers["tier"], strict=True))
        last = self.figures.as_of
        return [
            self._project(row, str(tiers.get(row["project"], "")))
            for row in records(self.figures.ledger.projects)
            if (day := _day(row["signed"])) and self.figures.period.contains(day) and day <= last
        ]

    def _project(self, row: "Row", tier: str) -> Fields:
        """One row of the ledger as fields."""
        block = whole(row.get("block")) or 0

        def money(name: str, head: str) -> Number:
            cell = self.figures.ledger.cell(str(row["sheet"]), whole(row["row"]) or 0, name, block)
            grains = whole(row[name])
            value = None if grains is None else Fraction(grains, YI)
            return Number(value, "亿元", str(cell), head)

        texts = ("project", "name", "investor", "lead", "origin", "sector", "industry", "status")
        heads = ("编号", "名称", "投资主体", "牵头单位", "来源", "行业", "产业", "状态")
        cooperating = row["cooperating"]
        partners = list(cooperating) if isinstance(cooperating, tuple) else []
        return {
            **{head: str(row[name]) for name, head in zip(texts, heads, strict=True)},
            "配合单位": partners,
            "档次": tier,
            "投资额": money("investment", "投资额"),
            "协议资金": money("agreement", "协议资金"),
            "外币": foreign_said(_unconverted(row["foreign"])),
            "签约日期": _written(_day(row["signed"])),
        }

    def _structure(self, head: str) -> list[Fields]:
        """How the projects of the period divide by a column: number, agreement, share of it."""
        kinds: dict[str, list[Fields]] = {}
        for project in self._projects:
            kinds.setdefault(str(project[head]) or UNSAID, []).append(project)
        source = {kind: f"项目台账（{head}={kind}）" for kind in kinds}
        sums = {kind: _sum(projects, source[kind]) for kind, projects in kinds.items()}
        total = sum((known.value or Fraction(0) for known in sums.values()), Fraction(0))
        return [
            {
                "名称": kind,
                "个数": Number(Fraction(len(projects)), "个", source[kind], "个数"),
                "协议资金": sums[kind],
                "外币": foreign_said(self._agreed(projects)),
                "占比": Number(
                    (sums[kind].value or Fraction(0)) / total if total else None,
                    "%",
                    source[kind],
                    "占比",
                ),
            }
            for kind, projects in kinds.items()
        ]

    def _agreed(self, projects: Sequence[Fields]) -> Iterator[Foreign]:
        """The agreements of projects of the period that are in a currency not converted."""
        if self._foreign:
            for project in projects:
                yield from self._foreign.get(str(project["编号"]), ())

    @cached_property
    def _foreign(self) -> Mapping[str, list[Foreign]]:
        """By project its agreement in a currency that is not converted."""
        projects = self.figures.ledger.projects
        named = zip(projects["project"], projects["foreign"], strict=True)
        found = {
            str(project): [one for one in _unconverted(amounts) if one.field == "agreement"]
            for project, amounts in named
        }
        return {project: agreed for project, agreed in found.items() if agreed}

    # Credits and rulings

    @cached_property
    def _credits(self) -> Mapping[str, list[Fields]]:
        """Every unit's credits in the order of 计入明细."""
        found: dict[str, list[Fields]] = {}
        for at, row in enumerate(records(self.figures.credits), start=credit_rows.FIRST_ROW):
            found.setdefault(str(row["unit"]), []).append(self._credit(row, at))
        return found

    def _credit(self, row: "Row", at: int) -> Fields:
        """One row of 计入明细 as fields."""
        measure = self.figures.policy.measure(str(row["measure"]))

        def amount(name: str, head: str) -> Number:
            value = Fraction(whole(row[name]) or 0, measure.grains)
            return Number(value, measure.unit, f"{_CREDITS}{LETTERS[head]}{at}", head)

        def share(name: str, head: str) -> Number:
            value = Fraction(whole(row[f"{name}_num"]) or 0, whole(row[f"{name}_den"]) or 1)
            return Number(value, "%", f"{_CREDITS}{LETTERS[head]}{at}", head)

        place = self.figures.ledger.cell(str(row["sheet"]), whole(row["row"]) or 0, "")
        return {
            "项目编号": str(row["project"]),
            "项目名称": str(row["name"]),
            "角色": ROLE_NAMES.get(str(row["role"]), str(row["role"])),
            "指标": str(row["measure"]),
            "计量单位": measure.unit,
            "原值": amount("amount", "原值"),
            "权重": share("weight", "权重"),
            "份额": share("share", "份额"),
            "原币": row["foreign"].text if isinstance(row["foreign"], Foreign) else "",
            "计入": amount("credit", "计入"),
            "待定": amount("pending", "待定"),
            "状态": STATE_NAMES[str(row["state"])],
            "条款": str(row["clause"]),
            "口径": str(row["ruling"]),
            "来源单元格": f"{place.sheet}!{column_letters(whole(row['column']) or 1)}{place.row}",
        }

    @cached_property
    def _rulings(self) -> list[Fields]:
        """What each gap of the document was decided to mean, or that it is open."""
        choices = self.figures.ledger.choices
        found: list[Fields] = []
        for ruling in self.figures.policy.rulings:
            choice = choices.get(ruling.id)
            option = ruling.option(choice.option) if choice else None
            found.append(
                {
                    "编号": ruling.id,
                    "问题": ruling.question,
                    "条款": ruling.silent_at,
                    "选定": option.label if option else "未定",
                    "决定人": choice.decided_by if choice else "",
                }
            )
        return found


def _to_pace(target: Number, gap: Number, measure: str) -> Number:
    """How much is missing to be where the pace is; nothing said of who is there, or has none."""
    behind = gap.value is not None and target.value is not None and gap.value < 0
    value = -gap.value * target.value if behind and gap.value and target.value else None
    return Number(value, target.unit, f"{target.source}×{gap.source}", f"{measure}距序时")


def _to_target(target: Number, done: Number, reached: str, measure: str) -> Number:
    """How much is missing to the target; nothing said of who has reached it, or has a ceiling."""
    known = reached == "not" and target.value is not None and done.value is not None
    value = target.value - done.value if known and target.value and done.value is not None else None
    return Number(value, target.unit, f"{target.source}-{done.source}", f"{measure}距目标")


def _rated(measure: Fields) -> int:
    """How many units have a rate in a measure."""
    found = measure["各单位"]
    assert isinstance(found, list)  # noqa: S101 - made by `Reader` alone
    return len(found)


def _records(owner: Fields) -> list[Fields]:
    found = owner.get("指标表", [])
    assert isinstance(found, list)  # noqa: S101 - made by `Reader` alone
    return found


_CREDITS = "计入明细!"


def _sum(projects: Sequence[Fields], source: str) -> Number:
    """Agreement funds of several projects; one not known in 元 adds nothing, and is said."""
    known = (_agreement(project).value for project in projects)
    value = sum((value for value in known if value is not None), Fraction(0))
    return Number(value, "亿元", source, "协议资金")


def _unconverted(amounts: object) -> list[Foreign]:
    """The amounts of a row of the ledger, its `foreign`, that are worth no 元 by the document."""
    named = amounts if isinstance(amounts, tuple) else ()
    return [one for one in named if isinstance(one, Foreign) and one.rate is None]


def _is_large(project: Fields) -> bool:
    """Whether 1亿元 or more is invested."""
    found = project["投资额"]
    return isinstance(found, Number) and found.value is not None and found.value >= 1


def _agreement(project: Fields) -> Number:
    found = project["协议资金"]
    assert isinstance(found, Number)  # noqa: S101 - made by `_project`
    return found


def _day(value: object) -> date | None:
    """A frame's day; None where it is missing."""
    return value.date() if hasattr(value, "date") else None


def _written(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
