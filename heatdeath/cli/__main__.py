"""``python -m heatdeath.cli``: the command line where the program is not on the path."""

import sys

from heatdeath.cli import main

sys.exit(main())
