"""Figures: the same bytes on every drawing, whatever the grid; nothing cut off or overlapping."""

import json
import math
import re
from functools import cache

import matplotlib
import numpy as np
import pytest
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from heatdeath import targets
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.figures import (
    architectures,
    collapse_rates,
    cost,
    exactness,
    model_sizes,
    phase_diagram,
    plane_axes,
    plane_cells,
    rates,
    regimes,
    rescue,
    sizes,
    style,
    trajectories,
    wording,
)
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.measure.sizes import sizes as fractions_of_sizes
from heatdeath.measure.theory_lines import theory_lines
from heatdeath.measure.thresholds import thresholds
from heatdeath.observables import OBSERVABLES
from heatdeath.phases import TRAJECTORY_PHASES
from heatdeath.study.catalogue import kind_named

QUANTILES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
ATTRIBUTES = {
    "target": "zipf:1:100",
    "n_outcomes": 100,
    "initial": "target",
    "initial_size": "1000",
    "horizon": 10**9,
    "regime": "accumulate",
    "n_seeds": 32,
    "tolerance": 0.1,
    "confidence": 0.95,
    "target_entropy": 3.7,
}
WIDE_GRID = {
    "temperature": [0, 0.25, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 2, 4, math.inf],
    "fresh_fraction": [0, 0.01, 0.1, 0.3, 0.5, 0.7, 1],
    "initial": ["target", "collapsed:most:0.01"],
}
TIMINGS = """method,n_outcomes,temperature,horizon,seconds
plain loop,100,0.5,1000,0.01
plain loop,100,0.5,100000,1
sequential,100,0.5,1000,0.001
sequential,100,0.5,100000000,4
leap,100,0.5,1000,0.001
leap,100,0.5,1000000000000,15
leap,100,2,1000,0.001
leap,100,2,1000000000000,31
"""


def coordinates(axes):
    return {name: ((name,), np.array(values)) for name, values in axes.items()}


def diagram(axes, **attributes):
    """Make a phase diagram that turns from collapse to heat death along the temperature."""
    names = tuple(axes)
    shape = tuple(len(values) for values in axes.values())
    rng = np.random.default_rng(0)
    temperature = np.linspace(-1, 1, shape[names.index("temperature")])
    along = [-1 if name == "temperature" else 1 for name in names]
    order = np.broadcast_to(temperature.reshape(along), shape)
    phase = np.where(order < -0.2, 1, np.where(order > 0.2, 2, 0)).astype(np.int8)
    share = np.eye(3)[phase]
    interval = np.stack([np.maximum(share - 0.3, 0), np.minimum(share + 0.3, 1)], -1)
    variables = coordinates(axes) | {
        "quantile": (("quantile",), QUANTILES),
        "trajectory_phase": (("trajectory_phase",), np.array(TRAJECTORY_PHASES)),
        "bound": (("bound",), np.array(["lower", "upper"])),
        "phase": (names, phase),
        "phase_share": ((*names, "trajectory_phase"), share),
        "phase_share_interval": ((*names, "trajectory_phase", "bound"), interval),
        "order_parameter": ((*names, "quantile"), order[..., None] * np.ones(5)),
    }
    for name in (*OBSERVABLES, "total_variation_from_start"):
        variables[name] = ((*names, "quantile"), rng.random((*shape, 5)))
    if "initial" in names:
        others = tuple(name for name in names if name != "initial")
        joint = phase.take(0, axis=names.index("initial")).copy()
        joint[0] = 4
        variables["joint_phase"] = (others, joint)
    return Record(kind_named("phase_diagram"), variables, ATTRIBUTES | attributes)


def ensemble_and_flow(axes):
    names = tuple(axes)
    shape = (*(len(values) for values in axes.values()), 5)
    rng = np.random.default_rng(0)
    outputs = np.array([0, 10**4, 10**6, 10**8, 10**9])
    shared = coordinates(axes) | {"outputs": (("checkpoint",), outputs)}
    ensemble = shared | {
        "quantile": (("quantile",), QUANTILES),
        "dataset_size": (("checkpoint",), outputs + 1000.0),
    }
    flow = dict(shared)
    for name in (*OBSERVABLES, "total_variation_from_start"):
        samples = np.sort(rng.random((*shape, 5)), axis=-1)
        ensemble[name] = ((*names, "checkpoint", "quantile"), samples)
        if name in OBSERVABLES:
            flow[name] = ((*names, "checkpoint"), samples[..., 2])
    targets = {f"target_{name}": 0.3 for name in OBSERVABLES}
    return (
        Record(kind_named("ensemble"), ensemble, dict(ATTRIBUTES)),
        Record(kind_named("mean_field"), flow, ATTRIBUTES | targets),
    )


def comparison(axes):
    names = tuple(axes)
    shape = tuple(len(values) for values in axes.values())
    rng = np.random.default_rng(0)
    law = np.full((*shape, 61), 1 / 61)
    variables = coordinates(axes) | {
        "count": (("count",), np.arange(61)),
        "exact_probability": ((*names, "count"), law),
        "observed_frequency": ((*names, "count"), rng.dirichlet(np.full(61, 50), size=shape)),
        "chi_square": (names, rng.random(shape)),
        "degrees_of_freedom": (names, np.full(shape, 60)),
        "p_value": (names, rng.random(shape)),
    }
    return Record(kind_named("exactness"), variables, ATTRIBUTES | {"horizon": 60, "n_outcomes": 2})


def drawn_phase_diagram(folder, axes=WIDE_GRID, **attributes):
    netcdf.write(diagram(axes, **attributes), folder / "phase_diagram.nc")
    return phase_diagram.draw, (folder / "phase_diagram.nc",), {}


def drawn_trajectories(folder, axes=WIDE_GRID, **choices):
    ensemble, flow = ensemble_and_flow(axes)
    netcdf.write(ensemble, folder / "ensemble.nc")
    netcdf.write(flow, folder / "mean_field.nc")
    choices["mean_field_path"] = folder / "mean_field.nc"
    return trajectories.draw, (folder / "ensemble.nc",), choices


