"""The command line: ``heatdeath COMMAND ...``."""

import argparse
import importlib
import os
import sys

from heatdeath import __version__
from heatdeath.errors import HeatdeathError

COMMANDS = ("simulate", "critical", "plan", "check", "show", "compare")
"""Modules of this package, one a command, each with `add_arguments` and `run`."""

ERROR = 2


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, like those of the library."""

    def error(self, message):
        self.exit(ERROR, f"heatdeath: error: {message} (see {self.prog} --help)\n")


def main(argv=None) -> int:
    """Run a command."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except HeatdeathError as error:
        print("heatdeath: error:", " ".join(str(error).split("\n")), file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("heatdeath: interrupted; nothing was written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe, such as head, has seen enough; Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


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
        summary = module.__doc__.partition("\n")[0]
        command = commands.add_parser(
            name, help=summary, description=module.__doc__, allow_abbrev=False
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
