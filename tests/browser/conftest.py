"""A browser for the pages; where there is none its tests skip and say why, and fail where CI is set."""

import os
import shutil

import pytest

BROWSERS = ("chromium", "google-chrome")


def _executable() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        report = pytest.fail if os.environ.get("CI") else pytest.skip
        report("no Chromium on this machine. On Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def browser():
    """A Chromium for the tests of one module: as long as it is open, its worker can run no other event loop."""
    executable = _executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable)
        yield chromium
        chromium.close()
