"""The explorer in a real browser: in JupyterLab and as a page of its own in Voilà, by mouse and by keyboard."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import PROJECT

LONG = 180_000  # milliseconds: a notebook server, a kernel and a study start on a busy machine
BIN = Path(sys.executable).parent
JUPYTER_DIRS = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
LAB_DIRS = ("SETTINGS_DIR", "WORKSPACES_DIR")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def served(folder: Path, *command: str):
    """Yield the port on which a program serves a copy of the notebook, with no settings of this user."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").symlink_to(PROJECT / "data")
    shutil.copy(PROJECT / "notebooks" / "explore.ipynb", folder / "notebooks")
    own = {f"JUPYTER_{name}": str(folder / name) for name in JUPYTER_DIRS}
    own |= {f"JUPYTERLAB_{name}": str(folder / name) for name in LAB_DIRS} | {"JUPYTER_PREFER_ENV_PATH": "1"}
    port = free_port()
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, f"--port={port}"],
            cwd=folder / "notebooks",
            env=os.environ | own,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(port, server, folder / "log")
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + LONG / 1000
    while not answers(port):
        assert server.poll() is None and time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.3)


@contextmanager
def page_of(browser, address: str):
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.set_default_timeout(LONG)
    try:
        page.goto(address)
        yield page
    finally:
        page.close()


def follows(page) -> None:
    """Pick a theme and a kind of area: the table, the sentence and the line of code follow."""
    page.get_by_text("Themes raised by people heard").wait_for()
    page.get_by_label("Theme", exact=True).select_option(label="Leadership")
    page.get_by_text("Who raised leadership").wait_for()
    page.get_by_label("Kind of area", exact=True).select_option("rural")
    page.get_by_text(re.compile("people in rural areas raised leadership")).wait_for()
    line = 'ncs.show(*ncs.selected(study, area_type="rural", theme="leadership"))'
    assert page.get_by_label(re.compile("^The selection as a line of code")).input_value() == line
    assert page.get_by_role("rowheader", name="Urban areas").count() == 0


def test_in_jupyterlab_what_is_picked_shows_and_keys_stay_in_the_lists(browser, tmp_path):
    lab = (str(BIN / "jupyter"), "lab", "--no-browser", "--allow-root", "--IdentityProvider.token=x")
    with (
        served(tmp_path, *lab) as port,
        page_of(browser, f"http://127.0.0.1:{port}/lab/tree/explore.ipynb?token=x") as page,
    ):
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        follows(page)
        page.get_by_label("Kind of area", exact=True).focus()
        for key in ("u", "ArrowUp", "a", "b", "x"):
            page.keyboard.press(key)
        assert page.locator(".jp-Notebook .jp-Cell").count() == 4
        page.get_by_role("checkbox", name="Disclosure rules").focus()
        page.keyboard.press("Space")
        page.get_by_role("alert").filter(has_text="The disclosure rules are off").wait_for()


def test_in_voila_the_explorer_is_a_page_of_its_own(browser, tmp_path):
    pytest.importorskip("voila")
    voila = (str(BIN / "voila"), "explore.ipynb", "--no-browser")
    with served(tmp_path, *voila) as port, page_of(browser, f"http://127.0.0.1:{port}/") as page:
        follows(page)
        page.get_by_role("button", name="Show everything").click()
        words = page.get_by_label("Words in the passages")
        words.fill("worker")
        words.press("Enter")
        page.locator("mark").first.wait_for()
        assert "load_study" not in page.locator("body").inner_text()
