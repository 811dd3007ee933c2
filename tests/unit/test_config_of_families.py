"""What is made of studies of families, and the figures of them, in a configuration."""

from pathlib import PurePosixPath

import pytest

from heatdeath.errors import ParameterError
from heatdeath.study.catalogue import files_made
from heatdeath.study.catalogue.results import numbers_inputs
from heatdeath.study.conditions import widths_to_judge
from heatdeath.study.config import load, without_architectures
from heatdeath.study.plan import all_jobs


def study(*, axes=None, seeds=2, **settings):
    """Return a study of a family over temperature and fresh fraction."""
    shared = {
        "family": "gaussian",
        "target": "normal:2:10",
        "regime": "replace",
        "initial_size": 100,
        "batch_size": 100,
        "horizon": 1000,
    }
    axes = {"temperature": [0.5, 2], "fresh_fraction": [0, 0.5]} | (axes or {})
    return {
        "description": "A family.",
        "kind": "phase_diagram",
        "axes": {name: values for name, values in axes.items() if values is not None},
        "settings": shared | settings,
        "seeds": seeds,
    }


@pytest.fixture
def config():
    """Return a configuration of three studies of families and one of the urn."""
    urn = study(family=None, target="uniform:10", regime="accumulate", batch_size=1)
    del urn["settings"]["family"]
    return {
        "root_seed": 1,
        "studies": {
            "plane": study(axes={"initial": ["target", "collapsed:0:0.01"]}),
            "sizes": study(axes={"width": [2, 4]}, family="mixture", target="gaussians:10"),
            "kept": study(regime="accumulate"),
            "urn": urn,
        },
        "figures": {
            "architectures": {"studies": ["plane", "kept"]},
            "collapse_rates": {"studies": ["plane"]},
            "model_sizes": {"studies": ["sizes"]},
        },
    }


def made_of(config, name):
    """Return the files that are made of a study beside its aggregates."""
    others = files_made(load(config), wanted=lambda product: product.study_kind is None)
    paths = map(PurePosixPath, others)
    return {path.name for path in paths if path.parent.name == name}


OF_A_FAMILY = {"collapse_rate.nc", "least_fresh_fraction.nc", "urn_agreement.nc"}


def test_a_plane_of_a_family_has_rates_fractions_and_phases_of_the_urn(config):
    assert made_of(config, "plane") == OF_A_FAMILY | {"theory_lines.nc", "gate.nc"}
    assert made_of(config, "sizes") == OF_A_FAMILY | {"gate.nc"}
    assert made_of(config, "urn") == {"theory_lines.nc"}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"axes": {"fresh_fraction": [0.1, 0.5]}}, {"collapse_rate.nc"}),
        ({"initial": "collapsed:0:0.01"}, {"collapse_rate.nc"}),
        ({"axes": {"fresh_fraction": [0]}}, {"least_fresh_fraction.nc"}),
        (
            {"axes": {"fresh_fraction": None}, "fresh_fraction": 0},
            {"least_fresh_fraction.nc", "urn_agreement.nc"},
        ),
        ({"seeds": 1}, {"collapse_rate.nc", "least_fresh_fraction.nc"}),
        ({"axes": {"temperature": [0]}}, {"urn_agreement.nc"}),
        ({"axes": {"horizon": [100, 200]}, "horizon": None}, OF_A_FAMILY),
    ],
)
def test_what_a_study_does_not_determine_is_not_made(config, changes, missing):
    config["studies"]["plane"] = study(**changes)
    if changes.get("horizon", 0) is None:
        del config["studies"]["plane"]["settings"]["horizon"]
    config["figures"] = {}
    assert made_of(config, "plane") & OF_A_FAMILY == OF_A_FAMILY - missing


def test_every_job_of_families_reads_what_another_makes(config):
    jobs = all_jobs(load(config))
    made = {path for job in jobs for path in job.outputs}
    assert {path for job in jobs for path in job.inputs} <= made
    reads = {job.rule: job.inputs for job in jobs if job.study == "plane"}
    for rule in ("collapse_rate", "least_fresh_fraction"):
        assert sum("/trajectories/" in path for path in reads[rule]) == 8
    shown = next(job for job in jobs if "results/figures/model_sizes.pdf" in job.outputs)
    assert {"results/sizes/least_fresh_fraction.nc", "results/sizes/gate.nc"} <= {*shown.inputs}


def test_without_architectures_their_figures_are_not_drawn(config):
    config["architectures"] = False
    config["studies"]["kept"]["axes"]["variant"] = {"few": {"horizon": 500}, "many": {}}
    config["figures"]["regimes"] = {"study": "kept"}
    checked = load(without_architectures(config))
    assert files_made(checked, wanted=lambda product: product.section is not None) == []


