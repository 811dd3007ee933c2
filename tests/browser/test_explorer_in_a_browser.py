"""What a person does with the explorer: in a browser, with mouse, keyboard and phone."""

import json
import math
import re

import numpy as np
import pytest
from selenium.webdriver import ActionChains, Keys

import heatdeath
from heatdeath.files import netcdf
from heatdeath.study.catalogue import kind_named

START = "#study=plane&panel=target&T=0.5&f=0&observable=total_variation"


@pytest.fixture
def plane(page):
    page.open(START)
    return page


def numbers(text):
    """Read numbers as the page writes them."""
    return [
        math.inf if each == "∞" else float(each.replace(",", "").replace("−", "-")) for each in text
    ]


def focused(page):
    return page.run("const {i, j} = document.activeElement.dataset; return [Number(i), Number(j)]")


def quantiles(explored, study, name, index):
    return netcdf.read(explored.files[study]["ensemble"], kind=kind_named("ensemble")).values(name)[
        index
    ]


def test_clicking_a_cell_shows_its_trajectories(plane, explored):
    before = plane.points()
    plane.cell(3, 2).click()
    plane.wait_for_chart()
    expected = quantiles(explored, "plane", "total_variation", (3, 2, 0))
    assert plane.text("#cell-title").startswith("T = 2, f = 0.5: ")
    assert plane.cell(3, 2).get_attribute("aria-pressed") == "true"
    assert len(plane.all('#grid button[aria-pressed="true"]')) == 1
    shown = np.array([numbers(row[1:]) for row in plane.table("numbers-table")])
    np.testing.assert_allclose(shown, expected, rtol=6e-3)
    points = plane.points()
    assert points != before
    assert len(points) == len(expected)
    for point, row in zip(points, expected, strict=True):
        said = dict(part.split(": ", 1) for part in point.split("; "))
        assert float(said["median"].replace("−", "-")) == pytest.approx(row[2], rel=6e-3)


def test_the_phases_of_a_cell_have_their_shares_and_intervals(plane, explored):
    diagram = netcdf.read(
        explored.files["plane"]["phase_diagram"], kind=kind_named("phase_diagram")
    )
    plane.cell(0, 1).click()
    rows = plane.table("shares")
    assert [row[0] for row in rows] == ["faithful", "collapsed", "heat death"]
    for row, share, (low, high) in zip(
        rows,
        diagram.values("phase_share")[0, 1, 0],
        diagram.values("phase_share_interval")[0, 1, 0],
        strict=True,
    ):
        assert float(row[1].removesuffix(" %")) == pytest.approx(100 * share, rel=6e-3)
        found = [float(each.removesuffix(" %")) for each in row[2].split(" to ")]
        assert found == pytest.approx([100 * low, 100 * high], rel=6e-3, abs=1e-9)


def test_critical_fractions_and_equilibria_stand_beside_the_chart(plane):
    critical = heatdeath.critical_fractions("zipf:1:10", temperature=0.5)
    thresholds = dict(plane.table("thresholds"))
    undoes = "undoes collapse on any outcome; last: outcome 1 (from 0)"
    assert float(thresholds[undoes]) == pytest.approx(critical.recover, rel=6e-4)
    assert thresholds["prevents collapse"] == "no threshold"
    assert [row[0] for row in plane.table("equilibria")] == [
        f"locked in to outcome {i} (from 0)" for i in (0, 1, 9)
    ]
    plane.choose("temperature", "∞")
    assert plane.table("thresholds") == []
    assert "above 0 and below ∞" in plane.text("#equilibria-text")


