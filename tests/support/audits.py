"""Documents that do not agree with themselves: one sound policy, changed in one place at a time."""

from pathlib import Path

from xlplan.policy import parse_policy

SOUND = Path(__file__).parents[1] / "cases" / "broken_policies" / "sound.toml"

MEASURES = '[[measure]]\nid = "large"'
UNITS = '[[unit]]\nname = "东园"'


def table(group, period, measures, rows, extra=""):
    """A table of targets as TOML; `rows` are lists of cells."""
    heads = [[name, ""] for name in measures]
    return (
        f'\n[[table]]\ngroup = "{group}"\ntitle = "{group} {period}"\nperiod = "{period}"\n'
        f'clause = "附件1"\n{extra}measures = {quoted(measures)}\nheads = {quoted(heads)}\n'
        f"rows = {quoted(rows)}\n"
    )


def quoted(value):
    return str(value).replace("'", '"')


def goal(name, bound, **keys):
    said = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    return (
        f'\n[[goal]]\nname = "{name}"\nperiod = "2021-2025"\nbound = "{bound}"\n'
        f'measure = "协议资金"\n{said}clause = "备注1"\n'
    )


def rate(name, levels):
    return (
        f'[[measure]]\nid = "{name}"\nname = "{name}"\nkind = "rate"\ncounts_for = "lead"\n'
        f'clause = "附件1"\n[measure.cohort]\nperiod = "previous-year"\n'
        f"where = {{ levels = {quoted(levels)} }}\n"
        '[measure.counted]\ndated_by = "started"\n\n'
    )


def reported(name, unit="家"):
    return (
        f'[[measure]]\nid = "{name}"\nname = "{name}"\nkind = "reported"\nunit = "{unit}"\n'
        'basis = "level"\nclause = "附件1"\n\n'
    )


def team(name, *landing):
    return (
        f'\n[[team]]\nname = "{name}"\nleader = "副区长"\ncommissioners = ["局长"]\n'
        f'landing_units = {quoted(list(landing))}\nclause = "备注1"\n'
    )


OUTSIDE = (
    '[[measure]]\nid = "outside"\nname = "外来协议资金"\namount = "agreement"\n'
    'where = { origins = ["外来"] }\n\n'
)
RECEIVED = '[[measure]]\nid = "received"\nname = "到位资金"\namount = "receipts"\n\n'
LEVELS = {'groups = ["园区", "部门"]': 'groups = ["园区", "部门"]\nlevels = ["省级", "市级"]'}
OFFICE = {"": table("部门", "2021", ["协议资金"], [["商务局", "5"]])}
"""The sound policy's third unit has no target; with this it has."""


def changed(edits):
    """The sound policy with texts replaced; what replaces "" is appended."""
    text = SOUND.read_text(encoding="utf-8")
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1) if old else text + new
    return parse_policy(text, SOUND.stem)


def office(*more):
    return OFFICE | {"": OFFICE[""] + "".join(more)}


def quarters(name, cells):
    return "".join(
        table("园区", f"2021Q{n}", [name], [["东园", cell]]) for n, cell in enumerate(cells, 1)
    )


