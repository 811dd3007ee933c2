"""The file of a study's target: what it holds, how it is made and read."""

import numpy as np

from heatdeath.files import netcdf
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, number, text
from heatdeath.targets import Target

TARGET = Kind(
    name="target",
    title="Target distribution of a study",
    dimensions={"outcome": "possible outputs"},
    variables=(
        text("label", ("outcome",), "what the outcome is called", coordinate=True, required=False),
        number("probability", ("outcome",), "probability of the outcome among fresh outputs, p"),
    ),
    attributes={
        "target": "name of the target distribution",
        "package_version": "version of heatdeath that made the file",
    },
)


def target_record(name, probabilities, labels=None) -> Record:
    """Return the record of a target: probabilities, shape (outcome,), and perhaps labels."""
    variables = {"probability": (("outcome",), probabilities)}
    if labels is not None:
        variables["label"] = (("outcome",), np.array(labels))
    return Record(TARGET, variables, {"target": name, **provenance()})


def stored_target(source) -> Target:
    """Return the target that a file or its record holds, without labels, or the target itself."""
    if isinstance(source, Target):
        return source
    record = netcdf.opened(source, kind=TARGET)
    return Target(record.attributes["target"], record.values("probability"))