def test_arrow_keys_walk_over_the_cells_and_enter_and_space_pick(plane):
    plane.find("#observable").send_keys(Keys.TAB)
    assert focused(plane) == [1, 0]
    walk = ActionChains(plane.driver)
    walk.send_keys(Keys.ARROW_UP, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
    assert focused(plane) == [3, 1]
    assert plane.text("#cell-title").startswith("T = 0.5, f = 0:")
    assert plane.text("#tip").startswith("T = 2, f = 0.03")
    ActionChains(plane.driver).send_keys(Keys.ENTER).perform()
    assert plane.text("#cell-title").startswith("T = 2, f = 0.03:")
    ActionChains(plane.driver).send_keys(Keys.HOME, Keys.PAGE_UP, Keys.SPACE).perform()
    assert focused(plane) == [0, 2]
    assert plane.text("#cell-title").startswith("T = 0, f = 0.5:")
    ActionChains(plane.driver).send_keys(Keys.ARROW_UP, Keys.ARROW_LEFT).perform()
    assert focused(plane) == [0, 2]
    # One stop of the Tab key for the whole diagram, and it comes back to where one was.
    assert plane.run("return document.querySelectorAll('#grid button[tabindex=\"0\"]').length") == 1
    plane.wait_for_chart()


def test_study_start_and_observable_can_be_switched(plane, explored):
    plane.choose("observable", "Effective number of outcomes")
    plane.choose("panel", "collapsed, 99 % on outcome 1 (from 0)")
    shown = [numbers(row[1:]) for row in plane.table("numbers-table")]
    expected = quantiles(explored, "plane", "effective_outcomes", (1, 0, 1))
    np.testing.assert_allclose(shown, expected, rtol=6e-3)
    assert plane.text("#chart-title") == "Effective number of outcomes"
    assert "exp(H)" in plane.text("#formula")
    plane.choose("study", "variants")
    assert plane.text("#panel-name") == "Variant"
    assert len(plane.all("#grid button")) == 4
    plane.choose("panel", "top-k: m = 400, top-k = 3")
    plane.choose("temperature", "2")
    plane.choose("fresh-fraction", "0.9")
    shown = [numbers(row[1:]) for row in plane.table("numbers-table")]
    expected = quantiles(explored, "variants", "effective_outcomes", (1, 1, 1))
    np.testing.assert_allclose(shown, expected, rtol=6e-3)
    assert "this is another one" in plane.text("#equilibria-text")


def test_the_address_keeps_what_is_chosen(plane):
    plane.choose("panel", "collapsed, 99 % on outcome 1 (from 0)")
    plane.choose("observable", "Collision probability: chance that two outputs agree")
    plane.cell(4, 1).click()
    kept = plane.run("return location.hash")
    said = plane.text("#cell-title"), plane.text("#cell-summary"), plane.text("#chart-text")
    plane.open(kept)
    assert said == (
        plane.text("#cell-title"),
        plane.text("#cell-summary"),
        plane.text("#chart-text"),
    )
    assert said[0].startswith("T = ∞, f = 0.03:")
    plane.open("#study=gone&T=77&f=x&panel=&observable=")
    assert plane.text("#cell-title").startswith("T = 0.5, f = 0.03:")


def test_letters_stand_out_from_the_colours_of_their_cells(plane):
    def luminance(colour):
        channels = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    pairs = plane.run(
        "return [...document.querySelectorAll('#grid button')]"
        ".map((each) => getComputedStyle(each))"
        ".map((style) => [style.color, style.backgroundColor])"
    )
    for pair in pairs:
        low, high = sorted(map(luminance, pair))
        assert (high + 0.05) / (low + 0.05) >= 4.5
    assert len({letter for letter, _ in pairs}) == 2


def test_what_a_study_asks_is_shown_as_text_whatever_stands_in_it(plane, explored):
    assert plane.text("#question") == explored.arguments["questions"]["plane"]
    assert plane.all("#question *") == []


def test_pointing_at_a_cell_says_what_it_is(plane):
    ActionChains(plane.driver).move_to_element(plane.cell(2, 2)).perform()
    tip = plane.text("#tip").splitlines()
    assert tip[0] == "T = 1, f = 0.5"
    assert tip[2].startswith("order parameter ")
    ActionChains(plane.driver).move_to_element(plane.find("h1")).perform()
    assert not plane.find("#tip").is_displayed()


def test_every_cell_says_temperature_fresh_fraction_phase_and_value(plane):
    labels = [button.get_attribute("aria-label") for button in plane.all("#grid button")]
    assert len(set(labels)) == 15
    pattern = r"T = \S+, f = \S+: [a-z ,]+, order parameter −?[\d.]+"
    assert all(
        plane.run("return RegExp(`^${arguments[0]}$`, 'u').test(arguments[1])", pattern, each)
        for each in labels
    )
    letters = {button.text for button in plane.all("#grid button")}
    assert letters <= {"F", "C", "H", "M"}
    assert len(letters) > 1
    titles = plane.run(
        "return [...document.querySelectorAll('h1, h2, h3')].map((each) => each.tagName)"
    )
    assert titles == ["H1", "H2", "H2", "H3", "H3", "H3", "H3"]
    assert plane.driver.title == "heatdeath: explore the phase diagram"


def test_a_phone_needs_no_sideways_scrolling(plane):
    emulate = "Emulation.setDeviceMetricsOverride"
    plane.driver.execute_cdp_cmd(
        emulate, {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    )
    try:
        for study in ("variants", "plane"):
            plane.choose("study", study)
            assert plane.run("return document.documentElement.scrollWidth") == 360
        plane.cell(0, 0).click()
        plane.wait_for_chart()
        assert (
            plane.run("return document.querySelector('#chart svg').getBoundingClientRect().right")
            <= 360
        )
        smallest = plane.run(
            "return parseFloat(getComputedStyle(document.querySelector('#grid button')).fontSize)"
        )
        assert smallest >= 10
    finally:
        plane.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_dark_theme_changes_page_and_chart(plane):
    colours = (
        "return [getComputedStyle(document.body).backgroundColor,"
        " document.querySelector('#chart svg .mark-line path').getAttribute('stroke')]"
    )
    light = plane.run(colours)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    try:
        plane.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
        plane.wait(lambda: plane.run(colours)[1] != light[1])
        assert plane.run(colours)[0] != light[0]
    finally:
        plane.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        plane.wait(lambda: plane.run(colours) == light)


def test_nothing_is_asked_of_a_network_and_nothing_goes_wrong(page):
    for kind in ("browser", "performance"):
        page.driver.get_log(kind)
    page.open(START)
    for observable in page.run(
        "return [...document.getElementById('observable').options].map((each) => each.text)"
    ):
        page.choose("observable", observable)
    assert page.driver.get_log("browser") == []
    messages = [
        json.loads(entry["message"])["message"] for entry in page.driver.get_log("performance")
    ]
    asked = {
        message["params"]["request"]["url"].partition("#")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert {address for address in asked if not address.startswith(("data:", "blob:"))} == {
        page.address
    }
    assert (
        page.run("return performance.getEntriesByType('resource').map((each) => each.name)") == []
    )
    # The browser could not load anything if it were asked to.
    page.run("fetch('https://example.org/').catch(() => { document.title = 'refused'; })")
    page.wait(lambda: page.driver.title == "refused")
