"""Files that a study folder holds beside its tables, rewritten without a person."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ncsresearch.exchange.export import exported_study, write_project
from ncsresearch.exchange.whole_file import whole_file, write_whole
from ncsresearch.ingest.document import normal_line, read_document
from ncsresearch.schema import TABLES, StudyError

TAKEN = "[withdrawn]"
SEALED = (".pdf", ".sqlite3", ".sqlite", ".db", ".mp3", ".mp4", ".m4a", ".wav")
OWN = {*(f"{name}.csv" for name in TABLES), "datapackage.json", "imports.json", "study.toml"}


@dataclass(frozen=True)
class Trace:
    """By what a person is known in a file: their name, and the lines of transcripts in which they speak."""

    study: Path
    name: re.Pattern
    spoken: set[str]

    def taken_from(self, line: str) -> str:
        """Return a line without the person; all of it goes where they speak it."""
        return TAKEN if normal_line(line) in self.spoken else self.name.sub(TAKEN, line)


def take_from_files(study: Path, person: str, spoken: set[str]) -> tuple[list[str], list[str]]:
    """Rewrite the files of a study folder without a person.

    spoken   the lines of transcripts in which the person speaks

    Returns the files that are written anew, and what is left to do by hand.
    """
    trace = Trace(study, re.compile(rf"\b{re.escape(person)}\b"), spoken)
    rewritten, left = [], []
    for path in _beside_the_tables(study):
        inside = str(path.relative_to(study))
        try:
            if WRITERS.get(path.suffix.lower(), _unread)(path, trace):
                rewritten.append(inside)
        except StudyError as error:
            left.append(f"{inside}: {error}")
    return rewritten, left


def _beside_the_tables(study: Path) -> list[Path]:
    found = [path for path in sorted(study.rglob("*")) if path.is_file()]
    own = [path for path in found if path.parent == study and path.name in OWN]
    return [path for path in found if path not in own and path.relative_to(study).parts[0] != "texts"]


def _unread(path: Path, trace: Trace) -> bool:
    """A file that cannot be written anew: left to a person, where it names the one or cannot be looked into."""
    try:
        may = bool(trace.name.search(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        may = path.suffix.lower() in SEALED
    if may:
        raise StudyError("may name the person; look, and take them out by hand")
    return False


def _lines(path: Path, trace: Trace) -> bool:
    text = path.read_text(encoding="utf-8")
    return _replaced(path, text, "\n".join(map(trace.taken_from, text.split("\n"))))


def _rows(path: Path, trace: Trace) -> bool:
    """A delimited file: rows that name the person go."""
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines(keepends=True)
    return _replaced(path, text, "".join(row for row in rows if not trace.name.search(row)))


def _replaced(path: Path, old: str, new: str) -> bool:
    if new != old:
        write_whole(new.encode(), path)
    return new != old


def _document(path: Path, trace: Trace) -> bool:
    """A Word transcript: the person's turns and name go; a transcript of nobody else goes whole."""
    import docx

    if not any(
        line in trace.spoken or trace.name.search(line) for line in read_document(path).text.split("\n")
    ):
        return False
    document = docx.Document(str(path))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    for paragraph in (paragraph for part in (document, *cells) for paragraph in part.paragraphs):
        if (text := trace.taken_from(paragraph.text)) != paragraph.text:
            paragraph.text = text
    with whole_file(path) as partial:
        document.save(str(partial))
    return True


def _workbook(path: Path, trace: Trace) -> bool:
    """A workbook: rows that name the person go."""
    import openpyxl

    book, hit = openpyxl.load_workbook(path), False
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 0, -1):
            if any(isinstance(cell.value, str) and trace.name.search(cell.value) for cell in sheet[number]):
                sheet.delete_rows(number)
                hit = True
    if hit:
        with whole_file(path) as partial:
            book.save(partial)
    return hit


def _project(path: Path, trace: Trace) -> bool:
    """A project: written anew from the study, which has lost the person already."""
    try:
        with zipfile.ZipFile(path) as archive:
            words = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    except (zipfile.BadZipFile, RuntimeError):
        raise StudyError("cannot be opened; delete it") from None
    if not any(trace.name.search(text) or any(line in text for line in trace.spoken) for text in words):
        return False
    try:
        write_project(path, exported_study(trace.study, path))
    except StudyError as error:
        raise StudyError(f"{error} Delete it.") from None
    return True


WRITERS = {
    **dict.fromkeys((".txt", ".md", ".vtt", ".srt"), _lines),
    **dict.fromkeys((".csv", ".tsv"), _rows),
    ".docx": _document,
    ".xlsx": _workbook,
    ".qdpx": _project,
}
