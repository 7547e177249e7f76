"""Study tables kept as CSV: read as text, checked against the schema, given their types."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from ncsresearch.schema import PATTERNS, TABLES, Column, StudyTable, nearest

BLOCK = 1000
NUMBERS = {"whole": "Int64", "number": "float64"}


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with a study: where it is, what was found and what was expected."""

    file: str
    row: int
    column: str
    found: str
    expected: str
    nearest: str = ""

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", {self.column}" if self.column else ""
        near = f" Nearest: {self.nearest!r}." if self.nearest else ""
        return f"{self.file}{row}{column}: found {self.found}, expected {self.expected}.{near}"


def read_table_text(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV as text, empty cells as missing; rows that do not fit the header are faults.

    Row numbers are those of a spreadsheet: the header is row 1.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read_rows(path.name, csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        byte = f"a byte at position {error.start} that is not UTF-8"
        return pd.DataFrame(), [Fault(path.name, 0, "", byte, "a CSV saved as UTF-8")]
    except csv.Error as error:
        return pd.DataFrame(), [Fault(path.name, 0, "", f"damaged CSV ({error})", "rows of closed cells")]


def _read_rows(file: str, rows: Iterator[list[str]]) -> tuple[pd.DataFrame, list[Fault]]:
    """Read rows block by block, so that no more of a large table is held twice than one block."""
    header, n_rows, faults = next(rows, []), 0, []
    columns: list[list[np.ndarray]] = [[] for _ in header]
    while block := list(islice(rows, BLOCK)):
        faults += _misfits(file, block, len(header), first=n_rows + 2)
        n_rows += len(block)
        for column, cells in zip(columns, zip(*block, strict=False), strict=False):
            column.append(_cells(cells))
    if repeated := sorted({name for name in header if header.count(name) > 1}):
        faults = [Fault(file, 1, name, "a column twice", "each column once") for name in repeated]
    if faults:
        return pd.DataFrame(), faults
    whole = {name: _column(blocks) for name, blocks in zip(header, columns, strict=True)}
    return pd.DataFrame(whole, index=pd.RangeIndex(n_rows), columns=header), []


def _column(blocks: list[np.ndarray]) -> pd.Series:
    return pd.Series(np.concatenate(blocks) if blocks else [], dtype="str")


def _misfits(file: str, block: list[list[str]], n_cells: int, *, first: int) -> list[Fault]:
    expected = f"{n_cells}, as many as the header has"
    return [
        Fault(file, number, "", f"{len(row)} cells", expected)
        for number, row in enumerate(block, start=first)
        if len(row) != n_cells
    ]


def _cells(cells: tuple[str, ...]) -> np.ndarray:
    """Return cells with empty ones missing, each text that occurs again held once."""
    if not any(cells):
        return np.full(len(cells), np.nan, dtype="object")
    held: dict = {"": np.nan}
    return np.array([held.setdefault(cell, cell) for cell in cells], dtype="object")


@cache
def pandera_schema(table_name: str):
    """Return the pandera schema of a study table whose cells are still text."""
    import pandera.pandas as pa

    def column(rule: Column) -> pa.Column:
        checks = []
        if rule.allowed:
            checks.append(pa.Check.isin(rule.allowed, error=f"one of {', '.join(rule.allowed)}"))
        if rule.kind in PATTERNS:
            pattern, words = PATTERNS[rule.kind]
            checks.append(pa.Check.str_matches(rf"{pattern}\Z", error=words))
        return pa.Column(None, checks=checks, nullable=not rule.required, required=rule.required)

    table = TABLES[table_name]
    columns = {rule.name: column(rule) for rule in table.columns}
    return pa.DataFrameSchema(columns, unique=list(table.key), report_duplicates="exclude_first", strict=True)


def table_faults(file: str, table: StudyTable, text: pd.DataFrame) -> list[Fault]:
    """Return every way in which a table of text breaks its schema, in the order of its rows."""
    import pandera.errors

    try:
        pandera_schema(table.name).validate(text, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases.to_dict("records")
        return sorted({_fault(file, table, text, case) for case in cases})
    return []


def _fault(file: str, table: StudyTable, text: pd.DataFrame, case: dict) -> Fault:
    row = 0 if pd.isna(case["index"]) else int(case["index"]) + 2
    column, check, found = str(case["column"] or ""), str(case["check"]), str(case["failure_case"])
    allowed = next((rule.allowed for rule in table.columns if rule.name == column), ())
    if check == "column_in_dataframe":
        return Fault(file, 1, found, "no such column", "this column", nearest(found, text.columns))
    if check == "column_in_schema":
        return Fault(
            file, 1, found, "a column of this name", "a column of the schema", _unused(found, table, text)
        )
    if check == "not_nullable":
        return Fault(file, row, column, "an empty cell", "a value")
    if check == "multiple_fields_uniqueness":
        key = ", ".join(table.key)
        found = ", ".join(str(text.loc[row - 2, name]) for name in table.key)
        return Fault(file, row, key, repr(found), "a value no earlier row has")
    return Fault(file, row, column, repr(found), check, _nearest_allowed(found, allowed))


# one wrong word may stand in every row
_nearest_allowed = lru_cache(maxsize=1000)(nearest)


def _unused(found: str, table: StudyTable, text: pd.DataFrame) -> str:
    return nearest(found, [name for name in table.column_names if name not in text])


def typed(table: StudyTable, text: pd.DataFrame) -> pd.DataFrame:
    """Give checked text its types: whole columns, numbers, and ordered categories in the schema's order.

    A column that the file does not have is there, of its type, with nothing in it.
    """
    return text.reindex(columns=table.column_names).astype(
        {column.name: _type(column) for column in table.columns}
    )


def _type(column: Column):
    return (
        pd.CategoricalDtype(column.allowed, ordered=True)
        if column.allowed
        else NUMBERS.get(column.kind, "str")
    )


def write_table(frame: pd.DataFrame, table: StudyTable, path: Path) -> None:
    """Write a study table as CSV, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    frame.reindex(columns=table.column_names).to_csv(
        partial, index=False, lineterminator="\n", encoding="utf-8"
    )
    partial.replace(path)
