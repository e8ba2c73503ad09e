"""What a batch is asked for, once for all its books."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from xlplan.app.recalculation import Request

VERBS = ("check", "recalculate", "bulletin")
"""The verbs that make sense for each book by itself."""


@dataclass(frozen=True, slots=True)
class Order:
    """How each book is treated.

    `out` is a folder for what is made: copies with results, or documents; "" = a recalculation goes
    into the book itself. `template` and what follows it are for bulletins, as in `bulletin.Order`.
    """

    verb: str
    request: Request = field(default_factory=Request)
    out: str = ""
    template: str = ""
    per_unit: bool = False
    pdf: bool = False
    force: bool = False
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells this order from any other: a book done by it is done."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files besides the book that decide what comes out."""
        named = (self.template, self.request.policy or "")
        return tuple(path for path in map(Path, map(str, named)) if path.is_file())
