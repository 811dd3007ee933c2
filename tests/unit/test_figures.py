"""Figures: the same bytes on every drawing, whatever the grid; nothing cut off or overlapping."""

import json
import math
import re

import matplotlib
import numpy as np
import pytest
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.figures import (
    cost,
    exactness,
    phase_diagram,
    plane,
    regimes,
    regions,
    style,
    trajectories,
    wording,
)
from heatdeath.observables import OBSERVABLES
from heatdeath.phases import TRAJECTORY_PHASES
from heatdeath.storage import netcdf
from heatdeath.storage.record import Record

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
    return Record("phase_diagram", variables, ATTRIBUTES | attributes)


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
        Record("ensemble", ensemble, dict(ATTRIBUTES)),
        Record("mean_field", flow, ATTRIBUTES | targets),
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
    return Record("exactness", variables, ATTRIBUTES | {"horizon": 60, "n_outcomes": 2})


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
    axis = plane.TemperatureAxis([0, 0.5, 1, 2, math.inf])
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
    axis = plane.FreshFractionAxis(values)
    for (low, high), position in zip(axis.cells, axis.position(values), strict=True):
        assert low < position < high


def test_the_outline_of_a_region_is_where_neighbours_differ():
    cells = [(0, 1), (1, 2), (3, 4)]
    pieces = regions.outline([[0, 0], [0, 1], [1, 1]], cells, [(0, 1), (1, 2)])
    assert pieces == [([1, 1], [1, 2]), ([1, 2], [1, 1])]


def test_a_name_stands_where_its_region_has_most_room():
    columns = [(0, 1), (1, 5), (5, 6)]
    mask = np.array([[True], [False], [False]])
    assert regions.roomiest_place(mask, columns, [(0, 1)], (2, 0.1)) is None
    x, y, i, j = regions.roomiest_place(~mask, columns, [(0, 1)], (2, 0.1))
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
    assert style.power_text(value) == text


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
    ],
)
def test_starts_have_names_for_people(name, text):
    assert wording.start_text(name) == text
