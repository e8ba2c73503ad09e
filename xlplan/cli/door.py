"""What every command speaks through: the language of its user, and a progress bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from xlplan.cli.texts import say

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from xlplan.diagnostics import Diagnostic
    from xlplan.diagnostics.kinds import Language


@dataclass(frozen=True, slots=True)
class Progress:
    """The bar of a command at work; it shows nothing where no terminal is looking."""

    door: "Door"
    stages: tuple[str, ...] = ()
    bar: "ProgressBar[str] | None" = None

    def __call__(self, stage: str) -> None:
        """A stage begins."""
        if self.bar is not None:
            self.bar.update(0 if stage == self.stages[0] else 1, self.door.text(f"stage.{stage}"))
            self.bar.render_progress()

    def at(self, text: str) -> None:
        """Say how far the present stage has come."""
        if self.bar is not None:
            self.bar.update(0, text)
            self.bar.render_progress()


@dataclass(frozen=True, slots=True)
class Door:
    """The language that a command speaks, and the files it has written so far."""

    language: "Language"
    written: list[str] = field(default_factory=list)

    def text(self, key: str, **values: object) -> str:
        """A text in the door's language."""
        return say(key, self.language, **values)

    def finding(self, found: "Diagnostic", within: str = "") -> str:
        """A finding in one line: how bad, where, what, and what to do.

        `within` is the file that its cell is in, where that is not the book asked for.
        """
        colon, stop, gap = ("：", "。", "") if self.language == "zh" else (": ", ".", " ")
        severity = self.text(f"severity.{found.severity}")
        said, todo = found.message(self.language), found.hint(self.language)
        place = f"{within} {found.place}" if within and within != str(found.place) else found.place
        return f"  [{severity} {found.code}] {place}{colon}{said}{stop}{gap}{todo}{stop}"

    def stopped(self) -> str:
        """What to say when the user stops the command: what was written stays said."""
        if self.written:
            return self.text("stopped_late", paths="、".join(self.written))
        from xlplan.diagnostics import RequestError  # noqa: PLC0415 - `--help` does without it

        return RequestError("XP019").line(self.language)

    @contextmanager
    def progress(self, stages: tuple[str, ...]) -> Iterator[Progress]:
        """A progress bar on stderr over these stages; nothing when stderr is not a terminal."""
        if not sys.stderr.isatty():
            yield Progress(self)
            return
        with click.progressbar(stages, file=sys.stderr, item_show_func=lambda said: said) as bar:
            yield Progress(self, stages, bar)
            bar.update(1)

    @contextmanager
    def counting(self, count: int, stage: str) -> Iterator[Callable[[int], None]]:
        """A progress bar on stderr over so many things; nothing when stderr is not a terminal."""
        if not sys.stderr.isatty():
            yield lambda _more: None
            return
        label = self.text(f"stage.{stage}")
        with click.progressbar(length=count, label=label, file=sys.stderr, show_pos=True) as bar:
            yield bar.update
