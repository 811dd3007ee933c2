"""The commands that pages may show: each is run, or is one of those that are only looked at."""

import argparse
import importlib.util
import itertools
import os
import re
import shlex

from heatdeath import cli

_PLACEHOLDER = re.compile(r"[A-Z]+$|<\w+>|.*[<*].*")
# Named by a page as an example of what a reader has, and this test has not.
_READERS_OWN = {"theirs.yaml"}
_NOTHING_TO_LOOK_AT = {
    "mamba": "conda's packages come over the network",
    "rsync": "copies from another machine",
    "tmux": "needs a terminal",
    "source": "this environment is another one",
    "tail": "follows a file without end",
    "git": "clones from a place that is the reader's choice",
    "unzip": "unpacks an archive that only a finished run makes",
}


def check_command(words, *, folder):
    """Check a command, and tell whether it is to be run.

    Everything is run that is quick and needs no network: `heatdeath`, a dry run of Snakemake and
    runs of a configuration that the page itself has written. Of the others everything that they
    name must exist: targets and variables of make, options of Snakemake, files and modules.

    Parameters
    ----------
    words : sequence of str
        The words of the command.
    folder : path
        The clone in which it is typed.

    Returns
    -------
    bool
        Whether to run it.

    Raises
    ------
    AssertionError
        If it names something that does not exist, or is a command that is not known here.
    """
    words = list(words)
    if "&&" in words:
        here = words.index("&&")
        parts = (words[:here], words[here + 1 :])
        return all([check_command(part, folder=folder) for part in parts])
    while "=" in words[0] and words[0].partition("=")[0].isidentifier():
        del words[0]
    program, arguments = os.path.basename(words[0]), words[1:]
    if program in _NOTHING_TO_LOOK_AT:
        _files_exist(arguments, folder, options=("--file",))
        return False
    checks = {
        "heatdeath": _heatdeath,
        "snakemake": _snakemake,
        "make": _make,
        "python": _python,
        "pip": _pip,
        "eval": _eval,
        "find": _reads_only,
        "cat": _reads_only,
        "cd": _reads_only,
        "sha256sum": _sha256sum,
        "sed": _reads_only,
    }
    assert program in checks, f"got the command {program}; allowed: {', '.join(sorted(checks))}"
    return checks[program](arguments, folder)


def _reads_only(arguments, folder):
    return not _is_missing_result(arguments[0], folder)


def _is_missing_result(path, folder):
    """Whether a file is one that `make` would have made."""
    return path.partition("/")[0] == "results" and not _exists("results", folder)


def _sha256sum(arguments, folder):
    for argument in arguments:
        known = ("--check", "--quiet", "--ignore-missing", "MANIFEST.sha256")
        assert argument in known, f"sha256sum is given {argument}"
    return False  # of files that `make` would have made


def _heatdeath(arguments, folder):
    if "|" in arguments:
        arguments = arguments[: arguments.index("|")]
    try:
        parsed = cli._parser().parse_args(arguments)
    except SystemExit:
        raise AssertionError(f"heatdeath {shlex.join(arguments)} cannot be parsed") from None
    named = [getattr(parsed, name, None) for name in ("configfile", "file", "files", "a", "b")]
    flat = [path for each in named for path in (each if isinstance(each, list) else [each]) if path]
    return not any(
        path in _READERS_OWN or _PLACEHOLDER.fullmatch(path) or _is_missing_result(path, folder)
        for path in flat
    )


def _snakemake(arguments, folder):
    from snakemake.cli import get_argument_parser

    parsed = vars(_strict(get_argument_parser()).parse_args(arguments))
    configured = [path for path in parsed["configfile"] or [] if not _exists(path, folder)]
    assert not configured, f"snakemake is given {configured}, which the page has not written"
    profile = parsed["workflow_profile"]
    assert profile is None or (folder / profile / "config.yaml").exists(), profile
    if profile is not None:
        return False  # needs the plugin of a cluster
    written_by_page = [
        path for path in parsed["configfile"] or [] if not str(path).startswith("config/")
    ]
    return bool(written_by_page) or parsed["dryrun"]


def _strict(parser):
    def error(message):
        raise AssertionError(message)

    parser.error = error
    return parser


def _make(arguments, folder):
    makefile = (folder / "Makefile").read_text(encoding="utf-8")
    for argument in arguments:
        name, assigned, value = argument.partition("=")
        if assigned:
            assert re.search(rf"^{name} \?=", makefile, re.MULTILINE), f"make has no {name}"
            if name == "SNAKEMAKE":
                _snakemake(shlex.split(value), folder)
            continue
        rules = re.findall(r"^([\w$()./ -]+):(?!=)", makefile, re.MULTILINE)
        targets = " ".join(rules).replace("$(STAMP)", ".venv/installed").split()
        assert name in targets, f"make has no target {name}"
    return False  # builds an environment first


def _python(arguments, folder):
    if arguments[0] == "-m":
        if arguments[1] == "pip":
            return _pip(arguments[2:], folder)
        assert importlib.util.find_spec(arguments[1]), f"no module {arguments[1]}"
        return False
    script = folder / arguments[0]
    assert script.exists(), f"no file {arguments[0]}"
    if script.is_dir():
        # The names of programs in the folder follow.
        for name in arguments[1:]:
            assert (script / f"{name}.py").exists(), f"{arguments[0]} has no {name}"
    elif script.parent == folder:
        return True  # the page has written it
    return False


def _pip(arguments, folder):
    parser = _strict(argparse.ArgumentParser(allow_abbrev=False))
    for flag in ("--no-deps", "--no-build-isolation", "--require-hashes", "--editable"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--requirement")
    parser.add_argument("command", choices=["install"])
    parser.add_argument("what", nargs="*")
    parsed = parser.parse_intermixed_args(arguments)
    _files_exist(["--requirement", parsed.requirement], folder, options=("--requirement",))
    assert set(parsed.what) <= {"."}, f"pip installs {parsed.what}"
    return False  # over the network


def _eval(arguments, folder):
    inner = re.fullmatch(r"\$\((.*)\)", arguments[0])
    assert inner, f"eval of {arguments[0]}"
    check_command(shlex.split(inner[1]), folder=folder)
    return False  # it would change the processor's features for what follows


def _files_exist(arguments, folder, *, options):
    for option, value in itertools.pairwise(arguments):
        if option in options and value:
            assert _exists(value, folder), f"no file {value}"


def _exists(path, folder):
    return (folder / path).exists()
