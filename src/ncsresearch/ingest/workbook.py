"""Workbooks and delimited files (.xlsx, .csv) as frames of text: nothing calculated, nothing guessed."""

import csv
import datetime
import io
import re
from contextlib import closing
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.archive import check_office_file
from ncsresearch.ingest.positions import decoded
from ncsresearch.schema import StudyError

MOST_ROWS = 1_048_576


def read_sheets(path: Path) -> dict[str, pd.DataFrame]:
    """Return each sheet that holds cells, as text; the first row of several cells names the columns.

    A formula is kept as the text that was typed. Raises StudyError for a file that is not what its name says.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        return {path.stem: _framed(_delimited(path), path.name)}
    sheets = {title: rows for title, rows in _sheets(path).items() if rows}
    if not sheets:
        raise StudyError(f"{path.name}: holds no row of headings.")
    return {
        title: _framed(rows, path.name if len(sheets) == 1 else f"{path.name}, {title}")
        for title, rows in sheets.items()
    }


def headings_of(path: Path) -> set[str]:
    """Return the columns of every sheet."""
    return {column for frame in read_sheets(path).values() for column in frame}


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    """Return the cells of each sheet as far as they are filled, whatever size the sheet says it has."""
    check_office_file(path.read_bytes(), path.name, "an Excel workbook")
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, data_only=False, read_only=True)
        with closing(book):
            sheets = {}
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = sheet.iter_rows(max_row=MOST_ROWS, values_only=True)
                sheets[sheet.title] = [said for row in rows if any(said := [_said(cell) for cell in row])]
            return sheets
    except Exception as error:  # openpyxl raises whatever a damaged part of a workbook trips it into
        raise StudyError(f"{path.name}: is not an Excel workbook, though its name says so.") from error


def _said(cell) -> str:
    cell = getattr(cell, "text", cell)  # where an array formula has its words
    if cell is None or type(cell).__name__ == "DataTableFormula":
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell).strip()


def _delimited(path: Path) -> list[list[str]]:
    text = decoded(path.read_bytes(), path.name).text
    head = re.sub('"[^"]*"', "", text.split("\n", 1)[0])
    delimiter = max(",;\t", key=head.count) if path.suffix.lower() == ".csv" else "\t"
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[cell.strip() for cell in row] for row in read]
    except csv.Error as error:
        raise StudyError(f"{path.name}: damaged CSV ({error}); save it again as CSV UTF-8.") from None


def _framed(rows: list[list[str]], file: str) -> pd.DataFrame:
    rows = [row for row in rows if any(row)]
    first = next((index for index, row in enumerate(rows) if _is_heading(row)), 0)
    if not rows:
        raise StudyError(f"{file}: holds no row of headings.")
    width = max(len(row) for row in rows[first:])
    heading = [name or f"column {number}" for number, name in enumerate(_padded(rows[first], width), 1)]
    if repeated := next((name for name in heading if heading.count(name) > 1), None):
        columns = " and ".join(str(number) for number, name in enumerate(heading, 1) if name == repeated)
        raise StudyError(f"{file}: columns {columns} have the same heading; give each a name of its own.")
    frame = pd.DataFrame([_padded(row, width) for row in rows[first + 1 :]], columns=heading, dtype="str")
    return frame.mask(frame.eq(""))


def _is_heading(row: list[str]) -> bool:
    """Whether a row names columns: two cells at least, or all but the corner of a matrix."""
    return sum(map(bool, row)) >= 2 or (len(row) > 1 and not row[0] and all(row[1:]))


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]
