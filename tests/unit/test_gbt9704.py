"""The layout of official documents: what keeps to the standard, and each way of not doing so."""

import json
import shutil

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from support.official import FONTS, font, line, official, rule, saved, turned
from support.sample import CHOSEN, figures

import xlplan
from xlplan import resources
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.documents.fields import Reader
from xlplan.documents.letterhead import letterhead
from xlplan.documents.templates import open_template
from xlplan.gbt9704 import Outcome, check_document
from xlplan.gbt9704.checking import CHECKS
from xlplan.gbt9704.standard import standard, variant


def outcomes(path, paper, **given):
    path.write_bytes(saved(paper))
    report = check_document(path, fonts=FONTS, **given)
    return {fact.id: verdict for fact, verdict in report.verdicts}


def those(found, outcome):
    return {name for name, verdict in found.items() if verdict.outcome is outcome}


def test_every_fact_of_the_standard_has_its_check():
    assert list(CHECKS) == [fact.id for fact in standard().facts] or set(CHECKS) == {
        fact.id for fact in standard().facts
    }


def test_a_document_by_the_standard_conforms_wherever_a_file_can_tell(tmp_path):
    found = outcomes(tmp_path / "a.docx", official())
    assert those(found, Outcome.DIFFERS) == set()
    assert those(found, Outcome.UNCHECKED) == {"number-height", "landscape"}


def text_of(paragraph, text):
    paragraph.runs[0].text = text


def drop_footers(paper):
    for section in paper.sections:
        for footer in (section.footer, section.even_page_footer):
            for run in list(footer.paragraphs[0].runs):
                run._r.getparent().remove(run._r)


def letter(paper):
    paper.sections[0].page_width, paper.sections[0].right_margin = Mm(216), Mm(32)


def close_up(paper):
    text_of(paper.paragraphs[15], "以上请知悉。")
    indent(paper.paragraphs[15], 200)


def dash(paper):
    paper.sections[0].footer.paragraphs[0].runs[0].text = "- "


def one_side(paper):
    paper.settings.odd_and_even_pages_header_footer = False


def indent(paragraph, hundredths):
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(hundredths))


def remove(paragraph):
    paragraph._p.getparent().remove(paragraph._p)


def size(paragraph, points):
    for run in paragraph.runs:
        run.font.size = Pt(points)


SPOILT = [
    ("page-size", letter, "216"),
    ("area", lambda p: setattr(p.sections[0], "top_margin", Mm(25)), "天头 25"),
    ("lines", lambda p: setattr(line(p, "进度").paragraph_format, "line_spacing", 1.5), "不是固定"),
    ("lines", lambda p: setattr(line(p, "进度").paragraph_format, "line_spacing", Pt(24)), "24 磅"),
    (
        "colour",
        lambda p: setattr(line(p, "进度").runs[0].font.color, "rgb", RGBColor(0, 0, 255)),
        "0000FF",
    ),
    (
        "issuer-mark",
        lambda p: setattr(line(p, "示例区招商委文件"), "alignment", ALIGN.LEFT),
        "居中",
    ),
    ("document-number", lambda p: text_of(line(p, "示招商"), "示招商[2021]7号"), "[2021]"),
    ("document-number", lambda p: text_of(line(p, "示招商"), "示招商〔2021〕第7号"), "第7号"),
    ("document-number", lambda p: text_of(line(p, "示招商"), "示招商〔2021〕07号"), "07号"),
    ("red-rule", lambda p: rule(line(p, "示招商"), "bottom", 8, "000000"), "000000"),
    ("title", lambda p: font(line(p, "示例区2021"), "黑体"), "黑体"),
    ("title", lambda p: size(line(p, "示例区2021"), 18), "18 磅"),
    ("title-place", lambda p: remove(p.paragraphs[2]), "空了 1 行"),
    ("addressees", lambda p: text_of(line(p, "各责任"), "各责任单位:"), "全角冒号"),
    ("addressees", lambda p: indent(line(p, "各责任"), 200), "顶格"),
    ("body-font", lambda p: font(line(p, "进度"), "宋体"), "宋体"),
    ("body-size", lambda p: size(line(p, "进度"), 14), "4号"),
    ("body-indent", lambda p: indent(line(p, "进度"), 0), "空了0字"),
    ("levels-order", lambda p: text_of(line(p, "二、"), "三、存在问题"), "应为“二、”"),
    ("levels-order", lambda p: remove(line(p, "（一）")), "跳过"),
    ("levels-order", lambda p: text_of(line(p, "（一）"), "（一）、签约情况"), "不加标点"),
    ("levels-order", lambda p: text_of(line(p, "1."), "1、新签约项目。"), "应为“1.”"),
    ("levels-font", lambda p: font(line(p, "（一）"), "黑体"), "黑体"),
    ("annex-note", lambda p: text_of(line(p, "附件："), "附件：1.完成情况表；"), "标点"),
    ("annex-note", close_up, "空一行"),
    ("date", lambda p: text_of(line(p, "2021年10"), "2021年10月08日"), "08日"),
    ("date", lambda p: text_of(line(p, "2021年10"), "二〇二一年十月八日"), "二〇二一"),
    ("no-empty-page", lambda p: text_of(line(p, "进度"), "（此页无正文）"), "第"),
    (
        "annex",
        lambda p: setattr(line(p, "附件1").paragraph_format, "page_break_before", False),
        "另起一页",
    ),
    ("annex", lambda p: font(line(p, "附件1"), "仿宋_GB2312"), "仿宋"),
    ("annex", lambda p: remove(p.paragraphs[22]), "第 3 行"),
    ("copies", lambda p: text_of(line(p, "抄送"), "抄送：示例区财政局"), "句号"),
    ("printed-by", lambda p: text_of(p.paragraphs[-1], "示例区招商委　2021年10月08日印发"), "虚位"),
    ("copies-rules", lambda p: rule(p.paragraphs[-1], "bottom", 4), "0.18"),
    ("number-form", dash, "“- 1 —”"),
    ("number-side", one_side, "同一边"),
    ("landscape", lambda p: turned(p, 225, 140), "版心高 140"),
]


