"""What speaks for and against two rows being one project, each with its weight.

The weights were set on the labelled pairs of samples/matching. They rank candidates and say which
of them are worth a question; they never make two rows one project.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from xlplan.reconciling.credit_codes import CreditCode, credit_code, one_slip
from xlplan.reconciling.names import Name, Names, same_name
from xlplan.reconciling.nouns import Candidate, Entry, Reason
from xlplan.reconciling.similarity import likeness

SLIP = 10_000
"""What 万元 written for 亿元 makes of an amount, or the other way round."""

_NEAR_DAYS, _FAR_DAYS = 31, 366
_FAR_TIMES = 2
_ALIKE = 0.8
_LEAST = 0.4
_NAME_POINTS = 60
_UNLIKE = -10
_TURNED = 0.85
"""What it is worth, of 1, that two names have the same characters in another order."""

_BRAND = 2
"""Characters that a brand 字号 has at least."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A row as it is compared; its names are taken apart only where somebody asks.

    `same`, `project` and `lead` are in the form in which names are compared.
    """

    entry: Entry
    unit: str
    names: Names
    same: str
    project: str
    lead: str
    code: CreditCode

    @property
    def name(self) -> Name:
        """The project's name taken apart."""
        return self.names.read(self.entry.name)

    @property
    def investor(self) -> str:
        """The investor's name without region and legal form."""
        return self.names.investor(self.entry.investor)

    @property
    def thing(self) -> str:
        """What the project is, without its investor's name."""
        return _thing(self.name.core, self.investor)

    @property
    def money(self) -> tuple[int | None, int | None, int | None]:
        """Its amounts, in an order of their own."""
        return self.entry.investment, self.entry.agreement, self.entry.output


