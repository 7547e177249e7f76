"""Files that a study folder holds beside its tables, rewritten without a person."""

import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ncsresearch.exchange.export import export_study
from ncsresearch.exchange.trace import TAKEN, Trace
from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.whole_file import whole_file, write_whole
from ncsresearch.schema import TABLES, StudyError
from ncsresearch.study import history, releases

PICTURES = (".png", ".jpg", ".jpeg", ".gif")
APART = ("texts", releases.FOLDER, history.FOLDER)
OWN = {*(f"{name}.csv" for name in TABLES), "datapackage.json"}
# where Word and Excel keep words: runs of text, cells, and what the file says of itself
WORDS = re.compile(r"(<(?:w:t|t|a:t|dc:\w+|cp:\w+)(?: [^>]*)?>)([^<]*)(?=<)")
CELL = re.compile(r'"((?:[^"]|"")*)"|([^,;\t"\n]+)')
SPEAKER = re.compile(r"<v\s|[^\W\d_][^:\n]{0,40}:\s")
BY_HAND = "may name the person; look, and take them out by hand"
CHANGED = "their words, name or passages are replaced by [withdrawn]; read what is left"


def take_from_files(study: Path, trace: Trace) -> tuple[list[str], list[str]]:
    """Rewrite the files of a study folder without a person.

    Returns the files that are written anew, and what is left to do by hand: what could not be looked into, and the lines of
    the owner's own words that are changed.
    """
    rewritten, left = [], []
    for path in _beside_the_tables(study):
        inside = trace.id_of(str(path.relative_to(study)))
        try:
            lines = WRITERS.get(path.suffix.lower(), _unread)(path, trace)
            rewritten += [inside] * (lines is not None)
            if lines:
                left.append(f"{inside}, line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}: {CHANGED}")
        except StudyError as error:
            left.append(f"{inside}: {error}")
        except (ValueError, KeyError, zipfile.BadZipFile):  # no UTF-8, or no Word or Excel file
            left.append(f"{inside}: {BY_HAND}")
        if path != study / inside:
            (study / inside).parent.mkdir(parents=True, exist_ok=True)
            path.replace(study / inside)
    return rewritten, left


def _beside_the_tables(study: Path) -> list[Path]:
    found = [path for path in sorted(study.rglob("*")) if path.is_file()]
    own = [path for path in found if path.parent == study and path.name in OWN]
    return [path for path in found if path not in own and path.relative_to(study).parts[0] not in APART]


# Each writer returns None where nothing of the person is in the file, else the lines of the owner's that it changed.


