"""The axes that a study may have, as coordinate variables of its aggregates."""

from heatdeath.files.variables import Variable


def _axis(name, dtypes, units, long_name, *, may_be_infinite=False):
    return Variable(
        name,
        (name,),
        dtypes,
        units,
        long_name,
        coordinate=True,
        required=False,
        may_be_infinite=may_be_infinite,
    )


_TEXT = ("string",)
_NUMBER = ("float64", "int64")

AXES = (
    _axis("temperature", ("float64",), "1", "sampling temperature T", may_be_infinite=True),
    _axis("fresh_fraction", ("float64",), "1", "probability f that a new output is fresh"),
    _axis("initial", _TEXT, None, "start of the trajectories"),
    _axis("target", _TEXT, None, "target distribution p"),
    _axis("initial_size", _NUMBER, "1", "outputs in the initial dataset"),
    _axis("horizon", ("int64",), "1", "outputs sampled in a trajectory, K"),
    _axis("regime", _TEXT, None, "data regime"),
    _axis("batch_size", ("int64",), "1", "outputs added per iteration, m"),
    _axis("window", ("int64",), "1", "batches that the model is fitted to"),
    _axis("subsample", ("int64",), "1", "outputs that the model is fitted to"),
    _axis("top_k", ("int64",), "1", "most probable outcomes that are sampled from"),
    _axis("top_p", ("float64",), "1", "probability mass that is sampled from"),
    _axis("min_p", ("float64",), "1", "least probability relative to the largest that is sampled"),
    _axis("rule", _TEXT, None, "sampling rule of the user"),
    _axis("sampler", _TEXT, None, "sampler of the urn"),
    _axis("width", ("int64",), "1", "size of the models of a family"),
    _axis("variant", _TEXT, None, "named bundle of settings"),
)
"""Coordinates of the cell axes; a file has those of its study."""

AXIS_DIMENSIONS = {axis.name: f"axis of the study: {axis.long_name}" for axis in AXES}
