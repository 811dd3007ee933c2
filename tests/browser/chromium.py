"""Chromium without a window and without a network, driven from Python."""

import shutil

from selenium import webdriver

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1300,900",
)


def installed():
    """Return the paths of a browser and its driver, each None where there is none."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    return browser, shutil.which("chromedriver")


def start(browser, chromedriver):
    """Start the browser; its logs keep everything that is said and asked for."""
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for option in _OPTIONS:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # With the path of the driver, selenium looks for none to download.
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
