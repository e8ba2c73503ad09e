"""What a return slip 退回单 says: on paper, and in a few lines for a chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlplan.diagnostics import Cell
from xlplan.reconciling.decisions import Fault

_NUMERALS = "一二三四五六七八九十"
_WHOLE = "整份文件"
_DASH = "—"


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A file of the unit, its faults, and its marked copy by name, or why there is none."""

    name: str
    faults: tuple[Fault, ...]
    copy: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One unit's slip: which period, which files, by when to answer, who sends it on which day."""

    unit: str
    period: str
    files: tuple[MarkedFile, ...]
    day: date
    due: date | None = None
    sender: str = ""

    @property
    def count(self) -> int:
        """How many faults it tells."""
        return sum(len(file.faults) for file in self.files)


def slip_fields(slip: Slip) -> dict[str, object]:
    """The slip as fields of its template."""
    return {
        "单位": slip.unit,
        "期间": slip.period,
        "文件数": str(len(slip.files)),
        "问题数": str(slip.count),
        "期限": in_chinese(slip.due) if slip.due else "",
        "落款": slip.sender,
        "日期": in_chinese(slip.day),
        "文件": [_file(at, file) for at, file in enumerate(slip.files, start=1)],
    }


def _file(at: int, file: MarkedFile) -> dict[str, object]:
    return {
        "序号": _NUMERALS[at - 1] if at <= len(_NUMERALS) else str(at),
        "名称": file.name,
        "批注": file.copy,
        "未批注": file.why_not,
        "问题": [
            {
                "序号": str(number),
                "位置": place_of(fault.place),
                "问题": fault.text,
                "怎么改": fault.hint or _DASH,
                "示例": fault.example or _DASH,
            }
            for number, fault in enumerate(file.faults, start=1)
        ],
    }


def slip_text(slip: Slip) -> str:
    """The slip in lines for a chat, which knows no tables.

    >>> fault = Fault(
    ...     "东园", "东园.xlsx", "", "", Cell("项目台账", 7, 12), "不是金额", "写数字", "1.6"
    ... )
    >>> file = MarkedFile("东园.xlsx", (fault,))
    >>> print(slip_text(Slip("东园", "2021年第三季度", (file,), date(2021, 10, 8))))
    【东园】2021年第三季度报送材料有1处需要更正：
    1. 东园.xlsx，项目台账!L7：不是金额。写数字。正确写法：1.6
    改好后请整份重新报送；没有把握的不要填0。
    """
    lines = [f"【{slip.unit}】{slip.period}报送材料有{slip.count}处需要更正："]
    faults = [(file, fault) for file in slip.files for fault in file.faults]
    for number, (file, fault) in enumerate(faults, start=1):
        told = "".join(_ended(said) for said in (fault.text, fault.hint) if said)
        example = f"正确写法：{fault.example}" if fault.example else ""
        lines.append(f"{number}. {file.name}，{place_of(fault.place)}：{told}{example}")
    due = f"请于{in_chinese(slip.due)}前" if slip.due else "改好后请"
    lines.append(f"{due}整份重新报送；没有把握的不要填0。")
    return "\n".join(lines)


def _ended(said: str) -> str:
    """A sentence with its stop.

    >>> _ended("请改"), _ended("由谁牵头？")
    ('请改。', '由谁牵头？')
    """
    return said if said.endswith(("。", "？", "！")) else f"{said}。"


def place_of(place: Cell) -> str:
    """Where a fault is, as a clerk calls it.

    >>> place_of(Cell("项目台账", 7, 12)), place_of(Cell("项目台账", 7)), place_of(Cell(""))
    ('项目台账!L7', '项目台账 第7行', '整份文件')
    """
    if not place.sheet:
        return _WHOLE
    if place.row and not place.column:
        return f"{place.sheet} 第{place.row}行"
    return str(place)


def sorted_faults(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Each fault once, as one meets them going through the file."""
    once = dict.fromkeys(faults)
    return tuple(
        sorted(once, key=lambda one: (one.place.sheet, one.place.row, one.place.column, one.number))
    )


def in_chinese(day: date) -> str:
    """A day as a document writes it.

    >>> in_chinese(date(2021, 10, 8))
    '2021年10月8日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
