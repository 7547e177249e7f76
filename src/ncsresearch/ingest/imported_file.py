"""What a file brings to a study: rows under the file's own ids, texts, and an account of all it held."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ncsresearch.schema import TABLES


@dataclass(frozen=True)
class Line:
    """One line of an account: how many things of a kind the file held, kept as they are or in another form."""

    kind: str
    in_file: int
    kept: int
    note: str = ""
    example: str = ""
    changed: int = 0

    @property
    def dropped(self) -> int:
        """Things of the kind that the study did not take, in their own form or another."""
        return self.in_file - self.kept - self.changed


@dataclass(frozen=True)
class ImportedFile:
    """The rows a file brings, table by table.

    source     the name by which a later version of the same file is known
    tables     rows with the schema's columns; ids and what points to them are the file's own
    guesses    columns of new rows that the file does not say; they never replace what the study has
    texts      the normal text of documents, by the file's id of the document
    preferred_ids     names that the file asks for, by table and the file's own id
    whole      tables of which the file holds all it has to say: what it no longer holds goes
    account    every kind of thing in the file, and what became of it
    """

    source: str
    tables: Mapping[str, pd.DataFrame]
    guesses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    preferred_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    account: tuple[Line, ...] = ()


def rows(table: str, records: Iterable[Mapping]) -> pd.DataFrame:
    """Return records as rows of a study table, as text; empty cells are missing."""
    frame = pd.DataFrame(list(records), dtype="object")
    frame = frame.reindex(columns=[name for name in TABLES[table].column_names if name in frame])
    text = frame.astype("str").mask(frame.isna())
    return text.mask(text.eq(""))


def slug(name: str) -> str:
    """Return a name as an id: small letters, digits and underscores, at most 60 of them."""
    plain = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:60].strip("_") or "unnamed"