def drawn_exactness(folder, axes=None):
    axes = axes or {
        "sampler": ["sequential", "leap", "dense"],
        "temperature": [0.25, 0.5, 1, 2],
        "fresh_fraction": [0, 0.1, 0.5],
    }
    netcdf.write(comparison(axes), folder / "exactness.nc")
    return exactness.draw, (folder / "exactness.nc",), {}


def drawn_regimes(folder, variants=8):
    settings = [
        {"batch_size": 1},
        {"batch_size": 10000},
        {"regime": "replace", "batch_size": 10000},
        {"regime": "window", "window": 10, "batch_size": 10000},
        {"regime": "subsample", "subsample": 10000, "batch_size": 10000},
        {"top_k": 10, "batch_size": 10000},
        {"top_p": "0.9", "batch_size": 10000},
        {"min_p": "0.05", "batch_size": 10000},
    ]
    names = [f"variant-{number}" for number in range(variants)]
    axes = {"variant": names} | {
        name: WIDE_GRID[name] for name in ("temperature", "fresh_fraction")
    }
    variants = json.dumps(dict(zip(names, settings, strict=False)))
    netcdf.write(diagram(axes, variants=variants), folder / "phase_diagram.nc")
    return regimes.draw, (folder / "phase_diagram.nc",), {}


def drawn_cost(folder, text=TIMINGS):
    (folder / "cost.csv").write_text(text)
    return cost.draw, (folder / "cost.csv",), {}


def quick(*names):
    """Take a grid as small as that of a first try."""
    small = {"temperature": [0.5, 2], "fresh_fraction": [0, 0.5], "initial": ["target", "uniform"]}
    return {name: small[name] for name in names}


def drawn_rates(
    folder,
    temperatures=(0.4, 0.5, 0.6, 0.9, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0),
    targets=("uniform:10", "zipf:1:10"),
    sizes=(1e3, 1e6),
    studies=2,
):
    """Make measured rates that follow the theory beside them."""
    choices = {"relaxation_paths": [folder / f"relaxation{i}.nc" for i in range(studies)]}
    for i, path in enumerate(choices["relaxation_paths"]):
        netcdf.write(relaxation(temperatures, sizes, fresh_fraction=0.5 * i), path)
    cold = np.array([t for t in temperatures if t < 1] or [0.5])
    shape = (cold.size, len(targets))
    growth = np.multiply.outer(cold / (1 - cold), 1 + np.arange(len(targets)))
    spread = growth[..., None] * np.array([0.6, 0.8, 1, 1.2, np.inf])
    collapse = coordinates({"temperature": cold, "target": targets}) | {
        "quantile": (("quantile",), QUANTILES),
        "bound": (("bound",), np.array(["lower", "upper"])),
        "log_growth": (("temperature", "target", "quantile"), spread),
        "predicted_log_growth": (("temperature", "target", "quantile"), spread),
        "median_interval": (("temperature", "target", "bound"), spread[..., [1, 4]]),
    }
    for name in ("flow_median", "collapsed_share", "prediction_p_value", "flow_p_value"):
        collapse[name] = (("temperature", "target"), np.ones(shape))
    attributes = ATTRIBUTES | {"mass": 0.5}
    choices["collapse_time_path"] = folder / "collapse_time.nc"
    netcdf.write(
        Record(kind_named("collapse_time"), collapse, attributes), choices["collapse_time_path"]
    )
    axes = ("temperature", "fresh_fraction")
    agreement = coordinates({"temperature": temperatures, "fresh_fraction": [0.0, 0.5]})
    z = np.random.default_rng(0).normal(size=(len(temperatures), 2))
    for name in ("simulated", "flow", "standard_error", "pull", "z_score", "shifted_z_score"):
        agreement[name] = (axes, z)
    attributes = ATTRIBUTES | {
        "chi_square": 20.0,
        "degrees_of_freedom": z.size,
        "p_value": 0.4,
        "shift": 0.02,
        "shifted_chi_square": 1e4,
        "shifted_p_value": 0.0,
    }
    choices["flow_agreement_path"] = folder / "flow_agreement.nc"
    netcdf.write(
        Record(kind_named("flow_agreement"), agreement, attributes), choices["flow_agreement_path"]
    )
    return rates.draw, (), choices


def relaxation(temperatures, sizes, *, fresh_fraction):
    axes = ("temperature", "initial_size")
    temperatures = np.array(temperatures)
    kappa = np.maximum(1 - (1 - fresh_fraction) / temperatures, 0.1)[:, None] * np.ones(len(sizes))
    growth = np.broadcast_to(np.geomspace(1, 1e6, 12), (*kappa.shape, 12)).copy()
    curves = growth ** -np.minimum(kappa, 0.5)[..., None]
    values = coordinates({"temperature": temperatures, "initial_size": sizes}) | {
        "bound": (("bound",), np.array(["lower", "upper"])),
        "observable": (axes, (kappa < 0.15).astype(np.int8)),
        "mean_exponent_flag": (axes, (kappa < 0.4).astype(np.int8)),
    }
    for name in ("exponent", "predicted_exponent", "relaxation_exponent", "limiting_exponent"):
        values[name] = (axes, kappa if name == "relaxation_exponent" else np.minimum(kappa, 0.5))
    for name in ("mean_exponent", "predicted_mean_exponent"):
        values[name] = (axes, kappa)
    for name in ("exponent_interval", "mean_exponent_interval"):
        values[name] = ((*axes, "bound"), kappa[..., None] + np.array([-0.02, 0.02]))
    for name in ("deviation", "predicted_deviation", "mean_deviation", "predicted_mean_deviation"):
        values[name] = ((*axes, "checkpoint"), curves)
    values["growth"] = ((*axes, "checkpoint"), growth)
    values["deviation_interval"] = ((*axes, "checkpoint", "bound"), curves[..., None] * [0.9, 1.1])
    attributes = ATTRIBUTES | {"fresh_fraction": f"{fresh_fraction:g}", "fit_from": 100.0}
    return Record(kind_named("relaxation"), values, attributes)