@pytest.mark.parametrize(
    ("argument", "advice"), [("width", "make the width an axis"), ("initial_size", "the gate")]
)
def test_what_a_gate_judges_is_the_same_for_all_variants(config, argument, advice):
    urn = config["studies"]["urn"]
    family = study(family="mixture", target="gaussians:10")
    for each in (urn, family):
        each["axes"]["variant"] = {"few": {argument: 50}, "many": {"horizon": 2000}}
    config["studies"] = {"family": family}
    config["figures"] = {}
    with pytest.raises(ParameterError, match=rf"variant\.few\.{argument}: got 50.*{advice}"):
        load(config)
    if argument == "initial_size":
        config["studies"] = {"urn": urn}
        assert load(config).studies["urn"].variants["few"] == {"initial_size": 50}


def test_the_gate_judges_models_of_the_widths_that_are_trained(config):
    config["studies"]["one"] = study(family="mixture", target="gaussians:10", width=4)
    studies = load(config).studies
    judged = {name: widths_to_judge(studies[name]) for name in ("one", "sizes", "plane")}
    assert judged == {"one": [4], "sizes": [2, 4], "plane": None}


def test_the_urn_has_no_width(config):
    config["studies"]["urn"]["settings"]["width"] = 4
    with pytest.raises(ParameterError, match=r"studies\.urn\.settings\.width: got 4.*a family"):
        load(config)


def test_the_paper_quotes_families_of_which_everything_is_measured(config):
    config["studies"]["kept"]["seeds"] = 1
    config["studies"]["theory"] = study(target="uniform:10", regime="accumulate", batch_size=1)
    del config["studies"]["theory"]["settings"]["family"]
    config["figures"]["phase_diagram"] = {"studies": ["theory"]}
    config["paper"] = {
        "plane": "theory",
        "example_target": "uniform:100",
        "example_temperature": 0.5,
    }
    inputs = numbers_inputs(load(config))
    assert inputs["architectures_rate"] == ["results/plane/collapse_rate.nc"]
    jobs = all_jobs(load(config))
    assert {path for job in jobs for path in job.inputs} <= {
        path for job in jobs for path in job.outputs
    }


def test_figures_and_a_paper_of_the_urn_show_no_family(config):
    config["figures"] = {"trajectories": {"study": "kept"}}
    with pytest.raises(ParameterError, match=r"trajectories\.study: got 'kept'.*without family"):
        load(config)
    config["figures"] = {"phase_diagram": {"studies": ["kept"]}}
    config["paper"] = {
        "plane": "kept",
        "example_target": "uniform:100",
        "example_temperature": 0.5,
    }
    with pytest.raises(ParameterError, match=r"paper\.plane: got 'kept'.*of the urn"):
        load(config)


@pytest.mark.parametrize(
    ("figure", "name", "message"),
    [
        ("architectures", "none", r"architectures\.studies\[0\]: got 'none'"),
        ("architectures", "urn", r"architectures\.studies\[0\]: got 'urn'.*a study of a family"),
        ("architectures", "sizes", r"architectures\.studies\[0\]: got 'sizes'.*not width"),
        ("collapse_rates", "urn", r"collapse_rates\.studies\[0\]: got 'urn'.*a study of a family"),
        ("model_sizes", "plane", r"model_sizes\.studies\[0\]: got 'plane'.*the axis width"),
    ],
)
def test_a_study_that_a_figure_of_families_cannot_show_is_refused(config, figure, name, message):
    config["figures"][figure]["studies"] = [name]
    with pytest.raises(ParameterError, match=message):
        load(config)


def test_rates_of_different_clocks_are_not_drawn_together(config):
    config["figures"]["collapse_rates"]["studies"] = ["plane", "kept"]
    with pytest.raises(ParameterError, match=r"collapse_rates\.studies: got 'kept'.*all keep all"):
        load(config)


def test_two_starts_of_one_kind_have_no_row_of_their_own(config):
    starts = ["collapsed:0:0.01", "collapsed:1:0.01"]
    config["studies"]["plane"]["axes"]["initial"] = starts
    config["figures"] = {"architectures": {"studies": ["plane"]}}
    with pytest.raises(ParameterError, match="one start of each kind"):
        load(config)


def test_more_temperatures_than_colours_are_refused(config):
    config["studies"]["sizes"]["axes"]["temperature"] = [0.2, 0.4, 0.6, 0.8, 1, 1.5, 2]
    with pytest.raises(ParameterError, match=r"model_sizes\.studies: got '7 temperatures'.*6"):
        load(config)
