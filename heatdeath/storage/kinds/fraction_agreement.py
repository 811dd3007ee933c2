"""Fraction agreement: measured critical fractions of several studies against theory, at once."""

from heatdeath.storage.variables import Kind, Variable

_FRACTION = ("fraction",)


def _number(name, long_name, *, formula=""):
    return Variable(name, _FRACTION, ("float64",), "1", long_name, formula=formula)


KIND = Kind(
    name="fraction_agreement",
    title="Measured critical fractions against those of theory",
    dimensions={"fraction": "fractions that were measured and that theory has as well"},
    variables=(
        Variable(
            "quantity",
            _FRACTION,
            ("string",),
            None,
            "what was measured: prevent or recover, see the kinds growth and recovery",
        ),
        Variable("target", _FRACTION, ("string",), None, "target distribution p"),
        _number("temperature", "sampling temperature T"),
        _number("measured", "measured fraction"),
        _number("error", "its standard error, the spread over choices of the analysis included"),
        _number("half_width", "half-width of its confidence interval"),
        _number("theory", "the fraction by theory"),
        _number(
            "z_score",
            "normal deviate of the same probability as the pull in Student's distribution",
            formula="z of (measured - theory) / error",
        ),
    ),
    attributes={
        "confidence": "coverage of the intervals",
        "chi_square": "sum of the squares of z_score",
        "degrees_of_freedom": "number of fractions",
        "p_value": "probability of a chi-square at least as large if theory holds",
        "shift": "by which theory is shifted for a control that should fail",
        "shifted_p_value": "the p-value with theory shifted, up or down, whichever is the larger",
    },
)