@pytest.mark.parametrize(("fact", "spoil", "said"), SPOILT, ids=[f"{s[0]} {s[2]}" for s in SPOILT])
def test_one_thing_that_is_not_by_the_standard_is_the_one_that_is_found(
    tmp_path, fact, spoil, said
):
    paper = official()
    spoil(paper)
    found = outcomes(tmp_path / "a.docx", paper)
    assert those(found, Outcome.DIFFERS) == {fact}
    assert any(said in place for place in found[fact].found), found[fact].found


def test_every_fact_that_a_file_tells_can_be_found_to_differ():
    assert {fact for fact, _, _ in SPOILT} == set(CHECKS) - {"number-height"}


def test_no_page_number_is_found(tmp_path):
    paper = official()
    drop_footers(paper)
    found = outcomes(tmp_path / "a.docx", paper)
    assert those(found, Outcome.DIFFERS) == {"number-form", "number-side"}


def test_a_turned_page_with_the_right_area_leaves_only_its_number_to_be_looked_at(tmp_path):
    paper = official()
    turned(paper, 225, 156)
    verdict = outcomes(tmp_path / "a.docx", paper)["landscape"]
    assert verdict.outcome is Outcome.UNCHECKED
    assert "版心相符" in verdict.reason


def test_a_font_that_the_machine_lacks_is_never_said_to_conform(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(saved(official()))
    report = check_document(path, fonts=frozenset())
    assert report.conforms
    unseen = {fact.id for fact, verdict in report.verdicts if "本机没有" in verdict.reason}
    assert unseen == {
        *("title", "body-font", "levels-font", "annex", "copies", "printed-by", "number-form")
    }


def test_fonts_and_sizes_may_come_from_styles_and_the_theme(tmp_path):
    paper = official()
    normal = paper.styles["Normal"]
    normal.font.size = Pt(16)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋_GB2312")
    one = line(paper, "进度")
    properties = one.runs[0]._r.rPr
    for child in list(properties):
        properties.remove(child)
    assert those(outcomes(tmp_path / "a.docx", paper), Outcome.DIFFERS) == set()


def test_a_local_variant_overrides_what_it_says_and_nothing_else(tmp_path):
    (tmp_path / "本地.toml").write_text(
        'name = "本地规定"\n[body]\nsize = 15\n[lines]\nspacing = [26.0, 30.0]\n', encoding="utf-8"
    )
    paper = official()
    for one in paper.paragraphs[6:21]:
        size(one, 15)
        one.paragraph_format.line_spacing = Pt(26)
    found = outcomes(tmp_path / "a.docx", paper, local=tmp_path / "本地.toml")
    assert those(found, Outcome.DIFFERS) == set()
    assert those(outcomes(tmp_path / "a.docx", paper), Outcome.DIFFERS) == {"body-size", "lines"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[body]\nsizes = 15", "body.sizes"),
        ("[bodies]\nsize = 15", "[bodies]"),
        ('[body]\nsize = "三号"', "body.size"),
        ("[body", ""),
    ],
)
def test_a_variant_that_cannot_be_used_is_refused_with_its_key(tmp_path, text, said):
    (tmp_path / "v.toml").write_text(text, encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(saved(official()))
    with pytest.raises(RequestError, match="XP866") as refused:
        check_document(tmp_path / "a.docx", tmp_path / "v.toml", FONTS)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "template", ["quarterly", "monthly", "annual-assessment", "unit-statement"]
)
def test_what_the_shipped_templates_make_keeps_to_the_standard(tmp_path, template):
    shutil.copy(CHOSEN, tmp_path / "b.xlsx")
    per_unit = template == "unit-statement"
    made = xlplan.bulletin(
        xlplan.open_book(tmp_path / "b.xlsx"), template, tmp_path / "out", per_unit=per_unit
    )
    for issued in made.documents[:2]:
        report = check_document(issued.path, fonts=FONTS)
        differs = {f.id: v.found for f, v in report.verdicts if v.outcome is Outcome.DIFFERS}
        assert differs == {}


