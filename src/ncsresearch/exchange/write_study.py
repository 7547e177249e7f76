"""A study written as a whole: tables, texts and reports are put in place together, or nothing is."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.reporting_coder import name_reporting_coder
from ncsresearch.ingest.coded_json import read_json
from ncsresearch.ingest.table_file import Fault
from ncsresearch.schema import StudyError
from ncsresearch.study import check_study, describe_study, save_tables
from ncsresearch.study.check import REPORTING_CODER

STAGE = ".import"
REPORTS = "imports.json"


def read_document_texts(study: Path) -> dict[str, str]:
    """Return the normal text of each document that a study holds, by its document_id."""
    try:
        return {
            path.stem: path.read_text(encoding="utf-8") for path in sorted((study / "texts").glob("*.txt"))
        }
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{study.name}: a text of its folder texts is not UTF-8 (byte {error.start})."
        ) from None


def write_study(
    study: Path, tables: dict[str, pd.DataFrame], texts: dict[str, str], reports: list[dict]
) -> None:
    """Write a study's tables, texts and reports, after all are sound; a fault leaves the study as it was."""
    stage = study / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir()
        shutil.copy(study / "study.toml", stage)
        keep = {name: rows for name, rows in tables.items() if len(rows) or (study / f"{name}.csv").exists()}
        save_tables(keep, stage)
        name_reporting_coder(stage, tables["codings"])
        if faults := [fault for fault in check_study(stage) if fault.column != REPORTING_CODER]:
            raise StudyError(
                f"The study would not be sound after this, so nothing was written:\n{_listed(faults)}"
            )
        (stage / "datapackage.json").unlink()
        _write_texts(stage / "texts", texts)
        _write_reports(stage / REPORTS, study / REPORTS, reports)
        _move(stage, study)
        describe_study(study)
    except OSError as error:
        raise StudyError(f"{study.name}: cannot be written ({error.strerror}).") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _listed(faults: list[Fault]) -> str:
    """Say where faults are and what was expected there, but not what was found: it may be a participant's words."""
    kinds = Counter((fault.file, fault.column, fault.expected) for fault in faults)
    return "\n".join(
        f"  {file}{f', {column}' if column else ''}: expected {expected} ({n} row{'s' * (n > 1)})"
        for (file, column, expected), n in kinds.items()
    )


def _write_texts(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in texts.items():
        if Path(name).name != name:
            raise StudyError(f"The document {name!r} cannot be the name of a file, so nothing was written.")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")


def _write_reports(path: Path, known: Path, reports: list[dict]) -> None:
    """Keep the newest report on each source in imports.json."""
    kept = read_json(known) if known.exists() else {}
    if not isinstance(kept, dict):
        raise StudyError(f"{known.name}: expected an object with a report on each source.")
    kept |= {report["source"]: report for report in reports}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _move(stage: Path, study: Path) -> None:
    for path in sorted(stage.rglob("*")):
        target = study / path.relative_to(stage)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists() or target.read_bytes() != path.read_bytes():
            path.replace(target)
