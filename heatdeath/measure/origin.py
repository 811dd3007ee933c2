"""Whether files of trajectories are of the study and of the seeds whose place they have."""

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.models.arguments import FAMILY_ARGUMENTS, check_loop
from heatdeath.process import DEFAULTS, check_arguments, checkpoints_of
from heatdeath.starts import DEFAULT_SIZE_PER_OUTCOME


def check_origin(paths, records, place, origin) -> None:
    """Refuse the files of a cell that were not simulated with the arguments of a study.

    A file from another folder or from an earlier configuration is whole, so that its checksum says
    nothing about it.
    """
    bundle = origin["variants"].get(place.get("variant"), {})
    # A target that is a setting takes precedence over what its file says.
    arguments = {**place, **origin["settings"], **bundle}
    arguments.pop("variant", None)
    target = arguments.pop("target")
    for path, record in zip(paths, records, strict=True):
        stated = record.attributes
        check_stated(path, "target", stated["target"], target)
        try:
            process, horizon, described = _process(stated["n_outcomes"], arguments)
        except ParameterError as error:
            raise FileFormatError(path, f"is not of this study: {error}") from error
        expected = {
            "root_seed": origin["root_seed"],
            "horizon": horizon,
            **described,
        }
        if process.initial_size is None and process.initial.kind != "file":
            expected["initial_size"] = decimal_text(DEFAULT_SIZE_PER_OUTCOME * stated["n_outcomes"])
        # Of a start that is a file the size is its sum, which the configuration does not tell.
        names = {*expected, *DEFAULTS, *FAMILY_ARGUMENTS}
        for name in sorted(names - ({"initial_size"} - {*expected})):
            check_stated(path, name, stated.get(name), expected.get(name))
        moments = checkpoints_of(
            process,
            arguments.get("checkpoints", DEFAULTS["checkpoints"]),
            horizon=horizon,
            initial_size=float(record.values("dataset_size")[0]),
        )
        if not np.array_equal(record.values("outputs"), moments):
            raise FileFormatError(path, "has other checkpoints than its study")
    seeds = np.sort(np.concatenate([record.values("seed") for record in records]))
    if not np.array_equal(seeds, np.arange(origin["seeds"])):
        raise FileFormatError(
            paths[-1],
            f"is of a cell whose files hold the seeds {_listed(seeds)}; its study has "
            f"0 to {origin['seeds'] - 1}, each once",
        )


def _process(n_outcomes, arguments):
    if "family" not in arguments:
        process, horizon, _, _ = check_arguments(n_outcomes, **arguments)
        return process, horizon, process.attributes()
    loop, horizon, _, _ = check_loop(n_outcomes, **arguments)
    return loop.process, horizon, loop.attributes()


def check_stated(path, name, found, expected) -> None:
    """Refuse a file that states another value than its study has."""
    if as_stated(found) != as_stated(expected):
        raise FileFormatError(
            path,
            f"has {name} {found!r}, and its study has {expected!r}: it is of another study, or "
            "was made before the configuration was edited; delete it",
        )


def as_stated(value):
    """Return a value as files state it: numbers as canonical decimals."""
    return value if value is None or isinstance(value, str) else decimal_text(value)


def _listed(seeds):
    return ", ".join(map(str, seeds[:8])) + (", …" if len(seeds) > 8 else "")
