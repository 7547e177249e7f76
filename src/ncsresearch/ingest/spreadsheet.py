"""Evidence kept in workbooks and delimited files: each sheet read by the kind that its columns show it to be."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.adjudication import read_adjudication
from ncsresearch.ingest.column_fields import SPEAKS, column_fields, personal_columns, personal_line
from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.framework_matrix import read_framework_matrix
from ncsresearch.ingest.guessed_fields import (
    CODED,
    as_people,
    asked_about,
    has_no_evidence,
    has_words,
    hint_of,
    is_unsure,
    of_a_list,
)
from ncsresearch.ingest.imported_file import ImportedFile, Line, all_kept, few, same_words
from ncsresearch.ingest.measure_columns import measure_fields
from ncsresearch.ingest.nvivo_matrix import (
    CLASSIFIED,
    COUNTS,
    SUMMARIES,
    cases_down,
    classified_sheet,
    matrix_kind,
    matrix_sheet,
    summaries_sheet,
)
from ncsresearch.ingest.recognised_speech import is_speech_table
from ncsresearch.ingest.sheet import WORDS, Sheet, areas_sheet, interviews_sheet, people_sheet
from ncsresearch.ingest.sheet_answers import (
    CLOSED,
    OPEN,
    answers_sheet,
    is_items,
    item_rows,
    items_sheet,
    kinds_of_columns,
    who_line,
    with_choices,
)
from ncsresearch.ingest.sheet_coding import (
    codebook_sheet,
    responses_sheet,
    segments_sheet,
    tick_columns,
    with_themes,
)
from ncsresearch.ingest.sheet_measures import measures_sheet
from ncsresearch.ingest.sheet_plan import plan_fields, plan_sheet
from ncsresearch.ingest.survey_doubts import with_respondents
from ncsresearch.ingest.survey_waves import of_wave, waves_of, with_waves
from ncsresearch.ingest.transcript import read_transcript_file
from ncsresearch.ingest.value_labels import in_words, value_labels
from ncsresearch.ingest.workbook import read_sheets
from ncsresearch.schema import StudyError

MEASURES, PLAN = "measures", "an action plan"
UNREAD = {MEASURES: "not read", PLAN: "note"}  # what a column of no field is in these
OF_EVIDENCE = {"interview", "question", "wave", "theme column"}


def _refuse_conversation(sheet: Sheet) -> ImportedFile:
    who = next((f"--map {column!r}=participant" for column in sheet.frame if plain(column) in SPEAKS), "")
    raise StudyError(
        f"{sheet.name}: looks like a transcript, a turn a row, and no table is read as one. Save it as .txt or .docx, "
        f"a line a turn, such as 'Ana: It is late.'{f'; if each row is a passage that somebody said: {who}' * bool(who)}."
    )


# what a sheet may be, the reader of it, and how its columns show it; the first that fits is taken
SHEETS: tuple[tuple[str, Callable[[Sheet], ImportedFile], Callable[[Sheet, set[str]], object]], ...] = (
    ("answers", answers_sheet, lambda sheet, has: set(sheet.items) & set(sheet.frame)),
    (MEASURES, measures_sheet, lambda sheet, has: not _of_people(sheet, has) and measure_fields(sheet)),
    (PLAN, plan_sheet, lambda sheet, has: not _of_people(sheet, has) and plan_fields(sheet)),
    (COUNTS, matrix_sheet, lambda sheet, has: matrix_kind(sheet) == COUNTS),
    (SUMMARIES, summaries_sheet, lambda sheet, has: matrix_kind(sheet) == SUMMARIES),
    (CLASSIFIED, classified_sheet, lambda sheet, has: matrix_kind(sheet) == CLASSIFIED),
    ("a transcript", _refuse_conversation, lambda sheet, has: _is_conversation(sheet, has)),
    ("coded segments", segments_sheet, lambda sheet, has: "text" in has and has & {"code", "code path"}),
    ("a codebook", codebook_sheet, lambda sheet, has: _names_codes(sheet, has)),
    (
        "responses coded by column",
        responses_sheet,
        lambda sheet, has: "text" in has and _are_said(sheet, has),
    ),
    ("answers", answers_sheet, lambda sheet, has: _asks(sheet)),
    ("people", people_sheet, lambda sheet, has: "participant" in has and not _has_codes(sheet, has)),
    (
        "interviews",
        interviews_sheet,
        lambda sheet, has: not _has_codes(sheet, has) and _each_is(sheet, *has & {"interview", "document"}),
    ),
    ("areas", areas_sheet, lambda sheet, has: "area type" in has and _each_is(sheet, *has & {"area"})),
)
BOOKS = (".xlsx", ".xlsm", ".csv", ".tsv", ".xls", ".xlsb", ".ods")
OURS = (".xlsx", ".xlsm")  # what we write is saved as
COUNTED = re.compile(r"\s*\(\d+-\d+\)$")  # how many answers Microsoft Forms has behind a file's name
OF_CODES = {"code", "code path", "category", "coder", "stance", "theme column"}
SAID_IN = ("coded segments", "responses coded by column")  # kinds of sheets of passages
OF_TURNS, CLOCKS = {"text", "start", "end", "document", "leave out"}, re.compile(r"[\d:.,> -]+")
REMARK = re.compile(r"comments?|response")
NUMBERED = re.compile(r"id|ref|reference|no|nr|number|item")
PASS_OVER = " To pass over a sheet, say --map COLUMN='leave out' of each of its columns."
PLACE = "area, area type, group"
SAID = "participant, document, interview, text, segment, start, end, item, client group, theme column"
JUDGED = "code, code path, category, stance, coder, note, about client group, about area type"
# the fields that each kind has a use for; a column of another field is kept as an attribute
USES = {
    "answers": f"participant, {PLACE}, item, question, text, wave, client group",
    "coded segments": f"{SAID}, {PLACE}, {JUDGED}",
    "responses coded by column": f"{SAID}, {PLACE}",
    "people": f"participant, note, interview, document, {PLACE}, client group",
    "interviews": f"interview, document, mode, number, note, {PLACE}, client group",
    "areas": "area, area type, classification, client group",
}
OF_PEOPLE = {"answers", "people", "interviews", "responses coded by column", "coded segments", PLAN}


def read_workbook(path: Path, maps: list[str]) -> list[ImportedFile]:
    """Read a workbook or delimited file: an edited framework matrix, settled disagreements, or sheets of any kind; its faults name the file."""
    if is_speech_table(path):
        return [read_transcript_file(path, maps)]
    try:
        held = read_sheets(path)
        ours = {title: sheet.frame for title, sheet in held.items() if path.suffix.lower() in OURS}
        found = read_framework_matrix(path.name, ours) or read_adjudication(path.name, ours)
        return found or _read_spreadsheet(path, held, maps)
    except StudyError as error:
        named = str(error).startswith(path.name)
        raise type(error)(str(error) if named else f"{path.name}: {error}") from None


def people_columns(path: Path, people: Collection[str]) -> list[str]:
    """Return the --map lines for columns of a workbook that may name who speaks, by their heading, and name people who are known alone."""
    if path.suffix.lower() not in BOOKS:
        return []
    found = []
    for sheet in read_sheets(path).values():
        cells = {name: sheet.frame[name].dropna() for name in sheet.frame if hint_of(name) == "participant"}
        named = [
            name for name, each in cells.items() if len(each) and each.map(same_words).isin(people).all()
        ]
        found += [f"{name}=participant" for name in named if len(named) == 1]
    return found


def _read_spreadsheet(path: Path, held: Mapping[str, Sheet], maps: list[str]) -> list[ImportedFile]:
    """Read every sheet of a workbook as what it brings; sheets that describe survey items go with their answers.

    Raises StudyError for a sheet that holds nothing a study has a place for, naming what would be one.
    """
    frames = {title: each.frame for title, each in held.items()}
    if all(frame.empty for frame in frames.values()):
        raise StudyError(f"{path.name}: has headings but no row under them.")
    stem = COUNTED.sub("", path.stem)
    labels = next((title for title, frame in frames.items() if _describes(frame, title, frames)), None)
    if [*frames] == [labels]:
        raise StudyError(
            f"{path.name}: says what the numbers of answers stand for, expected on a sheet of the workbook that has the answers."
        )
    if labels:
        held = {title: in_words(sheet, frames[labels]) for title, sheet in held.items() if title != labels}
        frames = {title: each.frame for title, each in held.items()}
    described = next((title for title, frame in frames.items() if is_items(frame)), None)
    items = {row["item_id"]: row for row in item_rows(frames.get(described), stem)}
    name = f"{stem}{path.suffix}"
    sheets = [
        replace(sheet, name=name if len(held) == 1 else f"{name}, {title}", stem=stem, items=items)
        for title, sheet in held.items()
        if title != described
    ]
    if not sheets:
        return [items_sheet(Sheet(frames[described], {}, name, stem, items))]
    sheets = [replace(sheet, fields=column_fields(sheet.frame, maps, sheet.name)) for sheet in sheets]
    unsure = [_kind_of(sheet)[0] in ("", "interviews") for sheet in sheets]
    sheets = [
        (as_people(sheet) if asked else None) or sheet for sheet, asked in zip(sheets, unsure, strict=True)
    ]
    kinds = [(sheet, *_kind_of(sheet)) for sheet in sheets]
    unknown = [sheet for sheet, kind, _ in kinds if not kind]
    over = [sheet.name for sheet in unknown if len(unknown) < len(kinds) and has_no_evidence(sheet)]
    _refuse_unknown([sheet for sheet in unknown if sheet.name not in over], several=len(kinds) > 1)
    read = [imported for each in kinds if each[1] for imported in _read_sheet(*each)]
    lines = [Line("sheet of notes", len(over), 0, f"not read: {', '.join(over)}")] * bool(over)
    lines += [_alike_line([sheet for sheet, kind, _ in kinds if kind in SAID_IN])]
    return [replace(read[0], account=(*read[0].account, *filter(None, lines))), *read[1:]]


def _alike_line(sheets: Sequence[Sheet]) -> Line | None:
    """Return the line on sheets of passages with the same headings, whose names may say what no column does."""
    if len(sheets) < 2 or any(list(sheet.frame) != list(sheets[0].frame) for sheet in sheets):
        return None
    lacks = [
        field for field in ("code", "participant", "document", "coder") if field not in sheets[0].column_of
    ]
    how = "their names are not read; where a name is the {} of its rows, write it in a column of its own"
    lacks = ["file" if field == "document" else field for field in lacks]
    titles = few(sheet.name.rpartition(", ")[2] for sheet in sheets)
    return (
        Line("sheet of passages", len(sheets), len(sheets), f"{titles}: {how.format(' or the '.join(lacks))}")
        if lacks
        else None
    )


def _describes(frame: pd.DataFrame, title: str, frames: Mapping[str, pd.DataFrame]) -> bool:
    """Whether a sheet has the words of answers to questions that are columns of another, where there is one."""
    others = {plain(name) for other, each in frames.items() if other != title for name in each}
    asked = {*map(plain, value_labels(frame))}
    return bool(asked and (not others or asked & others))


def _of_people(sheet: Sheet, has: set[str]) -> bool:
    """Whether a sheet has people, passages, files or questions: ids that each row has its own of are none of them, nor is a source."""
    person, text = (plain(sheet.column_of.get(field, "")) for field in ("participant", "text"))
    said = text and not REMARK.fullmatch(text)
    ids = sheet.frame.get(sheet.column_of.get("participant"), pd.Series(dtype="str"))
    people = person and (not NUMBERED.fullmatch(person) or ids.duplicated().any())
    files = plain(sheet.column_of.get("document", "source")) != "source"
    return bool(has & OF_EVIDENCE or said or people or files)


def _kind_of(sheet: Sheet) -> tuple[str, Callable[[Sheet], ImportedFile] | None]:
    has = set(sheet.fields.values())
    return next(((kind, read) for kind, read, fits in SHEETS if fits(sheet, has)), ("", None))


def _read_sheet(sheet: Sheet, kind: str, read: Callable[[Sheet], ImportedFile]) -> list[ImportedFile]:
    """Read one sheet as a kind, without what names a person; of a survey each wave that a column names."""
    sheet = _with_uses(with_themes(sheet) if read is responses_sheet else sheet, kind)
    personal = personal_columns(sheet.fields, sheet.labels, sheet.frame) if kind in OF_PEOPLE else []
    sheet = replace(sheet, fields=dict(sheet.fields) | dict.fromkeys(personal, "leave out"))
    sheet = _with_questions(with_waves(with_respondents(sheet))) if kind == "answers" else sheet
    parts = list(waves_of(sheet)) if kind == "answers" else [("", sheet)]
    shown = "; ".join(f"{column} = {field or 'attribute'}" for column, field in _mapping(sheet, kind).items())
    n, left_out = len(sheet.fields), list(sheet.fields.values()).count("leave out")
    told = Line("columns", n, n - left_out, f"read as {kind}: {shown}")
    unread = [column for column, meant in sheet.fields.items() if not meant] if kind == "people" else []
    who = who_line(sheet, unread, "column on people")
    beside = *sheet.beside, *personal_line(personal), *[who][: who.in_file]
    beside += tuple(_written_line(sheet, unread))
    found = (of_wave(read(part), wave) for wave, part in parts)
    return [replace(imported, account=(told, *imported.account, *beside)) for imported in found]


def _with_questions(sheet: Sheet) -> Sheet:
    """Return a survey in waves whose questions are those of all waves together, also in one where everybody answers the same."""
    if "wave" not in sheet.fields.values():
        return sheet
    kinds = kinds_of_columns(with_choices(sheet))
    asked = [name for name, kind in kinds.items() if kind == CLOSED and name in sheet.frame]
    return replace(sheet, fields={**sheet.fields, **dict.fromkeys(asked, "question")})


def _written_line(sheet: Sheet, unread: Collection[str]) -> Iterator[Line]:
    """Yield the line on columns of sentences in a list of people, which may be answers of theirs, or summaries of what they said."""
    in_words = [*unread] if len(unread) > 1 and all(has_words(sheet.frame[name]) for name in unread) else []
    if written := in_words or [name for name in unread if name in sheet.written]:
        lines = (
            " ".join(f"--map {f'{name}={meant}'!r}" for name in written)
            for meant in ("question", "theme column")
        )
        how = "kept as attributes; if they are answers: {}; if summaries of what was said on a theme: {}"
        yield all_kept("column of words on people", len(written), how.format(*lines))


def _with_uses(sheet: Sheet, kind: str) -> Sheet:
    """Return a sheet in which a column of a field that its kind has no use for is an attribute."""
    used = USES.get(kind, "").split(", ")
    if kind == "responses coded by column" and "theme column" in sheet.fields.values():
        used += JUDGED.split(", ")[2:]
    if kind == "people" and {"interview", "document"} & set(sheet.fields.values()):
        used += ["mode", "number"]
    used += ["attribute", "leave out"]
    kept = {column: meant if meant in used else "" for column, meant in sheet.fields.items()}
    return replace(sheet, fields=kept) if kind in USES else sheet


def _is_conversation(sheet: Sheet, has: set[str]) -> bool:
    """Whether each row is a turn: who speaks, or its start and end, and words; beside them numbers and times alone."""
    rest = [column for column in sheet.frame if sheet.fields[column] not in OF_TURNS]
    speaks = [column for column in rest if plain(column) in SPEAKS and not sheet.fields[column]]
    cells = sheet.frame[[column for column in rest if column not in speaks]].stack().dropna()
    said = "text" in has and not has & OF_CODES and not REMARK.fullmatch(plain(sheet.column_of["text"]))
    alone = cells.map(CLOCKS.fullmatch).notna().all() and not tick_columns(sheet)
    return bool(said and alone and (speaks or {"start", "end"} <= has))


def _names_codes(sheet: Sheet, has: set[str]) -> bool:
    """Whether a sheet has a code a row with more than its name, and nobody who says something."""
    if not has & {"definition", "include", "exclude", "parent"}:
        return False
    columns = [column for column, meant in sheet.fields.items() if meant in ("code", "code id", "parent")]
    named = "code" in has and not has & {"participant", "interview", "document"}
    return named and not sheet.frame[columns].dropna(how="all").duplicated().any()


def _are_said(sheet: Sheet, has: set[str]) -> bool:
    """Whether the text of each row is said by somebody: there are columns of ticks, or people without questions and remarks."""
    return bool(tick_columns(sheet)) or ("participant" in has and not _asks(sheet) and not _remarks(sheet))


def _has_codes(sheet: Sheet, has: set[str]) -> bool:
    """Whether a sheet has codes, coders or stances beside words that no heading calls the text, or codes or coders and no list of people or interviews with more on each."""
    unread = [column for column, meant in sheet.fields.items() if not meant]
    hints = {column: hint_of(column) for column in unread}
    said = any(hint == "text" or (not hint and has_words(sheet.frame[name])) for name, hint in hints.items())
    written = said or any(column in sheet.written for column in unread)
    keys = [sheet.column_of[field] for field in ("participant", "interview", "document") if field in has]
    listed = any(sheet.frame[key].dropna().is_unique for key in keys)
    is_list = listed and any(
        meant not in CODED for column, meant in sheet.fields.items() if column != keys[0]
    )
    return bool((has & CODED and (said or not is_list)) or ("stance" in has and written))


def _remarks(sheet: Sheet) -> bool:
    """Whether the text of a sheet is a remark on each of its people: a short comment, beside columns of their own."""
    text, person = (sheet.column_of[field] for field in ("text", "participant"))
    told = sheet.frame[text].dropna()
    short = told.str.count(r"\s").mean() <= WORDS
    of_people = sheet.frame[person].dropna().is_unique and len(sheet.fields) > 2
    return plain(text) == "comment" and bool(short) and of_people


def _each_is(sheet: Sheet, *keys: str) -> bool:
    return any(not is_unsure(sheet, key) for key in keys)


def _mapping(sheet: Sheet, kind: str) -> dict[str, str]:
    if kind in (MEASURES, PLAN):
        fields = measure_fields(sheet) if kind == MEASURES else plan_fields(sheet)
        return {name: field or UNREAD[kind] for name, field in fields.items()}
    if kind in (COUNTS, SUMMARIES, CLASSIFIED):
        rows = "code" if kind == COUNTS and not cases_down(sheet) else "case"
        others = "attribute" if kind == CLASSIFIED else {"case": "code", "code": "case"}[rows]
        return {"first column": rows, "other columns": others}
    joined = with_choices(sheet) if kind == "answers" else sheet
    return dict(joined.fields) | (kinds_of_columns(joined) if kind == "answers" else {})


def _refuse_unknown(sheets: list[Sheet], *, several: bool) -> None:
    """Raise StudyError for sheets that are of no kind, with what each column may be."""
    if sheets:
        raise StudyError(
            f"{'; '.join(sheet.name for sheet in sheets)}: {'its' if len(sheets) == 1 else 'their'} columns show neither people (participant), interviews (interview), "
            "a codebook (code, definition), coded segments (text, code), coded responses (text and a column a theme), measures (measure, "
            f"period, value), actions (action, owner) nor survey answers; say what they are with --map column=field. {asked_about(sheets)}{PASS_OVER * several}"
        )


def _asks(sheet: Sheet) -> bool:
    whole = with_choices(sheet)
    kinds = kinds_of_columns(whole)
    asked = [name for name, kind in kinds.items() if kind == CLOSED or (kind == OPEN and "?" in name)]
    return "question" in sheet.fields.values() or not all(of_a_list(whole, column) for column in asked)
