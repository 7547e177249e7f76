"""The framework matrix as a workbook: a row a case, a column a theme, a summary to edit and the passages behind it."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.coded_segments import coded_passages, wide_attributes
from ncsresearch.exchange.writers import ExportedStudy
from ncsresearch.ingest.framework_matrix import CODES, MATRIX, PASSAGES
from ncsresearch.ingest.whole_file import whole_file
from ncsresearch.schema import StudyError
from ncsresearch.study.codebook import code_names, themes

LONGEST_CELL = 32_000
MARK = "Passages: "
CASES = {"participants": ("Person", "participant_id"), "interviews": ("Interview", "interview_id")}


def write_framework_matrix(file: Path, study: ExportedStudy) -> list[str]:
    """Write the matrix of a study's participants (or interviews, where it names nobody) and themes.

    A cell holds the summary that the study has, or nothing; beside the matrix stands every passage behind it. What a
    person writes into the matrix comes back by import. Returns what did not fit.
    """
    tables = study.tables
    columns = themes(tables["codebook"])
    if not columns:
        raise StudyError(f"{file.name}: the study has no code of the facet 'theme' for columns.")
    unit = "participants" if len(tables["participants"]) else "interviews"
    if tables[unit].empty:
        raise StudyError(f"{file.name}: the study has neither participants nor interviews for rows.")
    headings = code_names(tables["codebook"])[columns]
    passages = _passages(tables, unit, headings)
    codes = pd.DataFrame({"Column": headings.values, "Code": headings.index})
    matrix = _matrix(tables, unit, headings, passages)
    save_book(file, study, {MATRIX: matrix, PASSAGES: passages, CODES: codes})
    return []


def _passages(tables: dict[str, pd.DataFrame], unit: str, headings: pd.Series) -> pd.DataFrame:
    rows = coded_passages(tables)
    rows = rows[rows["code_id"].isin(headings.index)]
    case, key = CASES[unit]
    columns = {
        case: rows[key],
        "Interview": rows["interview_id"],
        "Theme": rows["code_id"].map(headings),
        "Described as": rows["stance"],
        "Coder": rows["coder"],
        "Passage": rows["text"],
        "Passage id": rows["segment_id"],
    }
    return pd.DataFrame(columns)


def _matrix(
    tables: dict[str, pd.DataFrame], unit: str, headings: pd.Series, passages: pd.DataFrame
) -> pd.DataFrame:
    cases, (case, key) = tables[unit], CASES[unit]
    shown = pd.DataFrame({case: cases[key], "Area": cases["area_id"], "Group": cases["participant_group"]})
    taken = {*headings, *shown}
    wide = wide_attributes(tables, unit).rename(
        columns=lambda name: f"{name} (attribute)" if name in taken else name
    )
    shown = shown.merge(wide, "left", left_on=case, right_index=True).drop(columns=headings, errors="ignore")
    summaries = tables["summaries"][tables["summaries"]["unit"].eq(unit)]
    written = summaries.pivot(index="unit_id", columns="code_id", values="text")
    written = written.reindex(index=cases[key], columns=headings.index).set_axis(headings, axis=1)
    counts = pd.crosstab(passages[case], passages["Theme"])
    counts = counts.reindex(index=cases[key], columns=headings, fill_value=0).add_prefix(MARK)
    cells = [cell.set_axis(shown.index) for cell in (counts, written)]
    return pd.concat([shown, *cells], axis=1)


def save_book(
    file: Path,
    study: ExportedStudy,
    sheets: Mapping[str, pd.DataFrame],
    choices: Mapping[str, str] | None = None,
) -> None:
    """Write frames as the sheets of a workbook that a person fills in; choices are what may be chosen in columns, by heading."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    if study.private:
        sheets = sheets | {"Confidential": pd.DataFrame({study.title: [study.status, study.private]})}
    for title, rows in sheets.items():
        _sheet(book.create_sheet(title), rows, choices or {})
    book.properties.creator = "ncsresearch"
    book.properties.description = study.private
    with whole_file(file) as partial:
        book.save(partial)


def _sheet(sheet, rows: pd.DataFrame, choices: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(rows))
    for row in rows.astype("object").where(rows.notna(), None).itertuples(index=False):
        sheet.append([cell[:LONGEST_CELL] if isinstance(cell, str) else cell for cell in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, heading in enumerate(rows, start=1):
        width = 90 if heading in ("Passage", "Words") else 12 if heading.startswith(MARK) else 28
        sheet.column_dimensions[get_column_letter(number)].width = width
        if heading in choices and len(rows):
            _choose(sheet, get_column_letter(number), choices[heading])
    sheet.freeze_panes = "B2"


def _choose(sheet, letter: str, values: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    chosen = DataValidation(type="list", formula1=values, allow_blank=True, showErrorMessage=True)
    chosen.add(f"{letter}2:{letter}{sheet.max_row}")
    sheet.add_data_validation(chosen)
