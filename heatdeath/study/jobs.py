"""What the jobs of the workflow do: each a call with plain values and paths."""

from heatdeath.storage import netcdf


def write_target(target, *, output) -> None:
    """Write the file of a target distribution."""
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
    """Simulate a block of seeds of a cell, and write its file."""
    from heatdeath.simulation import record_trajectories
    from heatdeath.targets import Target

    stored = netcdf.read(target_path, kind="target")
    target = Target(stored.attributes["target"], stored.values("probability"), None)
    netcdf.write(record_trajectories(target, seeds=seeds, root_seed=root_seed, **arguments), output)
