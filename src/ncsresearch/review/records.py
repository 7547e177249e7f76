"""What a run keeps of the study that it was made of, so that a later one can name the rows that changed: no words of anybody."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd

from ncsresearch.batch.digests import digest, inputs
from ncsresearch.review import study_rows
from ncsresearch.review.basis import Scope, basis
from ncsresearch.review.left import Left
from ncsresearch.study import Study, history, load_study

MOST_ROWS = 300_000  # of a study of which a record is kept
CATEGORIES = ["kind", "person", "of", "unit", "code_id", "stance", "coder", "about", "groups"]


class Record:
    """What outputs were made of.

    rows       as study_rows has them
    withdrawn  how many people have been taken out of it since
    told_by    a digest of the module that says what is in a row's digest, which another version may have changed
    """

    def __init__(self, told: Mapping):
        self.withdrawn, self.told_by = told["withdrawn"], told["told_by"]
        rows = pd.DataFrame(told["rows"], columns=told["columns"], dtype="str")
        self.rows = rows.astype(dict.fromkeys(CATEGORIES, "category"))
        self._basis = told["basis"]

    def basis(self, finding: Mapping) -> list[Scope]:
        """Return what a finding rested on then; nothing for one that was not among the findings."""
        return self._basis.get(_named(finding), [])


def _named(finding: Mapping) -> str:
    said = digest(finding["sentence"].encode())[:12]
    return json.dumps([finding["chapter"], finding["area_id"], finding["name"], said])


def record_of(study: Study, left: Left) -> dict:
    """Return what is kept of a study, of which outputs were made."""
    rows = study_rows.study_rows(study)
    return {
        "state": left.state,
        "told_by": digest(Path(study_rows.__file__).read_bytes()),
        "withdrawn": 0,
        "basis": {_named(finding): basis(study, finding) for finding in left.findings},
        "columns": [*rows],
        "rows": rows.astype("str").to_numpy().tolist(),
    }


def keep_record(folder: Path, left: Left) -> None:
    """Keep what outputs were made of in the study's own folder.

    Nothing is kept of a very large study, of one that has changed meanwhile, or where nothing can be written.
    """
    if inputs(folder).files != left.manifest.get("inputs"):
        return
    study = load_study(folder)
    if sum(map(len, study.tables.values())) <= MOST_ROWS:
        with suppress(OSError):
            history.keep(folder, record_of(study, left))


def read_record(folder: Path, left: Left) -> Record | None:
    """Return what outputs were made of: what was kept then, or what the study is now where they were made of that."""
    kept = next((told for _, told in history.records(folder) if told["state"] == left.state), None)
    if kept is None and inputs(folder).files == left.manifest.get("inputs"):
        kept = record_of(load_study(folder), left)
    return Record(kept) if kept else None
