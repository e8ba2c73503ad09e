"""The commands, built from the verb list in one language; each is a few lines over `xlplan.app`."""

import os
import re
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from xlplan import __version__
from xlplan.app.verbs import VERBS, Verb
from xlplan.cli.door import Door
from xlplan.cli.help import Command, Group
from xlplan.cli.texts import say

if TYPE_CHECKING:
    from pathlib import Path

    from xlplan.diagnostics.kinds import Language

IMPOSSIBLE = 2

Shapes = dict[str, Callable[[], list[click.Parameter]]]
"""Commands by name, each with what makes its parameters once it is asked for."""

_ROOMS = {
    "batch": "many_actions",
    "check-document": "file_actions",
    "excel": "excel_actions",
    "new": "file_actions",
    "policies": "policy_actions",
    "policy": "policy_actions",
    "reconcile": "submission_actions",
    "return-slips": "decision_actions",
    "rollup": "many_actions",
    "submission-form": "submission_actions",
    "undo": "file_actions",
}
"""Where the actions of a command are that need not load what computes."""

_EXTRA = re.compile(r"unexpected extra arguments? \((?P<what>.*)\)")


def run(arguments: list[str]) -> int:
    """Parse, run and report; every way out is an exit status and at most one line of trouble."""
    for stream in (sys.stdout, sys.stderr):
        # A GBK console must not stop a report because of one character that it lacks.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    language: Language = "zh"
    try:
        language, rest = _language(arguments)
        return _run(Door(language), rest)
    except click.ClickException as wrong:
        click.echo(_wrong(wrong, language), err=True)
        return IMPOSSIBLE
    except BrokenPipeError:
        # The reader (such as `head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as bug:  # noqa: BLE001 - the last line of defence: a log, never a traceback
        text, log = type(bug).__name__, _logged(bug)
        click.echo(say("bug", language, text=text, log=log), err=True)
        return IMPOSSIBLE


def _logged(bug: Exception) -> "Path":
    """The log that holds the traceback which the user is spared."""
    import tempfile  # noqa: PLC0415 - only a bug pays for these
    import traceback  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    log = Path(tempfile.gettempdir()) / "xlplan-error.log"
    log.write_text("".join(traceback.format_exception(bug)), encoding="utf-8")
    return log


def _run(door: Door, arguments: list[str]) -> int:
    group = build(door)
    try:
        with group.make_context("xlplan", arguments) as context:
            return int(group.invoke(context) or 0)
    except click.exceptions.Exit as done:  # after --help or --version
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as lost:
        click.echo(lost.ctx.get_help())
        return 0
    except (click.Abort, KeyboardInterrupt):
        click.echo(door.stopped(), err=True)
    except Exception as trouble:
        from xlplan.diagnostics import RequestError  # noqa: PLC0415 - `--help` does without it

        if not isinstance(trouble, RequestError):
            raise
        click.echo(trouble.line(door.language), err=True)
    return IMPOSSIBLE


def _language(arguments: list[str]) -> "tuple[Language, list[str]]":
    """The language asked for anywhere on the line, else by XLPLAN_LANG; and the line without it."""
    chosen = os.environ.get("XLPLAN_LANG", "")
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--lang" or word.startswith("--lang="):
            chosen = _known_language(
                next(words, "") if word == "--lang" else word[len("--lang=") :]
            )
        else:
            rest.append(word)
    return ("en" if chosen.lower().startswith("en") else "zh"), rest


def _known_language(name: str) -> str:
    """A language that was asked for by name; anything but zh and en is a wrong command line."""
    if name.lower() not in {"zh", "en"}:
        raise click.UsageError(say("wrong.value", "zh", name="--lang", text=f"{name}（zh / en）"))
    return name


def _wrong(wrong: click.ClickException, language: "Language") -> str:
    """What is wrong with a command line, in one line."""
    match wrong:
        case click.NoSuchOption():
            said = say("wrong.option", language, name=wrong.option_name)
        case click.exceptions.NoSuchCommand():
            said = say("wrong.command", language, name=wrong.command_name)
        case click.MissingParameter() if wrong.param is not None:
            said = say("wrong.missing", language, name=_name(wrong.param))
        case click.BadParameter() if wrong.param is not None:
            said = say("wrong.value", language, name=_name(wrong.param), text=wrong.message)
        case _:
            said = _otherwise(wrong.format_message(), language)
    context = getattr(wrong, "ctx", None)
    command = context.command_path if context else "xlplan"
    return f"{said}；{say('wrong.try', language, command=command)}"


def _otherwise(message: str, language: "Language") -> str:
    """What click says in one English sentence for lack of a class of its own."""
    extra = _EXTRA.search(message)
    if extra is not None:
        return say("wrong.extra", language, text=extra["what"])
    return (
        message
        if language == "en" or not message.isascii()
        else say("wrong.other", language, text=message)
    )


def _name(parameter: click.Parameter) -> str:
    return (
        parameter.opts[0]
        if isinstance(parameter, click.Option)
        else str(parameter.human_readable_name)
    )


