"""Amounts, counts and rates as government tables write them: one closed grammar.

    cell    = amount { clause }
    amount  = [约 近 超 ≥ …] [sign] [currency] numeral [unit] [以上 左右 …]
    clause  = ，力争 amount | ，其中 parts | （力争 amount） | （其中 parts）
            | （unit） | （qualifier） | （note）
    parts   = label amount { 、 label amount }

What the grammar does not know is `Unreadable`; nothing is skipped, so nothing is lost in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xlplan.quantity.days import Day, parse_date
from xlplan.quantity.glyphs import UNKNOWN_WORDS, missing, normal, squeeze
from xlplan.quantity.nouns import Kind, Missing, Part, Qualifier, Quantity, Unreadable
from xlplan.quantity.numerals import (
    CHARACTERS,
    LONGEST,
    exact_number,
    number_text,
    plain_number,
    read_numeral,
)
from xlplan.quantity.words import (
    AFTER,
    BEFORE,
    MONEY_WORDS,
    ONE,
    PER,
    PREFIXES,
    UNITS,
    Unit,
    alternatives,
    together,
    unit_named,
    written_unit,
)

LONGEST_TEXT = 400
"""Characters of a cell; more than that is prose."""

LARGEST: dict[Kind, int] = {"money": 10**16, "count": 10**12, "rate": 10**12, "number": 10**16}
"""Amounts from here on are refused: they would not fit the ledger's 64-bit grains."""

UNSURE_RATE = 2
"""A bare number up to here in a % column is 200% as Excel stores it, or 2 per cent: unsure."""


def parse_quantity(cell: object, unit: str = "") -> Quantity | Missing | Unreadable:
    """What amount a cell holds; never raises, never guesses, never turns nothing into zero.

    `unit` is the column's unit (亿元, 万元, 个, %, 亿美元 …) and holds only where the cell writes
    none. A cell that writes 万 or 亿 alone is in the column's base unit: 8000万 is 0.8亿元.

    A bare number cell in a % column: above 2 it is per cent (12 is 12%); from 0 to 2 it may also
    be the share that Excel stores under a % format (0.12 is 12%), so it is unreadable. A reader
    that knows the cell's format gives the unit 小数 (a stored share) or 百分数 (per cent) instead.
    Text is always as the head says: a typed 0.5 under % is 0.5%.

    A number in brackets alone is unreadable: it may be a negative or a remark. 不详 and 待定 are
    unreadable too, since they do not say that there is nothing.

    >>> parse_quantity("8000", "万元").value, parse_quantity("1.6万亿元").value
    (Fraction(80000000, 1), Fraction(1600000000000, 1))
    >>> read = parse_quantity("2000余万元")
    >>> read.value, read.qualifier.label, read.unit
    (Fraction(20000000, 1), '有余', '万元')
    >>> parse_quantity("12%，力争15%").stretch
    Fraction(3, 20)
    >>> parse_quantity("160（其中：非工业60）", "亿元").of_which[0].value
    Fraction(6000000000, 1)
    >>> parse_quantity("3-5亿元")
    Unreadable(text='3-5亿元', reason='是区间，不是一个数')
    >>> parse_quantity("—")
    Missing(reason='dash', text='—')
    """
    if isinstance(cell, str):
        return missing(cell) or _text(cell, unit)
    if cell is None:
        return Missing("blank", "")
    if isinstance(cell, bool):
        return Unreadable(str(cell).upper(), "是逻辑值，不是数量")
    if (number := plain_number(cell)) is not None:
        return _number(number, unit)
    if isinstance(cell, date | time | timedelta):
        return Unreadable(str(cell), "是日期或时间，不是数量")
    return Unreadable(type(cell).__name__, "不是数字，也不是文字")


_UNKNOWN = Unit("", "number")
"""Stands for a column unit that nobody knows, which is no harm to cells that write their own."""


class _RefusedError(Exception):
    """The text is outside the grammar; the message is the reason for the clerk."""


