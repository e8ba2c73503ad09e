"""What the command line says, in Chinese and in English; kinds of trouble have their own table."""

from xlplan.diagnostics.kinds import Language

# fmt: off
_TEXTS: dict[str, tuple[str, str]] = {
    # help
    "program": ("招商引资目标任务管理：读任务分解表，按文件规则折算计入，原样写回。",
                "Target management for investment promotion, inside the clerk's own workbook."),
    "epilog": ("退出码：0 正常；1 已完成，但有错误级诊断；2 请求无法执行，未写入任何内容。",
               "Exit status: 0 clean; 1 done, with findings of severity error; 2 impossible, nothing written."),
    "usage": ("用法：", "Usage: "),
    "metavar.options": ("[选项]", "[OPTIONS]"),
    "metavar.command": ("命令 [参数]…", "COMMAND [ARGS]..."),
    "Options": ("选项", "Options"),
    "Commands": ("命令", "Commands"),
    "option.help": ("显示这段说明", "Show this message"),
    "option.version": ("显示版本", "Show the version"),
    "option.lang": ("说明和消息的语言：zh 或 en（也可设环境变量 XLPLAN_LANG）",
                    "Language of help and messages: zh or en (or set XLPLAN_LANG)"),
    "option.as_of": ("截止日期，如 2021-09-30；不写则用“设置”表的", "As-of date; default: the sheet 设置"),
    "option.period": ("期间，如 2021、2021Q3、2021-09；不写则用“设置”表的", "Period such as 2021, 2021Q3, 2021-09; default: the sheet 设置"),
    "option.policy": ("考核方案编号或 .toml 文件；不写则用“设置”表的", "Policy id or .toml file; default: the sheet 设置"),
    "option.policy_required": ("考核方案编号或 .toml 文件（xlplan policies 列出随附的）", "Policy id or .toml file (see xlplan policies)"),
    "option.out": ("结果另存为这个文件，原文件不动", "Write to this file and leave the book alone"),
    "option.json": ("把全部结果写成 JSON；- 表示标准输出", "Write the whole result as JSON; - is standard output"),
    "option.dry_run": ("只列出会改动的单元格，不写入", "List the cells that would change; write nothing"),
    "option.from": ("从旧文件（.docx .xlsx .xls .ods）取单位和目标", "Take units and targets from an old document or table"),
    # progress
    "stage.settings": ("读取设置", "reading settings"),
    "stage.ledger": ("读取台账", "reading the ledger"),
    "stage.credits": ("折算计入", "computing credits"),
    "stage.standings": ("汇总排名", "adding up and ranking"),
    "stage.sheets": ("生成结果表", "laying out sheets"),
    "stage.write": ("写回工作簿", "writing the workbook"),
    # results
    "recalculated": ("已重算 {book}：{policy}，期间 {period}，截至 {as_of}；{projects} 个项目，{receipts} 笔到位，{credits} 条计入",
                     "recalculated {book}: {policy}, period {period}, as of {as_of}; {projects} projects, {receipts} receipts, {credits} credits"),
    "written": ("已写入 {path}（{sheets}）", "wrote {path} ({sheets})"),
    "beside": ("{book} 是只能读取的格式，原文件不动，结果另存为一个 .xlsx", "{book} can be read but not written: it stays as it is, the results go into a new .xlsx"),
    "unchanged": ("{path} 的结果没有变化，未改写", "{path} holds these results already; not rewritten"),
    "backup": ("原文件已备份，可用 xlplan undo 恢复", "the old state is kept; xlplan undo puts it back"),
    "elapsed": ("用时 {seconds} 秒", "took {seconds} s"),
    "checked": ("已校验 {book}：{projects} 个项目，{receipts} 笔到位，{targets} 个目标；没有写入任何内容",
                "checked {book}: {projects} projects, {receipts} receipts, {targets} targets; nothing written"),
    "findings": ("诊断：错误 {errors} 项，警告 {warnings} 项，提示 {notes} 项", "findings: {errors} errors, {warnings} warnings, {notes} notes"),
    "more": ("……另有 {count} 项，见“诊断”表或 --json", "… {count} more: see the sheet 诊断 or --json"),
    "severity.error": ("错误", "error"),
    "severity.warning": ("警告", "warning"),
    "severity.note": ("提示", "note"),
    "would_change": ("将改动 {count} 个单元格（没有写入）：", "{count} cells would change (nothing written):"),
    "would_not_change": ("不会改动任何单元格", "no cell would change"),
    "would_add": ("将新增工作表：{sheets}", "sheets that would be added: {sheets}"),
    "created": ("已新建 {path}：{policy}", "created {path}: {policy}"),
    "undone": ("已恢复 {path} 到上一次写回之前", "{path} is back as it was before the last write-back"),
    "demo_kept": ("{path} 已存在，沿用它", "{path} exists and is used as it is"),
    "demo_unpacked": ("已解开示例 {path}（示例数据，企业与金额均为虚构）", "unpacked {path} (sample data; firms and amounts are made up)"),
    "demo_next": ("下一步：用 Excel、WPS 或 LibreOffice 打开它；或运行 xlplan explain {path} {unit}/{measure}",
                  "next: open it in Excel, WPS or LibreOffice, or run xlplan explain {path} {unit}/{measure}"),
    "scoreboard": ("{group}（截至 {as_of}，序时进度 {pace}）", "{group} (as of {as_of}, pace {pace})"),
    "unit": ("责任单位", "unit"),
    "total": ("合计", "total"),
    "area": ("{area}（联合项目只计一次）", "{area} (joint projects counted once)"),
    "pending_note": ("* 含待定金额未计入，见“诊断”表", "* pending amounts are not counted, see the sheet 诊断"),
    "stopped_late": ("已停止；{paths} 此前已经写好（可用 xlplan undo 恢复）", "stopped; {paths} had been written before (xlplan undo puts it back)"),
    # wrong command lines
    "wrong.option": ("没有这个选项：{name}", "no such option: {name}"),
    "wrong.command": ("没有这个命令：{name}", "no such command: {name}"),
    "wrong.missing": ("缺少 {name}", "missing {name}"),
    "wrong.value": ("{name} 的值不对：{text}", "bad value for {name}: {text}"),
    "wrong.other": ("命令写法不对：{text}", "wrong usage: {text}"),
    "wrong.try": ("运行 {command} --help 查看写法", "run {command} --help"),
    "bug": ("程序出错，这是 xlplan 的缺陷：{text}。没有写坏任何文件；详情见 {log}", "a defect of xlplan: {text}; no file was harmed; see {log}"),
}
# fmt: on


def say(key: str, language: Language, **values: object) -> str:
    """The text of that key in that language, its places filled."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format_map(values)
