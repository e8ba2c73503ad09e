"""Where submissions and the ledger differ, each with both its cells."""

# ruff: noqa: E501 - one case a row

from dataclasses import replace

import pytest
from support.submissions import COLUMNS, SHEET, adopted, entry, rows, submission, total

from xlplan.diagnostics import Cell, File
from xlplan.quantity import parse_period
from xlplan.reconciling import FIELD_TEXTS, KIND_TEXTS, Terms, differences, match

FILE = "东园报送.xlsx"
KNOWN = "P001 name=甲厂 investor=甲公司 agreement=2 investment=2.5 signed=2021-03-01 origin=省外"


def compared(ledger, *files, period="", tiers=None):
    terms = Terms(parse_period(period) if period else None, tiers or {})
    return differences(ledger, files, match(ledger, files), terms)


def told(ledger, *files, **more):
    """Kind, cell, ledger's cell, both texts and what adopting does, of each difference."""
    return [
        (
            one.kind,
            one.cell.address if one.cell else "",
            one.other.address if one.other else "",
            one.submitted,
            one.known,
            one.adopts,
        )
        for one in compared(ledger, *files, **more).differences
    ]


def said(ledger, *files, **more):
    """The codes that the differences are told by, with file and cell."""
    found = compared(ledger, *files, **more).found
    lines = [(one.code, name, one.place) for name, each in found.items() for one in each]
    assert not any(
        "{" in one.message(language) + one.hint(language)
        for each in found.values()
        for one in each
        for language in ("zh", "en")
    )
    return [(code, name, getattr(place, "address", "")) for code, name, place in lines]


def one(line, ledger=KNOWN, **more):
    """The differences of one row of 东园 against a ledger of its own projects."""
    return told(rows(ledger, lead="东园"), submission(FILE, line, "东园"), **more)


SAME = [
    KNOWN,
    "P001 name=甲厂 investor=甲公司 agreement=2.0 investment=2.50 signed=2021-03-01 origin=省外",
    "P001 name=甲·厂 investor=甲公司 agreement=2 investment=2.5 signed=2021-03-01 origin=省外",
]


@pytest.mark.parametrize("line", SAME)
def test_what_is_the_same_by_value_is_no_difference(line):
    (row,) = rows(line, FILE, lead="东园")
    assert told(rows(KNOWN, lead="东园"), submission(FILE, entries=[row], unit="东园")) == []


def test_only_the_columns_that_a_table_has_are_compared():
    (row,) = rows("P001 name=甲厂", FILE, lead="东园")
    narrow = replace(row, columns={"project": 1, "name": 2, "agreement": 3})
    found = told(rows(KNOWN, lead="东园"), submission(FILE, entries=[narrow], unit="东园"))
    assert found == [("blank", "C4", "N4", "", "2亿元", "")]


FIELDS = [
    ("name=甲厂房", ("changed", "B4", "B4", "甲厂房", "甲厂", "change")),
    ("agreement=3", ("changed", "N4", "N4", "3亿元", "2亿元", "change")),
    ("agreement=0", ("changed", "N4", "N4", "0亿元", "2亿元", "change")),
    ("agreement=", ("blank", "N4", "N4", "", "2亿元", "")),
    ("output=4", ("filled", "M4", "M4", "4亿元", "", "change")),
    ("output=0", ("filled", "M4", "M4", "0亿元", "", "change")),
    ("agreement=20000", ("slip", "N4", "N4", "20000亿元", "2亿元", "change")),
    ("agreement=0.0002", ("slip", "N4", "N4", "0.0002亿元", "2亿元", "change")),
    ("investment=5.2", ("transposed", "L4", "L4", "5.2亿元", "2.5亿元", "change")),
    ("signed=2021-01-03", ("transposed", "O4", "O4", "2021-01-03", "2021-03-01", "change")),
    ("signed=2021-03-02", ("changed", "O4", "O4", "2021-03-02", "2021-03-01", "change")),
    ("cooperating=西园、南园", ("filled", "F4", "F4", "西园、南园", "", "change")),
    ("status=无", None),
]


