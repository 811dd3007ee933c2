"""What the text quotes about critical and tolerance fractions, in theory and as measured."""

import numpy as np

from heatdeath.figures.selection import flag_value
from heatdeath.figures.wording import target_text
from heatdeath.files import netcdf
from heatdeath.measure.capture import CAPTURE
from heatdeath.measure.fraction_agreement import FRACTION_AGREEMENT
from heatdeath.measure.growth import GROWTH
from heatdeath.measure.recovery import RECOVERY
from heatdeath.measure.sizes import SIZES
from heatdeath.measure.tolerance_scan import TOLERANCE_SCAN
from heatdeath.paper.cells import at, cells, short_target
from heatdeath.paper.entries import decimal, exact, measured, p_value, setting, words
from heatdeath.study.target_names import n_outcomes
from heatdeath.theory.critical import critical_fractions
from heatdeath.theory.frozen_noise import half_capture_fraction
from heatdeath.theory.published_bounds import euclidean_bound, fisher_rao_bound

# Tables quote theory with as many decimals as the check values of the documentation.
_PLACES = 4
_PLACES_IN_TEXT = 3


def example_numbers(target, *, temperature) -> dict:
    """Work out the thresholds of one target at one temperature, and the published conditions."""
    critical = critical_fractions(target, temperature=temperature)
    euclidean = euclidean_bound(target, temperature=temperature)
    fisher_rao = fisher_rao_bound(target, temperature=temperature)
    numbers = {
        "target": words(target_text(target)),
        "n_outcomes": exact(n_outcomes(target)),
        "temperature": setting(temperature),
        "euclidean_fraction": decimal(euclidean.fresh_fraction, places=_PLACES_IN_TEXT),
        "euclidean_ratio": exact(euclidean.ratio),
        "fisher_rao_ratio": exact(fisher_rao.ratio),
    }
    for name in ("prevent", "recover"):
        fraction = getattr(critical, name)
        if np.isfinite(fraction):
            ratio = fraction / (1 - fraction)
            numbers |= {
                name: decimal(fraction, places=_PLACES_IN_TEXT),
                f"{name}_ratio": exact(ratio),
                f"{name}_euclidean_factor": exact(euclidean.ratio / ratio, digits=2),
            }
    return numbers


def agreement_numbers(agreement) -> dict:
    """Collect the measured critical fractions beside those of theory."""
    record = netcdf.read(agreement, kind=FRACTION_AGREEMENT)
    columns = {name: record.values(name) for name in record.variables}
    rows = []
    for i in range(columns["measured"].size):
        value, half = columns["measured"][i], columns["half_width"][i]
        name = str(columns["target"][i])
        rows.append(
            {
                "quantity": words(columns["quantity"][i]),
                "target": words(short_target(name)),
                "temperature": setting(float(columns["temperature"][i])),
                "measured": measured(value, value - half, value + half),
                "theory": decimal(columns["theory"][i], places=_PLACES),
                "deviate": decimal(columns["z_score"][i], places=1),
            }
        )
    return _tested(record.attributes) | {"n_fractions": exact(len(rows)), "rows": rows}


def growth_numbers(growth) -> dict:
    """Collect how deviations of drawn starts were measured."""
    return _settings([netcdf.read(growth, kind=GROWTH)])


def recovery_numbers(recoveries) -> dict:
    """Collect how passages from collapse were measured."""
    return _settings([netcdf.read(path, kind=RECOVERY) for path in recoveries])


