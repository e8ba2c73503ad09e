"""What each row of a report would do to the ledger, and what was decided about it.

A clerk sorts, filters and deletes rows of the report; so every row that can be decided carries a
number, and a hidden sheet keeps by that number which cells adopting it writes, and what stood in
them when the report was made. A cell that says something else by now is left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xlplan.diagnostics import Cell

DIFFERENCE_SHEET = "差异"
QUESTION_SHEET = "疑似匹配"
DRAFT_SHEET = "核对底稿"
"""The hidden sheet of the report."""

NUMBER_HEAD = "编号"
"""The column of 差异 and 疑似匹配 that names a row, such as D12 or Q3."""

DECISION_HEAD, VERDICT_HEAD = "处理", "判断"

ADOPT, KEEP, RETURN = "采用报送", "保留台账", "退回"
DECISIONS = (ADOPT, KEEP, RETURN)
"""What 处理 may say; blank is not decided."""

SAME, OTHER = "同一项目", "不是同一项目"
VERDICTS = (SAME, OTHER)
"""What 判断 may say of a submitted project and a candidate; blank is not decided."""

Kind = Literal["change", "project", "receipt"]
After = str | int | date | None
_NOWHERE = Cell("")

KIND_NAMES: Mapping[Kind, str] = {
    "change": "改格",
    "project": "增项目",
    "receipt": "增到位",
}


@dataclass(frozen=True, slots=True)
class Write:
    """One cell that adopting the row `number` of 差异 writes into the ledger.

    A change names the cell, in `row` and `column`, and what it said (`before`, as `seen` writes
    it). A new project or receipt is several of these with one `number` and `record`: the table is
    the one that stands in `sheet`, `row` is 0, what the record holds goes by fields, and `before`
    is how many rows of the ledger said the same then ("" = none). `project`
    and `name` say whose it is. `after` is 分 for money, a day for dates, else text; `unit` handed
    it in, in `file` at `source`.
    """

    number: str
    kind: Kind
    field: str
    after: After
    sheet: str
    row: int = 0
    column: int = 0
    before: str = ""
    record: int = 0
    project: str = ""
    name: str = ""
    unit: str = ""
    file: str = ""
    source: Cell = _NOWHERE

    @property
    def is_new(self) -> bool:
        """Whether it belongs to a record that is added below a table."""
        return self.kind != "change"


@dataclass(frozen=True, slots=True)
class Question:
    """One row of 疑似匹配: is what a unit calls `name` the ledger's project `project`?

    The rest is what tells both apart next time: the submitted project's own id and code, and the
    ledger project's name.
    """

    number: str
    unit: str
    name: str
    project: str
    project_name: str = ""
    credit_code: str = ""
    submitted_project: str = ""
    file: str = ""
    source: Cell = _NOWHERE


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a unit is to put right in a file of its own, with a right example.

    One with a `number` is told when that row of 差异 is decided 退回, one without always is. `path`
    leads from the report's folder to the file, whose bytes had the SHA-256 `digest`.
    """

    unit: str
    file: str
    path: str
    digest: str
    place: Cell
    text: str
    hint: str = ""
    example: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a report keeps for the day when it is applied, or sent back.

    `book` is the ledger's file name, `digest` the SHA-256 of its bytes, `made` when it was read;
    `policy` and `period` are those that it was held against.
    """

    book: str
    digest: str
    made: str
    writes: tuple[Write, ...] = ()
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()
    policy: str = ""
    period: str = ""


DRAFT_TITLE = "核对底稿（自动生成，请勿改动）"
FACT_HEADS = ("台账文件", "台账校验码", "生成时间", "考核方案", "期间")
WRITES_TITLE, QUESTIONS_TITLE, FAULTS_TITLE = "改动", "疑问", "问题"
WRITE_HEADS = (
    *("编号", "动作", "组", "字段", "类型", "新值", "原值", "表", "行", "列"),
    *("项目编号", "项目名称", "报送单位", "报送文件", "报送表", "报送行", "报送列"),
)
QUESTION_HEADS = (
    *("编号", "报送单位", "报送名称", "报送编号", "统一社会信用代码", "台账编号", "台账名称"),
    *("报送文件", "报送表", "报送行", "报送列"),
)
FAULT_HEADS = (
    *("编号", "报送单位", "报送文件", "路径", "校验码", "表", "行", "列"),
    *("问题", "怎么改", "示例"),
)
_MONEY, _DAY, _TEXT, _BLANK = "金额", "日期", "文字", "空"


def write_row(one: Write) -> tuple[str, ...]:
    """A write as the hidden sheet keeps it, all in texts, so that nothing is rounded.

    >>> one = Write("D1", "change", "investment", 160_000_000_00, "项目台账", 5, 12, "1.5")
    >>> write_of(write_row(one)) == one
    True
    """
    kind, said = _written(one.after)
    return (
        *(one.number, KIND_NAMES[one.kind], str(one.record), one.field, kind, said, one.before),
        *(one.sheet, str(one.row), str(one.column), one.project, one.name, one.unit, one.file),
        *_place_row(one.source),
    )


def write_of(row: Sequence[str]) -> Write:
    """The write that a row of the hidden sheet keeps; ValueError where somebody changed it."""
    number, action, record, field, kind, said, before, sheet, line, column = row[:10]
    project, name, unit, file = row[10:14]
    kinds: Mapping[str, Kind] = {word: kind for kind, word in KIND_NAMES.items()}
    if action not in kinds:
        raise ValueError(action)
    return Write(
        *(number, kinds[action], field, _after(kind, said), sheet, int(line), int(column)),
        *(before, int(record), project, name, unit, file, _place_of(row[14:])),
    )


def question_row(one: Question) -> tuple[str, ...]:
    """A question as the hidden sheet keeps it.

    >>> one = Question("Q1", "东园", "华兰厂", "P007", "华峰厂", source=Cell("项目台账", 4, 2))
    >>> question_of(question_row(one)) == one
    True
    """
    return (
        *(one.number, one.unit, one.name, one.submitted_project, one.credit_code, one.project),
        *(one.project_name, one.file),
        *_place_row(one.source),
    )


def question_of(row: Sequence[str]) -> Question:
    """The question that a row of the hidden sheet keeps; ValueError where somebody changed it."""
    number, unit, name, submitted, code, project, project_name, file = row[:8]
    place = _place_of(row[8:])
    return Question(number, unit, name, project, project_name, code, submitted, file, place)


def fault_row(one: Fault) -> tuple[str, ...]:
    """A fault as the hidden sheet keeps it.

    >>> one = Fault(
    ...     "东园", "东园.xlsx", "报送/东园.xlsx", "ab", Cell("项目台账", 7, 12), "不是金额"
    ... )
    >>> fault_of(fault_row(one)) == one
    True
    """
    return (
        *(one.number, one.unit, one.file, one.path, one.digest),
        *(*_place_row(one.place), one.text, one.hint, one.example),
    )


def fault_of(row: Sequence[str]) -> Fault:
    """The fault that a row of the hidden sheet keeps; ValueError where somebody changed it."""
    number, unit, file, path, digest = row[:5]
    text, hint, example = row[8:]
    return Fault(unit, file, path, digest, _place_of(row[5:8]), text, hint, example, number)


def _place_row(place: Cell) -> tuple[str, str, str]:
    return place.sheet, str(place.row), str(place.column)


def _place_of(row: Sequence[str]) -> Cell:
    sheet, line, column = row
    return Cell(sheet, int(line), int(column))


def _written(after: After) -> tuple[str, str]:
    """What kind of value it is, and how it is written.

    >>> _written(160_000_000_00), _written(date(2021, 3, 1)), _written(None)
    (('金额', '16000000000'), ('日期', '2021-03-01'), ('空', ''))
    """
    if after is None:
        return _BLANK, ""
    if isinstance(after, int):
        return _MONEY, str(after)
    if isinstance(after, date):
        return _DAY, after.isoformat()
    return _TEXT, after


def _after(kind: str, said: str) -> After:
    if kind == _MONEY:
        return int(said)
    if kind == _DAY:
        return date.fromisoformat(said)
    if kind not in (_TEXT, _BLANK):
        raise ValueError(kind)
    return said if kind == _TEXT else None


def seen(value: object) -> str:
    """What a cell says, as text that tells any two contents apart that a clerk would.

    >>> seen(3.0), seen("3 "), seen(date(2021, 3, 1)), seen(None), seen(True)
    ('3', '3', '2021-03-01', '', 'TRUE')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    said = str(value).strip()
    return said.removesuffix(" 00:00:00")  # a day that a reader gave as a moment
