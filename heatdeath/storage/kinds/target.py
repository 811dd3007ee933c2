"""Target: the fresh distribution of a study."""

from heatdeath.storage.variables import Kind, Variable

KIND = Kind(
    name="target",
    title="Target distribution of a study",
    dimensions={"outcome": "possible outputs"},
    variables=(
        Variable(
            "label",
            ("outcome",),
            ("string",),
            None,
            "what the outcome is called",
            coordinate=True,
            required=False,
        ),
        Variable(
            "probability",
            ("outcome",),
            ("float64",),
            "1",
            "probability of the outcome among fresh outputs, p",
        ),
    ),
    attributes={
        "target": "name of the target distribution",
        "package_version": "version of heatdeath that made the file",
    },
)
