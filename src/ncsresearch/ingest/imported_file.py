"""What a file brings to a study: rows under the file's own ids, texts, and an account of all it held."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pandas as pd

from ncsresearch.schema import TABLES, one_of

LONGEST_ID = 60
FEW = 8  # names that a remark has
EXCHANGED = "REFI-QDA"  # begins the source of a project, which has one name whatever its file is called
# what new rows say where no file does; a person puts it right in the study's tables
GUESSES = {
    "participants": {"participant_group": "not stated"},
    "interviews": {"participant_group": "not stated"},
    "areas": {"area_type": "not_stated", "case_study": "yes", "report": "yes"},
    "codebook": {"facet": "theme", "version": "1"},
    "documents": {"kind": "transcript"},
}


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

    def rewritten(self, rewrite: Callable[[str], str]) -> "Line":
        """Return the line with each of its words rewritten."""
        return replace(self, kind=rewrite(self.kind), note=rewrite(self.note), example=rewrite(self.example))


def all_kept(kind: str, n: int, note: str = "", example: str = "") -> Line:
    """Return the line for a kind of thing of which a study takes everything as it is."""
    return Line(kind, n, n, note, example)


@dataclass(frozen=True)
class ImportedFile:
    """The rows a file brings, table by table.

    source         the name by which a later version of the same file is known
    tables         rows of study tables, as text; ids and what points to them are the file's own
    guesses        values of new rows that the file does not say, by table and column; they never replace what the study has
    texts          the normal text of documents, by the file's id of the document
    preferred_ids  ids that the file asks for, by table and the file's own id
    whole          tables of which the file holds all it has to say: what it no longer holds goes
    account        every kind of thing in the file, and what became of it
    at_row         the row of a table that each passage is from, by the file's own id
    given          what --map said of the file's columns, as given_columns.Given keeps it
    gone           rows that the file gave as another --map had it read before, and does not give now
    unsaid         cells of its rows that it gave so, and leaves empty now, with the ids of the rows
    by_row         whether who answers a survey is known by the number of a row alone
    """

    source: str
    tables: Mapping[str, pd.DataFrame]
    guesses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    preferred_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    account: tuple[Line, ...] = ()
    at_row: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    gone: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    unsaid: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    by_row: bool = False


class Columns:
    """Very many rows of a table, as the cells of each column; a class, because rows that lack a column come among others."""

    def __init__(self):
        self.cells: dict[str, list[str | None]] = defaultdict(list)
        self.n = 0

    def __len__(self) -> int:
        return self.n

    def append(self, row: Mapping[str, str | None]) -> None:
        """Add a row."""
        self.extend({name: [cell] for name, cell in row.items()})

    def extend(self, columns: Mapping[str, list[str]]) -> None:
        """Add rows, as the cells of each column that they have."""
        for name, cells in columns.items():
            column = self.cells[name]
            column.extend([None] * (self.n - len(column)))
            column.extend(cells)
        self.n += len(cells)

    def replace(self, key: str, name: str, values: Mapping[str, str]) -> None:
        """Put values, by the cell of a key, in place of those of a column."""
        if values:
            before = self.cells[name] + [None] * (self.n - len(self.cells[name]))
            pairs = zip(self.cells[key], before, strict=True)
            self.cells[name] = [values.get(row, cell) for row, cell in pairs]

    def frame(self) -> pd.DataFrame:
        """Return the rows as text; empty cells are missing. The cells are given up column by column, to be short of memory."""
        frame = {}
        while self.cells:
            name, cells = self.cells.popitem()
            cells += [None] * (self.n - len(cells))
            frame[name] = pd.array(cells if all(cells) else [cell or None for cell in cells], dtype="str")
        return pd.DataFrame(frame)


class Records(defaultdict):
    """Rows by table as a reader meets them; a class, because one thing that is read grows several tables."""

    def __init__(self, **tables: Columns):
        super().__init__(list, tables)
        self._met: dict[tuple[str, str], dict] = {}

    def add(self, table: str, **cells) -> None:
        """Add a row to a table; its first cell is its id."""
        self[table].append(cells)
        self._met[table, next(iter(cells.values()))] = cells

    def once(self, table: str, **cells) -> dict:
        """Return the row of this id, whose cells may still be changed; it is added where it is not there."""
        if not self.has(table, row_id := next(iter(cells.values()))):
            self.add(table, **cells)
        return self.of(table, row_id)

    def of(self, table: str, row_id: str) -> dict:
        """Return the row of this id that was added to a table."""
        return self._met[table, row_id]

    def passage(self, segment_id: str, document_id: str, **cells) -> None:
        """Add a passage that a reader found; its place, where the file does not say, is behind those there are."""
        known = {"kind": "passage", "read_by": "reader", "ordinal": str(len(self["segments"]) + 1)}
        self.add("segments", segment_id=segment_id, document_id=document_id, **known | cells)

    def judge(
        self, coding_id: str, unit_id: str, code_id: str, *, unit="segments", coder=None, **cells
    ) -> None:
        """Add a judgement about a passage or another unit."""
        given = {"unit": unit, "unit_id": unit_id, "code_id": code_id, "coder": coder or "not stated"}
        self.add("codings", coding_id=coding_id, **given, **cells)

    def has(self, table: str, row_id: str) -> bool:
        """Whether a row of this id was added to a table."""
        return (table, row_id) in self._met

    def describe(self, owner: str, owner_id: str, values: Iterable[tuple[str, object]]) -> None:
        """Add attributes of a row of another table: name and value of each."""
        for name, value in values:
            self.add("attributes", owner=owner, owner_id=owner_id, name=name, value=str(value))


def imported_file(
    source: str,
    records: Mapping[str, Iterable[Mapping] | Columns],
    account: Iterable[Line],
    *,
    whole: Iterable[str] = (),
    guesses: Mapping[str, Mapping[str, str]] | None = None,
    **more,
) -> ImportedFile:
    """Return records by table as what a file brings; guesses are those of every file, and the file's own."""
    tables = {name: rows(name, found) for name, found in {**dict.fromkeys(whole, ()), **records}.items()}
    known = GUESSES | (guesses or {})
    return ImportedFile(source, tables, known, whole=tuple(whole), account=tuple(account), **more)


