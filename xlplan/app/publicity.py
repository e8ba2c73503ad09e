"""What is said of red and black lists and of calendars: rows of the frames as sentences."""

from typing import TYPE_CHECKING

from xlplan.app.sentences import Sentence, Speaker
from xlplan.sheets.boards import STATE_NAMES
from xlplan.sheets.dates import STATE_NAMES as DATE_STATES

if TYPE_CHECKING:
    from xlplan.app.rows import Row
    from xlplan.policy.notices import Board


def listing(board: "Board", speaker: Speaker) -> Sentence:
    """A list and its rule."""
    clause = speaker.gist(board.clause)
    return Sentence(
        f"{board.name}（规则 {board.id}）：{board.text}；依据 {clause}。",
        f"{board.name} (rule {board.id}): {board.text}; clause {board.clause}.",
    )


def entry(row: "Row") -> Sentence:
    """A unit on the list or beside it, and why."""
    state = STATE_NAMES[str(row["state"])]
    return Sentence(
        f"{row['unit']} {row['measure']}：{state}，{row['because']}。",
        f"{row['unit']} {row['measure']}: {row['state']}, {row['because']}.",
        detail=True,
    )


def coming(row: "Row") -> Sentence:
    """One date of a calendar."""
    state = DATE_STATES[str(row["state"])]
    span = f"{row['starts']:%Y-%m-%d} – {row['ends']:%Y-%m-%d}"
    return Sentence(
        f"{row['name']}（规则 {row['calendar']}）：{row['due']:%Y-%m-%d} 前，{row['what']}，"
        f"所述期间 {span}，{state}；依据 {row['clause']}。",
        f"{row['name']} (rule {row['calendar']}): by {row['due']:%Y-%m-%d}, {row['what']}, "
        f"about {span}, {row['state']}; clause {row['clause']}.",
    )
