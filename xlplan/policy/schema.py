"""What a policy can say. Every rule is a row of a small table; an option of a ruling is more rows.

Amounts are whole numbers of grains (see `xlplan.model`), shares are exact fractions, and every
rule names the clause it restates. The engine joins these tables onto the ledger and knows no
document by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, get_args

from xlplan.model import ONE, YI
from xlplan.policy.marks import Scoring
from xlplan.policy.notices import Board, Calendar
from xlplan.quantity import CALENDAR, Period, Year, parse_period

Comparison = Literal[">=", ">", "<=", "<"]
Amount = Literal["agreement", "receipts", "investment", "output", "project", "tier"]
Bounded = Literal["investment", "output", "agreement"]
Dated = Literal["signed", "started", "produced"]
Counted = Literal["个", "家", "户"]
Basis = Literal["flow", "level"]
PaceKind = Literal["months", "days", "schedule", "targets", "none"]
RankedBy = Literal["rate", "value", "gap"]
Kind = Literal["sum", "rate", "reported", "growth", "ratio", "rank", "combined"]
Better = Literal["higher", "lower"]
CohortAmount = Literal["project", "agreement", "investment", "output"]
CountedAmount = Literal["project", "agreement", "investment", "output", "receipts"]
Base = Literal["previous-year", "previous-period"]

COHORT_PERIODS = ("previous-year", "year", "period", "all-before")
"""Which projects are in a cohort, besides those of a fixed period: by the period computed."""

COUNTED: tuple[Counted, ...] = get_args(Counted)
"""The words that projects and enterprises are counted in."""

MONEY_UNIT = "亿元"
"""The unit of a statistic that is money of this country; its grains are 分."""
Conversion = Literal["own", "fixed", "dated"]

LISTED: Mapping[str, str] = {
    "industries": "industry",
    "statuses": "status",
    "teams": "team",
    "levels": "level",
    "lists": "lists",
}
"""The closed lists of words that a policy may declare, and the field of the ledger of each."""

WORDED: Mapping[str, str] = {
    "origins": "origin",
    "sectors": "sector",
    **LISTED,
    "landing": "landing",
    "units": "lead",
}
"""The lists of words that a filter may ask for, and the field of the ledger of each."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound on one amount of a project, such as investment >= 20亿元."""

    field: Bounded
    comparison: Comparison
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class DayBound:
    """A bound on one day of a project, such as signed >= 2021-01-01."""

    field: Dated
    comparison: Comparison
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """All thresholds hold, and the project's sector is one of `sectors` (empty = any sector).

    It holds for projects signed from `valid_from` to before `valid_to`; None = without end.
    """

    thresholds: tuple[Threshold, ...]
    sectors: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def text(self) -> str:
        """The case as the policy file says it, for explanations."""
        said = [f"{bound.field} {bound.text}" for bound in self.thresholds]
        return " 且 ".join([*(f"行业为{'、'.join(self.sectors)}" for _ in self.sectors[:1]), *said])


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier 档次: a project is of the first (highest) tier of which any case holds."""

    id: str
    name: str
    any_of: tuple[Case, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Words:
    """A condition on one column of words: one of these, or with `excluded` none of them."""

    field: str
    words: tuple[str, ...]
    excluded: bool = False

    def admits(self, value: object) -> bool | None:
        """Whether a project with that word, or those of a list, fits; None = the cell is blank.

        >>> (
        ...     Words("status", ("终止",), excluded=True).admits("开工"),
        ...     Words("lists", ("名企",)).admits(()),
        ... )
        (True, None)
        """
        said = value if isinstance(value, tuple) else (value,)
        if not any(said):
            return None
        return set(self.words).isdisjoint(said) is self.excluded


@dataclass(frozen=True, slots=True)
class Where:
    """Which projects a measure counts: every condition on words, and every bound.

    `excluded` are further conditions on words, by the names of their lists: none of these.
    """

    origins: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    landing: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    excluded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[DayBound, ...] = ()

    @property
    def words(self) -> tuple[Words, ...]:
        """The conditions on words, those that exclude last.

        >>> Where(origins=("海外",)).words
        (Words(field='origin', words=('海外',), excluded=False),)
        """
        wanted = ((name, getattr(self, name)) for name in WORDED)
        return tuple(
            Words(WORDED[name], words, excluded)
            for listed, excluded in ((wanted, False), (self.excluded, True))
            for name, words in listed
            if words
        )

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the ledger that it asks for."""
        parts: tuple[Words | Threshold | DayBound, ...] = (
            *self.words,
            *self.thresholds,
            *self.days,
        )
        return frozenset(part.field for part in parts)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The projects that a rate is of, its denominator.

    Those dated within `period` (one of `COHORT_PERIODS`, or a fixed one such as 2022) that `where`
    admits; `amount` says what of each is added up: 1, or one of its amounts.
    """

    amount: CohortAmount = "project"
    dated_by: Dated = "signed"
    period: str = "previous-year"
    where: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """Which projects of a cohort count in the numerator, and what of each is added up.

    Those that `where` admits and whose day `dated_by` is not after the as-of date; "" = no day is
    asked for. Receipts count up to the as-of date.
    """

    amount: CountedAmount = "project"
    dated_by: Literal["", "signed", "started", "produced"] = ""
    where: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class Statistic:
    """What a measure is that is no sum over the ledger; which fields speak depends on its kind.

    A rate is of the projects of a `cohort`, of which those `fulfilled` count, for the lead unit or
    for `all-units`. Growth is that `of` another measure against its `base`; a ratio has two
    measures, `numerator` and `denominator`; what is combined adds up `terms`, measures each times a
    factor 折算系数. What is reported or a rank needs none of these.
    """

    unit: str = "%"
    cohort: Cohort = field(default_factory=Cohort)
    fulfilled: Fulfilled = field(default_factory=Fulfilled)
    counts_for: Literal["lead", "all-units"] = "lead"
    of: str = ""
    base: Base = "previous-year"
    numerator: str = ""
    denominator: str = ""
    feeds_only: bool = False
    terms: tuple[tuple[str, Fraction], ...] = ()

    @property
    def counts_projects(self) -> bool:
        """Whether a rate is of projects, each one; else of money."""
        return self.cohort.amount == "project"

    @property
    def sources(self) -> tuple[str, ...]:
        """The measures that it is computed from."""
        named = (self.of, self.numerator, self.denominator, *(name for name, _ in self.terms))
        return tuple(filter(None, named))


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: a sum over the ledger, or a statistic.

    `amount` says what of a project or receipt: its agreement, receipts, investment or output, 1
    for each project, or 1 if it is of `tier`. It belongs to the day `dated_by`, receipts to their
    own. Only projects that `where` admits count; with `distinct_by` only an investor's first of
    the period. With a `currency` only amounts written in it count, unconverted. Its figures come
    `lag` months late; `basis` is how its targets are meant where they do not say. A measure that
    is `part_of` another counts only projects outside `except_sectors`, and only for units that
    have such an of-which target.
    """

    id: str
    name: str
    amount: Amount | Literal[""]
    tier: str = ""
    part_of: str = ""
    except_sectors: tuple[str, ...] = ()
    dated_by: Dated = "signed"
    where: Where = field(default_factory=Where)
    distinct_by: Literal["", "investor"] = ""
    counted_in: Counted = "个"
    currency: str = ""
    lag: int = 0
    basis: Basis = "flow"
    kind: Kind = "sum"
    statistic: Statistic = field(default_factory=Statistic)
    better: Better = "higher"
    clause: str = ""

    @property
    def is_sum(self) -> bool:
        """Whether it adds up amounts of the ledger, rather than being a statistic."""
        return self.kind == "sum"

    @property
    def adds_up(self) -> bool:
        """Whether the amounts of units, or of quarters, add up to those of all.

        Sums do, alone or combined, and reported amounts and counts of which more is better; days,
        shares and ranks do not.
        """
        is_amount = self.kind in ("reported", "combined") and not self.is_share
        return self.is_sum or (is_amount and self.better == "higher")

    @property
    def is_share(self) -> bool:
        """Whether its values are shares, shown in per cent: 100% is 1."""
        return self.unit == "%"

    def counted_to(self, as_of: date) -> date:
        """The last day that counts: the as-of date, or the end of the month that lies `lag` before.

        >>> Measure("a", "到位资金", "receipts", lag=1).counted_to(date(2021, 3, 31))
        datetime.date(2021, 2, 28)
        """
        day = as_of
        for _ in range(self.lag):
            day = day.replace(day=1) - timedelta(days=1)
        return day

    @property
    def label(self) -> str:
        """What an of-which target 其中 calls the part that it counts; "" when it is no part.

        >>> Measure("a", "协议资金（非工业）", "agreement", part_of="协议资金").label
        '非工业'
        """
        return self.name.removeprefix(self.part_of)[1:-1] if self.part_of else ""

    @property
    def is_money(self) -> bool:
        """Whether it counts 分, or hundredths of its own currency, rather than projects."""
        if self.is_sum:
            return self.amount not in ("project", "tier")
        return self.statistic.unit == MONEY_UNIT

    @property
    def reads(self) -> str:
        """The field of a project or receipt in which the amount of a sum stands, or "project"."""
        return {"receipts": "amount", "tier": "project"}.get(self.amount, self.amount)

    @property
    def grains(self) -> int:
        """Grains in one 亿元, of its own currency if it has one, in one 个 or day, or in 100%."""
        return YI if self.is_money else ONE

    @property
    def unit(self) -> str:
        """亿元, 亿美元 in a currency of its own, or what counts or measures: 个, 家, 天, %."""
        if not self.is_sum:
            return self.statistic.unit
        return f"亿{self.currency or '元'}" if self.is_money else self.counted_in

    @property
    def needs(self) -> frozenset[str]:
        """The columns of the ledger without which it cannot be told what counts."""
        if not self.is_sum:
            return self._needs_of_rate if self.kind == "rate" else frozenset()
        own = {self.amount} & {"investment", "output"} | ({self.distinct_by} - {""})
        dated = set() if self.amount == "receipts" else {self.dated_by}
        return self.where.fields | own | dated

    @property
    def filters(self) -> tuple[tuple[str, Where], ...]:
        """Its filters on the ledger, each with its key in the policy file."""
        if self.kind == "rate":
            both = self.statistic.cohort.where, self.statistic.fulfilled.where
            return (("cohort.where", both[0]), ("counted.where", both[1]))
        return (("where", self.where),)

    @property
    def _needs_of_rate(self) -> frozenset[str]:
        cohort, fulfilled = self.statistic.cohort, self.statistic.fulfilled
        own = {cohort.amount, fulfilled.amount} & {"agreement", "investment", "output"}
        dated = {cohort.dated_by, fulfilled.dated_by} - {""}
        return cohort.where.fields | fulfilled.where.fields | own | dated


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules have: a speakable id, the clause restated, and the ruling it comes from.

    A rule holds for amounts dated from `valid_from` to before `valid_to`; None = without end.
    """

    id: str
    clause: str
    ruling: str = ""
    valid_from: date | None = field(default=None, kw_only=True)
    valid_to: date | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Weight(Rule):
    """Weight 权重 of an amount by measure and origin, for the units of a scope.

    Empty `origins` = any origin, empty `scope` = any unit. `like` names the measure whose weight is
    taken instead of a share of its own.
    """

    measures: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    scope: str = ""
    share: Fraction | None = None
    like: str = ""


@dataclass(frozen=True, slots=True)
class Split(Rule):
    """Shares 份额 of a project between its lead and cooperating units.

    Applies when the number of cooperating units lies within `partners` (second bound None = no
    limit) and, unless None, when the units belong to several groups or not. `among` says whether
    cooperating units share `cooperating` equally or get it each. A rule that `prevails` sets aside
    those that do not. `like` names the measure whose split is taken. With `equally` all units, the
    lead unit among them, share that much of the project in equal parts.
    """

    measures: tuple[str, ...] = ()
    partners: tuple[int, int | None] = (0, None)
    across_groups: bool | None = None
    lead: Fraction = Fraction(0)
    cooperating: Fraction = Fraction(0)
    among: Literal["equally", "each"] = "equally"
    prevails: bool = False
    like: str = ""
    equally: Fraction | None = None


@dataclass(frozen=True, slots=True)
class TierCount(Rule):
    """Whether a project counts in its highest tier only or in every lower counted tier too."""

    scope: Literal["highest", "cumulative"] = "highest"


@dataclass(frozen=True, slots=True)
class OfWhich(Rule):
    """Whether an of-which target 其中 is a floor of its own or only a note."""

    reading: Literal["floor", "note"] = "floor"


@dataclass(frozen=True, slots=True)
class Scope(Rule):
    """Units that a scope covers; several rules may extend one scope, found by `name`."""

    name: str = ""
    groups: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The tables of rules."""

    weights: tuple[Weight, ...] = ()
    splits: tuple[Split, ...] = ()
    tier_counts: tuple[TierCount, ...] = ()
    of_whichs: tuple[OfWhich, ...] = ()
    scopes: tuple[Scope, ...] = ()

    def plus(self, others: Sequence["RuleSet"]) -> "RuleSet":
        """These rules and those of other sets."""
        return RuleSet(
            *(
                tuple(rule for rules in (self, *others) for rule in getattr(rules, table.name))
                for table in fields(RuleSet)
            )
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One way to close a gap: ordinary rules, possibly none."""

    id: str
    label: str
    rules: RuleSet = field(default_factory=RuleSet)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A gap 口径 that the document leaves open, and the options that would close it."""

    id: str
    question: str
    silent_at: str
    options: tuple[Option, ...]

    def option(self, option: str) -> Option | None:
        """The option of that id, if there is one."""
        return next((known for known in self.options if known.id == option), None)


@dataclass(frozen=True, slots=True)
class Pace:
    """序时进度: months/12, days, the policy's own schedule (share by each quarter's end), or none.

    With `targets` the quarters' own targets say it, over that of the year. `measures` are those
    that it is for; () = all that have no pace of their own.
    """

    kind: PaceKind = "months"
    schedule: tuple[Fraction, ...] = ()
    clause: str = ""
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who ranks before whom: by rate, value or gap, the best first; ties share a rank.

    With `skip` ranks after a tie are skipped (1, 2, 2, 4), else not (1, 2, 2, 3). Rows of
    `left_out` units are not ranked, for the reason given. `measures` as in `Pace`.
    """

    ties: Literal["skip", "dense"] = "skip"
    left_out: tuple[str, ...] = ()
    clause: str = ""
    by: RankedBy = "rate"
    reason: str = ""
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit 责任单位 as the document names it."""

    name: str
    group: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    includes_predecessor: bool = False


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One unit's row of a target table: cells as written, in the order of the table's measures."""

    unit: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A block of the document's task-breakdown table 任务分解表.

    `heads` are the printed column heads: (upper, lower) per measure; "" below = one tall head.
    A document that writes no 合计 has a `total` without a name and cells. The area as a whole has a
    total and no rows; its name stands for a `group`.
    """

    group: str
    title: str
    measures: tuple[str, ...]
    heads: tuple[tuple[str, str], ...]
    rows: tuple[TargetRow, ...]
    total: TargetRow
    period: str
    clause: str
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One target read from a table or the long form; value in grains of its measure."""

    group: str
    unit: str
    measure: str
    period: str
    bound: Literal["floor", "ceiling", "stretch", "of-which"]
    of_which: str
    value: int
    text: str
    basis: Basis = "flow"


@dataclass(frozen=True, slots=True)
class Currency:
    """A foreign currency, and whether its amounts are converted.

    `rates` are 元 for one, each from its day on (None = always). With `own` there is none: its
    amounts count only for measures in that currency.
    """

    name: str
    convert: Conversion
    rates: tuple[tuple[date | None, Fraction], ...]
    clause: str

    def rate_on(self, day: date | None) -> Fraction | None:
        """元 for one on that day; None when the document gives no rate for it.

        >>> dated = ((date(2023, 1, 1), Fraction(7)), (date(2023, 7, 1), Fraction("7.2")))
        >>> str(Currency("美元", "dated", dated, "").rate_on(date(2023, 8, 1)))
        '36/5'
        """
        known = [
            rate
            for since, rate in self.rates
            if since is None or (day is not None and since <= day)
        ]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Team:
    """A team 专项招商组: posts, never names; reports by its first commissioner."""

    name: str
    leader: str
    commissioners: tuple[str, ...]
    landing_units: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A general name 统称, such as 各园区: units of groups, and single ones, but for some.

    With `teams` it is the name of all teams 专项招商组, which are no units.
    """

    text: str
    groups: tuple[str, ...]
    units: tuple[str, ...]
    excluded: tuple[str, ...]
    clause: str
    teams: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A task 任务 and who must do it: posts and offices as words, units by name or wildcard.

    `lead_offices` lead it too, but have no targets and so no place in the register of units.

    `due` is the last day 时限; without one a task has no deadline. `measures` are what it carries:
    such a task is as far as they are.
    """

    id: str
    name: str
    clause: str
    leaders: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    lead_offices: tuple[str, ...] = ()
    lead_units: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    due: date | None = None
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duties:
    """The tasks of a document, its general names, and how many days before a deadline are near."""

    tasks: tuple[Task, ...] = ()
    wildcards: tuple[Wildcard, ...] = ()
    near: int = 30


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the whole area that is stated, not broken down to units.

    `bound` is its bound or its words. A bound on a known `measure` has its `comparison` and its
    `value` in grains; with `each` it holds for every year of the period, else for all of it.
    """

    name: str
    bound: str
    period: str
    clause: str
    measure: str = ""
    each: Literal["", "year"] = ""
    comparison: Comparison = ">="
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One issued document as data; see docs/policy-file.md."""

    id: str
    title: str
    issued: date
    area: str
    period: str
    bulletin: Literal["month", "quarter"]
    assessment: Literal["quarter", "year"]
    origins: tuple[str, ...]
    sectors: tuple[str, ...]
    clauses: Mapping[str, str]
    groups: tuple[str, ...]
    units: tuple[UnitEntry, ...]
    measures: tuple[Measure, ...]
    tiers: tuple[Tier, ...]
    rules: RuleSet
    rulings: tuple[Ruling, ...]
    tables: tuple[TargetTable, ...]
    targets: tuple[Target, ...]
    pace: Pace
    ranking: Ranking
    teams: tuple[Team, ...] = ()
    goals: tuple[Goal, ...] = ()
    calendar_clause: str = ""
    industries: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    year: Year = CALENDAR
    currencies: tuple[Currency, ...] = ()
    not_counted: tuple[str, ...] = ()
    not_counted_clause: str = ""
    scoring: Scoring = field(default_factory=Scoring)
    duties: Duties = field(default_factory=Duties)
    paces: tuple[Pace, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    boards: tuple[Board, ...] = ()
    calendars: tuple[Calendar, ...] = ()

    def own_pace(self, measure: str) -> Pace | None:
        """The pace that the policy gives a measure by name."""
        return next((pace for pace in self.paces if measure in pace.measures), None)

    def ranking_of(self, measure: str) -> Ranking:
        """How a measure is ranked: as the policy says of it by name, else as of all."""
        own = (ranking for ranking in self.rankings if measure in ranking.measures)
        return next(own, self.ranking)

    def period_named(self, text: object) -> Period | None:
        """The period of that name in the document's own assessment years; None = no period."""
        return parse_period(text, self.year)

    def basis_of(self, measure: str, period: str) -> Basis:
        """How targets of a measure for a period are meant that do not say it themselves."""
        tables = (table for table in self.tables if table.period == period)
        said = (table.basis for table in tables if measure in table.measures and table.basis)
        return next(said, None) or self.measure(measure).basis

    def measures_in(self, currency: str) -> tuple[Measure, ...]:
        """The measures that count amounts in a currency as they are written."""
        return tuple(measure for measure in self.measures if measure.currency == currency)

    def currency(self, name: str) -> Currency | None:
        """What the document says of a currency, if it does."""
        return next((known for known in self.currencies if known.name == name), None)

    @property
    def needs(self) -> frozenset[str]:
        """The columns of the ledger that its rules need beyond those of every ledger."""
        status = frozenset({"status"} if self.not_counted else ())
        return status.union(*(measure.needs for measure in self.measures))

    @property
    def sums(self) -> tuple[Measure, ...]:
        """The measures that add up amounts of the ledger; the rules speak of these."""
        return tuple(measure for measure in self.measures if measure.is_sum)

    @property
    def statistics(self) -> tuple[Measure, ...]:
        """The measures that are no sums: rates, reported figures, growth, ratios, ranks."""
        return tuple(measure for measure in self.measures if not measure.is_sum)

    @property
    def reports(self) -> tuple[Measure, ...]:
        """The measures whose figures, or some of them, come from the sheet 统计数据."""
        of_others = ("rate", "combined")
        asked = [measure for measure in self.statistics if measure.kind not in of_others]
        sources = {name for measure in asked for name in measure.statistic.sources}
        return tuple(m for m in self.measures if m in asked or m.name in sources)

    def words(self, field: str) -> tuple[str, ...]:
        """The closed list of words for a field such as industry; () = any word."""
        if field == "team":
            return tuple(team.name for team in self.teams)
        lists = {"industry": self.industries, "status": self.statuses}
        return (lists | {"level": self.levels, "lists": self.lists}).get(field, ())

    def part(self, measure: str, label: str) -> Measure | None:
        """The measure of an of-which part 其中 by its label, such as 协议资金（非工业）."""
        name = f"{measure}（{label}）"
        return next((m for m in self.measures if m.part_of == measure and m.name == name), None)

    def measure(self, name: str) -> Measure:
        """The measure of that name; KeyError if there is none."""
        for known in self.measures:
            if known.name == name:
                return known
        raise KeyError(name)

    def ruling(self, ruling: str) -> Ruling | None:
        """The ruling of that id, if there is one."""
        return next((known for known in self.rulings if known.id == ruling), None)

    def rules_under(self, chosen: Mapping[str, str]) -> RuleSet:
        """The rules in force when these options (ruling id → option id) are chosen."""
        options = (
            ruling.option(chosen[ruling.id]) for ruling in self.rulings if ruling.id in chosen
        )
        return self.rules.plus([option.rules for option in options if option is not None])
