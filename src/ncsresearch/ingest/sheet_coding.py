"""Sheets of codings: a codebook, coded segments, a column a theme, a matrix of counts."""

import re
from collections import Counter
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.fields import area_type_of, stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, slug
from ncsresearch.ingest.sheet import (
    PERSON_ATTRIBUTE_FIELDS,
    SEVERAL,
    area_rows,
    attribute_rows,
    imported_sheet,
    told_by,
)
from ncsresearch.ingest.transcript import person_of

TICKS = {"0", "1", "x", "✓", "✔", "yes", "no", "true", "false", "y", "n", ""}
TICKED = {"1", "x", "✓", "✔", "yes", "true", "y"}
MATRIX_ROW = re.compile(r"^\d+\s*:\s*(.+)$")
MATRIX_COLUMN = re.compile(r"^[A-Z]+\s*:\s*(.+)$")
COUNT = re.compile("[0-9]{1,9}")
LONGEST_WORD = 20


def codebook_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """Codes, one a row; the code above may be told by its id or its label."""
    told = [told_by(row, fields) for row in frame.to_dict("records")]
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
    preferred_ids = {"codebook": {row["code id"]: row["code id"] for row in told if row.get("code id")}}
    account = (Line("code", len(frame), len(codes)),)
    return replace(imported_sheet(name, {"codebook": codes}, account), preferred_ids=preferred_ids)


def segments_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """Long form: one row per coded segment, several codes divided by semicolons."""
    builder = CodedRows(stem)
    for number, row in enumerate(frame.to_dict("records"), start=1):
        builder.add(told_by(row, fields), number, row, fields)
    return builder.imported_file(name, len(frame))


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
        self.strange: Counter[str] = Counter()

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
            self.attributes += attribute_rows(
                *owner, row, fields, PERSON_ATTRIBUTE_FIELDS if owner[0] == "participants" else ()
            )
        else:
            self.attributes += attribute_rows("segments", key, row, fields, ())

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
        unread = told.get("stance", "") if not stance else ""
        if unread:
            self.strange[unread if len(unread) <= LONGEST_WORD else "longer words"] += 1
        record = {
            "coding_id": f"{segment}/{code}/{told.get('coder', '')}/{told.get('about client group', '')}",
            "unit": "segments",
            "unit_id": segment,
            "code_id": code,
        }
        record |= {"stance": stance, "coder": told.get("coder") or "not stated"}
        record["notes"] = "; ".join(filter(None, [told.get("note"), unread and f"told as: {unread}"]))
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
        self.areas += area_rows(told)
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

    def imported_file(self, name: str, n_rows: int) -> ImportedFile:
        """Return all that was gathered."""
        meetings = [
            {"interview_id": interview, "participant_id": segment["participant_id"]}
            for interview, record in self.interviews.items()
            for segment in self.segments.values()
            if segment["document_id"] == record["document_id"] and segment.get("participant_id")
        ]
        strange = self.strange.total()
        unread = f"not a stance, kept as a note: {', '.join(sorted(self.strange))}" if self.strange else ""
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
            Line("coding", len(self.codings), len(self.codings) - strange, unread, changed=strange),
        )
        return imported_sheet(name, tables, account, whole=("segments", "codings"))


def is_matrix(frame: pd.DataFrame) -> bool:
    """Whether a sheet is a coding matrix: codes numbered down or across, interviews lettered."""
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


def matrix_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """An NVivo coding matrix: passages coded, for each code and interview. Zero means no coding, not a row."""
    codes_down = MATRIX_ROW.match(frame.iloc[0, 0]) is not None
    cells = frame.set_index(frame.columns[0])
    cells = cells if codes_down else cells.T
    cells.index = [MATRIX_ROW.match(row)[1].strip() for row in cells.index]
    cells.columns = [MATRIX_COLUMN.match(column)[1].strip() for column in cells]
    codings, broken = _counted(cells)
    people = [{"interview_id": each, "participant_id": person_of(each)} for each in cells]
    tables = {
        "codebook": [{"code_id": code, "label": code} for code in cells.index],
        "interviews": [
            {"interview_id": each, "number": _number(each), "mode": "one-to-one"} for each in cells
        ],
        "participants": [{"participant_id": each["participant_id"]} for each in people],
        "attendances": people,
        "codings": codings,
    }
    read = cells.size - broken
    told = f"{len(codings)} with coded passages, {read - len(codings)} with none: no coding"
    account = (
        Line("code", len(cells), len(cells)),
        Line("interview", cells.shape[1], cells.shape[1]),
        Line("cell", cells.size, read, told),
    )
    return imported_sheet(name, tables, account, whole=("codings",))


def _counted(cells: pd.DataFrame) -> tuple[list[dict], int]:
    """Return a judgement for each cell with passages in it, and how many cells hold no count."""
    codings, broken = [], 0
    for code, row in zip(cells.index, cells.to_numpy(), strict=True):
        for interview, count in zip(cells.columns, row, strict=True):
            if pd.isna(count) or not COUNT.fullmatch(count):
                broken += not pd.isna(count)
            elif int(count):
                codings.append(_coded_interview(interview, code, count))
    return codings, broken


def _coded_interview(interview: str, code: str, count: str) -> dict:
    return {
        "coding_id": f"{interview}/{code}",
        "unit": "interviews",
        "unit_id": interview,
        "code_id": code,
        "coder": "not stated",
        "n_references": count,
    }


def _number(interview: str) -> str | None:
    found = re.match(r"int(?:erview)?[ _-]?0*(\d+)", interview, re.IGNORECASE)
    return found[1] if found else None


def tick_columns(frame: pd.DataFrame, fields: dict[str, str]) -> list[str]:
    """Return the columns that hold nothing but ticks: themes."""
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


def responses_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """One row per response, one column per theme: a tick is a judgement."""
    themes = tick_columns(frame, fields)
    builder = CodedRows(stem)
    fields = {column: "theme column" if column in themes else field for column, field in fields.items()}
    for number, row in enumerate(frame.to_dict("records"), start=1):
        told = told_by(row, fields) | {"document": stem}
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
    return builder.imported_file(name, len(frame))
