"""Which project of the ledger each submitted row is."""

# ruff: noqa: E501 - one case a row

import sys
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.submissions import entry, labelled, rows, submission

from xlplan.diagnostics import Diagnostics
from xlplan.reconciling import Submission, Verdict, match, verdicts
from xlplan.reconciling.credit_codes import check_digit, credit_code, one_slip
from xlplan.reconciling.names import Names, same_name
from xlplan.reconciling.similarity import common, counted, likeness

CODE = "91350100M000100Y43"
OTHER_CODE = "91500000MA5U00000" + check_digit("91500000MA5U00000")


def placed(ledger, submitted, unit="东园", **more):
    """How the only submitted row is placed, where, and what it is asked about."""
    file = submission(f"{unit}报送.xlsx", submitted)
    (one,) = match(rows(ledger, lead="东园"), [file], **more).matches
    found = one.ledger.project if one.ledger else " ".join(c.entry.project for c in one.candidates)
    return one.how, found


# The labelled pairs.


@pytest.fixture(scope="module")
def pairs():
    return labelled()


@pytest.fixture(scope="module")
def matched(pairs):
    return _matched(pairs)


def _matched(pairs):
    known = {known.project: known for _, _, known in pairs if known}
    files = [Submission(sub.file, "", pair["报送单位"], entries=(sub,)) for pair, sub, _ in pairs]
    return match(list(known.values()), files, regions=["云溪市"]).matches


def _is(one, known):
    return one.ledger is not None and one.ledger.project == known.project


def _suggests(one, known):
    return known.project in {candidate.entry.project for candidate in one.candidates}


def test_the_labelled_set_is_large_and_has_every_trap(pairs):
    verdicts_ = [pair["结论"] for pair, *_ in pairs]
    assert verdicts_.count("同一项目") >= 250
    assert verdicts_.count("不是同一项目") >= 150
    assert verdicts_.count("新项目") >= 100
    assert len({pair["陷阱"] for pair, *_ in pairs}) >= 30
    assert all(
        credit_code(text).usable
        for pair, *_ in pairs
        if "代码错" not in pair["陷阱"] and "丢末位" not in pair["陷阱"]
        for text in (pair["报送统一社会信用代码"], pair["台账统一社会信用代码"])
        if text
    )


def test_no_automatic_match_of_the_labelled_set_is_wrong(pairs, matched):
    wrong = [
        (pair["陷阱"], sub.name, one.ledger.name)
        for (pair, sub, known), one in zip(pairs, matched, strict=True)
        if one.ledger and not (pair["结论"] == "同一项目" and _is(one, known))
    ]
    assert wrong == []


def test_what_is_the_same_is_found_or_asked_about(pairs, matched):
    same = [
        (one, known)
        for (pair, _, known), one in zip(pairs, matched, strict=True)
        if pair["结论"] == "同一项目"
    ]
    found = [_is(one, known) or _suggests(one, known) for one, known in same]
    assert sum(found) >= 0.95 * len(same)
    assert sum(_is(one, known) for one, known in same) >= 0.6 * len(same)
    firsts = [one.candidates[0].entry.project == k.project for one, k in same if one.candidates]
    assert sum(firsts) >= 0.95 * len(firsts)


def test_few_projects_that_are_new_are_asked_about_in_vain(pairs, matched):
    vain = [
        one.entry.name
        for (pair, *_), one in zip(pairs, matched, strict=True)
        if pair["结论"] == "新项目" and one.how != "new"
    ]
    assert len(vain) <= 3


def test_without_its_project_in_the_ledger_a_row_is_placed_nowhere(pairs):
    """Half of the ledger is taken away: rows of that half are new, however like the rest."""
    kept = [known and int(known.project[1:]) % 2 == 0 for *_, known in pairs]
    gone = [
        number
        for number, (pair, _, known) in enumerate(pairs)
        if pair["结论"] == "同一项目" and known and not kept[number]
    ]
    half = {known.project: known for (*_, known), stays in zip(pairs, kept, strict=True) if stays}
    files = [Submission(pairs[n][1].file, "", entries=(pairs[n][1],)) for n in gone]
    matches = match(list(half.values()), files, regions=["云溪市"]).matches
    assert [one.entry.name for one in matches if one.ledger] == []
    assert sum(one.how == "question" for one in matches) <= 0.05 * len(gone)


