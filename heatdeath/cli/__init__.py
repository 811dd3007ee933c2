"""The command line: ``heatdeath COMMAND ...``."""

import argparse
import importlib
import sys

from heatdeath import __version__
from heatdeath.errors import shortened
from heatdeath.program import ERROR, exit_code_of, print_error

COMMANDS = ("simulate", "critical", "plan", "check", "show", "compare")
"""Modules of this package, one a command, each with `add_arguments` and `run`."""

_LONGEST_MESSAGE = 500


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, like those of the library."""

    def error(self, message):
        print_error(f"{shortened(message, most=_LONGEST_MESSAGE)} (see {self.prog} --help)")
        self.exit(ERROR)

    def _print_message(self, message, file=None):
        # That of argparse drops the errors of an output without buffer, such as a full disk.
        if message:
            (file or sys.stderr).write(message)


def main(argv=None) -> int:
    """Run a command."""

    def run():
        arguments = _parser().parse_args(argv)
        return arguments.run(arguments)

    return exit_code_of(run)


def _parser():
    parser = _Parser(
        prog="heatdeath",
        description="Closed-loop learning of generative models: simulation, theory, files.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"heatdeath {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = importlib.import_module(f"heatdeath.cli.{name}")
        # Python without docstrings (PYTHONOPTIMIZE=2) has none to show.
        description = module.__doc__ or ""
        summary = description.partition("\n")[0]
        command = commands.add_parser(
            name, help=summary, description=description, allow_abbrev=False
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