class Profiles:
    """Makes profiles; every different text is understood once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._codes: dict[str, CreditCode] = {"": CreditCode("")}

    def of(self, entry: Entry, unit: str = "") -> Profile:
        """The profile of a row that this unit handed in ("" for the ledger's)."""
        code = self._codes.get(entry.credit_code)
        if code is None:
            code = self._codes[entry.credit_code] = credit_code(entry.credit_code)
        same, project = same_name(entry.name), same_name(entry.project)
        return Profile(entry, unit, self._names, same, project, same_name(entry.lead), code)


def _thing(core: str, investor: str) -> str:
    """The name without its investor's.

    >>> _thing("华兰生物疫苗生产基地", "华兰生物工程"), _thing("疫苗生产基地", "华兰生物")
    ('疫苗生产基地', '疫苗生产基地')
    """
    shared = 0
    while shared < min(len(core), len(investor)) and core[shared] == investor[shared]:
        shared += 1
    return core[shared:] if _BRAND <= shared < len(core) else core


def name_likeness(first: Name, second: Name) -> float:
    """How alike two names are, from 0 to 1; words that many names have in common weigh less."""
    if first.core == second.core:
        return 1.0
    core, telling = likeness(first.core, second.core), likeness(first.telling, second.telling)
    turned = _TURNED * likeness(first.letters, second.letters)
    return max((core + 2 * telling) / 3, turned)


def same_money(first: Profile, second: Profile) -> int:
    """How many amounts of the two are the same."""
    return sum(
        ours is not None and ours != 0 and ours == theirs
        for ours, theirs in zip(first.money, second.money, strict=True)
    )


def money_far(first: Profile, second: Profile) -> bool:
    """Whether no amount of the two is the same, and one is over twice the other."""
    pairs = [
        (ours, theirs) for ours, theirs in zip(first.money, second.money, strict=True)
        if ours and theirs
    ]  # fmt: skip
    apart = [max(pair) > _FAR_TIMES * min(pair) for pair in pairs]
    return any(apart) and not any(ours == theirs for ours, theirs in pairs)


def money_slipped(first: Profile, second: Profile) -> bool:
    """Whether an amount of the one is ten thousand times that of the other."""
    pairs = zip(first.money, second.money, strict=True)
    return any(
        ours and theirs and max(ours, theirs) == SLIP * min(ours, theirs) for ours, theirs in pairs
    )


def days_apart(first: date | None, second: date | None) -> int | None:
    """Days between two days; None if one is missing."""
    return abs((first - second).days) if first and second else None


def same_day(first: Profile, second: Profile) -> bool:
    """Whether both were signed on one day."""
    return days_apart(first.entry.signed, second.entry.signed) == 0


def day_far(first: Profile, second: Profile) -> bool:
    """Whether they were signed more than a year apart."""
    return (days_apart(first.entry.signed, second.entry.signed) or 0) > _FAR_DAYS


def investors_alike(first: Profile, second: Profile) -> bool | None:
    """Whether two investors are one, if their names are short for it; None if one has none."""
    if not first.entry.investor or not second.entry.investor:
        return None
    if first.entry.investor == second.entry.investor or first.investor == second.investor:
        return True
    shorter, longer = sorted((first.investor, second.investor), key=len)
    return longer.startswith(shorter) and len(shorter) > _BRAND


def codes_differ(first: Profile, second: Profile) -> bool:
    """Whether two right codes name two companies."""
    return bool(first.code.usable and second.code.usable) and first.code.text != second.code.text


def compared(first: Profile, second: Profile) -> Candidate:
    """The second as a candidate for the first, with all reasons, strongest first."""
    reasons = tuple(sorted(_reasons(first, second), key=lambda one: (-abs(one.points), one.text)))
    return Candidate(second.entry, sum(one.points for one in reasons), reasons)


def _reasons(first: Profile, second: Profile) -> Iterator[Reason]:
    if first.project and first.project == second.project:
        yield Reason("编号相同", 30)
    yield from _about_name(first.name, second.name)
    yield from _about_investor(first, second)
    yield from _about_code(first, second)
    yield from _about_money(first, second)
    yield from _about_day(first, second)
    if first.lead and second.lead:
        same = first.lead == second.lead
        yield Reason("牵头单位相同" if same else "牵头单位不同", 5 if same else -5)


def _about_name(first: Name, second: Name) -> Iterator[Reason]:
    if not first.same or not second.same:
        return
    alike = name_likeness(first, second)
    points = max(_UNLIKE, round(_NAME_POINTS * (alike - _LEAST) / (1 - _LEAST)))
    if first.same == second.same:
        yield Reason("名称相同", points)
    elif first.core == second.core:
        yield Reason("名称去掉地区、公司性质和“项目”后相同", points)
    else:
        yield Reason(f"名称相近 {round(100 * alike)}%", points)
    if not first.may_be(second):
        ours, theirs = _said(first, second), _said(second, first)
        yield Reason(f"期次、规模或性质不同（{ours}／{theirs}）", -15)


def _said(name: Name, other: Name) -> str:
    apart = sorted((name.marks - other.marks) | (name.figures - other.figures))
    return "、".join(apart) or "未写"


def _about_investor(first: Profile, second: Profile) -> Iterator[Reason]:
    """Nothing where a right code names one company, whatever the two call it."""
    alike = investors_alike(first, second)
    if alike is None or same_company(first, second):
        return
    if alike:
        yield Reason("投资主体相同", 20)
    elif one_slip(first.investor, second.investor):
        yield Reason("投资主体只差一字", 0)
    elif likeness(first.investor, second.investor) >= _ALIKE:
        yield Reason("投资主体相近", 5)
    else:
        yield Reason("投资主体不同", -20)


def same_company(first: Profile, second: Profile) -> bool:
    """Whether a right code says that both have one investor."""
    return first.code.usable != "" and first.code.usable == second.code.usable


def _about_code(first: Profile, second: Profile) -> Iterator[Reason]:
    ours, theirs = first.code, second.code
    if not ours.text or not theirs.text:
        return
    if same_company(first, second):
        yield Reason("信用代码相同", 45)
    elif ours.text == theirs.text:
        yield Reason("信用代码相同，但校验不通过", 25)
    elif one_slip(ours.text, theirs.text):
        yield Reason("信用代码只差一处", 20)
    elif codes_differ(first, second):
        yield Reason("信用代码不同", -25)


def _about_money(first: Profile, second: Profile) -> Iterator[Reason]:
    if same := same_money(first, second):
        yield Reason("金额相同", 15 if same > 1 else 10)
    elif money_slipped(first, second):
        yield Reason("金额正好差一万倍", 10)
    elif money_far(first, second):
        yield Reason("金额相差一倍以上", -10)


def _about_day(first: Profile, second: Profile) -> Iterator[Reason]:
    apart = days_apart(first.entry.signed, second.entry.signed)
    if apart is None:
        return
    if apart == 0:
        yield Reason("签约日期相同", 15)
    elif apart <= _NEAR_DAYS:
        yield Reason(f"签约日期只差 {apart} 天", 5)
    elif apart > _FAR_DAYS:
        yield Reason("签约日期相差一年以上", -10)


def ranked(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates, best first; equal ones by their places."""
    return tuple(
        sorted(
            candidates,
            key=lambda one: (-one.points, one.entry.file, one.entry.sheet, one.entry.row),
        )
    )
