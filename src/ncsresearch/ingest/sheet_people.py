"""Sheets of people, interviews and areas."""

import pandas as pd

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.imported_file import ImportedFile, Line
from ncsresearch.ingest.sheet import (
    PERSON_ATTRIBUTE_FIELDS,
    SEVERAL,
    area_rows,
    attribute_rows,
    imported_sheet,
    mode_of,
    told_by,
)

AREA_COLUMNS = (
    "classification",
    "gss_code",
    "population",
    "population_year",
    "case_study",
    "report",
    "notes",
)


def people_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """People, one a row: participants, the interviews they were in, their attributes."""
    people, meetings, interviews, areas, attributes = [], [], [], [], []
    for row in frame.to_dict("records"):
        told = told_by(row, fields)
        person = told.get("participant")
        if not person:
            continue
        people.append({"participant_id": person, "notes": told.get("note")} | _place(told))
        areas += area_rows(told)
        for interview in SEVERAL.split(told["interview"]) if told.get("interview") else []:
            meetings.append({"interview_id": interview, "participant_id": person})
            interviews.append(_interview(interview, told))
        attributes += attribute_rows("participants", person, row, fields, PERSON_ATTRIBUTE_FIELDS)
    left = len(frame) - len(people)
    return imported_sheet(
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


def _place(told: dict[str, str]) -> dict:
    return {"area_id": told.get("area"), "participant_group": told.get("group")}


def _interview(key: str, told: dict[str, str]) -> dict:
    more = {"mode": mode_of(told), "number": told.get("number"), "document_id": told.get("document")}
    return {"interview_id": key} | _place(told) | more


def interviews_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """Interviews, one a row, with attributes."""
    interviews, areas, attributes = [], [], []
    for row in frame.to_dict("records"):
        told = told_by(row, fields)
        key = told.get("interview") or told.get("document")
        if not key:
            continue
        interviews.append(_interview(key, told) | {"notes": told.get("note")})
        areas += area_rows(told)
        attributes += attribute_rows("interviews", key, row, fields, ())
    return imported_sheet(
        name,
        {"areas": areas, "interviews": interviews, "attributes": attributes},
        (Line("interview", len(frame), len(interviews)), Line("attribute", len(attributes), len(attributes))),
    )


def areas_sheet(frame: pd.DataFrame, fields: dict[str, str], name: str, stem: str) -> ImportedFile:
    """Areas, one a row, with what is known of each."""
    areas, attributes = [], []
    own = {column: plain(column).replace(" ", "_") for column in frame}
    known = {column: field for column, field in own.items() if field in AREA_COLUMNS}
    for row in frame.to_dict("records"):
        told = told_by(row, fields)
        record = {
            column: None if pd.isna(row[heading]) else row[heading] for heading, column in known.items()
        }
        areas += [each | record for each in area_rows(told)]
        rest = {heading: cell for heading, cell in row.items() if heading not in known}
        attributes += attribute_rows("areas", told.get("area", ""), rest, fields, ())
    told = Line("area", len(frame), len(areas)), Line("attribute", len(attributes), len(attributes))
    return imported_sheet(name, {"areas": areas, "attributes": attributes}, told)
