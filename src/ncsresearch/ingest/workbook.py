"""Workbooks, delimited files and SPSS files as frames of text: nothing calculated."""

import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.archive import check_office_file
from ncsresearch.ingest.fields import field_of
from ncsresearch.ingest.imported_file import Line, all_kept, few
from ncsresearch.ingest.positions import decoded
from ncsresearch.ingest.sheet import Sheet
from ncsresearch.ingest.survey_layout import headings
from ncsresearch.ingest.table_rows import SAYS_NOTE, table_rows
from ncsresearch.schema import StudyError

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
EVERY_ROW = range(1, MOST_ROWS + 1)
HIDDEN = "read as the others; where it is no evidence, take it out of the workbook"
OF_HUNDRED, OWN_FORMATS = (
    (9, 10),
    164,
)  # numbers of Excel's formats of percentages, and of the first that a workbook brings
SAMPLE = 200  # rows by which the separator of cells is known
REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]+")  # of a cell, in a formula
ROW, COLUMN = (re.compile(rb"<(?:\w+:)?%s\b[^>]*>" % name) for name in (b"row", b"col"))
PLACE, IS_HIDDEN = re.compile(rb'\b(?:r|min|max)="(\d+)"'), re.compile(rb'\bhidden="(?:1|true)"')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([^"]+)"')
PERCENT = re.compile(rb'office:value-type="percentage" office:value="([^"]+)"')
DAY, TIMED = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
# what Excel writes in a cell that it could not calculate, in English, and in German and French as their files of commas have it
FAULTY = "#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC! #FIELD! #GETTING_DATA #NV #BEZUG! #WERT! #ZAHL! #VALEUR! #NOM? #NOMBRE!"
DELIMITED, STATISTICS = (".csv", ".tsv"), (".sav", ".zsav")


def read_sheets(path: Path) -> dict[str, Sheet]:
    """Return each sheet that holds cells, its columns of no field yet; the first row of several cells names the columns.

    A formula is the value that it was saved with, and without a cell that it depends on the text that was typed. Raises StudyError for a file that is not what its name says.
    """
    ending = path.suffix.lower()
    if ending in STATISTICS:
        return {path.stem: _of_statistics(path)}
    if ending in DELIMITED:
        rows = _delimited(path)
        _refuse_ragged(rows, path.name)
        return {path.stem: _framed(rows, path.name, path.stem)}
    excel = ending in (".xlsx", ".xlsm")
    found = _sheets(path) if excel else _other_sheets(path)
    sheets = {title: rows for title, rows in found.items() if any(map(any, rows))}
    merged, hidden = _about(path) if excel else _about_other(path)
    for title in sheets:
        _fill_down(sheets[title], merged.get(title, ()))
    if not sheets:
        raise StudyError(f"{path.name}: holds no row of headings.")
    held = {
        title: _framed(rows, path.name if len(sheets) == 1 else f"{path.name}, {title}", path.stem)
        for title, rows in sheets.items()
    }
    for title in hidden.keys() & held.keys():
        lines = _hidden_lines(held[title], sheets[title], *hidden[title])
        held[title] = replace(held[title], beside=(*held[title].beside, *lines))
    return held


def _hidden_lines(
    sheet: Sheet, rows: list[list[str]], rows_hidden: Iterable[int], columns_hidden: Iterable[int]
) -> Iterator[Line]:
    """Yield what an account says of a hidden sheet, which is all of its rows, or of the hidden rows and columns that hold cells."""
    filled = [number for number in rows_hidden if any(rows[number - 1 : number])]
    named = list(sheet.frame)
    columns = [named[number - 1] for number in columns_hidden if number <= len(named)]
    if len(filled) == sum(map(any, rows)):
        yield all_kept("hidden sheet", 1, HIDDEN)
        return
    if filled:
        yield all_kept("hidden row", len(filled), f"row {', '.join(map(str, filled))}: {HIDDEN}")
    if columns:
        yield all_kept("hidden column", len(columns), f"{', '.join(columns)}: {HIDDEN}")


def headings_of(path: Path) -> set[str]:
    """Return the columns of every sheet."""
    return {column for held in read_sheets(path).values() for column in held.frame}


def _of_statistics(path: Path) -> Sheet:
    """Return an SPSS file: a column a variable, its values by their labels, and its wording as the label of the column."""
    import pyreadstat

    try:
        frame, about = pyreadstat.read_sav(path, apply_value_formats=True, user_missing=False)
    except pyreadstat.ReadstatError:
        raise StudyError(f"{path.name}: is not an SPSS file, though its name says so.") from None
    text = frame.astype("object").map(_said).astype("str")
    labels = {name: label for name, label in about.column_names_to_labels.items() if label}
    scales = {
        name: [str(each) for _, each in sorted(of.items())]
        for name, of in about.variable_value_labels.items()
    }
    return Sheet(text.mask(text.eq("")), {}, path.name, path.stem, labels=labels, scales=scales)


def _other_sheets(path: Path) -> dict[str, list[list[str]]]:
    """Return the cells of workbooks of other programs: .xls, .xlsb, .ods."""
    import python_calamine

    try:
        held = io.BytesIO(path.read_bytes())
        if path.suffix.lower() == ".ods":
            check_office_file(held.getvalue(), path.name, "a workbook")
            held = _with_percents(held)
        book = python_calamine.CalamineWorkbook.from_filelike(held)
        found = {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names}
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError):
        raise StudyError(f"{path.name}: is not a workbook, though its name says so.") from None
    return {title: _all_said(rows) for title, rows in found.items()}


def _with_percents(held: io.BytesIO) -> io.BytesIO:
    """Return an .ods file in which percentages are written as their reader sees them, as 0.86 is 86%."""
    made = io.BytesIO()
    with zipfile.ZipFile(held) as parts, zipfile.ZipFile(made, "w") as new:
        for name in parts.namelist():
            new.writestr(name, PERCENT.sub(_written_percent, parts.read(name)))
    made.seek(0)
    return made


def _written_percent(cell: re.Match) -> bytes:
    return b'office:value-type="string" office:string-value="%.10g%%"' % (100 * float(cell[1]))


def _about(path: Path) -> tuple[dict[str, list], dict[str, tuple]]:
    """Return the merged cells of each sheet, first and last row and column, and the numbers of its hidden rows and columns.

    No row is read for it: a sheet may claim more of them than the machine has room for.
    """
    import openpyxl

    merged, hidden = {}, {}
    with closing(openpyxl.load_workbook(path, read_only=True)) as book, zipfile.ZipFile(path) as parts:
        for sheet in book.worksheets:
            part = parts.read(sheet._worksheet_path)
            merged[sheet.title] = _merged(part)
            rows, columns = (_hidden(tag.findall(part)) for tag in (ROW, COLUMN))
            hidden[sheet.title] = (rows if sheet.sheet_state == "visible" else EVERY_ROW, columns)
    return merged, hidden


def _hidden(tags: Iterable[bytes]) -> list[int]:
    """Return the numbers of hidden rows, or of columns from the first to the last that a tag is for."""
    ends = [[int(each) for each in PLACE.findall(tag)] for tag in tags if IS_HIDDEN.search(tag)]
    return [number for each in ends if each for number in range(each[0], min(each[-1], MOST_ROWS) + 1)]


def _merged(part: bytes) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the merged cells of a sheet of Excel."""
    from openpyxl.utils import range_boundaries

    found = [range_boundaries(each.decode()) for each in MERGED.findall(part)]
    return [((top - 1, left - 1), (bottom - 1, right - 1)) for left, top, right, bottom in found]


def _about_other(path: Path) -> tuple[dict[str, list], dict[str, tuple]]:
    """Return the same of workbooks of other programs, of whose rows and columns it is not known whether they are hidden."""
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(path) as book:
        sheets = [(each.name, each.visible) for each in book.sheets_metadata]
        merged = {title: book.get_sheet_by_name(title).merged_cell_ranges or [] for title in book.sheet_names}
    shown = python_calamine.SheetVisibleEnum.Visible
    return merged, {title: (EVERY_ROW, ()) for title, visible in sheets if visible != shown}


def _fill_down(rows: list[list[str]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Write the words of cells that are merged down a column into each of its rows, those of the first row of all aside."""
    first = next(index for index, row in enumerate(rows) if any(row))
    for (top, left), (bottom, right) in merged:
        for number in range(top + 1, min(bottom + 1, len(rows))) if left == right and top > first else ():
            rows[number] = _padded(rows[number], left + 1)
            rows[number][left] = rows[top][left] if left < len(rows[top]) else ""


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    """Return the cells of each sheet as far as they are filled, a formula as the value that it was saved with."""
    check_office_file(path.read_bytes(), path.name, "an Excel workbook")
    try:
        typed = _cells(path)
        formulas = [
            (title, row, column)
            for title, rows in typed.items()
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if cell.startswith("=")
        ]
        saved = _cells(path, data_only=True) if formulas else {}
    except Exception as error:  # openpyxl raises whatever a damaged part of a workbook trips it into
        raise StudyError(f"{path.name}: is not an Excel workbook, though its name says so.") from error
    values = {place: (saved[place[0]][place[1]] or [""] * MOST_COLUMNS)[place[2]] for place in formulas}
    was_calculated = any(
        value != typed[title][row][column] for (title, row, column), value in values.items() if value
    )
    for (title, row, column), value in values.items():
        if value or was_calculated:
            typed[title][row][column] = value
        elif REFERENCE.search(typed[title][row][column]):
            raise StudyError(
                f"{path.name}, {title}: cell {_name(row, column)} is a formula that was never calculated; open the workbook "
                "in a spreadsheet program and save it, or put values in place of formulas."
            )
    return typed


def _cells(path: Path, *, data_only: bool = False) -> dict[str, list[list[str]]]:
    """Return all rows of each sheet, whatever size the sheet says it has; one without a filled cell is empty."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=data_only, read_only=True)
    with closing(book):
        sheets, percents = {}, _shows_percents(book)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_row=MOST_ROWS, values_only=not percents)
            rows = (map(_with_percent, row) for row in rows) if percents else rows
            sheets[sheet.title] = _all_said(rows)
        return sheets


def _shows_percents(book) -> bool:
    """Whether any cell of a workbook of Excel may be shown as a percentage."""
    formats = {
        *OF_HUNDRED,
        *(OWN_FORMATS + n for n, shown in enumerate(book._number_formats) if "%" in shown),
    }
    return any(style.numFmtId in formats for style in book._cell_styles)


def _with_percent(cell):
    """Return the value of a cell, a number that is shown as a percentage as one: 0.86 is 86%."""
    of_hundred = isinstance(cell.value, int | float) and "%" in str(cell.number_format)
    return f"{100 * cell.value:.10g}%" if of_hundred else cell.value


def _name(row: int, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column + 1)}{row + 1}"


def _all_said(rows: Iterable[Sequence]) -> list[list[str]]:
    """Return rows of cells as text; a date at midnight has its time where another of its column has one."""
    said = [told if any(told := [_said(cell) for cell in row]) else [] for row in rows]
    timed = {column for row in said for column, cell in enumerate(row) if TIMED.fullmatch(cell)}
    for row in said:
        for column in timed.intersection(range(len(row))):
            row[column] += " 00:00:00" * bool(DAY.fullmatch(row[column]))
    return said


def _said(cell) -> str:
    cell = getattr(cell, "text", cell)  # where an array formula has its words
    if cell is None or cell != cell or type(cell).__name__ == "DataTableFormula":
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
    try:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
        return [[cell.strip() for cell in row] for row in _parted(text, delimiter, strict=True)]
    except csv.Error as error:
        raise StudyError(f"{path.name}: damaged CSV ({error}); save it again as CSV UTF-8.") from None


def _parted(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _delimiter(text: str) -> str:
    """Return what parts the cells: that by which the most of the first rows have one number of cells, two at least."""
    agree = {}
    for delimiter in ",;\t|":
        widths = Counter(len(row) for row in islice(_parted(text, delimiter, strict=False), SAMPLE) if row)
        agree[delimiter] = max(((n, width) for width, n in widths.items() if width > 1), default=(0, 0))
    return max(agree, key=agree.get)


def _framed(rows: list[list[str]], file: str, stem: str = "") -> Sheet:
    filled = [index for index, row in enumerate(rows) if any(row)]
    if not filled:
        raise StudyError(f"{file}: holds no row of headings.")
    first = _first_of_table(rows)
    above = [str(index + 1) for index in filled if index < first and _is_heading(rows[index])]
    over = Line("row above the headings", len(above), 0, f"not read: row {few(above)}")
    filled = filled[filled.index(first) :]
    width = max(len(row) for row in rows[first:] if not SAYS_NOTE.match("".join(row[:1])))
    rows = [_padded(row, width) for row in rows]
    above = headings([rows[index] for index in filled])
    names = [name or f"column {number}" for number, name in enumerate(above.names, 1)]
    if repeated := next((name for name in names if names.count(name) > 1), None):
        columns = " and ".join(str(number) for number, name in enumerate(names, 1) if name == repeated)
        raise StudyError(f"{file}: columns {columns} have the same heading; give each a name of its own.")
    last = filled[min(above.n_rows, len(filled)) - 1]
    below, beside = table_rows(rows[last + 1 :], rows[first], last + 2, file)
    frame = pd.DataFrame([*below.values()], index=[*below], columns=names, dtype="str")
    frame, faulty = _without_faulty(frame)
    beside = (*[over][: over.in_file], *beside, *faulty)
    told = {"labels": above.labels, "options": above.options, "beside": beside}
    return Sheet(frame.mask(frame.eq("")), {}, file, stem, **told)


def _without_faulty(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Line]]:
    """Return rows without what Excel writes in place of a value, and the line that names these cells."""
    is_faulty = frame.isin(FAULTY.split())
    if not is_faulty.any(axis=None):
        return frame, []
    cells = is_faulty.to_numpy().nonzero()
    names = [
        f"{_name(frame.index[row] - 1, column)} ({frame.iat[row, column]})"
        for row, column in zip(*cells, strict=True)
    ]
    return frame.mask(is_faulty, ""), [
        Line("faulty cell of Excel", len(names), 0, f"left empty: {few(names)}")
    ]


def _refuse_ragged(rows: list[list[str]], file: str) -> None:
    """Refuse a row of more cells than there are headings: a comma in a cell that is not in quotes parts it."""
    heading = _first_of_table(rows)
    for number, row in enumerate(rows[heading + 1 :], heading + 2):
        if any(row[len(rows[heading]) :]) and not SAYS_NOTE.match(row[0]):
            raise StudyError(
                f"{file}: row {number} has {len(row)} cells, expected the {len(rows[heading])} of the headings; put a cell "
                f"with a comma or another mark that parts cells in quotes, and give each column a heading."
            )


def _first_of_table(rows: list[list[str]]) -> int:
    """Return where the headings are: the first row of two cells, or behind rows of a title with up to two, a blank one and a wider one."""
    first = next((at for at, row in enumerate(rows) if _is_heading(row)), -1)
    if first < 0:
        return next((at for at, row in enumerate(rows) if any(row)), 0)
    wide = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 2), 0)
    is_title = wide > first and not any(rows[wide - 1]) and not any(map(field_of, rows[first]))
    return wide if is_title else first


def _is_heading(row: list[str]) -> bool:
    """Whether a row names columns: two cells at least, or all but the corner of a matrix."""
    return sum(map(bool, row)) >= 2 or (len(row) > 1 and not row[0] and all(row[1:]))


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]
