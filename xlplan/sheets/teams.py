"""招商组情况: each team's projects of the period, summed live over the list below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xlplan.diagnostics import Cell
from xlplan.model import OPTIONAL_SHEETS, TEAM_SHEET, YI, foreign_said
from xlplan.sheets import layout, looks
from xlplan.sheets.credit_rows import LINK_LIMIT
from xlplan.sheets.description import Block, BlockColumn, CellSpec, Print, Sheet, Style, Value
from xlplan.sheets.layout import FIRST_ROW, HEAD_ROW
from xlplan.sheets.tier_list import yi_of

if TYPE_CHECKING:
    import pandas as pd

    from xlplan.sheets.figures import Figures

NO_TEAM = "未填招商组"
LIST_HEADS = (
    *("招商组", "项目编号", "项目名称", "牵头单位", "落地单位", "组内落地"),
    *("档次", "协议资金", "到位资金", "来源单元格"),
)
LIST = layout.letters(LIST_HEADS)
FOREIGN = "外币（未折算）"
"""The last column of the sums and of the list, where there are such amounts."""

REMARK = "金额按台账原数，不加权、不分摊"
MONEY = {"协议资金": "agreement", "到位资金": "received"}


@dataclass(frozen=True, slots=True)
class Team:
    """One row of the sums: posts and places as words, numbers by head, money in 亿元."""

    name: str
    leader: str
    reporter: str
    numbers: Mapping[str, Fraction]
    told: str
    landed: str
    foreign: str


def team_sheet(figures: "Figures") -> Sheet:
    """招商组情况, described: the teams in the document's order, their sums, then every project."""
    heads, teams = summary_heads(figures), teams_of(figures)
    last = FIRST_ROW + len(teams) - 1
    listed = (last + 5, last + 4 + max(len(figures.teams), 1))
    cells, merges = layout.caption(
        f"{OPTIONAL_SHEETS[TEAM_SHEET]}　{figures.policy.area}",
        f"期间：{figures.shown_period}　截止：{figures.shown_as_of}　{REMARK}",
        "单位：亿元、个",
        len(heads),
    )
    cells += layout.head_cells(heads)
    for row, team in enumerate(teams, start=FIRST_ROW):
        cells += _summary(figures, heads, team, (row, listed))
    cells += _total(figures, heads, teams, last)
    cells.append(CellSpec(listed[0] - 2, 1, "各组项目", looks.SECTION))
    cells += layout.head_cells(list_heads(figures), listed[0] - 1)
    widths = _widths(heads)
    texts = [[team.name, team.leader, team.reporter] for team in teams]
    heights = layout.CAPTION_HEIGHTS | layout.row_heights(FIRST_ROW, texts, widths)
    return Sheet(
        TEAM_SHEET,
        tuple(cells),
        blocks=(_list(figures, listed[0]),) if len(figures.teams) else (),
        merges=tuple(merges),
        widths=widths,
        heights=heights | {listed[0] - 2: 30.0},
        freeze=(FIRST_ROW, 2),
        print=Print(title_rows=(HEAD_ROW, HEAD_ROW)),
        tab_color=looks.OUTPUT_TAB,
    )


def summary_heads(figures: "Figures") -> tuple[str, ...]:
    """The heads of the sums, with one column for each tier."""
    tiers = (f"{tier.name}项目" for tier in figures.policy.tiers)
    places = ("组外落地", "文件落地单位", "台账落地单位")
    return ("招商组", "组长", "汇报人", "项目数", *tiers, *MONEY, *_foreign(figures), *places)


def list_heads(figures: "Figures") -> tuple[str, ...]:
    """The heads of the list of projects."""
    return (*LIST_HEADS, *_foreign(figures))


def _foreign(figures: "Figures") -> tuple[str, ...]:
    """The head of amounts that are worth no 元 by the document, if there are any."""
    return (FOREIGN,) if any(figures.teams["foreign"]) else ()


def teams_of(figures: "Figures") -> list[Team]:
    """Every team of the document, and last the projects that name none, if there are any."""
    frames = dict(tuple(figures.teams.groupby("team", sort=False)))
    nobody = figures.teams.iloc[:0]
    found = [
        Team(
            team.name,
            team.leader,
            next(iter(team.commissioners), ""),
            _numbers(figures, frames.get(team.name, nobody)),
            "、".join(team.landing_units),
            _landed(frames.get(team.name, nobody)),
            _unconverted(frames.get(team.name, nobody)),
        )
        for team in figures.policy.teams
    ]
    if "" in frames:
        rest = frames[""]
        numbers, foreign = _numbers(figures, rest), _unconverted(rest)
        found.append(Team(NO_TEAM, "", "", numbers, "", _landed(rest), foreign))
    return found


def _numbers(figures: "Figures", mine: "pd.DataFrame") -> dict[str, Fraction]:
    tiers = mine["tier"].value_counts()
    counts = {f"{tier.name}项目": tiers.get(tier.name, 0) for tier in figures.policy.tiers}
    outside = int((~mine["inside"].astype(bool)).sum())
    return {
        "项目数": Fraction(len(mine)),
        **{head: Fraction(int(number)) for head, number in counts.items()},
        **{head: Fraction(int(mine[field].sum()), YI) for head, field in MONEY.items()},
        "组外落地": Fraction(outside),
    }


