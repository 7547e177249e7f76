"""A browser for the pages; where there is none its tests skip and say why, and fail where CI is set."""

import os
import shutil

import pytest

BROWSERS = ("chromium", "google-chrome")
LOCAL = ("file:", "data:", "blob:")


def _executable() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        report = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
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


@pytest.fixture
def page(browser):
    """An empty page without a network; it is a fault that a page complains, fails or asks for anything but files."""
    faults = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on(
        "console",
        lambda said: said.type in ("error", "warning") and faults.append(f"{page.url}: {said.text}"),
    )
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda asked: asked.url.startswith(LOCAL) or faults.append(f"{page.url} asks for {asked.url}"),
    )
    yield page
    context.close()
    assert faults == []
