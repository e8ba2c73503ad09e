"""What is said of figures, credits and findings: rows of the frames as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from xlplan.app.rows import Row, rows_of
from xlplan.diagnostics import Cell, Diagnostic
from xlplan.model import ROLE_NAMES, Choice, Foreign
from xlplan.policy import TOTAL
from xlplan.policy.describe import where_said
from xlplan.policy.schema import RuleSet
from xlplan.quantity import exact_decimal, format_decimal
from xlplan.sheets.standings import NOT_YET, reached_said
from xlplan.sheets.tier_list import in_chinese
from xlplan.tables.words import TOTALS, names_area, plain

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.diagnostics.kinds import Language
    from xlplan.policy.schema import Rule, Tier
    from xlplan.sheets.figures import Figures


SHOWN_PLACES = 4
"""Decimals of a sum in 亿元: a 万元 is still seen."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step, said in Chinese and in English; a detail belongs under the step before it."""

    zh: str
    en: str
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps that lead from source cells to a figure."""

    sentences: tuple[Sentence, ...]

    def lines(self, language: "Language" = "zh") -> list[str]:
        """One line a step; details are indented."""
        return [
            ("    " if step.detail else "") + (step.zh if language == "zh" else step.en)
            for step in self.sentences
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True)
class Speaker:
    """Turns rows of the frames into sentences; look-ups are made once per explanation.

    A clause is restated the first time it is cited, later only named.
    """

    figures: "Figures"
    restated: set[str] = field(default_factory=set)

    @cached_property
    def tiers(self) -> dict[str, Row]:
        """The tier row of every project."""
        return {str(row["project"]): row for row in rows_of(self.figures.tiers)}

    @cached_property
    def rules(self) -> "dict[str, Rule | Tier]":
        """Every rule and tier of the policy by its id, those of options included."""
        policy = self.figures.policy
        sets = [policy.rules, *(option.rules for it in policy.rulings for option in it.options)]
        listed = [
            rule
            for rules in sets
            for table in fields(RuleSet)
            for rule in getattr(rules, table.name)
        ]
        return {rule.id: rule for rule in (*policy.tiers, *listed)}

    def standing(self, unit: str, measure: str, group: str = "") -> Iterator[Sentence]:
        """A unit's figure, or a group's total; then every credit in it."""
        lines = self.figures.credits
        official = self.official(unit)
        rows = self.figures.standings
        found = rows[(rows["unit"] == official) & (rows["measure"] == measure)]
        if not found.empty:
            row = next(rows_of(found))
            yield self._figure(official, row)
            yield from self._target(row)
            mine = lines[(lines["unit"] == official) & (lines["measure"] == measure)]
            yield from self.credits(mine)
            return
        totals, whose = self.figures.totals, group or self.group_of_total(unit)
        total = totals[(totals["group"] == whose) & (totals["measure"] == measure)]
        if not total.empty:
            row = next(rows_of(total))
            yield self._figure(f"{row['group']}{TOTAL}", row)
            yield from self._target({**row, "unit": TOTAL})
            inside = lines["group"].isin([row["group"]]) | (
                row["group"] == self.figures.policy.area
            )
            yield from self._by_unit(lines[inside & (lines["measure"] == measure)], measure)

    def group_of_total(self, name: str) -> str:
        """Whose total a name means: 合计 is the area's, or that of the only group."""
        policy, text = self.figures.policy, plain(name)
        if text in TOTALS:
            return policy.groups[0] if len(policy.groups) == 1 else policy.area
        named = (group for group in (*policy.groups, policy.area) if names_area(text, group))
        return next(named, name)

    def official(self, name: str) -> str:
        """A unit's official name, also from an alias of the register."""
        for row in rows_of(self.figures.ledger.units):
            aliases = row["aliases"]
            if isinstance(aliases, tuple) and name in aliases:
                return str(row["unit"])
        return name

    def _figure(self, who: str, row: Row) -> Sentence:
        """The figure itself: done, target, rate, pace, gap, rank."""
        measure = str(row["measure"])
        done, done_en = self.done(measure, row["done"])
        zh = [f"{who} {measure}：{done}"]
        en = [f"{who} {measure}: {done_en}"]
        if row["pending"]:
            zh.append(f"另有待定 {self.amount(measure, row['pending'])}")
            en.append(f"pending {self.amount(measure, row['pending'])}")
        for said in (self._aimed(measure, row), *_compared(row), self._placed(row)):
            zh += filter(None, [said[0]])
            en += filter(None, [said[1]])
        return Sentence("，".join(zh) + "。", ", ".join(en) + ".")

    def done(self, measure: str, grains: object) -> tuple[str, str]:
        """What is done, in both languages; what is not known is said, never 0."""
        if grains is None:
            return "没有数据（未报）", "not known (not reported)"
        known = self.rounded(measure, grains)
        return f"完成 {known}", f"done {known}"

    def _aimed(self, measure: str, row: Row) -> tuple[str, str]:
        """The target, a ceiling as such, and what to strive for."""
        if row["target"] is None:
            return "没有目标，不算完成率，不排位次", "no target, so no rate and no rank"
        target, is_floor = self.amount(measure, row["target"]), row["bound"] != "ceiling"
        zh, en = ("目标", "target") if is_floor else ("上限", "ceiling")
        zh, en = f"{zh} {target}", f"{en} {target}"
        if row["stretch"] is not None:
            stretch = self.amount(measure, row["stretch"])
            zh, en = f"{zh}，力争 {stretch}", f"{en}, to strive for {stretch}"
        said = reached_said(self.figures, str(row["reached"]))
        if said in (None, NOT_YET):
            return zh, en
        return f"{zh}，{said}", f"{en}, {row['reached']}"

    def _placed(self, row: Row) -> tuple[str, str]:
        """The rank, or that the policy leaves the unit out, and why."""
        ranking = self.figures.policy.ranking_of(str(row["measure"]))
        if row.get("rank") is not None:
            return (
                f"在{row['group']}中列第 {row['rank']} 位",
                f"rank {row['rank']} in {row['group']}",
            )
        if row.get("unit") in ranking.left_out:
            reason = f"（{ranking.reason}）" if ranking.reason else ""
            return f"按方案不参加排名{reason}", "left out of the ranking by the policy"
        return "", ""

    def _target(self, standing: Row) -> Iterator[Sentence]:
        """Where the target was read."""
        rows = self.figures.ledger.targets
        same = rows[
            (rows["unit"] == standing["unit"])
            & (rows["measure"] == standing["measure"])
            & (rows["period"] == str(self.figures.period))
            & ((rows["unit"] != TOTAL) | (rows["group"] == standing["group"]))
        ]
        # 力争 stands in the same cell as the target that must be reached.
        for row in rows_of(same.drop_duplicates(["sheet", "row", "column"])):
            if row["sheet"] and row["row"]:
                cell = Cell(str(row["sheet"]), _whole(row["row"]), _whole(row["column"]))
                yield Sentence(
                    f"目标读自 {cell}，原文“{row['text']}”。",
                    f"the target was read at {cell}: “{row['text']}”.",
                    detail=True,
                )

    def _by_unit(self, lines: "pd.DataFrame", measure: str) -> Iterator[Sentence]:
        """What each unit adds to a total."""
        for unit, done in lines.groupby("unit", sort=False, observed=True)["credit"].sum().items():
            yield Sentence(
                f"其中 {unit} {self.amount(measure, done)}。",
                f"of which {unit} {self.amount(measure, done)}.",
                detail=True,
            )

    def project(self, project: str) -> Iterator[Sentence]:
        """A project: its tier and why, then everything it credits."""
        row = self.tiers[project]
        cell = self.figures.ledger.cell(str(row["sheet"]), _whole(row["row"]), "project")
        yield self._classed(row, cell)
        yield from self._sized(project)
        lines = self.figures.credits
        mine = lines[lines["project"] == project]
        yield from self.credits(mine)
        if mine.empty:
            yield Sentence(
                "本期没有计入任何单位：日期不在本期，或有内容被搁置。",
                "nothing is credited in this period: the dates lie outside, or something was set "
                "aside.",
            )
        yield from self.findings(cell)
        receipts = self.figures.ledger.receipts
        for receipt in rows_of(receipts[receipts["project"] == project]):
            yield from self.findings(Cell(str(receipt["sheet"]), _whole(receipt["row"])))

    def _classed(self, row: Row, cell: Cell) -> Sentence:
        """Which project it is, and its tier where the policy has tiers."""
        tier, because = str(row["tier"]), in_chinese(str(row["because"]))
        zh = f"{row['project']} {row['name']}（{cell}），牵头单位 {row['unit']}"
        en = f"{row['project']} {row['name']} ({cell}), led by {row['unit']}"
        if tier:
            clause = self.gist(str(row["clause"]))
            zh += f"：档次为{tier}，因为{because}（{clause}）"
            en += f": {tier}, because {row['because']} ({row['clause']})"
        elif self.figures.policy.tiers:
            zh += "：未达到任何档次，或档次无法判定（见诊断）"
            en += ": below every tier, or the tier cannot be told (see the diagnostics)"
        return Sentence(f"{zh}。", f"{en}.")

    def receipt(self, row: Row) -> Iterator[Sentence]:
        """A receipt that credits nothing in this period."""
        figures = self.figures
        cell = figures.ledger.cell(str(row["sheet"]), _whole(row["row"]), "amount")
        yield Sentence(
            f"{cell}：{row['project']} 的这笔到位没有计入：日期 {_day(row['received'])}，"
            f"期间 {figures.period}，截至 {figures.as_of}。",
            f"{cell}: this receipt of {row['project']} is not credited: dated "
            f"{_day(row['received'])}, period {figures.period}, as of {figures.as_of}.",
        )
        yield from self.findings(cell)

    def findings(self, cell: Cell) -> Iterator[Sentence]:
        """What was found in a row."""
        for found in self.figures.diagnostics:
            place = found.place
            if isinstance(place, Cell) and (place.sheet, place.row) == (cell.sheet, cell.row):
                yield self.finding(found)

    def finding(self, found: Diagnostic) -> Sentence:
        """One finding with what to do about it."""
        return Sentence(
            f"诊断 {found.code}（{found.place}）：{found.message()}。{found.hint()}。",
            f"finding {found.code} ({found.place}): {found.message('en')}. {found.hint('en')}.",
        )

    def tier_count(self, unit: str, tier: str) -> Iterator[Sentence]:
        """The projects that a unit leads in a tier which no target counts."""
        rows = self.figures.tiers
        mine = rows[(rows["unit"] == unit) & (rows["tier"] == tier)]
        names = "、".join(f"{row['project']} {row['name']}" for row in rows_of(mine)) or "无"
        yield Sentence(
            f"{unit}牵头、档次为{tier}的项目（只列不考核；本期以外的也列出）：{names}。",
            f"projects of tier {tier} led by {unit}, listed but without a target: {names}.",
        )

    def credits(self, lines: "pd.DataFrame") -> Iterator[Sentence]:
        """Credits, each with the cell it was read from, its weight, share and clauses."""
        projects = self.figures.ledger.projects.set_index("project")["origin"]
        for row in rows_of(lines):
            yield self._read(row)
            yield from self._converted(row["foreign"])
            yield from self._admitted(str(row["measure"]))
            origin = str(projects.get(str(row["project"]), ""))
            yield self._factors(row, origin)
            yield from self._succeeded(row)
            for rule in str(row["rule"]).split(" + "):
                yield from self._rule(rule)
            yield self._sum(row)

    def _read(self, row: Row) -> Sentence:
        """What was read, where, and for which day."""
        measure = str(row["measure"])
        cell = Cell(str(row["sheet"]), _whole(row["row"]), _whole(row["column"]))
        amount = self.amount(measure, row["amount"])
        day = f"{row['date']:%Y-%m-%d}"
        foreign = row["foreign"]
        amount += f"（{foreign.text}）" if isinstance(foreign, Foreign) else ""
        return Sentence(
            f"{row['project']} {row['name']}：在 {cell} 读到，{measure} {amount}，日期 {day}。",
            f"{row['project']} {row['name']}: read at {cell}, {measure} {amount}, dated {day}.",
        )

    def _converted(self, amount: object) -> Iterator[Sentence]:
        """By which rule an amount in another currency is converted, or counted as it is."""
        if isinstance(amount, Foreign) and (rule := self.figures.policy.currency(amount.currency)):
            zh, en = self.gist(rule.clause), rule.clause
            if amount.rate is not None:
                zh, en = f"折算：{zh}", f"converted: {en}"
            elif rule.convert == "own":
                zh, en = f"不折算：{zh}", f"not converted: {en}"
            else:
                zh, en = "本指标按原币计，不折算", "the measure counts it as it is written"
            yield Sentence(f"{amount.text}，{zh}。", f"{amount.text}, {en}.", detail=True)

    def _sized(self, project: str) -> Iterator[Sentence]:
        """How what makes the tier was written, where that is in another currency."""
        projects = self.figures.ledger.projects
        for amounts in projects.loc[projects["project"] == project, "foreign"]:
            for one in amounts:
                if one.field in ("investment", "output"):
                    yield from self._converted(one)

    def _succeeded(self, row: Row) -> Iterator[Sentence]:
        """Which unit the ledger names, where the one that is credited has succeeded it."""
        projects = self.figures.ledger.projects
        mine = projects[projects["project"] == row["project"]]
        roles = zip(mine["lead"], mine["cooperating"], strict=True)
        named = {unit for lead, more in roles for unit in (lead, *more)}
        if named and row["unit"] not in named:
            zh = f"台账写的是{'、'.join(sorted(named))}，其中已并入{row['unit']}的由它承接"
            en = f"the ledger names {', '.join(sorted(named))}; {row['unit']} stands in by merger"
            yield Sentence(f"{zh}。", f"{en}.", detail=True)

    def _admitted(self, measure: str) -> Iterator[Sentence]:
        """By which filter the measure counts the project."""
        said = where_said(self.figures.policy.measure(measure))
        if said:
            zh, en = f"{measure}只计：{said}。", f"{measure} counts only: {said}."
            yield Sentence(zh, en, detail=True)

    def _factors(self, row: Row, origin: str) -> Sentence:
        """Why that weight and that share; a policy without origins weighs every project alike."""
        zh, en = (f"来源“{origin}”，", f"origin {origin}: ") if origin else ("", "")
        weight, share = _share(row, "weight"), _share(row, "share")
        role = str(row["role"])
        return Sentence(
            f"{zh}权重 {_percent(weight)}；{row['unit']}为{ROLE_NAMES[role]}单位，"
            f"份额 {_percent(share)}。",
            f"{en}weight {_percent(weight)}; {row['unit']} is {role}: share {_percent(share)}.",
            detail=True,
        )

    def _rule(self, rule: str) -> Iterator[Sentence]:
        """The rule, its clause and what it says, and the ruling it rests on."""
        known = self.rules.get(rule)
        if known is None:
            return
        zh = f"规则 {rule}：{self.gist(known.clause)}"
        en = f"rule {rule}: {known.clause}"
        ruling = getattr(known, "ruling", "")
        choice = self.figures.ledger.choices.get(ruling)
        if ruling:
            zh += f"；口径 {ruling} {_decided(choice)}"
            en += f"; ruling {ruling}: {choice.option if choice and choice.option else 'open'}"
        yield Sentence(f"{zh}。", f"{en}.", detail=True)

    def gist(self, place: str) -> str:
        """A clause by its place, restated the first time it is cited."""
        gist = self.figures.policy.clauses.get(place, "")
        if not gist or place in self.restated:
            return place
        self.restated.add(place)
        return f"{place}（{gist}）"

    def _sum(self, row: Row) -> Sentence:
        """The multiplication, or why the amount stands as pending."""
        measure = str(row["measure"])
        factors = (
            f"{self.amount(measure, row['amount'])} × {_percent(_share(row, 'weight'))} × "
            f"{_percent(_share(row, 'share'))}"
        )
        if row["state"] == "settled":
            total = self.amount(measure, row["credit"])
            zh, en = self._remainder(row)
            return Sentence(
                f"计入 {row['unit']}：{factors} = {total}{zh}。",
                f"credited to {row['unit']}: {factors} = {total}{en}.",
                detail=True,
            )
        most = self.amount(measure, row["pending"])
        why_zh, why_en = _REASONS[str(row["state"])]
        ruling = row["ruling"] or ""
        return Sentence(
            f"待定，没有计入（{why_zh}{ruling}）：最多 {factors} = {most}。",
            f"pending, not counted ({why_en} {ruling}): at most {factors} = {most}.",
            detail=True,
        )

    def _remainder(self, row: Row) -> tuple[str, str]:
        """What a division left over goes to the lead unit, so that nothing is lost."""
        product = _whole(row["amount"]) * _share(row, "weight") * _share(row, "share")
        left = _whole(row["credit"]) - product
        if not left or not self.figures.policy.measure(str(row["measure"])).is_money:
            return "", ""
        if row["role"] != "lead":
            return "（不足一分的归牵头单位）", " (parts of a 分 go to the lead unit)"
        yuan = format_decimal(left / 100, 2)
        return f"（含除不尽的尾差 {yuan} 元）", f" (with a remainder of {yuan} 元)"

    def rounded(self, measure: str, grains: object) -> str:
        """A sum with its unit, rounded half up, without zeros at its end."""
        known = self.figures.policy.measure(measure)
        places = max(self.figures.settings.places, SHOWN_PLACES)
        value = Fraction(_whole(grains), known.grains)
        said = format_decimal(value * 100 if known.is_share else value, places)
        return f"{said.rstrip('0').rstrip('.')}{'' if known.is_share else ' '}{known.unit}"

    def amount(self, measure: str, grains: object) -> str:
        """An amount with its unit.

        A count is a decimal too: a weight may touch it.
        """
        known = self.figures.policy.measure(measure)
        value = Fraction(_whole(grains), known.grains)
        return f"{exact_decimal(value)} {known.unit}" if not known.is_share else _percent(value)


