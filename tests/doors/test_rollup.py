"""Many counties' workbooks in one sheet, by the command and by the library."""

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import openpyxl
import pytest
from support import golden, many, office

import xlplan
from xlplan import resources
from xlplan.app import rollup as rolling
from xlplan.app.batch.books import Found
from xlplan.app.recalculation import Request
from xlplan.cli import main
from xlplan.diagnostics import RequestError
from xlplan.package import workbook_bytes

SCOPE = """
[rollup]
id = "示例市-2021"
title = "示例市招商引资区县汇总"
area = "示例市"
same_project = [["name"]]

[[county]]
name = "甲区"
[[county]]
name = "乙区"
[[county]]
name = "丙县"
[[county]]
name = "丁县"

[[measure]]
name = "协议资金"
from = { "别样" = "协议引资" }

[[measure]]
name = "到位资金"
without = ["别样"]

[[measure]]
name = "资金到位率"

[[measure]]
name = "税收增速"
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Three counties of four: 乙区 shares P001 and P003 with 甲区, 丙县 has a policy of its own."""
    folder = tmp_path_factory.mktemp("city")
    (folder / "汇总方案.toml").write_text(SCOPE, encoding="utf-8")
    other = many.POLICY.read_text("utf-8").replace('id = "示例"', 'id = "别样"')
    (folder / "别样.toml").write_text(other.replace("协议资金", "协议引资"), encoding="utf-8")
    names = (
        ("示例二", "乙二"),
        ("示例四", "乙四"),
        ("海外 | 服务业 | 3 | 5 | 3", "海外 | 服务业 | 3 | 5 | 2"),
    )
    apart = [(f"示例{n}", f"丙{n}") for n in "一二三四"]
    renamed = [("协议资金", "协议引资"), ("协议引资(亿元)", "协议资金(亿元)")]
    books = folder / "报来"
    shown = many.county_book(books / "甲区" / "任务分解表.xlsx", many.POLICY)
    many.county_book(books / "乙区" / "任务分解表.xlsx", many.POLICY, *names)
    many.county_book(books / "丙县.xlsx", folder / "别样.toml", *apart, *renamed)
    (books / "甲区" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLPLAN_STATE", str(folder / "state"))
        book = xlplan.open_book(shown)
        xlplan.recalculate(book)
        book.save()
    return folder


@pytest.fixture(scope="module")
def done(city):
    with ThreadPoolExecutor(1) as pool:
        return xlplan.rollup([city / "报来"], city / "汇总方案.toml", executor=pool)


def figure(done, county, measure):
    rows = done.counties
    (row,) = rows[(rows["county"] == county) & (rows["measure"] == measure)].to_dict("records")
    return row


def total(done, measure):
    (row,) = done.totals[done.totals["measure"] == measure].to_dict("records")
    return row


def test_a_county_says_what_its_own_workbook_says(city, done):
    alone = xlplan.recalculate(xlplan.open_book(city / "报来" / "甲区" / "任务分解表.xlsx"))
    area = alone.totals[alone.totals["group"] == alone.figures.policy.area]
    (of_book,) = area[area["measure"] == "协议资金"].to_dict("records")
    said = figure(done, "甲区", "协议资金")
    assert said["done"] == of_book["value"] == Fraction("17.5")
    assert (said["sheet"], said["book"][-len("甲区/任务分解表.xlsx") :]) == (
        "完成情况",
        "甲区/任务分解表.xlsx",
    )
    assert figure(done, "丙县", "协议资金")["own"] == "协议引资"


def test_a_project_of_two_counties_counts_once_and_one_whose_amounts_differ_is_pending(done):
    agreed = total(done, "协议资金")  # P002 is 本地 and counts by half
    assert (agreed["added"], agreed["taken_off"]) == (17.5 + 16.5 + 17.5, 10 + 3 + 2)
    assert (agreed["done"], agreed["pending"]) == (51.5 - 15, 3 + 2)
    assert total(done, "到位资金")["done"] == Fraction("4.5")
    differing = [one for one in done.diagnostics if one.code == "XP985"]
    assert [one.values["measure"] for one in differing] == ["协议资金", "资金到位率"]
    assert {str(one.place) for one in differing} == {"甲区/任务分解表.xlsx 项目台账!I4"}
    assert {one.values["amounts"] for one in differing} == {"甲区 3亿元、乙区 2亿元"}


def test_a_rate_comes_from_sums_and_is_no_average(done):
    """P003 differs, and nobody has ruled: what it makes of the rate cannot be told."""
    rate = total(done, "资金到位率")
    assert rate["done"] is None
    growth = total(done, "税收增速")
    assert growth["done"] == Fraction(growth["numerator"], growth["denominator"]) - 1


def test_who_is_missing_and_what_has_no_counterpart_is_named(done):
    codes = {(one.code, str(one.place)) for one in done.diagnostics}
    assert ("XP979", "示例市-2021: county") in codes
    assert ("XP980", "甲区/坏.xlsx") not in codes
    assert any(code.startswith("XP00") and place == "甲区/坏.xlsx" for code, place in codes)
    assert ("XP989", "乙区/任务分解表.xlsx") in codes
    states = {row["county"]: row["state"] for _, row in done.counties.iterrows()}
    assert states["丁县"] == "missing"
    assert figure(done, "丙县", "到位资金")["state"] == "none"
    assert total(done, "协议资金")["lacking"] == ("丁县",)
    assert not any(one.code == "XP983" for one in done.diagnostics)


def test_the_sheets_read_as_their_golden_text(city, done, matches_golden):
    said = "\n".join(golden.dump(sheet, rows=40) for sheet in done.sheets(city / "汇总.xlsx"))
    matches_golden("汇总-区县汇总", said.replace(str(city), "…"))


@pytest.mark.office
def test_every_formula_computes_what_it_says(done, tmp_path):
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(workbook_bytes(done.sheets(path)))
    anew = openpyxl.load_workbook(office.recalculated(path), data_only=True)
    shown, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = anew[sheet.title][cell.coordinate].value
                    said = shown[sheet.title][cell.coordinate].value
                    assert value == pytest.approx(said, abs=1e-9), (sheet.title, cell.coordinate)
                    compared += 1
    assert compared > 60


def test_the_command_writes_beside_what_a_file_holds_and_says_what_is_lacking(
    city, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path / "state"))
    out = tmp_path / "全市.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.save(out)
    line = ["rollup", str(city / "报来"), "-o", str(out), "--policy", str(city / "汇总方案.toml")]
    assert main([*line, "--json", str(tmp_path / "r.json"), "--jobs", "1"]) == 1
    said = capsys.readouterr()
    assert "缺报 1 个：丁县" in said.out
    assert "区县汇总、汇总明细、重复项目、诊断" in said.out
    assert "用时" in said.out
    assert openpyxl.load_workbook(out).sheetnames == [
        "说明",
        "区县汇总",
        "汇总明细",
        "重复项目",
        "诊断",
    ]
    link = openpyxl.load_workbook(out)["汇总明细"]["O4"].hyperlink
    assert link.location == "'完成情况'!F5"
    assert link.target.startswith("../")
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert told["totals"][0]["done"] == "36.5"
    source = told["counties"][0]
    cited = openpyxl.load_workbook(source["book"], data_only=True)[source["sheet"]][source["cell"]]
    assert source["done"] == str(cited.value) == "17.5"


