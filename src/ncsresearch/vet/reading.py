"""Every file of a run as texts, tables and numbers with their places; what cannot be read is said."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

from lxml.etree import LxmlError

from ncsresearch.vet.hidden_text import uncovered
from ncsresearch.vet.place import UNREAD, Leak, Number, Piece, Place, Reading, Table, headed
from ncsresearch.vet.read_html import html_pieces
from ncsresearch.vet.read_notebook import columns_of, piped_tables, read_json, read_notebook
from ncsresearch.vet.read_office import read_office

DRAFT = "NOT_FIT_TO_LEAVE.txt"
DOTS = 1200  # the width in which a run draws its figures for Word
FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
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


def drawn_figures(paths: list[Path]) -> set[str]:
    """Return the hash of the picture of every figure in the notebooks of a run, each drawn anew: pictures that can be vouched for."""
    figures = {svg for path in paths if path.suffix == ".ipynb" for svg in _figures(path)}
    return {sha256(_drawn(svg)).hexdigest() for svg in figures}


def _figures(path: Path) -> Iterator[str]:
    # that it cannot be read is said where it is read
    with suppress(OSError, ValueError, KeyError, TypeError):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if svg := output.get("data", {}).get("image/svg+xml"):
                    yield "".join(svg)


def _drawn(svg: str) -> bytes:
    from resvg_py import svg_to_bytes

    (package,) = find_spec("matplotlib").submodule_search_locations  # which takes long to load
    fonts = [str(Path(package, "mpl-data", "fonts", "ttf", face)) for face in FACES]
    drawn = {"font_files": fonts, "font_family": "DejaVu Sans", "sans_serif_family": "DejaVu Sans"}
    drawn |= {"width": DOTS, "skip_system_fonts": True, "background": "white"}
    with suppress(ValueError):
        return bytes(svg_to_bytes(svg_string=svg, **drawn))
    return b""


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
