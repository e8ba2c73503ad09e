"""What a column of a submission can be said to mean."""

from collections.abc import Mapping

from xlplan.model import MORE_PROJECT_HEADS, PROJECT_HEADS

NOTE_HEADS = ("报送单位", "表头", "对应列")
"""The columns of 列对照 that say which head of which unit means what."""

NOT_READ = "不读"
"""What is said of a column that holds nothing to be read."""

RECEIVED, TIER = "累计到位资金", "档次"

FIELD_NAMES: Mapping[str, str] = {
    **{head.field: head.head for head in (*PROJECT_HEADS, *MORE_PROJECT_HEADS)},
    "received": RECEIVED,
    "tier": TIER,
}
"""What each field of a submitted project is called."""


def field_of(name: str) -> str:
    """The field of that name; "" = none.

    >>> field_of("投资额"), field_of(NOT_READ)
    ('investment', '')
    """
    return next((field for field, known in FIELD_NAMES.items() if known == name), "")
