"""What the text quotes about a plane of temperature and fresh fraction."""

import json

import numpy as np

from heatdeath.figures.selection import axis_values, flag_value, over
from heatdeath.figures.wording import target_text
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import ENSEMBLE, PHASE_DIAGRAM
from heatdeath.measure.theory_lines import THEORY_LINES
from heatdeath.paper.entries import exact, measured, setting, words
from heatdeath.phases import FAITHFUL, JOINT_PHASES, TRAJECTORY_PHASES
from heatdeath.starts import parse_start
from heatdeath.target_files import TARGET

_AXES = ("initial", "temperature", "fresh_fraction")
# The text speaks of one temperature below and one above 1: those of the study nearest to these.
_COLD, _HOT = 0.5, 2.0
_OBSERVABLES = {
    "top1": "top1_mass",
    "effective": "effective_outcomes",
    "variation": "total_variation",
}


def plane_numbers(diagram, *, ensemble, target, lines) -> dict:
    """Collect what became of the cells of a study, and what theory says about its target."""
    record = netcdf.read(diagram, kind=PHASE_DIAGRAM)
    probability = netcdf.read(target, kind=TARGET).values("probability")
    temperatures = axis_values(record, "temperature")
    fractions = axis_values(record, "fresh_fraction")
    attributes = record.attributes
    numbers = settings_numbers(attributes) | {
        "target": words(target_text(attributes["target"])),
        "target_effective": exact(np.exp(attributes["target_entropy"])),
        "target_most": exact(probability.max()),
        "target_least": exact(probability.min()),
        "tolerance": setting(attributes["tolerance"]),
        "n_cells": exact(record.values("phase").size),
        "n_trajectories": exact(record.values("phase").size * attributes["n_seeds"]),
        "least_fraction": setting(float(fractions[0])),
    }
    numbers |= _phases(record)
    start = drawn_start(record)
    shares = np.sort(record.values("quantile"))
    numbers["spread"] = setting(round(100 * (shares[-1] - shares[0]), 6))
    # The first checkpoint is the start, the same for every temperature and fraction in law.
    at_start = over(netcdf.read(ensemble, kind=ENSEMBLE), "total_variation", _AXES, quantile=0.5)
    numbers["start_variation"] = exact(at_start[start, 0, 0, 0], digits=2)
    for name, temperature in nearest_temperatures(temperatures).items():
        row = np.flatnonzero(temperatures == temperature)[0]
        numbers[f"{name}_temperature"] = setting(temperature)
        for short, observable in _OBSERVABLES.items():
            numbers[f"{name}_{short}"] = _spread(record, observable, (start, row, 0))
        phases = over(record, "phase", _AXES)[start, row]
        numbers |= fraction_entry(f"{name}_faithful_from", least_faithful(phases, fractions))
    return numbers | _line_numbers(lines, numbers)


def settings_numbers(attributes) -> dict:
    """Quote what the cells of a study share; what is an axis of the study is left out."""
    names = ("n_outcomes", "initial_size", "horizon", "n_seeds")
    numbers = {name: exact(float(attributes[name])) for name in names if name in attributes}
    if {"initial_size", "horizon"} <= set(numbers):
        growth = numbers["horizon"]["value"] / numbers["initial_size"]["value"]
        numbers["growth"] = exact(growth)
    return numbers


def nearest_temperatures(temperatures) -> dict[str, float]:
    """Choose the temperature nearest to ½ below 1, 1 itself, and the nearest to 2 above 1."""
    chosen = {}
    cold = temperatures[(temperatures > 0) & (temperatures < 1)]
    hot = temperatures[(temperatures > 1) & np.isfinite(temperatures)]
    if cold.size:
        chosen["cold"] = float(cold[np.argmin(abs(cold - _COLD))])
    if 1.0 in temperatures:
        chosen["one"] = 1.0
    if hot.size:
        chosen["hot"] = float(hot[np.argmin(abs(hot - _HOT))])
    return chosen


def least_faithful(phases, fractions):
    """Return the fraction from which on all phases, shape (fraction,), are faithful, or None."""
    unfaithful = np.flatnonzero(phases != FAITHFUL)
    first = unfaithful[-1] + 1 if unfaithful.size else 0
    return None if first == len(fractions) else float(fractions[first])