def drawn_theory(folder, target="zipf:1:10", axes=WIDE_GRID):
    draw, paths, choices = drawn_phase_diagram(folder, axes)
    lines = theory_lines(
        targets.resolve(target),
        temperatures=axes["temperature"],
        starts=axes.get("initial", ["target"]),
        tolerance=0.1,
    )
    netcdf.write(lines, folder / "theory_lines.nc")
    return draw, paths, choices | {"theory_lines_path": folder / "theory_lines.nc"}


def drawn_sizes(
    folder,
    names=("uniform:10", "uniform:100", "uniform:300"),
    families=("uniform", "zipf:1"),
    start_sizes=(100.0, 1000.0, 10000.0),
    measured=True,
):
    n_outcomes, temperatures = [10, 100], [0.5, 0.8]
    record = fractions_of_sizes(
        families, n_outcomes=n_outcomes, temperatures=temperatures, tolerance=0.05
    )
    netcdf.write(record, folder / "sizes.nc")
    netcdf.write(captured(names, start_sizes), folder / "capture.nc")
    choices = {"capture_path": folder / "capture.nc"}
    for kind in ("growth", "recovery"):
        netcdf.write(measured_fractions(kind, temperatures), folder / f"{kind}.nc")
        choices[f"{kind}_paths"] = [folder / f"{kind}.nc"] if measured else []
    return sizes.draw, (folder / "sizes.nc",), choices


def measured_fractions(kind, temperatures, target="uniform:100", **attributes):
    """Make fractions of which the first temperatures have one and the last has none."""
    name = {"growth": "prevent", "recovery": "recover"}[kind]
    axes = {"temperature": list(temperatures), "fresh_fraction": [0.2, 0.4]}
    shape = len(temperatures), 2
    record = coordinates(axes) | {"bound": (("bound",), np.array(["lower", "upper"]))}
    cells = {
        "growth": ("growth_exponent", "growth_exponent_error", "relative_deviation"),
        "recovery": ("least_drift", "least_drift_error", "bottleneck_mass"),
    }
    for cell in cells[kind]:
        record[cell] = (tuple(axes), np.full(shape, 0.1))
    flag = "used" if kind == "growth" else "passage"
    record[flag] = (tuple(axes), np.zeros(shape, np.int8))
    value = np.linspace(0.4, 0.2, shape[0])
    for suffix, values in (("", value), ("_error", 0.01 * value), ("_theory", value)):
        record[name + suffix] = (("temperature",), values)
    interval = value[:, None] + np.array([-0.05, 0.05])
    record[f"{name}_interval"] = (("temperature", "bound"), interval)
    known = np.array([1] * (shape[0] - 1) + [0], np.int8)
    for suffix in ("_measured", "_theory_exists"):
        record[name + suffix] = (("temperature",), known)
    _, _, n_outcomes = target.rpartition(":")
    found = {"chi_square": 1.0, "degrees_of_freedom": 1, "p_value": 0.3}
    found |= {"shift": 0.1, "shifted_p_value": 1e-12, "largest_deviation": 0.3}
    found |= {"target": target, "n_outcomes": int(n_outcomes)}
    if kind == "recovery":
        found["initial"] = "collapsed:0:0.01"
    return Record(kind_named(kind), record, ATTRIBUTES | found | attributes)


def drawn_rescue(
    folder,
    temperatures=(0.25, 0.5, 0.7, 0.9),
    targets=("uniform:10", "zipf:1:30"),
    agreement=True,
):
    """Make a rescue whose coldest temperature is colder than the usual ones."""
    axes = {"temperature": list(temperatures)} | {
        name: WIDE_GRID[name] for name in ("fresh_fraction", "initial")
    }
    netcdf.write(diagram(axes), folder / "phase_diagram.nc")
    netcdf.write(branches(temperatures), folder / "branches.nc")
    netcdf.write(
        measured_fractions("growth", temperatures, target=targets[0]), folder / "growth.nc"
    )
    choices = {"branches_path": folder / "branches.nc", "growth_path": folder / "growth.nc"}
    choices |= {"recovery_paths": [], "thresholds_paths": []}
    for number, target in enumerate(targets):
        record = measured_fractions(
            "recovery", temperatures, target=target, initial=f"collapsed:{number}:0.01"
        )
        exact = thresholds(target_record(target), temperatures=np.linspace(0.4, 0.98, 8))
        for kind, each in (("recovery", record), ("thresholds", exact)):
            path = folder / f"{kind}{number}.nc"
            netcdf.write(each, path)
            choices[f"{kind}_paths"].append(path)
    if agreement:
        netcdf.write(joint_test(), folder / "agreement.nc")
        choices["agreement"] = folder / "agreement.nc"
    return rescue.draw, (folder / "phase_diagram.nc",), choices


def branches(temperatures):
    """Make branches that turn back at a fresh fraction of one half."""
    curves = ["faithful", "locked_in", "saddle"]
    fraction = np.linspace(0, 1, 21)
    shape = (len(temperatures), len(curves), fraction.size)
    dims = ("temperature", "curve", "fraction")
    order = np.array([0 * fraction, fraction - 1, (fraction - 1) / 2])
    exists = np.array([fraction >= 0, fraction <= 0.5, fraction <= 0.5], np.int8)
    stable = np.array([[1], [1], [0]], np.int8) * exists
    variables = coordinates({"temperature": temperatures, "curve": curves, "fraction": fraction})
    for name, values in (("order_parameter", order), ("exists", exists), ("stable", stable)):
        variables[name] = (dims, np.broadcast_to(values, shape).astype(values.dtype))
    return Record(
        kind_named("branches"), variables, ATTRIBUTES | {"outcome": 0, "package_version": "0.1.0"}
    )


