"""A study written as a whole: tables, texts and reports are put in place together, or nothing is."""

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.coded_json import read_json
from ncsresearch.ingest.data_package import write_data_package
from ncsresearch.ingest.table_file import Fault
from ncsresearch.ingest.unfinished import GONE, READY, put_in_place
from ncsresearch.ingest.whole_file import write_json
from ncsresearch.schema import TABLES, StudyError
from ncsresearch.study import read_settings, save_tables
from ncsresearch.study.check import MAY_BE_OPEN, checked_texts, unnamed_coders

STAGE = ".import"
REPORTS = "imports.json"
SETTING = re.compile(r"^reporting_coder\s*=.*$", re.MULTILINE)
FIRST_TABLE = re.compile(r"^\[", re.MULTILINE)


def read_document_texts(study: Path) -> dict[str, str]:
    """Return the normal text of each document that a study holds, by its document_id."""
    paths = sorted((study / "texts").glob("*.txt"))
    try:
        return {path.stem: path.read_text(encoding="utf-8") for path in paths}
    except UnicodeDecodeError as error:
        fault = f"a text of its folder texts is not UTF-8 (byte {error.start})"
        raise StudyError(f"{study.name}: {fault}.") from None


def write_study(
    study: Path,
    tables: dict[str, pd.DataFrame],
    texts: dict[str, str],
    reports: list[dict],
    *,
    rewrite: Callable[[Path], None] | None = None,
    former: Collection[str] = (),
) -> None:
    """Write a study's tables, texts and reports, after all are sound; a fault leaves the study as it was.

    rewrite   is given a copy of the whole folder with the new tables and texts, to rewrite what is beside them; files
              that it takes away, and texts of no document, go from the study too
    former    names of sources that have another now: their reports go

    Whoever is killed at it leaves the study as it was or, from the moment that all is ready, as it is to be.
    """
    stage = study / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    try:
        _stage(stage, study, tables, texts, reports, former)
        if rewrite:
            _link_the_others(study, stage)
            rewrite(stage)
            gone = [*{*_files(study)} - {*_files(stage)}]
            (stage / GONE).write_text(json.dumps(gone), encoding="utf-8")
        stage.replace(study / READY)
        put_in_place(study)
    except OSError as error:
        raise StudyError(f"{study.name}: cannot be written ({error.strerror}).") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _stage(
    stage: Path,
    study: Path,
    tables: dict,
    texts: dict[str, str],
    reports: list[dict],
    former: Collection[str],
) -> None:
    stage.mkdir()
    shutil.copy(study / "study.toml", stage)
    keep = {
        name: rows.reindex(columns=TABLES[name].column_names).astype("str").reset_index(drop=True)
        for name, rows in tables.items()
        if len(rows) or (study / f"{name}.csv").exists()
    }
    save_tables(keep, stage)
    name_reporting_coder(stage, tables["codings"])
    if faults := [fault for fault in checked_texts(stage, keep)[2] if fault.column not in MAY_BE_OPEN]:
        raise StudyError(
            f"The study would not be sound after this, so nothing was written:\n{_listed(faults)}"
        )
    write_data_package(stage, read_settings(study).title, study.resolve().name)
    _write_texts(stage / "texts", texts)
    new = {report["source"]: report for report in reports}
    kept = {source: each for source, each in read_reports(study).items() if source not in {*new, *former}}
    write_json(kept | new, stage / REPORTS)


def _files(folder: Path) -> list[str]:
    """Return the files of a study folder; folders that begin with a dot are no part of the study."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if not any(name.startswith(".") for name in path.parts[:-1])]


def _link_the_others(study: Path, stage: Path) -> None:
    """Put every file that is not written anew beside those that are, without copying what may be hours of sound."""
    for name in _files(study):
        target = stage / name
        if target.exists() or target.parent == stage / "texts":
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(study / name, target)
        except OSError:
            shutil.copy2(study / name, target)


def _listed(faults: list[Fault]) -> str:
    """Say where faults are and what was expected there, but not what was found: it may be a participant's words."""
    kinds = Counter((", ".join(filter(None, (each.file, each.column))), each.expected) for each in faults)
    rows = {kind: f"{n} row{'s' * (n > 1)}" for kind, n in kinds.items()}
    return "\n".join(f"  {place}: expected {expected} ({n})" for (place, expected), n in rows.items())


def _write_texts(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in texts.items():
        if Path(name).name != name:
            raise StudyError(f"The document {name!r} cannot be the name of a file, so nothing was written.")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")


def read_reports(study: Path) -> dict[str, dict]:
    """Return the newest report on each source that was imported into a study, by its name, in the order of the imports."""
    known = study / REPORTS
    kept = read_json(known) if known.exists() else {}
    if not isinstance(kept, dict) or not all(isinstance(report, dict) for report in kept.values()):
        raise StudyError(f"{known.name}: expected an object with a report on each source.")
    return kept


def choice_to_make(study: Path, codings: pd.DataFrame) -> list[str]:
    """Return the remark that a person has to choose between several coders, where study.toml names none."""
    coders = unnamed_coders(read_settings(study), codings)
    coded = f"{len(coders)} people coded ({', '.join(coders)})"
    return [f"{coded}: name one of them as reporting_coder in study.toml"] if len(coders) > 1 else []


def name_reporting_coder(study: Path, codings: pd.DataFrame) -> None:
    """Write the one coder of a study into its study.toml, where that names nobody."""
    coders = unnamed_coders(read_settings(study), codings)
    if len(coders) == 1:
        path, line = study / "study.toml", f"reporting_coder = {json.dumps(coders[0], ensure_ascii=False)}"
        path.write_text(_with_setting(path.read_text(encoding="utf-8"), line), encoding="utf-8")


def _with_setting(text: str, line: str) -> str:
    if SETTING.search(text):
        return SETTING.sub(lambda _: line, text, count=1)
    table = FIRST_TABLE.search(text)
    place = table.start() if table else len(text)
    return f"{text[:place].rstrip()}\n{line}\n\n{text[place:]}".rstrip() + "\n"
