"""Projects of coding tools that are SQLite databases: their tables as frames, read only and checked for what a reader needs; and their texts."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.imported_file import Records
from ncsresearch.ingest.positions import Anchoring, SourceText, anchor
from ncsresearch.ingest.relocation import relocated
from ncsresearch.ingest.transcript import parted, spoken_records
from ncsresearch.schema import StudyError


def read_tables(
    path: Path, tool: str, needed: Mapping[str, Mapping[str, type]], also: Collection[str] = ()
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Return the tables that a reader wants of a project, and how many rows each other table has.

    needed  the columns, and the kind of their cells, of the tables that every project of the tool has
    also    tables that are read where they are there

    Raises StudyError for a file that is no database, and for a database of another kind.
    """
    try:
        with closing(_opened(path)) as database:
            tables = {row[0] for row in database.execute("select name from sqlite_master where type='table'")}
            if missing := sorted(set(needed) - tables):
                raise StudyError(f"{path.name}: is no {tool} project: it has no table {missing[0]!r}.")
            frames = {name: _frame(database, name) for name in sorted(tables & {*needed, *also})}
            count = 'select count(*) from "{}"'.format
            counts = {
                name: database.execute(count(name)).fetchone()[0] for name in sorted(tables - set(frames))
            }
    except sqlite3.DatabaseError:
        raise StudyError(f"{path.name}: is no SQLite database, though its name says so.") from None
    for name, columns in needed.items():
        for column, kind in columns.items():
            if not all(isinstance(cell, kind) for cell in frames[name].get(column, [b""])):
                raise StudyError(f"{path.name}: is no {tool} project: its {name} have no sound {column}.")
    return frames, counts


def _opened(path: Path) -> sqlite3.Connection:
    """Open a database to be read only; where no journal belongs to it, nothing is written beside it either."""
    alone = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{alone}", uri=True)


def _frame(database: sqlite3.Connection, name: str) -> pd.DataFrame:
    cursor = database.execute(f'select * from "{name}"')
    return pd.DataFrame(
        cursor.fetchall(), columns=[column[0] for column in cursor.description], dtype="object"
    )


def places_in(
    text: str, source: SourceText, starts, ends, words: Sequence[str]
) -> tuple[Anchoring, list[dict[str, str]]]:
    """Return where passages stand in a tool's own text, and in its normal text the cells start and end of each, or none.

    starts, ends   positions as the tool has them
    words          what is said there, by which they are proved
    """
    anchoring = anchor(source, starts, ends, words)
    held = pd.DataFrame({"start": anchoring.start, "end": anchoring.end})[anchoring.anchored]
    places = relocated(held, source.text, text).dropna().to_dict("index")
    return anchoring, [places.get(number, {}) for number in range(len(words))]


def add_text(records: Records, key: str, name: str, text: str) -> None:
    """Add what a document of a project says as a transcript."""
    for table, rows in spoken_records(parted(text), key, Path(name).stem).items():
        records[table] += rows
