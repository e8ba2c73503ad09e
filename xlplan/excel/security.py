"""What Excel's own settings forbid: macros as such, or an add-in that once made trouble."""

from collections.abc import Iterator
from pathlib import Path

from xlplan.excel.machine import MAC, Machine

_VERSION = "16.0"  # Excel 2016, 2019, 2021, 2024 and 365 all call themselves so
_POLICY = rf"HKCU\Software\Policies\Microsoft\Office\{_VERSION}"
_CHOSEN = rf"HKCU\Software\Microsoft\Office\{_VERSION}"
_WARNINGS = {
    3: "只运行有数字签名的宏（VBAWarnings=3）",
    4: "全部禁用，不作通知（VBAWarnings=4）",
}


def macros_barred(machine: Machine) -> str:
    """The setting that keeps macros from running; "" where they run, be it after a question."""
    if machine.system == MAC:
        key = "VisualBasicMacroExecutionState"
        status, said = machine.start(["defaults", "read", "com.microsoft.Excel", key])
        barred = status == 0 and "DisabledWithoutWarnings" in said
        return f"全部禁用，不作通知（{key}）" if barred else ""
    if machine.registry(rf"{_POLICY}\Common").get("VBAOff") == 1:
        return "本单位的组策略关闭了 VBA（VBAOff=1）"
    by_policy = machine.registry(rf"{_POLICY}\Excel\Security").get("VBAWarnings")
    chosen = machine.registry(rf"{_CHOSEN}\Excel\Security").get("VBAWarnings")
    said = _WARNINGS.get(_number(chosen if by_policy is None else by_policy), "")
    return f"组策略：{said}" if said and by_policy is not None else said


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def switched_off(machine: Machine, addin: Path) -> bool:
    """Whether Excel has put the add-in on its list of those that made trouble."""
    items = machine.registry(rf"{_CHOSEN}\Excel\Resiliency\DisabledItems").values()
    name = addin.name.casefold()
    return any(name in text.casefold() for item in items for text in _texts(item))


def _texts(item: object) -> Iterator[str]:
    if isinstance(item, bytes):
        yield from (item[start:].decode("utf-16-le", "ignore") for start in (0, 1))
