"""Study tables kept as CSV: read as text, checked against the schema, given their types."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.whole_file import whole_file
from ncsresearch.schema import PATTERNS, TABLES, Column, StudyTable, nearest

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
            header, faults = _misfits(path.name, csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        byte = f"a byte at position {error.start} that is not UTF-8"
        return pd.DataFrame(), [Fault(path.name, 0, "", byte, "a CSV saved as UTF-8")]
    except csv.Error as error:
        return pd.DataFrame(), [Fault(path.name, 0, "", f"damaged CSV ({error})", "rows of closed cells")]
    if faults or not header:
        return pd.DataFrame(), faults
    as_text = {"dtype": "str", "keep_default_na": False, "na_values": [""], "skip_blank_lines": False}
    return pd.read_csv(path, encoding="utf-8-sig", names=header, header=0, index_col=False, **as_text), []


def _misfits(file: str, rows: Iterator[list[str]]) -> tuple[list[str], list[Fault]]:
    """Return the header, and what is wrong with it or with the number of cells of each row under it."""
    header = next(rows, [])
    expected = f"{len(header)}, as many as the header has"
    widths = enumerate(map(len, rows), start=2)
    faults = [Fault(file, number, "", f"{n} cells", expected) for number, n in widths if n != len(header)]
    if repeated := sorted({name for name in header if header.count(name) > 1}):
        faults = [Fault(file, 1, name, "a column twice", "each column once") for name in repeated]
    return header, faults


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
        near = nearest(found, [name for name in table.column_names if name not in text])
        return Fault(file, 1, found, "a column of this name", "a column of the schema", near)
    if check == "not_nullable":
        return Fault(file, row, column, "an empty cell", "a value")
    if check == "multiple_fields_uniqueness":
        key = ", ".join(table.key)
        found = ", ".join(str(text.loc[row - 2, name]) for name in table.key)
        return Fault(file, row, key, repr(found), "a value no earlier row has")
    return Fault(file, row, column, repr(found), check, _nearest_allowed(found, allowed))


# one wrong word may stand in every row
_nearest_allowed = lru_cache(maxsize=1000)(nearest)


def typed(table: StudyTable, text: pd.DataFrame) -> pd.DataFrame:
    """Give checked text its types: whole columns, numbers, and ordered categories in the schema's order.

    A column that the file does not have is there, of its type, with nothing in it.
    """
    types = {column.name: NUMBERS.get(column.kind, "str") for column in table.columns}
    listed = [column for column in table.columns if column.allowed]
    types |= {column.name: pd.CategoricalDtype(column.allowed, ordered=True) for column in listed}
    return text.reindex(columns=table.column_names).astype(types)


def write_table(frame: pd.DataFrame, table: StudyTable, path: Path) -> None:
    """Write a study table as CSV, whole or not at all."""
    rows = frame.reindex(columns=table.column_names)
    with whole_file(path) as partial:
        rows.to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")