def test_the_rows_of_a_unit_in_one_file_are_placed_no_worse(pairs):
    """As units submit them: tens of rows in a file, some for one project twice."""
    files = {}
    for pair, sub, _ in pairs:
        file = f"{pair['报送单位']}.xlsx"
        files.setdefault(file, []).append(replace(sub, file=file, row=int(pair["序号"])))
    known = {known.project: known for *_, known in pairs if known}
    came = [submission(file, entries=each, unit=file[:-5]) for file, each in files.items()]
    found = {one.entry.row: one for one in match(list(known.values()), came).matches}
    at = [(pair, known, found[int(pair["序号"])]) for pair, _, known in pairs]
    assert [
        one.entry.name
        for pair, known, one in at
        if one.ledger and not (pair["结论"] == "同一项目" and _is(one, known))
    ] == []
    same = [
        _is(one, known) or _suggests(one, known)
        for pair, known, one in at
        if pair["结论"] == "同一项目"
    ]
    assert sum(same) >= 0.95 * len(same)


@pytest.mark.parametrize(
    ("without", "least"),
    [
        (("project", "credit_code"), 0.95),
        (("project", "credit_code", "investor"), 0.95),
        (("project", "credit_code", "investor", "investment", "agreement", "signed"), 0.9),
    ],
)
def test_tables_that_lack_columns_still_find_their_projects(without, least):
    pairs = labelled(without=without)
    files = [Submission(sub.file, "", pair["报送单位"], entries=(sub,)) for pair, sub, _ in pairs]
    known = {(k.row, k.name): k for _, _, k in pairs if k}
    matches = match(list(known.values()), files, regions=["云溪市"]).matches
    same = [
        (one.ledger is not None and one.ledger.row == known.row)
        or any(c.entry.row == known.row for c in one.candidates)
        for (pair, _, known), one in zip(pairs, matches, strict=True)
        if pair["结论"] == "同一项目"
    ]
    assert sum(same) >= least * len(same)


# What decides, and what does not.