def test_without_a_roll_up_policy_everybody_who_reports_is_added_up(city):
    with ThreadPoolExecutor(1) as pool:
        done = xlplan.rollup([city / "报来" / "*" / "任务*.xlsx"], executor=pool)
    assert done.area.counties == ("乙区", "甲区")
    how = dict(zip(done.totals["measure"], done.totals["how"], strict=True))
    assert (how["协议资金"], how["资金到位率"], how["税收增速"]) == ("once", "rate", "growth")
    assert "审批时间" not in how
    assert any(one.code == "XP986" and "审批时间" in one.message() for one in done.diagnostics)
    assert any(one.code == "XP982" for one in done.diagnostics)


def test_books_of_different_days_are_not_added_up(city, tmp_path):
    many.county_book(
        tmp_path / "戊县.xlsx", many.POLICY, ("截止日期 | 2021-09-30", "截止日期 | 2021-08-31")
    )
    books = [city / "报来" / "甲区" / "任务分解表.xlsx", tmp_path / "戊县.xlsx"]
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(RequestError, match="XP987"):
            xlplan.rollup(books, executor=pool)
        assert xlplan.rollup(books, executor=pool, as_of="2021-09-30").area.period == "2021"


def test_a_request_that_makes_no_sense_is_one_line(capsys, city, tmp_path):
    assert main(["rollup", str(city / "报来")]) == 2
    assert "-o" in capsys.readouterr().err
    (tmp_path / "错.toml").write_text('[rollup]\nid = "x"\nsame_project = [["年龄"]]\nextra = 1')
    line = ["rollup", str(city / "报来"), "-o", "x.xlsx", "--policy", str(tmp_path / "错.toml")]
    assert main(line) == 2
    err = capsys.readouterr().err
    assert err.startswith("XP601")
    for fault in ("rollup.title", "rollup.area", "same_project", "extra"):
        assert fault in err


def test_a_refusal_survives_the_way_from_another_process():
    error = RequestError("XP001", path="没有.xlsx")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert again.line() == error.line()


def test_the_trouble_of_the_only_book_is_that_of_the_request(tmp_path):
    with ThreadPoolExecutor(1) as pool, pytest.raises(RequestError, match="XP001"):
        rolling.rollup([tmp_path / "没有.xlsx"], rolling.Order(), where=rolling.Where(pool))


@pytest.mark.parametrize("sample", ["fuling-2021", "guangan-2023"])
def test_the_projects_behind_a_county_add_up_to_its_own_total(sample):
    path = resources.shelf("samples") / sample / "任务分解表.xlsx"
    said = rolling.report(rolling.Job(Found(str(path), "表.xlsx"), Request()))
    sums = said.members.groupby("measure")["amount"].sum()
    totals = xlplan.recalculate(xlplan.open_book(path)).totals
    area = totals[(totals["group"] == said.area) & totals["distinct"].notna()]
    distinct = dict(zip(area["measure"], area["distinct"], strict=True))
    assert any(distinct.values())
    assert {name: sums.get(name, 0) for name in distinct} == distinct
