"""Evidence kept in workbooks and delimited files: people, codebooks, coded segments, matrices, survey answers."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.fields import area_type_of, field_of, given_fields, plain, stance_of
from ncsresearch.ingest.incoming import Incoming, Line, rows, slug
from ncsresearch.ingest.transcript import GUESSES, person_of
from ncsresearch.ingest.workbook import read_sheets
from ncsresearch.schema import StudyError

QUESTION = re.compile(r"\?$|^q(uestion)?[ _.]?\d+|\bq\d+\b|^item[ _]?\d+", re.IGNORECASE)
TICKS = {"0", "1", "x", "✓", "✔", "yes", "no", "true", "false", "y", "n", ""}
TICKED = {"1", "x", "✓", "✔", "yes", "true", "y"}
SEVERAL = re.compile(r"\s*[;|]\s*")
MATRIX_ROW = re.compile(r"^\d+\s*:\s*(.+)$")
MATRIX_COLUMN = re.compile(r"^[A-Z]+\s*:\s*(.+)$")
LONGEST_WORD = 20
AREA_COLUMNS = (
    "classification",
    "gss_code",
    "population",
    "population_year",
    "case_study",
    "report",
    "notes",
)
PERSON_ATTRIBUTE_FIELDS = ("client group",)


def read_spreadsheet(path: Path, maps: list[str]) -> list[Incoming]:
    """Read every sheet of a workbook as what it brings; sheets that describe survey items go with their answers.

    Raises StudyError for a sheet that holds nothing a study has a place for, naming what would be one.
    """
    sheets = read_sheets(path)
    if all(frame.empty for frame in sheets.values()):
        raise StudyError(f"{path.name}: has headings but no row under them.")
    items = next((frame for title, frame in sheets.items() if _is_items(frame)), None)
    found = []
    for title, frame in sheets.items():
        if items is not None and frame is items:
            continue
        name = path.name if len(sheets) == 1 else f"{path.name}, {title}"
        found.append(read_sheet(frame, name, path.stem, maps, items))
    if not found and items is not None:
        found = [_survey_items(items, path.name, path.stem)]
    return found


def read_sheet(frame: pd.DataFrame, name: str, stem: str, maps: list[str], items=None) -> Incoming:
    """Read one sheet by the kind that its columns show it to be."""
    given = given_fields(maps, list(frame), name)
    fields = {column: field_of(column, given) for column in frame}
    kind, reader = _kind(frame, fields, items, name)
    incoming = (
        reader(frame, fields, name, stem) if kind != "answers" else _answers(frame, fields, name, stem, items)
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
    return replace(incoming, account=(told, *incoming.account))


def _mapping(frame, fields: dict[str, str], kind: str) -> dict[str, str]:
    if kind == "a matrix of counts":
        return {"first column": "code", "other columns": "interview"}
    if kind == "answers":
        return {column: fields[column] or _answer_kind(frame[column], column) for column in frame}
    return fields


def _kind(
    frame: pd.DataFrame, fields: dict[str, str], items: pd.DataFrame | None, name: str
) -> tuple[str, Callable]:
    has = set(fields.values())
    if {record["item_id"] for record in _item_rows(items, "")} & set(frame):
        return "answers", _answers
    if _is_matrix(frame):
        return "a matrix of counts", _matrix
    if {"text", "code"} <= has:
        return "coded segments", _coded_segments
    if "code" in has and has & {"definition", "include", "exclude", "parent"}:
        return "a codebook", _codebook
    if "text" in has and (_tick_columns(frame, fields) or "participant" in has):
        return "responses coded by column", _responses
    if any(_answer_kind(frame[column], column) == "question" for column in frame if not fields[column]):
        return "answers", _answers
    if "participant" in has:
        return "people", _people
    if "interview" in has or "document" in has:
        return "interviews", _interviews
    if {"area", "area type"} <= has:
        return "areas", _areas
    raise StudyError(
        f"{name}: its columns show neither people (participant), interviews (interview), a codebook (code, definition), "
        "coded segments (text, code), coded responses (text and a column a theme) nor survey answers; "
        "say what they are with --map column=field."
    )


# people and interviews


def _people(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    people, meetings, interviews, areas, attributes = [], [], [], [], []
    for row in frame.to_dict("records"):
        told = _told(row, fields)
        person = told.get("participant")
        if not person:
            continue
        people.append(
            {
                "participant_id": person,
                "area_id": told.get("area"),
                "participant_group": told.get("group"),
                "notes": told.get("note"),
            }
        )
        areas += _area(told)
        for interview in SEVERAL.split(told["interview"]) if told.get("interview") else []:
            meetings.append({"interview_id": interview, "participant_id": person})
            interviews.append(
                {
                    "interview_id": interview,
                    "area_id": told.get("area"),
                    "participant_group": told.get("group"),
                    "mode": _mode(told),
                    "number": told.get("number"),
                    "document_id": told.get("document"),
                }
            )
        attributes += _attributes("participants", person, row, fields, PERSON_ATTRIBUTE_FIELDS)
    left = len(frame) - len(people)
    return _incoming(
        name,
        {
            "areas": areas,
            "interviews": interviews,
            "participants": people,
            "attendances": meetings,
            "attributes": attributes,
        },
        (
            Line("person", len(frame), len(people), f"{left} rows without a name" if left else ""),
            Line("attribute", len(attributes), len(attributes)),
        ),
    )


def _interviews(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    interviews, areas, attributes = [], [], []
    for row in frame.to_dict("records"):
        told = _told(row, fields)
        key = told.get("interview") or told.get("document")
        if not key:
            continue
        interviews.append(
            {
                "interview_id": key,
                "area_id": told.get("area"),
                "participant_group": told.get("group"),
                "mode": _mode(told),
                "number": told.get("number"),
                "document_id": told.get("document"),
                "notes": told.get("note"),
            }
        )
        areas += _area(told)
        attributes += _attributes("interviews", key, row, fields, ())
    return _incoming(
        name,
        {"areas": areas, "interviews": interviews, "attributes": attributes},
        (Line("interview", len(frame), len(interviews)), Line("attribute", len(attributes), len(attributes))),
    )


def _told(row: dict, fields: dict[str, str]) -> dict[str, str]:
    return {field: str(row[column]) for column, field in fields.items() if field and not pd.isna(row[column])}


def _mode(told: dict[str, str]) -> str | None:
    mode = (
        told.get("mode", "").lower().replace("one to one", "one-to-one").replace("individual", "one-to-one")
    )
    return mode if mode in ("one-to-one", "paired", "group") else None


def _area(told: dict[str, str]) -> list[dict]:
    if not told.get("area"):
        return []
    kind = area_type_of(told.get("area type", ""))
    return [
        {
            "area_id": told["area"],
            "name": told["area"],
            "area_type": kind or None,
            "classification": None if kind else told.get("area type"),
        }
    ]


def _attributes(owner: str, key: str, row: dict, fields: dict[str, str], also: tuple[str, ...]) -> list[dict]:
    """Every column that no other table has a place for, several values divided by semicolons."""
    known = ("", "attribute", *also)
    return [
        {
            "owner": owner,
            "owner_id": key,
            "name": fields[column] if fields[column] in also else column,
            "value": value,
        }
        for column, cell in row.items()
        if fields[column] in known and not pd.isna(cell)
        for value in SEVERAL.split(str(cell))
        if value
    ]


def _areas(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    areas, attributes = [], []
    own = {column: plain(column).replace(" ", "_") for column in frame}
    known = {column: field for column, field in own.items() if field in AREA_COLUMNS}
    for row in frame.to_dict("records"):
        told = _told(row, fields)
        record = {
            column: None if pd.isna(row[heading]) else row[heading] for heading, column in known.items()
        }
        areas += [each | record for each in _area(told)]
        rest = {heading: cell for heading, cell in row.items() if heading not in known}
        attributes += _attributes("areas", told.get("area", ""), rest, fields, ())
    told = Line("area", len(frame), len(areas)), Line("attribute", len(attributes), len(attributes))
    return _incoming(name, {"areas": areas, "attributes": attributes}, told)


# codebooks and coded segments


def _codebook(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    """Codes, one a row; the code above may be told by its id or its label."""
    told = [_told(row, fields) for row in frame.to_dict("records")]
    told = [row for row in told if row.get("code")]
    ids = {row["code"]: row.get("code id") or row["code"] for row in told}
    kept = ("definition", "include", "exclude", "facet", "colour")
    codes = [
        {
            "code_id": ids[row["code"]],
            "label": row["code"],
            "parent_id": ids.get(row.get("parent"), row.get("parent")),
        }
        | {"notes": row.get("note")}
        | {key: row.get(key) for key in kept}
        for row in told
    ]
    wishes = {"codebook": {row["code id"]: row["code id"] for row in told if row.get("code id")}}
    account = (Line("code", len(frame), len(codes)),)
    return replace(_incoming(name, {"codebook": codes}, account), wishes=wishes)


def _coded_segments(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    """Long form: one row per coded segment, several codes divided by semicolons."""
    builder = CodedRows(stem)
    for number, row in enumerate(frame.to_dict("records"), start=1):
        builder.add(_told(row, fields), number, row, fields)
    return builder.incoming(name, len(frame))


class CodedRows:
    """Gathers coded segments row by row; a class, because a segment may fill several rows."""

    def __init__(self, stem: str):
        self.stem = stem
        self.segments: dict[str, dict] = {}
        self.codes: dict[str, dict] = {}
        self.codings: list[dict] = []
        self.people: dict[str, dict] = {}
        self.documents: dict[str, dict] = {}
        self.interviews: dict[str, dict] = {}
        self.attributes: list[dict] = []
        self.areas: list[dict] = []
        self.skipped = 0
        self.strange: set[str] = set()

    def add(self, told: dict[str, str], number: int, row: dict, fields: dict[str, str]) -> None:
        """Take one row: its segment, its codes, and what it says of who spoke."""
        if not told.get("text"):
            self.skipped += 1
            return
        document = told.get("document") or told.get("interview") or told.get("participant") or self.stem
        key = told.get("segment") or f"{document}/{told['text']}"
        key = f"{document}/{key}" if told.get("segment") and told.get("document") else key
        self._who(document, told)
        kind = "response" if "document" not in told and "interview" not in told else "passage"
        self.segments.setdefault(
            key,
            {
                "segment_id": key,
                "document_id": document,
                "kind": kind,
                "read_by": "reader",
                "text": told["text"],
                "ordinal": str(len(self.segments) + 1),
                "participant_id": told.get("participant"),
                "section": told.get("item"),
            },
        )
        for code in self._codes_of(told):
            self._judge(key, code, told)
        owner = (
            ("interviews", document) if "participant" not in told else ("participants", told["participant"])
        )
        if owner[0] == "participants" or document in self.interviews:
            self.attributes += _attributes(
                *owner, row, fields, PERSON_ATTRIBUTE_FIELDS if owner[0] == "participants" else ()
            )
        else:
            self.attributes += _attributes("segments", key, row, fields, ())

    def _codes_of(self, told: dict[str, str]) -> list[str]:
        codes = [code for code in SEVERAL.split(told.get("code path") or told.get("code", "")) if code]
        for code in codes:
            parts = [part.strip() for part in re.split(r"\s*(?:::|>| / |\\)\s*", code)]
            for depth in range(1, len(parts) + 1):
                path, above = " > ".join(parts[:depth]), " > ".join(parts[: depth - 1])
                self.codes.setdefault(
                    path, {"code_id": path, "label": parts[depth - 1], "parent_id": above or None}
                )
        return [
            " > ".join(part.strip() for part in re.split(r"\s*(?:::|>| / |\\)\s*", code)) for code in codes
        ]

    def _judge(self, segment: str, code: str, told: dict[str, str]) -> None:
        stance = stance_of(told["stance"]) if told.get("stance") else ""
        if told.get("stance") and not stance:
            self.strange.add(told["stance"] if len(told["stance"]) <= LONGEST_WORD else "longer words")
        record = {
            "coding_id": f"{segment}/{code}/{told.get('coder', '')}/{told.get('about client group', '')}",
            "unit": "segments",
            "unit_id": segment,
            "code_id": code,
        }
        record |= {"stance": stance, "coder": told.get("coder") or "not stated", "notes": told.get("note")}
        record |= {
            "about_client_group": told.get("about client group"),
            "about_area_type": area_type_of(told.get("about area type", "")) or None,
        }
        repeat = sum(
            each["coding_id"].partition("#")[0] == record["coding_id"] for each in self.codings[-50:]
        )
        record["coding_id"] += f"#{repeat}" if repeat else ""
        self.codings.append(record)

    def _who(self, document: str, told: dict[str, str]) -> None:
        self.documents.setdefault(document, {"document_id": document, "title": document})
        area = {"area_id": told.get("area")}
        self.areas += _area(told)
        if told.get("participant"):
            self.people[told["participant"]] = {
                "participant_id": told["participant"],
                "participant_group": told.get("group"),
            } | area
        if told.get("interview"):
            self.interviews[told["interview"]] = {
                "interview_id": told["interview"],
                "document_id": document,
                "participant_group": told.get("group"),
            } | area

    def incoming(self, name: str, n_rows: int) -> Incoming:
        """Return all that was gathered."""
        meetings = [
            {"interview_id": interview, "participant_id": segment["participant_id"]}
            for interview, record in self.interviews.items()
            for segment in self.segments.values()
            if segment["document_id"] == record["document_id"] and segment.get("participant_id")
        ]
        unread = f"not a stance, left empty: {', '.join(sorted(self.strange))}" if self.strange else ""
        without = f"{self.skipped} rows without text" if self.skipped else ""
        tables = {
            "areas": self.areas,
            "documents": list(self.documents.values()),
            "codebook": list(self.codes.values()),
            "participants": list(self.people.values()),
            "interviews": list(self.interviews.values()),
            "attendances": meetings,
            "attributes": self.attributes,
            "segments": list(self.segments.values()),
            "codings": self.codings,
        }
        account = (
            Line("row", n_rows, n_rows - self.skipped, without),
            Line("segment", len(self.segments), len(self.segments)),
            Line("code", len(self.codes), len(self.codes)),
            Line("coding", len(self.codings), len(self.codings), unread),
        )
        return _incoming(name, tables, account, whole=("segments", "codings"))


# matrices of counts


def _is_matrix(frame: pd.DataFrame) -> bool:
    first = frame.iloc[:, 0].dropna()
    return (
        frame.shape[1] > 1
        and len(first) > 0
        and first.str.match(MATRIX_ROW).all()
        and all(MATRIX_COLUMN.match(column) for column in list(frame)[1:])
    ) or (
        frame.shape[1] > 1
        and len(first) > 0
        and first.str.match(MATRIX_COLUMN).all()
        and all(MATRIX_ROW.match(column) for column in list(frame)[1:])
    )


def _matrix(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    """An NVivo coding matrix: passages coded, for each code and interview. Zero means no coding, not a row."""
    codes_down = MATRIX_ROW.match(frame.iloc[0, 0]) is not None
    cells = frame.set_index(frame.columns[0])
    cells = cells if codes_down else cells.T
    codes = {row: MATRIX_ROW.match(row)[1].strip() for row in cells.index}
    interviews = {column: MATRIX_COLUMN.match(column)[1].strip() for column in cells}
    codings, broken = [], 0
    for row, code in codes.items():
        for column, interview in interviews.items():
            count = cells.loc[row, column]
            if pd.isna(count) or not re.fullmatch("[0-9]{1,9}", count):
                broken += not pd.isna(count)
                continue
            if int(count):
                codings.append(
                    {
                        "coding_id": f"{interview}/{code}",
                        "unit": "interviews",
                        "unit_id": interview,
                        "code_id": code,
                        "coder": "not stated",
                        "n_references": count,
                    }
                )
    people = [
        {"interview_id": interview, "participant_id": person_of(interview)}
        for interview in interviews.values()
    ]
    n_cells = cells.size
    return _incoming(
        name,
        {
            "codebook": [{"code_id": code, "label": code} for code in codes.values()],
            "interviews": [
                {"interview_id": interview, "number": _number(interview), "mode": "one-to-one"}
                for interview in interviews.values()
            ],
            "participants": [{"participant_id": each["participant_id"]} for each in people],
            "attendances": people,
            "codings": codings,
        },
        (
            Line("code", len(codes), len(codes)),
            Line("interview", len(interviews), len(interviews)),
            Line(
                "cell",
                n_cells,
                n_cells - broken,
                f"{len(codings)} with coded passages, {n_cells - broken - len(codings)} with none: no coding",
            ),
        ),
        whole=("codings",),
    )


def _number(interview: str) -> str | None:
    found = re.match(r"int(?:erview)?[ _-]?0*(\d+)", interview, re.IGNORECASE)
    return found[1] if found else None


# responses with a column a theme, and survey answers


def _tick_columns(frame: pd.DataFrame, fields: dict[str, str]) -> list[str]:
    return [
        column
        for column in frame
        if fields[column] == "theme column"
        or (
            not fields[column]
            and set(frame[column].fillna("").str.lower()) <= TICKS
            and frame[column].notna().any()
        )
    ]


def _responses(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> Incoming:
    """One row per response, one column per theme: a tick is a judgement."""
    themes = _tick_columns(frame, fields)
    builder = CodedRows(stem)
    fields = {column: "theme column" if column in themes else field for column, field in fields.items()}
    for number, row in enumerate(frame.to_dict("records"), start=1):
        told = _told(row, fields) | {"document": stem}
        told.pop("theme column", None)
        told["participant"] = told.get("participant") or f"{slug(stem)}_{number}"
        told["segment"] = told.get("segment") or f"{told['participant']}/{told.get('item', '')}"
        ticked = [theme for theme in themes if str(row[theme]).lower() in TICKED]
        builder.add(
            told | {"code": ";".join(theme.replace(";", ",") for theme in ticked)}, number, row, fields
        )
    for theme in themes:
        builder.codes.setdefault(theme, {"code_id": theme, "label": theme})
    for segment in builder.segments.values():
        segment["kind"] = "response"
    return builder.incoming(name, len(frame))


def _answer_kind(answers: pd.Series, heading: str) -> str:
    """Say whether a column is a question (closed), an open question, or an attribute of who answers."""
    given = answers.dropna()
    if not QUESTION.search(heading.strip()):
        return "attribute"
    words = given.str.split().str.len()
    repeats = given.nunique() <= max(2, 0.8 * len(given))
    return (
        "question"
        if len(given) == 0 or words.mean() <= 6 or (repeats and words.mean() < 12)
        else "open question"
    )


def _is_items(frame: pd.DataFrame) -> bool:
    fields = {field_of(column) for column in frame}
    headings = {plain(column) for column in frame}
    return "item" in fields and bool(
        headings & {"scale", "answers", "positive", "positive values", "positive answers"}
    )


def _answers(
    frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str, items: pd.DataFrame | None = None
) -> Incoming:
    """Survey answers: one row per respondent, one column per question."""
    listed = _item_rows(items, stem)
    known = {record["item_id"]: record for record in listed}
    kinds = {
        column: "question"
        if slug(column) in known or column in known
        else _answer_kind(frame[column], column)
        for column in frame
        if not fields[column] or fields[column] == "item"
    }
    answers, segments, attributes, areas, people = [], [], [], [], []
    spoken = "open question" in kinds.values()
    for number, row in enumerate(frame.to_dict("records"), start=1):
        told = _told(row, fields)
        respondent = told.get("participant") or f"{slug(stem)}_{number}"
        respondent = (
            respondent
            if respondent.startswith(slug(stem)) or not respondent.isdigit()
            else f"{slug(stem)}_{respondent}"
        )
        areas += _area(told)
        people += [_respondent(respondent, told, stem)] * spoken
        owner = "participants" if spoken else "survey_answers"
        described = {
            column: cell for column, cell in row.items() if kinds.get(column, "attribute") == "attribute"
        }
        attributes += _attributes(owner, respondent, described, fields, PERSON_ATTRIBUTE_FIELDS)
        if not spoken and told.get("group"):
            attributes.append(
                {"owner": owner, "owner_id": respondent, "name": "group", "value": told["group"]}
            )
        for column, kind in kinds.items():
            answer = row[column]
            if kind == "question":
                answers.append(
                    {
                        "respondent_id": respondent,
                        "participant_id": respondent if spoken else None,
                        "area_id": told.get("area"),
                        "item_id": _item(column, known),
                        "answer": answer,
                    }
                )
            elif kind == "open question" and not pd.isna(answer):
                segments.append(
                    {
                        "segment_id": f"{respondent}/{column}",
                        "document_id": stem,
                        "participant_id": respondent,
                        "kind": "response",
                        "section": column,
                        "ordinal": str(len(segments) + 1),
                        "read_by": "machine",
                        "text": answer,
                    }
                )
    questions = [column for column, kind in kinds.items() if kind == "question"]
    written = [
        known.get(_item(column, known), _plain_item(column, frame[column], stem)) for column in questions
    ]
    opened = [column for column, kind in kinds.items() if kind == "open question"]
    blank = int(frame[questions].isna().sum().sum()) if questions else 0
    return _incoming(
        name,
        {
            "areas": areas,
            "documents": [{"document_id": stem, "title": stem, "kind": "survey"}],
            "participants": people,
            "attributes": attributes,
            "segments": segments,
            "survey_items": written,
            "survey_answers": answers,
        },
        (
            Line("respondent", len(frame), len(frame)),
            Line(
                "question with given answers",
                len(questions),
                len(questions),
                "" if listed else "scales in the order met: put them right in survey_items.csv",
            ),
            Line("open question", len(opened), len(opened), f"{len(segments)} answers" if opened else ""),
            Line("answer", len(answers), len(answers), f"{blank} left blank" if blank else ""),
        ),
        guesses={"participants": {"participant_group": "Survey respondents"}},
        whole=("segments",),
    )


def _respondent(respondent: str, told: dict[str, str], stem: str) -> dict:
    return {"participant_id": respondent, "area_id": told.get("area"), "participant_group": told.get("group")}


def _item(column: str, known: dict) -> str:
    return column if column in known else slug(column)


def _item_rows(items: pd.DataFrame | None, stem: str) -> list[dict]:
    if items is None:
        return []
    found = []
    for row in items.to_dict("records"):
        told = {plain(column): None if pd.isna(cell) else str(cell) for column, cell in row.items()}
        key = next((told[heading] for heading in told if field_of(heading) == "item"), None)
        if key:
            label = told.get("label") or told.get("wording") or told.get("question text") or key
            positive = told.get("positive") or told.get("positive values") or told.get("positive answers")
            unsure = told.get("don t know") or told.get("dont know values") or told.get("not an answer")
            found.append(
                {
                    "item_id": key,
                    "document_id": stem,
                    "label": label,
                    "scale": told.get("scale") or told.get("answers"),
                    "positive_values": positive,
                    "dont_know_values": unsure,
                }
            )
    return found


def _plain_item(column: str, answers: pd.Series, stem: str) -> dict:
    scale = ";".join(dict.fromkeys(answer.replace(";", ",") for answer in answers.dropna()))
    return {"item_id": slug(column), "document_id": stem, "label": column, "scale": scale}


def _survey_items(items: pd.DataFrame, name: str, stem: str) -> Incoming:
    found = _item_rows(items, stem)
    tables = {"documents": [{"document_id": stem, "title": stem, "kind": "survey"}], "survey_items": found}
    return _incoming(name, tables, (Line("question", len(items), len(found)),))


def _incoming(
    name: str, records: dict[str, list[dict]], account: tuple[Line, ...], *, guesses=None, whole=()
) -> Incoming:
    tables = {table: rows(table, found) for table, found in records.items() if found}
    known = GUESSES | {"codebook": {"facet": "theme", "version": "1"}, "documents": {"kind": "workbook"}}
    return Incoming(name, tables, known | (guesses or {}), whole=tuple(whole), account=account)
