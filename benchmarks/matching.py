"""Matching and comparing beside difflib, and what it gets right, on made-up ledgers of any size.

    python benchmarks/matching.py [1000 10000 20000]

For a ledger of N projects, N / 2 rows are submitted by 40 units: most as the ledger has them, some
written otherwise (what a clerk does to a name, a code, an amount), some truly new. Prints processor
seconds, and of the rows: how many were placed, placed wrongly, asked with the right project among the
candidates, lost; and how many of the new ones are asked about in vain. difflib is timed on a part of
the pairs.

`none sure` is the worst case: no row has a code, an id or a name that the ledger has.
"""

# ruff: noqa: E501 - lists of words

import difflib
import itertools
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from unittest import mock

from xlplan.model import YI
from xlplan.reconciling import Entry, Submission, differences, match, similarity
from xlplan.reconciling.credit_codes import check_digit


def _words(text: str) -> list[str]:
    return text.split()


BRANDS = "安邦博晨诚达德鼎东方丰福富高格冠光广海瀚航豪恒宏泓华汇惠吉佳嘉建江金锦京晶景久聚君凯康科朗乐力联亮隆茂美明铭宁诺鹏普启千强庆荣瑞润森尚晟盛世舜顺思泰腾天通同万威维伟文沃希祥新鑫信兴旭雅阳耀亿益银永优友宇裕元远跃云泽展兆振正之智中众卓"
TRADES = _words(
    "机械 电子 食品 农业 物流 化工 医药 建材 包装 文旅 新材料 新能源 环保 纺织 家具 汽配 软件 水产 酒业 光电 生物 科技 实业 智能装备 精密 塑业 木业 铝业 模具 电器"
)
THINGS = _words(
    "铝合金门窗 电机转子 番茄酱 食用菌 涂料助剂 中成药 透水砖 塑料托盘 隔热材料 充电桩 无纺布 实木地板 刹车盘 小龙虾 果酒 背光模组 石墨烯 动力电池 烘焙食品 汽车零部件 储能电池 光伏组件 电子元器件 医疗器械 预制菜 冷链 茶叶 白酒 饲料 有机肥 纸箱 线缆 轴承 水泵 风机 阀门 传感器 机器人 无人机 新型建材"
)
FORMS = _words(
    "生产基地项目 加工项目 研发生产项目 智能制造项目 产业园项目 生产线项目 建设项目 仓储物流项目 精深加工项目 项目"
)
PLACES = _words("浙江 广东 江苏 四川 重庆 上海 福建 山东")
LEGAL = _words("有限公司 科技有限公司 股份有限公司 集团有限公司 实业有限公司")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UNITS = [f"第{number}园区" for number in range(40)]
DIFFLIB_PAIRS = 20_000


