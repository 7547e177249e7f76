"""Workbooks and delimited files (.xlsx, .csv) as frames of text: nothing calculated, nothing guessed."""

import csv
import datetime
import io
import zipfile
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.archive import Archive
from ncsresearch.ingest.positions import decoded
from ncsresearch.schema import StudyError

READERS = (".xlsx", ".xlsm", ".csv", ".tsv")


def read_sheets(path: Path) -> dict[str, pd.DataFrame]:
    """Return each sheet that holds cells, as text; the first row of several cells names the columns.

    A formula is kept as the text that was typed. Raises StudyError for a file that is not what its name says.
    """
    if path.suffix.lower() in (".csv", ".tsv"):
        return {path.stem: _framed(_delimited(path), path.name)}
    with Archive(path):
        pass
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, data_only=False, read_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise StudyError(f"{path.name}: is not an Excel workbook, though its name says so.") from error
    except Exception as error:
        raise StudyError(f"{path.name}: cannot be read as a workbook; save it again as .xlsx.") from error
    sheets = {
        sheet.title: [[_said(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }
    return {title: _framed(rows, path.name) for title, rows in sheets.items() if any(any(row) for row in rows)}


def _said(cell) -> str:
    if cell is None:
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
    head = text.split("\n", 1)[0]
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
    if repeated := sorted({name for name in heading if heading.count(name) > 1}):
        raise StudyError(f"{file}: has the column {repeated[0]!r} twice; give each a name of its own.")
    frame = pd.DataFrame([_padded(row, width) for row in rows[first + 1 :]], columns=heading, dtype="str")
    return frame.mask(frame.eq(""))


def _is_heading(row: list[str]) -> bool:
    """Whether a row names columns: two cells at least, or all but the corner of a matrix."""
    return sum(map(bool, row)) >= 2 or (len(row) > 1 and not row[0] and all(row[1:]))


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]