@pytest.mark.parametrize(("change", "expected"), FIELDS, ids=[case[0] for case in FIELDS])
def test_a_field_that_differs_is_told_with_both_cells(change, expected):
    name, _, value = change.partition("=")
    fields = dict(word.split("=") for word in KNOWN.split()[1:]) | {name: value}
    row = entry(FILE, project="P001", lead="东园", **fields)
    found = told(rows(KNOWN, lead="东园"), submission(FILE, entries=[row], unit="东园"))
    assert found == ([expected] if expected else [])


def test_what_cannot_be_read_is_no_blank():
    (row,) = rows(KNOWN, FILE, lead="东园")
    unread = replace(row, agreement=None, texts={**row.texts, "agreement": "约三亿左右"})
    assert told(rows(KNOWN, lead="东园"), submission(FILE, entries=[unread], unit="东园")) == []


def test_a_field_without_a_column_in_the_ledger_is_told_and_cannot_be_adopted():
    (known,) = rows(KNOWN, lead="东园")
    narrow = replace(known, columns={"project": 1, "name": 2})
    row = entry(FILE, project="P001", name="甲厂", lead="东园", team="一组", agreement="3")
    found = told([narrow], submission(FILE, entries=[row], unit="东园"))
    assert ("filled", "H4", "4:4", "一组", "", "") in found


def test_new_and_missing_projects():
    ledger = rows(f"{KNOWN}\nP002 name=乙厂", lead="东园")
    file = submission(FILE, f"{KNOWN} \nname=白云索道 agreement=1", "东园")
    assert told(ledger, file) == [
        ("new", "B5", "", "协议资金 1亿元", "", "project"),
        ("missing", "", "B5", "", "", ""),
    ]
    assert said(ledger, file) == [("XP942", FILE, "")]
    (finding,) = compared(ledger, file).found[FILE]
    assert finding.place == File(FILE)
    assert "P002 乙厂" in finding.message()


def test_a_question_has_no_differences_until_it_is_decided():
    ledger = rows("P001 name=华岚疫苗基地 agreement=2", lead="东园")
    file = submission(FILE, "name=华岚疫苗基地二期 agreement=3", "东园")
    (only,) = compared(ledger, file).differences
    assert (only.kind, only.note) == ("missing", f"也许就是{SHEET}!B4“华岚疫苗基地二期”，待认定")


def test_a_file_that_could_not_be_read_misses_nothing():
    ledger = rows(KNOWN, lead="东园")
    assert told(ledger, submission(FILE, unit="东园", failed="打不开")) == []
    assert told(ledger, submission(FILE, unit="东园")) == []


# Who leads?


def test_another_lead_than_the_ledgers_is_a_claim():
    ledger = rows("P001 name=甲厂 lead=西园 cooperating=东园")
    file = submission(FILE, "P001 name=甲厂 cooperating=东园", "东园")
    assert told(ledger, file) == [("claimed", "E4", "E4", "东园", "西园", "change")]
    (only,) = compared(ledger, file).differences
    assert "由谁牵头" in only.note
    assert said(ledger, file) == [("XP932", FILE, "E4")]


def test_a_project_of_others_in_which_the_unit_has_no_part_is_a_claim():
    ledger = rows("P001 name=甲厂 investor=甲公司 lead=西园 landing=南园")
    for unit, kinds in (("东园", ["claimed"]), ("南园", []), ("西园", [])):
        file = f"{unit}报送.xlsx"
        row = entry(
            file, project="P001", name="甲厂", investor="甲公司", lead="西园", landing="南园"
        )
        found = told(ledger, submission(file, entries=[row], unit=unit))
        assert [kind for kind, *_ in found] == kinds