AUDITED = {
    "levels go back": (
        "XP550",
        "附件1",
        "2021Q1 为 5家，2021Q2 只有 4家",
        office(quarters("规上企业", ["5家", "4家", "6家"]))
        | {MEASURES: reported("规上企业") + MEASURES},
    ),
    "last level": (
        "XP551",
        "附件1",
        "2021Q4 为 80%，2021 为 90%",
        office(
            table("园区", "2021", ["履约率"], [["东园", "90%"]]),
            quarters("履约率", ["", "", "70%", "80%"]),
        )
        | LEVELS
        | {MEASURES: rate("履约率", ["省级"]) + MEASURES},
    ),
    "part above whole": (
        "XP552",
        "附件1",
        "东园 2021 的 外来协议资金 为 48亿元，包含它的 协议资金 只有 30亿元",
        office(table("园区", "2021", ["外来协议资金"], [["东园", "48"]]))
        | {MEASURES: OUTSIDE + MEASURES},
    ),
    "near names": (
        "XP553",
        "附件1",
        "区卫健委 与 示例区卫生健康委",
        office(table("部门", "2021", ["大项目"], [["区卫健委", "1"], ["示例区卫生健康委", "1"]]))
        | {
            UNITS: '[[unit]]\nname = "区卫健委"\ngroup = "部门"\n\n'
            '[[unit]]\nname = "示例区卫生健康委"\ngroup = "部门"\n\n' + UNITS
        },
    ),
    "a unit inside another's name": (
        "XP554",
        "附件1",
        "东园 的写法“东园（西园、南片）”里含有另一个单位 西园",
        office() | {'aliases = ["东部园区"]': 'aliases = ["东园（西园、南片）"]'},
    ),
    "scopes": (
        "XP555",
        "备注2",
        "parks 与 note 都包括 东园",
        office(
            '\n[[scope]]\nid = "scope.note"\nname = "note"\nunits = ["东园"]\nclause = "备注2"\n'
        ),
    ),
    "a team with a comma": (
        "XP556",
        "备注1",
        "共 2 个组，按顿号拆开会成 3 个",
        office(team("医药、器械", "东园"), team("文旅", "西园")),
    ),
    "years against all": (
        "XP557",
        "备注1",
        "每年 逐年做到只合 200亿元，五年 要求 300亿元",
        office(goal("每年", "> 40亿元", each="year"), goal("五年", "> 300亿元")),
    ),
    "targets below the goal": (
        "XP558",
        "附件1",
        "协议资金 2021 各表合计 47.5亿元，每年 要求 50亿元",
        office(goal("每年", "> 50亿元", each="year")),
    ),
    "rates of one scope": (
        "XP559",
        "附件1",
        "东园 2021 的 省市开工率 要求 80%，其中的 市级开工率 到 2021Q4 只要求 60%",
        office(
            table("园区", "2021", ["省市开工率"], [["东园", "80%"]]),
            quarters("市级开工率", ["", "", "50%", "60%"]),
        )
        | LEVELS
        | {
            MEASURES: rate("省市开工率", ["省级", "市级"]) + rate("市级开工率", ["市级"]) + MEASURES
        },
    ),
    "units without a target": ("XP560", "附件1", "单位没有任何目标：商务局", {}),
    "landing without a target": (
        "XP561",
        "备注1",
        "招商组“文旅”的项目落在 商务局，但那里没有 到位资金 的目标",
        office(team("文旅", "商务局"), table("园区", "2021", ["到位资金"], [["东园", "3"]]))
        | {MEASURES: RECEIVED + MEASURES},
    ),
    "measures without a target": (
        "XP562",
        "附件1",
        "指标没有目标：到位资金",
        office() | {MEASURES: RECEIVED + MEASURES},
    ),
    "two figures for a goal": (
        "XP563",
        "备注1",
        "五年 为 300亿元（备注1），累计 为 350亿元",
        office(goal("五年", "> 300亿元"), goal("累计", "> 350亿元")),
    ),
    "stretch below": (
        "XP564",
        "附件1",
        "东园 规上企业 2021 必须 15家，力争 12家",
        office(table("园区", "2021", ["规上企业"], [["东园", "15家，力争12家"]]))
        | {MEASURES: reported("规上企业") + MEASURES},
    ),
    "months against a quarter": (
        "XP565",
        "附件1",
        "各月 之和 3亿元 与 2021Q1 的 4亿元 不符：东园 协议资金",
        office(
            *(table("园区", f"2021-0{n}", ["协议资金"], [["东园", "1"]]) for n in (1, 2, 3)),
            table("园区", "2021Q1", ["协议资金"], [["东园", "4"]]),
        ),
    ),
}
"""What is changed: the one code that it gives, its clause, words of the message, the edits."""
