"""Head and foot of a document, which no workbook tells: who issues it, its number, to whom."""

import re
from collections.abc import Iterable, Mapping

from xlplan.diagnostics import RequestError
from xlplan.model import LETTERHEAD
from xlplan.quantity import Day, parse_date

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_YEAR = re.compile(r"[\[(（【［〔]\s*(\d{4})\s*[\])）】］〕]")
_MOST = 500  # characters: a list of addressees is long, a pasted document is longer


def letterhead(given: Mapping[str, str]) -> dict[str, str | None]:
    """The texts given, as a document writes them; None for what was not given.

    The year of a number gets the brackets that it must have, and marks that the templates set
    themselves are not set twice.

    >>> letterhead({"文号": "示招[2021]12号", "主送": "各园区："})["文号"]
    '示招〔2021〕12号'

    Raises:
        RequestError: XP868 for a name that is not known, no text, or one that cannot be printed.
    """
    return dict.fromkeys(LETTERHEAD) | {
        name: _written(name, text.strip()) for name, text in given.items()
    }


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """NAME=TEXT as written on a command line; each name once.

    >>> pairs(["文号=示招〔2021〕12号"])
    {'文号': '示招〔2021〕12号'}

    Raises:
        RequestError: XP868.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, said = text.partition("=")
        if not equals:
            raise _wrong(text, "没有等号")
        if name.strip() in found:
            raise _wrong(text, f"“{name.strip()}”写了两次")
        found[name.strip()] = said
    return found


def _written(name: str, text: str) -> str:
    shown = f"{name}={text}"
    if name not in LETTERHEAD:
        raise _wrong(shown, f"没有“{name}”这一项")
    if len(text) > _MOST or _UNPRINTABLE.search(text):
        raise _wrong(f"{name}=…", f"应是不超过 {_MOST} 字的一行文字")
    said = _AS_WRITTEN.get(name, str)(text).strip()
    if not said:
        raise _wrong(shown, "等号后面没有内容")
    return said


def _day(text: str) -> str:
    read = parse_date(text)
    if not isinstance(read, Day) or read.precision != "day":
        raise _wrong(f"印发日期={text}", "应是一天，如 2021年10月8日")
    return f"{read.date.year}年{read.date.month}月{read.date.day}日"


_AS_WRITTEN = {
    "文号": lambda text: _YEAR.sub(r"〔\1〕", text),
    "主送": lambda text: text.rstrip("：:"),
    "抄送": lambda text: text.removeprefix("抄送").lstrip("：:").rstrip("。."),
    "印发日期": _day,
}


def _wrong(text: str, reason: str) -> RequestError:
    return RequestError("XP868", text=text, reason=reason, known="、".join(LETTERHEAD))
