"""Which notebooks have to be made, and why? Each is made of what it reads, and made again when that changes."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256

import pandas as pd

from ncsresearch.batch.fingerprint import Inputs, digest, of_chapter, of_package
from ncsresearch.batch.plan import Task
from ncsresearch.schema import TABLES
from ncsresearch.study import Study

CSV = ".csv"


def made_of(task: Task, study: Study, found: Inputs, part: Study | None) -> dict[str, str]:
    """Return the digests of what a notebook may be made of, by name.

    part   what it reads of the study, where it does not read the whole
    """
    own = {
        "ncsresearch": of_package(),
        "the notebook": of_chapter(task.chapter),
        "parameters": digest(json.dumps(task.told, sort_keys=True).encode()),
        "sources": found.sources,
    }
    return own | (_of_part(part, found.key) if part else _of_study(task, study, found))


def _of_study(task: Task, study: Study, found: Inputs) -> dict[str, str]:
    """Digests of what a chapter may read; the claims of other chapters are none of it."""
    claims = [claim for claim in study.claims if claim.chapter == task.chapter.stem]
    beside = {name: value for name, value in found.files.items() if not name.endswith((CSV, "claims.toml"))}
    tables = {f"{name}{CSV}": found.files.get(f"{name}{CSV}", "") for name in TABLES}
    return beside | tables | {"claims": digest(repr(claims).encode(), key=found.key)}


def _of_part(part: Study, key: bytes) -> dict[str, str]:
    """Digests of what the report on an area reads."""
    rows = [_rows(part.tables[name]) for name in TABLES]
    told = {
        "settings": repr(part.settings).encode(),
        "rows of the area": b"".join(rows),
        "figures of the whole study": _figures(part),
    }
    return {name: digest(content, key=key) for name, content in told.items()}


def _rows(rows: pd.DataFrame) -> bytes:
    """Return what stands for the rows of a table, wherever they stand among others."""
    content = pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes() if len(rows) else b""
    return sha256(content).digest()


def _figures(part: Study) -> bytes:
    if not part.whole:
        return b""
    told = {name: value for name, value in vars(part.whole).items() if name != "counts"}
    return repr(told).encode() + _rows(part.whole.counts)


def was_made_of(now: Mapping[str, str], read: tuple[str, ...]) -> dict[str, str]:
    """Return what a notebook was made of: of the tables, those that it read."""
    known = {f"{name}{CSV}" for name in read}
    return {name: value for name, value in now.items() if not name.endswith(CSV) or name in known}


def why_again(
    now: Mapping[str, str], entry: Mapping | None, is_left: Callable[[str, str], bool]
) -> list[str]:
    """Return why a notebook has to be made; for no reason where what it was made of is as it was.

    entry     what the manifest of the last run says of it
    is_left   whether a file is as it was left, of its name and digest
    """
    if not entry:
        return ["it was not made before"]
    if entry["status"] != "done":
        return ["it failed before"]
    before = entry.get("made_of", {})
    changed = [name for name in _compared(before, now) if before.get(name) != now.get(name)]
    if changed:
        return [f"{name} changed" for name in changed]
    as_left = all(is_left(name, value) for name, value in entry["files"].items())
    return [] if as_left else ["its pages are not as they were left"]


def _compared(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """All that it was made of, and what it is made of now that is no table."""
    return [*before, *(name for name in now if name not in before and not name.endswith(CSV))]
