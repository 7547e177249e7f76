"""Sheets of survey answers, and of the questions they answer."""

import re

import pandas as pd

from ncsresearch.ingest.fields import field_of, plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, slug
from ncsresearch.ingest.sheet import (
    PERSON_ATTRIBUTE_FIELDS,
    area_rows,
    attribute_rows,
    imported_sheet,
    told_by,
)

QUESTION = re.compile(r"\?$|^q(uestion)?[ _.]?\d+|\bq\d+\b|^item[ _]?\d+", re.IGNORECASE)


def answer_kind(answers: pd.Series, heading: str) -> str:
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


def is_items(frame: pd.DataFrame) -> bool:
    """Whether a sheet describes the questions of a survey: an item each, and its scale."""
    fields = {field_of(column) for column in frame}
    headings = {plain(column) for column in frame}
    return "item" in fields and bool(
        headings & {"scale", "answers", "positive", "positive values", "positive answers"}
    )


def answers_sheet(
    frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str, items: pd.DataFrame | None = None
) -> ImportedFile:
    """Survey answers: one row per respondent, one column per question."""
    listed = item_rows(items, stem)
    sheet = AnswerRows(frame, fields, stem, {record["item_id"]: record for record in listed})
    for number, row in enumerate(frame.to_dict("records"), start=1):
        sheet.add(number, row)
    return sheet.imported_file(name, described=bool(listed))


class AnswerRows:
    """Survey answers as they are gathered row by row; a class, because a row grows several tables at once."""

    def __init__(self, frame: pd.DataFrame, fields: dict[str, str], stem: str, items: dict[str, dict]):
        self.frame, self.fields, self.stem, self.items = frame, fields, stem, items
        self.kinds = {
            column: "question"
            if slug(column) in items or column in items
            else answer_kind(frame[column], column)
            for column in frame
            if not fields[column] or fields[column] == "item"
        }
        self.spoken = "open question" in self.kinds.values()
        self.answers, self.segments, self.attributes = [], [], []
        self.areas, self.people = [], []

    def add(self, number: int, row: dict) -> None:
        """Take one respondent's row: closed answers, open answers, and what it says of who answers."""
        told = told_by(row, self.fields)
        respondent = self._respondent(told.get("participant") or str(number))
        self.areas += area_rows(told)
        group = {"participant_group": told.get("group")}
        self.people += [{"participant_id": respondent, "area_id": told.get("area")} | group] * self.spoken
        self._describe(respondent, row, told)
        for column in self._columns("question"):
            self.answers.append(self._answer(respondent, column, row[column], told))
        for column in self._columns("open question"):
            if not pd.isna(row[column]):
                self.segments.append(self._response(respondent, column, row[column]))

    def _columns(self, kind: str) -> list[str]:
        return [column for column, each in self.kinds.items() if each == kind]

    def _respondent(self, key: str) -> str:
        """Return a respondent's name; a bare number is told apart from that of another survey."""
        return f"{slug(self.stem)}_{key}" if key.isdigit() and not key.startswith(slug(self.stem)) else key

    def _describe(self, respondent: str, row: dict, told: dict[str, str]) -> None:
        owner = "participants" if self.spoken else "survey_answers"
        described = {
            column: cell for column, cell in row.items() if self.kinds.get(column, "attribute") == "attribute"
        }
        self.attributes += attribute_rows(owner, respondent, described, self.fields, PERSON_ATTRIBUTE_FIELDS)
        if not self.spoken and told.get("group"):
            group = {"name": "group", "value": told["group"]}
            self.attributes.append({"owner": owner, "owner_id": respondent} | group)

    def _answer(self, respondent: str, column: str, answer: str, told: dict[str, str]) -> dict:
        return {
            "respondent_id": respondent,
            "participant_id": respondent if self.spoken else None,
            "area_id": told.get("area"),
            "item_id": self._item(column),
            "answer": answer,
        }

    def _response(self, respondent: str, column: str, words: str) -> dict:
        return {
            "segment_id": f"{respondent}/{column}",
            "document_id": self.stem,
            "participant_id": respondent,
            "kind": "response",
            "section": column,
            "ordinal": str(len(self.segments) + 1),
            "read_by": "machine",
            "text": words,
        }

    def _item(self, column: str) -> str:
        return column if column in self.items else slug(column)

    def _written(self) -> list[dict]:
        return [
            self.items.get(self._item(column), _plain_item(column, self.frame[column], self.stem))
            for column in self._columns("question")
        ]

    def imported_file(self, name: str, *, described: bool) -> ImportedFile:
        """Return all that was gathered; described says whether a sheet gave the scales of the questions."""
        tables = {
            "areas": self.areas,
            "documents": [{"document_id": self.stem, "title": self.stem, "kind": "survey"}],
            "participants": self.people,
            "attributes": self.attributes,
            "segments": self.segments,
            "survey_items": self._written(),
            "survey_answers": self.answers,
        }
        guesses = {"participants": {"participant_group": "Survey respondents"}}
        return imported_sheet(name, tables, self._account(described), guesses=guesses, whole=("segments",))

    def _account(self, described: bool) -> tuple[Line, ...]:
        closed, opened = len(self._columns("question")), len(self._columns("open question"))
        scales = "" if described else "scales in the order met: put them right in survey_items.csv"
        blank = sum(pd.isna(answer["answer"]) for answer in self.answers)
        return (
            Line("respondent", len(self.frame), len(self.frame)),
            Line("question with given answers", closed, closed, scales),
            Line("open question", opened, opened, f"{len(self.segments)} answers" if opened else ""),
            Line("answer", len(self.answers), len(self.answers), f"{blank} left blank" if blank else ""),
        )


def item_rows(items: pd.DataFrame | None, stem: str) -> list[dict]:
    """Return the questions that a sheet describes, as rows of survey items."""
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


def items_sheet(items: pd.DataFrame, name: str, stem: str) -> ImportedFile:
    """The questions of a survey without answers."""
    found = item_rows(items, stem)
    tables = {"documents": [{"document_id": stem, "title": stem, "kind": "survey"}], "survey_items": found}
    return imported_sheet(name, tables, (Line("question", len(items), len(found)),))
