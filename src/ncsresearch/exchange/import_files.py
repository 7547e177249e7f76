"""Files of other tools into a study: read, laid into its tables, checked, and only then written."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.merge import Changes, merge
from ncsresearch.ingest.coded_json import is_response_folder, read_coded_json, read_response_folder
from ncsresearch.ingest.document import READERS as DOCUMENTS
from ncsresearch.ingest.fields import unknown_columns
from ncsresearch.ingest.incoming import Incoming
from ncsresearch.ingest.framework_matrix import read_framework_matrix
from ncsresearch.ingest.refi_qda import read_codebook, read_project
from ncsresearch.ingest.spreadsheet import read_spreadsheet
from ncsresearch.ingest.taguette import read_taguette
from ncsresearch.ingest.transcript import transcript_incoming
from ncsresearch.ingest.workbook import READERS as WORKBOOKS
from ncsresearch.ingest.workbook import read_sheets
from ncsresearch.schema import TABLES, StudyError
from ncsresearch.study import check_study, describe_study, read_texts, save_tables

READERS = {suffix: transcript_incoming for suffix in DOCUMENTS} | {
    ".qdpx": read_project,
    ".qdc": read_codebook,
    ".json": read_coded_json,
    ".sqlite3": read_taguette,
    ".sqlite": read_taguette,
    ".db": read_taguette,
}
STAGE = ".import"
REPORTS = "imports.json"


@dataclass(frozen=True)
class Imported:
    """What became of one file: its account, and what it changed in the study."""

    incoming: Incoming
    changes: Changes

    def report(self) -> dict:
        """Return the report as it is kept in the study: names and counts, no words of a participant."""
        lines = [
            {"kind": line.kind, "in file": line.in_file, "kept": line.kept, "changed": line.changed, "dropped": line.dropped, "note": line.note, "example": line.example}
            for line in self.incoming.account
        ]
        tables = {
            name: {"added": self.changes.added.get(name, 0), "changed": self.changes.changed.get(name, []), "removed": self.changes.removed.get(name, [])}
            for name in TABLES
            if self.changes.added.get(name) or self.changes.changed.get(name) or self.changes.removed.get(name)
        }
        return {"source": self.incoming.source, "file": lines, "study": tables, "remarks": self.changes.remarks}


def import_files(paths: list[Path], study: Path, *, maps: list[str] | None = None) -> list[Imported]:
    """Import files and folders into a study; returns what became of each.

    All are read and laid into the tables before anything is written, so a file that is refused leaves the
    study as it was. Raises StudyError for the first file that cannot be read, and for tables that would not
    be sound.
    """
    tables, texts = read_texts(study), read_document_texts(study)
    imported = []
    for incoming in read_files(paths, maps or []):
        merged = merge(tables, texts, incoming)
        tables, texts = merged.tables, merged.texts
        imported.append(Imported(incoming, merged.changes))
    write_study(study, tables, texts, [each.report() for each in imported])
    return imported


def read_files(paths: list[Path], maps: list[str]) -> list[Incoming]:
    """Read files, and put them in the order that makes each of use to the next."""
    found: list[Incoming] = []
    files = _files(paths)
    if maps:
        _refuse_unknown(maps, files)
    for path in files:
        found += read_file(path, maps)
    return sorted(found, key=_turn)


def _turn(incoming: Incoming) -> int:
    """Areas come first, then people and surveys, then transcripts, and what was coded of them last."""
    if set(incoming.tables) <= {"areas", "attributes"}:
        return 0
    if "codings" in incoming.tables or "segments" in incoming.tables:
        return 3
    return 2 if incoming.texts else 1


def read_file(path: Path, maps: list[str]) -> list[Incoming]:
    """Read one file, or folder of responses, with the reader for its kind; raises StudyError that names the file."""
    if path.is_dir():
        return [read_response_folder(path)]
    if path.suffix.lower() in WORKBOOKS:
        try:
            return read_framework_matrix(path) or read_spreadsheet(path, maps)
        except StudyError as error:
            named = str(error).startswith(path.name)
            raise StudyError(str(error) if named else f"{path.name}: {error}") from None
    try:
        reader = READERS[path.suffix.lower()]
    except KeyError:
        known = ", ".join(dict.fromkeys([*READERS, *WORKBOOKS]))
        raise StudyError(f"{path.name}: no reader for {path.suffix!r} files; known: {known}.") from None
    return [reader(path)]


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise StudyError(f"{path.name}: there is no such file or folder.")
        if path.is_dir() and not is_response_folder(path):
            inner = [each for each in sorted(path.iterdir()) if each.suffix.lower() in {*READERS, *WORKBOOKS} and each.name[:1] not in "~."]
            if not inner:
                raise StudyError(f"{path.name}: a folder without a file to import.")
            found += inner
        else:
            found.append(path)
    return sorted(dict.fromkeys(found), key=lambda path: path.name)


def _refuse_unknown(maps: list[str], files: list[Path]) -> None:
    books = [path for path in files if path.suffix.lower() in WORKBOOKS]
    headings = {column for path in books for frame in read_sheets(path).values() for column in frame}
    if wrong := unknown_columns(maps, headings):
        raise StudyError(" ".join(wrong))


def read_document_texts(study: Path) -> dict[str, str]:
    """Return the normal text of each document that a study holds, by its document_id."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((study / "texts").glob("*.txt"))}


def write_study(study: Path, tables: dict[str, pd.DataFrame], texts: dict[str, str], reports: list[dict]) -> None:
    """Write a study's tables, texts and reports, after all are sound; a fault leaves the study as it was."""
    stage = study / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir()
        shutil.copy(study / "study.toml", stage)
        keep = {name: rows for name, rows in tables.items() if len(rows) or (study / f"{name}.csv").exists()}
        save_tables(keep, stage)
        if faults := check_study(stage):
            listed = "\n".join(f"  {fault}" for fault in faults[:20])
            raise StudyError(f"The study would not be sound after this, so nothing was written:\n{listed}")
        (stage / "datapackage.json").unlink()
        _write_texts(stage / "texts", texts)
        _write_reports(stage / REPORTS, study / REPORTS, reports)
        _move(stage, study)
        describe_study(study)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write_texts(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")


def _write_reports(path: Path, known: Path, reports: list[dict]) -> None:
    """Keep the newest report on each source in imports.json."""
    kept = json.loads(known.read_text(encoding="utf-8")) if known.exists() else {}
    kept |= {report["source"]: report for report in reports}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _move(stage: Path, study: Path) -> None:
    for path in sorted(stage.rglob("*")):
        target = study / path.relative_to(stage)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists() or target.read_bytes() != path.read_bytes():
            path.replace(target)
