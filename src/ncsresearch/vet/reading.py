"""Every file of a run as texts, tables and numbers with their places; what cannot be read is said."""

import csv
import io
import json
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

from lxml.etree import LxmlError

from ncsresearch.vet.drawn_figures import drawn_figures
from ncsresearch.vet.hidden_text import uncovered
from ncsresearch.vet.place import UNREAD, Leak, Place, Reading, Table, headed
from ncsresearch.vet.read_html import read_html
from ncsresearch.vet.read_notebook import piped_tables, read_json, read_notebook, read_plain_output
from ncsresearch.vet.read_office import read_office

DRAFT = "NOT_FIT_TO_LEAVE.txt"
FAULTS = (RecursionError, ValueError, LookupError, TypeError, AttributeError, OSError)
FAULTS += (BadZipFile, LxmlError, csv.Error)


def read_run(folder: Path, before: str = "") -> tuple[Reading, list[Leak]]:
    """Return all that the files of a run, or a single file, hold, in the order of their names, and those unread.

    before   what the name of each file begins with, where several runs are read
    """
    out, unread = Reading(), []
    paths = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        file = before + path.relative_to(folder if folder.is_dir() else folder.parent).as_posix()
        out.texts.append(Place(file, "its name", file))
        if path.name == DRAFT:
            continue
        try:
            out.add(read_file(path.read_bytes(), file))
        except FAULTS:
            unread.append(Leak(file, "", UNREAD))
    pictures = [place for place in out.texts if place.kind == "unread"]
    drawn = drawn_figures(paths) if any(place.quoted for place in pictures) else set()
    unread += [Leak(place.file, place.where, UNREAD) for place in pictures if place.quoted not in drawn]
    out.tables = _with_bases(out.tables)
    return out, unread


def read_file(content: bytes, file: str) -> Reading:
    """Return what one file holds, as one who looks for it reads it; raises one of FAULTS for one that cannot be read."""
    return uncovered(_read(content, file), _decoded)


def _decoded(text: str, file: str) -> Reading:
    for read in (_json, read_html) if text.lstrip()[:1] in tuple("{[<") else ():
        with suppress(*FAULTS):
            return read(text, file)
    return _lines(text, file)


def _read(content: bytes, file: str) -> Reading:
    ending = PurePosixPath(file).suffix.lower()
    if ending in (".docx", ".xlsx"):
        return read_office(content, file)
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("not a text")
    if ending in (".html", ".htm", ".svg"):
        return read_html(text, file)
    if ending == ".ipynb":
        return read_notebook(text, file)
    if ending == ".json":
        return _json(text, file)
    return _csv(text, file) if ending in (".csv", ".tsv") else _lines(text, file)


def _json(text: str, file: str) -> Reading:
    read = read_json(json.loads(text), file, "")
    if PurePosixPath(file).name == "manifest.json":
        read.numbers = []
        read.texts = [
            place for place in read.texts if not re.search(r"\b(libraries|inputs|commit)\b", place.where)
        ]
    return read


def _csv(text: str, file: str) -> Reading:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    headings, body = headed(rows)
    return Reading(tables=[Table(file, "", headings, body, first_row=1 + len(rows) - len(body))])


def _lines(text: str, file: str) -> Reading:
    lines = enumerate(text.split("\n"), 1)
    out = Reading(texts=[Place(file, f"line {number}", line) for number, line in lines if line.strip()])
    out.tables = [*piped_tables(text, file, ""), *read_plain_output(text, file, "its columns").tables]
    return out


def _with_bases(tables: list[Table]) -> list[Table]:
    """Give each CSV table the caption and base that a notebook of the run says of a table with the same columns."""
    told = {
        (table.headings, table.rows): table
        for table in tables
        if table.file.endswith(".ipynb") and table.base
    }
    return [_with_base(table, told) if table.file.endswith(".csv") else table for table in tables]


def _with_base(table: Table, told: dict) -> Table:
    kept = [at for at, heading in enumerate(table.headings) if heading != "study_status"]
    rows = tuple(tuple(row[at] for at in kept if at < len(row)) for row in table.rows)
    same = told.get((tuple(table.headings[at] for at in kept), rows))
    return replace(table, base=same.base) if same else table
