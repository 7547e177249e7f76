"""A conversation kept in a table: which column holds the times, which the speakers, which the words?"""

import re
from collections.abc import Iterator
from itertools import groupby

import pandas as pd

from ncsresearch.ingest.speaker_label import CLOCK, Beginning

TIME = re.compile(rf"[\[(]?({CLOCK})[\])]?(?:\s*[-–]+>?\s*[\[(]?{CLOCK}[\])]?)?")


def turns_in_tables(lines: list[str]) -> dict[int, Beginning]:
    """Return what each row of a conversation begins with, by its line; of tables with three columns or more alone.

    A row of two cells needs no table: its first cell is read as the label of a line is.
    """
    found = {}
    for width, numbers in groupby(range(len(lines)), key=lambda number: lines[number].count("\t")):
        if width >= 2:
            rows = list(numbers)
            found |= dict(zip(rows, _beginnings([lines[number].split("\t") for number in rows]), strict=True))
    return {number: begun for number, begun in found.items() if begun}


def _beginnings(rows: list[list[str]]) -> Iterator[Beginning | None]:
    cells = pd.DataFrame(rows)
    is_time = cells.apply(lambda column: column.str.strip().str.fullmatch(TIME.pattern))
    times = next((column for column in cells if is_time[column].mean() > 0.5), None)
    others = [column for column in cells if column != times and not _is_number(cells[column])]
    words = max(others, key=lambda column: cells[column].str.len().sum(), default=None)
    speaker = next((column for column in others if column != words and _speaks(cells[column])), None)
    for row in rows:
        yield None if speaker is None else _row(row, times, speaker, words)


def _is_number(column: pd.Series) -> bool:
    return bool(column.str.strip().str.fullmatch(r"\d{0,5}[.)]?").all())


def _speaks(column: pd.Series) -> bool:
    """Whether a column holds speakers: short labels that come round."""
    labels = column.str.strip().str.rstrip(":")
    said = labels[labels.ne("")]
    return said.duplicated().any() and said.str.split().str.len().le(5).all() and said.nunique() > 1


def _row(row: list[str], times: int | None, speaker: int, words: int) -> Beginning:
    start = sum(len(cell) + 1 for cell in row[:words])
    time = TIME.fullmatch(row[times].strip()) if times is not None else None
    label = row[speaker].strip().rstrip(":")
    return Beginning(label, re.sub(r"[.,].*", "", time[1]) if time else "", start, start + len(row[words]))