HUALAN = f"P001 name=华岚疫苗生产基地项目 investor=华岚公司 credit_code={CODE} agreement=2"
CASES = [
    ("a code", HUALAN, f"name=瑞岚大厦 credit_code={CODE}", "question P001"),
    (
        "a code and what it is",
        HUALAN,
        f"name=瑞岚疫苗生产基地 investor=瑞岚公司 credit_code={CODE} agreement=2",
        "credit_code P001",
    ),
    ("an id and a like name", HUALAN, "P001 name=华岚疫苗基地项目", "id P001"),
    ("an id alone", HUALAN, "P001 name=白云山索道项目 investor=白云公司", "new "),
    ("a name", HUALAN, "name=華岚疫苗生产·基地项目", "name P001"),
    ("a name, another code", HUALAN, f"name=华岚疫苗生产基地项目 credit_code={OTHER_CODE}", "question P001"),
    ("a name, another investor", HUALAN, "name=华岚疫苗生产基地项目 investor=东风公司", "question P001"),
    ("a wrong code", HUALAN, f"name=华岚疫苗基地 credit_code={CODE[:-1]}4", "question P001"),
    ("second stage", HUALAN, f"name=华岚疫苗生产基地项目二期 credit_code={CODE}", "question P001"),
    ("second stage under its id", HUALAN, "P001 name=华岚疫苗生产基地项目二期", "question P001"),
    ("extension", HUALAN, f"name=华岚疫苗生产基地扩建项目 credit_code={CODE}", "question P001"),
    ("more capital", HUALAN, f"name=华岚疫苗生产基地增资项目 credit_code={CODE}", "question P001"),
    ("a brand that is near", HUALAN, "name=华岭疫苗生产基地项目 investor=华岭公司 signed=2021-03-01", "question P001"),
    ("nothing in common", HUALAN, "name=白云山索道项目", "new "),
    ("one company, two projects", f"{HUALAN}\nP002 name=华岚血站 credit_code={CODE}",
     f"name=华岚研发楼 credit_code={CODE}", "question P001 P002"),
    ("one company, two projects, by name", f"{HUALAN}\nP002 name=华岚血站 credit_code={CODE}",
     f"name=华岚血站 credit_code={CODE}", "name P002"),
    ("code and name of two", f"{HUALAN}\nP002 name=乙厂 credit_code={OTHER_CODE}",
     f"name=乙厂 credit_code={CODE}", "question P001 P002"),
    ("name of one, id of another", f"{HUALAN} \nP002 name=乙厂", "P001 name=乙厂", "name P002"),
    ("two of one name", "P001 name=污水处理厂\nP002 name=污水处理厂", "name=污水处理厂", "question P001 P002"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ledger", "row", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_decides_and_what_is_only_asked(ledger, row, expected):
    how, found = placed(ledger, row)
    assert [how, *sorted(found.split())] == expected.split()


def test_two_towns_may_build_what_is_called_the_same():
    ledger = "P001 name=污水处理厂建设项目 agreement=1"
    assert placed(ledger, "name=污水处理厂建设项目", unit="西镇")[0] == "question"
    assert placed(ledger, "name=污水处理厂建设项目", unit="东园")[0] == "name"


def test_one_company_twice_in_a_file_is_not_decided_by_its_code():
    two = f"name=瑞岚疫苗生产基地 credit_code={CODE}\nname=瑞岚大厦 credit_code={CODE}"
    matches = match(rows(HUALAN), [submission("东园报送.xlsx", two)]).matches
    assert [one.ledger for one in matches] == [None, None]


AGAIN = [
    ("name=华岚疫苗生产基地 investor=华岚公司", "question"),
    ("name=华岚疫苗生产基地项目二期 investor=华岚公司", "new"),
    ("name=华岚疫苗扩建项目 investor=华岚公司", "new"),
]


@pytest.mark.parametrize(("line", "how"), AGAIN)
def test_a_project_that_has_its_row_is_asked_about_only_if_it_may_stand_twice(line, how):
    file = submission("东园报送.xlsx", f"P001 name=华岚疫苗生产基地项目 investor=华岚公司\n{line}")
    first, second = match(rows(HUALAN, lead="东园"), [file]).matches
    assert (first.how, second.how) == ("id", how)


def test_candidates_say_why_and_add_up():
    file = submission(
        "东园报送.xlsx", f"name=华岚疫苗基地 investor=华岚公司 credit_code={CODE[:-1]}4"
    )
    (one,) = match(rows(HUALAN, lead="东园"), [file]).matches
    (candidate,) = one.candidates
    assert candidate.points == sum(reason.points for reason in candidate.reasons)
    assert "投资主体相同" in candidate.because
    assert "信用代码只差一处" in candidate.because


def test_the_order_of_rows_and_files_does_not_matter():
    ledger = rows(f"{HUALAN}\nP002 name=华岚疫苗基地二期\nP003 name=华岭疫苗基地", lead="东园")
    files = [
        submission("东园报送.xlsx", "name=华岚疫苗基地\nname=华岭疫苗基地\nname=新厂房"),
        submission("西园报送.xlsx", "name=华岚疫苗 基地二期\nname=新厂房"),
    ]

    def outcome(ledger, files):
        return {
            one.entry.key: (one.how, one.ledger, [c.entry.key for c in one.candidates],
                            {twin.key for twin in one.twins}, [c.entry.key for c in one.near])
            for one in match(ledger, files).matches
        }  # fmt: skip

    expected = outcome(ledger, files)
    for turned in permutations(ledger):
        assert outcome(turned, files[::-1]) == expected
    backwards = [replace(file, entries=file.entries[::-1]) for file in files]
    assert outcome(ledger, backwards) == expected


# New projects of two units.


def test_a_new_project_that_two_units_submit_is_known_as_one():
    files = [
        submission("东园报送.xlsx", f"name=瑞岚大厦 investor=瑞岚公司 credit_code={CODE}"),
        submission("西园报送.xlsx", f"name=瑞岚大厦项目 investor=瑞岚公司 credit_code={CODE}"),
        submission("南园报送.xlsx", "name=瑞岚大夏 investor=瑞岚公司"),
    ]
    first, second, third = match([], files).matches
    assert [twin.file for twin in first.twins] == ["西园报送.xlsx"]
    assert [twin.file for twin in second.twins] == ["东园报送.xlsx"]
    assert third.twins == ()
    assert {one.entry.file for one in third.near} == {"东园报送.xlsx", "西园报送.xlsx"}


# Verdicts.


def judged(*given):
    """What the verdicts on 东园's 华岚疫苗 make of it, and the codes that they give."""
    ledger = rows(f"{HUALAN}\nP002 name=华岚疫苗仓库", lead="东园")
    found = Diagnostics()
    kept = verdicts([Verdict("东园", *one) for one in given], ledger, found)
    (one,) = match(ledger, [submission("东园报送.xlsx", "name=华岚疫苗")], kept).matches
    asked = [candidate.entry.project for candidate in one.candidates]
    return one.how, one.ledger and one.ledger.project, asked, [each.code for each in found]


SAME, APART = "同一项目", "不是同一项目"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ("question", None, ["P001", "P002"], [])),
        ([("华岚 疫苗", "P001", SAME)], ("verdict", "P001", [], [])),
        ([("华岚疫苗", "P001", APART)], ("question", None, ["P002"], [])),
        ([("华岚疫苗", "P001", APART), ("华岚疫苗", "P002", APART)], ("new", None, [], [])),
        ([("华岚疫苗", "P001", APART), ("华岚疫苗", "P001", SAME)], ("verdict", "P001", [], [])),
        ([("华岚疫苗", "P001", SAME), ("华岚疫苗", "P001", APART)], ("question", None, ["P002"], [])),
        ([("华岚疫苗", "P001", SAME), ("华岚疫苗", "P002", SAME)], ("verdict", "P002", [], ["XP944"])),
        ([("华岚疫苗", "P001", SAME), ("华岚疫苗", "P002", APART)], ("verdict", "P001", [], [])),
        ([("华岚疫苗", "P009", SAME)], ("question", None, ["P001", "P002"], ["XP943"])),
        ([("华岚疫苗", "P001", "也许")], ("question", None, ["P001", "P002"], ["XP943"])),
        ([("华岚疫苗", "P001", SAME, "华岚疫苗仓库")], ("question", None, ["P001", "P002"], ["XP943"])),
        ([("华岚疫苗", "P001", SAME, "改名之前")], ("verdict", "P001", [], [])),
    ],
)  # fmt: skip
def test_a_verdict_is_kept_and_not_asked_again(given, expected):
    assert judged(*given) == expected


