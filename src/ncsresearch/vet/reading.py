"""Every file of a run as texts, tables and numbers with their places; what cannot be read is said."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

from lxml.etree import LxmlError

from ncsresearch.vet.drawn_figures import drawn_figures
from ncsresearch.vet.hidden_text import uncovered
from ncsresearch.vet.place import UNREAD, Leak, Number, Piece, Place, Reading, Table, headed
from ncsresearch.vet.read_html import html_pieces
from ncsresearch.vet.read_notebook import columns_of, piped_tables, read_json, read_notebook
from ncsresearch.vet.read_office import read_office

DRAFT = "NOT_FIT_TO_LEAVE.txt"
FAULTS = (RecursionError, ValueError, LookupError, TypeError, AttributeError, OSError)
FAULTS += (BadZipFile, LxmlError, csv.Error)


def read_runs(*outputs: Path) -> tuple[Reading, list[Leak]]:
    """Return all that the files of runs, or single files, hold, in the order of their names, and those unread.

    Of several runs, a file is named with the folder it is in.
    """
    out, unread, files = Reading(), [], []
    for output in outputs:
        before = f"{output}/" if len(outputs) > 1 and output.is_dir() else ""
        paths = sorted(output.rglob("*")) if output.is_dir() else [output]
        within = output if output.is_dir() else output.parent
        files += [(before + path.relative_to(within).as_posix(), path) for path in paths if path.is_file()]
    for file, path in files:
        out.add([Place("its name", file)], file)
        try:
            if path.name != DRAFT:
                out.add(uncovered(_pieces(path.read_bytes(), file), file, _decoded))
        except FAULTS:
            unread.append(Leak(file, "", UNREAD))
    pictures = [place for place in out.texts if place.kind == "unread"]
    drawn = drawn_figures([path for _, path in files]) if any(place.quoted for place in pictures) else set()
    unread += [Leak(place.file, place.where, UNREAD) for place in pictures if place.quoted not in drawn]
    out.tables = _with_bases(out.tables)
    return out, unread


def _decoded(text: str) -> list[Piece]:
    for read in (READERS[".json"], html_pieces) if text.lstrip()[:1] in tuple("{[<") else ():
        with suppress(*FAULTS):
            return list(read(text))
    return list(_lines(text))


def _pieces(content: bytes, file: str) -> Iterable[Piece]:
    """What one file holds, as one who looks for it reads it; raises one of FAULTS for one that cannot be read."""
    path = PurePosixPath(file)
    ending = path.suffix.lower()
    if ending in (".docx", ".xlsx"):
        return read_office(content, word=ending == ".docx")
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("not a text")
    pieces = READERS.get(ending, _lines)(text)
    return filter(_of_the_study, pieces) if path.name == "manifest.json" else pieces


def _of_the_study(piece: Piece) -> bool:
    """Whether a piece of a manifest is no number, and no text of the program or of the files it read."""
    of_the_program = isinstance(piece, Place) and re.search(r"\b(libraries|inputs|commit)\b", piece.where)
    return not isinstance(piece, Number) and not of_the_program


def _csv(text: str) -> list[Table]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    headings, body = headed(rows)
    return [Table("", headings, body, first_row=1 + len(rows) - len(body))]


def _lines(text: str) -> Iterator[Piece]:
    lines = enumerate(text.split("\n"), 1)
    yield from (Place(f"line {number}", line) for number, line in lines if line.strip())
    yield from piped_tables(text)
    yield from columns_of(text, "its columns")


READERS = {
    ".ipynb": read_notebook,
    ".json": lambda text: read_json(json.loads(text)),
    ".csv": _csv,
    ".tsv": _csv,
}
READERS |= dict.fromkeys((".html", ".htm", ".svg"), html_pieces)


def _with_bases(tables: list[Table]) -> list[Table]:
    """Give each CSV table the base that a notebook of the run says of a table with the same columns."""
    told = {(one.headings, one.rows): one.base for one in tables if one.base and one.file.endswith(".ipynb")}
    bases = {at: told.get(_columns(one)) for at, one in enumerate(tables) if one.file.endswith(".csv")}
    return [replace(one, base=bases.get(at) or one.base) for at, one in enumerate(tables)]


def _columns(table: Table) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The headings and rows of a table without the column of its status."""
    kept = [at for at, heading in enumerate(table.headings) if heading != "study_status"]
    rows = tuple(tuple(row[at] for at in kept if at < len(row)) for row in table.rows)
    return tuple(table.headings[at] for at in kept), rows
