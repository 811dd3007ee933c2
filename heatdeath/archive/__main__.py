"""The program behind `make archive`: ``python -m heatdeath.archive --configfile FILE``."""

import argparse
import sys

from heatdeath.archive.build import write_archive
from heatdeath.program import exit_code_of


def main() -> int:
    """Write the archive and print its path; return 2 after an error, which is one line."""
    return exit_code_of(_run)


def _run():
    parser = argparse.ArgumentParser(prog="python -m heatdeath.archive", description=__doc__)
    parser.add_argument("--configfile", required=True, help="the configuration that was run")
    parser.add_argument("--output", default="build", help="folder of the archive")
    parser.add_argument(
        "--force", action="store_true", help="replace a file that is no archive of heatdeath"
    )
    arguments = parser.parse_args()
    print(write_archive(arguments.configfile, output=arguments.output, force=arguments.force))
    return 0


if __name__ == "__main__":
    sys.exit(main())