def _unread(path: Path, trace: Trace) -> None:
    """A file that cannot be written anew: left to a person, where it names the one or cannot be looked into."""
    try:
        may = bool(trace.name.search(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        may = path.suffix.lower() not in PICTURES
    if may:
        raise StudyError(BY_HAND)


def _text(path: Path, trace: Trace) -> list[int] | None:
    """A file of text; TOML and JSON have to be that still, and of the owner's own words each line that is changed is named."""
    ending, text = path.suffix.lower(), path.read_bytes().decode("utf-8")
    new = TEXTS[ending](trace, text, path.name)
    if new == text:
        return None
    try:
        SOUND.get(ending, str)(new)
    except ValueError:
        raise StudyError("names or quotes the person; take them out by hand") from None
    write_whole(new.encode(), path)
    pairs = zip(text.split("\n"), new.split("\n"), strict=False) if ending in OWN_WORDS else ()
    return [number for number, (line, other) in enumerate(pairs, start=1) if line != other]


def _subtitles(trace: Trace, text: str, name: str) -> str:
    """Subtitles: what follows a line that the person begins is theirs too, up to the next empty line or speaker."""
    now, theirs = [], False
    for line in text.split("\n"):
        theirs = bool(line.strip()) and not SPEAKER.match(line) and theirs or trace.speaks(line)
        now.append(TAKEN if theirs else trace.taken_from(line))
    return "\n".join(now)


def _json(trace: Trace, text: str, name: str) -> str:
    """JSON; the reports on imports go by names of files."""
    return trace.id_of(text) if name == "imports.json" else trace.taken_from_text(text)


def _settings(trace: Trace, text: str, name: str) -> str:
    """TOML: in quotations.toml the lines of words accepted in the ids go, and the ids leave lists of ids."""
    for each in map(re.escape, sorted(trace.ids)) if name == "quotations.toml" else ():
        quoted = rf"(?:\"{each}\"|'{each}')"
        text = re.sub(rf"(?m)^[ \t]*(?:{quoted}|{each})[ \t]*=[ \t]*\[[^\]]*\]", "", text)
        text = re.sub(rf"{quoted}[ \t]*,?[ \t]*", "", text)
    return trace.taken_from_text(text)


def _rows(trace: Trace, text: str, name: str) -> str:
    """A delimited file: rows that name or quote the person go."""
    return "".join(row for row in _records(text) if not _tells(row, trace))


def _records(text: str) -> Iterator[str]:
    """Yield the rows of a delimited text; a cell in quotation marks may have lines."""
    record = ""
    for line in text.splitlines(keepends=True):
        record += line
        if record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _tells(row: str, trace: Trace) -> bool:
    return bool(trace.name.search(row)) or any(trace.names("".join(cell)) for cell in CELL.findall(row))


def _document(path: Path, trace: Trace) -> list[int] | None:
    """A Word transcript: the person's turns and name go."""
    import docx

    lines = read_document(path).text
    if trace.taken_from_text(lines) == lines and not _in_parts(path, trace):
        return None
    document = docx.Document(str(path))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    for paragraph in (paragraph for part in (document, *cells) for paragraph in part.paragraphs):
        if (text := trace.taken_from(paragraph.text)) != paragraph.text:
            paragraph.text = text
    with whole_file(path) as partial:
        document.save(str(partial))
        _without_names(partial, trace)
    return []


def _in_parts(path: Path, trace: Trace) -> bool:
    """Whether any part of a Word or Excel file names the person: a header, a comment, what it says of itself."""
    return any(trace.name.search(words) for part in _parts(path) for _, words in WORDS.findall(part))


def _parts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]


def _without_names(path: Path, trace: Trace) -> None:
    """Take names out of every part of a Word or Excel file."""
    with zipfile.ZipFile(path) as archive:
        parts = [(each, archive.read(each)) for each in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts:
            if each.filename.endswith(".xml"):
                words = WORDS.sub(lambda found: found[1] + trace.name.sub(TAKEN, found[2]), content.decode())
                content = words.encode()
            archive.writestr(each, content)


def _workbook(path: Path, trace: Trace) -> list[int] | None:
    """A workbook: rows that name or quote the person go."""
    import openpyxl

    book, hit = openpyxl.load_workbook(path), False
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 0, -1):
            if any(isinstance(cell.value, str) and trace.names(cell.value) for cell in sheet[number]):
                sheet.delete_rows(number)
                hit = True
        hit, sheet.title = hit or sheet.title != trace.id_of(sheet.title), trace.id_of(sheet.title)[:31]
    if not hit and not _in_parts(path, trace):
        return None
    with whole_file(path) as partial:
        book.save(partial)
        _without_names(partial, trace)
    return []


def _project(path: Path, trace: Trace) -> list[int] | None:
    """A project: written anew from the study, which has lost the person already."""
    try:
        words = _parts(path)
    except (zipfile.BadZipFile, RuntimeError):
        raise StudyError("cannot be opened; delete it") from None
    if not any(trace.name.search(text) or any(line in text for line in trace.lines) for text in words):
        return None
    study = next(folder for folder in path.parents if (folder / "study.toml").is_file())
    try:
        export_study(study, path)
    except StudyError as error:
        raise StudyError(f"{error} Delete it.") from None
    return []


TEXTS: dict[str, Callable[[Trace, str, str], str]] = {
    **dict.fromkeys((".txt", ".html", ".htm", ".md"), lambda trace, text, _: trace.taken_from_text(text)),
    **dict.fromkeys((".vtt", ".srt"), _subtitles),
    **dict.fromkeys((".csv", ".tsv", ".jsonl"), _rows),
    ".toml": _settings,
    ".json": _json,
}
OWN_WORDS = (".md", ".toml")
SOUND = {".toml": tomllib.loads, ".json": json.loads}
WRITERS: dict[str, Callable[[Path, Trace], list[int] | None]] = {
    **dict.fromkeys(TEXTS, _text),
    ".docx": _document,
    ".xlsx": _workbook,
    ".qdpx": _project,
}
