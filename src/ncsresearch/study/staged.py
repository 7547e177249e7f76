"""A study that a run has checked and staged, so that no notebook reads and checks it again.

It is trusted to be what the run wrote, and so only found below the folder that the run names in its environment.
"""

import os
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ncsresearch.schema import TABLES

if TYPE_CHECKING:
    from ncsresearch.study import Study

BELOW = "NCSRESEARCH_STAGED"  # names the folder below which a run stages studies
STUDY = "study.pickle"
READ = "read.txt"


class StagedTables(Mapping):
    """The tables of a staged study: each is read when it is first asked for, and its name noted in read.txt."""

    def __init__(self, folder: Path):
        self.folder, self._read = folder, {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the table of this name."""
        if name not in self._read:
            with (self.folder / f"{name}.pickle").open("rb") as file:
                self._read[name] = pickle.load(file)
            with (self.folder / READ).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)


def staged_files(study: "Study") -> dict[str, bytes]:
    """Return the files of a staged study by name."""
    tables = {f"{name}.pickle": pickle.dumps(rows, 5) for name, rows in study.tables.items()}
    return tables | {STUDY: pickle.dumps(replace(study, tables={}, folder=Path()), 5)}


def in_a_run(folder: Path) -> bool:
    """Whether a study folder is one that a run has staged for its notebooks."""
    below = os.environ.get(BELOW)
    return bool(below) and folder.resolve().is_relative_to(Path(below).resolve())


def read_staged(folder: Path) -> "Study | None":
    """Return the study that the run has staged in a folder, or None where it is a study folder like any other."""
    if not in_a_run(folder) or not (folder / STUDY).is_file():
        return None
    return replace(pickle.loads((folder / STUDY).read_bytes()), folder=folder, tables=StagedTables(folder))


def tables_read(folder: Path) -> tuple[str, ...]:
    """Return the names of the tables that were read of a staged study, in the order of the schema."""
    noted = (folder / READ).read_text(encoding="utf-8").split() if (folder / READ).exists() else []
    return tuple(name for name in TABLES if name in noted)
