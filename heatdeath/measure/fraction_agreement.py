"""One test of the critical fractions that several studies measured against those of theory."""

import numpy as np
from scipy import special

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, number, text
from heatdeath.measure.fraction_estimates import CONFIDENCE, SHIFT
from heatdeath.measure.growth import GROWTH
from heatdeath.measure.intervals import normal_deviate
from heatdeath.measure.recovery import RECOVERY
from heatdeath.measure.summary_rows import row_of_joint_test

_FRACTION = ("fraction",)

FRACTION_AGREEMENT = Kind(
    name="fraction_agreement",
    title="Measured critical fractions against those of theory",
    dimensions={"fraction": "fractions that were measured and that theory has as well"},
    variables=(
        text(
            "quantity",
            _FRACTION,
            "what was measured: prevent or recover, see the kinds growth and recovery",
        ),
        text("target", _FRACTION, "target distribution p"),
        number("temperature", _FRACTION, "sampling temperature T"),
        number("measured", _FRACTION, "measured fraction"),
        number(
            "error",
            _FRACTION,
            "its standard error, the spread over choices of the analysis included",
        ),
        number("half_width", _FRACTION, "half-width of its confidence interval"),
        number("theory", _FRACTION, "the fraction by theory"),
        number(
            "z_score",
            _FRACTION,
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


def compare_fractions(growth_paths, recovery_paths) -> Record:
    """Test all critical fractions that were measured against theory, in one χ².

    Studies have trajectories of their own, so that their errors are independent. Errors from few
    seeds are themselves uncertain: each pull (measured − theory)/error is turned from a deviate of
    Student's distribution into a normal one before it is squared.
    """
    records = [("prevent", netcdf.opened(path, kind=GROWTH)) for path in growth_paths]
    records += [("recover", netcdf.opened(path, kind=RECOVERY)) for path in recovery_paths]
    rows = [row for quantity, record in records for row in _rows(quantity, record)]
    if not rows:
        raise ParameterError(
            "paths",
            [str(path) for path in (*growth_paths, *recovery_paths)],
            "studies that measured a fraction",
        )
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    numbers = {
        name: np.array(columns[name])
        for name in ("temperature", "measured", "error", "half_width", "theory")
    }
    freedom = np.array(columns["n_seeds"]) - 1
    difference = numbers["measured"] - numbers["theory"]

    def deviates(shift):
        return normal_deviate((difference - shift) / numbers["error"], freedom)

    def p_value(shift):
        return float(special.chdtrc(len(rows), np.sum(deviates(shift) ** 2)))

    z_score = deviates(0.0)
    variables = {
        "quantity": (_FRACTION, np.array(columns["quantity"])),
        "target": (_FRACTION, np.array(columns["target"])),
        **{name: (_FRACTION, values) for name, values in numbers.items()},
        "z_score": (_FRACTION, z_score),
    }
    attributes = {
        "confidence": CONFIDENCE,
        "chi_square": float(z_score @ z_score),
        "degrees_of_freedom": len(rows),
        "p_value": p_value(0.0),
        "shift": SHIFT,
        "shifted_p_value": max(p_value(SHIFT), p_value(-SHIFT)),
        **provenance(),
    }
    return Record(FRACTION_AGREEMENT, variables, attributes)


def _rows(quantity, record):
    """Yield what one file measured and theory has, a dict a fraction."""
    axes = record.dimensions(quantity)
    values = record.values(quantity)
    interval = record.values(f"{quantity}_interval")
    known = record.values(f"{quantity}_measured") & record.values(f"{quantity}_theory_exists")
    for index in map(tuple, np.argwhere(known)):
        place = {name: record.values(name)[i] for name, i in zip(axes, index, strict=True)}
        yield {
            "quantity": quantity,
            "target": str(place.get("target", record.attributes.get("target"))),
            "temperature": float(place.get("temperature", record.attributes.get("temperature"))),
            "measured": float(values[index]),
            "error": float(record.values(f"{quantity}_error")[index]),
            "half_width": float(np.ptp(interval[index]) / 2),
            "theory": float(record.values(f"{quantity}_theory")[index]),
            "n_seeds": int(record.attributes["n_seeds"]),
        }


def summary_rows(record, prefix):
    """Return the row of the summary: the p-value of all together."""
    return row_of_joint_test(record, prefix)
