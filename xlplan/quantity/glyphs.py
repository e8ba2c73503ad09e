"""Which characters mean the same, and which cells hold nothing.

One character always becomes one character, so that a place in the normal form is the same place in
the cell's own text. (NFKC would not do: it turns “①20” into “120” and “5²” into “52”.)
"""

import re

from xlplan.quantity.nouns import Missing

_SAME = (
    ("〇壹贰貳叁叄參肆伍陆陸柒捌玖拾佰仟萬億兩", "零一二二三三三四五六六七八九十百千万亿两"),
    (
        "圆圓餘來個約過於內點戶條項間歐幣負爭無暫沒業達到",
        "元元余来个约过于内点户条项间欧币负争无暂没业达到",
    ),
    ("−﹣‐‑–―─﹣", "----———-"),
    ("〜∼，﹐；﹔：﹕﹒﹪", "~~,,;;::.%"),
    ("〔〕【】［］[]﹙﹚", "()()()()()"),
    ("≧≦⩾⩽≮≯￥", "≥≤≥≤≥≤¥"),
    ("\u200b\u200c\u200d\u2060\ufeff\u00ad", "      "),
)

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_TABLE = _FULL_WIDTH | {
    ord(written): meant
    for variants, meanings in _SAME
    for written, meant in zip(variants, meanings, strict=True)
}

_DIGITS = "0-9.零一二两三四五六七八九十廿卅"
_GAP = re.compile(rf"[{_DIGITS}百千万亿]\s+(?:[{_DIGITS}]|,[0-9])")

_NONE_WORDS = frozenset({"无", "暂无", "没有", "不涉及"})
UNKNOWN_WORDS = frozenset({"不详", "未知", "待定", "未定", "待核实", "暂缺"})
"""Words that say a value exists but not which: not the same as nothing."""


def normal(text: str) -> str:
    """The text with full-width, traditional and look-alike characters made plain, one for one.

    >>> normal("１２．５ 萬元（約）")
    '12.5 万元(约)'
    """
    return text if text.isascii() and "[" not in text else text.translate(_TABLE)


def squeeze(plain: str) -> str | None:
    """Normal text without blanks; None when a blank stands between two numerals.

    >>> squeeze("5 亿 元"), squeeze("20 30")
    ('5亿元', None)
    """
    words = plain.split()
    if len(words) > 1 and _GAP.search(plain):
        return None
    return "".join(words)


def missing(text: str) -> Missing | None:
    """Whether a cell's text says that there is nothing.

    >>> missing(" — "), missing("0")
    (Missing(reason='dash', text=' — '), None)
    """
    if len(plain := normal(text).strip()) > max(map(len, _NONE_WORDS)):
        return None
    if not plain:
        return Missing("blank", text)
    if not plain.strip("-—/ "):
        return Missing("dash", text)
    return Missing("none", text) if plain in _NONE_WORDS else None
