"""What the jobs of the workflow do: each a call with plain values and paths."""

from heatdeath.storage import netcdf


def write_target(target, *, output) -> None:
    """Write the file of a target distribution.

    Parameters
    ----------
    target : str
        Its name, such as ``"words:1000"``.
    output : str or os.PathLike
        The NetCDF file.

    Raises
    ------
    ParameterError
        If there is no such target.
    FileFormatError
        If the target is a file that cannot be used.
    """
    import numpy as np

    from heatdeath.storage.provenance import provenance
    from heatdeath.storage.record import Record
    from heatdeath.targets import resolve

    resolved = resolve(target)
    variables = {"probability": (("outcome",), resolved.probabilities)}
    if resolved.labels is not None:
        variables["label"] = (("outcome",), np.array(resolved.labels))
    netcdf.write(Record("target", variables, {"target": resolved.name, **provenance()}), output)


def simulate_cell(arguments, *, seeds, root_seed, target_path, output) -> None:
    """Simulate a block of seeds of a cell, and write its file.

    Parameters
    ----------
    arguments : dict
        Arguments of `heatdeath.simulate` other than those below.
    seeds : sequence of int
        The indices of the replicates.
    root_seed : int
        Seed from which the streams are derived.
    target_path : str or os.PathLike
        The file of the target.
    output : str or os.PathLike
        The NetCDF file.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    FileFormatError
        If the file of the target is damaged.
    """
    from heatdeath.simulation import record_trajectories
    from heatdeath.targets import Target

    stored = netcdf.read(target_path, kind="target")
    target = Target(stored.attributes["target"], stored.values("probability"), None)
    netcdf.write(record_trajectories(target, seeds=seeds, root_seed=root_seed, **arguments), output)