def test_two_units_that_claim_one_project_are_told_of_each_other():
    ledger = rows("P001 name=甲厂 investor=甲公司 lead=西园")
    files = [
        submission(f"{unit}报送.xlsx", "P001 name=甲厂 investor=甲公司", unit)
        for unit in ("东园", "西园", "南园")
    ]
    found = [(d.kind, d.file, d.other_file, d.known) for d in compared(ledger, *files).differences]
    assert found == [
        ("claimed", "东园报送.xlsx", "", "西园"),
        ("claimed", "东园报送.xlsx", "南园报送.xlsx", "南园"),
        ("claimed", "南园报送.xlsx", "", "西园"),
        ("claimed", "南园报送.xlsx", "东园报送.xlsx", "东园"),
        ("claimed", "西园报送.xlsx", "东园报送.xlsx", "东园"),
    ]
    told_of = [(code, name) for code, name, _ in said(ledger, *files)]
    assert told_of == [("XP932", f"{unit}报送.xlsx") for unit in ("东园", "东园", "南园", "南园")]


def test_a_new_project_of_two_units_is_told_to_both():
    files = [
        submission(f"{unit}报送.xlsx", "name=甲厂 investor=甲公司 agreement=1", unit)
        for unit in ("东园", "西园")
    ]
    found = compared([], *files)
    assert [(d.kind, d.file) for d in found.differences] == [
        ("new", "东园报送.xlsx"),
        ("claimed", "东园报送.xlsx"),
        ("new", "西园报送.xlsx"),
        ("claimed", "西园报送.xlsx"),
    ]
    assert found.differences[0].note == "西园报送.xlsx 项目台账!B4 也报了"


def test_a_joint_project_that_both_tell_alike_is_no_claim():
    ledger = rows("P001 name=甲厂 lead=西园 cooperating=东园")
    alike = "P001 name=甲厂 lead=西园 cooperating=东园"
    files = [submission(f"{unit}报送.xlsx", alike, unit) for unit in ("东园", "西园")]
    assert told(ledger, *files) == []


# Receipts.

PAID = (("2021-04-01", "0.5"), ("2021-08-01", "0.3"))


def paid(submitted, known=PAID, period="2021Q3", **more):
    ledger = [entry(project="P001", name="甲厂", lead="东园", payments=known, agreement="2")]
    row = entry(
        FILE, project="P001", name="甲厂", lead="东园", payments=submitted, agreement="2", **more
    )
    return told(ledger, submission(FILE, entries=[row], unit="东园"), period=period)