HEADED = {"印发单位": "示例区招商委", "文号": "示招(2021)12号", "主送": "各园区，各责任单位："}
FOOTED = {
    "抄送": "抄送：区委办，区政府办。",
    "印发机关": "示例区招商委办公室",
    "印发日期": "2021-10-8",
}
HEAD_FACTS = {"issuer-mark", "document-number", "red-rule", "title-place", "addressees"}
FOOT_FACTS = {"copies", "printed-by", "copies-rules"}
LETTERS = [
    ("quarterly", HEADED | FOOTED, HEAD_FACTS | FOOT_FACTS),
    ("monthly", HEADED | FOOTED, HEAD_FACTS | FOOT_FACTS),
    ("annual-assessment", HEADED | FOOTED, HEAD_FACTS | FOOT_FACTS),
    ("monthly", {"印发单位": "示例区招商引资工作领导小组办公室"}, HEAD_FACTS - {"document-number"}),
    ("monthly", {"抄送": "区委办"}, {"copies", "copies-rules", "addressees"}),
    ("monthly", {"印发机关": "区招商委"}, {"printed-by", "copies-rules", "addressees"}),
    ("monthly", {}, {"addressees"}),
]


@pytest.fixture(scope="module")
def chosen():
    return figures(CHOSEN)


@pytest.mark.parametrize(
    ("name", "given", "facts"), LETTERS, ids=[f"{n} {g}" for n, g, _ in LETTERS]
)
def test_head_and_foot_are_there_by_the_standard_when_they_are_given_and_only_then(
    tmp_path, chosen, name, given, facts
):
    file = resources.shelf("templates") / f"{name}.docx"
    template = open_template(file.read_bytes(), file)
    fields = Reader(chosen, letterhead(given)).whole
    assert template.lint(fields) == []
    (tmp_path / "a.docx").write_bytes(template.fill(fields).data)
    verdicts = {f.id: v for f, v in check_document(tmp_path / "a.docx", fonts=FONTS).verdicts}
    assert those(verdicts, Outcome.DIFFERS) == set()
    assert those(verdicts, Outcome.CONFORMS) & (HEAD_FACTS | FOOT_FACTS) == facts


def test_the_command_says_each_fact_and_its_status_says_whether_anything_differs(tmp_path, capsys):
    path = tmp_path / "通报.docx"
    path.write_bytes(saved(official()))
    assert main(["check-document", str(path)]) == 0
    assert "不符合 0 项" in capsys.readouterr().out
    paper = official()
    for one in paper.paragraphs[6:15]:
        indent(one, 0)
    path.write_bytes(saved(paper))
    assert main(["check-document", str(path), "--json", "-"]) == 1
    shown = capsys.readouterr()
    facts = {fact["id"]: fact for fact in json.loads(shown.out)["facts"]}
    assert facts["body-indent"]["outcome"] == "differs"
    assert len(facts["body-indent"]["found"]) == 9
    assert "……另有 4 处" in shown.err


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7"])
def test_what_is_no_word_document_is_refused_in_one_line(tmp_path, capsys, content):
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    assert main(["check-document", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_page_for_clerks_names_every_fact_and_key_and_its_variant_can_be_used(tmp_path):
    page = (resources.shelf("docs") / "公文格式.md").read_text(encoding="utf-8")
    for table, keys in standard().tables.items():
        for key in keys:
            assert f"`{table}.{key}`" in page
    for fact in standard().facts:
        assert fact.clause in page
    (tmp_path / "v.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert variant(tmp_path / "v.toml").name == "本区公文格式"