def tolerance_numbers(tolerance) -> dict:
    """Collect the measured tolerance fractions beside those of theory."""
    record = netcdf.read(tolerance, kind=TOLERANCE_SCAN)
    rows = [
        {
            "target": words(short_target(cell["target"])),
            "temperature": setting(float(cell["temperature"])),
            "measured": measured(
                at(record, "sufficient", place), *at(record, "sufficient_interval", place)
            ),
            "theory": decimal(at(record, "sufficient_theory", place), places=_PLACES),
        }
        for place, cell in cells(record, "sufficient")
        if at(record, "sufficient_measured", place)
    ]
    numbers = _tested(record.attributes) | {
        "tolerance": setting(record.attributes["tolerance"]),
        "n_fractions": exact(len(rows)),
        "rows": rows,
    }
    if rows:
        ordered = sorted((row["measured"] for row in rows), key=lambda entry: entry["value"])
        numbers |= {"least": ordered[0], "most": ordered[-1]}
    return numbers


def size_numbers(sizes) -> dict:
    """Collect how critical fractions change with the number of outcomes."""
    record = netcdf.read(sizes, kind=SIZES)
    n = record.values("n_outcomes")
    fold = flag_value(record, "critical_kind", "fold")
    cold = int(np.argmin(record.values("temperature")))
    rows = []
    for i, family in enumerate(record.values("family").tolist()):
        for k in (int(np.argmin(n)), int(np.argmax(n))):
            place = i, cold, k
            recover = record.values("recover")[place]
            euclidean = record.values("euclidean_ratio")[place]
            row = {
                "family": words(family.replace("zipf:", "Zipf ")),
                "n_outcomes": exact(int(n[k])),
                "tolerance_fraction": decimal(
                    record.values("tolerance_fraction")[place], places=_PLACES
                ),
                "euclidean_ratio": exact(euclidean),
            }
            if record.values("critical_kind")[place] == fold:
                row["prevent"] = decimal(record.values("prevent")[place], places=_PLACES)
            if recover > 0:
                row["recover"] = decimal(recover, places=_PLACES)
                row["recover_ratio"] = exact(recover / (1 - recover))
            rows.append(row)
    return {
        "temperature": setting(float(record.values("temperature")[cold])),
        "tolerance": setting(record.attributes["tolerance"]),
        "rows": rows,
    }


def capture_numbers(capture) -> dict:
    """Collect how often starts that are drawn from the target are captured."""
    record = netcdf.read(capture, kind=CAPTURE)
    bracketed = flag_value(record, "half_flag", "bracketed")
    predicted = flag_value(record, "prediction_flag", "predicted")
    rows = []
    for place, cell in cells(record, "half_fraction"):
        if at(record, "half_flag", place) != bracketed:
            continue
        size = float(cell["initial_size"])
        half = at(record, "half_fraction", place)
        row = {
            "target": words(short_target(cell["target"])),
            "initial_size": exact(size),
            "measured": measured(half, *at(record, "half_fraction_interval", place)),
        }
        if at(record, "prediction_flag", place) == predicted:
            fraction = half_capture_fraction(
                n_outcomes=n_outcomes(str(cell["target"])),
                temperature=float(cell["temperature"]),
                initial_size=size,
            )
            row["predicted"] = decimal(fraction, places=_PLACES)
        rows.append(row)
    return _settings([record]) | {"rows": rows}


def _tested(attributes):
    """Quote a χ² against theory, and the same with theory shifted as a negative control."""
    return {
        "chi_square": exact(attributes["chi_square"]),
        "degrees_of_freedom": exact(attributes["degrees_of_freedom"]),
        "p": p_value(attributes["p_value"]),
        "shift": setting(attributes["shift"]),
        "shifted_p": p_value(attributes["shifted_p_value"]),
    }


def _settings(records):
    sizes, growths = [], []
    for record in records:
        its = (
            record.values("initial_size").tolist()
            if "initial_size" in record.variables
            else [float(record.attributes["initial_size"])]
        )
        sizes += its
        growths += [record.attributes["horizon"] / size for size in its]
    seeds = [record.attributes["n_seeds"] for record in records]
    return {
        "least_initial_size": exact(min(sizes)),
        "most_initial_size": exact(max(sizes)),
        "least_growth": exact(min(growths), digits=2),
        "most_growth": exact(max(growths), digits=2),
        "n_seeds": exact(max(seeds)),
    }
