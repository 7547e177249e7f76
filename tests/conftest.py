"""Where the material beside the project is; tests that need it skip where it is not there."""

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
