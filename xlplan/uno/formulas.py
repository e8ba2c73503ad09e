"""Formulas as Excel writes them ↔ as LibreOffice's interface takes them.

LibreOffice's interface speaks English function names too, but separates arguments by ";", columns
of a literal table by ";" and its rows by "|", and writes `$'Sheet'.A1` for `Sheet!A1`.
"""

import re

_EXCEL = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")"""
    r"""|(?P<quoted>'(?:[^']|'')+')!"""
    r"""|(?P<bare>[^\W\d][\w.]*)!"""
    r"""|(?P<open>\{)|(?P<close>\})|(?P<comma>,)|(?P<row>;)"""
)
_OFFICE = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")"""
    r"""|\$?(?P<quoted>'(?:[^']|'')+')\."""
    r"""|\$?(?P<bare>[^\W\d]\w*)\.(?=\$?[A-Za-z]{1,3}\$?\d)"""
    r"""|(?P<open>\{)|(?P<close>\})|(?P<comma>;)|(?P<row>\|)"""
)
_PLAIN = re.compile(r"[^\W\d]\w*")


def to_office(formula: str) -> str:
    r"""A formula of Excel, with or without its "=", for LibreOffice.

    >>> print(to_office("=SUMIFS(计入明细!$I$4:$I$9,A:A,\"a,b\")+SUM('7月 表'!B2,1)"))
    =SUMIFS($'计入明细'.$I$4:$I$9;A:A;"a,b")+SUM($'7月 表'.B2;1)
    >>> to_office("SUM({1,2;3,4})")
    '=SUM({1;2|3;4})'
    """
    return "=" + _EXCEL.sub(_officially, formula.removeprefix("="))


def _officially(found: re.Match[str]) -> str:
    kind, said = str(found.lastgroup), found[0]
    if kind == "quoted":
        return f"${found['quoted']}."
    if kind == "bare":
        return f"$'{found['bare']}'."
    return {"comma": ";", "row": "|"}.get(kind, said)


def to_excel(formula: str) -> str:
    """A formula of LibreOffice as Excel writes it; a constant stays as it is.

    >>> to_excel("=SUM($'计入明细'.$I$4:$I$9;$Sheet1.B2)"), to_excel("12")
    ('=SUM(计入明细!$I$4:$I$9,Sheet1!B2)', '12')
    """
    if not formula.startswith("="):
        return formula
    return _OFFICE.sub(_excelly, formula)


def _excelly(found: re.Match[str]) -> str:
    kind, said = str(found.lastgroup), found[0]
    if kind == "quoted":
        name = found["quoted"][1:-1].replace("''", "'")
        return f"{name}!" if _PLAIN.fullmatch(name) else f"{found['quoted']}!"
    if kind == "bare":
        return f"{found['bare']}!"
    return {"comma": ",", "row": ";"}.get(kind, said)
