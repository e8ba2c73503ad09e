"""Facts of the text: head, title, addressees, levels, attachments, date, foot."""

import re
from collections.abc import Iterable, Iterator

from xlplan.gbt9704.paper import Paragraph
from xlplan.gbt9704.roles import LEVELS, Heading, is_red
from xlplan.gbt9704.verdicts import (
    Case,
    Verdict,
    chinese,
    conforms,
    differs,
    is_close,
    judged,
    number,
    together,
    unchecked,
)

_NO_HEAD = "没有版头"
_NO_FOOT = "没有版记"
_NUMBER = re.compile(r"[^\d\s]+〔(?P<year>\d{4})〕(?P<number>\d+)号")
_DATE = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_DIGITS = "一二三四五六七八九十"
_MARKS = ("、", "，", "。", "；", ";", ".", ",")
_SIZES = {22.0: "2号", 16.0: "3号", 14.0: "4号"}


def _size(points: float) -> str:
    return _SIZES.get(points, f"{number(points)} 磅")


def _sizes(wanted: float, paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """Chinese text of another size."""
    for one in paragraphs:
        wrong = next((run for run in chinese(one) if not is_close(run.size, wanted)), None)
        if wrong is not None:
            said = _size(wrong.size) if wrong.size else "字号未写明"
            yield f"{one.place}是{said}"


def issuer_mark(case: Case) -> Verdict:
    """The issuer's mark of a red head."""
    wanted, mark = "居中，红色（上边缘位置须看版面）", case.roles.mark
    if mark is None:
        return unchecked(wanted, _NO_HEAD)
    return judged(wanted, [f"{mark.place}没有居中"] if mark.align != "center" else [])


def document_number(case: Case) -> Verdict:
    """机关代字〔年份〕序号号: six-cornered brackets, no 第, no leading zeros."""
    wanted, line = "机关代字〔年份〕序号号，不编虚位，不加“第”", case.roles.document_number
    if line is None:
        return unchecked(wanted, "没有发文字号")
    found = _NUMBER.search(line.said)
    sound = found is not None and "第" not in line.said and not found["number"].startswith("0")
    return judged(wanted, [] if sound else [f"{line.place}写作“{line.said}”"])


def red_rule(case: Case) -> Verdict:
    """The red rule below the document number."""
    wanted = "发文字号之下，红色，与版心等宽"
    if case.roles.mark is None:
        return unchecked(wanted, _NO_HEAD)
    ruled = [one for one in case.roles.head if "bottom" in one.rules]
    if not ruled:
        return unchecked(wanted, "没有找到段落边框；画成图形的要看版面")
    wrong = [f"{one.place}的线是 {one.rule_colour}" for one in ruled if not is_red(one.rule_colour)]
    return judged(wanted, wrong)


def title(case: Case) -> Verdict:
    """The title's face and size."""
    asked, lines = case.standard["title"], case.roles.title
    wanted = f"{_size(asked['size'])}{asked['face']}体，居中"
    if not any(one.said for one in lines):
        return differs(wanted, ["没有找到标题"])
    wrong = [f"{one.place}没有居中" for one in lines if one.align != "center"]
    wrong += _sizes(asked["size"], lines)
    return together(wanted, wrong, case.face(asked["face"], lines))


def title_place(case: Case) -> Verdict:
    """Two lines are blank between the red rule and the title."""
    asked = case.standard["title"]["blank_lines"]
    wanted = f"红色分隔线下空 {asked} 行"
    if case.roles.mark is None:
        return unchecked(wanted, _NO_HEAD)
    blank = 0
    for one in reversed(case.roles.head):
        if one.said or one.rules:
            break
        blank += 1
    return judged(wanted, [] if blank == asked else [f"空了 {blank} 行"])


def addressees(case: Case) -> Verdict:
    """Flush left, with a full-width colon at the end."""
    wanted, line = "顶格，末尾全角冒号", case.roles.addressees
    if line is None:
        return unchecked(wanted, "没有主送机关")
    wrong = []
    if line.indent > 0 or line.text[:1].isspace():
        wrong.append(f"{line.place}没有顶格")
    if not line.said.endswith("："):
        wrong.append(f"{line.place}末尾不是全角冒号")
    return judged(wanted, wrong)


def body_font(case: Case) -> Verdict:
    """The face of the text."""
    return case.face(case.standard["body"]["face"], case.roles.body)


def body_size(case: Case) -> Verdict:
    """The size of the text and of its headings."""
    asked = case.standard["body"]["size"]
    if not case.roles.main:
        return unchecked(_size(asked), "没有正文")
    return judged(_size(asked), _sizes(asked, case.roles.main))


def body_indent(case: Case) -> Verdict:
    """Every paragraph begins two characters in."""
    asked = case.standard["body"]["indent"]
    wanted = f"首行空{number(asked)}字"
    wrong = [
        f"{one.place}空了{number(_lead(one))}字"
        for one in case.roles.main
        if not is_close(_lead(one), asked, 0.25)
    ]
    return judged(wanted, wrong) if case.roles.main else unchecked(wanted, "没有正文")


def _lead(one: Paragraph) -> float:
    """How far in a paragraph begins, in characters; blanks that were typed count too."""
    typed = one.text[: len(one.text) - len(one.text.lstrip())]
    return one.indent + sum(1.0 if mark == "\u3000" else 0.5 for mark in typed)


def levels_order(case: Case) -> Verdict:
    """一、 （一） 1. （1）: none left out, counted on, with the right marks."""
    wanted = "一、（一）1.（1）依次使用，连续编号"
    if any(one.numbered for one in case.roles.main):
        return unchecked(wanted, "有自动编号的段落，编号不在文字里")
    if not case.roles.headings:
        return unchecked(wanted, "没有分层次")
    return judged(wanted, _disorder(case.roles.headings))


def _disorder(headings: Iterable[Heading]) -> Iterator[str]:
    counts: list[int] = []
    for level, one in headings:
        if level > len(counts) + 1:
            yield f"{one.place}跳过了上一层"
            counts += [0] * (level - 1 - len(counts))
        counts = counts[:level] + [0] * (level - len(counts))
        counts[level - 1] += 1
        right = _label(level, counts[level - 1])
        found = LEVELS[level - 1].match(one.said)
        mark = found[0] if found else ""
        if mark != right:
            yield f"{one.place}编作“{mark}”，应为“{right}”"
        elif level in (2, 4) and one.said[len(mark) :].startswith(_MARKS):
            yield f"{one.place}“{mark}”之后不加标点"


def _label(level: int, count: int) -> str:
    """How the heading of a level is numbered.

    >>> _label(1, 12), _label(2, 3), _label(3, 1), _label(4, 2)
    ('十二、', '（三）', '1.', '（2）')
    """
    tens, ones = divmod(count, 10)
    said = ("" if tens <= 1 else _DIGITS[tens - 1]) + ("十" if tens else "")
    said += _DIGITS[ones - 1] if ones else ""
    return (f"{said}、", f"（{said}）", f"{count}.", f"（{count}）")[level - 1]


def levels_font(case: Case) -> Verdict:
    """The face of each level."""
    faces = case.standard["levels"]["faces"]
    wanted = "、".join(faces)
    if not case.roles.headings:
        return unchecked(wanted, "没有分层次")
    verdicts = [
        case.face(face, [one for at, one in case.roles.headings if at == level])
        for level, face in enumerate(faces, 1)
        if any(at == level for at, _ in case.roles.headings)
    ]
    wrong = [said for verdict in verdicts for said in verdict.found]
    reasons = dict.fromkeys(verdict.reason for verdict in verdicts if verdict.reason)
    if wrong:
        return differs(wanted, wrong)
    return unchecked(wanted, "；".join(reasons)) if reasons else conforms(wanted)


def annex_note(case: Case) -> Verdict:
    """附件： two characters in, a line below the text, no marks after the names."""
    wanted, note = "正文下空一行，空二字，全角冒号，名称后不加标点", case.roles.annex_note
    if not note:
        return unchecked(wanted, "没有附件说明")
    wrong = []
    if case.roles.before_note is None or case.roles.before_note.said:
        wrong.append(f"{note[0].place}之前没有空一行")
    if not is_close(_lead(note[0]), case.standard["body"]["indent"], 0.25):
        wrong.append(f"{note[0].place}空了{number(_lead(note[0]))}字")
    if not note[0].said.startswith("附件："):
        wrong.append(f"{note[0].place}冒号不是全角")
    wrong += [f"{one.place}名称后有标点" for one in note if one.said.endswith(_MARKS)]
    return judged(wanted, wrong)


def date(case: Case) -> Verdict:
    """Arabic digits, none of them a leading zero."""
    wanted, line = "阿拉伯数字，月、日不编虚位", case.roles.date
    if line is None:
        return unchecked(wanted, "没有找到成文日期")
    found = _DATE.fullmatch(line.said)
    sound = found is not None and not any(found[part].startswith("0") for part in ("month", "day"))
    return judged(wanted, [] if sound else [f"{line.place}写作“{line.said}”"])


def no_empty_page(case: Case) -> Verdict:
    """Nothing says that a page holds no text."""
    wrong = [one.place for one in case.paper.paragraphs if "此页无正文" in one.text]
    return judged("不出现", wrong)


def annex(case: Case) -> Verdict:
    """An attachment begins a page; its label in the corner, its title on the third line."""
    asked = case.standard["annex"]
    wanted = f"另起一页，“附件1”顶格{asked['face']}，标题居中在第 {asked['title_line']} 行"
    if not case.roles.annexes:
        return unchecked(wanted, "没有附件")
    wrong: list[str] = []
    for label, name, blanks in case.roles.annexes:
        if not (label.turns_page or label.number == 1):
            wrong.append(f"{label.place}没有另起一页")
        if label.indent > 0 or label.text[:1].isspace() or label.align in ("center", "right"):
            wrong.append(f"{label.place}没有顶格")
        if name is None:
            wrong.append(f"{label.place}没有标题")
        elif name.align != "center" or blanks != asked["title_line"] - 2:
            wrong.append(f"{name.place}不是居中在第 {asked['title_line']} 行")
    labels = [one.label for one in case.roles.annexes]
    wrong += _sizes(asked["size"], labels)
    return together(wanted, wrong, case.face(asked["face"], labels))


def copies(case: Case) -> Verdict:
    """抄送 in the foot of the document."""
    asked, line = case.standard["copies"], case.roles.copies
    wanted = f"{_size(asked['size'])}{asked['face']}，“抄送：”，末尾句号"
    if line is None:
        return unchecked(wanted, _NO_FOOT)
    wrong = [] if line.said.startswith("抄送：") else [f"{line.place}“抄送”后不是全角冒号"]
    wrong += [] if line.said.endswith("。") else [f"{line.place}末尾没有句号"]
    wrong += _sizes(asked["size"], [line])
    return together(wanted, wrong, case.face(asked["face"], [line]))


def printed_by(case: Case) -> Verdict:
    """The issuer on the left, the date with 印发 on the right of one line."""
    asked, line = case.standard["copies"], case.roles.printed
    wanted = f"{_size(asked['size'])}{asked['face']}，左印发机关、右印发日期加“印发”"
    if line is None:
        return unchecked(wanted, _NO_FOOT)
    found = _DATE.search(line.said)
    wrong = []
    if found is None or any(found[part].startswith("0") for part in ("month", "day")):
        wrong.append(f"{line.place}日期不是不带虚位的阿拉伯数字")
    elif not line.said[: found.start()].strip():
        wrong.append(f"{line.place}没有印发机关")
    wrong += _sizes(asked["size"], [line])
    return together(wanted, wrong, case.face(asked["face"], [line]))


def copies_rules(case: Case) -> Verdict:
    """Thick rules above and below the foot, thin ones between."""
    asked = case.standard["copies"]
    thick, thin = asked["thick"], asked["thin"]
    wanted = f"首条、末条粗线 {number(thick)} 毫米，中间细线 {number(thin)} 毫米"
    foot = [one for one in (case.roles.copies, case.roles.printed) if one is not None]
    if not foot:
        return unchecked(wanted, _NO_FOOT)
    if not any(one.rules for one in foot):
        return unchecked(wanted, "没有找到段落边框；表格或图形的线要看版面")
    wrong = []
    for one, side, width in ((foot[0], "top", thick), (foot[-1], "bottom", thick)):
        found = one.rules.get(side, 0.0)
        if not is_close(found, width, asked["tolerance"]):
            wrong.append(f"{one.place}{'上' if side == 'top' else '下'}边的线 {number(found)} 毫米")
    if len(foot) > 1:
        between = max(foot[0].rules.get("bottom", 0.0), foot[1].rules.get("top", 0.0))
        if not is_close(between, thin, asked["tolerance"]):
            wrong.append(f"中间的线 {number(between)} 毫米")
    return judged(wanted, wrong)