def _path() -> click.Path:
    """A path on the command line; made when a command is asked for, not for `--help`."""
    from pathlib import Path  # noqa: PLC0415 - a tenth of the time that `--help` takes

    return click.Path(path_type=Path)


def _book(name: str = "book") -> click.Argument:
    return click.Argument([name], type=_path())


def _option(flags: str, key: str, language: "Language", **settings: Any) -> click.Option:  # noqa: ANN401 - click's own settings
    return click.Option(flags.split(), help=say(key, language), **settings)


def _period_options(language: "Language") -> list[click.Parameter]:
    return [
        _option("--as-of", "option.as_of", language, metavar="DATE"),
        _option("--period", "option.period", language, metavar="P"),
        _option("--policy", "option.policy", language, metavar="ID"),
    ]


def _earlier_options(language: "Language") -> list[click.Parameter]:
    return [
        _option("--previous", "option.previous", language, metavar="BOOK|JSON|DATE"),
        _option("--last-year", "option.last_year", language, metavar="BOOK|JSON"),
    ]


def _parameters(verb: str, language: "Language") -> list[click.Parameter]:
    """The parameters of each command, in the contract's order."""
    path = _path()
    shapes: Shapes = {
        "demo": lambda: [click.Argument(["folder"], type=path, required=False, metavar="[DIR]")],
        "new": lambda: [
            _option("--policy", "option.policy_required", language, metavar="ID", required=True),
            _option("--from old", "option.from", language, metavar="OLD", type=path),
            _book(),
        ],
        "check": lambda: [_book(), *_period_options(language)],
        "recalculate": lambda: [
            _book(),
            *_period_options(language),
            *_earlier_options(language),
            _option("-o --out out", "option.out", language, metavar="OUT", type=path),
            _option("--json target", "option.json", language, metavar="FILE|-"),
            _option("--dry-run", "option.dry_run", language, is_flag=True),
            _option("--policy-file", "option.policy_file", language, metavar="FILE", type=path),
            _option("--compare", "option.compare", language, is_flag=True),
            _option(
                "--ruling rulings", "option.ruling", language, metavar="ID=OPTION", multiple=True
            ),
        ],
        "explain": lambda: [_book(), click.Argument(["what"]), *_period_options(language)],
        "policies": list,
        "policy": list,
        "undo": lambda: [_book()],
        **_papers(language),
        **_many(language),
        **_submissions(language),
    }
    return shapes[verb]()


def _submissions(language: "Language") -> Shapes:
    """The parameters of the commands around what units submit."""
    path = _path()
    return {
        "submission-form": lambda: [
            click.Argument(["beside"], type=path, required=False, metavar="[BOOK]"),
            _option("--policy", "option.policy", language, metavar="ID"),
            _option("--period", "option.period", language, metavar="P"),
            _option("--per-unit", "option.per_unit", language, is_flag=True),
            _option("--out out", "option.folder", language, metavar="DIR", type=path),
            _option("--filled", "option.filled", language, is_flag=True),
            _option("--force", "option.force", language, is_flag=True),
        ],
        "reconcile": lambda: [
            _book(),
            click.Argument(["submitted"], type=path, nargs=-1, metavar="FILES..."),
            _option("-o --out out", "option.report", language, metavar="REPORT.xlsx", type=path),
            *_period_options(language),
            _option("--due", "option.due", language, metavar="DATE"),
            _option("--json target", "option.json", language, metavar="FILE|-"),
            _option("--force", "option.force", language, is_flag=True),
            _option("--apply applied", "option.apply", language, metavar="REPORT", type=path),
            _option("--by", "option.by", language, metavar="NAME"),
            _option("--dry-run", "option.dry_run", language, is_flag=True),
        ],
        "return-slips": lambda: [
            click.Argument(["book"], type=path, metavar="REPORT"),
            _option("--out out", "option.folder", language, metavar="DIR", type=path),
            _option("--due", "option.answer_by", language, metavar="DATE"),
            _option("--by", "option.sender", language, metavar="NAME"),
            _option("--force", "option.force", language, is_flag=True),
        ],
    }


def _many(language: "Language") -> Shapes:
    """The parameters of the commands over many workbooks."""
    return {
        "batch": lambda: [
            click.Argument(["verb"], metavar="check|recalculate|bulletin"),
            click.Argument(["books"], nargs=-1, required=True, metavar="BOOKS…"),
            *_period_options(language),
            _option("--out out", "option.batch_out", language, metavar="DIR"),
            _option("--template", "option.template", language, metavar="T"),
            _option("--per-unit", "option.per_unit", language, is_flag=True),
            _option("--set given", "option.set", language, metavar="NAME=TEXT", multiple=True),
            _option("--pdf", "option.pdf", language, is_flag=True),
            _option("--force", "option.force", language, is_flag=True),
            _option("--again", "option.again", language, is_flag=True),
            *_parallel_options(language),
            _option("--json target", "option.batch_json", language, metavar="FILE|-"),
        ],
        "rollup": lambda: [
            click.Argument(["books"], nargs=-1, required=True, metavar="BOOKS…"),
            _option("-o --out out", "option.rollup_out", language, metavar="AREA.xlsx"),
            _option("--policy", "option.rollup_policy", language, metavar="FILE.toml"),
            *_period_options(language)[:2],
            *_parallel_options(language),
            _option("--json target", "option.json", language, metavar="FILE|-"),
        ],
    }


