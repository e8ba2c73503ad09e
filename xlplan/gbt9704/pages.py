"""Facts of the pages: size, margins, lines, colour, page numbers, pages on their side."""

import re
from collections.abc import Iterator

from xlplan.gbt9704.paper import Paragraph, Section
from xlplan.gbt9704.verdicts import (
    Case,
    Verdict,
    differs,
    is_close,
    judged,
    length,
    number,
    together,
    unchecked,
)

_DASHED = re.compile(r"\s*—\s*\{PAGE\}\s*—\s*")
_SIDES = {"left": "左", "right": "右", "center": "中", "justify": "左"}


def page_size(case: Case) -> Verdict:
    """A4, upright or on its side."""
    width, height = case.standard["page"]["size"]
    slack = case.standard["page"]["tolerance"]
    wrong = [
        f"第{n}节是 {length(one.width)}×{length(one.height)} 毫米"
        for n, one in enumerate(case.paper.sections, 1)
        if not all(map(is_close, sorted((one.width, one.height)), (width, height), (slack, slack)))
    ]
    return judged(f"{number(width)}×{number(height)} 毫米", wrong)


def area(case: Case) -> Verdict:
    """Margins and type area of upright pages."""
    asked = case.standard["area"]
    (width, height), slack = asked["size"], asked["tolerance"]
    wanted = f"天头 {number(asked['margins']['top'])}、订口 {number(asked['margins']['left'])}、"
    wanted += f"版心 {number(width)}×{number(height)} 毫米"
    wrong: list[str] = []
    for n, one in enumerate(case.paper.sections, 1):
        if not one.is_landscape:
            measured = (
                ("天头", one.top, asked["margins"]["top"]),
                ("订口", one.left, asked["margins"]["left"]),
                *_area(one, width, height),
            )
            wrong += _apart(f"第{n}节", measured, slack)
    return judged(wanted, wrong)


def _area(one: Section, width: float, height: float) -> tuple[tuple[str, float, float], ...]:
    """What the type area measures, and should."""
    return (
        ("版心宽", one.width - one.left - one.right, width),
        ("版心高", one.height - one.top - one.bottom, height),
    )


def _apart(
    where: str, measured: tuple[tuple[str, float, float], ...], slack: float
) -> Iterator[str]:
    for name, found, wanted in measured:
        if not is_close(found, wanted, slack):
            yield f"{where}{name} {length(found)} 毫米"


def lines(case: Case) -> Verdict:
    """The distance of lines of the text; 22 lines fill a page."""
    least, most = case.standard["lines"]["spacing"]
    wrong = []
    for one in case.roles.main:
        pitch = case.paper.sections[one.section].pitch
        spacing = pitch if one.spacing == 0 else one.spacing
        if spacing is None or not least <= spacing <= most:
            said = "不是固定值" if spacing is None else f"{number(spacing)} 磅"
            wrong.append(f"{one.place}行距{said}")
    wanted = f"固定值 {number(least)}—{number(most)} 磅（每面 22 行）"
    return judged(wanted, wrong) if case.roles.main else unchecked(wanted, "没有正文")


def colour(case: Case) -> Verdict:
    """The text is black; the red head apart."""
    allowed = case.standard["colours"]["text"]
    head = {one.number for one in case.roles.head}
    wrong = [
        f"{one.place}颜色 {run.colour}"
        for one in case.paper.paragraphs
        if one.number not in head
        for run in one.runs[:]
        if run.text.strip() and run.colour not in allowed
    ]
    return judged("黑色", wrong)


def number_form(case: Case) -> Verdict:
    """The page number's font, size, and the dashes beside it."""
    asked = case.standard["number"]
    wanted = f"4号半角{asked['face']}，左右各放一条一字线"
    found = list(_numbers(case))
    if not found:
        return differs(wanted, ["没有页码"])
    wrong: list[str] = []
    families = case.standard.fonts(asked["face"])
    for _, one in found:
        if not _DASHED.fullmatch(one.text):
            wrong.append(f"页码写作“{one.said.replace('{PAGE}', '1')}”")
        for run in (run for run in one.runs if "{PAGE}" in run.text):
            if not is_close(run.size, asked["size"]):
                wrong.append(f"页码 {number(run.size or 0)} 磅")
            if run.latin not in families:
                wrong.append(f"页码字体是{run.latin or '未写明'}")
    seen = next(iter(found))[1]
    missing = case.fonts is None or any(
        run.latin not in case.fonts for run in seen.runs if run.latin
    )
    if not wrong and missing:
        return unchecked(wanted, "本机没有页码所用的字体")
    return judged(wanted, dict.fromkeys(wrong))


def _numbers(case: Case) -> Iterator[tuple[str, Paragraph]]:
    """The paragraphs of the first section's footers that hold the page number."""
    footers = case.paper.sections[0].footers
    for kind in ("default", "even"):
        for one in footers.get(kind, ()):
            if "{PAGE}" in one.text:
                yield kind, one


def number_side(case: Case) -> Verdict:
    """On the right of odd pages, on the left of even ones, one character in."""
    asked = case.standard["number"]
    odd, even, indent = asked["odd"], asked["even"], asked["indent"]
    wanted = f"单页居{_SIDES[odd]}空{number(indent)}字，双页居{_SIDES[even]}空{number(indent)}字"
    found = dict(_numbers(case))
    if not found:
        return differs(wanted, ["没有页码"])
    if odd != even and not (case.paper.odd_and_even and "even" in found):
        return differs(wanted, ["单双页的页码在同一边"])
    wrong = []
    for kind, side in (("default", odd), ("even", even)):
        one = found.get(kind)
        if one is None:
            continue
        pages = "单页" if kind == "default" else "双页"
        inner = one.right if one.align == "right" else one.left
        if _SIDES.get(one.align) != _SIDES[side]:
            wrong.append(f"{pages}页码居{_SIDES.get(one.align, one.align)}")
        elif side != "center" and not is_close(inner, indent, 0.2):
            wrong.append(f"{pages}页码空{number(inner)}字")
    return judged(wanted, wrong)


def number_height(_case: Case) -> Verdict:
    """The standard measures it on paper, which a file does not tell."""
    return unchecked("版心下边缘之下 7 毫米", "要排成页面才能量")


def landscape(case: Case) -> Verdict:
    """Pages on their side keep the type area; their number stays where other pages have it."""
    width, height = case.standard.landscape_area
    wanted = f"版心 {number(width)}×{number(height)} 毫米，页码与其他页同一位置"
    turned = [(n, one) for n, one in enumerate(case.paper.sections, 1) if one.is_landscape]
    if not turned:
        return unchecked(wanted, "没有横排页面")
    slack = case.standard["area"]["tolerance"]
    wrong = [
        said for n, one in turned for said in _apart(f"第{n}节", _area(one, width, height), slack)
    ]
    plain = unchecked(wanted, "版心相符；页码的位置要排成页面才能看")
    return together(wanted, wrong, plain)
