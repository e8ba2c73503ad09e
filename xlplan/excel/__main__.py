"""What a macro starts: `python -m xlplan.excel VERB --wb=… --from_xl=1 --hwnd=…`."""

import sys

from xlplan.excel.clicking import click

if __name__ == "__main__":
    sys.exit(click(sys.argv[1:]))