def _parallel_options(language: "Language") -> list[click.Parameter]:
    return [
        _option("--jobs", "option.jobs", language, metavar="N", type=click.IntRange(min=1)),
        _option("--cluster", "option.cluster", language, metavar="tcp://…"),
    ]


def _papers(language: "Language") -> Shapes:
    """The parameters of the commands that make and check Word documents."""
    path = _path()
    return {
        "bulletin": lambda: [
            _book(),
            _option("--template", "option.template", language, metavar="T"),
            _option("--out out", "option.folder", language, metavar="DIR", type=path),
            _option("--per-unit", "option.per_unit", language, is_flag=True),
            *_period_options(language),
            *_earlier_options(language),
            _option("--set given", "option.set", language, metavar="NAME=TEXT", multiple=True),
            _option("--pdf", "option.pdf", language, is_flag=True),
            _option("--force", "option.force", language, is_flag=True),
            _option("--verify finished", "option.verify", language, metavar="DOCX", type=path),
            _option("--json target", "option.verify_json", language, metavar="FILE|-"),
        ],
        "check-document": lambda: [
            click.Argument(["document"], type=path, metavar="FILE.docx"),
            _option("--variant", "option.variant", language, metavar="FILE.toml", type=path),
            _option("--json target", "option.layout_json", language, metavar="FILE|-"),
        ],
    }


def build(door: Door) -> click.Group:
    """The whole command line, in the door's language."""
    language = door.language
    group = Group(
        "xlplan",
        language=language,
        subcommand_metavar=say("metavar.command", language),
        commands={verb.name: _command(verb, door) for verb in VERBS},
        params=[_option("--lang", "option.lang", language, metavar="zh|en", expose_value=False)],
        help=say("program", language),
        epilog=say("epilog", language),
        no_args_is_help=True,
    )
    version = say("option.version", language)
    return click.version_option(__version__, message="xlplan %(version)s", help=version)(group)


def _command(verb: Verb, door: Door) -> Command:
    """The command of a verb."""
    said = verb.zh if door.language == "zh" else verb.en
    if verb.name == "policy":
        return _policy_group(said, door)
    if verb.name == "excel":
        return _excel_group(said, door)
    return Command(
        verb.name,
        language=door.language,
        callback=_callback(verb.name, door),
        parameters=partial(_parameters, verb.name, door.language),
        help=said,
        short_help=said,
    )


def _policy_group(said: str, door: Door) -> Group:
    """`policy ID` says what a policy holds; `policy check` and `policy init` help to write one."""
    language, path = door.language, _path
    shapes: Shapes = {
        "show": lambda: [click.Argument(["what"], metavar="ID")],
        "check": lambda: [click.Argument(["what"], metavar="FILE.toml")],
        "init": lambda: [
            _option(
                "--from old", "policy.from", language, metavar="DOC", type=path(), required=True
            ),
            _option("--book beside", "policy.book", language, metavar="BOOK", type=path()),
            click.Argument(["out"], type=path(), metavar="NAME.toml"),
        ],
    }
    return _group("policy", said, door, shapes, default="show")


def _excel_group(said: str, door: Door) -> Group:
    """`excel install`, `uninstall` and `doctor` for this computer; `build` for another."""
    language, path = door.language, _path
    variant = partial(_option, "--runpython", "excel.runpython", language, is_flag=True)
    shapes: Shapes = {
        "install": lambda: [variant()],
        "uninstall": list,
        "doctor": lambda: [click.Argument(["book"], type=path(), required=False, metavar="[BOOK]")],
        "build": lambda: [click.Argument(["folder"], type=path(), metavar="DIR"), variant()],
    }
    return _group("excel", said, door, shapes)


def _group(name: str, said: str, door: Door, shapes: Shapes, default: str = "") -> Group:
    """A command of several; each is the action `NAME_SUBCOMMAND`."""
    language = door.language
    commands = {
        each: Command(
            each,
            language=language,
            callback=_callback(f"{name}_{each}", door),
            parameters=parameters,
            help=say(f"{name}.{each}", language),
            short_help=say(f"{name}.{each}", language),
        )
        for each, parameters in shapes.items()
    }
    return Group(
        name,
        language=language,
        default=default,
        subcommand_metavar=say(f"metavar.{name}", language),
        commands=commands,
        help=said,
        short_help=said,
        no_args_is_help=True,
    )


def _callback(verb: str, door: Door) -> Callable[..., int]:
    """The action of that verb, given the door; what it imports is paid only when it is called."""

    def act(**given: object) -> int:
        from xlplan.container.memory import uncollected  # noqa: PLC0415 - help needs none of it

        with uncollected():  # what is imported stays
            actions = import_module(f"xlplan.cli.{_ROOMS.get(verb.partition('_')[0], 'actions')}")
        status: int = getattr(actions, verb.replace("-", "_"))(door, actions.Given(**given))
        return status

    return act
