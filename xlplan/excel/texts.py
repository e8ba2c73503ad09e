"""What a click says, in Chinese; kinds of trouble have their own table."""

from xlplan.diagnostics import Diagnostic

# fmt: off
TEXTS: dict[str, str] = {
    "title": "招商任务",
    # in the status bar
    "begin": "招商任务：正在{verb}……",
    "stage.settings": "招商任务：读取设置……",
    "stage.ledger": "招商任务：读取台账……",
    "stage.credits": "招商任务：折算计入……",
    "stage.standings": "招商任务：汇总排名……",
    "stage.collect": "招商任务：读取报送……",
    "stage.match": "招商任务：核对……",
    "stage.sheets": "招商任务：生成结果表……（按 Esc 停止）",
    "stage.write": "招商任务：写入结果表……（按 Esc 停止，恢复原样）",
    # how a click ends
    "recalculated": "已重算：{period}，截至 {as_of}，{projects} 个项目、{receipts} 笔到位；{written}。{findings}。",
    "written.all": "改写 {sheets}",
    "written.some": "改写 {sheets}，其余结果表没有变化",
    "written.none": "结果表没有变化",
    "checked": "已校验：{projects} 个项目、{receipts} 笔到位、{targets} 个目标；没有改动任何单元格。{findings}。",
    "findings": "诊断：错误 {errors} 项，警告 {warnings} 项，提示 {notes} 项",
    "findings.none": "诊断：未发现问题",
    "findings.more": "……另有 {count} 项，点“重算”后见“诊断”表",
    "finding": "[{severity} {code}] {place}：{said}。{todo}。",
    "took": "用时 {seconds} 秒。",
    "undone": "已撤销上一次点击：{sheets} 恢复原样。",
    "explained.sheet": "全文和来源单元格的链接见“{sheet}”表。",
    "explained.theirs": "工作簿里已有您自己的“{sheet}”表，没有改动它，全文只在这里。",
    "explained.more": "……另有 {count} 步",
    "issued": "已生成 {count} 份材料，放在 {folder}：{names}。工作簿没有改动。",
    "issued.failed": "{count} 份没有写出：{names}。",
    "issued.folder": "通报",
    "reconciled": "已核对 {files} 份报送（{board}）：差异 {differences} 处，待判断 {questions} 个；报告在 {path}。工作簿没有改动。{findings}。",
    "reconciled.folder": "报送",
    "reconciled.report": "核对报告",
    # what stops a click
    "stopped": "已停止，工作簿没有改动（写了一半的结果表已恢复原样）。",
    "no_cell": "还没有选中单元格",
    "late": "表格程序没有应答",
    "bug": "程序出错（{text}），工作簿没有改动，写了一半的结果表已恢复原样。请把日志文件交给维护 xlplan 的同事。",
    "log": "日志：{log}",
}
# fmt: on


def say(key: str, **values: object) -> str:
    """The text of that key, its places filled.

    >>> say("explained.more", count=3)
    '……另有 3 步'
    """
    return TEXTS[key].format_map(values)


def shown(found: Diagnostic) -> str:
    """A finding as dialogs list it."""
    return say(
        "finding",
        severity=found.severity.zh,
        code=found.code,
        place=found.place,
        said=found.message(),
        todo=found.hint(),
    )