def target_record(name):
    variables = {"probability": (("outcome",), np.array(targets.resolve(name).probabilities))}
    return Record(kind_named("target"), variables, {"target": name, "package_version": "0.1.0"})


def joint_test():
    numbers = ("temperature", "measured", "error", "half_width", "theory", "z_score")
    variables = {name: (("fraction",), np.full(15, 0.5)) for name in numbers}
    variables["quantity"] = (("fraction",), np.array(["prevent"] * 15))
    variables["target"] = (("fraction",), np.array(["uniform:100"] * 15))
    found = {"chi_square": 14.23, "degrees_of_freedom": 15, "p_value": 0.508}
    found |= {"confidence": 0.95, "shift": 0.1, "shifted_p_value": 3.1e-12}
    return Record(kind_named("fraction_agreement"), variables, found)


def captured(names, start_sizes):
    """Make capture that falls with the fresh fraction and with the size of the start."""
    axes = {
        "target": list(names),
        "fresh_fraction": [0.54, 0.6, 0.7],
        "initial_size": list(start_sizes),
    }
    if len(names) == 1:
        del axes["target"]
    shape = tuple(len(values) for values in axes.values())
    family, per_size = shape[:-2], (*shape[:-2], shape[-1])
    share = np.broadcast_to(np.linspace(1, 0, shape[-2] * shape[-1]).reshape(shape[-2:]), shape)
    interval = np.stack([np.maximum(share - 0.1, 0), np.minimum(share + 0.1, 1)], -1)
    fine = np.geomspace(start_sizes[0], start_sizes[-1], 7)
    cells, outer = tuple(axes), tuple(axes)[:-2]
    sized = (*outer, "initial_size")
    half = np.broadcast_to(np.linspace(0.7, 0.55, shape[-1]), per_size)
    values = coordinates(axes) | {
        "bound": (("bound",), np.array(["lower", "upper"])),
        "predicted_size": (("predicted_size",), fine),
        "prediction_flag": (outer, np.ones(family, np.int8)),
        "predicted_share": (
            (*outer, "fresh_fraction", "predicted_size"),
            np.broadcast_to(np.linspace(1, 0, 7), (*family, 3, 7)),
        ),
        "predicted_half_fraction": (
            (*outer, "predicted_size"),
            np.broadcast_to(np.linspace(0.7, 0.55, 7), (*family, 7)),
        ),
        "half_flag": (sized, np.ones(per_size, np.int8)),
        "half_fraction": (sized, half),
        "half_fraction_interval": ((*sized, "bound"), half[..., None] + np.array([-0.02, 0.02])),
        "critical_kind": (outer, np.zeros(family, np.int8)),
        "prevent": (outer, np.full(family, 0.5)),
        "recover": (outer, np.full(family, 0.8)),
    }
    for name in ("captured", "arrived"):
        values[f"{name}_share"] = (cells, share)
        values[f"{name}_interval"] = ((*cells, "bound"), interval)
    values = {name: (dims, np.array(each)) for name, (dims, each) in values.items()}
    attributes = ATTRIBUTES | {"temperature": "0.5", "target": names[0]}
    del attributes["initial_size"]
    return Record(kind_named("capture"), values, attributes)


FAMILIES = (
    ("gaussian", "normal:2:100"),
    ("mixture", "gaussians:10"),
    ("ngram", "spelling:200"),
    ("transformer", "spelling:200"),
    ("vae", "digits:100"),
    ("gan", "digits:100"),
    ("package.own:Diffusion", "digits:100"),
)
LOOPS = {
    "initial_size": "4000",
    "regime": "replace",
    "batch_size": 4000,
    "horizon": 40000,
    "n_seeds": 4,
    "confidence": 0.95,
    "tolerance": 0.2,
}


def of_family(family, source):
    """Return the attributes that a study of a family has."""
    n = int(source.rpartition(":")[2])
    return LOOPS | {"family": family, "target": source, "n_outcomes": n}


def write_gate(path, *, widths=None, passed=True):
    """Write a gate of two judgements of two seeds; one of them fails where it is not passed."""
    dims = ("gate", "seed")
    verdicts = np.ones((2, 2), np.int8)
    variables = coordinates({"gate": ["coverage", "distance"], "seed": [0, 1]})
    if widths is not None:
        variables |= coordinates({"width": widths})
        dims, verdicts = ("width", *dims), np.ones((len(widths), 2, 2), np.int8)
    if not passed:
        verdicts.flat[0] = 0
    variables |= {
        "threshold": (("gate",), np.array([0.5, 2.0])),
        "value": (dims, np.ones(verdicts.shape)),
        "passed": (dims, verdicts),
    }
    attributes = {"family": "gan", "target": "digits:100", "size": 4000, "root_seed": 1}
    netcdf.write(Record(kind_named("gate"), variables, attributes), path)
    return path


@cache
def lines_of(law, temperatures, starts):
    """Compute lines of theory once for all panels."""
    target = targets.resolve(law)
    return theory_lines(target, temperatures=temperatures, starts=starts, tolerance=0.2)


def drawn_architectures(
    folder, families=FAMILIES, starts=("target", "collapsed:0:0.01"), failing=(3,), grid=None
):
    grid = grid or {
        "temperature": [0, 0.25, 0.5, 0.8, 1, 1.25, 2, 4],
        "fresh_fraction": [0, 0.05, 0.1, 0.2, 0.4, 0.7, 1],
    }
    grid |= {"initial": list(starts)}
    paths, choices = [], {"theory_lines_paths": [], "gate_paths": []}
    temperatures = tuple(t for t in grid["temperature"] if t > 0)
    for number, (family, source) in enumerate(families):
        attributes = of_family(family, source) | {"target_entropy": 3.0 - 0.2 * number}
        paths.append(folder / f"{number}.nc")
        netcdf.write(diagram(grid, **attributes), paths[-1])
        law = "uniform:10" if source.startswith("normal") else "zipf:1:10"
        lines = lines_of(law, temperatures, tuple(starts))
        netcdf.write(lines, folder / f"lines{number}.nc")
        choices["theory_lines_paths"].append(folder / f"lines{number}.nc")
        gate = write_gate(folder / f"gate{number}.nc", passed=number not in failing)
        choices["gate_paths"].append(gate)
    return architectures.draw, (paths,), choices


