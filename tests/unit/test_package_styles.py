import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlplan.diagnostics import RequestError
from xlplan.package.styles import StyleBook
from xlplan.package.xml_offsets import STRICT, TRANSITIONAL
from xlplan.sheets.description import PLAIN, Area, Highlight, Style

ORDER = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]
ORDER += ["tableStyles", "colors", "extLst"]
MONEY = Style(font="仿宋_GB2312", bold=True, color="c00000", fill="FFF2CC", border="thin")
MONEY = MONEY.but(border_color="BFBFBF", number_format="0.00##", horizontal="right", indent=1)
LIGHT = Highlight(Area(1, 1, 9, 9), "A1<0", color="C00000", fill="FFC7CE", bold=True)

EXCEL = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{TRANSITIONAL}"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"
 xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">
<numFmts count="1"><numFmt numFmtId="176" formatCode="0.000_ "/></numFmts>
<fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/><color theme="1"/><name val="等线"/>
<family val="2"/><charset val="134"/><scheme val="minor"/></font><font><b/><sz val='12'/>
<name val='黑体'/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill
 patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="176" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>
<tableStyles count="0" defaultTableStyle="TableStyleMedium2"/>
<extLst><ext uri="{{0}}"><x14ac:any/></ext></extLst></styleSheet>""".encode()

ODD = {
    "as Excel writes it": EXCEL,
    "an empty element": f'<styleSheet xmlns="{TRANSITIONAL}"/>'.encode(),
    "an empty strict element": f"<styleSheet xmlns='{STRICT}'></styleSheet>".encode(),
    "a prefix": f'<x:styleSheet xmlns:x="{TRANSITIONAL}"><x:fonts count = "0" /></x:styleSheet>'
    "".encode(),
    "self-closing lists": f'<styleSheet xmlns="{TRANSITIONAL}"><fonts/><fills/><borders/><cellXfs/>'
    '<dxfs count="0"/></styleSheet>'.encode(),
    "dxfs only": f'<styleSheet xmlns="{TRANSITIONAL}"><dxfs count="7"><dxf/></dxfs></styleSheet>'
    "".encode(),
    "a wrong count": EXCEL.replace(b'<fonts count="2"', b'<fonts count="9"'),
    "no counts": re.sub(rb' count="\d"', b"", EXCEL),
    "a byte order mark": b"\xef\xbb\xbf" + EXCEL,
    "UTF-16": EXCEL.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 big end first": b"\xfe\xff"
    + EXCEL.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "UTF-16 without a mark": EXCEL.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "Latin 1": f'<?xml version="1.0" encoding="iso-8859-1"?><styleSheet xmlns="{TRANSITIONAL}">'
    "<!-- é /> --></styleSheet>".encode("latin-1"),
}


def tree(xml):
    return etree.fromstring(xml)


def children(root, name):
    found = [
        child
        for child in root.iterchildren(tag=etree.Element)
        if etree.QName(child).localname == name
    ]
    return list(found[0]) if found else []


def names(root):
    return [etree.QName(child).localname for child in root.iterchildren(tag=etree.Element)]


@pytest.fixture(params=ODD.values(), ids=ODD.keys())
def part(request):
    return request.param


def test_what_is_there_stays_in_its_place_and_the_rest_comes_after(part):
    book = StyleBook.parse(part)
    used = book.xf(MONEY), book.xf(PLAIN), book.dxf(LIGHT)
    before, after = tree(part), tree(book.xml())
    for name in ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs", "extLst"):
        old, new = children(before, name), children(after, name)
        assert [etree.tostring(a, with_tail=False) for a in old] == [
            etree.tostring(b, with_tail=False) for b in new[: len(old)]
        ]
    assert len(children(after, "cellXfs")) > max(used[:2])
    assert len(children(after, "dxfs")) > used[2]


def test_lists_stand_in_the_order_of_the_schema_and_their_counts_are_right(part):
    book = StyleBook.parse(part)
    book.xf(MONEY), book.dxf(LIGHT)
    root = tree(book.xml())
    assert names(root) == sorted(names(root), key=ORDER.index)
    changed = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")
    for child in root.iterchildren(tag=etree.Element):
        if etree.QName(child).localname in changed:
            assert child.get("count") == str(len(child))


def test_a_second_run_finds_everything_again_and_gives_the_same_bytes(part):
    first = StyleBook.parse(part)
    styles = [MONEY, PLAIN, MONEY.but(wrap=True, unlocked=True), Style(number_format="@")]
    numbers = [*map(first.xf, styles), first.dxf(LIGHT)]
    again = StyleBook.parse(first.xml())
    assert [*map(again.xf, styles), again.dxf(LIGHT)] == numbers
    assert again.xml() == first.xml()
    assert not again.changed


def test_a_part_that_nothing_is_asked_of_comes_back_byte_for_byte(part):
    book = StyleBook.parse(part)
    assert book.xml() == part
    assert not book.changed


def test_only_whole_insertions_and_counts_differ_from_the_bytes_that_were_read():
    book = StyleBook.parse(EXCEL)
    book.xf(MONEY)
    pattern = b"(?s)" + b".*?".join(
        re.escape(piece) for piece in re.split(rb'(?<=count=")\d+|(?=</\w+s>)', EXCEL)
    )
    assert re.fullmatch(pattern, book.xml())


def test_the_encoding_stays_what_it_was():
    book = StyleBook.parse(ODD["UTF-16"])
    book.xf(MONEY)
    assert book.xml().startswith(b"\xff\xfe")
    assert "仿宋_GB2312" in book.xml().decode("utf-16")


def test_a_style_that_excel_already_has_is_used_as_it_is():
    book = StyleBook.parse(EXCEL)
    style = Style(font="黑体", size=12, bold=True, vertical="", number_format="0.000_ ")
    assert book.xf(style) == 1
    assert not book.changed


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("General", 0),
        ("0.00", 2),
        ("0%", 9),
        ("0.00%", 10),
        ("@", 49),
        ("0.000_ ", 176),
        ("x", 164),
    ],
)
def test_number_formats_take_their_built_in_number_or_a_free_one(code, number):
    book = StyleBook.parse(EXCEL)
    at = book.xf(Style(number_format=code))
    assert children(tree(book.xml()), "cellXfs")[at].get("numFmtId") == str(number)


def test_a_built_in_number_that_the_file_gives_another_meaning_is_not_used():
    odd = EXCEL.replace(b'numFmtId="176" formatCode', b'numFmtId="2" formatCode')
    book = StyleBook.parse(odd)
    at = book.xf(Style(number_format="0.00"))
    assert children(tree(book.xml()), "cellXfs")[at].get("numFmtId") == "164"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'applyFont="1"', b'applyFont="0"'),
        (b'applyFont="1"', b'quotePrefix="1"'),
        (b'applyFont="1"/>', b'><alignment textRotation="90"/></xf>'),
        (b'applyFont="1"/>', b'><protection hidden="1"/></xf>'),
        (b"<b/><sz val='12'/>", b"<b/><strike/><sz val='12'/>"),
        (b"<b/><sz val='12'/>", b"<b/><sz val='12'/><color theme=\"4\"/>"),
    ],
)
def test_a_format_that_says_more_than_a_style_can_is_never_taken_for_one(old, new):
    assert old in EXCEL
    book = StyleBook.parse(EXCEL.replace(old, new))
    book.xf(Style(font="黑体", size=12, bold=True, vertical="", number_format="0.000_ "))
    assert book.changed


DTD = b'<!DOCTYPE styleSheet [<!ENTITY a "b">]>' + ODD["an empty element"]
TWO_FONTS = f'<styleSheet xmlns="{TRANSITIONAL}"><fonts/><fonts/></styleSheet>'.encode()
FOREIGN = f'<styleSheet xmlns="{TRANSITIONAL}"><fonts><a xmlns="u"/></fonts></styleSheet>'.encode()


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (DTD, "XP008"),
        (b"", "XP004"),
        (b"<styleSheet", "XP004"),
        (b"\xff\xfe<\x00a", "XP004"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "XP004"),
        (b"<styleSheet/>", "XP701"),
        (b"<html/>", "XP701"),
        (TWO_FONTS, "XP701"),
        (FOREIGN, "XP701"),
    ],
)
def test_a_part_that_cannot_be_added_to_is_refused(xml, code):
    with pytest.raises(RequestError) as refused:
        StyleBook.parse(xml, path="招商.xlsx")
    assert refused.value.kind.code == code
    assert "招商.xlsx" in str(refused.value)


def test_more_formats_than_excel_opens_are_refused_but_known_ones_still_found():
    xf = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    full = EXCEL.decode().replace("</cellXfs>", xf * (64_000 - 2) + "</cellXfs>").encode()
    book = StyleBook.parse(full)
    assert (
        book.xf(Style(font="黑体", size=12, bold=True, vertical="", number_format="0.000_ ")) == 1
    )
    with pytest.raises(RequestError, match="64,000"):
        book.xf(MONEY)


STYLES = st.builds(
    Style,
    font=st.sampled_from(["宋体", "Arial", "方正小标宋简体", 'A"<&>']),
    size=st.sampled_from([9, 10.5, 11, 22]),
    bold=st.booleans(),
    italic=st.booleans(),
    underline=st.booleans(),
    color=st.sampled_from(["", "C00000", "abcdef"]),
    fill=st.sampled_from(["", "DDEBF7"]),
    border=st.sampled_from(["", "hair", "thin", "medium"]),
    border_color=st.sampled_from(["", "BFBFBF"]),
    horizontal=st.sampled_from(["", "left", "center", "right"]),
    vertical=st.sampled_from(["", "top", "center", "bottom"]),
    wrap=st.booleans(),
    indent=st.integers(0, 3),
    number_format=st.sampled_from(["General", "@", '0.0"亿元"', "[红色]-0;<&>", "yyyy-mm-dd"]),
    unlocked=st.booleans(),
)


@given(st.lists(STYLES, min_size=1, max_size=8), st.sampled_from(list(ODD.values())))
def test_any_styles_are_found_again(styles, part):
    first = StyleBook.parse(part)
    numbers = [first.xf(style) for style in styles]
    again = StyleBook.parse(first.xml())
    assert [again.xf(style) for style in styles] == numbers
    assert again.xml() == first.xml()


@given(st.lists(STYLES, min_size=2, max_size=2))
def test_styles_that_look_different_have_different_numbers(pair):
    def look(style):
        vertical = "" if style.vertical == "bottom" else style.vertical
        line = style.border_color if style.border else ""
        return style.but(vertical=vertical, border_color=line, color=style.color.upper())

    book = StyleBook.parse(None)
    assert (book.xf(pair[0]) == book.xf(pair[1])) == (look(pair[0]) == look(pair[1]))
