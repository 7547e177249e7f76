"""The framework matrix as a workbook: a row a case, a column a theme, a summary to edit and the passages behind it."""

from pathlib import Path

import pandas as pd

from ncsresearch.exchange.coded_segments import coded_passages, wide_attributes
from ncsresearch.exchange.whole_file import whole_file
from ncsresearch.exchange.writers import ExportedStudy
from ncsresearch.ingest.framework_matrix import CODES, MATRIX, PASSAGES
from ncsresearch.schema import StudyError

LONGEST_CELL = 32_000
MARK = "Passages: "


def write_framework_matrix(file: Path, study: ExportedStudy) -> list[str]:
    """Write the matrix of a study's participants (or interviews, where it names nobody) and themes.

    A cell holds the summary that the study has, or nothing; beside the matrix stands every passage behind it. What a
    person writes into the matrix comes back by import. Returns what did not fit.
    """
    tables = study.tables
    themes = tables["codebook"][tables["codebook"]["facet"].eq("theme")]
    if themes.empty:
        raise StudyError(f"{file.name}: the study has no code of the facet 'theme' for columns.")
    unit = "participants" if len(tables["participants"]) else "interviews"
    if tables[unit].empty:
        raise StudyError(f"{file.name}: the study has neither participants nor interviews for rows.")
    headings = _headings(themes)
    passages = _passages(tables, unit, headings)
    _save(file, _matrix(tables, unit, headings, passages), passages, headings)
    return []


def _headings(themes: pd.DataFrame) -> pd.Series:
    """Return a column heading for each theme: its label, with its id where two have the same."""
    twice = themes["label"].duplicated(keep=False)
    names = themes["label"].mask(twice, themes["label"] + " (" + themes["code_id"] + ")")
    return names.set_axis(themes["code_id"])


def _passages(tables: dict[str, pd.DataFrame], unit: str, headings: pd.Series) -> pd.DataFrame:
    rows = coded_passages(tables)
    rows = rows[rows["code_id"].isin(headings.index)]
    case = rows["participant_id"] if unit == "participants" else rows["interview_id"]
    return pd.DataFrame(
        {
            _case(unit): case,
            "Interview": rows["interview_id"],
            "Theme": rows["code_id"].map(headings),
            "Told as": rows["stance"],
            "Coder": rows["coder"],
            "Passage": rows["text"],
            "Passage id": rows["segment_id"],
        }
    ).loc[:, lambda frame: ~frame.columns.duplicated()]


def _case(unit: str) -> str:
    return "Person" if unit == "participants" else "Interview"


def _matrix(
    tables: dict[str, pd.DataFrame], unit: str, headings: pd.Series, passages: pd.DataFrame
) -> pd.DataFrame:
    cases, key = tables[unit], {"participants": "participant_id", "interviews": "interview_id"}[unit]
    shown = pd.DataFrame(
        {_case(unit): cases[key], "Area": cases["area_id"], "Group": cases["participant_group"]}
    )
    wide = wide_attributes(tables, unit)
    wide = wide.rename(
        columns={name: f"{name} (attribute)" for name in wide if name in set(headings) | set(shown)}
    )
    shown = shown.merge(wide, "left", left_on=_case(unit), right_index=True)
    summaries = tables["summaries"][tables["summaries"]["unit"].eq(unit)]
    written = summaries.set_index(["unit_id", "code_id"])["text"].to_dict()
    counted = passages.groupby([_case(unit), "Theme"]).size().to_dict()
    for code, heading in headings.items():
        shown[heading] = [written.get((case, code)) for case in cases[key]]
        shown[f"{MARK}{heading}"] = [counted.get((case, heading), 0) for case in cases[key]]
    order = [column for column in shown if column not in set(headings) and not column.startswith(MARK)]
    counts = [f"{MARK}{heading}" for heading in headings]
    return shown[[*order, *counts, *headings]]


def _save(file: Path, matrix: pd.DataFrame, passages: pd.DataFrame, headings: pd.Series) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    codes = pd.DataFrame({"Column": headings.values, "Code": headings.index})
    for title, rows in ((MATRIX, matrix), (PASSAGES, passages), (CODES, codes)):
        _sheet(book.create_sheet(title), rows)
    book.properties.creator = "ncsresearch"
    with whole_file(file) as partial:
        book.save(partial)


def _sheet(sheet, rows: pd.DataFrame) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(rows))
    for row in rows.itertuples(index=False):
        sheet.append(
            [
                None if pd.isna(cell) else str(cell)[:LONGEST_CELL] if isinstance(cell, str) else int(cell)
                for cell in row
            ]
        )
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    wide = {"Passage": 90}
    for number, heading in enumerate(rows, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = wide.get(
            heading, 12 if heading.startswith(MARK) else 28
        )
    sheet.freeze_panes = "B2"
