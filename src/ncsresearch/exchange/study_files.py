"""Files that a study folder holds beside its tables, rewritten without a person."""

import re
import zipfile
from pathlib import Path

from ncsresearch.exchange.export import exported_study, write_project
from ncsresearch.exchange.whole_file import whole_file, write_whole
from ncsresearch.ingest.document import normal_line, read_document
from ncsresearch.schema import ROW_IDS, StudyError

TAKEN = "[withdrawn]"
SEALED = (".pdf", ".sqlite3", ".sqlite", ".db", ".mp3", ".mp4", ".m4a", ".wav")
OWN = {
    f"{name}.csv" for name in (*ROW_IDS, "attendances", "attributes", "turns", "sets", "origins", "summaries")
}
OWN |= {"datapackage.json", "imports.json", "study.toml"}


def take_from_files(study: Path, person: str, spoken: set[str]) -> tuple[list[str], list[str]]:
    """Rewrite the files of a study folder without a person.

    spoken   the lines of transcripts in which the person speaks

    Returns the files that are written anew, and what is left to do by hand.
    """
    named = re.compile(rf"\b{re.escape(person)}\b")
    rewritten, left = [], []
    for path in _beside_the_tables(study):
        before = path.stat()
        left += WRITERS.get(path.suffix.lower(), _unread)(path, study, named, spoken)
        after = path.stat()
        if (after.st_ino, after.st_mtime_ns) != (before.st_ino, before.st_mtime_ns):
            rewritten.append(str(path.relative_to(study)))
    return rewritten, left


def _beside_the_tables(study: Path) -> list[Path]:
    found = [path for path in sorted(study.rglob("*")) if path.is_file()]
    own = [path for path in found if path.parent == study and path.name in OWN]
    return [path for path in found if path not in own and path.relative_to(study).parts[0] != "texts"]


def _unread(path: Path, study: Path, named: re.Pattern, spoken: set[str]) -> list[str]:
    """A file that cannot be written anew: told, where it names the person or cannot be looked into."""
    try:
        may = bool(named.search(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        may = path.suffix.lower() in SEALED
    inside = path.relative_to(study)
    return [f"{inside}: may name the person; look, and take them out by hand"] * may


def _lines(path: Path, study: Path, named: re.Pattern, spoken: set[str]) -> list[str]:
    text = path.read_text(encoding="utf-8")
    kept = [TAKEN if normal_line(line) in spoken else named.sub(TAKEN, line) for line in text.split("\n")]
    _replace(path, "\n".join(kept).encode(), text.encode())
    return []


def _rows(path: Path, study: Path, named: re.Pattern, spoken: set[str]) -> list[str]:
    """A delimited file: rows that name the person go."""
    text = path.read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not named.search(line))
    _replace(path, kept.encode(), text.encode())
    return []


def _replace(path: Path, content: bytes, before: bytes) -> None:
    if content != before:
        write_whole(content, path)


def _document(path: Path, study: Path, named: re.Pattern, spoken: set[str]) -> list[str]:
    """A Word transcript: the person's turns and name go; a transcript of nobody else goes whole."""
    import docx

    lines = read_document(path).text.split("\n")
    if not any(line in spoken or named.search(line) for line in lines):
        return []
    document = docx.Document(str(path))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    for paragraph in paragraphs:
        if normal_line(paragraph.text) in spoken:
            paragraph.text = TAKEN
        elif named.search(paragraph.text):
            paragraph.text = named.sub(TAKEN, paragraph.text)
    with whole_file(path) as partial:
        document.save(str(partial))
    return []


def _workbook(path: Path, study: Path, named: re.Pattern, spoken: set[str]) -> list[str]:
    """A workbook: rows that name the person go."""
    import openpyxl

    book, hit = openpyxl.load_workbook(path), False
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 0, -1):
            if any(isinstance(cell.value, str) and named.search(cell.value) for cell in sheet[number]):
                sheet.delete_rows(number)
                hit = True
    if hit:
        with whole_file(path) as partial:
            book.save(partial)
    return []


def _project(path: Path, study: Path, named: re.Pattern, spoken: set[str]) -> list[str]:
    """A project: written anew from the study, which has lost the person already."""
    try:
        with zipfile.ZipFile(path) as archive:
            words = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    except (zipfile.BadZipFile, RuntimeError):
        return [f"{path.relative_to(study)}: cannot be opened; delete it"]
    held = any(named.search(text) for text in words) or any(line in text for text in words for line in spoken)
    if not held:
        return []
    try:
        write_project(path, exported_study(study))
    except StudyError as error:
        return [f"{path.relative_to(study)}: {error} Delete it."]
    return []


WRITERS = {
    ".txt": _lines,
    ".md": _lines,
    ".vtt": _lines,
    ".srt": _lines,
    ".csv": _rows,
    ".tsv": _rows,
    ".docx": _document,
    ".xlsx": _workbook,
    ".qdpx": _project,
}
