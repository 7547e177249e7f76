"""Evidence kept in workbooks and delimited files: each sheet read by the kind that its columns show it to be."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ncsresearch.ingest.adjudication import read_adjudication
from ncsresearch.ingest.column_fields import column_fields, personal_columns
from ncsresearch.ingest.framework_matrix import read_framework_matrix
from ncsresearch.ingest.guessed_fields import asked_about, is_unsure
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
        lambda sheet, has: (
            "text" in has and (tick_columns(sheet) or ("participant" in has and not _asks(sheet)))
        ),
    ),
    ("answers", answers_sheet, lambda sheet, has: _asks(sheet)),
    ("people", people_sheet, lambda sheet, has: "participant" in has),
    ("interviews", interviews_sheet, lambda sheet, has: _each_is(sheet, *has & {"interview", "document"})),
    ("areas", areas_sheet, lambda sheet, has: "area type" in has and _each_is(sheet, *has & {"area"})),
)
COUNTED = re.compile(
    r"\s*\(\d+-\d+\)$"
)  # how many answers Microsoft Forms has at the end of a file's name: no part of it
OF_PEOPLE = {"answers", "people", "interviews", "responses coded by column", "coded segments"}


def read_workbook(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read a workbook or delimited file: an edited framework matrix, settled disagreements, or sheets of any kind; its faults name the file."""
    try:
        return read_framework_matrix(path) or read_adjudication(path) or read_spreadsheet(path, maps)
    except StudyError as error:
        named = str(error).startswith(path.name)
        raise type(error)(str(error) if named else f"{path.name}: {error}") from None


def read_spreadsheet(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read every sheet of a workbook as what it brings; sheets that describe survey items go with their answers.

    Raises StudyError for a sheet that holds nothing a study has a place for, naming what would be one.
    """
    held = read_sheets(path)
    frames = {title: each.frame for title, each in held.items()}
    if all(frame.empty for frame in frames.values()):
        raise StudyError(f"{path.name}: has headings but no row under them.")
    stem = COUNTED.sub("", path.stem)
    described = next((title for title, frame in frames.items() if is_items(frame)), None)
    items = {row["item_id"]: row for row in item_rows(frames.get(described), stem)}
    sheets = [
        Sheet(
            *(each.frame, {}, _name(f"{stem}{path.suffix}", title, len(held)), stem, items),
            *(each.labels, each.options, each.scales),
        )
        for title, each in held.items()
        if title != described
    ]
    if not sheets:
        return [items_sheet(Sheet(frames[described], {}, f"{stem}{path.suffix}", stem, items))]
    sheets = [replace(sheet, fields=column_fields(sheet.frame, maps, sheet.name)) for sheet in sheets]
    kinds = [_kind_of(sheet) for sheet in sheets]
    _refuse_unknown([sheet for sheet, (kind, _) in zip(sheets, kinds, strict=True) if not kind])
    return [
        imported
        for sheet, (kind, read) in zip(sheets, kinds, strict=True)
        for imported in _read_sheet(sheet, kind, read)
    ]


def _name(name: str, title: str, n_sheets: int) -> str:
    return name if n_sheets == 1 else f"{name}, {title}"


def _kind_of(sheet: Sheet) -> tuple[str, Callable[[Sheet], ImportedFile] | None]:
    has = set(sheet.fields.values())
    return next(((kind, read) for kind, read, fits in SHEETS if fits(sheet, has)), ("", None))


def _read_sheet(sheet: Sheet, kind: str, read: Callable[[Sheet], ImportedFile]) -> list[ImportedFile]:
    """Read one sheet as a kind, without what names a person; of a survey each wave that a column names."""
    personal = personal_columns(sheet.fields) if kind in OF_PEOPLE else []
    personal = [column for column in personal if column not in tick_columns(sheet)]
    sheet = replace(sheet, fields=dict(sheet.fields) | dict.fromkeys(personal, "leave out"))
    parts = list(waves_of(sheet)) if kind == "answers" else [("", sheet)]
    shown = "; ".join(f"{column} = {field or 'attribute'}" for column, field in _mapping(sheet, kind).items())
    n, left_out = len(sheet.fields), list(sheet.fields.values()).count("leave out")
    told = Line("columns", n, n - left_out, f"read as {kind}: {shown}")
    left = [Line("personal column", len(personal), 0, "left out; to keep one: --map column=attribute")]
    found = [of_wave(read(part), wave) for wave, part in parts]
    return [
        replace(imported, account=(told, *imported.account, *left[: len(personal)])) for imported in found
    ]


def _each_is(sheet: Sheet, *keys: str) -> bool:
    return any(not is_unsure(sheet, key) for key in keys)


def _mapping(sheet: Sheet, kind: str) -> dict[str, str]:
    if kind == "a matrix of counts":
        return {"first column": "code", "other columns": "interview"}
    return dict(sheet.fields) | (kinds_of_columns(with_choices(sheet)) if kind == "answers" else {})


def _refuse_unknown(sheets: list[Sheet]) -> None:
    """Raise StudyError for sheets that are of no kind, with what each column may be."""
    if sheets:
        raise StudyError(
            f"{'; '.join(sheet.name for sheet in sheets)}: {'its' if len(sheets) == 1 else 'their'} columns show neither people (participant), interviews (interview), "
            "a codebook (code, definition), coded segments (text, code), coded responses (text and a column a theme) nor survey "
            f"answers; say what they are with --map column=field. {asked_about(sheets)}"
        )


def _asks(sheet: Sheet) -> bool:
    return CLOSED in kinds_of_columns(with_choices(sheet)).values()
