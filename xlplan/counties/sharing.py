"""Which projects of different counties are one, and what of them counts for the area."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from xlplan.counties.nouns import Added, Different, Report, Scope, Shared
from xlplan.diagnostics import Cell, Diagnostics, InBook
from xlplan.model import ONE, YI
from xlplan.quantity import exact_decimal

if TYPE_CHECKING:
    import pandas as pd

FIELD_NAMES: Mapping[str, str] = {
    "credit_code": "统一社会信用代码",
    "name": "项目名称",
    "project": "项目编号",
    "investor": "投资主体",
}

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Having:
    """A county that has the measure, by what name its own policy calls it."""

    county: str
    report: Report
    own: str


def shared_projects(
    scope: Scope, measure: Added, having: Sequence[Having], found: Diagnostics
) -> list[Shared]:
    """The projects that several counties have in a measure, as each has them.

    Where their amounts differ and nobody has ruled, nothing of them is settled (XP985).
    """
    rows = _rows(having)
    shared: list[Shared] = []
    groups = _groups(scope, rows)
    for number, group in enumerate(groups, 1):
        shared += _settled(scope, measure, number, [(having[at], row) for at, row in group], found)
    return shared


def tell_unidentified(scope: Scope, reports: Iterable[Report], found: Diagnostics) -> None:
    """Say which books have projects that cannot be compared with those of others (XP982)."""
    fields = "，且缺".join("或".join(FIELD_NAMES[name] for name in one) for one in scope.same)
    for report in reports:
        projects = report.members.drop_duplicates("project")
        lacking = projects
        for alternative in scope.same:
            keys = _keys(lacking, alternative)
            lacking = lacking[[not key for key in keys]]
        if scope.same and len(lacking):
            first = lacking.iloc[0]
            place = InBook(report.label, Cell(str(first["sheet"]), int(first["row"])))
            found.add("XP982", place, count=len(lacking), fields=fields)


def _rows(having: Sequence[Having]) -> "pd.DataFrame":
    """The members of the measure in every county; `county` numbers those that have it."""
    import pandas as pd  # noqa: PLC0415 - plain values otherwise

    parts = []
    for at, one in enumerate(having):
        members = one.report.members
        parts.append(members[members["measure"] == one.own].assign(county=at))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _keys(rows: "pd.DataFrame", fields: Sequence[str]) -> list[str]:
    """What the fields of each row say, "" where one of them is blank."""
    columns = [list(map(_plain, rows[name])) for name in fields]
    return [_SEPARATOR.join(said) if all(said) else "" for said in zip(*columns, strict=True)]


def _plain(text: object) -> str:
    """A name as it is compared: widths, cases and blanks make no difference.

    >>> _plain("示例（一期） ａ1"), _plain("示例(一期)A1")
    ('示例(一期)a1', '示例(一期)a1')
    """
    said = str(text)
    if said.isascii() and said.isalnum():
        return said.casefold()
    return "".join(unicodedata.normalize("NFKC", said).split()).casefold()


def _groups(scope: Scope, rows: "pd.DataFrame") -> Iterator[list[tuple[int, Mapping[str, object]]]]:
    """The rows of each project that several counties have; each with its county."""
    import pandas as pd  # noqa: PLC0415 - as above

    links: dict[int, int] = {}
    for fields in scope.same if len(rows) else ():
        keys = pd.Series(_keys(rows, fields), index=rows.index)
        counties = rows["county"].groupby(keys).transform("nunique")
        for _, same in rows.index.to_series()[(keys != "") & (counties > 1)].groupby(keys):
            first, *others = same
            links.setdefault(first, first)
            for other in others:
                links[_root(links, other)] = _root(links, first)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for at in sorted(links):
        groups[_root(links, at)].append(at)
    for members in sorted(groups.values()):
        part = rows.loc[members].sort_values("county", kind="stable")
        yield [(int(str(row["county"])), row) for row in _plain_rows(part)]


def _plain_rows(rows: "pd.DataFrame") -> Iterator[Mapping[str, object]]:
    """Each row by column name."""
    for record in rows.to_dict("records"):
        yield {str(name): value for name, value in record.items()}


def _root(links: dict[int, int], at: int) -> int:
    """The row that stands for all that are the same project as this one."""
    links.setdefault(at, at)
    while links[at] != at:
        at = links[at]
    return at


Part = Literal["value", "numerator", "denominator"]


def _settled(
    scope: Scope,
    measure: Added,
    number: int,
    group: Sequence[tuple[Having, Mapping[str, object]]],
    found: Diagnostics,
) -> Iterator[Shared]:
    """What of one project counts, county by county, in each of its figures."""
    parts: Mapping[Part, str] = (
        {"value": "amount"} if measure.is_sum else {"numerator": "counted", "denominator": "amount"}
    )
    for part, column in parts.items():
        unit = measure.unit if measure.is_sum else measure.part_unit
        grains = YI if unit.startswith("亿") else ONE
        amounts = [Fraction(int(str(row[column])), grains) for _, row in group]
        counties = [one.county for one, _ in group]
        counted = _counted(scope.when_different, counties, amounts)
        if counted is None:
            _tell_different(measure, group, amounts, found)
        for at, (one, row) in enumerate(group):
            yield Shared(
                number,
                measure,
                part,
                one.county,
                one.report,
                str(row["project"]),
                str(row["name"]),
                str(row["credit_code"]),
                amounts[at],
                Fraction(0) if counted is None else counted[at],
                amounts[at] if counted is None else Fraction(0),
                Cell(str(row["sheet"]), int(str(row["row"])), int(str(row["column"]))),
            )


def _counted(
    ruling: Different, counties: Sequence[str], amounts: Sequence[Fraction]
) -> list[Fraction] | None:
    """What counts of each amount; None = they differ, and it is not ruled what then.

    >>> [str(one) for one in _counted("", ["甲", "乙"], [Fraction(3), Fraction(3)])]
    ['3', '0']
    >>> _counted("", ["甲", "乙"], [Fraction(3), Fraction(2)])
    >>> [str(one) for one in _counted("smallest", ["甲", "乙"], [Fraction(3), Fraction(2)])]
    ['0', '2']
    """
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for county, amount in zip(counties, amounts, strict=True):
        sums[county] += amount
    if ruling == "add":
        return list(amounts)
    if len(set(sums.values())) > 1 and not ruling:
        return None
    choose = min if ruling == "smallest" else max
    chosen = choose(sums, key=lambda county: sums[county])
    return [
        amount if county == chosen else Fraction(0)
        for county, amount in zip(counties, amounts, strict=True)
    ]


def _tell_different(
    measure: Added,
    group: Sequence[tuple[Having, Mapping[str, object]]],
    amounts: Sequence[Fraction],
    found: Diagnostics,
) -> None:
    """XP985 at the first county's cell, with what every county has."""
    (first, row), said = group[0], []
    unit = measure.unit if measure.is_sum else measure.part_unit
    for (one, _), amount in zip(group, amounts, strict=True):
        said.append(f"{one.county} {exact_decimal(amount)}{unit}")
    cell = Cell(str(row["sheet"]), int(str(row["row"])), int(str(row["column"])))
    found.add(
        "XP985",
        InBook(first.report.label, cell),
        name=row["name"] or row["project"],
        count=len({one.county for one, _ in group}),
        measure=measure.name,
        amounts="、".join(said),
    )
