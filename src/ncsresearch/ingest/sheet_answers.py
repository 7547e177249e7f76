"""Sheets of survey answers, and of the questions they answer."""

import re

import pandas as pd

from ncsresearch.ingest.fields import field_of, plain
from ncsresearch.ingest.incoming import Incoming, Line, slug
from ncsresearch.ingest.sheet import PERSON_ATTRIBUTE_FIELDS, area_rows, attribute_rows, incoming_of, told_by

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
) -> Incoming:
    """Survey answers: one row per respondent, one column per question."""
    listed = item_rows(items, stem)
    known = {record["item_id"]: record for record in listed}
    kinds = {
        column: "question" if slug(column) in known or column in known else answer_kind(frame[column], column)
        for column in frame
        if not fields[column] or fields[column] == "item"
    }
    answers, segments, attributes, areas, people = [], [], [], [], []
    spoken = "open question" in kinds.values()
    for number, row in enumerate(frame.to_dict("records"), start=1):
        told = told_by(row, fields)
        respondent = told.get("participant") or f"{slug(stem)}_{number}"
        respondent = (
            respondent
            if respondent.startswith(slug(stem)) or not respondent.isdigit()
            else f"{slug(stem)}_{respondent}"
        )
        areas += area_rows(told)
        people += [_respondent(respondent, told, stem)] * spoken
        owner = "participants" if spoken else "survey_answers"
        described = {
            column: cell for column, cell in row.items() if kinds.get(column, "attribute") == "attribute"
        }
        attributes += attribute_rows(owner, respondent, described, fields, PERSON_ATTRIBUTE_FIELDS)
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
    return incoming_of(
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


def items_sheet(items: pd.DataFrame, name: str, stem: str) -> Incoming:
    """The questions of a survey without answers."""
    found = item_rows(items, stem)
    tables = {"documents": [{"document_id": stem, "title": stem, "kind": "survey"}], "survey_items": found}
    return incoming_of(name, tables, (Line("question", len(items), len(found)),))
