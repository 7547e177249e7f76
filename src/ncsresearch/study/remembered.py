"""What is worked out once of a study: it is remembered on this machine, so that no notebook works it out again."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from platformdirs import user_cache_path

MOST_FILES = 50
FILE = "remembered_in"


def remembered(
    rows: pd.DataFrame, about: str, modules: Sequence[str], work_out: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return what was worked out of these rows before, or work it out and remember it.

    rows      what it is made of; it is known by the digest of them, of what is said about them, and of the program
    modules   the names of those that work it out

    Returns columns of text, of true and false and of shares, and no count: the file, which attrs names, holds nothing else.
    Where none can be written it is worked out each time.
    """
    code = [Path(find_spec(name).origin).read_bytes() for name in modules]
    told = rows.to_csv(index=False).encode()
    digest = hashlib.sha256(b"\0".join([about.encode(), told, *code])).hexdigest()
    path = _folder() / f"mask-{digest}.npz"
    if path.is_file():
        with np.load(path) as file:
            found = pd.DataFrame(dict(file), index=rows.index)
    else:
        found = work_out().loc[rows.index]
        _write(path, found)
    found.attrs[FILE] = path
    return found


def _folder() -> Path:
    return user_cache_path("ncsresearch")


def remember(folder: Path) -> None:
    """Take over what a run has sent of what it worked out, so that a notebook made elsewhere withholds the same counts."""
    for sent in folder.glob("mask-*.npz"):
        with contextlib.suppress(OSError):
            if not (_folder() / sent.name).is_file():
                _folder().mkdir(parents=True, exist_ok=True)
                shutil.copyfile(sent, _folder() / f"{sent.stem}.{os.getpid()}.part")
                (_folder() / f"{sent.stem}.{os.getpid()}.part").replace(_folder() / sent.name)


def _write(path: Path, found: pd.DataFrame) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{id(found)}.part")
        with part.open("wb") as file:
            np.savez_compressed(file, **{name: np.asarray(found[name].tolist()) for name in found})
        part.replace(path)
        for old in sorted(path.parent.glob("mask-*.npz"), key=lambda one: one.stat().st_mtime)[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    except OSError:
        return