def rows(table: str, records: Iterable[Mapping] | Columns) -> pd.DataFrame:
    """Return records as rows of a study table, with those of its columns that they have, as text; empty cells are missing.

    Raises StudyError for a table that the schema does not have. Cells that are no columns of it are the reader's own.
    """
    columns = TABLES[one_of("table", table, TABLES)].column_names
    frame = records.frame() if isinstance(records, Columns) else pd.DataFrame(list(records), dtype="object")
    frame = frame.reindex(columns=[name for name in columns if name in frame])
    if isinstance(records, Columns):
        return frame
    text = frame.astype("str").mask(frame.isna())
    return text.mask(text.eq(""))


def same_words(name: str) -> str:
    """Return what two spellings of one name share, in any script: without case, and with one space between words.

    A line between words is a space, since ids are made so ("Ann_Lee" of "Ann Lee").
    """
    letters = unicodedata.normalize("NFC", str(name)).casefold().replace("_", " ")
    return unicodedata.normalize("NFC", " ".join(letters.split()))


def same_id(name: str) -> str:
    """Return what two spellings of an id with a number share: P01 is P1 and Participant 1, and "CAR 03" is CAR-03; of others same_words."""
    words = same_words(name)
    if not re.search(r"\d", words):
        return words
    joined = re.sub(r"(?<!\d)[\s.#-]+|[\s.#-]+(?!\d)", "", words)
    short = re.sub(r"^(p)articipant(?=\d)|^(r)espondent(?=\d)|^(i)nterviewee(?=\d)", r"\1\2\3", joined)
    return re.sub(r"(?<![\d.-])0+(?=\d)", "", short)


def slug(name: str) -> str:
    """Return a name as an id: small letters of any script and digits, divided by underscores, at most 60 of them.

    A longer name, or one without letters, ends with a digest of it, so that two stay two.
    """
    spelled = same_words(name)
    kept = "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in spelled)
    plain = "_".join(kept.split())
    if plain and len(plain) <= LONGEST_ID:
        return plain
    digest = sha256(spelled.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain[: LONGEST_ID - 9].strip('_') or 'unnamed'}_{digest}"


def few(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    names = list(names)
    return ", ".join([*names[:FEW], *[f"and {len(names) - FEW} more"] * (len(names) > FEW)])


def free(preferred: str, used: set[str]) -> str:
    """Return a name as it is preferred, or the first of its numbered forms that is not in use."""
    name, number = preferred, 2
    while name in used:
        name, number = f"{preferred}_{number}", number + 1
    return name