RECEIPTS = [
    ("the same", PAID, []),
    ("in another order", PAID[::-1], []),
    ("a new one", (*PAID, ("2021-09-01", "0.2")), [("receipt", "C6", "", "2021-09-01 0.2亿元", "", "receipt")]),
    ("one of the period is missing", PAID[:1], [("receipt missing", "B4", "C5", "", "2021-08-01 0.3亿元", "")]),
    ("only the period's own", PAID[1:], []),
    ("another amount", (PAID[0], ("2021-08-01", "0.4")), [("receipt changed", "C5", "C5", "0.4亿元", "0.3亿元", "change")]),
    ("another day", (PAID[0], ("2021-08-02", "0.3")), [("receipt changed", "B5", "B5", "2021-08-02", "2021-08-01", "change")]),
    ("no day", (PAID[0], ("", "0.3")), [("blank", "B5", "B5", "", "2021-08-01", "")]),
    ("a slip", (PAID[0], ("2021-08-01", "3000")), [("slip", "C5", "C5", "3000亿元", "0.3亿元", "change")]),
    ("outside the period", (*PAID, ("2020-08-01", "0.2")), [
        ("outside", "B6", "", "2020-08-01 0.2亿元", "本期 2021Q3", ""),
        ("receipt", "C6", "", "2020-08-01 0.2亿元", "", "receipt"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("submitted", "expected"), [c[1:] for c in RECEIPTS], ids=[c[0] for c in RECEIPTS]
)
def test_receipts_are_compared_one_by_one(submitted, expected):
    assert paid(submitted) == expected


CUMULATIVE = [
    ("0.8", []),
    ("0.7", [("fell", "W4", "W4", "0.7亿元", "0.8亿元", "")]),
    ("1", [("more", "W4", "W4", "1亿元", "0.8亿元", "")]),
    (
        "3",
        [
            ("exceeds", "W4", "W4", "3亿元", "协议资金 2亿元", ""),
            ("more", "W4", "W4", "3亿元", "0.8亿元", ""),
        ],
    ),
]


@pytest.mark.parametrize(("received", "expected"), CUMULATIVE)
def test_a_cumulative_amount_is_held_against_the_receipts(received, expected):
    assert paid((), received=received) == expected


def test_receipts_that_another_unit_tells_are_not_missing_here():
    known = entry(project="P001", name="甲厂", lead="西园", cooperating="东园", payments=PAID)
    row = entry(
        FILE, project="P001", name="甲厂", lead="西园", cooperating="东园", payments=PAID[:1]
    )
    assert told([known], submission(FILE, entries=[row], unit="东园"), period="2021Q3") == []


def test_a_cumulative_amount_that_new_receipts_explain_is_no_difference():
    assert [kind for kind, *_ in paid((*PAID, ("2021-09-01", "0.2")), received="1")] == ["receipt"]


def test_receipts_of_a_project_that_nobody_knows_are_told():
    alone = replace(entry(FILE, project="P999", payments=PAID), columns={"project": 1})
    file = submission(FILE, entries=[alone], unit="东园")
    assert told([], file) == [("receipt unknown", "A4", "", "0.8亿元", "", "")]
    assert said([], file) == [("XP948", FILE, "A4")]


def test_receipts_that_cannot_be_read_are_never_told_as_nothing():
    unread = [replace(each, amount=None) for each in entry(payments=PAID).payments]
    for payments, submitted, note in (
        (unread, "", f"{len(unread)} 笔的金额读不了"),
        ([*unread[:1], *entry(payments=PAID).payments[1:]], None, "1 笔的金额读不了"),
    ):
        alone = entry(FILE, project="P999", payments=PAID)
        alone = replace(alone, columns={"project": 1}, payments=tuple(payments))
        (found,) = compared([], submission(FILE, entries=[alone], unit="东园")).differences
        assert found.kind == "receipt unknown"
        assert note in found.note
        if submitted is not None:
            assert found.submitted == submitted


# Totals, days and tiers.

TOTALS = [
    ([total("agreement", 3 * 10**10)], []),
    ([total("agreement", 4 * 10**10)], [("total", "N90", "", "4亿元", "3亿元", "")]),
    ([total("name", 2)], []),
    ([total("name", 3)], [("total", "B90", "", "3个", "2个", "")]),
    ([total("agreement", 2 * 10**10, row=5), total("agreement", 10**10, row=7)], []),
]


@pytest.mark.parametrize(("totals", "expected"), TOTALS)
def test_a_total_is_the_sum_of_its_rows(totals, expected):
    read = [
        entry(FILE, 4, name="甲厂", agreement="2"),
        entry(FILE, 6, name="白云索道", agreement="1"),
    ]
    file = submission(FILE, entries=read, unit="东园", totals=tuple(totals))
    ledger = [replace(each, file="") for each in read]
    assert told(ledger, file) == expected


def test_a_total_names_the_rows_whose_amount_could_not_be_read():
    read = [
        entry(FILE, 4, name="甲厂", agreement="2"),
        replace(entry(FILE, 6, name="白云索道"), texts={"agreement": "约三亿左右吧"}),
    ]
    file = submission(FILE, entries=read, unit="东园", totals=(total("agreement", 5 * 10**10),))
    (found,) = [one for one in compared([], file).differences if one.kind == "total"]
    assert "第 6 行读不了，没有算进去" in found.note


def test_new_days_outside_the_period_are_told_and_old_ones_are_not():
    ledger = rows(f"{KNOWN}\nP002 name=乙厂 signed=2021-01-01", lead="东园")
    lines = f"{KNOWN}\nP002 name=乙厂 signed=2021-10-01\nname=白云索道 signed=2021-05-01\nname=丙厂 signed=2021-08-01"
    found = [
        each
        for each in told(ledger, submission(FILE, lines, "东园"), period="2021Q3")
        if each[0] == "outside"
    ]
    assert found == [
        ("outside", "O5", "O5", "2021-10-01", "本期 2021Q3", ""),
        ("outside", "O6", "", "2021-05-01", "本期 2021Q3", ""),
    ]


@pytest.mark.parametrize(("claimed", "found"), [("重大", ["tier"]), ("较大项目", []), ("", [])])
def test_a_tier_that_the_rules_do_not_give_is_told(claimed, found):
    row = entry(FILE, name="白云索道", tier=claimed)
    file = submission(FILE, entries=[row], unit="东园")
    kinds = [kind for kind, *_ in told([], file, tiers={row.key: "较大"})]
    assert kinds == ["new", *found]


# What is said, each code at its file and cell.

CODES = [
    ("XP933", "W4", "P001 name=甲厂 received=1", "P001 name=甲厂 received=0.5"),
    ("XP934", "W4", "P001 name=甲厂 agreement=2", "P001 name=甲厂 agreement=2 received=2.5"),
    ("XP936", "N4", "P001 name=甲厂 agreement=2", "P001 name=甲厂 agreement=20000"),
    ("XP937", "N4", "P001 name=甲厂 agreement=2.3", "P001 name=甲厂 agreement=3.2"),
    ("XP938", "O4", "P001 name=甲厂", "P001 name=甲厂 signed=2022-03-01"),
    ("XP939", "V4", "P001 name=甲厂", "P001 name=甲厂 tier=重大"),
    ("XP946", "N4", "P001 name=甲厂 agreement=2", "P001 name=甲厂"),
]


@pytest.mark.parametrize(("code", "cell", "ledger", "line"), CODES)
def test_a_difference_that_is_a_finding_has_its_code_at_its_cell(code, cell, ledger, line):
    file = submission(FILE, line, "东园")
    tiers = {file.entries[0].key: "较大"}
    found = said(rows(ledger, lead="东园"), file, period="2021Q3", tiers=tiers)
    assert (code, FILE, cell) in found


def test_totals_and_near_new_projects_have_their_codes():
    file = submission(
        FILE, "name=甲厂 agreement=1", "东园", totals=(total("agreement", 2 * 10**10),)
    )
    assert said([], file) == [("XP935", FILE, "N90")]
    files = [
        submission(f"{unit}报送.xlsx", f"name={name} investor=瑞岚公司", unit)
        for unit, name in (("东园", "瑞岚大厦"), ("西园", "瑞岚大夏"))
    ]
    assert said([], *files) == [("XP947", "东园报送.xlsx", "B4"), ("XP947", "西园报送.xlsx", "B4")]


def test_every_kind_and_every_field_has_a_word():
    assert all(KIND_TEXTS.values())
    assert {*COLUMNS} <= FIELD_TEXTS.keys()


def test_adopting_a_difference_makes_it_none():
    ledger = rows(f"{KNOWN}\nP002 name=乙厂", lead="东园")
    file = submission(
        FILE, "P001 name=甲厂房 investor=甲公司 agreement=3\nname=白云索道 agreement=1", "东园"
    )
    first = compared(ledger, file).differences
    assert {each.adopts for each in first} == {"", "change", "project"}
    again = compared(adopted(ledger, first), file).differences
    assert [each.adopts for each in again if each.adopts] == []
    assert first[0].cell == Cell(SHEET, 4, 2)
