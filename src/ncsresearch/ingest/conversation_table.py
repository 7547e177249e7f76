"""A conversation kept in a table: which column holds the times, which the speakers, which the words?"""

import re
from collections.abc import Iterator
from itertools import dropwhile, groupby

import pandas as pd

from ncsresearch.ingest.speaker_label import CLOCK, SPOKEN, Beginning, is_unsaid

TIME = re.compile(rf"[\[(]?({CLOCK})(?:[:;]\d\d)?[\])]?(?:\s*[-–]+>?\s*[\[(]?{CLOCK}[\])]?)?")

REMARKED = re.compile(
    r"\b(notes?|comments?|codes?|coding|themes?|memos?|remarks?|observations?)\b", re.IGNORECASE
)


def turns_in_tables(lines: list[str]) -> dict[int, Beginning]:
    """Return what each row of a conversation begins with, by its line; of tables with three columns or more alone.

    A row of two cells above them needs no table: its first cell is read as the label of a line is. Below them its last
    cells are empty.
    """
    found = {}
    for tabbed, numbers in groupby(range(len(lines)), key=lambda number: "\t" in lines[number]):
        rows = list(dropwhile(lambda number: lines[number].count("\t") < 2, numbers)) if tabbed else []
        if rows:
            found |= dict(zip(rows, _beginnings([lines[number].split("\t") for number in rows]), strict=True))
    return {number: begun for number, begun in found.items() if begun and not is_unsaid(lines[number])}


def _beginnings(rows: list[list[str]]) -> Iterator[Beginning | None]:
    cells = pd.DataFrame(rows).fillna("")
    rows = cells.values.tolist()
    is_time = cells.apply(lambda column: column.str.strip().str.fullmatch(TIME.pattern))
    times = next((column for column in cells if is_time[column].mean() > 0.5), None)
    is_number = cells.apply(lambda column: column.str.strip().str.fullmatch(r"\d{0,5}[.)]?").all())
    others = [column for column in cells if column != times and not is_number[column]]
    words = max(others, key=lambda column: _likely_words(cells[column]), default=None)
    speaker = next((column for column in others if column != words and _speaks(cells[column])), None)
    label = ""
    for row in rows:
        label = label if speaker is None else row[speaker].strip().rstrip(":") or label
        yield None if speaker is None else _row(row, times, label, words)


def _likely_words(column: pd.Series) -> tuple[bool, bool, int]:
    """How likely a column holds the words: by its heading, else by being no column of notes, else by its length."""
    heading = column.iloc[0].strip()
    return (
        bool(re.fullmatch(SPOKEN, heading, re.IGNORECASE)),
        not REMARKED.search(heading),
        int(column.str.len().sum()),
    )


def _speaks(column: pd.Series) -> bool:
    """Whether a column holds speakers: short labels that come round."""
    labels = column.str.strip().str.rstrip(":")
    said = labels[labels.ne("")]
    return said.duplicated().any() and said.str.split().str.len().le(5).all() and said.nunique() > 1


def _row(row: list[str], times: int | None, label: str, words: int) -> Beginning:
    start = sum(len(cell) + 1 for cell in row[:words])
    time = TIME.fullmatch(row[times].strip()) if times is not None else None
    return Beginning(label, re.sub(r"[.,].*", "", time[1]) if time else "", start, start + len(row[words]))