def main() -> None:
    """Print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [1000, 10_000, 20_000]
    print(
        "ledger   rows           kind  seconds  without rapidfuzz  differences  difflib would take"
    )
    for size, hard in itertools.product(sizes, (False, True)):
        _row(size, hard=hard)


def _row(size: int, *, hard: bool) -> None:
    ledger, rows, truth = book(size, Random(size), hard=hard)
    submissions = _by_unit(rows)
    slower, _ = _timed(lambda: _without_rapidfuzz(ledger, submissions))
    took, matching = _timed(lambda: match(ledger, submissions))
    told, _ = _timed(lambda: differences(ledger, submissions, matching))
    kind = "none sure" if hard else "as usual"
    print(
        f"{size:6} {len(rows):6} {kind:>14} {took:8.2f} {slower:18.2f} {told:12.2f}"
        f" {_difflib(ledger, rows):17.0f} s"
    )
    _print_quality(matching.matches, truth)


def _timed(work):
    """Processor seconds of a piece of work, and what it gives."""
    began = time.process_time()
    given = work()
    return time.process_time() - began, given


def _without_rapidfuzz(ledger, submissions) -> None:
    """The same by the count of our own, as where the extra is not installed."""
    similarity.common.cache_clear()
    barred = dict.fromkeys(("rapidfuzz", "rapidfuzz.distance"))
    with mock.patch.dict(sys.modules, barred):
        match(ledger, submissions)
    similarity.common.cache_clear()


def book(size, chance: Random, *, hard: bool):
    """A ledger, the rows that units submit, and which project each row is (by its key)."""
    ledger = [_project(number, chance) for number in range(size)]
    rows, truth = [], {}
    for number in range(size // 2):
        new = chance.random() < 0.1
        source = _project(size + number, chance) if new else ledger[number * 2]
        row = replace(source, file="", row=number + 4, project="" if new else source.project)
        if not new and (hard or chance.random() < 0.2):
            row = _written_otherwise(row, chance)
        row = replace(row, file=f"{row.lead}.xlsx", credit_code="" if hard else row.credit_code)
        rows.append(row)
        truth[row.key] = None if new else source.project
    return ledger, rows, truth


def _project(number: int, chance: Random) -> Entry:
    brand = "".join(chance.sample(BRANDS, 2)) + chance.choice(TRADES)
    investor = chance.choice(PLACES) + brand + chance.choice(LEGAL)
    thing = chance.choice(THINGS) + chance.choice(FORMS)
    amount = round(chance.lognormvariate(0.3, 1.2), 2)
    code = "91510100MA" + "".join(chance.choice(ALPHABET) for _ in range(7))
    return Entry(
        "",
        "项目台账",
        number + 4,
        project=f"P{number:06d}",
        name=chance.choice(["", investor[:2], investor]) + (brand if chance.random() < 0.7 else brand[:2]) + thing,
        investor=investor,
        credit_code=code + check_digit(code),
        lead=chance.choice(UNITS),
        investment=int(amount * YI),
        agreement=int(amount * YI),
        signed=date(2021, 1, 1) + timedelta(days=chance.randrange(365)),
    )  # fmt: skip


def _written_otherwise(row: Entry, chance: Random) -> Entry:
    """What clerks do: an id lost, a name shortened or mistyped, a date or an amount gone wrong."""
    name, at = row.name, chance.randrange(2, max(3, len(row.name) - 4))
    names = (
        name.replace("项目", chance.choice(["", "建设项目", "工程"])),
        name[:at] + chance.choice(BRANDS) + name[at + 1 :],
        name.replace("生产", "").replace("加工", "").replace("智能制造", ""),
        chance.choice(PLACES) + name,
        name[:at] + name[at + 1 :],
    )
    code = row.credit_code
    codes = (code, "", code[:12] + chance.choice(ALPHABET) + code[13:])
    return replace(
        row,
        project="",
        name=chance.choice(names),
        investor=chance.choice([row.investor, "", row.investor[2:]]),
        credit_code=chance.choice(codes),
        signed=chance.choice([row.signed, row.signed, None]),
        agreement=chance.choice([row.agreement, row.agreement, row.agreement * 10_000]),
    )


def _by_unit(rows: list[Entry]) -> list[Submission]:
    return [
        Submission(file, "", unit=file.removesuffix(".xlsx"), entries=tuple(one))
        for file, one in itertools.groupby(sorted(rows, key=lambda row: row.file), lambda row: row.file)
    ]  # fmt: skip


def _difflib(ledger: list[Entry], rows: list[Entry]) -> float:
    """Seconds that comparing every name with every name would take, from a part of the pairs."""
    began = time.process_time()
    matcher = difflib.SequenceMatcher(autojunk=False)
    for number in range(DIFFLIB_PAIRS):
        matcher.set_seqs(rows[number % len(rows)].name, ledger[number % len(ledger)].name)
        matcher.ratio()
    return (time.process_time() - began) / DIFFLIB_PAIRS * len(ledger) * len(rows)


def _print_quality(matches, truth) -> None:
    placed = [one for one in matches if one.ledger]
    wrong = [one for one in placed if truth[one.entry.key] != one.ledger.project]
    open_ = [one for one in matches if not one.ledger]
    asked = [
        one
        for one in open_
        if truth[one.entry.key] in {candidate.entry.project for candidate in one.candidates}
    ]
    lost = [one for one in open_ if truth[one.entry.key] and one not in asked]
    new = [one for one in matches if truth[one.entry.key] is None]
    vain = [one for one in new if one.candidates]
    print(
        f"       placed {len(placed)}, wrongly {len(wrong)}; asked rightly {len(asked)},"
        f" lost {len(lost)}; of {len(new)} new asked in vain {len(vain)}"
        f" ({100 * len(vain) / max(1, len(new)):.0f}%)"
    )


if __name__ == "__main__":
    main()
