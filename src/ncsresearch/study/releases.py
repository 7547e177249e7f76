"""What has left of a confidential study before: the releases that its own folder keeps."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ncsresearch.schema import StudyError

FOLDER = "releases"
NAME = re.compile(r"\d{4}-\d\d-\d\d-\d+")  # the day, and how many there are
PRINTED = ["code_id", "stance", "by", "group"]


def releases(folder: Path) -> Iterator[tuple[str, dict]]:
    """Yield each release of a study with its name, the first one first. Raises StudyError for a broken file of one."""
    paths = [path for path in (folder / FOLDER).glob("*.json") if NAME.fullmatch(path.stem)]
    for path in sorted(paths, key=lambda path: int(path.stem.rpartition("-")[2])):
        try:
            yield path.stem, json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise StudyError(
                f"{FOLDER}/{path.name} of {folder.name} is broken: restore it from a copy."
            ) from None


def last_printed(folder: Path) -> pd.DataFrame | None:
    """Return what the last release printed of each count: one row with its keys and told, its number or word.

    None of a study that has released nothing.
    """
    found = list(releases(folder))
    return pd.DataFrame(found[-1][1]["printed"], columns=[*PRINTED, "told"]) if found else None
