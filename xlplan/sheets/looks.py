"""How our sheets look: the styles and number formats that an office hands in."""

from xlplan.sheets.description import Style

TITLE = Style(font="黑体", size=18, horizontal="center")
SECTION = Style(font="黑体", size=13, horizontal="left")
REMARK = Style(font="楷体", size=10.5, color="595959", wrap=True)
UNIT_REMARK = REMARK.but(horizontal="right", wrap=False)
HEAD = Style(font="黑体", border="thin", fill="DDEBF7", horizontal="center", wrap=True)
TEXT = Style(border="thin", wrap=True)
CENTRED = TEXT.but(horizontal="center")
CODE = CENTRED.but(number_format="@")
DATE = CENTRED.but(number_format="yyyy-mm-dd", wrap=False)
NUMBER = TEXT.but(horizontal="right", wrap=False)
LINK = CENTRED.but(color="0563C1", underline=True, wrap=False)

TOTAL_FILL = "EDEDED"
PENDING_FILL = "FFF2CC"
BAD, GOOD = "C00000", "00703C"
BAR = "9DC3E6"
REPEATED = "A6A6A6"

INPUT_TAB, OUTPUT_TAB, FINDING_TAB = "5B9BD5", "70AD47", "FFC000"

NONE = "—"
"""What stands where there is no target, and so no rate, gap or rank."""

RATE = "0.0%"
POINTS = "+0.0;-0.0;0.0"
EXACT = "0.00######"
MIXED = "[=1]0;[=0]0;0.00######"
"""亿元 and 个 in one column: a project is 1, not 1.00."""

SHARE = "0.0#%"


def money(places: int) -> str:
    """The number format of 亿元 shown with that many decimals (Excel rounds half up).

    >>> money(2), money(0)
    ('0.00', '0')
    """
    return f"0.{'0' * places}" if places > 0 else "0"


def zero_as_dash(number_format: str) -> str:
    """The same format, with a dash where nothing is.

    >>> zero_as_dash("0.00")
    '0.00;-0.00;"–"'
    """
    return f'{number_format};-{number_format};"–"'
