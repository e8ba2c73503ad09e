"""Books with any mix of what XlsxWriter can make: sheets go in, every feature stays."""

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fidelity import (
    changed_members,
    check,
    check_consistent,
    check_hanging,
    check_values,
    part_names,
    sheet,
    spliced,
)

from xlplan.diagnostics import RequestError

xlsxwriter = pytest.importorskip("xlsxwriter", reason="XlsxWriter makes these books")

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def chart(book, page):
    drawn = book.add_chart({"type": "column"})
    drawn.add_series({"values": "=结果!$B$2:$B$9", "categories": "=结果!$A$2:$A$9"})
    page.insert_chart("H2", drawn)


def chart_sheet(book, page):
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": f"={page.get_name()}!$A$1:$A$4"})
    book.add_chartsheet().set_chart(pie)


def print_set_up(_, page):
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0, 1)
    page.print_area("A1:F20")
    page.set_header("&C机密")
    page.set_footer("&P")
    page.set_h_pagebreaks([10])


def formats(book, page):
    for size in range(8, 14):
        look = book.add_format(
            {"font_size": size, "num_format": f"0.{'0' * (size - 7)}", "bg_color": "#FFEE00"}
        )
        page.write(20, size, size, look)


def conditions(book, page):
    red = book.add_format({"font_color": "#9C0006"})
    page.conditional_format("A1:A4", {"type": "cell", "criteria": ">", "value": 2, "format": red})
    page.conditional_format("J1:J9", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    page.conditional_format("K1:K9", {"type": "data_bar", "data_bar_2010": True})
    page.conditional_format("L1:L9", {"type": "3_color_scale"})


FEATURES = {
    "chart": chart,
    "chart sheet": chart_sheet,
    "image": lambda _, page: page.insert_image("N2", "点.png", {"image_data": io.BytesIO(PNG)}),
    "image in a cell": lambda _, page: page.embed_image(
        "N9", "点.png", {"image_data": io.BytesIO(PNG)}
    ),
    "background": lambda _, page: page.set_background(io.BytesIO(PNG)),
    "comment": lambda _, page: page.write_comment("A1", "批注"),
    "text box": lambda _, page: page.insert_textbox("P1", "说明"),
    "button": lambda _, page: page.insert_button("P20", {"macro": "go", "caption": "重算"}),
    "check box": lambda _, page: page.insert_checkbox("P30", True),  # noqa: FBT003 - its own way
    "sparkline": lambda _, page: page.add_sparkline("M1", {"range": "数据!A1:A4"}),
    "conditional formats": conditions,
    "drop-down": lambda _, page: page.data_validation(
        "A1:A4", {"validate": "list", "source": ["甲", "乙"]}
    ),
    "defined name": lambda book, page: book.define_name(
        f"{page.get_name()}!合计", f"={page.get_name()}!$B$2"
    ),
    "global name": lambda book, _: book.define_name("总数", "=结果!$B$2"),
    "protected": lambda _, page: page.protect("x"),
    "hidden": lambda book, page: (
        book.worksheets()[0].activate(),
        page.hide() if page.index else None,
    ),
    "print set-up": print_set_up,
    "formats": formats,
    "merged and linked": lambda _, page: (
        page.merge_range("A20:C20", "合并"),
        page.write_url("A30", "https://example.org/x"),
    ),
    "formulas": lambda _, page: page.write_dynamic_array_formula("C40", "=SORT(A1:A4)", None, 1),
    "rich text": lambda book, page: page.write_rich_string(
        "A50", "粗", book.add_format({"bold": True}), "细"
    ),
    "outline": lambda _, page: page.set_row(60, None, None, {"level": 1, "hidden": True}),
    "filter": lambda _, page: page.autofilter("A1:B9"),
    "frozen": lambda _, page: page.freeze_panes(3, 1),
    "properties": lambda book, _: (
        book.set_properties({"title": "台账"}),
        book.set_custom_property("密级", "内部"),
    ),
    "dates from 1904": None,
    "calculation": lambda book, _: book.set_calc_mode("manual"),
}
ON = st.tuples(st.sampled_from(sorted(FEATURES)), st.sampled_from(["数据", "结果"]))


def made(features, *, macros=False):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"date_1904": any(name == "dates from 1904" for name, _ in features)}
    )
    pages = {name: book.add_worksheet(name) for name in ("数据", "结果", "备注")}
    pages["数据"].write_column("A1", [1, 2, 3, 4])
    for name, page in sorted(features):
        if FEATURES[name]:
            FEATURES[name](book, pages[page])
    book.close()
    return as_macro_book(out.getvalue()) if macros else out.getvalue()


def as_macro_book(data):
    """The same book declared to hold macros, though it has none."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            kinds = (
                b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                b"vnd.ms-excel.sheet.macroEnabled.main",
            )
            new.writestr(
                name,
                old.read(name).replace(*kinds) if name == "[Content_Types].xml" else old.read(name),
            )
    return out.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.sets(ON, max_size=12), st.booleans(), st.sampled_from(["结果", "诊断"]))
def test_any_mix_of_features_stays_as_it_was(features, macros, name):
    data = made(features, macros=macros)
    parts = part_names(data)
    after = spliced(data, sheet(name))
    check(data, after, name, {parts[name]} if name in parts else set())
    check_consistent(after)
    if name in parts:
        check_hanging(data, after, parts[name])


def test_a_book_with_every_feature_keeps_them_all():
    data = made({(name, page) for name in FEATURES for page in ("数据", "结果")})
    own = part_names(data)["结果"]
    after = spliced(data, sheet("结果"), sheet("诊断"))
    check(data, after, "结果", {own})
    check_hanging(data, after, own)
    check_values(after, "诊断")
    check_consistent(after)
    again = spliced(after, replace(sheet("结果"), data_bars=()), sheet("诊断"))
    assert changed_members(after, again) <= {own}


def test_a_chart_sheets_name_is_refused():
    with pytest.raises(RequestError, match="图表工作表"):
        spliced(made({("chart sheet", "数据")}), sheet("Chart1"))


def test_a_sheet_with_a_table_is_replaced_only_where_the_table_stays_true():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    columns = [{"header": head} for head in "单数倍日"]
    book.add_worksheet("结果").add_table("A1:D9", {"name": "表一", "columns": columns})
    book.add_worksheet("别处").add_table("C3:D9", {"name": "表二"})
    book.close()
    data = out.getvalue()
    check_consistent(spliced(data, sheet("结果")))
    with pytest.raises(RequestError, match="表二"):
        spliced(data, sheet("别处"))
