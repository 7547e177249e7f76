"""Evidence kept in workbooks and delimited files: each sheet read by the kind that its columns show it to be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.fields import field_of, given_fields
from ncsresearch.ingest.imported_file import ImportedFile, Line
from ncsresearch.ingest.sheet_answers import answer_kind, answers_sheet, is_items, item_rows, items_sheet
from ncsresearch.ingest.sheet_coding import (
    codebook_sheet,
    is_matrix,
    matrix_sheet,
    responses_sheet,
    segments_sheet,
    tick_columns,
)
from ncsresearch.ingest.sheet_people import areas_sheet, interviews_sheet, people_sheet
from ncsresearch.ingest.workbook import read_sheets
from ncsresearch.schema import StudyError


def read_spreadsheet(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read every sheet of a workbook as what it brings; sheets that describe survey items go with their answers.

    Raises StudyError for a sheet that holds nothing a study has a place for, naming what would be one.
    """
    sheets = read_sheets(path)
    if all(frame.empty for frame in sheets.values()):
        raise StudyError(f"{path.name}: has headings but no row under them.")
    items = next((frame for title, frame in sheets.items() if is_items(frame)), None)
    found = []
    for title, frame in sheets.items():
        if items is not None and frame is items:
            continue
        name = path.name if len(sheets) == 1 else f"{path.name}, {title}"
        found.append(read_sheet(frame, name, path.stem, maps, items))
    if not found and items is not None:
        found = [items_sheet(items, path.name, path.stem)]
    return found


def read_sheet(frame: pd.DataFrame, name: str, stem: str, maps: list[str], items=None) -> ImportedFile:
    """Read one sheet by the kind that its columns show it to be."""
    given = given_fields(maps, list(frame), name)
    fields = {column: field_of(column, given) for column in frame}
    kind, reader = _kind(frame, fields, items, name)
    imported = (
        reader(frame, fields, name, stem)
        if kind != "answers"
        else answers_sheet(frame, fields, name, stem, items)
    )
    shown = "; ".join(
        f"{column} = {field or 'attribute'}" for column, field in _mapping(frame, fields, kind).items()
    )
    told = Line(
        "columns",
        frame.shape[1],
        frame.shape[1] - sum(f == "leave out" for f in fields.values()),
        f"read as {kind}: {shown}",
    )
    return replace(imported, account=(told, *imported.account))


def _mapping(frame, fields: dict[str, str], kind: str) -> dict[str, str]:
    if kind == "a matrix of counts":
        return {"first column": "code", "other columns": "interview"}
    if kind == "answers":
        return {column: fields[column] or answer_kind(frame[column], column) for column in frame}
    return fields


def _kind(
    frame: pd.DataFrame, fields: dict[str, str], items: pd.DataFrame | None, name: str
) -> tuple[str, Callable]:
    has = set(fields.values())
    if {record["item_id"] for record in item_rows(items, "")} & set(frame):
        return "answers", answers_sheet
    if is_matrix(frame):
        return "a matrix of counts", matrix_sheet
    if {"text", "code"} <= has:
        return "coded segments", segments_sheet
    if "code" in has and has & {"definition", "include", "exclude", "parent"}:
        return "a codebook", codebook_sheet
    if "text" in has and (tick_columns(frame, fields) or "participant" in has):
        return "responses coded by column", responses_sheet
    if any(answer_kind(frame[column], column) == "question" for column in frame if not fields[column]):
        return "answers", answers_sheet
    if "participant" in has:
        return "people", people_sheet
    if "interview" in has or "document" in has:
        return "interviews", interviews_sheet
    if {"area", "area type"} <= has:
        return "areas", areas_sheet
    raise StudyError(
        f"{name}: its columns show neither people (participant), interviews (interview), a codebook (code, definition), "
        "coded segments (text, code), coded responses (text and a column a theme) nor survey answers; "
        "say what they are with --map column=field."
    )
