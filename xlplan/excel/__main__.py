"""What a macro starts: `python -m xlplan.excel VERB --wb=… --from_xl=1 --hwnd=…`."""

import sys

from xlplan.excel.warm import handed_over, leave_one_behind


def main(arguments: list[str]) -> int:
    """Let a process that is warm do the click, else do it here and leave one for the next."""
    status = handed_over(arguments)
    if status is None:
        from xlplan.excel.clicking import click  # noqa: PLC0415 - for whoever finds nobody

        status = click(arguments)
        leave_one_behind()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
