"""Reads red and black lists and calendars, and proves what can be proved of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_args

from xlplan.policy.marks import Bound, Input
from xlplan.policy.notices import (
    EVERY_NAMES,
    REACHED_WORDS,
    WEEKDAYS,
    Board,
    Calendar,
    Colour,
    Every,
    Near,
    ReachedWord,
)
from xlplan.policy.points import bound
from xlplan.policy.reading import Reading, Table
from xlplan.policy.schema import Measure, Policy
from xlplan.quantity import Quantity, parse_quantity

Named = tuple[str, str]

_COLOURS: tuple[Colour, ...] = ("red", "black")
_INPUTS: tuple[Input, ...] = get_args(Input)
_EVERY: tuple[Every, ...] = tuple(EVERY_NAMES)
_NUMBER = re.compile(r"(?:[前后]|至少)?\s*(\d+)\s*[名位项]?")
_DAYS = re.compile(r"(\d+)\s*[天日]")
_WEEKDAY = re.compile(f"(?:周|星期|礼拜)([{WEEKDAYS}天])")
_RULES = ("top", "bottom", "when", "reached")


def board(table: Table, measures: Sequence[Measure]) -> Board:
    """A list, its colour, and what puts a unit on it."""
    if not any(map(table.has, _RULES)):
        table.fault("XP660", "top", text=table.text("name"))
    if table.has("top") and table.has("bottom"):
        table.fault("XP627", "bottom", key="bottom", reason="已写 top，一张榜只取一头")
    names = table.texts("measures", ())
    asked = [one for one in measures if not names or one.name in names]
    return Board(
        table.text("id"),
        table.text("name"),
        table.choice("colour", _COLOURS),
        table.texts("groups", ()),
        names,
        _number(table, "top"),
        _number(table, "bottom"),
        table.one("when", lambda inner: _when(inner, asked)),
        _reached(table),
        _number(table, "at_least") or 0,
        table.texts("left_out", ()),
        _near(table),
        table.text("clause"),
    )


def _when(table: Table, measures: Sequence[Measure]) -> tuple[Bound, ...]:
    """Bounds that must all hold; one on values needs measures of one unit."""
    written: list[tuple[Input, str]] = [(of, table.text(of, "")) for of in _INPUTS]
    found = []
    for of, text in written:
        units = dict.fromkeys(one.unit for one in measures)
        if text and of == "value" and len(units) != 1:
            table.fault("XP661", of, text=text, units="、".join(units))
        elif text:
            measure = measures[0] if measures else None
            found.append(bound(table.reading, table.at(of), text, of, measure))
    return tuple(filter(None, found))


def _number(table: Table, key: str) -> int | None:
    """A number of places or measures; None = not written, or a fault that is noted."""
    text = table.text(key, "")
    found = _NUMBER.fullmatch(text.strip())
    if text and (not found or int(found[1]) == 0):
        example = "2项" if key == "at_least" else "3名"
        table.fault("XP610", key, what="个数", text=text, example=example)
    return int(found[1]) if found else None


def _reached(table: Table) -> tuple[ReachedWord, ...]:
    known: Mapping[str, ReachedWord] = {word: word for word in get_args(ReachedWord)}
    texts = table.one_or_more("reached", ())
    for text in texts:
        if text not in known:
            said = "、".join(f"{word}（{name}）" for word, name in REACHED_WORDS.items())
            table.fault("XP606", "reached", text=text, what="reached", known=said)
    return tuple(known[text] for text in texts if text in known)


def _near(table: Table) -> Near | None:
    """How little may be missing: 5个百分点 or 5% of the target, or 2名."""
    text = table.text("near", "")
    if not text:
        return None
    places, found = _NUMBER.fullmatch(text.strip()), parse_quantity(text)
    if places and text.strip()[-1] in "名位":
        return Near(places=int(places[1]))
    if isinstance(found, Quantity) and found.kind == "rate" and found.is_exact and found.value > 0:
        return Near(found.value)
    table.fault("XP610", "near", what="接近的幅度", text=text, example="5个百分点")
    return None


def calendar(table: Table) -> Calendar:
    """A round: how often it comes, when it is due, and what is done then."""
    every = table.choice("every", _EVERY)
    due, weekday = _due(table, every)
    return Calendar(
        table.text("id"),
        table.text("name"),
        every,
        table.text("what"),
        table.text("clause"),
        due,
        weekday,
    )


def _due(table: Table, every: Every) -> tuple[int, int]:
    """Days after the end of the span; of a week a weekday, Sunday when none is written."""
    text = table.text("due", "").strip()
    if every == "week":
        day = _WEEKDAY.fullmatch(text)
        if text and not day:
            table.fault("XP610", "due", what="每周的日子", text=text, example="周一")
        return 0, WEEKDAYS.index(day[1].replace("天", "日")) + 1 if day else len(WEEKDAYS)
    days = _DAYS.fullmatch(text)
    if text and not days:
        table.fault("XP610", "due", what="期满后的天数", text=text, example="5天")
    return int(days[1]) if days else 0, 0


# Proofs


def prove_publicity(policy: Policy, reading: Reading) -> None:
    """Note the faults that show only when a list is seen beside the measures."""
    for n, one in enumerate(policy.boards, 1):
        count = len(one.measures or policy.measures)
        if one.at_least > count:
            said = {"wanted": one.at_least, "count": count}
            reading.fault("XP662", f"board[{n}].at_least", text=one.name, **said)


def names_used(policy: Policy) -> Iterator[tuple[Literal["指标", "类别", "单位"], list[Named]]]:
    """The measures, groups and units that paces, rankings and lists name, with their key paths."""
    for n, pace in enumerate(policy.paces, 1):
        yield "指标", _each(f"pace_of[{n}].measures", pace.measures)
    for n, ranking in enumerate(policy.rankings, 1):
        yield "指标", _each(f"ranking_of[{n}].measures", ranking.measures)
        yield "单位", _each(f"ranking_of[{n}].left_out", ranking.left_out)
    for n, one in enumerate(policy.boards, 1):
        yield "指标", _each(f"board[{n}].measures", one.measures)
        yield "类别", _each(f"board[{n}].groups", one.groups)
        yield "单位", _each(f"board[{n}].left_out", one.left_out)


def given_once(policy: Policy) -> Mapping[str, list[Named]]:
    """What may be said only once: pace and ranking of a measure; ids of lists and calendars."""
    return {
        "指标的序时进度": _measured("pace_of", [pace.measures for pace in policy.paces]),
        "指标的排名办法": _measured("ranking_of", [rule.measures for rule in policy.rankings]),
        "榜单编号": [(f"board[{n}].id", one.id) for n, one in enumerate(policy.boards, 1)],
        "榜单": [(f"board[{n}].name", one.name) for n, one in enumerate(policy.boards, 1)],
        "日程编号": [(f"calendar[{n}].id", one.id) for n, one in enumerate(policy.calendars, 1)],
        "日程": [(f"calendar[{n}].name", one.name) for n, one in enumerate(policy.calendars, 1)],
    }


def _measured(key: str, named: Sequence[tuple[str, ...]]) -> list[Named]:
    return [it for n, names in enumerate(named, 1) for it in _each(f"{key}[{n}].measures", names)]


def clauses_of(policy: Policy) -> Iterator[Named]:
    """The clauses that paces, rankings, lists and calendars cite."""
    tables = {
        "pace_of": [rule.clause for rule in policy.paces],
        "ranking_of": [rule.clause for rule in policy.rankings],
        "board": [rule.clause for rule in policy.boards],
        "calendar": [rule.clause for rule in policy.calendars],
    }
    for key, cited in tables.items():
        yield from ((f"{key}[{n}].clause", clause) for n, clause in enumerate(cited, 1))


def _each(path: str, texts: Sequence[str]) -> list[Named]:
    return [(f"{path}[{n}]", text) for n, text in enumerate(texts, 1)]
