"""The next free ids of a ledger, written as its own are."""

import re
from collections import Counter
from collections.abc import Iterable

_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<digits>\d+)$")


def next_ids(taken: Iterable[str], count: int) -> list[str]:
    """So many ids behind the highest of the ledger's commonest form; none where ids have no number.

    >>> next_ids(["P001", "P079", "特-3"], 2), next_ids(["甲", "乙"], 1), next_ids(["9", "10"], 1)
    (['P080', 'P081'], [], ['11'])
    """
    known = [found for one in set(taken) if (found := _NUMBERED.match(one.strip()))]
    if not known:
        return []
    stems = Counter(found["stem"] for found in known)
    most = max(stems.values())
    stem = max(stem for stem, times in stems.items() if times == most)
    digits = [found["digits"] for found in known if found["stem"] == stem]
    width = len(max(digits, key=int)) if any(d.startswith("0") for d in digits) else 1
    highest = max(map(int, digits))
    return [f"{stem}{number:0{width}}" for number in range(highest + 1, highest + 1 + count)]
