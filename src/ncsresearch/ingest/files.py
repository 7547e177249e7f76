"""Files and folders as they are given: which reader each needs, and the order in which they are of use to each other."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.coded_json import is_response_folder, read_response_folder
from ncsresearch.ingest.fields import unknown_columns, unquoted
from ncsresearch.ingest.file_format import endings
from ncsresearch.ingest.given_columns import Given, given_for
from ncsresearch.ingest.imported_file import EXCHANGED, ImportedFile, same_words
from ncsresearch.ingest.qualcoder import ENDING as PROJECT
from ncsresearch.ingest.qualcoder import database_of
from ncsresearch.ingest.readers import READERS, columns_of, reader_of
from ncsresearch.ingest.spreadsheet import people_columns
from ncsresearch.ingest.storable import storable
from ncsresearch.ingest.survey_waves import of_wave
from ncsresearch.ingest.transcript import known_names, known_roles
from ncsresearch.ingest.transcript_head import askers_in
from ncsresearch.schema import TABLES, CallError, StudyError

ABOUT_A_FOLDER = re.compile(
    r"(licen[cs]e|readme|copying|notice)\b|(eh)?thumbs\.db$|desktop\.ini$", re.IGNORECASE
)


def read_files(
    paths: list[Path],
    maps: list[str],
    known: Sequence[Given] = (),
    *,
    people: Iterable[str] = (),
    askers: Iterable[str] = (),
    wave: str = "",
) -> list[ImportedFile]:
    """Read files, and put them in the order that makes each of use to the next.

    maps, known   what --map says of their columns, and what it said in earlier imports
    people        whom the study knows
    askers        who asks in its interviews
    wave          of which wave the surveys among them are
    """
    found: list[ImportedFile] = []
    given_by: dict[str, Path] = {}
    try:
        files = files_in(paths)
        asked = maps or any(each.fields for each in known)
        columns = {path: columns_of(path) for path in files if asked and path.is_file()}
        headings = {name for names in columns.values() for name in names}
        maps = unquoted(maps, headings)
        if maps and (wrong := unknown_columns(maps, headings)):
            raise CallError(" ".join(wrong))
        givens = {path: given_for(path.name, columns.get(path, ()), maps, known) for path in files}
        held = {path: read_file(path, given.maps) for path, given in givens.items()}
        read_all = [each for read in held.values() for each in read]
        people = {*map(same_words, people), *_people_in(read_all)}
        found_askers = (name for each in read_all for name in askers_in(each.tables))
        names, asking = known_names(people), {*map(same_words, [*askers, *found_askers])}
        for path, given in givens.items():
            more = people_columns(path, people) if any(map(_of_nobody, held[path])) else []
            of_talk = [each for each in held[path] if each.texts]
            more += [line for each in of_talk for line in known_roles(path, each, names, asking)]
            read = read_file(path, [*given.maps, *more]) if more else held[path]
            read = [of_wave(_with(given, imported), wave) for imported in read]
            gone, unsaid = _gone(path, read, given, known)
            read[:1] = [replace(imported, gone=gone, unsaid=unsaid) for imported in read[:1]]
            for imported in read:
                _refuse_one_name(imported.source, given_by.setdefault(imported.source, path), path)
            found += [storable(imported, path.name) for imported in read]
        if wave and not any("survey_items" in imported.tables for imported in found):
            raise CallError("--wave: no file is a survey.")
    except OSError as error:
        name = Path(error.filename or ".").name
        raise StudyError(f"{name}: cannot be opened ({error.strerror}).") from None
    except StudyError as error:  # a file's name may hold what no terminal should be sent
        message = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(error))
        raise type(error)(message) from None
    return sorted(found, key=_turn)


def _people_in(files: Iterable[ImportedFile]) -> Iterator[str]:
    """Yield who is named in files, as one name is compared with another."""
    for file in files:
        for table, column in (("participants", "participant_id"), ("turns", "speaker")):
            if table in file.tables:
                yield from map(same_words, file.tables[table][column].dropna().unique())


def _of_nobody(file: ImportedFile) -> bool:
    """Whether a file has coded passages of a table, and nobody who says them."""
    return (
        {"segments", "codings"} <= file.tables.keys() and not file.texts and "participants" not in file.tables
    )


def read_file(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read one file, or folder of responses, with the reader for its kind; raises StudyError that names the file."""
    if path.is_dir():
        return [read_response_folder(path)]
    reader = reader_of(path)
    found = reader.function(path, maps) if reader.columns else reader.function(path)
    return [found] if isinstance(found, ImportedFile) else found


def _refuse_one_name(source: str, first: Path, path: Path) -> None:
    """Refuse a second file of one name, which would be taken for a newer version of the first."""
    if first != path and not source.startswith(EXCHANGED):
        raise StudyError(
            f"{source}: is in two folders, {first.parent.name} and {path.parent.name}, expected one file of a name, as a newer "
            f"version has the name of the former. Rename one, such as {path.parent.name}_{path.name}, and import both again."
        )


