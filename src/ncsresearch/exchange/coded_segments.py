"""Coded passages as one table: who, where, which code with the codes above it, stance and text."""

from pathlib import Path

import pandas as pd

from ncsresearch.exchange.writers import ExportedStudy
from ncsresearch.ingest.whole_file import whole_file
from ncsresearch.schema import StudyError
from ncsresearch.study.codebook import code_paths

PLACE = ["document_id", "interview_id", "participant_id", "area_id", "participant_group", "segment_id"]
JUDGED = ["code_path", "stance", "about_client_group", "about_area_type", "coder", "text", "notes"]
COLUMNS = [*PLACE, "start", "end", *JUDGED]


def write_coded_segments(file: Path, study: ExportedStudy) -> list[str]:
    """Write one row per judgement of a passage; what the study says of itself is a last column of every row."""
    rows = coded_segments(study.tables)
    rows = rows.assign(study_status=study.status) if study.status else rows
    if rows.empty:
        raise StudyError(f"{file.name}: the study has no coded passages to write.")
    with whole_file(file) as partial:
        rows.to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")
    return []


def coded_segments(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per judgement of a passage, with document, interview, person, area, attributes and code path.

    A participant's attributes are columns of their own; several values of one are divided by semicolons.
    """
    rows = coded_passages(tables)
    interviews = tables["interviews"].set_index("interview_id")
    people = tables["participants"].set_index("participant_id")
    for column in ("area_id", "participant_group"):
        of_interview = rows["interview_id"].map(interviews[column])
        rows[column] = of_interview.fillna(rows["participant_id"].map(people[column]))
    rows["code_path"] = rows["code_id"].map(code_paths(tables["codebook"]))
    attributes = wide_attributes(tables, "participants").sort_index(axis=1)
    return rows[COLUMNS].merge(attributes, "left", left_on="participant_id", right_index=True)


def coded_passages(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per judgement of a passage: the columns of codings, and those of the passage's segment."""
    codings = tables["codings"][tables["codings"]["unit"].eq("segments")]
    return codings.merge(
        tables["segments"], left_on="unit_id", right_on="segment_id", suffixes=("", "_passage")
    )


def wide_attributes(tables: dict[str, pd.DataFrame], owner: str) -> pd.DataFrame:
    """Return one row per owner and one column per attribute, several values divided by semicolons."""
    own = tables["attributes"][tables["attributes"]["owner"].eq(owner)]
    values = own.groupby(["owner_id", "name"], sort=False)["value"].agg("; ".join)
    return values.unstack("name", sort=False)