def drawn_collapse_rates(
    folder, families=FAMILIES, temperatures=(0, 0.25, 0.5, 0.8, 1, 1.25, 2, 4), failing=(4,)
):
    paths, gates = [], []
    temperatures = np.array(temperatures, float)
    for number, (family, source) in enumerate(families):
        rate = np.where(
            temperatures < 1,
            1 - 1 / np.maximum(temperatures, 0.2),
            0.3 * np.log(np.maximum(temperatures, 1)),
        )
        variables = coordinates({"temperature": temperatures, "bound": ["lower", "upper"]}) | {
            "rate": (("temperature",), rate + 0.05),
            "rate_interval": (("temperature", "bound"), rate[:, None] + np.array([0, 0.1])),
            "urn_rate": (("temperature",), rate),
            "span": (("temperature",), np.ones(temperatures.size)),
            "urn_span": (("temperature",), np.ones(temperatures.size)),
        }
        found = of_family(family, source) | {"clock": "generation", "moved": 1.0}
        paths.append(folder / f"{number}.nc")
        netcdf.write(Record(kind_named("collapse_rate"), variables, found), paths[-1])
        gates.append(write_gate(folder / f"gate{number}.nc", passed=number not in failing))
    return collapse_rates.draw, (paths,), {"gate_paths": gates}


def drawn_model_sizes(
    folder,
    families=FAMILIES,
    widths=(4, 8, 16, 32, 64, 128),
    temperatures=(0.5, 0.8, 1.25, 2.0),
    starts=("target", "collapsed:0:0.01"),
    failing=(2,),
):
    paths, gates = [], []
    axes = {"temperature": list(temperatures), "initial": list(starts), "width": list(widths)}
    if len(starts) == 1:
        del axes["initial"]
    shape = tuple(len(values) for values in axes.values())
    base = abs(np.log(temperatures)).reshape(-1, *[1] * (len(shape) - 1))
    value = np.broadcast_to(np.clip(0.6 * base + 0.2 / np.sqrt(widths), 0, 1), shape)
    urn = np.broadcast_to(np.clip(0.6 * base, 0, 1), shape)
    censoring = np.zeros(shape, np.int8)
    censoring[0, ..., 0], censoring[-1, ..., -1] = 1, 2
    for number, (family, source) in enumerate(families):
        ends = np.clip(value[..., None] + np.array([-0.05, 0.05]), 0, 1)
        over = tuple(axes)
        variables = coordinates(axes | {"bound": ["lower", "upper"]}) | {
            "censoring": (over, censoring),
            "least_fresh_fraction": (over, value),
            "least_fresh_fraction_interval": ((*over, "bound"), ends),
            "bracket": ((*over, "bound"), ends),
            "urn_exists": (over, np.ones(shape, np.int8)),
            "urn_least_fresh_fraction": (over, urn),
            "urn_tolerance_fraction": (over, urn),
            "urn_fold_exists": (over, np.zeros(shape, np.int8)),
            "urn_fold": (over, np.zeros(shape)),
        }
        variables = {name: (dims, np.array(each)) for name, (dims, each) in variables.items()}
        found = of_family(family, source) | {"initial": starts[0]}
        paths.append(folder / f"{number}.nc")
        netcdf.write(Record(kind_named("least_fresh_fraction"), variables, found), paths[-1])
        passed = number not in failing
        gates.append(write_gate(folder / f"gate{number}.nc", widths=widths, passed=passed))
    return model_sizes.draw, (paths,), {"gate_paths": gates}


DRAWINGS = {
    "phase diagram": drawn_phase_diagram,
    "phase diagram of words": lambda folder: drawn_phase_diagram(
        folder, target="words:1000", n_outcomes=1000, initial_size="100000", target_entropy=5.5
    ),
    "phase diagram of a few cells": lambda folder: drawn_phase_diagram(
        folder, quick("initial", "temperature", "fresh_fraction")
    ),
    "phase diagram of one start": lambda folder: drawn_phase_diagram(
        folder, quick("fresh_fraction", "temperature")
    ),
    "phase diagram of one cell": lambda folder: drawn_phase_diagram(
        folder, {"temperature": [1.0], "fresh_fraction": [0.5]}
    ),
    "phase diagram of three starts": lambda folder: drawn_phase_diagram(
        folder, WIDE_GRID | {"initial": ["target", "collapsed:most:0.01", "uniform"]}
    ),
    "trajectories of a few cells": lambda folder: drawn_trajectories(
        folder, quick("temperature", "fresh_fraction")
    ),
    "trajectories of chosen cells": lambda folder: drawn_trajectories(
        folder,
        temperatures=[0, 0.5, 1, math.inf],
        fresh_fractions=[0, 0.01, 0.1, 0.5],
        initial="collapsed:most:0.01",
    ),
    "exactness": drawn_exactness,
    "exactness of one law": lambda folder: drawn_exactness(
        folder, {"sampler": ["leap"], "temperature": [0.5], "fresh_fraction": [0.1]}
    ),
    "regimes": drawn_regimes,
    "regimes of three variants": lambda folder: drawn_regimes(folder, variants=3),
    "cost": drawn_cost,
    "architectures": drawn_architectures,
    "architectures of one family from one start": lambda folder: drawn_architectures(
        folder, families=FAMILIES[:1], starts=("target",), failing=()
    ),
    "architectures of a few cells": lambda folder: drawn_architectures(
        folder,
        families=FAMILIES[:2],
        grid={"temperature": [0.5, 2], "fresh_fraction": [0, 0.5]},
        failing=(0,),
    ),
    "rates of collapse": drawn_collapse_rates,
    "rates of collapse of one family": lambda folder: drawn_collapse_rates(
        folder, families=FAMILIES[:1], temperatures=(0.5,), failing=()
    ),
    "sizes of models": drawn_model_sizes,
    "sizes of models of one family": lambda folder: drawn_model_sizes(
        folder,
        families=FAMILIES[3:4],
        widths=(8,),
        temperatures=(0.5,),
        starts=("target",),
        failing=(),
    ),
    "phase diagram with theory": drawn_theory,
    "phase diagram with the theory of a fold": lambda folder: drawn_theory(
        folder, "uniform:10", quick("temperature", "fresh_fraction")
    ),
    "sizes": drawn_sizes,
    "sizes of one family": lambda folder: drawn_sizes(
        folder, names=("uniform:100",), families=("words",)
    ),
    "sizes of starts within a power of ten": lambda folder: drawn_sizes(
        folder, names=("uniform:100",), start_sizes=(2000.0, 5000.0), measured=False
    ),
    "rescue": drawn_rescue,
    "rescue at two temperatures of one target": lambda folder: drawn_rescue(
        folder, temperatures=(0.5, 0.8), targets=("uniform:100",), agreement=False
    ),
    "rates": drawn_rates,
    "rates without a temperature above 1": lambda folder: drawn_rates(
        folder, temperatures=(0.5, 0.7), studies=1
    ),
    "rates of few cells": lambda folder: drawn_rates(
        folder, temperatures=(3.0,), targets=("uniform:10",), sizes=(1000.0,), studies=1
    ),
}


