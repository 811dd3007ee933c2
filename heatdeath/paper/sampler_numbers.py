"""What the text quotes about the samplers: how exact they are, and what they cost."""

from heatdeath.figures.cost import read_timings
from heatdeath.files import netcdf
from heatdeath.measure.exactness import EXACTNESS
from heatdeath.paper.entries import exact, p_value, setting

_NANOSECONDS = 1e9


def exactness_numbers(exactness) -> dict:
    """Collect how the samplers compare with exact laws."""
    record = netcdf.read(exactness, kind=EXACTNESS)
    p_values = record.values("p_value").ravel()
    return {
        "tests": exact(p_values.size),
        "n_seeds": exact(record.attributes["n_seeds"]),
        "horizon": exact(record.attributes["horizon"]),
        "least_p": p_value(p_values.min()),
        "expected_least_p": exact(1 / (p_values.size + 1), digits=2),
    }


def cost_numbers(timings) -> dict:
    """Collect what a trajectory costs with each method."""
    rows = read_timings(timings)
    n = min(row.n_outcomes for row in rows)
    temperature = min(row.temperature for row in rows if row.n_outcomes == n)
    numbers = {"n_outcomes": exact(n), "temperature": setting(temperature)}
    for method in ("leap", "sequential", "plain loop"):
        of_method = [
            row
            for row in rows
            if (row.method, row.n_outcomes, row.temperature) == (method, n, temperature)
        ]
        if of_method:
            longest = max(of_method, key=lambda row: row.horizon)
            name = method.replace(" ", "_")
            per_output = longest.seconds / longest.horizon * _NANOSECONDS
            numbers |= {
                f"{name}_horizon": exact(longest.horizon),
                f"{name}_seconds": exact(longest.seconds, digits=2),
                f"{name}_nanoseconds": exact(per_output, digits=2),
            }
    return numbers
