"""Evidence kept in workbooks and delimited files: each sheet read by the kind that its columns show it to be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ncsresearch.ingest.column_fields import asked_about, column_fields, is_unsure
from ncsresearch.ingest.framework_matrix import read_framework_matrix
from ncsresearch.ingest.imported_file import ImportedFile, Line
from ncsresearch.ingest.sheet import Sheet, areas_sheet, interviews_sheet, people_sheet
from ncsresearch.ingest.sheet_answers import (
    CLOSED,
    answers_sheet,
    is_items,
    item_rows,
    items_sheet,
    kinds_of_columns,
    with_choices,
)
from ncsresearch.ingest.sheet_coding import (
    codebook_sheet,
    is_matrix,
    matrix_sheet,
    responses_sheet,
    segments_sheet,
    tick_columns,
)
from ncsresearch.ingest.survey_waves import of_wave, waves_of
from ncsresearch.ingest.workbook import read_sheets
from ncsresearch.schema import StudyError

# what a sheet may be, the reader of it, and how its columns show it; the first that fits is taken
SHEETS: tuple[tuple[str, Callable[[Sheet], ImportedFile], Callable[[Sheet, set[str]], object]], ...] = (
    ("answers", answers_sheet, lambda sheet, has: set(sheet.items) & set(sheet.frame)),
    ("a matrix of counts", matrix_sheet, lambda sheet, has: is_matrix(sheet.frame)),
    ("coded segments", segments_sheet, lambda sheet, has: {"text", "code"} <= has),
    (
        "a codebook",
        codebook_sheet,
        lambda sheet, has: "code" in has and has & {"definition", "include", "exclude", "parent"},
    ),
    (
        "responses coded by column",
        responses_sheet,
        lambda sheet, has: "text" in has and (tick_columns(sheet) or "participant" in has),
    ),
    ("answers", answers_sheet, lambda sheet, has: _asks(sheet)),
    ("people", people_sheet, lambda sheet, has: "participant" in has),
    ("interviews", interviews_sheet, lambda sheet, has: _each_is(sheet, *has & {"interview", "document"})),
    ("areas", areas_sheet, lambda sheet, has: "area type" in has and _each_is(sheet, *has & {"area"})),
)


def read_workbook(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read a workbook or delimited file: an edited framework matrix, or sheets of any kind; its faults name the file."""
    try:
        return read_framework_matrix(path) or read_spreadsheet(path, maps)
    except StudyError as error:
        named = str(error).startswith(path.name)
        raise StudyError(str(error) if named else f"{path.name}: {error}") from None


def read_spreadsheet(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read every sheet of a workbook as what it brings; sheets that describe survey items go with their answers.

    Raises StudyError for a sheet that holds nothing a study has a place for, naming what would be one.
    """
    held = read_sheets(path)
    frames = {title: each.frame for title, each in held.items()}
    if all(frame.empty for frame in frames.values()):
        raise StudyError(f"{path.name}: has headings but no row under them.")
    described = next((title for title, frame in frames.items() if is_items(frame)), None)
    items = {row["item_id"]: row for row in item_rows(frames.get(described), path.stem)}
    sheets = [
        Sheet(
            *(each.frame, {}, _name(path, title, len(held)), path.stem, items),
            *(each.labels, each.options, each.scales),
        )
        for title, each in held.items()
        if title != described
    ]
    if not sheets:
        return [items_sheet(Sheet(frames[described], {}, path.name, path.stem, items))]
    return [imported for sheet in sheets for imported in read_sheet(sheet, maps)]


def _name(path: Path, title: str, n_sheets: int) -> str:
    return path.name if n_sheets == 1 else f"{path.name}, {title}"


def read_sheet(sheet: Sheet, maps: list[str]) -> list[ImportedFile]:
    """Read one sheet by the kind that its columns show it to be; of a survey each wave that a column names."""
    sheet = replace(sheet, fields=column_fields(sheet.frame, maps, sheet.name))
    has = set(sheet.fields.values())
    kind, read = next(((kind, read) for kind, read, fits in SHEETS if fits(sheet, has)), ("", _unknown))
    parts = list(waves_of(sheet)) if kind == "answers" else [("", sheet)]
    shown = "; ".join(f"{column} = {field or 'attribute'}" for column, field in _mapping(sheet, kind).items())
    n, left_out = len(sheet.fields), list(sheet.fields.values()).count("leave out")
    told = Line("columns", n, n - left_out, f"read as {kind}: {shown}")
    found = [of_wave(read(part), wave) for wave, part in parts]
    return [replace(imported, account=(told, *imported.account)) for imported in found]


def _each_is(sheet: Sheet, *keys: str) -> bool:
    return any(not is_unsure(sheet.frame, sheet.fields, key) for key in keys)


def _mapping(sheet: Sheet, kind: str) -> dict[str, str]:
    if kind == "a matrix of counts":
        return {"first column": "code", "other columns": "interview"}
    return dict(sheet.fields) | (kinds_of_columns(with_choices(sheet)) if kind == "answers" else {})


def _unknown(sheet: Sheet) -> ImportedFile:
    raise StudyError(
        f"{sheet.name}: its columns show neither people (participant), interviews (interview), a codebook (code, definition), "
        "coded segments (text, code), coded responses (text and a column a theme) nor survey answers; "
        f"say what they are with --map column=field. {asked_about(sheet.frame, sheet.fields)}"
    )


def _asks(sheet: Sheet) -> bool:
    return CLOSED in kinds_of_columns(with_choices(sheet)).values()
