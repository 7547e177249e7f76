"""A study into files of other tools: a project, a codebook, a framework matrix, a table of coded segments."""

from pathlib import Path

import pandas as pd

from ncsresearch.exchange.framework_workbook import write_framework_matrix
from ncsresearch.exchange.refi_qda_export import export_codebook, export_project
from ncsresearch.exchange.whole_file import whole_file
from ncsresearch.exchange.write_study import read_document_texts
from ncsresearch.schema import StudyError
from ncsresearch.study import read_settings, read_texts

WRITERS = (".qdpx", ".qdc", ".xlsx", ".csv")


def export_study(study: Path, file: Path) -> list[str]:
    """Write a study in the form that the file's ending names; returns what had no place there.

    Raises StudyError for another ending, for a folder that is not there, and for a study without what the
    form needs.
    """
    suffix = file.suffix.lower()
    if suffix not in WRITERS:
        raise StudyError(f"{file.name}: no writer for {file.suffix!r} files; known: {', '.join(WRITERS)}.")
    if not file.parent.is_dir():
        raise StudyError(f"{file.name}: there is no folder {file.parent.name!r} to write it to.")
    tables, settings = read_texts(study), read_settings(study)
    if suffix == ".qdpx":
        return export_project(file, settings.title, tables, read_document_texts(study))
    if suffix == ".qdc":
        return export_codebook(file, settings.title, tables)
    if suffix == ".xlsx":
        return write_framework_matrix(file, tables)
    return write_coded_segments(file, tables, settings.status_line)


def write_coded_segments(file: Path, tables: dict[str, pd.DataFrame], status: str = "") -> list[str]:
    """Write one row per judgement of a passage: who, where, the code with the codes above it, stance and text.

    status   what the study says of itself, in a last column of every row
    """
    rows = coded_segments(tables)
    rows = rows.assign(study_status=status) if status else rows
    if rows.empty:
        raise StudyError(f"{file.name}: the study has no coded passages to write.")
    with whole_file(file) as partial:
        rows.to_csv(partial, index=False, lineterminator="\n", encoding="utf-8")
    return []


def coded_segments(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per judgement of a passage, with document, interview, person, area, attributes and code path.

    A participant's attributes are columns of their own; several values of one are divided by semicolons.
    """
    codings = tables["codings"][tables["codings"]["unit"].eq("segments")]
    rows = codings.merge(
        tables["segments"], left_on="unit_id", right_on="segment_id", suffixes=("", "_passage")
    )
    interviews = tables["interviews"].set_index("interview_id")
    people = tables["participants"].set_index("participant_id")
    for column in ("area_id", "participant_group"):
        rows[column] = (
            rows["interview_id"].map(interviews[column]).fillna(rows["participant_id"].map(people[column]))
        )
    rows["code_path"] = rows["code_id"].map(code_paths(tables["codebook"]))
    own = tables["attributes"][tables["attributes"]["owner"].eq("participants")]
    wide = own.groupby(["owner_id", "name"])["value"].agg("; ".join).unstack("name") if len(own) else None
    columns = ["document_id", "interview_id", "participant_id", "area_id", "participant_group"]
    columns += [
        "segment_id",
        "start",
        "end",
        "code_path",
        "stance",
        "about_client_group",
        "about_area_type",
        "coder",
        "text",
        "notes",
    ]
    rows = rows[columns]
    return rows if wide is None else rows.merge(wide, left_on="participant_id", right_index=True, how="left")


def code_paths(codebook: pd.DataFrame) -> pd.Series:
    """Return each code's label under the labels of the codes above it, such as "Resources > Staffing"."""
    labels = codebook.set_index("code_id")["label"]
    above = codebook.set_index("code_id")["parent_id"]
    paths = labels.copy()
    higher = above.copy()
    for _ in range(len(codebook)):
        known = higher.isin(labels.index)
        if not known.any():
            break
        paths = paths.mask(known, higher.map(labels) + " > " + paths)
        higher = higher.map(above)
    return paths
