"""Write every generated page anew: ``python -m heatdeath.reference``, or ``make reference``."""

import sys
from pathlib import Path

from heatdeath.errors import ParameterError
from heatdeath.program import exit_code_of
from heatdeath.reference import command_line, configuration, dataset, figure_costs


def main() -> int:
    """Write the pages and print their paths; return 2 after an error, which is one line."""
    return exit_code_of(_run)


def _run():
    if __doc__ is None:
        level = sys.flags.optimize
        raise ParameterError("PYTHONOPTIMIZE", level, "0 or 1: pages are made of docstrings")
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path)
    return 0


def pages() -> dict[Path, str]:
    """Return the text of every page by its path; some are tables within a text that is kept."""
    tables = {
        configuration.README_PATH: configuration.readme,
        figure_costs.PAGE_PATH: figure_costs.page,
    }
    return {
        dataset.PAGE_PATH: dataset.dataset_reference(),
        command_line.PAGE_PATH: command_line.command_line_reference(),
    } | {path: made(path.read_text(encoding="utf-8")) for path, made in tables.items()}


if __name__ == "__main__":
    sys.exit(main())