@pytest.fixture(scope="module", params=DRAWINGS.values(), ids=DRAWINGS)
def drawing(request, tmp_path_factory):
    """Draw a figure twice, and return the figure and what was written each time."""
    folder = tmp_path_factory.mktemp("drawing")
    draw, paths, choices = request.param(folder)
    caught, images = [], []

    class Caught(style.Figure):
        def __init__(self, *arguments, **settings):
            super().__init__(*arguments, **settings)
            caught.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "Figure", Caught)
        # A style of the user's own must not show.
        for number, own in enumerate(({}, {"font.size": 20, "savefig.dpi": 50, "axes.grid": True})):
            pdf, png = folder / str(number) / "a.pdf", folder / str(number) / "a.png"
            with matplotlib.rc_context(own):
                draw(*paths, output_pdf=pdf, output_png=png, **choices)
            images.append((pdf.read_bytes(), png.read_bytes()))
    return caught[0], images


@pytest.fixture
def figure(drawing):
    return drawing[0]


def test_a_figure_has_the_same_bytes_whenever_and_wherever_it_is_drawn(drawing):
    _, images = drawing
    assert images[0] == images[1]
    assert images[0][0].startswith(b"%PDF")
    assert b"CreationDate" not in images[0][0]


def texts_of(figure):
    """Return the visible texts of a figure with the boxes that they take, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    outside = {id(label) for label in tick_labels_outside(figure)}
    return [
        (text.get_text(), text.get_window_extent(canvas.get_renderer()), text)
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in outside
        # The box of a slanted text is larger than the text.
        if text.get_rotation() in (0, 90)
    ]


def tick_labels_outside(figure):
    """Return the labels of ticks beyond the limits of their axis, which are not drawn."""
    for axis in figure.findobj(Axis):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def test_no_text_is_cut_off_or_covers_another_or_is_too_small_to_read(figure):
    page = figure.bbox
    texts = texts_of(figure)
    for text, box, artist in texts:
        assert artist.get_fontsize() >= 7, text
        assert min(box.x0, box.y0) >= -0.5, f"{text} is cut off"
        assert box.x1 <= page.width + 0.5, f"{text} is cut off"
        assert box.y1 <= page.height + 0.5, f"{text} is cut off"
    for number, (text, box, _) in enumerate(texts):
        for other, other_box, _ in texts[:number]:
            wide = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
            high = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
            assert wide <= 1 or high <= 2, f"{text!r} covers {other!r}"


def test_a_figure_fits_the_columns_of_a_journal(figure):
    assert figure.get_figwidth() in (style.SINGLE_COLUMN, style.MIDDLE, style.DOUBLE_COLUMN)
    assert figure.get_figheight() < 8


@pytest.mark.parametrize(
    "make", [drawn_phase_diagram, drawn_trajectories, drawn_exactness, drawn_regimes]
)
def test_a_figure_states_outcomes_horizon_seeds_and_start(make, tmp_path, monkeypatch):
    noted = []
    monkeypatch.setattr(style, "note", lambda figure, text: noted.append((figure, text)))
    draw, paths, choices = make(tmp_path)
    draw(*paths, output_pdf=tmp_path / "a.pdf", output_png=tmp_path / "a.png", **choices)
    figure, note = noted[0]
    assert re.search(r"\$n\$ = \d", note)
    assert "$K/\\ell_0$ = " in note
    assert "32 seeds" in note
    everything = " ".join(text.get_text() for text in figure.findobj(Text)) + note
    assert "start: " in everything


def drawn_with_note(make, folder, monkeypatch, **settings):
    """Draw a figure, and return it and what stands at its foot."""
    noted = []
    monkeypatch.setattr(style, "note", lambda figure, text: noted.append((figure, text)))
    draw, paths, choices = make(folder, **settings)
    draw(*paths, output_pdf=folder / "a.pdf", output_png=folder / "a.png", **choices)
    return noted[0]


@pytest.mark.parametrize(
    ("make", "lines"),
    [(drawn_rates, ["a", "b, c", "d"]), (drawn_sizes, ["a–c, prevents", "a–c, undoes", "d, e"])],
)
def test_a_figure_of_several_studies_states_the_runs_of_each(make, lines, tmp_path, monkeypatch):
    _, note = drawn_with_note(make, tmp_path, monkeypatch)
    assert [line.partition(":")[0] for line in note.splitlines()] == lines
    for line in note.splitlines():
        for part in ("$\\ell_0$ = ", "$K/\\ell_0$ = ", "start: ", "32 seeds per cell"):
            assert part in line


def test_the_figure_of_rescue_states_its_runs_and_how_many_temperatures_it_leaves_out(
    tmp_path, monkeypatch
):
    _, note = drawn_with_note(drawn_rescue, tmp_path, monkeypatch)
    above, prevents, undoes = note.splitlines()
    assert "3 of its 4 temperatures" in above
    assert "start: drawn from the target" in prevents
    assert "start: collapsed, 99 % on outcome 0 or 1 (from 0)" in undoes


def test_the_figure_of_rescue_shows_all_measured_temperatures(tmp_path, monkeypatch):
    figure, _ = drawn_with_note(drawn_rescue, tmp_path, monkeypatch)
    for panel in figure.axes[-2:]:
        assert panel.get_xlim()[0] < 0.25


@pytest.mark.parametrize("agreement", [True, False])
def test_the_figure_of_rescue_gives_the_joint_test_where_there_is_one(
    agreement, tmp_path, monkeypatch
):
    figure, _ = drawn_with_note(drawn_rescue, tmp_path, monkeypatch, agreement=agreement)
    texts = [text.get_text() for text in figure.axes[-2].texts]
    expected = (
        "all points: $\\chi^2$ = 14.2 for 15, p = 0.51;\n"
        "theory shifted by 0.1: p = $3.1\\times10^{-12}$"
    )
    assert (expected in texts) == agreement


@pytest.mark.parametrize("make", [drawn_architectures, drawn_collapse_rates, drawn_model_sizes])
def test_a_figure_of_families_names_each_with_its_source_and_states_its_loops(
    make, tmp_path, monkeypatch
):
    figure, note = drawn_with_note(make, tmp_path, monkeypatch)
    titles = [panel.get_title() for panel in figure.axes if panel.get_title() != "more"]
    names = ["gaussian", "mixture", "ngram", "transformer", "vae", "gan", "Diffusion"]
    assert [title for title in titles if title] == names
    texts = [text.get_text() for text in figure.findobj(Text)]
    for source in ("2-D normal, 100 cells", "10 Gaussians", "200 English words"):
        assert source in texts
    assert "newest batch kept; $\\ell_0$ = 4,000; $m$ = 4,000; 10 generations; 4 seeds" in note


@pytest.mark.parametrize(("make", "emptied"), [(drawn_architectures, 2), (drawn_collapse_rates, 1)])
@pytest.mark.parametrize("failing", [(1,), (0, 1)])
def test_a_family_that_fails_its_gate_is_not_plotted(make, emptied, failing, tmp_path, monkeypatch):
    figure, _ = drawn_with_note(make, tmp_path, monkeypatch, families=FAMILIES[:2], failing=failing)
    empty = [
        panel
        for panel in figure.axes
        if "fails its\nquality gate" in [text.get_text() for text in panel.texts]
    ]
    assert len(empty) == emptied * len(failing)
    for panel in empty:
        assert not panel.lines
        assert not panel.collections
    # The bar of colours is a panel too.
    full = [panel for panel in figure.axes if panel not in empty]
    assert sum(bool(panel.lines) for panel in full) == emptied * (2 - len(failing))


def test_a_width_that_fails_its_gate_is_crossed_out_and_not_plotted(tmp_path, monkeypatch):
    figure, _ = drawn_with_note(
        drawn_model_sizes, tmp_path, monkeypatch, families=FAMILIES[:2], failing=(1,)
    )
    kept, crossed = (
        [line.get_xdata() for line in panel.lines if line.get_marker() == "x"]
        for panel in figure.axes
    )
    assert kept == []
    assert [x.tolist() for x in crossed] == [[4]]
    marks = [
        sum(line.get_marker() in tuple("os^v") for line in panel.lines) for panel in figure.axes
    ]
    # Four temperatures and two starts, at six widths and at five.
    assert marks == [48, 40]


def test_every_contour_has_one_label(tmp_path, monkeypatch):
    axes = quick("temperature", "fresh_fraction")
    figure, _ = drawn_with_note(drawn_theory, tmp_path, monkeypatch, target="zipf:1:30", axes=axes)
    labels = [text.get_text() for text in figure.axes[0].texts]
    assert sorted(set(labels) & {"0.05", "0.1", "0.2", "0.4"}) == ["0.05", "0.1", "0.2", "0.4"]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("studies", [1, 2])
def test_marks_that_are_not_drawn_are_not_explained(studies, tmp_path, monkeypatch):
    temperatures = (0.5, 0.6) if studies == 1 else (0.5, 1.25)
    figure, _ = drawn_with_note(
        drawn_rates, tmp_path, monkeypatch, temperatures=temperatures, studies=studies
    )
    labels = [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
    assert ("mean" in labels) == (studies == 2)


def test_the_order_of_the_grid_does_not_change_the_figure(tmp_path):
    images = []
    for step in (1, -1):
        axes = {
            "fresh_fraction": WIDE_GRID["fresh_fraction"],
            "temperature": WIDE_GRID["temperature"],
        }
        record = diagram(axes)
        for name, (dims, values) in record.variables.items():
            index = tuple(slice(None, None, step if dim in axes else 1) for dim in dims)
            record.variables[name] = (dims, np.ascontiguousarray(values[index]))
        path = tmp_path / f"{step}.nc"
        netcdf.write(record, path)
        phase_diagram.draw(path, output_pdf=tmp_path / "a.pdf", output_png=tmp_path / "a.png")
        images.append((tmp_path / "a.png").read_bytes())
    assert images[0] == images[1]


def test_a_temperature_that_the_study_lacks_is_refused(tmp_path):
    draw, paths, choices = drawn_trajectories(tmp_path, temperatures=[0.7])
    with pytest.raises(ParameterError, match=r"trajectories\.temperatures: got 0\.7; .* 0\.25"):
        draw(*paths, output_pdf=tmp_path / "a.pdf", output_png=tmp_path / "a.png", **choices)


def test_a_start_that_the_study_lacks_is_refused(tmp_path):
    draw, paths, choices = drawn_trajectories(tmp_path, initial="uniform")
    with pytest.raises(ParameterError, match="initial: got 'uniform'; allowed: target or"):
        draw(*paths, output_pdf=tmp_path / "a.pdf", output_png=tmp_path / "a.png", **choices)


def test_an_axis_that_a_figure_cannot_show_is_refused(tmp_path):
    draw, paths, _ = drawn_phase_diagram(tmp_path, WIDE_GRID | {"regime": ["replace", "window"]})
    with pytest.raises(ParameterError, match="axis of the study: got 'regime'"):
        draw(*paths, output_pdf=tmp_path / "a.pdf", output_png=tmp_path / "a.png")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no timings"),
        ("method,seconds\nleap,1\n", "lacks the columns n_outcomes, temperature, horizon"),
        (TIMINGS + "leap,100,2,1e3,fast\n", "row 9 is .*fast"),
        (TIMINGS + "leap,100,2,1e3,0\n", "row 9: horizon and seconds must be above 0"),
    ],
)
def test_a_table_of_timings_that_cannot_be_drawn_is_refused(text, message, tmp_path):
    draw, paths, _ = drawn_cost(tmp_path, text)
    with pytest.raises(FileFormatError, match=rf"cost\.csv: {message}"):
        draw(*paths, output_pdf=tmp_path / "a.pdf", output_png=tmp_path / "a.png")
    assert not (tmp_path / "a.pdf").exists()


def test_the_temperature_axis_is_logarithmic_with_zero_and_infinity_apart():
    axis = plane_axes.TemperatureAxis([0, 0.5, 1, 2, math.inf])
    positions = axis.position([0, 0.5, 1, 2, math.inf])
    np.testing.assert_allclose(positions[1:4], np.log([0.5, 1, 2]))
    assert (np.diff(positions) > 0).all()
    for (low, high), position in zip(axis.cells, positions, strict=True):
        assert low < position < high
    gaps = [after[0] - before[1] for before, after in zip(axis.cells, axis.cells[1:], strict=False)]
    np.testing.assert_allclose(gaps[1:3], 0)
    assert gaps[0] > 0
    assert gaps[3] > 0


@pytest.mark.parametrize("values", [[0, 0.5, 1], [0, 0.01, 0.1, 1], [0.3]])
def test_every_fresh_fraction_stands_in_its_own_cell(values):
    axis = plane_axes.FreshFractionAxis(values)
    for (low, high), position in zip(axis.cells, axis.position(values), strict=True):
        assert low < position < high


def test_a_name_keeps_away_from_lines_where_there_is_room():
    mask = np.ones((1, 1), bool)
    line = ([4, 4], [0, 1])
    x, *_ = plane_cells.roomiest_place(mask, [(0, 6)], [(0, 1)], (2, 0.1), lines=[line])
    assert x + 1 <= 4
    assert plane_cells.roomiest_place(mask, [(0, 6)], [(0, 1)], (4.5, 0.1), lines=[line]) is None


def test_the_outline_of_a_region_is_where_neighbours_differ():
    cells = [(0, 1), (1, 2), (3, 4)]
    pieces = plane_cells.outline([[0, 0], [0, 1], [1, 1]], cells, [(0, 1), (1, 2)])
    assert pieces == [([1, 1], [1, 2]), ([1, 2], [1, 1])]


def test_a_name_stands_where_its_region_has_most_room():
    columns = [(0, 1), (1, 5), (5, 6)]
    mask = np.array([[True], [False], [False]])
    assert plane_cells.roomiest_place(mask, columns, [(0, 1)], (2, 0.1)) is None
    x, y, i, j = plane_cells.roomiest_place(~mask, columns, [(0, 1)], (2, 0.1))
    assert x == pytest.approx(3.5, abs=0.1)
    assert y == pytest.approx(0.5, abs=0.1)
    assert (i, j) == (1, 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (500, "500"),
        (4000, "4,000"),
        (1e6, "$10^{6}$"),
        (2.5e6, r"$2.5\times10^{6}$"),
        (1e-5, "$10^{-5}$"),
    ],
)
def test_numbers_are_written_as_in_print(value, text):
    assert wording.power_text(value) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("zipf:1:100", "Zipf's law, exponent 1"),
        ("words:1000", "the 1,000 most frequent English words"),
        ("uniform:100", "uniform target"),
        ("sha256:0123", "target from a file"),
    ],
)
def test_targets_have_names_for_people(name, text):
    assert wording.target_text(name) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("target", "drawn from the target"),
        ("collapsed:most:0.01", "collapsed, 99 % on the top outcome"),
        ("collapsed:3:0.001", "collapsed, 99.9 % on outcome 3 (from 0)"),
        ("collapsed:0:0.87", "13 % on outcome 0 (from 0)"),
    ],
)
def test_starts_have_names_for_people(name, text):
    assert wording.start_text(name) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["target", "target"], "drawn from the target"),
        (["collapsed:0:0.01", "collapsed:1:0.01"], "collapsed, 99 % on outcome 0 or 1 (from 0)"),
        (["target", "uniform"], "drawn from the target or uniform"),
    ],
)
def test_several_starts_are_named_in_one_go(names, text):
    assert wording.starts_text(names) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("spelling:2000", "2,000 English words"),
        ("digits:100", "digits, 100 cells"),
        ("gaussians:10", "10 Gaussians"),
        ("normal:2:100", "2-D normal, 100 cells"),
        ("package.module:My_Source", "My Source"),
    ],
)
def test_sources_have_names_for_people(name, text):
    assert wording.source_text(name) == text


@pytest.mark.parametrize(
    ("p_value", "text"), [(0.374, "p = 0.37"), (0.0, "p < $10^{-99}$"), (1e-12, "p = $10^{-12}$")]
)
def test_probabilities_are_written_as_in_print(p_value, text):
    assert wording.p_value_text(p_value) == text
