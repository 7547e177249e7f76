"""Files of other tools into a study: read, laid into its tables, checked, and only then written."""

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.merge import Changes, merge
from ncsresearch.ingest.coded_json import read_coded_json, read_json
from ncsresearch.ingest.document import READERS as DOCUMENTS
from ncsresearch.ingest.fields import unknown_columns
from ncsresearch.ingest.framework_matrix import read_framework_matrix
from ncsresearch.ingest.incoming import Incoming
from ncsresearch.ingest.refi_qda import read_codebook, read_project
from ncsresearch.ingest.response_folder import is_response_folder, read_response_folder
from ncsresearch.ingest.spreadsheet import read_spreadsheet
from ncsresearch.ingest.table_file import Fault
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
DEEPEST = 100
NO_TEXT = {"[\ud800-\udfff]": "\ufffd", "\r\n?": "\n", "\x00": ""}
ANY_NO_TEXT = re.compile("|".join(NO_TEXT))
TOO_BIG = r"-?\d{16,}"
ABOUT_A_FOLDER = re.compile(r"(licen[cs]e|readme|copying|notice)\b", re.IGNORECASE)
FILE_NAME = re.compile(r"\w[\w .()-]{0,59}")


@dataclass(frozen=True)
class Imported:
    """What became of one file: its account, and what it changed in the study."""

    incoming: Incoming
    changes: Changes

    def report(self) -> dict:
        """Return the report as it is kept in the study: names and counts, no words of a participant."""
        lines = [
            {
                "kind": line.kind,
                "in file": line.in_file,
                "kept": line.kept,
                "changed": line.changed,
                "dropped": line.dropped,
                "note": line.note,
                "example": line.example,
            }
            for line in self.incoming.account
        ]
        tables = {
            name: {
                "added": self.changes.added.get(name, 0),
                "changed": self.changes.changed.get(name, []),
                "removed": self.changes.removed.get(name, []),
            }
            for name in TABLES
            if self.changes.added.get(name)
            or self.changes.changed.get(name)
            or self.changes.removed.get(name)
        }
        return {
            "source": self.incoming.source,
            "file": lines,
            "study": tables,
            "remarks": self.changes.remarks,
        }


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
        _refuse_knots(tables["codebook"], "codebook.csv")
        imported.append(Imported(incoming, merged.changes))
    write_study(study, tables, texts, [each.report() for each in imported])
    return imported


def read_files(paths: list[Path], maps: list[str]) -> list[Incoming]:
    """Read files, and put them in the order that makes each of use to the next."""
    found: list[Incoming] = []
    try:
        files = _files(paths)
        if maps:
            _refuse_unknown(maps, files)
        for path in files:
            found += [_checked(incoming, path.name) for incoming in read_file(path, maps)]
    except OSError as error:
        name = Path(error.filename or ".").name
        raise StudyError(f"{name}: cannot be opened ({error.strerror}).") from None
    except StudyError as error:  # a file's name may hold what no terminal should be sent
        message = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(error))
        raise StudyError(message) from None
    return sorted(found, key=_turn)


def _checked(incoming: Incoming, file: str) -> Incoming:
    """Return what a file brings without characters that no file can hold; refuses what no table has room for."""
    tables = {name: _writable_rows(rows) for name, rows in incoming.tables.items()}
    longest = max(
        (rows[column].fillna("").str.len().max() for rows in tables.values() for column in rows if len(rows)),
        default=0,
    )
    if longest > csv.field_size_limit():
        raise StudyError(
            f"{file}: holds a text of {longest:,.0f} characters, expected at most {csv.field_size_limit():,} in a cell."
        )
    for name, rows in tables.items():
        key = TABLES[name].key
        if len(rows) and len(key) == 1 and (key[0] not in rows or rows[key[0]].isna().any()):
            raise StudyError(f"{file}: a row of its {name} has no {key[0]}, expected one in each.")
        for column in TABLES[name].columns:
            if (
                column.kind == "whole"
                and column.name in rows
                and rows[column.name].str.fullmatch(TOO_BIG).any()
            ):
                raise StudyError(
                    f"{file}: a {column.name} of its {name} is too large, expected at most 15 digits."
                )
    if "codebook" in tables:
        _refuse_knots(tables["codebook"], file)
    wishes = dict(incoming.wishes)
    wishes["documents"] = {
        key: name for key, name in wishes.get("documents", {}).items() if FILE_NAME.fullmatch(name)
    }
    account = tuple(
        replace(line, kind=_writable(line.kind), note=_writable(line.note), example=_writable(line.example))
        for line in incoming.account
    )
    texts = {key: _writable(text) for key, text in incoming.texts.items()}
    return replace(
        incoming,
        source=_writable(incoming.source),
        tables=tables,
        wishes=wishes,
        texts=texts,
        account=account,
    )


