"""`python -m xlplan` is the command `xlplan`."""

import sys

from xlplan.cli import main

sys.exit(main())