def test_a_verdict_is_about_one_unit_and_one_company():
    ledger = rows(HUALAN, lead="东园")
    said = Verdict("东园", "华岚疫苗", "P001", SAME, credit_code=CODE)
    kept = verdicts([said], ledger, Diagnostics())
    rows_ = f"name=华岚疫苗 credit_code={OTHER_CODE}\nname=华岚疫苗"
    first, second = match(ledger, [submission("东园报送.xlsx", rows_)], kept).matches
    assert [first.how == "verdict", second.how == "verdict"] == [False, True]
    (other,) = match(ledger, [submission("西园报送.xlsx", "name=华岚疫苗")], kept).matches
    assert other.how == "question"


# What is said about it, each code at its file and cell.

SAID = [
    ("XP930", "东园报送.xlsx D4", HUALAN, "name=某厂 credit_code=123"),
    ("XP930", "东园报送.xlsx D4", HUALAN, "name=某厂 credit_code=9.135E+17"),
    ("XP930", "东园报送.xlsx D4", HUALAN, "name=某厂 credit_code=91350100M000100O43"),
    ("XP931", "东园报送.xlsx B5", HUALAN, "P001 name=华岚疫苗生产基地项目\nname=华岚疫苗生产基地项目"),
    ("XP931", "东园报送.xlsx B5", HUALAN, "name=白云索道\nname=白云·索道"),
    ("XP940", "东园报送.xlsx A4", HUALAN, "P001 name=白云山索道项目 investor=白云公司"),
    ("XP941", " D4", "P001 name=甲厂 credit_code=000000000000000001", "name=某某公司"),
    ("XP945", "东园报送.xlsx B4", HUALAN, "name=华岚疫苗基地"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "ledger", "submitted"), SAID)