_REASONS = {
    "open": ("口径未定：", "open ruling"),
    "silent": ("没有规则适用", "no rule applies"),
    "conflict": ("两条规则同时适用", "two rules apply"),
}


def _decided(choice: Choice | None) -> str:
    """Who chose what, and when."""
    if choice is None or not choice.option:
        return "未定"
    by = f"，决定人 {choice.decided_by}" if choice.decided_by else ""
    on = f"，{choice.decided_on}" if choice.decided_on else ""
    return f"选定 {choice.option}{by}{on}"


def _compared(row: Row) -> Iterator[tuple[str, str]]:
    """Rate, pace and the difference; of a level the difference to the target itself."""
    rate, pace, gap = row["rate"], row["pace"], row["gap"]
    if not isinstance(rate, Fraction):
        return
    yield f"完成率 {_percent(rate, 1)}", f"rate {_percent(rate, 1)}"
    if isinstance(pace, Fraction):
        yield f"序时进度 {_percent(pace, 1)}", f"pace {_percent(pace, 1)}"
    if isinstance(gap, Fraction):
        points, than = format_decimal(gap * 100, 1), "" if pace is not None else "与目标"
        yield f"{than}相差 {points} 个百分点", f"gap {points} points"


def _day(value: object) -> str:
    return "—" if value is None else f"{value:%Y-%m-%d}"


def _share(row: Row, name: str) -> Fraction:
    return Fraction(_whole(row[f"{name}_num"]), _whole(row[f"{name}_den"]))


def _percent(share: Fraction, places: int | None = None) -> str:
    """A share as a percentage, rounded half up to that many places; exactly when None.

    >>> _percent(Fraction(1, 5)), _percent(Fraction(1, 15)), _percent(Fraction(1, 15), 1)
    ('20%', '1/15', '6.7%')
    """
    hundredths = share * 100
    if places is not None:
        return f"{format_decimal(hundredths, places)}%"
    exact = exact_decimal(hundredths)
    return f"{exact}%" if Fraction(exact) == hundredths else str(share)


def _whole(value: object) -> int:
    assert isinstance(value, int), f"{value!r} is no whole number"  # noqa: S101 - a bug, not data
    return value