def _number(cell: float | Decimal | Fraction, name: str) -> Quantity | Unreadable:
    text = number_text(cell)
    unit = unit_named(name)
    if unit is None:
        return Unreadable(text, f"不认得本栏的单位“{name}”")
    number = exact_number(cell)
    if number is None:
        return Unreadable(text, "不是有效的数")
    if unit is UNITS["%"] and 0 < abs(number) <= UNSURE_RATE:
        return Unreadable(text, "分不清是百分数还是小数，请连同百分号写成文字")
    value = number if unit.scale is ONE else number * unit.scale
    if _is_too_large(value, unit):
        return Unreadable(text, "数值过大")
    return Quantity(value, unit.kind, text, unit.currency, unit.name)


_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_FULL_WIDTH_COMMA = "全角逗号读作千分位"


def _doubt(plain: str, text: str) -> str:
    """Whether thousands are set off by a comma that in Chinese text more often ends a clause."""
    wide = not text.isascii() and any(
        text[found.start()] != "," for found in _THOUSANDS.finditer(plain)
    )
    return _FULL_WIDTH_COMMA if wide else ""


def _is_too_large(value: Fraction, unit: Unit) -> bool:
    return abs(value.numerator) >= LARGEST[unit.kind] * value.denominator


def _text(text: str, unit: str) -> Quantity | Unreadable:
    if len(text) > LONGEST_TEXT:
        return Unreadable(text, "文字过长，不是一个数量")
    # 5亿元（含）以上 includes 5亿元 as 以上 does; blanks keep every other character in its place.
    plain = normal(text).replace("(含)以", "   以")
    try:
        quantity, doubt = _whole(plain, text, unit), _doubt(plain, text)
        return replace(quantity, doubt=doubt) if doubt else quantity
    except _RefusedError as refused:
        return Unreadable(text, str(refused) or _why(plain))


class _Amount(NamedTuple):
    """One amount of a cell: its value, its unit, whether the unit is written, its qualifier."""

    value: Fraction
    unit: Unit
    is_written: bool
    qualifier: Qualifier


_NUMERAL = (
    r"(?>[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+"
    r"|(?:[0-9.零一二两三四五六七八九十万亿廿卅点余多来]|[百千](?!分[点之])|,(?=[0-9]))+)"
)
_AMOUNT = re.compile(
    rf"(?P<before>{alternatives(BEFORE)})?(?P<sign>[-+负])?(?P<currency>{alternatives(PREFIXES)})?"
    rf"(?P<inner>[-+])?(?P<per>{alternatives(PER)})?(?P<numeral>{_NUMERAL})"
    rf"(?P<unit>{alternatives(UNITS)})?(?P<after>{alternatives(AFTER)})?",
    re.IGNORECASE,
)


def _amount(piece: str, column: Unit) -> _Amount:
    """One amount, in the column's unit where it writes none."""
    found = _AMOUNT.fullmatch(piece)
    if found is None or (found["sign"] and found["inner"]):
        raise _RefusedError
    numeral = read_numeral(found["numeral"])
    if numeral is None:
        raise _RefusedError("数字过长" if len(found["numeral"]) > LONGEST else "")
    base = _base(found, column, numeral.magnitude)
    unit = base.times(numeral.magnitude)
    value = numeral.value if base.scale is ONE else numeral.value * base.scale
    if _is_too_large(value, unit):
        raise _RefusedError("数值过大")
    if (found["sign"] or found["inner"] or "+") != "+":
        value = -value
    more = Qualifier.MORE if numeral.more else Qualifier.EXACT
    before, after = BEFORE.get(found["before"]), AFTER.get(found["after"])
    is_written = any((numeral.magnitude, found["unit"], found["per"], found["currency"]))
    return _Amount(value, unit, is_written, _agreed(before, more, after))


def _agreed(*said: Qualifier | None) -> Qualifier:
    """What the qualifiers of one amount say together."""
    qualifier = together(filter(None, said))
    if qualifier is None:
        raise _RefusedError("限定词互相矛盾")
    return qualifier


_UNSURE_SCALE = re.compile(r"[0-9.,]+[百千]|.*[万亿].*[^万亿余多来]")
"""5千, 1万5000: in a column of 亿元 hardly that many 亿, and what else nobody can tell."""


