"""The reference page of the commands, docs/reference/command_line.md, from their arguments."""

import argparse
import importlib
from pathlib import Path

from heatdeath.cli import COMMANDS

PAGE_PATH = Path(__file__).parents[2] / "docs" / "reference" / "command_line.md"

_INTRODUCTION = """\
# Command line

Every command of `heatdeath` with its arguments. This page is generated from what the commands
themselves parse (`python -m heatdeath.reference`); `heatdeath COMMAND --help` says the same.

The exit code is 0 after success, 1 where `compare` finds a difference, and 2 after an error, which
is one line on the standard error, also where memory, a file or the standard output fails.
Characters that the encoding of the standard output lacks are printed as `?`. `heatdeath --version`
prints the version.
"""


def command_line_reference() -> str:
    """Return the reference page of all commands."""
    return "\n".join([_INTRODUCTION, *map(_section, COMMANDS)])


def _section(name):
    module = importlib.import_module(f"heatdeath.cli.{name}")
    parser = argparse.ArgumentParser(add_help=False)
    module.add_arguments(parser)
    # An ArgumentParser has no public list of its arguments.
    actions = parser._actions
    needed = [_spelt(action) for action in actions if action.required]
    usage = " ".join(
        ["heatdeath", name, *needed, *(["[OPTIONS]"] if len(needed) < len(actions) else [])]
    )
    lines = [f"## `heatdeath {name}`", "", _description(module), "", f"`{usage}`", ""]
    lines += ["| argument | | what it is |", "| --- | --- | --- |"]
    lines += [_row(action) for action in actions]
    return "\n".join([*lines, ""])


def _description(module):
    text, _, example = " ".join(module.__doc__.split()).partition(" Example: ")
    return f"{text} Example: `{example}`." if example else text


def _spelt(action):
    value = action.metavar or "|".join(action.choices or ()) or action.dest.upper()
    if action.nargs == "+":
        value = f"{value} [{value} ...]"
    if not action.option_strings:
        return value
    option = action.option_strings[-1]
    return option if action.nargs == 0 else f"{option} {value}"


def _row(action):
    cells = [f"`{_spelt(action)}`", "required" if action.required else "", action.help]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
