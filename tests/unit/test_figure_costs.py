from pathlib import Path

import pytest

from heatdeath.cli.plan import plan
from heatdeath.reference.figure_costs import figure_costs, page
from heatdeath.study.catalogue import BY_NAME
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.costs import cost_of_job, read_costs
from heatdeath.study.plan import all_jobs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def quick():
    return load(read_configuration(ROOT / "config" / "quick.yaml"))


@pytest.fixture(scope="module")
def rows(quick):
    return {row["name"]: row for row in figure_costs(quick, costs=read_costs())}


def test_the_table_of_figures_is_the_one_that_configuration_and_costs_give():
    text = (ROOT / "docs" / "reproduce.md").read_text(encoding="utf-8")
    assert page(text) == text


def test_every_rule_of_the_table_is_one_of_the_workflow(rows):
    assert {row["rule"] for row in rows.values()} - {None} <= set(BY_NAME)


def test_a_figure_takes_the_studies_that_it_shows_and_no_others(rows):
    assert rows["rates"]["studies"] == ["relaxation", "collapse", "flow"]
    assert rows["phase_diagram_words"]["studies"] == ["words"]
    # The figure of sizes has a family of targets that is called like the study `words`.
    assert rows["sizes"]["studies"] == ["growth", "recovery", "capture"]
    assert rows["cost"]["studies"] == []


def test_a_figure_costs_its_own_job_and_all_that_it_is_made_of(quick, rows):
    costs = read_costs()
    own = costs["workflow"]["seconds_per_job"]
    # It shows no equilibria, which the explorer alone reads.
    jobs = [job for job in all_jobs(quick) if job.study == "words" and job.rule != "equilibria"]
    priced = [cost_of_job(job, costs) for job in jobs]
    row = rows["phase_diagram_words"]
    assert row["core_seconds"] == pytest.approx(sum(cost.seconds + own for cost in priced))
    assert row["disk"] == pytest.approx(sum(cost.disk for cost in priced))


def test_the_last_row_counts_every_job_once(quick, rows):
    jobs = all_jobs(quick)
    own = read_costs()["workflow"]["seconds_per_job"] * len(jobs)
    total = plan(jobs)["total"]
    assert rows[None]["core_seconds"] == pytest.approx(total["core_hours"] * 3600 + own)
    assert rows[None]["disk"] == pytest.approx(total["disk_bytes"], abs=1)
    single = sum(row["core_seconds"] for name, row in rows.items() if name)
    assert single > rows[None]["core_seconds"]
