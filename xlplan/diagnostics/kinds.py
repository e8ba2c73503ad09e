"""Every kind of trouble that a user can meet, in one table.

Codes are grouped by where the trouble lies: XP0xx the file or the request, XP1xx what a cell says,
XP2xx the sheets' structure, XP3xx the ledger against itself and the register, XP4xx the rules,
XP5xx targets, XP6xx a policy file, XP7xx writing back, XP8xx documents and live workbooks. A code
is never reused.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from string import Formatter
from typing import Literal

Language = Literal["zh", "en"]


class Severity(StrEnum):
    """How bad a finding is: an error sets something aside, a warning is computed all the same."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trouble; messages and hints are `str.format` templates without a final stop."""

    code: str
    severity: Severity
    zh: str
    zh_hint: str
    en: str
    en_hint: str

    def message(self, language: Language) -> str:
        """The message template in that language."""
        return self.zh if language == "zh" else self.en

    def hint(self, language: Language) -> str:
        """The hint template in that language."""
        return self.zh_hint if language == "zh" else self.en_hint

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that the templates need."""
        return _placeholders(self.zh, self.zh_hint, self.en, self.en_hint)


@cache
def _placeholders(*templates: str) -> frozenset[str]:
    return frozenset(
        name for text in templates for _, name, _, _ in Formatter().parse(text) if name
    )


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# fmt: off
_TABLE: tuple[tuple[str, Severity, str, str, str, str], ...] = (
    # XP0xx: the file or the request (raised as RequestError, exit status 2)
    ("XP001", ERROR, "没有找到文件：{path}", "请检查路径和文件名",
     "no such file: {path}", "check the path and the name"),
    ("XP002", ERROR, "这不是工作簿：{path}（{reason}）", "请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
     "not a workbook: {path} ({reason})", "open it in Excel or WPS and save it as .xlsx"),
    ("XP003", ERROR, "工作簿设有打开密码：{path}", "请在 Excel 中取消密码（文件→信息→保护工作簿）后再试",
     "the workbook is password-protected: {path}", "remove the password in Excel and try again"),
    ("XP004", ERROR, "文件已损坏：{path}（{reason}）", "请用 Excel 打开并修复，或改用上一份备份",
     "the file is damaged: {path} ({reason})", "repair it in Excel or go back to a backup"),
    ("XP005", ERROR, "文件正被占用：{path}（{reason}）", "请先在 Excel 或 WPS 中关闭它再试",
     "the file is in use: {path} ({reason})", "close it in Excel or WPS first"),
    ("XP006", ERROR, "没有权限：{path}（{reason}）", "请取消只读属性，或换一个可写的文件夹",
     "no permission: {path} ({reason})", "clear the read-only mark or use another folder"),
    ("XP007", ERROR, "这是文件夹，不是工作簿：{path}", "请指定其中的一个 .xlsx 文件",
     "this is a folder, not a workbook: {path}", "name one .xlsx file in it"),
    ("XP008", ERROR, "文件内容异常，为安全起见不予打开：{path}（{reason}）", "请向报送单位索取由 Excel 直接保存的原件",
     "refused for safety: {path} ({reason})", "ask for the original as saved by Excel"),
    ("XP009", ERROR, "没有这个考核方案：{policy}", "可用的方案：{known}",
     "no such policy: {policy}", "known policies: {known}"),
    ("XP010", ERROR, "工作簿没有说明用哪个考核方案：{path}", "请在“设置”表的“考核方案”一行填写方案编号，或用 --policy 指定；可用的方案：{known}",
     "the workbook names no policy: {path}", "fill 考核方案 in the sheet 设置 or give --policy; known: {known}"),
    ("XP011", ERROR, "看不懂的日期：{text}", "请写成 2021-09-30 这样的完整日期",
     "not a date: {text}", "write a full date such as 2021-09-30"),
    ("XP012", ERROR, "看不懂的期间：{text}", "请写成 2021、2021Q3、2021-09 或 2021-2025",
     "not a period: {text}", "write 2021, 2021Q3, 2021-09 or 2021-2025"),
    ("XP013", ERROR, "找不到要解释的内容：{what}", "请写单元格（完成情况!D7）、项目编号，或“单位/指标”",
     "nothing to explain at {what}", "give a cell (完成情况!D7), a project id or 单位/指标"),
    ("XP014", ERROR, "目标已存在，未覆盖：{path}", "请换一个文件名，或先移走旧文件",
     "already exists, not overwritten: {path}", "choose another name or move the old file away"),
    ("XP015", ERROR, "读完之后文件又被改动：{path}", "请重新运行一次",
     "the file changed since it was read: {path}", "run the command again"),
    ("XP016", ERROR, "工作簿里没有可用的{sheets}", "请补上这些工作表，或用 xlplan new 生成标准工作簿对照",
     "the workbook has no usable {sheets}", "add these sheets, or compare with one made by xlplan new"),
    ("XP017", ERROR, "这种格式只能读取，不能写回：{path}", "请用 -o 指定一个 .xlsx 文件存放结果",
     "this format can be read but not written back: {path}", "give -o RESULT.xlsx"),
    ("XP018", ERROR, "磁盘写入失败：{path}（{reason}）", "请检查文件夹、磁盘空间和网络盘；原文件未动",
     "writing failed: {path} ({reason})", "check the disk and the network share; the old file is untouched"),
    ("XP019", ERROR, "已停止，没有写入任何内容", "需要时重新运行即可",
     "stopped, nothing was written", "run it again when needed"),
    ("XP020", ERROR, "没有可撤销的写回：{path}", "只有经 xlplan 写回过的工作簿才能撤销",
     "nothing to undo for {path}", "only a workbook that xlplan wrote back can be undone"),
    ("XP021", ERROR, "读取 Word 文档还缺一个组件：{path}", '请运行 python -m pip install "{extra}" 后再试',
     "reading Word documents needs one more package: {path}", 'run python -m pip install "{extra}"'),
    ("XP022", ERROR, "方案 {policy} 里没有这个口径：{ruling}", "请写成 编号=选项；可用的口径编号：{known}",
     "the policy {policy} has no such ruling: {ruling}", "write ID=OPTION; its rulings: {known}"),
    ("XP023", ERROR, "口径 {ruling} 没有这个选项：{text}", "可选：{known}；等号后留空表示改为未定",
     "the ruling {ruling} has no such option: {text}", "options: {known}; nothing after = leaves it open"),
    # XP1xx: what a cell says
    ("XP101", ERROR, "数量看不懂：“{text}”", "请写成数字，或 580亿元、13个、8000万 这样的写法；该值未计入",
     "cannot read the number “{text}”", "write a number, or 580亿元, 13个, 8000万; it is not counted"),
    ("XP102", ERROR, "金额看不懂：“{text}”", "请写成数字，或 1.6亿元、8000万元 这样的写法；该值未计入",
     "cannot read the amount “{text}”", "write a number, or 1.6亿元, 8000万元; it is not counted"),
    ("XP103", ERROR, "日期看不懂：“{text}”（{reason}）", "请写成 2021-07-10 这样带年份的完整日期；凭这个日期计入的数字未计入",
     "cannot read the date “{text}” ({reason})", "write a full date such as 2021-07-10; what counts by this date is not credited"),
    ("XP104", WARNING, "“{text}”不是确数（{qualifier}），已按 {value} 计", "请核实后改成确数",
     "“{text}” is not exact ({qualifier}); taken as {value}", "check it and write the exact figure"),
    ("XP105", ERROR, "公式没有保存结果", "请用 Excel 打开、按 F9 重算并保存；该值按未读到处理，未当作空白",
     "the formula has no saved result", "open in Excel, recalculate (F9) and save; it was not read as empty"),
    ("XP106", ERROR, "单元格是错误值 {text}", "请修正公式后保存",
     "the cell holds the error {text}", "mend the formula and save"),
    ("XP107", WARNING, "“{text}”疑为单位差错：本列按{unit}读作 {value}", "请核对是否把万元、元填进了{unit}栏",
     "“{text}” looks like a unit slip: read as {value} in {unit}", "check whether 万元 or 元 was typed into a {unit} column"),
    ("XP108", ERROR, "币种是{currency}，本栏只计人民币：“{text}”", "请按文件规定的汇率折算后填写；该值未计入",
     "the currency is {currency}, this column counts CNY: “{text}”", "convert it as the document rules; it is not counted"),
    ("XP109", NOTE, "附注“{note}”未参与计算", "如有规则含义，请改在相应的列里填写",
     "the note “{note}” was not used", "if it matters, put it into its own column"),
    # XP2xx: the structure of the sheets
    ("XP201", ERROR, "没有找到“{column}”列（看过第 {rows} 行表头）", "请补上这一列，或把表头改成“{column}”",
     "no column {column} (looked at header rows {rows})", "add the column or name it {column}"),
    ("XP202", WARNING, "表头“{header}”不知道对应哪一项，该列未读", "如需参与计算，请改成标准列名：{known}",
     "the header “{header}” fits no known column; not read", "rename it to one of: {known}"),
    ("XP203", WARNING, "两列都像“{column}”：{first} 与 {second}，采用前者", "请删除或改名其中一列",
     "two columns look like {column}: {first} and {second}; the first was taken", "remove or rename one"),
    ("XP204", NOTE, "小计行“{text}”未作为数据计入", "如果它是一个单位或项目，请改名",
     "the subtotal row “{text}” was not read as data", "rename it if it is a unit or a project"),
    ("XP205", WARNING, "有 {count} 行被隐藏（{rows}），仍然计入", "请取消隐藏核对，或确认它们应当计入",
     "{count} rows are hidden ({rows}); counted all the same", "unhide and check them"),
    ("XP206", WARNING, "筛选藏起了 {count} 行（{rows}），仍然计入", "请清除筛选后核对",
     "a filter hides {count} rows ({rows}); counted all the same", "clear the filter and check"),
    ("XP207", ERROR, "缺少工作表或表格“{sheet}”（看过：{looked}），{effect}", "请补上这张表",
     "no sheet or table {sheet} (looked at: {looked})", "add it; figures that need it cannot be computed, but the policy's own targets stand in for 任务分解"),
    ("XP208", WARNING, "没有写明金额单位，按{unit}读取", "请在表头写上（{unit}）或在表上方写“单位：{unit}”",
     "no unit of money is given; read as {unit}", "write ({unit}) in the header or 单位：{unit} above the table"),
    ("XP209", ERROR, "这张表没有设置项“{name}”能用的值：“{text}”", "可用：{known}",
     "the setting {name} has no usable value: “{text}”", "possible: {known}"),
    ("XP210", WARNING, "“设置”表里的“{text}”没有采用（{reason}）", "认识的设置项：{known}",
     "“{text}” in the sheet 设置 is not used ({reason})", "known settings: {known}"),
    ("XP211", ERROR, "没有“{column}”列，“{header}”一列写的是单位，像是它", "请把表头“{header}”改成“{column}”；改好之前联合招商项目认不出来，份额会算错",
     "no column {column}; the column “{header}” holds units and is probably it", "name it {column}; until then no joint project is known and shares may be wrong"),
    ("XP212", WARNING, "没有“{column}”列（看过第 {rows} 行表头），所有项目都按一个单位独立引进计", "请补上“{column}”列；有联合招商项目时，没有这一列份额会算错",
     "no column {column} (looked at header rows {rows}); every project counts as one unit's alone", "add {column}; without it the shares of joint projects are wrong"),
    ("XP213", WARNING, "这张表没有读出目标，目标按方案 {policy} 自带的计算", "请先改好上面所说的表头；要用方案自带的目标，就删去这张表",
     "no targets were read here; those of the policy {policy} itself hold", "mend the heads; to use the policy's own targets, remove this sheet"),
    # XP3xx: the ledger against itself and the register
    ("XP301", ERROR, "项目编号重复：{project}（另见 {other}）", "请给每个项目唯一编号；后出现的一行未计入",
     "duplicate project id {project} (see {other})", "give each project its own id; the later row is not counted"),
    ("XP302", ERROR, "单位不在单位表中：“{text}”{nearest}", "请改成单位表里的名称，或在“别名”里登记；该行未计入",
     "unknown unit “{text}”{nearest}", "use a name of the sheet 单位 or register an alias; the row is not counted"),
    ("XP303", ERROR, "来源不在方案之内：“{text}”", "可用的来源：{known}；该行未计入",
     "unknown origin “{text}”", "known origins: {known}; the row is not counted"),
    ("XP304", ERROR, "金额为负：{text}", "签约金额不能为负；到位资金的冲减请写在流水里；该行未计入",
     "negative amount: {text}", "an agreement cannot be negative; corrections go into the receipts; the row is not counted"),
    ("XP305", WARNING, "日期 {text} 晚于截止日期 {as_of}，本期不计", "请核对日期；到期后会自动计入",
     "the date {text} is after {as_of}; not counted yet", "check the date; it will count in its own time"),
    ("XP306", ERROR, "到位资金对应不到项目：{project}", "请核对项目编号；该笔未计入",
     "a receipt names an unknown project: {project}", "check the project id; the receipt is not counted"),
    ("XP307", WARNING, "累计到位 {received} 亿元超过协议资金 {agreement} 亿元：{project}", "请核对协议资金或到位流水",
     "received {received} 亿元 exceeds the agreement {agreement} 亿元: {project}", "check both"),
    ("XP308", ERROR, "单位别名绕成一圈：{names}", "请在“单位”表里只保留一个正式名称；与之有关的行未计入",
     "unit aliases form a circle: {names}", "keep one official name in the sheet 单位; rows that use them are not counted"),
    ("XP309", ERROR, "缺少{field}：{project}", "请补填；{effect}",
     "{field} is missing: {project}", "fill it in; {effect}"),
    ("XP310", ERROR, "同一单位既牵头又配合：{unit}", "请核对牵头与配合单位；该行未计入",
     "{unit} both leads and cooperates", "check both columns; the row is not counted"),
    ("XP311", ERROR, "缺少项目编号", "请补上编号；该行未计入",
     "the project id is missing", "add it; the row is not counted"),
    ("XP312", ERROR, "一个名称指向两个单位：“{name}”（{first}、{second}）", "请改正别名；用到它的行按第一个单位计",
     "one name means two units: “{name}” ({first}, {second})", "mend the aliases; the first unit was taken"),
    ("XP313", WARNING, "单位在该日期尚未设立或已撤并：{unit}（{date}）", "请核对单位表的生效、失效日期；仍按该单位计",
     "the unit {unit} was not valid on {date}", "check its dates in the sheet 单位; counted for it all the same"),
    ("XP314", WARNING, "行业不在方案之内：“{text}”", "可用的行业：{known}；分行业的规则对它不适用",
     "unknown sector “{text}”", "known sectors: {known}; rules by sector do not apply to it"),
    ("XP315", WARNING, "类别不在方案之内：“{text}”，{count} 个单位自成一组", "方案的类别：{known}；确要另设一组就不用改",
     "unknown group “{text}”; its {count} units stand as a group of their own", "groups of the document: {known}"),
    ("XP316", WARNING, "单位写了两次：{unit}（另见 {other}）", "请只保留一行，别名写在一起；按先出现的一行计",
     "the unit {unit} stands twice (see {other})", "keep one row; the first was taken"),
    ("XP317", WARNING, "{field}不在方案之内：“{text}”", "可用：{known}；都不是的写“无”。按{field}划分的指标没有计入它",
     "unknown {field} “{text}”", "known: {known}, or 无 for none; measures by {field} do not count it"),
    ("XP318", NOTE, "配合单位写了两次：{unit}", "同一单位只算一个配合单位；如果本应是另一个单位，请改正",
     "the cooperating unit {unit} stands twice", "it was taken once; mend it if another unit was meant"),
    ("XP335", ERROR, "{unit}的“并入”没有采用：“{text}”（{reason}）", "请填写单位表里的名称，并填失效日期；改好之前，失效之后的仍按原单位计",
     "the successor “{text}” of {unit} is not used ({reason})", "name a unit of the sheet 单位, and fill in 失效; until then amounts stay with the old unit"),
    ("XP320", ERROR, "“{text}”与指标不符：{measure}以{unit}计", "请按{unit}填写，或改正指标名称；该数未用",
     "“{text}” does not fit the measure {measure}, which is in {unit}", "write it in {unit}, or mend the measure's name; the figure is not used"),
    # XP4xx: the rules
    ("XP401", WARNING, "口径未定：{question}（{ruling}），涉及 {count} 笔，列入待定", "请在“口径”表的“选定”栏选择，并填决定人和日期",
     "open ruling: {question} ({ruling}); {count} amounts stand as pending", "choose in the sheet 口径"),
    ("XP402", ERROR, "没有规则可用：{subject}，列入待定", "文件对此没有规定，请作出书面口径后再计",
     "no rule applies: {subject}; pending", "the document is silent; a written ruling is needed"),
    ("XP403", ERROR, "两条规则同时适用：{rules}（{subject}），列入待定", "请修改方案文件，使其中一条优先",
     "two rules apply: {rules} ({subject}); pending", "mend the policy so that one prevails"),
    ("XP404", ERROR, "口径选项不存在：“{text}”（{ruling}）", "可选：{known}；按未定处理",
     "no such option: “{text}” ({ruling})", "options: {known}; treated as open"),
    ("XP405", WARNING, "口径已选定，但没有{field}：{ruling}", "请补填，以便追溯",
     "the ruling {ruling} has no {field}", "fill it in so that it can be traced"),
    ("XP406", ERROR, "档次无法判定：{project}（{reason}）", "请补填投资额或年产值；项目个数未计入",
     "the tier cannot be told: {project} ({reason})", "fill in investment or output; the project is not counted"),
    ("XP407", ERROR, "口径编号不在方案之内：“{text}”", "可用：{known}",
     "no such ruling: “{text}”", "known: {known}"),
    ("XP408", NOTE, "口径未定，但不影响本期数字：{question}（{ruling}）", "以后出现相关项目时需要选定",
     "open ruling without effect so far: {question} ({ruling})", "it will be needed when such a project appears"),
    ("XP409", ERROR, "口径缺少编号：选定的“{text}”没有采用", "请在“编号”栏补上；可用：{known}",
     "a ruling without its id: the choice “{text}” is not used", "fill in 编号; known: {known}"),
    ("XP410", ERROR, "口径写了两次：{ruling}（另见 {other}）", "请只保留一行；按先出现的一行计",
     "the ruling {ruling} stands twice (see {other})", "keep one row; the first was taken"),
    # XP5xx: targets
    ("XP501", WARNING, "各单位之和 {sum} 与合计 {total} 不符：{measure}", "请核对目标表；合计按表中所写作为单独的目标",
     "the units add up to {sum}, the total says {total}: {measure}", "check the table; the written total is a target of its own"),
    ("XP502", WARNING, "各季之和 {sum} 与全年 {total} 不符：{unit} {measure}", "请核对分季目标",
     "the quarters add up to {sum}, the year says {total}: {unit} {measure}", "check the quarterly targets"),
    ("XP503", ERROR, "其中项 {part} 大于总数 {total}：{unit} {measure}", "请核对目标表",
     "the of-which part {part} exceeds {total}: {unit} {measure}", "check the table"),
    ("XP504", ERROR, "目标表里的单位不在单位表中：“{text}”{nearest}", "请改正名称或登记别名；该行目标未用",
     "unknown unit in the target table: “{text}”{nearest}", "mend the name or register an alias; its targets are not used"),
    ("XP505", NOTE, "目标与文件不同：{unit} {measure} 表中 {value}，文件 {issued}", "如有调整文件，请在备注中注明",
     "differs from the document: {unit} {measure} is {value}, the document says {issued}", "note the adjusting document"),
    ("XP506", ERROR, "同一目标写了两次：{unit} {measure}（另见 {other}）", "请只保留一处；按先出现的计",
     "the target {unit} {measure} stands twice (see {other})", "keep one; the first was taken"),
    ("XP507", WARNING, "目标表缺少文件中的单位：{units}", "请核对是否漏行；这些单位没有目标",
     "units of the document are missing from the target table: {units}", "check for a lost row; they have no target"),
    ("XP508", ERROR, "其中项“{label}”在方案里没有对应的指标：{measure}", "可用的其中项：{known}；其中项未用，总数照常作为目标",
     "no measure for the of-which part “{label}” of {measure}", "possible parts: {known}; the part is not used, the whole is"),
    ("XP509", ERROR, "目标“{text}”不能用：{reason}", "请改正；该目标未用",
     "the target “{text}” cannot be used: {reason}", "mend it; the target is not used"),
    ("XP510", WARNING, "期间 {period} 既没有目标，也没有计入任何数字", "请核对期间；表中目标的期间：{known}",
     "the period {period} has neither targets nor credits", "check the period; targets are set for: {known}"),
    ("XP511", ERROR, "各单位之和 {sum} 与合计 {total} 相差约一万倍或一亿倍，像是金额单位读错：{measure}", "请核对各单位的数是亿元、万元还是元，并在表头或表上方写明（单位：万元）；改好之前完成率不可信",
     "the units add up to {sum}, the total says {total}, as if a unit of money was mistaken: {measure}", "say in the head or above the table whether 亿元, 万元 or 元 is meant; until then no rate can be trusted"),
    ("XP512", NOTE, "目标表没有合计行，文件里的合计目标没有采用", "需要合计目标就补上“合计”行；不需要就不用改",
     "the target table has no 合计 row; the totals of the document are not used", "add a 合计 row if totals are wanted"),
    # XP6xx: a policy file (raised as RequestError; every fault with its key path)
    ("XP601", ERROR, "方案文件有误（{count} 处）：{faults}", "请按所列位置修改方案文件",
     "the policy file has {count} faults: {faults:en}", "mend the policy file at these places"),
    # … and the faults themselves, each at the key path of a policy file
    ("XP602", ERROR, "第 {line} 行起不是有效的 TOML（{reason}）", "请检查这一行的引号、括号和等号",
     "not TOML from line {line} on ({reason})", "check quotes, brackets and equals signs there"),
    ("XP603", ERROR, "不认识的键“{key}”", "此处可用的键：{known}",
     "unknown key “{key}”", "keys known here: {known}"),
    ("XP604", ERROR, "缺少键“{key}”", "请补上“{key}”",
     "the key “{key}” is missing", "add “{key}”"),
    ("XP605", ERROR, "应为{expected}，却写成了{written}", "请改成{expected}",
     "should be {expected}, is {written}", "write {expected}"),
    ("XP606", ERROR, "“{text}”不在{what}之内", "可用：{known}",
     "“{text}” is not among {what}", "possible: {known}"),
    ("XP607", ERROR, "引用的条款“{text}”没有写在 [clauses] 里", "请在 [clauses] 里写明出处和大意，或改正引用",
     "the cited clause “{text}” is not in [clauses]", "restate it in [clauses] or mend the citation"),
    ("XP608", ERROR, "条款“{text}”没有任何规则引用", "请补上依据它的规则，或删去这一条",
     "no rule cites the clause “{text}”", "add the rule that it makes, or remove it"),
    ("XP609", ERROR, "{what}“{text}”重复，另见 {other}", "请只保留一处，或改用不同的写法",
     "{what} “{text}” stands twice, see {other}", "keep one or tell them apart"),
    ("XP610", ERROR, "{what}看不懂：“{text}”", "请写成 {example} 这样",
     "cannot read {what}: “{text}”", "write it like {example}"),
    ("XP611", ERROR, "“{text}”不是确数（{qualifier}）", "方案文件里只能写确数；请按原文改写，或另立口径",
     "“{text}” is not exact ({qualifier})", "a policy file holds exact figures only"),
    ("XP612", ERROR, "“{text}”不在 0 到 100% 之间", "请核对原文的比例",
     "“{text}” is not within 0 to 100%", "check the share in the document"),
    ("XP613", ERROR, "牵头 {lead} 与配合 {cooperating} 合起来不是 100%", "如果原文确实如此，请写明 adds_up = false",
     "lead {lead} and cooperating {cooperating} do not add up to 100%", "if the document says so, declare adds_up = false"),
    ("XP614", ERROR, "{first} 与 {second} 必须写一项，且只能写一项", "请二者取一",
     "needs either {first} or {second}, not both", "keep one of them"),
    ("XP615", ERROR, "与 {other} 管同一种情形：{subject}", "请分清适用范围，或让其中一条 prevails = true",
     "rules the same case as {other}: {subject}", "tell them apart, or let one prevail"),
    ("XP616", ERROR, "like 绕成一圈：{names}", "请给其中一项直接写明比例",
     "like runs in a circle: {names}", "give one of them a share of its own"),
    ("XP617", ERROR, "“{tier}”的“{text}”永远轮不到：符合的项目都已归入“{higher}”", "请按从高到低排列档次，并核对界限",
     "“{text}” of “{tier}” is never reached: “{higher}” takes every such project", "list tiers highest first and check the bounds"),
    ("XP618", ERROR, "“{tier}”与“{higher}”重叠：上限“{text}”超过了高一档的下限“{bound}”", "请让上限与高一档的下限正好相接",
     "“{tier}” overlaps “{higher}”: “{text}” passes its lower bound “{bound}”", "let the bounds meet exactly"),
    ("XP619", ERROR, "“{tier}”的上限“{text}”之上有空档（高一档从“{bound}”起）", "请让上限与高一档的下限正好相接",
     "there is a gap above “{text}” of “{tier}” (the next tier starts at “{bound}”)", "let the bounds meet exactly"),
    ("XP620", ERROR, "没有项目能符合：{text}", "请核对上下限",
     "no project can fulfil {text}", "check the bounds"),
    ("XP621", ERROR, "口径只有 {count} 个选项", "至少写两个选项；只有一种读法就不是空白，请写成规则",
     "the ruling has {count} options", "a gap has two readings at least; with one, write a rule"),
    ("XP622", ERROR, "这一行有 {count} 格，应为 {expected} 格", '请按表头补齐；没有目标的格写 ""',
     "the row has {count} cells instead of {expected}", 'fill it up; a cell without target is ""'),
    ("XP623", ERROR, "“其中：{label}”没有对应的指标“{measure}”", "请加一个 part_of 指标，或改正单元格",
     "no measure “{measure}” for the of-which part {label}", "add a measure with part_of, or mend the cell"),
    ("XP624", ERROR, "其中项大于总数：“{text}”", "请核对原文",
     "the of-which part exceeds the whole: “{text}”", "check the document"),
    ("XP625", ERROR, "生效日期 {start} 不早于失效日期 {end}", "请核对日期；失效日期是不再有效的第一天",
     "valid from {start} is not before valid to {end}", "check the dates; valid_to is the first day no longer valid"),
    ("XP626", ERROR, "序时进度应为四个季度、逐季不减、年末 100%：{text}", "请按季度写四个累计比例",
     "a schedule has four shares that never fall and end at 100%: {text}", "write four cumulative shares"),
    ("XP627", ERROR, "此处不该有“{key}”：{reason}", "请删去这个键",
     "“{key}” has no meaning here: {reason}", "remove the key"),
    ("XP640", ERROR, "{unit} 不能逐期相加：百分数只有到期水平", '请写 basis = "level"',
     "a figure in {unit} does not add up over periods", 'write basis = "level"'),
    ("XP641", ERROR, "{first} 与 {second} 不是同一种单位，不能相除", "请让分子、分母都是金额，或都是同一种个数",
     "{first} and {second} are of different kinds", "let both be money, or counts of one kind"),
    ("XP642", ERROR, "分子就是分母，比率总是 100%", "请在 counted 里写明哪些算数：where、dated_by 或另一种 amount",
     "the numerator is the denominator; the rate is always 100%", "say in counted which projects count"),
    ("XP643", ERROR, "“{measure}”不能写 feeds_only：{reason}", "请删去 feeds_only，或改正用到它的指标",
     "“{measure}” cannot be feeds_only: it has a target, or feeds nothing ({reason})", "remove feeds_only, or mend what should use it"),
    ("XP670", ERROR, "分数或步长“{text}”不能用：{reason}", "请核对原文的分值",
     "“{text}” cannot stand here as points or step: {reason}", "check the points in the document"),
    ("XP671", ERROR, "阶梯没有写全，“{text}”{reason}", "请让相邻两档正好相接，最后一档写其余的",
     "the ladder leaves a gap at “{text}”: {reason}", "let bands meet, and the last take the rest"),
    ("XP672", ERROR, "阶梯的“{text}”轮不到：{reason}", "请从好到差排列各档，只有最后一档写相反的界限或“其余”",
     "the band “{text}” is never reached: {reason}", "list the bands from the best down; only the last bounds the other way"),
    ("XP673", ERROR, "阶梯的“{text}”{reason}", "请让最后一档正好从上一档的界限起",
     "the band “{text}” overlaps the one above: {reason}", "let the last band begin where the one above ends"),
    ("XP674", ERROR, "“{text}”的分数高于更好的一档“{above}”", "请核对各档的分数",
     "“{text}” earns more than the better band “{above}”", "check the points of the bands"),
    ("XP675", ERROR, "“{group}”各项满分合计 {sum} 分，应为 {total} 分", "请核对各项的 points 和 groups，或不写 score_total.points",
     "the full marks of {group} add up to {sum}, declared are {total}", "check points and groups, or leave score_total.points out"),
    ("XP676", ERROR, "等次“{text}”轮不到：够得上的都已是“{above}”", "请从高到低排列等次，并核对分数线",
     "nobody is left for the grade “{text}” below “{above}”", "list grades from the best down and check their bounds"),
    ("XP677", ERROR, "“{group}”各等次的比例合计 {sum}，超过 100%", "请核对各等次的 share",
     "the shares of the grades of {group} add up to {sum}", "check the shares"),
    # XP7xx: writing back
    ("XP701", ERROR, "无法保证原样写回：{path}（{reason}）", "请用 -o 另存结果，原文件不动",
     "cannot write back without loss: {path} ({reason})", "use -o to write the result elsewhere"),
    ("XP702", ERROR, "工作表放不下：{sheet}（{reason}）", "请缩短期间（--period）或按年份分成几本工作簿再算；自己的表请拆成几张再写",
     "too large for one sheet: {sheet} ({reason})", "narrow the period (--period) or split the book by year; split a table of your own into several sheets"),
    ("XP703", ERROR, "工作簿带有数字签名，一改动签名就失效：{path}", "请先在 Excel 中删除签名（文件→信息→查看签名），写回后重新签署",
     "the workbook is digitally signed: {path}", "remove the signature in Excel, write back, and sign again"),
    ("XP704", ERROR, "工作簿受权限管理或密级标签加密：{path}", "请由有权限的人在 Excel 中取消限制（文件→信息→保护工作簿）后再试",
     "the workbook is encrypted by rights management: {path}", "have its owner remove the restriction in Excel"),
    ("XP705", ERROR, "工作簿处于旧式“共享工作簿”或修订状态：{path}", "请在 Excel 中停止共享（审阅→共享工作簿）并保存后再试",
     "the workbook is in legacy shared mode: {path}", "stop sharing in Excel and save"),
    ("XP706", ERROR, "工作簿结构受保护，不能新增工作表“{sheet}”：{path}", "请在 Excel 中撤销“保护工作簿”（审阅→保护工作簿）后再试",
     "the structure is protected, the sheet {sheet} cannot be added: {path}", "unprotect the workbook in Excel"),
    ("XP707", ERROR, "名为“{sheet}”的不是普通工作表，而是{kind}：{path}", "请把它改名，或给结果换一个表名",
     "{sheet} is not a worksheet but a {kind}: {path}", "rename it, or give the result another name"),
    ("XP708", ERROR, "工作表“{sheet}”上有{thing}，覆盖后会失效：{path}", "请把它移到别的工作表，或给结果换一个表名",
     "the sheet {sheet} holds {thing} that would break: {path}", "move it to another sheet, or give the result another name"),
    ("XP709", ERROR, "表名不能用：“{sheet}”（{reason}）", "表名最多 31 个字，不能含 : \\ / ? * [ ]，首尾不能是单引号，不能重复",
     "the sheet name “{sheet}” cannot be used ({reason})", "at most 31 characters, none of : \\ / ? * [ ], no quote at either end, no duplicate"),
    ("XP710", ERROR, "扩展名与内容不符：{path}（内容是 {kind}）", "请把输出文件的扩展名改成 {kind}",
     "the extension does not fit the content: {path} (it is {kind})", "name the output {kind}"),
    # XP85x: bulletins and other documents from templates
    ("XP850", ERROR, "模板有误（{count} 处）：{faults}", "请按所列位置修改模板；没有写出任何文件",
     "the template has {count} faults: {faults:en}", "mend the template at these places; nothing was written"),
    # … and the faults themselves, each at a paragraph or cell of the template
    ("XP851", ERROR, "没有这个字段：“{field}”", "可用：{known}",
     "no such field: “{field}”", "known: {known}"),
    ("XP852", ERROR, "字段没有值：“{field}”", "请加条件，或写成 {{{{ {field}|或('—') }}}}",
     "the field has no value: “{field}”", "put it under a condition, or write {{{{ {field}|或('—') }}}}"),
    ("XP853", ERROR, "花括号写成了全角或隔了空格：“{text}”", "请改成半角、紧挨着的花括号",
     "full-width or parted braces: “{text}”", "write them half-width and together"),
    ("XP854", WARNING, "标签中间的格式不一致：“{text}”", "按第一个字的格式写出；请把整个标签设成同一种格式",
     "a tag formatted in several ways: “{text}”", "the first character's format is used; give the whole tag one format"),
    ("XP855", ERROR, "标签写法不对：{reason}", "请核对循环、条件的开头和结尾",
     "wrong tag: {reason}", "check where loops and conditions begin and end"),
    ("XP856", ERROR, "过滤器用错了：{reason}", "请对照 docs/模板.md",
     "wrong use: {reason}", "see docs/模板.md"),
    ("XP857", ERROR, "模板里不能用“{text}”", "模板只能写字段、过滤器、循环和条件",
     "“{text}” is not allowed in a template", "a template holds fields, filters, loops and conditions only"),
    ("XP858", ERROR, "不能用作模板：{path}（{reason}）", "请用不带宏的 .docx 或 .xlsx",
     "no template: {path} ({reason})", "use a .docx or .xlsx without macros"),
    ("XP859", ERROR, "文件已存在，没有覆盖：{path}（共 {count} 个）", "请换一个文件夹，或加 --force 覆盖",
     "the file exists: {path} ({count} in all)", "choose another folder, or add --force"),
    ("XP862", ERROR, "期间 {period} 没有可以写进通报的数据", "请核对期间和截止日期",
     "the period {period} holds no data for a bulletin", "check the period and the as-of date"),
    ("XP863", ERROR, "没有这个模板：{template}", "随附的模板：{known}；也可以写 .docx 或 .xlsx 的路径",
     "no such template: {template}", "shipped: {known}; or give the path of a .docx or .xlsx"),
)
# fmt: on

KINDS: dict[str, Kind] = {row[0]: Kind(*row) for row in _TABLE}
