"""统一社会信用代码 (GB 32100-2015): which codes can be right, which two differ by one slip."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(3**place % 31 for place in range(LENGTH - 1))
_GAPS = re.compile(r"[\s\-_.·'’‘`]+")
_AS_NUMBER = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+|[0-9]{15}000")

Fault = Literal["", "number", "length", "character", "check"]
FAULTS: dict[Fault, str] = {
    "number": "按数字存放，末几位已经丢失",
    "length": "应为 18 位，写了 {length} 位",
    "character": "有代码里不用的字符“{strange}”",
    "check": "校验位对不上，多半有一位写错",
}
"""Why a code cannot be right, in a clerk's words."""


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code as it is compared, and why it is not used ("" = its check digit is right)."""

    text: str
    fault: Fault = ""

    @property
    def usable(self) -> str:
        """The code if it may tell one company from another, else ""."""
        return "" if self.fault else self.text

    @property
    def reason(self) -> str:
        """Why it is not used, in a clerk's words; "" if it is.

        >>> credit_code("91350100M000100Y4").reason
        '应为 18 位，写了 17 位'
        """
        if not self.fault:
            return ""
        strange = next((sign for sign in self.text if sign not in _VALUES), "")
        return FAULTS[self.fault].format(length=len(self.text), strange=strange)


def credit_code(text: str) -> CreditCode:
    """A cell's code, full width and gaps aside, with its check digit verified.

    >>> credit_code("９１３５０１００ m000100y43")
    CreditCode(text='91350100M000100Y43', fault='')
    >>> credit_code("91350100M000100Y44").fault, credit_code("9.135E+17").fault
    ('check', 'number')
    """
    written = unicodedata.normalize("NFKC", text).strip().upper()
    if _AS_NUMBER.fullmatch(written):
        return CreditCode(written, "number")
    code = _GAPS.sub("", written)
    return CreditCode(code, _fault(code)) if code else CreditCode("")


def _fault(code: str) -> Fault:
    if len(code) != LENGTH:
        return "length"
    if not _VALUES.keys() >= set(code):
        return "character"
    return "" if code[-1] == check_digit(code[:-1]) else "check"


def check_digit(body: str) -> str:
    """The 18th character that belongs to the first 17.

    >>> check_digit("91350100M000100Y4")
    '3'
    """
    total = sum(_VALUES[sign] * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def one_slip(first: str, second: str) -> bool:
    """Whether two codes differ as by one slip of the hand: a character, or two neighbours swapped.

    >>> one_slip("91350100M000100Y43", "91350100M000010Y43")
    True
    >>> one_slip("91350100M000100Y43", "91350100M000100Y")
    False
    """
    if len(first) != len(second):
        return False
    apart = [place for place in range(len(first)) if first[place] != second[place]]
    if len(apart) == 1:
        return True
    neighbours = len(apart) == 2 and apart[1] == apart[0] + 1  # noqa: PLR2004 - a pair
    return neighbours and first[apart[0]] + first[apart[1]] == second[apart[1]] + second[apart[0]]