def _writable_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without such characters; the one look at all of a column spares a look at each cell."""
    strange = [column for column in rows if ANY_NO_TEXT.search("".join(rows[column].dropna().tolist()))]
    return rows.assign(**{column: rows[column].replace(NO_TEXT, regex=True) for column in strange})


def _writable(text: str) -> str:
    """Return a text without lone surrogates; its positions stay."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _refuse_knots(codes: pd.DataFrame, file: str) -> None:
    """Refuse codes that stand under themselves, or under very many others."""
    if "parent_id" not in codes:
        return
    above = dict(zip(codes["code_id"], codes["parent_id"], strict=True))
    for code in above:
        path = [code]
        while isinstance(parent := above.get(path[-1]), str) and parent not in path and len(path) <= DEEPEST:
            path.append(parent)
        if isinstance(parent, str):
            label = dict(zip(codes["code_id"], codes["label"], strict=True))[
                parent if parent in path else code
            ]
            fault = (
                f"the code {label!r} stands under itself"
                if parent in path
                else f"its codes are nested more than {DEEPEST} deep"
            )
            raise StudyError(f"{file}: {fault}; expected a tree of codes.")


def _turn(incoming: Incoming) -> int:
    """Areas come first, then people and surveys, then transcripts, and what was coded of them; bare interview numbers last."""
    if set(incoming.tables) <= {"areas", "attributes"}:
        return 0
    if "codings" in incoming.tables or "segments" in incoming.tables:
        return 3
    if "interviews" in incoming.tables and incoming.tables["interviews"]["interview_id"].str.isdigit().all():
        return 4
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
        if path.is_dir() and is_response_folder(path):
            _refuse_links(path, path.rglob("*"))
        found += _inside(path) if path.is_dir() and not is_response_folder(path) else [path]
    for path in found:
        if not path.is_file() and not path.is_dir():
            raise StudyError(f"{path.name}: is no file that can be read.")
    return sorted(dict.fromkeys(found), key=lambda path: path.name)


def _inside(folder: Path) -> list[Path]:
    """Return the files of a folder, and of the folders in it, that have a reader; licences and readmes are no evidence."""
    known = {*READERS, *WORKBOOKS}
    inner = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in known
        and path.name[:1] not in "~."
        and not path.is_dir()
        and not ABOUT_A_FOLDER.match(path.name)
    ]
    if not inner:
        raise StudyError(f"{folder.name}: a folder without a file to import.")
    _refuse_links(folder, inner)
    return inner


def _refuse_links(folder: Path, paths: Iterable[Path]) -> None:
    """Refuse links that lead out of a folder: nobody who imports a folder means the files of another."""
    for path in paths:
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            raise StudyError(
                f"{path.name}: is a link to a file outside the folder {folder.name}; import that file itself."
            )


def _refuse_unknown(maps: list[str], files: list[Path]) -> None:
    books = [path for path in files if path.suffix.lower() in WORKBOOKS]
    headings = {column for path in books for frame in read_sheets(path).values() for column in frame}
    if wrong := unknown_columns(maps, headings):
        raise StudyError(" ".join(wrong))


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
        if faults := check_study(stage):
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