def fraction_entry(name, value) -> dict:
    """Return an entry for a fraction, or nothing where there is none."""
    return {} if value is None else {name: setting(value)}


def drawn_start(record) -> int:
    """Return the index of the start that is drawn from the target; 0 where there is none."""
    starts = [parse_start(str(start)) for start in axis_values(record, "initial").tolist()]
    return next((i for i, start in enumerate(starts) if start.kind == "target"), 0)


def _phases(record):
    codes = record.values("phase")
    numbers = {
        f"{phase}_cells": exact(np.count_nonzero(codes == code))
        for code, phase in enumerate(TRAJECTORY_PHASES)
    }
    if "joint_phase" in record.variables:
        joint = record.values("joint_phase")
        disagree = joint == JOINT_PHASES.index("starts_disagree")
        numbers["joint_cells"] = exact(joint.size)
        numbers["disagree_cells"] = exact(np.count_nonzero(disagree))
    return numbers


def _spread(record, observable, place):
    """Quote a median over seeds with the outermost quantiles that are recorded."""
    values = over(record, observable, _AXES)[place]
    shares = record.values("quantile")
    order = np.argsort(shares)
    low, median, high = values[order[0]], values[np.argmin(abs(shares - 0.5))], values[order[-1]]
    return measured(median, low, high)


def _line_numbers(path, numbers):
    record = netcdf.read(path, kind=THEORY_LINES)
    temperatures = record.values("temperature")
    tolerances = record.values("tolerance")
    fold = flag_value(record, "critical_kind", "fold")
    chosen = int(np.argmin(abs(tolerances - record.attributes["study_tolerance"])))
    found = {}
    for name in ("cold", "hot"):
        wanted = numbers.get(f"{name}_temperature")
        if wanted is None:
            continue
        # The line has temperatures of its own between those of the study.
        rows = np.flatnonzero(np.isclose(temperatures, wanted["value"], rtol=1e-9, atol=0))
        if not rows.size:
            continue
        row = rows[0]
        found[f"{name}_tolerance_fraction"] = exact(
            record.values("tolerance_fraction")[row, chosen]
        )
        if record.values("recover")[row] > 0:
            found[f"{name}_recover"] = exact(record.values("recover")[row])
            found[f"{name}_recover_least"] = exact(record.values("recover_least_frequent")[row])
            found[f"{name}_recover_rank"] = exact(record.values("recover_output")[row] + 1)
        if record.values("critical_kind")[row] == fold:
            found[f"{name}_prevent"] = exact(record.values("prevent")[row])
    return found


def regime_numbers(diagram) -> dict:
    """Collect what other regimes and sampling rules make of the same plane, in rows."""
    record = netcdf.read(diagram, kind=PHASE_DIAGRAM)
    axes = ("variant", "temperature", "fresh_fraction")
    temperatures = axis_values(record, "temperature")
    fractions = axis_values(record, "fresh_fraction")
    chosen = nearest_temperatures(temperatures)
    phases = over(record, "phase", axes)
    effective = over(record, "effective_outcomes", axes, quantile=0.5)
    settings = json.loads(record.attributes["variants"])
    rows = []
    for i, variant in enumerate(record.values("variant").tolist()):
        row = {"variant": words(variant), "settings": words(_plain_settings(settings[variant]))}
        for name, temperature in chosen.items():
            j = np.flatnonzero(temperatures == temperature)[0]
            row[f"{name}_effective"] = exact(effective[i, j, 0])
            row |= fraction_entry(f"{name}_faithful_from", least_faithful(phases[i, j], fractions))
        rows.append(row)
    attributes = record.attributes
    numbers = settings_numbers(attributes) | {
        f"{name}_temperature": setting(temperature) for name, temperature in chosen.items()
    }
    return numbers | {
        "n_variants": exact(len(rows)),
        "target_effective": exact(np.exp(attributes["target_entropy"])),
        "tolerance": setting(attributes["tolerance"]),
        "least_fraction": setting(float(fractions[0])),
        "rows": rows,
    }


def _plain_settings(settings):
    short = {"batch_size": "m", "top_k": "k"}
    return ", ".join(
        f"{short.get(name, name.replace('_', '-'))} = {setting(float(value))['text']}"
        for name, value in settings.items()
        if name != "regime"
    )
