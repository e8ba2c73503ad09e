"""What a macro starts: `python -m xlplan.excel VERB --wb=… --from_xl=1 --hwnd=…`."""

import os
import sys
from contextlib import suppress
from typing import NoReturn

from xlplan.excel.warm import handed_over, leave_one_behind


def main(arguments: list[str]) -> int:
    """Let a process that is warm do the click, else do it here and leave one for the next."""
    status = handed_over(arguments)
    if status is None:
        from xlplan.excel.clicking import click  # noqa: PLC0415 - for whoever finds nobody

        status = click(arguments)
        leave_one_behind()
    return status


def end(status: int) -> NoReturn:
    """End the process without taking Python down piece by piece.

    The bridge to LibreOffice has threads of its own, which may still let go of an object of ours:
    in a Python that is half gone such a thread crashes, and a click that was done would count as
    one that failed.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # there is none, or nobody reads it
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