def _with(given: Given, imported: ImportedFile) -> ImportedFile:
    return replace(imported, given=given.kept(), account=(*given.lines(), *imported.account))


def _gone(
    path: Path, read: list[ImportedFile], given: Given, known: Sequence[Given]
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return the rows, and the cells of other rows, that a file gave as --map had it read in the last import, and does not give now."""
    before = [each for each in known if each.file == path.name or each.file.startswith(f"{path.name}, ")]
    if not before or before[-1].fields == given.fields:
        return {}, {}
    try:
        then = read_file(path, before[-1].maps)
    except StudyError:  # it was not read so
        return {}, {}
    gone, unsaid = {}, {}
    for name in TABLES:
        old, now = ([each.tables[name] for each in files if name in each.tables] for files in (then, read))
        if old and len(rows := pd.concat(old)):
            key = [column for column in TABLES[name].key if column in rows]
            kept = {*pd.concat(now)[key].itertuples(index=False, name=None)} if now else set()
            gone[name] = rows[[each not in kept for each in rows[key].itertuples(index=False, name=None)]]
            unsaid[name] = _unsaid(rows, pd.concat(now), key) if now else rows.iloc[:0]
    return tuple({name: rows for name, rows in each.items() if len(rows)} for each in (gone, unsaid))


def _unsaid(old: pd.DataFrame, now: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return the cells of rows that an earlier reading has and a later one leaves empty, with the keys of their rows."""
    was, is_now = (rows.drop_duplicates(key, keep="last").set_index(key) for rows in (old, now))
    was = was[was.index.isin(is_now.index)]
    return (
        was.mask(is_now.reindex(index=was.index, columns=was.columns).notna()).dropna(how="all").reset_index()
    )


def _turn(imported: ImportedFile) -> int:
    """Areas come first, then people and surveys, transcripts that name an area, others, and what was coded of them; bare interview numbers last."""
    if set(imported.tables) <= {"areas", "attributes"}:
        return 0
    if "codings" in imported.tables or "segments" in imported.tables:
        return 4
    held = imported.tables.get("interviews", pd.DataFrame())
    # bare numbers say nothing before the interviews are there
    if len(held) and held["interview_id"].str.isdigit().all():
        return 5
    return (2 if "areas" in imported.tables else 3) if imported.texts else 1


def files_in(paths: list[Path]) -> list[Path]:
    """Return the files to read among paths and in folders; raises StudyError for one that is not there."""
    found: list[Path] = []
    for path in paths:
        _refuse_what_is_not_there(path)
        if path.is_dir() and is_response_folder(path):
            _refuse_links(path, path.rglob("*"))
        found += _held_by(path)
    for path in found:
        if not path.is_file() and not path.is_dir():
            raise StudyError(f"{path.name}: is no file that can be read.")
    return sorted({path.resolve(): path for path in found}.values(), key=lambda path: (path.stem, path.name))


def _refuse_what_is_not_there(path: Path) -> None:
    try:
        there = path.exists()
    except OSError as error:
        raise StudyError(f"{path.name}: cannot be opened ({error.strerror}).") from None
    if not there:
        raise CallError(f"{path.name}: there is no such file or folder.")


def _held_by(path: Path) -> list[Path]:
    """Return what is read of a path: itself, the database of a project folder, or the files of an ordinary folder."""
    if path.suffix.lower() == PROJECT and path.is_dir():
        return [database_of(path)]
    return _inside(path) if path.is_dir() and not is_response_folder(path) else [path]


def _inside(folder: Path) -> list[Path]:
    """Return the files of a folder, and of the folders in it, that have a reader; licences and readmes are no evidence."""
    known = endings(READERS)
    inner = [path for path in _evidence_in(folder) if path.suffix.lower() in known]
    if not inner:
        raise StudyError(f"{folder.name}: a folder without a file to import.")
    _refuse_links(folder, inner)
    return inner


def _evidence_in(folder: Path) -> list[Path]:
    paths = (path for path in sorted(folder.rglob("*")) if not path.is_dir() and not _is_copy(path))
    return [path for path in paths if path.name[:1] not in "~." and not ABOUT_A_FOLDER.match(path.name)]


def passed_over(paths: Iterable[Path]) -> list[str]:
    """Return the names of the files in ordinary folders that no reader is for."""
    folders = (path for path in paths if path.is_dir() and _held_by(path) != [path])
    found = (path for folder in folders if folder.suffix.lower() != PROJECT for path in _evidence_in(folder))
    return [path.name for path in found if path.suffix.lower() not in endings(READERS)]


def _is_copy(path: Path) -> bool:
    """Whether a file is beside the database of a project, which has its words."""
    return path.suffix.lower() != PROJECT and any(above.suffix.lower() == PROJECT for above in path.parents)


def _refuse_links(folder: Path, paths: Iterable[Path]) -> None:
    """Refuse links that lead out of a folder: nobody who imports a folder means the files of another."""
    for path in paths:
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            raise StudyError(
                f"{path.name}: is a link to a file outside the folder {folder.name}; import that file itself."
            )