def _landed(mine: "pd.DataFrame") -> str:
    """Where the team's projects land, by the ledger."""
    return "、".join(place for place in dict.fromkeys(mine["landing"]) if place)


def _unconverted(mine: "pd.DataFrame") -> str:
    """What the team's projects agreed and received in currencies that are not converted."""
    return foreign_said(one for amounts in mine["foreign"] for one in amounts)


Spot = tuple[int, tuple[int, int]]
"""A row of the sums, and the rows of the list below."""


def _summary(figures: "Figures", heads: Sequence[str], team: Team, at: Spot) -> list[CellSpec]:
    """One team's row; every number is counted or summed over the list below."""
    row, listed = at
    words = {
        "招商组": team.name,
        "组长": team.leader,
        "汇报人": team.reporter,
        "文件落地单位": team.told,
        "台账落地单位": team.landed,
        FOREIGN: team.foreign,
    }
    money = looks.NUMBER.but(number_format=looks.money(figures.settings.places))
    cells = []
    for column, head in enumerate(heads, start=1):
        value: Value = words.get(head) or team.numbers.get(head)
        style = looks.TEXT if head in words else money if head in MONEY else looks.CENTRED
        formula = _formula(head, row, listed) if head in team.numbers else ""
        cells.append(CellSpec(row, column, value, style, formula))
    return cells


def _formula(head: str, row: int, listed: tuple[int, int]) -> str:
    """The number under a head, over the list's rows of the team."""

    def under(name: str) -> str:
        return layout.absolute(LIST[name], listed)

    mine = f"{under('招商组')},$A{row}"
    if head in MONEY:
        return f"SUMIFS({under(head)},{mine})"
    if head == "项目数":
        return f"COUNTIFS({mine})"
    if head == "组外落地":
        return f'COUNTIFS({mine},{under("组内落地")},"否")'
    return f'COUNTIFS({mine},{under("档次")},"{head.removesuffix("项目")}")'


def _total(
    figures: "Figures", heads: Sequence[str], teams: Sequence[Team], last: int
) -> list[CellSpec]:
    """The row below the teams: each number added up."""
    base = looks.CENTRED.but(bold=True, fill=looks.TOTAL_FILL)
    money = base.but(number_format=looks.money(figures.settings.places), horizontal="right")
    letters, numbers = layout.letters(heads), teams[0].numbers if teams else {}
    cells = []
    for column, head in enumerate(heads, start=1):
        adds = head in numbers
        value: Value = sum((t.numbers[head] for t in teams), Fraction(0)) if adds else None
        formula = f"SUM({letters[head]}{FIRST_ROW}:{letters[head]}{last})" if adds else ""
        style: Style = money if head in MONEY else base
        cells.append(CellSpec(last + 1, column, "合计" if column == 1 else value, style, formula))
    return cells


def _widths(heads: Sequence[str]) -> dict[int, float]:
    """Room for names on the left and for places on the right."""
    widths = dict.fromkeys(range(1, max(len(heads), len(LIST_HEADS) + 1) + 1), 12.0)
    widths |= {1: 28.0, 2: 20.0, 3: 24.0, 4: 16.0, 5: 16.0}
    if FOREIGN in heads:
        widths |= {heads.index(FOREIGN) + 1: 30.0, len(LIST_HEADS) + 1: 30.0}
    return widths | {len(heads) - 1: 34.0, len(heads): 24.0}


def _list(figures: "Figures", row: int) -> Block:
    """Every project, team by team."""
    teams = figures.teams
    money = looks.NUMBER.but(number_format=looks.money(figures.settings.places))
    texts = {"项目名称": "name", "牵头单位": "lead", "落地单位": "landing", "档次": "tier"}
    columns: dict[str, BlockColumn] = {
        "招商组": BlockColumn([team or NO_TEAM for team in teams["team"]], looks.TEXT),
        "项目编号": BlockColumn(teams["project"].tolist(), looks.CODE),
        **{head: _words(teams[field]) for head, field in texts.items()},
        "组内落地": BlockColumn(
            ["是" if inside else "否" for inside in teams["inside"]], looks.CENTRED
        ),
        **{head: BlockColumn(yi_of(teams[field]), money) for head, field in MONEY.items()},
        "来源单元格": _places(figures),
        FOREIGN: BlockColumn(
            [foreign_said(of) if of else None for of in teams["foreign"]], looks.TEXT
        ),
    }
    return Block(row, 1, tuple(columns[head] for head in list_heads(figures)))


def _words(column: "pd.Series[Any]") -> BlockColumn:
    return BlockColumn([word or None for word in column.tolist()], looks.TEXT)


def _places(figures: "Figures") -> BlockColumn:
    """The project's row in the ledger, linked where it is in reach."""
    teams = figures.teams
    rows = zip(teams["sheet"].tolist(), teams["row"].tolist(), strict=True)
    if not figures.beside or len(teams) > LINK_LIMIT:
        return BlockColumn([f"{sheet}!A{row}" for sheet, row in rows], looks.CENTRED)
    cells = [Cell(sheet, row, 1) for sheet, row in rows]
    said = [str(cell) for cell in cells]
    return BlockColumn(said, looks.LINK, links=[layout.target_of(cell) for cell in cells])
