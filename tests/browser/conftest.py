"""One browser for the tests of a module: Debian's Chromium, which reaches no network."""

import os

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from .chromium import installed, start

_PATIENCE = 30  # seconds


class Page:
    """The explorer in a browser."""

    def __init__(self, driver, path):
        self.driver = driver
        self.address = path.as_uri()

    def open(self, place=""):
        # From the same document only its hash would change.
        self.driver.get("about:blank")
        self.driver.get(self.address + place)
        self.wait_for_chart()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.find(selector).text

    def cell(self, i, j):
        return self.find(f'#grid button[data-i="{i}"][data-j="{j}"]')

    def wait(self, condition):
        return WebDriverWait(self.driver, _PATIENCE, poll_frequency=0.05).until(
            lambda _: condition()
        )

    def wait_for_chart(self):
        """Wait until the chart of what is chosen is drawn."""
        self.wait(lambda: self.run("return document.querySelector('#chart').dataset.drawn === '1'"))

    def choose(self, name, text):
        """Choose an option of a select as a person does, by its text."""
        self.run(
            "const select = document.getElementById(arguments[0]);"
            "const option = [...select.options].find((each) => each.text === arguments[1]);"
            "select.value = option.value;"
            "select.dispatchEvent(new Event('change', {bubbles: true}));",
            name,
            text,
        )
        self.wait_for_chart()

    def table(self, name):
        """Return the rows of a table, each a list of texts; it may be folded away."""
        return self.run(
            "return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)]"
            ".map((row) => [...row.cells].map((cell) => cell.textContent))",
            name,
        )

    def points(self):
        """Return what the chart says about each of its points."""
        return self.run(
            "return [...document.querySelectorAll('#chart svg path[aria-roledescription=point]')]"
            ".map((each) => each.getAttribute('aria-label'))"
        )


@pytest.fixture(scope="module")
def driver():
    """Start Chromium, or skip where there is none and none is asked for."""
    browser, chromedriver = installed()
    if not (browser and chromedriver):
        if os.environ.get("HEATDEATH_TEST_BROWSER"):
            pytest.fail("HEATDEATH_TEST_BROWSER is set, but there is no chromium with chromedriver")
        pytest.skip("there is no chromium with chromedriver")
    started = start(browser, chromedriver)
    yield started
    started.quit()


@pytest.fixture(scope="module")
def page(driver, explored):
    """Return the page, in one browser for all tests."""
    return Page(driver, explored.page)
