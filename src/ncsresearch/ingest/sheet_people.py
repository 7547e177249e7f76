"""Sheets of people, interviews and areas."""

import pandas as pd

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept
from ncsresearch.ingest.sheet import PERSON_ATTRIBUTE_FIELDS, SEVERAL, Sheet, add_area

AREA_COLUMNS = (
    *("classification", "gss_code", "population", "population_year"),
    *("case_study", "report", "notes"),
)


def people_sheet(sheet: Sheet) -> ImportedFile:
    """People, one a row: participants, the interviews they were in, their attributes."""
    records = Records()
    for row, told in sheet.rows():
        if not (person := told.get("participant")):
            continue
        records.add("participants", participant_id=person, notes=told.get("note"), **_place(told))
        add_area(records, told)
        for interview in SEVERAL.split(told["interview"]) if told.get("interview") else []:
            records.add("attendances", interview_id=interview, participant_id=person)
            _add_interview(records, interview, told)
        records.describe("participants", person, sheet.attributes(row, PERSON_ATTRIBUTE_FIELDS))
    n, kept = len(sheet.frame), len(records["participants"])
    nameless = f"{n - kept} rows without a name" if n > kept else ""
    return sheet.imported(
        records, (Line("person", n, kept, nameless), all_kept("attribute", len(records["attributes"])))
    )


def interviews_sheet(sheet: Sheet) -> ImportedFile:
    """Interviews, one a row, with attributes."""
    records = Records()
    for row, told in sheet.rows():
        if key := told.get("interview") or told.get("document"):
            _add_interview(records, key, told, notes=told.get("note"))
            add_area(records, told)
            records.describe("interviews", key, sheet.attributes(row))
    held = Line("interview", len(sheet.frame), len(records["interviews"]))
    return sheet.imported(records, (held, all_kept("attribute", len(records["attributes"]))))


def areas_sheet(sheet: Sheet) -> ImportedFile:
    """Areas, one a row, with what is known of each."""
    records = Records()
    own = {heading: plain(heading).replace(" ", "_") for heading in sheet.frame}
    known = {heading: column for heading, column in own.items() if column in AREA_COLUMNS}
    for row, told in sheet.rows():
        cells = {known[heading]: row[heading] for heading in known if not pd.isna(row[heading])}
        add_area(records, told, **cells)
        rest = {heading: cell for heading, cell in row.items() if heading not in known}
        records.describe("areas", told.get("area", ""), sheet.attributes(rest))
    area = Line("area", len(sheet.frame), len(records["areas"]))
    return sheet.imported(records, (area, all_kept("attribute", len(records["attributes"]))))


def _place(told: dict[str, str]) -> dict:
    return {"area_id": told.get("area"), "participant_group": told.get("group")}


def _add_interview(records: Records, key: str, told: dict[str, str], **more) -> None:
    known = {"mode": _mode(told), "number": told.get("number"), "document_id": told.get("document")}
    records.add("interviews", interview_id=key, **_place(told), **known, **more)


def _mode(told: dict[str, str]) -> str | None:
    """Return how an interview was held, in the schema's words; None where the row does not say."""
    mode = told.get("mode", "").lower()
    mode = mode.replace("one to one", "one-to-one").replace("individual", "one-to-one")
    return mode if mode in ("one-to-one", "paired", "group") else None