def test_what_is_found_is_said_at_its_cell(code, place, ledger, submitted):
    file = submission("东园报送.xlsx", submitted)
    found = match(rows(ledger, lead="东园"), [file]).found
    said = [
        (one.code, f"{name} {one.place.address}")
        for name, each in found.items()
        for one in each
        if one.message() and one.hint("en")
    ]
    assert said == [(code, place)]


def test_a_wrong_code_that_the_ledger_has_too_is_told_of_the_ledger_only():
    row = "P001 name=甲厂 credit_code=000000000000000001"
    found = match(rows(row), [submission("东园报送.xlsx", row)]).found
    assert [one.code for each in found.values() for one in each] == ["XP941"]


# Codes, names and likeness.


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.data())
@settings(max_examples=40)
def test_one_wrong_character_is_always_noticed(body, data):
    code = body + check_digit(body)
    assert credit_code(code.lower()).usable == code or credit_code(code).fault == "number"
    at = data.draw(st.integers(0, 17))
    sign = data.draw(
        st.sampled_from([s for s in "0123456789ABCDEFGHJKLMNPQRTUWXY" if s != code[at]])
    )
    slip = code[:at] + sign + code[at + 1 :]
    assert credit_code(slip).usable == ""
    assert one_slip(code, slip)


@given(st.text("华岚岭疫苗厂AB", max_size=12), st.text("华岚岭疫苗厂AB", max_size=12))
@settings(max_examples=60)
def test_likeness_is_the_same_with_and_without_the_extra(first, second):
    pytest.importorskip("rapidfuzz")
    assert counted(first, second) == common()(first, second)
    assert likeness(first, second) == likeness(second, first) <= 1


def test_without_the_extra_the_same_matches_come_out(monkeypatch, pairs, matched):
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    common.cache_clear()
    try:
        assert common() is counted
        assert _matched(pairs) == matched
    finally:
        common.cache_clear()


NAMES = [
    ("华岚生物（重庆）项目", "華岚生物(重庆) 项目", True),
    ("５G射频器件", "5g 射频器件", True),
    ("华岚·疫苗", "华岚疫苗", True),
    ("华岚有限公司", "华岚股份有限公司", False),
    ("华岚有限公司", "华岚有限责任公司", False),
    ("华岚项目", "华岚项目一期", False),
    ("重庆华岚", "华岚", False),
]


@pytest.mark.parametrize(("first", "second", "same"), NAMES)
def test_names_are_the_same_where_only_the_typing_differs(first, second, same):
    assert (same_name(first) == same_name(second)) is same


MARKS = [
    ("疫苗基地（一期）", {"一期"}),
    ("疫苗基地Ⅱ期", {"二期"}),
    ("疫苗基地第3期", {"三期"}),
    ("疫苗基地首期", {"一期"}),
    ("疫苗基地（第二期）", {"二期"}),
    ("疫苗第二基地", {"第二"}),
    ("疫苗基地二", {"二期"}),
    ("疫苗基地2号厂房", {"二号厂房"}),
    ("疫苗改扩建项目", {"改扩建"}),
    ("疫苗增资扩产项目", {"增资", "扩产"}),
    ("疫苗技术改造", {"技改"}),
    ("疫苗基地东区", {"东区"}),
    ("十四五期间疫苗", set()),
    ("江北区疫苗基地", set()),
    ("疫苗基地", set()),
]


@pytest.mark.parametrize(("name", "marks"), MARKS)
def test_what_keeps_projects_apart_is_read_from_names(name, marks):
    assert Names().read(name).marks == marks


def test_a_blank_name_or_none_is_no_reason_to_fail():
    ledger = [entry(), entry(row=5, name="甲厂")]
    file = submission(
        "东园报送.xlsx", entries=[entry("东园报送.xlsx"), entry("东园报送.xlsx", 5, name="。")]
    )
    assert [one.how for one in match(ledger, [file]).matches] == ["new", "new"]
