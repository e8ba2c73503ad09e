"""Commands whose help speaks the user's language."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from xlplan.cli.texts import say

if TYPE_CHECKING:
    from xlplan.diagnostics.kinds import Language


class Help(click.HelpFormatter):
    """Help whose headings are in the door's language."""

    language: "Language" = "zh"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or say("usage", self.language))

    def write_heading(self, heading: str) -> None:
        """Write a section's heading."""
        known = heading in {"Options", "Commands"}
        super().write_heading(say(heading, self.language) if known else heading)


class EnglishHelp(Help):
    """The same in English."""

    language: "Language" = "en"


class Context(click.Context):
    """A context that prints Chinese help."""

    formatter_class = Help


class EnglishContext(click.Context):
    """A context that prints English help."""

    formatter_class = EnglishHelp


class Command(click.Command):
    """A command with help in one language; its parameters are made when it is asked for."""

    def __init__(
        self,
        *given: Any,  # noqa: ANN401 - click's own
        language: "Language",
        parameters: Callable[[], list[click.Parameter]] = list,
        **settings: Any,  # noqa: ANN401 - click's own
    ) -> None:
        super().__init__(*given, **settings)
        self._parameters = parameters
        self.options_metavar = say("metavar.options", language)
        self.language = language
        self.context_class = Context if language == "zh" else EnglishContext

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's parameters, and --help."""
        self.params += self._parameters()
        self._parameters = list
        return super().get_params(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, explained in that language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("option.help", self.language)
        return option


class Group(Command, click.Group):
    """The program: its commands in the order of the verb list, which begins with the demo.

    With a `default`, a word that names no command is given to that one: `policy ID`.
    """

    def __init__(self, *given: Any, default: str = "", **settings: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*given, **settings)
        self.default = default

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names, and the words after it."""
        if self.default and args[0] not in self.commands and not args[0].startswith("-"):
            return self.default, self.commands[self.default], args
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """The names of the commands in the order given."""
        return list(self.commands)
