"""What the jobs of families do: each a call with plain values and paths."""

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.target_files import TARGET, target_record


def write_source(source, *, output) -> None:
    """Write the file of the distribution p of the outcomes of a source."""
    from heatdeath.models.lookup import open_source

    opened = open_source(source)
    netcdf.write(target_record(opened.name, opened.probabilities, opened.labels), output)


def train_cell(arguments, *, seeds, root_seed, source, target_path, output, progress=None) -> None:
    """Run the closed loops of a block of seeds of a cell, and write its file."""
    import numpy as np

    from heatdeath.models.lookup import open_source
    from heatdeath.models.loop import record_loops

    opened = open_source(source)
    stored = netcdf.read(target_path, kind=TARGET)
    if not np.array_equal(stored.values("probability"), opened.probabilities):
        raise FileFormatError(target_path, f"does not hold the distribution of {source}; delete it")
    record = record_loops(opened, seeds=seeds, root_seed=root_seed, progress=progress, **arguments)
    netcdf.write(record, output)