def _base(found: re.Match[str], column: Unit, magnitude: str) -> Unit:
    """The unit that the numeral counts: as written, by its currency sign, or the column's."""
    word = PER.get(found["per"] or "", found["unit"] or "")
    if found["per"] and found["unit"]:
        raise _RefusedError
    written = UNITS.get(word.upper())
    if found["currency"]:
        return _of_currency(PREFIXES[found["currency"].upper()], written)
    if written is None and column is _UNKNOWN:
        raise _RefusedError("不认得本栏的单位")
    if magnitude and (written or column).kind == "rate":
        raise _RefusedError("比率不用万、亿作单位")
    if written is None and column.scale > 1 and _UNSURE_SCALE.fullmatch(found["numeral"]):
        raise _RefusedError("缺少量级")
    if written is None and magnitude:
        return UNITS.get(column.base) or Unit("", "number")
    return written or column


def _of_currency(currency: str, written: Unit | None) -> Unit:
    """The money unit behind a sign such as $; a plain 元 after it is of that currency."""
    own = UNITS[MONEY_WORDS[currency]]
    if written not in {None, own, UNITS["元"]}:
        raise _RefusedError("币种前后不一")
    return own


_MARK = re.compile(r"[()]|[;、]|,(?![0-9]{3}(?![0-9]))")
_PART_MARK = re.compile(r"[;、]|,(?![0-9]{3}(?![0-9]))")
_STRETCH = re.compile(r"力争(?:达到|完成|实现|达)?")
_OF_WHICH = re.compile(r"其中:?")
_LABEL_END = re.compile(rf"[^{CHARACTERS}]")
_LONGEST_LABEL = 40


class _Clause(NamedTuple):
    """A piece of a cell: the mark before it, its normal form, and the cell's own characters."""

    mark: str
    plain: str
    said: str


def _clauses(plain: str, text: str) -> Iterator[_Clause]:
    """The head of a cell, then its clauses; after a bracket comes a clause of mark ")"."""
    depth, mark, start = 0, "", 0
    for found in _MARK.finditer(plain):
        here = found[0]
        depth += {"(": 1, ")": -1}.get(here, 0)
        if depth < 0:
            raise _RefusedError("括号不成对")
        if depth == (1 if here == "(" else 0):
            span = slice(start, found.start())
            yield _Clause(mark, plain[span], text[span])
            mark, start = here, found.end()
    if depth:
        raise _RefusedError("括号不成对")
    yield _Clause(mark, plain[start:], text[start:])


def _squeezed(plain: str) -> str:
    squeezed = squeeze(plain)
    if squeezed is None:
        raise _RefusedError("数字之间有空格，像是几个数")
    return squeezed


@dataclass(slots=True)
class _Aside:
    """What stands behind the amount, sorted by what it says."""

    unit: Unit | None = None
    qualifiers: list[Qualifier] = field(default_factory=list)
    stretch: str = ""
    parts: list[_Clause] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, clause: _Clause) -> None:
        """Sort one clause in; refuses what fits nowhere."""
        body = "".join(clause.plain.split())
        if clause.mark == ")" or not body:
            if body or clause.mark != ")":
                raise _RefusedError
        elif _STRETCH.match(body):
            if self.stretch:
                raise _RefusedError("力争数写了两次")
            self.stretch = _STRETCH.sub("", _squeezed(clause.plain), count=1)
        elif _OF_WHICH.match(body) or (self.parts and clause.mark != "("):
            self.parts.extend(_split(clause))
        elif clause.mark != "(":
            raise _RefusedError
        else:
            self._take_remark(body, clause)

    def _take_remark(self, body: str, clause: _Clause) -> None:
        unit = written_unit(body)
        if qualifier := AFTER.get(body) or BEFORE.get(body):
            self.qualifiers.append(qualifier)
        elif unit and self.unit is None and (unit.base or body in {"万", "亿", "万亿"}):
            self.unit = unit
        else:
            self.notes.append(clause.said.strip())


