"""What the jobs of the urn do: each a call with plain values and paths."""

from heatdeath.files import netcdf


def write_target(target, *, output) -> None:
    """Write the file of a target distribution."""
    from heatdeath.target_files import target_record
    from heatdeath.targets import resolve

    found = resolve(target)
    netcdf.write(target_record(found.name, found.probabilities, found.labels), output)


def simulate_cell(arguments, *, seeds, root_seed, target_path, output) -> None:
    """Simulate a block of seeds of a cell, and write its file."""
    from heatdeath.simulation import record_trajectories
    from heatdeath.target_files import stored_target

    target = stored_target(target_path)
    netcdf.write(record_trajectories(target, seeds=seeds, root_seed=root_seed, **arguments), output)
