"""Laws of the self-audit: what it takes for a part is one, whatever the projects are."""

from hypothesis import given
from hypothesis import strategies as st

from xlplan.policy.audit_parts import lies_within
from xlplan.policy.schema import Where

LEVELS = ("省级", "市级", "其他")
LISTS = ("名企", "专精特新")


def some(words):
    return st.lists(st.sampled_from(words), unique=True, max_size=len(words)).map(tuple)


@st.composite
def filters(draw):
    wanted = {"levels": draw(some(LEVELS)), "lists": draw(some(LISTS))}
    unwanted = [("levels", draw(some(LEVELS))), ("lists", draw(some(LISTS)))]
    return Where(**wanted, excluded=tuple(one for one in unwanted if one[1]))


def admits(where, level, lists):
    cells = {"level": level, "lists": lists}
    return all(condition.admits(cells[condition.field]) for condition in where.words)


@given(filters(), filters(), st.sampled_from(LEVELS), some(LISTS))
def test_a_filter_within_another_admits_nothing_that_the_other_does_not(narrow, wide, level, lists):
    if lies_within(narrow, wide) and admits(narrow, level, lists or ("无",)):
        assert admits(wide, level, lists or ("无",))


@given(filters())
def test_every_filter_lies_within_itself_and_within_none(where):
    assert lies_within(where, where)
    assert lies_within(where, Where())


def test_the_rest_lies_within_what_excludes_the_others():
    rest = Where(levels=("其他",))
    assert lies_within(rest, Where(excluded=(("levels", ("省级", "市级")),)))
    assert not lies_within(rest, Where(levels=("省级", "市级")))
