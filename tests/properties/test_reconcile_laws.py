"""Laws of reconciling: equal is no difference, adopting ends it, and order does not matter."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from support.submissions import adopted, entry, submission

from xlplan.quantity import parse_period
from xlplan.reconciling import Terms, differences, match

UNIT, FILE = "东园", "东园报送.xlsx"
TERMS = Terms(parse_period("2021Q3"))
NAMES = ["华岚疫苗基地", "华岚疫苗基地二期", "华岭疫苗基地", "白云索道", "甲厂", "污水处理厂扩建"]
CODES = ["", "91350100M000100Y43", "123"]
AMOUNTS = ["", "0", "1", "2.5", "5.2", "25000"]
DAYS = ["2021-07-05", "2021-08-01", "2021-03-04"]

projects = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "investor": st.sampled_from(["", "华岚公司", "华岭有限公司"]),
            "credit_code": st.sampled_from(CODES),
            "cooperating": st.sampled_from(["", "西园", "西园、南园"]),
            "agreement": st.sampled_from(AMOUNTS),
            "signed": st.sampled_from(["", *DAYS]),
            "status": st.sampled_from(["", "在建", "无"]),
            "payments": st.lists(
                st.tuples(st.sampled_from(DAYS), st.sampled_from(["0.1", "0.2", "-0.1"])),
                max_size=3,
            ),
        }
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda fields: fields["name"],
)


def entries(drawn, file=""):
    return [
        entry(file, row, project=f"P{NAMES.index(fields['name'])}", lead=UNIT, **fields)
        for row, fields in enumerate(drawn, start=4)
    ]


def told(ledger, *files):
    return differences(ledger, files, match(ledger, files), TERMS)


@settings(max_examples=40, deadline=None)
@given(projects)
def test_a_submission_that_equals_the_ledger_has_no_differences(drawn):
    file = submission(FILE, unit=UNIT, entries=entries(drawn, FILE))
    assert told(entries(drawn), file).differences == ()


@settings(max_examples=60, deadline=None)
@given(projects, projects)
def test_adopting_everything_leaves_nothing_to_adopt(known, submitted):
    """But for what was a question: with more in the ledger, the answer may be plain."""
    file = submission(FILE, unit=UNIT, entries=entries(submitted, FILE))
    ledger = entries(known)
    asked = {one.entry.key for one in match(ledger, [file]).matches if one.how == "question"}
    after = adopted(ledger, told(ledger, file).differences)
    left = [one for one in told(after, file).differences if one.adopts]
    assert [one for one in left if one.entry.key not in asked] == []


@settings(max_examples=40, deadline=None)
@given(projects, projects, projects, st.randoms(use_true_random=False))
def test_order_makes_no_difference(known, first, second, chance):
    files = [
        submission(FILE, unit=UNIT, entries=entries(first, FILE)),
        submission("西园报送.xlsx", unit="西园", entries=entries(second, "西园报送.xlsx")),
    ]
    ledger = entries(known)
    expected = told(ledger, *files)

    def shuffled(items):
        return chance.sample(items, len(items))

    mixed = [replace(file, entries=tuple(shuffled(list(file.entries)))) for file in files]
    found = told(shuffled(ledger), *shuffled(mixed))
    assert found.differences == expected.differences
    assert {file: sorted(each.rows(), key=str) for file, each in found.found.items()} == {
        file: sorted(each.rows(), key=str) for file, each in expected.found.items()
    }


texts = st.text(max_size=12) | st.sampled_from(
    ["1" * 5000 + "万吨", "重庆" * 3000, "（一）", "第期"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts, texts), min_size=1, max_size=3), texts)
def test_whatever_stands_in_the_cells_is_placed_somehow(drawn, other):
    names = ("project", "name", "investor", "credit_code")
    read = [
        entry(FILE, row, lead=UNIT, **dict(zip(names, each, strict=True)))
        for row, each in enumerate(drawn, start=4)
    ]
    ledger = [replace(one, file="", name=one.name + other) for one in read]
    file = submission(FILE, unit=UNIT, entries=read)
    assert len(match(ledger, [file]).matches) == len(read)
    told(ledger, file)