def _split(clause: _Clause) -> Iterator[_Clause]:
    """The parts of an of-which clause, without blanks, each with the cell's own characters."""
    _squeezed(clause.plain)
    start = 0
    ends = [found.start() for found in _PART_MARK.finditer(clause.plain)]
    for end in (*ends, len(clause.plain)):
        pairs = zip(clause.plain[start:end], clause.said[start:end], strict=True)
        kept = [(plain, said) for plain, said in pairs if not plain.isspace()]
        plain = "".join(pair[0] for pair in kept)
        opening = _OF_WHICH.match(plain)
        cut = opening.end() if opening else 0
        yield _Clause("", plain[cut:], "".join(pair[1] for pair in kept[cut:]))
        start = end + 1


def _part(clause: _Clause, whole: Unit) -> Part:
    """An of-which part: the shortest label before an amount in the whole's unit."""
    for end in range(1, min(len(clause.plain), _LONGEST_LABEL)):
        if _LABEL_END.match(clause.plain[end - 1]) and _AMOUNT.fullmatch(clause.plain, end):
            amount = _like(_amount(clause.plain[end:], whole), whole)
            label = clause.said[:end].rstrip(":：为")
            if not label or amount.value < 0:
                break
            return Part(label, amount.value, clause.said, amount.qualifier)
    raise _RefusedError("其中项看不懂")


def _like(amount: _Amount, whole: Unit) -> _Amount:
    """The amount, if it is of the same kind and currency as the whole."""
    if (amount.unit.kind, amount.unit.currency) != (whole.kind, whole.currency):
        raise _RefusedError("前后单位不同")
    return amount


def _whole(plain: str, text: str, unit: str) -> Quantity:
    """A cell's amount with all its clauses."""
    head, *rest = _clauses(plain, text)
    aside = _Aside()
    for clause in rest:
        aside.take(clause)
    column = aside.unit or unit_named(unit) or _UNKNOWN
    main = _amount(_squeezed(head.plain), column)
    if aside.unit and main.is_written and aside.unit.name not in {main.unit.name, main.unit.base}:
        raise _RefusedError("前后单位不同")
    quantity = Quantity(
        main.value,
        main.unit.kind,
        text,
        main.unit.currency,
        main.unit.name,
        main.is_written or aside.unit is not None,
        _agreed(main.qualifier, *aside.qualifiers),
    )
    return _with_clauses(quantity, aside, main.unit) if rest else quantity


def _with_clauses(quantity: Quantity, aside: _Aside, unit: Unit) -> Quantity:
    """The quantity with its stretch, parts and notes; their bare numbers are in its unit."""
    stretch = _like(_amount(aside.stretch, unit), unit) if aside.stretch else None
    return replace(
        quantity,
        stretch=stretch and stretch.value,
        stretch_qualifier=stretch.qualifier if stretch else Qualifier.EXACT,
        of_which=tuple(_part(part, unit) for part in aside.parts),
        note="；".join(aside.notes),
    )


_NUMBER = "[0-9零一二两三四五六七八九十]"
_WHY = (
    (rf"{_NUMBER}\s*(?:[年月日号]|季度)", "像是日期，不是数量"),
    (rf"[0-9一-龥%]\s*(?:-|~|—|至|到)+\s*{_NUMBER}", "是区间，不是一个数"),
    (r"^\s*\([^()]*[0-9][^()]*\)\s*$", "括号里的数含义不明，负数请写减号"),
    (rf"{_NUMBER}[^0-9]*[,;、/+和及\s][^0-9]*{_NUMBER}", "像是几个数，请分开填写"),
    (rf"^(?:(?!{_NUMBER}|[百千万亿]).)*$", "没有数字"),
    ("", "不是认得的写法"),
)


def _why(plain: str) -> str:
    """The likeliest reason why a text is outside the grammar, for the clerk."""
    if plain.strip() in UNKNOWN_WORDS:
        return "没有写出数值"
    if isinstance(parse_date(plain), Day):
        return "像是日期，不是数量"
    return next(reason for pattern, reason in _WHY if re.search(pattern, plain, re.DOTALL))
