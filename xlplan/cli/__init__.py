"""The command line: thin commands over the verbs of `xlplan.app`.

Exit status: 0 clean; 1 done, with findings of severity error; 2 the request is impossible.
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; the console script's entry point."""
    try:
        from xlplan.cli.commands import run  # noqa: PLC0415 - `import xlplan.cli` stays light

        return run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:  # while still starting up
        from xlplan.diagnostics import RequestError  # noqa: PLC0415 - lazy

        sys.stderr.write(f"{RequestError('XP019')}\n")
        return 2
