"""What has left of a confidential study before: the releases that its own folder keeps."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

FOLDER = "releases"
PRINTED = ["code_id", "stance", "by", "group"]


def releases(folder: Path) -> Iterator[tuple[str, dict]]:
    """Yield each release of a study with its name, the first one first."""
    paths = (folder / FOLDER).glob("[0-9]*.json")
    for path in sorted(paths, key=lambda path: int(path.stem.rpartition("-")[2])):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def last_printed(folder: Path) -> pd.DataFrame | None:
    """Return what the last release printed of each count: one row with its keys and told, its number or word.

    None of a study that has released nothing.
    """
    found = list(releases(folder))
    return pd.DataFrame(found[-1][1]["printed"], columns=[*PRINTED, "told"]) if found else None
