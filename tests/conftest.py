"""Where the material beside the project is, whose tests skip where it is not there, and one run of both studies."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"


def _beside(folder: str) -> Path:
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(f"the folder {folder} is not beside the project")
    return path


@pytest.fixture(scope="session")
def sources() -> Path:
    """Folder of the five published documents."""
    return _beside("sources")


@pytest.fixture(scope="session")
def facts() -> Path:
    """Folder of facts taken from the documents by hand."""
    return _beside("facts")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of files that other tools wrote."""
    return _beside("samples")


@pytest.fixture(scope="session")
def published():
    """The published study that comes with the project."""
    from ncsresearch.study import load_study

    return load_study(PROJECT / "data" / "published")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Folder of outputs of both embedded studies, run once for all tests and workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "site").exists():
            _run_both_studies(shared / "site.partial")
            (shared / "site.partial").rename(shared / "site")
    return shared / "site"


def _run_both_studies(folder: Path) -> None:
    command = [sys.executable, "-c", "from ncsresearch.cli import main; main()"]
    done = subprocess.run(
        [*command, "run", "--output", str(folder)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
