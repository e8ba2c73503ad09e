"""Writing a policy of one's own: check a file, or draft one from an issued document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlplan import files, package, tables
from xlplan.app import creation
from xlplan.app.drafting import Draft, Unplaced, draft_policy
from xlplan.app.story import Story
from xlplan.diagnostics import Diagnostic, Key, RequestError
from xlplan.diagnostics.kinds import Language
from xlplan.model import (
    OUTPUT_SHEETS,
    PROJECT_SHEET,
    RECEIPT_SHEET,
    RULING_SHEET,
    SETTING_SHEET,
    TARGET_TABLE_SHEET,
    UNIT_SHEET,
)
from xlplan.policy import Policy, load_policy, parse_policy
from xlplan.policy.examples import example
from xlplan.policy.reading import Faults
from xlplan.policy.toml_text import comment, toml_document

_REFUSED = "XP601"
_NO_TARGETS = {
    *OUTPUT_SHEETS,
    PROJECT_SHEET,
    RECEIPT_SHEET,
    RULING_SHEET,
    SETTING_SHEET,
    UNIT_SHEET,
}
"""Sheets of a standard workbook that never set targets."""
_INLINE = frozenset({"any_of"})
_TOML = ".toml"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a policy file: what is wrong at which key path, and a right example."""

    found: Diagnostic

    @property
    def path(self) -> str:
        """The key path; "" = the file as a whole."""
        return self.found.place.path if isinstance(self.found.place, Key) else ""

    @property
    def example(self) -> str:
        """How the key is rightly written; "" where no key is at fault."""
        return example(self.path) if self.path else ""

    def line(self, language: Language = "zh") -> str:
        """Key path, what is wrong, what to do, and the example, in one line."""
        colon, stop, so = (
            (": ", ". ", "Right: ") if language == "en" else ("：", "。", "正确写法：")
        )
        said = f"{self.path or 'TOML'}{colon}{self.found.message(language)}{stop}"
        line = f"[{self.found.code}] {said}{self.found.hint(language)}{stop}".rstrip()
        return f"{line}{' ' * (language == 'en')}{so}{self.example}" if self.example else line


def check_policy(source: str | Path) -> Policy | Sequence[Fault]:
    """The policy of a file or a shipped id; when it has faults, all of them instead.

    Raises:
        RequestError: when there is no such file or id, or it cannot be opened.
    """
    try:
        return load_policy(source)
    except RequestError as refused:
        faults = refused.values.get("faults")
        if refused.kind.code != _REFUSED or not isinstance(faults, Faults):
            raise
        return tuple(map(Fault, faults.found))


def init_policy(
    path: Path, old: Path, book: Path | None = None
) -> tuple[Policy, tuple[Unplaced, ...]]:
    """Draft a policy file from an issued document or a table, and a standard workbook of it.

    What could not be placed is returned, and stands as comments at the head of the file.

    Raises:
        RequestError: XP014 when `path` or `book` exists, XP016 when `old` holds no target table,
            and as reading `old` and writing the files do.
    """
    for target in filter(None, (path, book)):
        if target.exists():
            raise RequestError("XP014", path=target)
    if path.suffix.lower() != _TOML:
        raise RequestError("XP710", path=path, kind=_TOML)
    story = Story().take(_parts(old))
    if not story.tables:
        raise RequestError("XP016", sheets=TARGET_TABLE_SHEET)
    draft = draft_policy(story, path.stem)
    text = draft_text(draft, old.name)
    policy = parse_policy(text, path.stem)
    package.write_whole(path, text.encode())
    if book is not None:
        creation.new_book(book, policy)
    return policy, draft.unplaced


def _parts(old: Path) -> Iterator[str | tables.Grid]:
    """A document's paragraphs and tables, or the visible sheets of a workbook."""
    if old.suffix.lower() == ".docx":
        yield from files.open_document(old).story
        return
    source = files.open_workbook(old)
    for name in source.sheet_names():
        if name not in _NO_TARGETS and (grid := source.grid(name)).visible:
            yield grid


def draft_text(draft: Draft, source: str) -> str:
    """The file of a draft: what is left to do as comments, then the policy."""
    lines = [
        f"由 {source} 起草。目标照原文；权重、分摊没有起草，列为口径，选定之前一律待定。",
        "请对照原文补写规则（写法见 docs/policy-file.md），用 xlplan policy check 检查。",
        *(f"没有放入或需要核对的 {len(draft.unplaced)} 处：" for _ in draft.unplaced[:1]),
        *(f"- {left.line()}" for left in draft.unplaced),
    ]
    filled = {key: value for key, value in draft.values.items() if value or key == "clauses"}
    return "\n".join(map(comment, lines)) + "\n\n" + toml_document(filled, _INLINE)
