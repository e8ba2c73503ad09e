"""The verbs, one list: commands, buttons, help and documentation are all drawn from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing a user can ask for.

    `label` is the button's caption, "" where the verb has no button; `zh` and `en` say in one
    line what it does.
    """

    name: str
    label: str
    zh: str
    en: str


VERBS = (
    Verb(
        "demo",
        "",
        "解开随附的示例工作簿，重算并显示完成情况",
        "unpack the sample workbook, recalculate it and print the scoreboard",
    ),
    Verb(
        "new",
        "",
        "按考核方案新建一本空白的标准工作簿",
        "make an empty standard workbook for a policy",
    ),
    Verb(
        "check",
        "校验",
        "只读取和校验，不写入任何内容",
        "read and report; write nothing",
    ),
    Verb(
        "recalculate",
        "重算",
        "重算计入、完成率、位次和档次，写回结果表",
        "recompute credits, rates, ranks and tiers and write the result sheets",
    ),
    Verb(
        "explain",
        "为什么",
        "说明一个数字的来历：项目、规则、条款、来源单元格",
        "say where a figure comes from: projects, rules, clauses, source cells",
    ),
    Verb(
        "bulletin",
        "通报",
        "按模板一次填好通报、对账单和附表",
        "fill bulletins, statements and tables from a template in one go",
    ),
    Verb(
        "batch",
        "",
        "对许多本工作簿逐本校验、重算或出通报：并行、可中断续做、一本出错不影响其他",
        "check, recalculate or issue bulletins for many workbooks: parallel, resumable",
    ),
    Verb(
        "rollup",
        "",
        "把许多区县的工作簿汇总成一张表：同一项目只计一次，缺报的点名，每个数指到文件和单元格",
        "add up many counties' workbooks, shared projects once, each figure with file and cell",
    ),
    Verb(
        "submission-form",
        "",
        "生成报送表：每个责任单位一份，带下拉列表和示例行",
        "make the forms in which units submit their projects, one a unit",
    ),
    Verb(
        "reconcile",
        "核对",
        "核对各单位的报送：谁报了、谁没报、与台账差在哪里；台账不动",
        "hold what the units submit against the ledger, which stays as it is",
    ),
    Verb(
        "return-slips",
        "",
        "按核对结果出退回单：每个单位一页公文、一份加了批注的原件副本、一段短文字",
        "write for each unit what it is to put right: a page, a marked copy of its file, a text",
    ),
    Verb(
        "check-document",
        "",
        "对照 GB/T 9704 逐项检查一份 Word 公文的格式",
        "check the layout of a Word document against GB/T 9704, fact by fact",
    ),
    Verb(
        "policies",
        "",
        "列出随附的考核方案",
        "list the policies that ship",
    ),
    Verb(
        "policy",
        "",
        "说明一个考核方案的内容和未定口径；检查（check）或起草（init）方案文件",
        "show what a policy says, with its open rulings; check or draft (init) a policy file",
    ),
    Verb(
        "excel",
        "",
        "Excel 按钮：安装（install）、卸载（uninstall）、体检（doctor）、造加载项（build）",
        "the buttons in Excel: install, uninstall, doctor, build",
    ),
    Verb(
        "undo",
        "撤销",
        "把工作簿恢复到上一次写回之前",
        "put a workbook back as it was before the last write-back",
    ),
)
